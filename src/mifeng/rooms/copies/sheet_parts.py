"""What the forms of the room have in common: signs, the request they rest on, how an item and its bearers are named."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from mifeng.base import language
from mifeng.base.registers import Signed, day
from mifeng.engines.access import Level
from mifeng.rooms.approvals import signed
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import queries
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

NOT_ASKED = frozenset({"own", "taken_over"})  # whose own papers need nobody else's consent


def by_hand(person: Person | None, at: datetime | None) -> tuple[Signed, ...]:
    """A sign that somebody gave at the counter or on his own screen."""
    return (Signed(person.name, post=person.title.split("(")[0], at=at),) if person and at else ()


def requested(uid: str) -> Approval | None:
    """The request under which something was done."""
    return Approval.objects.filter(uid=uid).select_related("applicant").first()


def opinions(person: Person, document: Document, request: Approval | None) -> dict[str, tuple[Signed, ...]]:
    """Signs of a request as far as it has come: its applicant's, those of the steps before the last, the one that decides.

    What was written beside them speaks of what the item says: it is for those who may know that.
    """
    if request is None:
        return {}
    before, deciding = signed.opinions(request)
    if not queries.knows(person, document, "read").allow:
        before, deciding = (tuple(replace(sign, words="") for sign in signs) for signs in (before, deciding))
    return {"申请人": (signed.asked(request),), "dept_opinion": before, "approver": deciding}


def named(title: str, number: str) -> str:
    """Title and number of an item, as a form has them."""
    return "\n".join(part for part in dict.fromkeys((title, number)) if part)


def valid_until(request: Approval | None) -> str:
    """The last local day on which the approval served."""
    grant = request.grants.order_by("-pk").first() if request else None
    return day(grant.until - timedelta(microseconds=1)) if grant else ""


def consent(document: Document, request: Approval | None) -> str:
    """制发单位同意: of 绝密 that somebody else issued, as it was asked with."""
    if document.origin in NOT_ASKED or document.level < Level.TOP_SECRET:
        return _("不需要")
    return str(request.payload_data.get("consent", "")) if request else ""


def designated(bearers: Iterable[Person | None], level: int, on: date) -> str:
    """指定人员依据: the 委托书 for 传递 under which each carries at that level, as it stands on that day."""
    held = []
    for one in bearers:
        found = one.appointments.filter(since__lte=on, until__gte=on).order_by("-pk") if one else ()
        paper = next((each for each in found if "transit" in each.acts.split() and each.level_max >= level), None)
        if one and paper:
            held.append(_("%(name)s：委托书 %(number)s，至 %(day)s") % {
                "name": one.name, "number": paper.number or "—", "day": paper.until.isoformat()})  # fmt: skip
    return "\n".join(held)


def basis(*clauses: str) -> str:
    """The clauses on which a form rests, at its foot."""
    return _("依据 %(clauses)s") % {"clauses": language.listed(clauses)}
