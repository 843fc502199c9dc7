"""Copies of what few may know: nobody else is given them, carries them, copies them, destroys them, or reads of it on his desk."""

from datetime import date
from typing import Any

from mifeng.base import clock, duties
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.circulation import deadlines as circulation_deadlines
from mifeng.rooms.circulation import queries as circulation_queries
from mifeng.rooms.circulation.facts import Sent
from mifeng.rooms.copies import actions, destructions, granted, stock_books
from mifeng.rooms.copies import deadlines as copy_deadlines
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from tests import carrying, factories, holdings, making
from tests.rooms.circulation import papers

DAY, END = date(2026, 3, 16), date(2026, 12, 31)


def embargo(cast: Any, document: Any, *handlers: Any, concerned: Any = None) -> Any:
    """From now on only these know of the item, which speaks of somebody."""
    documents.open_embargo(cast.gm, document, handlers=handlers, concerned=(concerned or cast.excluded,))
    document.refresh_from_db()
    return document


def test_h2_a_copy_under_embargo_is_handed_over_to_nobody_who_must_not_know_of_it(house: Any, cast: Any, refused: Any) -> None:
    copies = holdings.entered(cast, 2)
    before = actions.offer(cast.clerk, copies[:1], cast.second_clerk, "轮岗")[0]
    embargo(cast, copies[0].document, cast.clerk, cast.hr)
    with refused("H2"):
        actions.offer(cast.clerk, copies[1:], cast.second_clerk, "轮岗")
    with refused("H2"):
        actions.sign_for(cast.second_clerk, before.uid)
    embargo(cast, copies[0].document, cast.second_clerk)
    assert actions.offer(cast.clerk, copies[1:], cast.second_clerk, "轮岗")


def test_h2_nobody_carries_what_speaks_of_him(house: Any, cast: Any, refused: Any) -> None:
    line, document = papers.to_send(cast)
    embargo(cast, document, cast.clerk, cast.insider, concerned=cast.second_clerk)
    for carrier in (cast.second_clerk, cast.dept_head):
        carrying.entrust(cast, carrier)
    with refused("M2.2"):
        circulation.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.second_clerk], papers.NEXT_MONTH)
    assert not granted.bearer(document, cast.second_clerk).appointed
    assert granted.bearer(document, cast.dept_head).appointed
    assert circulation.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.dept_head], papers.NEXT_MONTH)


def test_p0_3_what_is_copied_of_a_closed_item_is_work_for_its_handlers_and_numbered_apart(house: Any, cast: Any) -> None:
    document = embargo(cast, factories.classified(cast), cast.clerk, cast.drafter, cast.deputy)
    approval = making.approved(house, cast, document)
    assert [one.pk for one in granted.waiting(cast.clerk)] == [approval.pk]
    assert granted.executors(approval) == [cast.clerk]
    assert granted.waiting(cast.second_clerk) == []
    assert hidden(actions.open_job, cast.second_clerk, approval.uid)
    run = actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, 1, making.PLACE)
    assert run.number.startswith("人复密〔2026〕")  # a gap in the open series would tell of it


def hidden(deed: Any, *told: Any) -> bool:
    try:
        deed(*told)
    except NotThere:
        return True
    except Refused as refusal:
        return refusal.hidden
    return False


def test_p0_3_a_slip_and_a_loan_of_a_closed_item_are_on_no_other_clerk_s_desk(house: Any, cast: Any) -> None:
    document, _copy, _safe = papers.shelved(cast)
    other = actions.enter(cast.second_clerk, document, [2], 9)[0]
    actions.store(cast.second_clerk, [other], papers.safe(cast))
    inside = (cast.drafter, cast.insider, cast.office_head, cast.deputy, cast.clerk)
    embargo(cast, document, *inside)
    slip = papers.slip_for(cast, document, cast.insider)
    loan = circulation.ask_loan(cast.insider, document, house.sit(cast.insider), "own_site", "编制评审材料")
    papers.approve(loan.approval_uid)
    desks = (circulation_queries.to_send, circulation_queries.to_lend)
    assert [list(desk(cast.clerk)) for desk in desks] == [[slip], [loan]]
    assert [list(desk(cast.second_clerk)) for desk in desks] == [[], []]


