"""What of items is due: terms, reviews of 长期, custodies to sign for, openings to review, freezes to confirm.

Whom a sealed item speaks of is never told, not even by a neutral line (A2).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from mifeng.base import clock, codes, ladders
from mifeng.base.ladders import Deadline, first_possible
from mifeng.clauses import parameter
from mifeng.clauses.parameters import after_months
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.facts import State
from mifeng.rooms.documents.models import Custody, Document, Freeze, Opening, TermReview
from mifeng.rooms.people import office

MARGIN = timedelta(days=3)  # a month back and forth again may end on another day


def terms(at: datetime) -> Iterator[Deadline]:
    """Items by the last day of their term, until somebody has decided: then they have another date, or none (P4.1)."""
    told, last = office.today(), clock.local(first_possible("term", at)).date()
    found = Document.objects.filter(state__in=[State.VALID, State.EXPIRED_REVIEW], live=True, expires_on__lt=last)
    shut = queries.spoken_of()
    for row in found.order_by("pk").values("pk", "uid", "state", "expires_on", "term_start", "decider_id", "department_id"):
        due = clock.end_of(row["expires_on"])
        begun = clock.start_of(row["term_start"]) if row["term_start"] else None
        who = told.who(
            row["department_id"], shut.get(row["pk"], ()),
            classifier=told.classifier(row["decider_id"], row["department_id"]),
        )  # fmt: skip
        undone = due <= at and row["state"] == State.VALID
        yield Deadline("term", f"documents:{row['uid']}", due, begun, who, undone=undone)


def reviews(at: datetime) -> Iterator[Deadline]:
    """Items without an end by the day to which they are to be reviewed (P4.1)."""
    told, shut = office.today(), queries.spoken_of()
    for row, begun, due in to_review(at):
        who = told.who(
            row.department_id, shut.get(row.pk, ()), owner=[row.owner_id],
            classifier=told.classifier(row.decider_id, row.department_id),
        )  # fmt: skip
        yield Deadline("review", row.item_key, due, begun, who)


def to_review(at: datetime, among: QuerySet[Document] | None = None) -> list[tuple[Document, datetime, datetime]]:
    """Items in force without an end whose review is near or late, the first due first: since when the year runs, until when.

    `among`: of these items only (None = all). Reads no item whose term began too lately to be due.
    """
    far = first_possible("review", at)
    months = int(parameter("P4.1", "review_months", on=clock.local(at).date()))
    latest = after_months(clock.local(far).date(), -months) + MARGIN
    found = Document.objects.all() if among is None else among
    found = found.filter(Q(term_start__lte=latest) | Q(term_start=None), term_kind="indefinite", state=State.VALID, live=True)
    rows = list(found.values_list("pk", "term_start", "registered_at"))
    last = _last_reviews(pk for pk, _start, _at in rows)
    told = {}
    for pk, start, registered in rows:
        begun = clock.start_of(last.get(pk) or start or clock.local(registered).date())
        due = ladders.due_after("review", begun)
        if due <= far:
            told[pk] = (begun, due)
    near = [row for some in codes.batched(told, codes.BATCH) for row in Document.objects.select_related("department").filter(pk__in=some)]
    return sorted(((row, *told[row.pk]) for row in near), key=lambda one: (one[2], one[0].pk))


def _last_reviews(keys: Iterable[int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for some in codes.batched(keys, codes.BATCH):
        rows = TermReview.objects.filter(document__in=some).order_by("on", "pk")
        found |= dict(rows.values_list("document_id", "on"))
    return found


def last_day(due: datetime) -> date:
    """The last local day before this end."""
    return clock.local(due - ladders.INSTANT).date()


def custodies(_at: datetime) -> Iterator[Deadline]:
    """Custodies that were offered and neither taken nor taken back (G4.1)."""
    told, shut = office.today(), queries.spoken_of()
    for row in Custody.objects.filter(accepted_at=None, ended_at=None).select_related("document").order_by("pk"):
        who = told.who(
            row.document.department_id, shut.get(row.document_id, ()), taker=[row.taker_id], giver=[row.giver_id]
        )
        due = ladders.due_after("custody", row.offered_at)
        yield Deadline("custody", row.document.item_key, due, row.offered_at, who)


def openings(_at: datetime) -> Iterator[Deadline]:
    """Emergency openings whose finding nobody has reviewed (G4.1)."""
    told = office.today()
    for row in Opening.objects.filter(reviewed_at=None).order_by("pk"):
        yield Deadline("opening", row.item_key, clock.end_of(row.review_by), row.decided_at, told.who())


def freezes(at: datetime) -> Iterator[Deadline]:
    """Freezes that nobody has confirmed yet; past its hours one should have ended by itself (M7.1)."""
    told, shut = office.today(), queries.spoken_of()
    for row in Freeze.objects.filter(confirmed_at=None, ended_at=None).select_related("document").order_by("pk"):
        who = told.who(row.document.department_id, shut.get(row.document_id, ()))
        yield Deadline("freeze", row.document.item_key, row.until, row.at, who, undone=row.until <= at)
