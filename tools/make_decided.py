"""Writes src/mifeng/engines/access/decided.py from the rule table; a test compares the two.

Usage: python tools/make_decided.py [--check]    exit 1 with --check when the file is not what the table says
The package needs decided.py to be imported, so a missing file is written empty first.
"""

import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PLACE = HOUSE / "src/mifeng/engines/access/decided.py"


def made() -> str:
    """The text that the table asks for."""
    sys.path.insert(0, str(HOUSE / "src"))
    if not PLACE.exists():
        PLACE.write_text("held = None\n", encoding="utf-8")
    from mifeng.engines.access.policy import RULES
    from mifeng.engines.access.readings.python import source

    return source(RULES)


def main(arguments: list[str]) -> int:
    """Write, or compare with --check."""
    text = made()
    if "--check" in arguments:
        same = PLACE.read_text(encoding="utf-8") == text
        print("decided.py is what the table says" if same else "decided.py is stale: run tools/make_decided.py")
        return 0 if same else 1
    PLACE.write_text(text, encoding="utf-8")
    print(f"{PLACE.relative_to(HOUSE)}: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
