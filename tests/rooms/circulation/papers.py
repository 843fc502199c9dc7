"""Papers that come in and go round: what is not said is a 机密 paper of a partner for the head of the office."""

from datetime import date
from typing import Any

from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.circulation.actions.dispatching import ToSend
from mifeng.rooms.circulation.actions.receiving import Cover, Paper
from mifeng.rooms.circulation.facts import Sent
from mifeng.rooms.circulation.models import Filing, Loan, Parcel, Slip, SlipLine
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.rooms.copies.facts import PlaceKind
from mifeng.rooms.copies.models import Copy, Place
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Session
from tests import factories

SENDER = "衡川精密轴承有限公司"
TITLE = "青鹭关节轴承联合试制方案"
NEXT_MONTH = date(2026, 4, 15)


def cover(cast: Any, **changes: Any) -> Cover:
    """An intact envelope by confidential mail."""
    told: dict[str, Any] = {"sender": SENDER, "addressee": cast.office_head, "marked": 20}
    return Cover(**told | changes)


def paper(**changes: Any) -> Paper:
    """One copy of nine pages, 机密 5年."""
    told: dict[str, Any] = {
        "title": TITLE, "reference": "衡川密〔2026〕7号", "level": 20, "term": TermFacts("years", 5), "copy_numbers": (3,), "pages": 9,
    }  # fmt: skip
    return Paper(**told | changes)


def safe(cast: Any, kind: PlaceKind = PlaceKind.COMBINATION_SAFE) -> Place:
    """The safe of the registry, set up once."""
    there = Place.objects.filter(code="BX-01").first()
    return there or copies.set_up_place(cast.office_head, "BX-01", kind, "机要室保险柜", "301", cast.clerk.department)


def shelved(cast: Any, level: int = 20, kind: PlaceKind = PlaceKind.COMBINATION_SAFE, **changes: Any) -> tuple[Document, Copy, Place]:
    """The main paper in force, its copy 000001 of nine pages in the clerk's safe."""
    told = changes or {"proposed": factories.proposed(level)}
    document = factories.classified(cast, **told)
    copy = copies.enter(cast.clerk, document, [1], 9)[0]
    place = safe(cast, kind)
    copies.store(cast.clerk, [copy], place)
    copy.refresh_from_db()
    return document, copy, place


def approve(approval_uid: str) -> None:
    """Every step of a request is signed by its first candidate."""
    approval = Approval.objects.get(uid=approval_uid)
    while approval.state == "asked":
        approvals.approve(approval_queries.candidates(approval)[0], approval, "同意")
        approval.refresh_from_db()


def slip_for(cast: Any, document: Document, *readers: Any, electronic: bool = False) -> Slip:
    """An approved slip on which these read one after the other."""
    slip = circulation.ask_circulation(cast.drafter, document, readers, "项目评审", electronic)
    approve(slip.approval_uid)
    slip.refresh_from_db()
    return slip


def to_send(cast: Any) -> tuple[ToSend, Document]:
    """A copy of a paper at 机密, for 宁 under seal."""
    document, copy, _place = shelved(cast)
    return ToSend(copy, cast.insider, "封-01", "签-0007"), document


def line(slip: Slip, reader: Any) -> SlipLine:
    """The reader's line as it stands now."""
    return SlipLine.objects.get(slip=slip, reader=reader)


def borrowed(house: Any, cast: Any, document: Document, copy: Copy, borrower: Any, where: str = "own_site") -> Loan:
    """An approved loan, handed out."""
    loan = circulation.ask_loan(borrower, document, house.sit(borrower), where, "编制评审材料")
    approve(loan.approval_uid)
    return circulation.lend(cast.clerk, house.sit(cast.clerk), loan, copy)


def under_way(cast: Any) -> tuple[Slip, Loan, Filing]:
    """A slip that is with a reader, a loan that was approved, and a paper that was noted and waits for its cupboard."""
    document, copy, _place = shelved(cast)
    slip = slip_for(cast, document, cast.insider)
    circulation.send(cast.clerk, slip, line(slip, cast.insider).uid, copy)
    noted, other, _place = shelved(cast)
    done = slip_for(cast, noted, cast.insider)
    circulation.send(cast.clerk, done, line(done, cast.insider).uid, other)
    circulation.take_in(cast.clerk, done, line(done, cast.insider).uid, 9)
    session = Session.objects.filter(person=cast.insider, ended_at=None).select_related("person__department", "device").get()
    loan = circulation.ask_loan(cast.insider, noted, session, "own_site", "编制评审材料")
    approve(loan.approval_uid)  # while it waits, whoever may decide it knows of the paper
    return slip, loan, Filing.objects.get(slip=done)


def on_its_way(cast: Any, signed: bool = True) -> Parcel:
    """The main paper under seal 签-0007 in the second clerk's hands, for the insider."""
    document, copy, _place = shelved(cast)
    line = ToSend(copy, cast.insider, "封-01", "签-0007")
    made = circulation.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.second_clerk], NEXT_MONTH)
    if signed:
        copies.sign_for(cast.second_clerk, copy_queries.to_sign(cast.second_clerk)[0].uid)
    return made.parcels.select_related("copy__document", "dispatch__document").get()
