"""The one clock of the house: UTC instants, dates in the company's zone, never earlier than the last recorded entry.

Engines and rules never ask the clock; actions ask here and hand the answer down. The machine's clock is a witness, not a
judge: it is compared with the last entry and with the seconds counted since the machine was switched on, which nobody
sets. Behind them the house goes on counting by itself and says so; more than a day ahead of them the date is in doubt,
nothing falls due, and changes wait until two persons of different posts have confirmed it (decision 0012). A
demonstration or a test may play another day with `played`; nothing else can.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AHEAD = timedelta(hours=24)  # how far the machine's clock may run ahead of the seconds counted
LONGEST_STOP = timedelta(days=10)  # how long the house may have stood still: the spring holiday with its weekends
BEHIND = timedelta(minutes=5)  # a clock that was set back by more is told of


@dataclass(frozen=True)
class Reading:
    """What the house makes of the machine's clock: `at` counts. `doubted`: the machine is too far ahead to be believed;
    `behind`: how far the machine lies behind what counts, more than BEHIND only after it was set back."""

    at: datetime
    machine: datetime
    doubted: bool
    behind: timedelta


def judged(machine: datetime, counted: datetime, floor: datetime, most: timedelta) -> Reading:
    """The reading of a machine's clock. Pure.

    `counted`: the last believed instant and the seconds since; `floor`: the last entry's; `most`: how far ahead of
    `counted` the machine may be. A clock within BEHIND of what was counted is only being corrected, and stands still.
    """
    doubted = machine > counted + most
    apart = doubted or machine < counted - BEHIND
    at = max(counted if apart else machine, floor)
    return Reading(at, machine, doubted, max(at - machine, timedelta()))


class _Belief:
    """Since when this process has counted by itself, and from which instant on.

    It is not begun anew by the entries that follow: many small steps forward would each be believed.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.floor: datetime | None = None
        self.begun: tuple[datetime, float] | None = None  # believed instant, seconds the machine had been on
        self.stopped = False  # nothing was believed yet since the house stood still
        self.still = timedelta()  # for how long it did, by the machine's clock

    def resume(self, last: datetime) -> None:
        self.floor, self.begun, self.stopped = last, (last, machine_seconds()), True
        self.still = max((_played or machine_clock()) - last, timedelta())

    def begin(self, at: datetime) -> None:
        self.floor, self.begun, self.stopped = at, (at, machine_seconds()), False

    def reading(self) -> Reading:
        with self.lock:
            machine = machine_clock()
            if self.begun is None:
                self.begun = (machine, machine_seconds())
            began, seconds = self.begun
            counted = began + timedelta(seconds=max(machine_seconds() - seconds, 0))
            found = judged(machine, counted, self.floor or began, LONGEST_STOP if self.stopped else AHEAD)
            if self.stopped and not found.doubted and found.behind <= BEHIND:
                self.begun, self.stopped = (found.at, machine_seconds()), False
            return found

    def follow(self, at: datetime) -> None:
        """Another process of the house recorded an entry at this instant, which it believed."""
        if at > self.reading().at + AHEAD:  # what it believed was confirmed there
            self.begin(at)
        elif self.floor is None or at > self.floor:
            self.floor = at


_played: datetime | None = None
_belief = _Belief()
_zone = ZoneInfo("Asia/Shanghai")


def machine_clock() -> datetime:
    """What the machine's clock shows, UTC. To be shown to people, never to decide by."""
    return datetime.now(UTC)


def machine_seconds() -> float:
    """Seconds since the machine was switched on, those asleep included where the system counts them; nobody sets them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def reading() -> Reading:
    """What the house makes of the machine's clock now. A played instant is believed."""
    if _played is None:
        return _belief.reading()
    at = max(_played, _belief.floor or _played)
    return Reading(at, at, doubted=False, behind=timedelta())


def now() -> datetime:
    """This instant, UTC, aware; never before the last entry, and not what the machine says while that is in doubt."""
    return reading().at


def believed() -> bool:
    """False while the date waits to be confirmed (时钟待确认): nothing falls due, ends or is released by the clock then."""
    return not reading().doubted


def today() -> date:
    """The date in the company's zone."""
    return local(now()).date()


def local(at: datetime) -> datetime:
    """The instant in the company's zone."""
    return at.astimezone(_zone)


def end_of(day: date) -> datetime:
    """The instant at which `day` is over in the company's zone (24:00): the last day counts.

    The last day of the calendar is over with its last microsecond: whoever types it stops nobody's daily round.
    """
    begun = datetime(day.year, day.month, day.day, tzinfo=_zone)
    return begun + (timedelta(days=1) if day < date.max else timedelta(days=1) - datetime.resolution)


def start_of(day: date) -> datetime:
    """00:00 of the day in the company's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=_zone)


def seconds(at: datetime) -> int:
    """Integer seconds since 1970 UTC, as the access engine counts."""
    return int(at.timestamp())


def hold_at(at: datetime) -> None:
    """Time never runs behind `at` any more: called with the instant of each entry this process has recorded."""
    with _belief.lock:
        if _belief.floor is None or at > _belief.floor:
            _belief.floor = at


def follow(at: datetime) -> None:
    """The same for an entry of another process of this house. Only for entries that carry the code of a deed."""
    _belief.follow(at)


def resume(last: datetime) -> None:
    """A house is opened whose last entry bears this instant: how long it stood still, only the machine's clock says."""
    _belief.resume(last)


def stopped_minutes() -> int:
    """For how long the house had stood still when it was opened, by the machine's clock."""
    return int(_belief.still.total_seconds() // 60)


def confirm(at: datetime) -> None:
    """Two persons have confirmed that it is `at`: counted from here on."""
    _belief.begin(at)


def forget_floor() -> None:
    """Another database was opened (tests, demonstration): its own entries set the floor."""
    _belief.forget()


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
