"""A room that stands for the rooms to come: announces matters of their acts, asks, spends, registers and closes. No pages.

Inside the block the house has these matters and deeds; afterwards it is as it was.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mifeng.base import deeds, room
from mifeng.base.room import Matter
from mifeng.clauses import matrix
from mifeng.rooms.approvals import conditions, grants, requests
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

ACTS = (
    "copy", "excerpt", "first_print", "circulate", "lend", "carry_out", "external_provision", "destroy", "key_site_entry",
    "seal_company", "seal_contract",
)  # fmt: skip


@dataclass(frozen=True)
class Later:
    """The deeds of the later rooms."""

    ask: Callable[..., Any]
    use: Callable[..., Any]
    enter: Callable[..., Any]
    close: Callable[..., Any]


def _ask(person: Person, document: Document, act: str, wanted: Wanted, purpose: str, **more: Any) -> Approval:
    return requests.ask(
        matter=f"later:{act}", item_key=document.item_key, level=document.level, applicant=person, department=document.department,
        purpose=purpose, payload={}, number="1", wanted=wanted, concerned=[row.person for row in document.concerned.all()], **more,
    )  # fmt: skip


def _use(
    person: Person, grant: Grant, *, act: str, item_key: str, pages: Collection[int], count: int, watchers: Collection[Person]
) -> Grant:  # fmt: skip
    return grants.spend(person, grant, act=act, item_key=item_key, pages=pages, count=count, watchers=watchers)


def _enter(person: Person, approval: Approval, number: str) -> None:
    grants.register(approval, number)


def _close(person: Person, approval: Approval) -> None:
    grants.close(approval)


def _matter(act: str) -> Matter:
    """Conditions that only the room of the act could look at count as kept: there are no papers here to look at."""
    known = conditions.KNOWN.keys() | conditions.AWAITED.keys() | conditions.FOLLOWED.keys()
    return Matter(
        name=f"later:{act}", act=act, label=act, item=documents.of_key, summary=lambda person, approval: {}, grants=True,
        done=lambda approval, person: None, returned=lambda approval, person: None,
        frozen=lambda approval: documents.of_key(approval.item_key).frozen,
        gone=lambda approval: not documents.of_key(approval.item_key).live,
        conditions={name: lambda approval, person, stage: True for name in matrix.act(act).conditions if name not in known},
    )  # fmt: skip


@contextmanager
def rooms() -> Iterator[Later]:
    """Inside the block the house has the matters of the later rooms; gives their deeds."""
    names, matters = {"later:ask": _ask, "later:use": _use, "later:enter": _enter, "later:close": _close}, room.matters()
    matters |= {f"later:{act}": _matter(act) for act in ACTS}
    try:
        yield Later(*(deeds.deed(name)(doing) for name, doing in names.items()))
    finally:
        for act in ACTS:
            del matters[f"later:{act}"]
        for name in names:
            del deeds.REGISTERED[name]
