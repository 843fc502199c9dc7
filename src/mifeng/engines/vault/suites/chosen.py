"""From the suite byte to the suite."""

from mifeng.engines.vault.errors import UnknownSuite
from mifeng.engines.vault.suites import Suite
from mifeng.engines.vault.suites.international import INTERNATIONAL

SUITES: dict[int, Suite] = {INTERNATIONAL.number: INTERNATIONAL}


def suite_of(number: int) -> Suite:
    """The suite with this number. Raises ``UnknownSuite``."""
    if number not in SUITES:
        raise UnknownSuite(f"suite {number} is not known, known are {sorted(SUITES)}")
    return SUITES[number]
