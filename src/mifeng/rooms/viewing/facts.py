"""What the rules of this room see."""

from dataclasses import dataclass
from datetime import datetime

# Purposes as printed in the footer of a page.
PURPOSES = {"view": "阅", "judge": "审", "print": "印", "excerpt": "摘", "external": "外"}


@dataclass(frozen=True)
class Leaving:
    """Focus as the viewer reports it: seconds without focus, whether hidden, locked or superseded."""

    seconds: float
    hidden: bool = False
    locked: bool = False
    superseded: bool = False


@dataclass(frozen=True)
class Pace:
    """How many pages somebody opened since an instant."""

    pages: int
    since: datetime
