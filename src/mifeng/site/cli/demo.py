"""`mifeng demo`: load the demonstration company into an empty, throw-away installation, through real deeds."""

import sys


def main(argv: list[str]) -> int:
    """Exit 0 when loaded, 1 when the installation already has a company."""
    from mifeng.site import start  # app loading

    start.django_up()
    from django.conf import settings

    from mifeng.base import vault
    from mifeng.rooms.people.models import Company
    from mifeng.site.demo import loader

    start.folders()
    start.migrate()
    unseal = settings.ENV.home / "demo-unseal"
    if not vault.exists():
        loader.make_vault(unseal)
    else:
        start.unseal_from_file(unseal)
    start.house()
    if Company.objects.exists() and loader.is_complete():
        print("此处已有公司 / there is a company here already", file=sys.stderr)
        return 1
    loader.load(say=print)
    return 0
