"""`mifeng verify`: log, row codes, numbers and blobs of this installation, from inside."""

import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Exit 0 when everything is as the log says, 1 with a line for each thing that is not."""
    from mifeng.site import start  # app loading

    start.django_up()
    from django.conf import settings

    from mifeng.site import verification

    if settings.ENV.unseal_file or (settings.ENV.home / "demo-unseal").exists():
        start.unseal_from_file(Path(settings.ENV.unseal_file or settings.ENV.home / "demo-unseal"))
    else:
        print("系统未启封，只能核对日志 / sealed: only the log can be verified", file=sys.stderr)
    findings = verification.run()
    for finding in findings:
        print(finding)
    print("核对无误 / verified" if not findings else f"{len(findings)} 处不符 / findings")
    return 1 if findings else 0
