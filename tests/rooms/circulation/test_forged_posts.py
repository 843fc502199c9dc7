"""Posts that no page offers: by somebody who may no longer know, with figures beyond every calendar, to learn what is not his to learn."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import clock
from mifeng.base.ladders import Deadline, rungs_of
from mifeng.rooms.circulation import actions, courses, queries
from mifeng.rooms.circulation.models import Filing, Incoming
from mifeng.rooms.circulation.rules import receiving
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.rooms.copies import stock_sheets
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import deriving
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Upload
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from tests import carrying, excerpting, factories, holdings, making
from tests.matters import inside
from tests.rooms.circulation import papers
from tests.rooms.copies.test_known_by_few import bagged, hidden

LAST, FIRST = "9999-12-31", "0001-01-01"
HUGE = "9" * 5000


def leaves(cast: Any, document: Any, person: Any) -> None:
    """He is taken out of the scope."""
    documents.narrow_scope(cast.drafter, document, (ScopeLine("person", person.uid),), "已调离项目")


def test_c1_whoever_asks_for_a_copy_learns_nothing_of_those_he_names(house: Any, cast: Any, refused: Any) -> None:
    document = factories.readable(cast)
    until = document.registered_at.date() + timedelta(days=20)
    documents.open_embargo(cast.gm, document, handlers=(cast.drafter, cast.deputy), concerned=(cast.insider,))
    for recipient in (cast.cfo, cast.insider, cast.engineer):  # outside, concerned, once inside
        with refused("C1") as refusal:
            making.asked(house, cast, document, recipients=(recipient,), until=until)
        assert (refusal[0].decision.rule, refusal[0].hidden) == ("recipient_outside_scope", False)
    assert making.asked(house, cast, document, recipients=(cast.deputy,), until=until)


def test_c3_a_loan_is_not_handed_out_again_once_its_approval_is_over(house: Any, cast: Any, refused: Any) -> None:
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    copies.take_back(cast.clerk, copy, copy_queries.ledger(copy)[-1].uid)
    with house.at(timedelta(days=1)):
        loan = actions.lend(cast.clerk, house.sit(cast.clerk), loan, copy)
        copies.take_back(cast.clerk, copy, copy_queries.ledger(copy)[-1].uid)
    with house.at(timedelta(days=8)), refused("C3"):
        actions.lend(cast.clerk, house.sit(cast.clerk), loan, copy)


def test_c3_a_loan_is_renewed_for_nobody_who_has_left_the_scope(house: Any, cast: Any, refused: Any) -> None:
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    leaves(cast, document, cast.insider)
    with refused("C3"):
        actions.renew(cast.clerk, loan)
    assert actions.take_back_loan(cast.clerk, loan, 9).state == "back"


def test_c1_a_parcel_is_not_delivered_to_whoever_has_left_the_scope_on_its_way(house: Any, cast: Any, refused: Any) -> None:
    parcel = papers.on_its_way(cast)
    leaves(cast, parcel.dispatch.document, cast.insider)
    with refused("C1"):
        actions.deliver(cast.insider, parcel.uid, "签-0007")
    assert copies.return_item(cast.clerk, parcel.copy, 9)


def test_m2_2_the_seal_is_told_to_nobody_before_it_is_read_on_arrival(house: Any, cast: Any) -> None:
    parcel = papers.on_its_way(cast)
    place = f"/circulation/dispatches/{parcel.dispatch.uid}/"
    expecting = house.open_page_as(cast.insider).get(place).content.decode()
    assert ("封-01" in expecting, "签-0007" in expecting) == (True, False)
    assert "签-0007" not in house.open_page_as(cast.deputy).get("/registers/F02/").content.decode()
    assert "签-0007" in house.open_page_as(cast.clerk).get(place).content.decode()
    actions.deliver(cast.insider, parcel.uid, "签-0007")
    assert "签-0007" in house.open_page_as(cast.deputy).get("/registers/F02/").content.decode()


def test_c1_an_opinion_is_signed_by_whoever_may_still_know_and_stands_once_given_back(house: Any, cast: Any, refused: Any) -> None:
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider, cast.engineer)
    first = papers.line(slip, cast.insider)
    actions.send(cast.clerk, slip, first.uid, copy)
    actions.note_opinion(cast.insider, first.uid, "不同意", instruction=True)
    actions.take_in(cast.clerk, slip, first.uid, 9)
    with refused("G4.4"):
        actions.note_opinion(cast.insider, first.uid, "同意", instruction=True)
    second = papers.line(slip, cast.engineer)
    actions.send(cast.clerk, slip, second.uid, copy)
    leaves(cast, document, cast.engineer)
    assert hidden(actions.note_opinion, cast.engineer, second.uid, "同意")


def test_m1_1_a_line_of_the_book_is_corrected_by_whoever_handles_mail_of_that_level(house: Any, cast: Any, refused: Any) -> None:
    row = actions.receive(cast.clerk, papers.cover(cast, addressee=cast.engineer), papers.paper())
    reach = {"since": date(2026, 3, 16), "until": date(2026, 12, 31)}
    people.appoint(cast.office_head, cast.engineer, acts=("mail",), level_max=10, **reach)
    assert queries.find(cast.engineer, row.uid)  # he may know it: it is for him
    with refused("M1.1"):
        actions.amend(cast.engineer, row, "remark", "另有附件", "漏记")
    assert actions.amend(cast.clerk, row, "remark", "另有附件", "漏记")


def test_m2_3_no_answer_tells_which_safes_there_are(house: Any, cast: Any) -> None:
    house.sit(cast.insider)
    _slip, _loan, filing = papers.under_way(cast)
    holdings.place(cast, "BX-04")
    reader = house.open_page_as(cast.insider)
    card = f"/copies/{filing.copy.uid}/deed/"
    answers = [reader.post(card, {"do": "store", "place": code}) for code in ("BX-04", "BX-99")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({b"BX-" in answer.content for answer in answers}) == 1
    way = f"/circulation/filings/{filing.uid}/"
    assert {reader.post(way, {"do": "file", "place": code}).status_code for code in ("BX-04", "BX-99")} == {403}
    assert "研发中心保险柜" not in reader.get(way).content.decode()
    clerk = house.open_page_as(cast.clerk)
    assert clerk.post(way, {"do": "file", "place": "BX-04"}).status_code == 302
    shown = (reader.get(f"/copies/{filing.copy.uid}/").content.decode(), clerk.get(f"/copies/{filing.copy.uid}/").content.decode())
    assert ["研发中心保险柜" in page for page in shown] == [False, True]


def test_no_day_at_the_end_of_the_calendar_stops_the_daily_round(house: Any, cast: Any) -> None:
    assert clock.end_of(date.max) > clock.now()
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    line = papers.line(slip, cast.insider)
    actions.send(cast.clerk, slip, line.uid, copy)
    actions.take_in(cast.clerk, slip, line.uid, 9)
    filing, clerk = Filing.objects.get(), house.open_page_as(cast.clerk)
    for day in (LAST, FIRST, "2200-01-01"):
        assert clerk.post(f"/circulation/filings/{filing.uid}/", {"do": "keep", "until": day, "reason": "x"}).status_code == 422
    assert clerk.post(f"/circulation/filings/{filing.uid}/", {"do": "keep", "until": "2199-12-31", "reason": "x"}).status_code == 302
    filing.refresh_from_db()
    assert rungs_of(Deadline("filing", filing.item_key, clock.end_of(filing.kept_until)), clock.now()) is not None
    typed = {"sender": "甲", "level": "20", "pages": "9", "envelope": "intact", "via": "bearer", "origin": "partner",
             "addressee": cast.office_head.uid, "title": "甲件"}  # fmt: skip
    for name, day in (("issued_on", LAST), ("issued_on", "2199-12-31"), ("deadline", LAST), ("return_on", LAST)):
        assert clerk.post("/circulation/receipts/new/", typed | {name: day}).status_code == 422, (name, day)
    assert clerk.post("/circulation/receipts/new/", typed).status_code == 302
    row = Incoming.objects.latest("pk")
    amended = {"do": "amend", "name": "deadline", "value": LAST, "reason": "x"}
    assert clerk.post(f"/circulation/receipts/{row.uid}/", amended).status_code == 422
    trip = {"copies": copy.uid, "bearer": cast.insider.name, "destination": "partner", "place": "甲", "purpose": "x",
            "measures": "locked_bag"}  # fmt: skip
    drafter = house.open_page_as(cast.drafter)
    for out, back in ((f"{FIRST}T00:00", "2026-03-18T09:00"), ("2026-03-17T09:00", f"{LAST}T23:59")):
        assert drafter.post(f"/copies/carry-out/{document.uid}/", trip | {"out": out, "back": back}).status_code == 422


@pytest.mark.parametrize("address", [
    "/copies/?after={n}", "/circulation/receipts/?after={n}", "/circulation/dispatches/?after={n}", "/registers/F01/?year={n}",
    "/registers/F01/?after={n}", "/registers/F09/?before={n}",
])  # fmt: skip
def test_numbers_beyond_every_column_are_no_numbers(house: Any, cast: Any, address: str) -> None:
    clerk = house.open_page_as(cast.clerk)
    assert {clerk.get(address.format(n=n)).status_code for n in (HUGE, "9" * 30)} == {200}


@pytest.mark.parametrize("address, typed", [
    ("/registers/F01/", {"number": "1\0"}), ("/documents/catalogue/", {"do": "approve", "line": "\0"}),
    ("/copies/desks/", {"do": "rectify", "uid": "\0"}), ("/copies/scan/", {"do": "take_back", "lines": "\0"}),
    ("/copies/scan/", {"code": "\0"}), ("/labels/", {"kind": "copies:copy", "uid": "\0"}), ("/copies/counts/", {"do": "\0"}),
])  # fmt: skip
def test_no_post_holds_the_sign_that_no_text_of_the_house_holds(house: Any, cast: Any, address: str, typed: dict[str, str]) -> None:
    assert house.open_page_as(cast.clerk).post(address, typed).status_code == 404


@pytest.mark.parametrize("numbers", [(1, 2), tuple(range(1, 61)), (3, *range(40, 90), 95)])
def test_g4_4_many_copies_stand_in_the_book_as_runs_and_are_found_by_it(numbers: tuple[int, ...]) -> None:
    told = receiving.listed(numbers, 200)
    assert len(told) <= 200 and receiving.numbers_of(told) == set(numbers)


def test_g4_4_a_paper_of_many_copies_is_registered_and_one_of_too_many_is_not(house: Any, cast: Any, refused: Any) -> None:
    row = actions.receive(cast.clerk, papers.cover(cast), papers.paper(copy_numbers=tuple(range(1, 31))))
    assert row.copy_numbers == "000001—000030" and len(courses.one(row).copies) == 30
    with refused("G4.4"):
        actions.receive(cast.clerk, papers.cover(cast), papers.paper(copy_numbers=tuple(range(1, 502))))


def test_p0_3_whoever_took_the_sealed_bags_and_is_entrusted_no_more_reads_no_title_on_the_list(house: Any, cast: Any) -> None:
    carrying.entrust(cast, cast.sales_head)
    made = bagged(cast, Person.objects.get(login="meiyx"), carriers=(cast.second_clerk, cast.sales_head))
    people.revoke_appointment(cast.office_head, cast.sales_head.appointments.get())
    read = [str(inside(who, stock_sheets.destruction, who, None, made.uid).lists) for who in (cast.sales_head, cast.clerk)]
    assert [factories.TITLE in words for words in read] == [False, True]
    assert made.document.number in read[0]


def test_p1_1_what_is_derived_reaches_nobody_longer_than_his_post_or_department_lets_him(house: Any, cast: Any) -> None:
    until = date(2026, 6, 30)
    scope = (ScopeLine("department", "YF", "", until), *factories.scope_of("niezx", "wenqh"))
    document = factories.classified(cast, proposed=factories.proposed(10, scope=scope, reason="公开部分摘编"))
    assert {line.key: line.until for line in deriving.scope(document, [cast.insider, cast.drafter])} == {
        cast.insider.uid: until, cast.drafter.uid: None,
    }  # fmt: skip


def test_m2_1_nobody_but_the_excerpter_has_his_text_taken_in(house: Any, cast: Any) -> None:
    document, _person = excerpting.source(cast)
    approval = excerpting.approved(house, cast, document)
    answer = house.open_page_as(cast.drafter).post(
        f"/copies/excerpts/{approval.uid}/", {"pages": "3", "title": "摘录", "text": excerpting.TEXT}
    )
    assert (answer.status_code, Upload.objects.count()) == (404, 0)
