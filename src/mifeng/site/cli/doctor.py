"""`mifeng doctor [--json]`: what is there, what is missing and what follows, what to type."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

WORDS = {"ok": "[有]", "off": "[未启用]", "miss": "[缺]", "bad": "[停]"}


def main(argv: list[str]) -> int:
    """Exit 0 all present, 3 an optional part is missing, 1 a promise is broken."""
    from mifeng.site import start  # app loading

    start.django_up()
    from django.conf import settings

    from mifeng.base import vault
    from mifeng.site import capability

    start.folders()
    start.migrate()
    unseal = Path(settings.ENV.unseal_file or settings.ENV.home / "demo-unseal")
    if vault.exists() and unseal.exists():
        start.unseal_from_file(unseal)
    found = capability.lines()
    if "--json" in argv:
        json.dump([asdict(line) for line in found], sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for line in found:
            print(f"{WORDS[line.state]} {line.name}:{line.words}" + (f"  {line.command}" if line.command else ""))
    return capability.exit_code(found)
