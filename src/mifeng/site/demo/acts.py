"""The demonstration's copying, carrying out and excerpting: asked for, approved, carried out, with one waste sheet (F05-F07)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from mifeng.base import clock, jobs
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.actions.carrying import Trip
from mifeng.rooms.copies.actions.excerpting import Passage
from mifeng.rooms.copies.actions.reproducing import Wish
from mifeng.rooms.copies.facts import Measure, Method
from mifeng.rooms.copies.models import CarryOut, Reproduction
from mifeng.rooms.documents import deriving
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from mifeng.site.demo.hands import CLERK, OFFICE, Happening, decide, seated, sign_all
from mifeng.site.demo.hands import paper as paper_of

PAPER = "DOC-008"
DEPUTY, DRAFTER, READER, ENGINEER = "温启航", "聂知行", "葛星野", "戚墨涵"
ENTRUSTED, COPIED, CARRIED, TAKEN = 7, 6, 5, 3  # days before today: everybody's password is fresh then (I6.3)
PLACE, WASTE = "机要室 2 号复印机", "碎纸机粉碎，两人在场"
TEXT = "关节模组减速比定为 101:1。\n样机于第三季度在南方分公司试制。"


def happenings(past: Any, only: set[str] | None) -> Iterator[Happening]:
    """What was done under approvals with the main paper, with its instant; `past` is the loader's."""
    if not any(row["id"] == PAPER for row in past.rows(only)):
        return
    today = past.data.org["as_of"]
    for before, hour, step in (
        (ENTRUSTED, 9, entrust), (COPIED, 9, ask_copies), (COPIED, 14, copy), (CARRIED, 8, ask_trip), (CARRIED, 13, leave),
        (CARRIED - 1, 17, come_back), (TAKEN, 9, ask_excerpt), (TAKEN, 15, excerpt),
    ):  # fmt: skip
        yield past.at(today - timedelta(days=before), hour), lambda step=step: step(past)


def paper(past: Any) -> Document:
    """The main paper."""
    return paper_of(past, PAPER)


def _approved(past: Any, act: str) -> Approval:
    return Approval.objects.get(act=act, state="approved", item_key=paper(past).item_key)


def entrust(past: Any) -> None:
    """Who may carry and who may excerpt, to 机密, until the middle of next year."""
    for name, act in ((READER, "transit"), (ENGINEER, "excerpt")):
        people.appoint(past.person(OFFICE), past.person(name), acts=(act,), level_max=20, since=clock.today(),
                       until=past.data.day(date(2027, 6, 30)), reason="项目用件")  # fmt: skip


def ask_copies(past: Any) -> None:
    """Two copies of three pages for a review, to be back at the end of the year."""
    with seated(past, DRAFTER) as (person, session):
        document = paper(past)
        told = Wish(
            Method.PRINT, frozenset({1, 2}), 2, "项目评审会用", source=queries.of_document(document)[0],
            recipients=[past.person(READER), past.person(ENGINEER)], until=past.data.day(date(2026, 12, 31)),
        )  # fmt: skip
        decide(copies.ask_reproduction(person, document, session, told))


def copy(past: Any) -> None:
    """The clerk numbers and prints them; one comes out spoiled, is void, and is given again."""
    with seated(past, CLERK) as (clerk, session):
        request = _approved(past, "copy")
        run = copies.reproduce(clerk, session, request, 2, PLACE)
        first, second = (row.copy for row in run.made.order_by("pk"))
        for one in (first, second):
            copies.print_copy(clerk, session, run, one)
        copies.jam(clerk, run, second, 1, "卡纸")
        approver = request.taken.order_by("no").last().person
        approvals.replace(approver, request.grants.get(), 1, "卡纸补印")
        copies.reproduce(clerk, session, request, 1, PLACE)
        copies.print_copy(clerk, session, run, run.made.order_by("pk").last().copy)
        copies.finish_reproduction(clerk, Reproduction.objects.get(pk=run.pk), 0, WASTE, True)
        for name in (READER, ENGINEER):
            sign_all(past, name)
        past.say("复制登记")


def ask_trip(past: Any) -> None:
    """One copy to the southern branch and back the next day."""
    with seated(past, DRAFTER) as (person, session):
        document, at = paper(past), clock.now()
        kept = next(one for one in queries.of_document(document) if one.state == "stored")
        trip = Trip(
            [kept], past.person(READER), None, "own_site", "南方分公司试制车间", at + timedelta(hours=5), at + timedelta(hours=34),
            "样机试制核对", "公司车辆直达", frozenset({Measure.LOCKED_BAG, Measure.COMPANY_CAR}),
        )  # fmt: skip
        decide(copies.ask_carry_out(person, document, session, trip))


def leave(past: Any) -> None:
    """Counted at the door."""
    with seated(past, CLERK) as (clerk, session):
        request = _approved(past, "carry_out")
        counted = {one.uid: one.pages for one in queries.of_document(paper(past))}
        copies.check_out(clerk, session, request, counted)
        sign_all(past, READER)


def come_back(past: Any) -> None:
    """Counted when back, every page."""
    trip = CarryOut.objects.get(document=paper(past))
    copies.check_in(past.person(CLERK), trip, {row.copy.uid: row.pages_out for row in trip.carried.select_related("copy")})
    past.say("携带外出登记")


def ask_excerpt(past: Any) -> None:
    """A passage for the plan of the trial production."""
    with seated(past, DRAFTER) as (person, session):
        document = paper(past)
        told = Passage(
            frozenset({1}), "第一节第二段", past.person(ENGINEER), "编写试制计划", "青鹭三型试制计划", [person, past.person(READER)],
            document.level,
        )  # fmt: skip
        decide(copies.ask_excerpt(person, document, session, told))


def excerpt(past: Any) -> None:
    """Taken by the person whom the approval names."""
    with seated(past, ENGINEER) as (engineer, session):
        request, title = _approved(past, "excerpt"), "试制计划用摘录"
        upload = deriving.take_text(engineer, title, TEXT, "excerpt.pdf")
        copies.make_excerpt(engineer, session, request, frozenset({1}), title, TEXT, upload, "记-07")
        jobs.run_all()
        past.say("摘录登记")
