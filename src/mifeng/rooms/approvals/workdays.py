"""Working days as the week has them, Monday to Friday: official holidays come with the calendar of the house."""

from datetime import date, timedelta

SATURDAY = 5


def after(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which is not counted itself.

    >>> after(date(2026, 3, 20), 1)
    datetime.date(2026, 3, 23)
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day
