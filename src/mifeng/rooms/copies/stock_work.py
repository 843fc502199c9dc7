"""The daily work of the stock: missing copies whose days are over are treated as a leak."""

from typing import Any

from mifeng.base import clock, jobs
from mifeng.rooms.copies import actions, stock_queries


def treat_leaks(_at: Any = None) -> int:
    """Once a day: returns how many missing copies became leaks (G4.2, M7.2)."""
    over = [copy for copy, last in stock_queries.missing() if last < clock.today()]
    return jobs.each(over, lambda copy: actions.treat_as_leak(copy.custodian, copy) is not None)
