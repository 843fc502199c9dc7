"""Terms of secrecy (保密期限): a period, a date, an event, or indefinite. Dates only; the zone is the caller's.

The first day is not counted and the last day counts: a term of 5 years from 1 March 2026 ends on 1 March 2031 at
24:00. Where the corresponding day does not exist, the month's last day stands for it (29 February 2024 + 5 years ends
on 28 February 2029). Caps and defaults are figures of the regulation (P4.0) and handed in.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

KINDS = ("years", "months", "date", "event", "indefinite")
SHANGHAI = ZoneInfo("Asia/Shanghai")


class TermBroken(ValueError):
    """A term that cannot be counted: unknown kind, a period below one, no date."""


class TermTooLong(ValueError):
    """A term whose end lies beyond the year 9999."""


@dataclass(frozen=True)
class Term:
    """How long an item stays secret.

    `kind` is one of KINDS; `value` counts years or months (from 1); `on` is the last day of a `date`; `event` names
    what releases an `event` term, such as 公布前 (counting does not need it; that it is named is P4.0's to ask). Fields
    that a kind does not use are ignored. Raises TermBroken.
    """

    kind: str
    value: int = 0
    on: date | None = None
    event: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise TermBroken(f"kinds of terms are {', '.join(KINDS)}, got {self.kind!r}")
        if self.kind in ("years", "months") and self.value < 1:
            raise TermBroken(f"a term of {self.kind} counts from 1, got {self.value}")
        if self.kind == "date" and self.on is None:
            raise TermBroken("a term until a date needs the date")

    def ends_on(self, start: date) -> date | None:
        """The last day (it counts) of a term from `start`; None for an event or 长期. Raises TermTooLong."""
        if self.kind == "years":
            return months_after(start, 12 * self.value)
        if self.kind == "months":
            return months_after(start, self.value)
        return self.on if self.kind == "date" else None

    def is_over(self, start: date, today: date) -> bool:
        """True from the day after the last one. An event or 长期 is never over by itself."""
        ends = self.ends_on(start)
        return ends is not None and today > ends

    def within(self, cap_years: int, start: date) -> bool:
        """True when it ends no later than a term of `cap_years` would. An event or 长期 has no end to measure: True."""
        ends = self.ends_on(start)
        last = months_after(start, 12 * cap_years)
        return ends is None or ends <= last

    @property
    def zh(self) -> str:
        """As it stands in a marking: 5年, 6个月, 至2030年12月31日, 公布前, 长期."""
        if self.kind == "date" and self.on:
            return f"至{self.on.year}年{self.on.month}月{self.on.day}日"
        return {"years": f"{self.value}年", "months": f"{self.value}个月", "event": self.event or "至解密条件成就"}.get(
            self.kind, "长期"
        )


def months_after(start: date, months: int) -> date:
    """The corresponding day `months` months later, or the last day of that month. Raises TermTooLong."""
    total = start.year * 12 + start.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if year > 9999:
        raise TermTooLong("the term ends beyond the year 9999")
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def default_term(level: int, years: Mapping[int, int]) -> Term:
    """The term that a level takes when nobody names one: `years` by level, such as {30: 10, 20: 5, 10: 3} (P4.0)."""
    return Term("years", value=years[level])


def over_cap(term: Term, level: int, start: date, caps: Mapping[int, int]) -> bool:
    """True when the term outlasts the cap of its level: `caps` in years, such as {30: 30, 20: 20, 10: 10} (P4.0)."""
    return not term.within(caps[level], start)


def password_ends_on(changed: date, days: int = 60, months: int = 2) -> date:
    """The last day a password changed on `changed` opens levelled items: `days` days or `months` months later (I6.3).

    Whichever is earlier, per date: changed on 1 January 2026 the two months end on 1 March, after 59 days.
    """
    return min(changed + timedelta(days=days), months_after(changed, months))


def ends_at(last_day: date, zone: tzinfo = SHANGHAI) -> int:
    """The instant at which the last day is over (24:00 in this zone), seconds UTC, end exclusive.

    The day after begins at its own midnight: where clocks are moved a day has 23 or 25 hours.
    """
    return int(datetime.combine(last_day + timedelta(days=1), time(), zone).timestamp())
