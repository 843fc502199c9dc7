"""What the parts of the played past share: a paper, a copy, a person at his desk, a request decided."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from mifeng.base import deeds
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.models import Copy, Place
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people

OFFICE, CLERK, SECOND, ARCHIVIST = "方若琳", "简小禾", "祁安然", "梅映雪"
SHELF = {30: "BX-01", 20: "BX-04", 10: "TG-01"}  # where the clerk keeps what bears this level

Happening = tuple[datetime, Callable[[], None]]


def on(past: Any, before: int, hour: int, step: Callable[..., None], *about: Any) -> Happening:
    """`step(past, *about)` happens so many days before today; `past` is the loader's."""
    return past.at(past.data.org["as_of"] - timedelta(days=before), hour), lambda: step(past, *about)


def paper(past: Any, name: str) -> Document:
    """The item of a paper of the list, by its id."""
    return past.document(next(row for row in past.rows(None) if row["id"] == name))


def copy_of(document: Document, n: int = 1, rep: int = 0) -> Copy:
    """Copy n of the item as it stands now."""
    return queries.copies().get(document=document, n=n, rep=rep)


def put_away(past: Any, made: Iterable[Copy], keeper: str = CLERK) -> None:
    """Into the place for their level."""
    for copy in made:
        copies.store(past.person(keeper), [copy], Place.objects.get(code=SHELF[copy.document.level]))


def sign_all(past: Any, name: str) -> None:
    """This person signs for everything that was put into his hands."""
    for line in queries.to_sign(past.person(name)):
        copies.sign_for(line.signer, line.uid)


@contextmanager
def seated(past: Any, name: str, registry: bool = False) -> Iterator[tuple[Any, Any]]:
    """Inside the block this person sits at his desk, or in the registry; afterwards he has signed out."""
    person, session = past.seat(name, registry)
    with deeds.on(deeds.Occasion(device=session.device.uid, session=session.pk)):
        yield person, session
        people.sign_out(person, session)


def decide(request: Approval, words: str = "同意") -> Approval:
    """Every step of the request is approved by who may sign it now."""
    while request.state == "asked":
        approvals.approve(approval_queries.candidates(request)[-1], request, words)
        request.refresh_from_db()
    return request
