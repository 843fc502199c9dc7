"""The one clock of the house: UTC instants, dates in the company's zone, never earlier than the last recorded entry.

Engines and rules never ask the clock; actions ask here and hand the answer down. A demonstration or a test may play
another day with `played`; nothing else can.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_played: datetime | None = None
_floor: datetime | None = None
_zone = ZoneInfo("Asia/Shanghai")
_lock = threading.Lock()


def now() -> datetime:
    """This instant, UTC, aware; held at the last recorded instant when the machine's clock was set back."""
    at = _played or datetime.now(UTC)
    return max(at, _floor) if _floor else at


def today() -> date:
    """The date in the company's zone."""
    return local(now()).date()


def local(at: datetime) -> datetime:
    """The instant in the company's zone."""
    return at.astimezone(_zone)


def end_of(day: date) -> datetime:
    """The instant at which `day` is over in the company's zone (24:00): the last day counts."""
    return datetime(day.year, day.month, day.day, tzinfo=_zone) + timedelta(days=1)


def start_of(day: date) -> datetime:
    """00:00 of the day in the company's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=_zone)


def seconds(at: datetime) -> int:
    """Integer seconds since 1970 UTC, as the access engine counts."""
    return int(at.timestamp())


def hold_at(at: datetime) -> None:
    """Time never runs behind `at` any more: called with the instant of each recorded entry."""
    global _floor
    with _lock:
        if _floor is None or at > _floor:
            _floor = at


def forget_floor() -> None:
    """Another database was opened (tests, demonstration): its own entries set the floor."""
    global _floor
    _floor = None


def use_zone(name: str) -> None:
    """The company's zone, by its IANA name; ZoneInfoNotFoundError when there is none of that name."""
    global _zone
    _zone = ZoneInfo(name)


@contextmanager
def played(at: datetime) -> Iterator[None]:
    """Inside the block it is `at` (aware). For the demonstration's past and for tests."""
    global _played
    before, _played = _played, at
    try:
        yield
    finally:
        _played = before
