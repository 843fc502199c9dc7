"""Copies and places as tests of the room and of its clauses need them."""

from datetime import timedelta
from typing import Any

from mifeng.rooms.copies import actions
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event, PlaceKind
from mifeng.rooms.copies.models import Copy, Movement, Place
from mifeng.rooms.people.models import Department
from tests import factories
from tests.matters import inside


def entered(cast: Any, count: int = 3, pages: int = 9, **changes: Any) -> list[Copy]:
    """So many copies of the main paper as its issuer numbered them, kept by the clerk."""
    return actions.enter(cast.clerk, factories.classified(cast, **changes), list(range(1, count + 1)), pages)


def place(cast: Any, code: str = "BX-04", kind: PlaceKind = PlaceKind.SAFE) -> Place:
    """A place that the office has entered."""
    return actions.set_up_place(cast.office_head, code, kind, "研发中心保险柜", "302", Department.objects.get(code="YF"))


def issued(cast: Any, copy: Copy, to: Any, days: int | None = 30) -> Movement:
    """The copy is handed out to somebody, to come back after so many days (None = nobody said when)."""
    until = None if days is None else copy.document.registered_at + timedelta(days=days)
    line = Line(holder=to, due_at=until, signer=to)
    return inside(cast.clerk, _ledger.move, copy, Event.ISSUE, cast.clerk, line, not_done="未登记")