def bagged(cast: Any, archivist: Any, carriers: Any = ()) -> Any:
    """A list of one copy, approved and in its bags."""
    copy = holdings.entered(cast, 1)[0]
    actions.store(cast.clerk, [copy], holdings.place(cast))
    actions.set_aside(cast.clerk, copy, "已过时")
    made = actions.list_for_destruction(cast.clerk, [copy.document], "项目已结束", "shred", "机要室")
    actions.confirm_no_value(archivist, made.uid)
    [request] = actions.ask_destruction(cast.clerk, made.uid)
    approvals.approve(approval_queries.candidates(request)[0], request, "同意")
    return actions.seal_bags(cast.clerk, made.uid, "封0001", list(carriers) or [cast.clerk, cast.second_clerk])


def test_m1_1_a_list_is_shown_to_whoever_may_destroy_it_now_and_not_to_whoever_once_might(house: Any, cast: Any) -> None:
    reach = {"since": DAY, "until": END}
    one = people.appoint(cast.office_head, cast.engineer, acts=("destroy",), level_max=20, **reach)
    people.appoint(cast.office_head, cast.dept_head, acts=("destroy",), level_max=10, **reach)
    made = bagged(cast, Person.objects.get(login="meiyx"))
    seen = {who: destructions.seen_by(getattr(cast, who)).exists() for who in ("engineer", "dept_head")}
    assert seen == {"engineer": True, "dept_head": False}  # 机密 lies above what the head is entrusted with
    people.revoke_appointment(cast.office_head, one)
    assert not destructions.seen_by(cast.engineer).exists()
    embargo(cast, made.document, cast.gm, concerned=cast.clerk)
    assert hidden(actions.open_destruction, cast.clerk, made.uid)  # he listed it, and it speaks of him now


def test_p0_3_the_archive_is_told_of_lists_it_may_know_and_reads_no_serials(house: Any, cast: Any) -> None:
    archivist = Person.objects.get(login="meiyx")
    told = {}
    for level in (20, 30):
        copy = holdings.entered(cast, 1, proposed=factories.proposed(level))[0]
        actions.store(cast.clerk, [copy], papers.safe(cast))
        actions.set_aside(cast.clerk, copy, "已过时")
        made = actions.list_for_destruction(cast.clerk, [copy.document], "项目已结束", "shred", "机要室")
        told[level] = made.item_key in {notice.item_key for notice in duties.desk(archivist.pk)}
    assert told == {20: True, 30: False}
    assert stock_books.DESTROYED.as_read_by({"archivist"}).extract  # a gap in 销密 tells of a list that is hidden from him
    assert not stock_books.DESTROYED.as_read_by({"clerk"}).extract


def test_a2_whom_a_sealed_item_speaks_of_is_reminded_of_none_of_its_copies(house: Any, cast: Any) -> None:
    document, copy, _safe = papers.shelved(cast)
    issued, missing = actions.enter(cast.clerk, document, [2, 3], 9)
    holdings.issued(cast, issued, cast.insider)
    actions.report_missing(cast.clerk, missing, "柜内未见")
    papers.borrowed(house, cast, document, copy, cast.insider)
    kinds = (copy_deadlines.held, copy_deadlines.missing, circulation_deadlines.lent)
    head = cast.dept_head.pk

    def told() -> list[bool]:
        return [head in deadline.persons(["dept_head"]) for kind in kinds for deadline in kind(clock.now())]

    assert told() == [True] * 3
    embargo(cast, document, cast.clerk, cast.insider, concerned=cast.dept_head)
    assert told() == [False] * 3
