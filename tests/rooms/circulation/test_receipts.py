"""收文: protected at once at the level that it bears, its copies in the ledger, the book append-only."""

from datetime import date, timedelta

import pytest

from mifeng.base import duties
from mifeng.base.refusals import Conflict, NotThere
from mifeng.rooms.circulation import actions, books, queries
from mifeng.rooms.circulation.facts import Envelope, Inbox, Origin
from mifeng.rooms.circulation.models import Incoming
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.facts import TermFacts
from tests.rooms.circulation import papers


def received(cast, **changes):
    return actions.receive(cast.clerk, papers.cover(cast, **changes.pop("cover", {})), papers.paper(**changes))


def test_a_received_paper_is_protected_at_once_at_the_level_it_bears_and_its_copy_is_kept_by_the_clerk(house, cast):
    row = received(cast)
    document = row.document
    assert (document.level, document.proposed, document.state, document.origin) == (20, False, "valid", "partner")
    assert (document.number, document.title, document.term().zh) == ("衡川密〔2026〕7号", papers.TITLE, "5年")
    assert documents.reached(document) == [cast.office_head]
    copy = document.numbered_copies.get()
    assert (copy.number, copy.given, copy.custodian, copy.pages) == ("000003", True, cast.clerk, 9)
    line = copies.ledger(copy)[0]
    assert (line.register_no, line.ref) == ("收密〔2026〕0001", row.item_key)
    assert copies.disagreements() == []
    assert "to_read" in {notice.kind for notice in duties.desk(cast.office_head.pk)}
    assert not document.knowers.filter(person=cast.office_head).exists()  # he knows it once he has opened it


def test_a_paper_without_a_number_or_a_term_of_its_own_gets_ours(house, cast):
    document = received(cast, copy_numbers=(), term=TermFacts()).document
    assert [copy.number for copy in document.numbered_copies.all()] == ["000001"]
    assert document.term().zh == "5年"


def test_m2_2_nobody_receives_without_an_appointment(house, cast, refused):
    with refused("M2.2"):
        actions.receive(cast.engineer, papers.cover(cast), papers.paper())
    assert received(cast)


def test_m1_1_an_appointment_covers_the_level_received(house, cast, refused):
    clerk = cast.second_clerk
    low = next(row for row in clerk.appointments.all())
    assert low.level_max < 30
    with refused("M1.1"):
        actions.receive(clerk, papers.cover(cast, marked=30), papers.paper(level=30))
    assert actions.receive(clerk, papers.cover(cast, marked=10), papers.paper(level=10))


def test_of_a_state_secret_only_the_cover_is_entered(house, cast, refused):
    with refused("G4.4"):
        received(cast, cover={"origin": Origin.STATE})
    row = received(cast, cover={"origin": Origin.STATE}, title="")
    assert (row.document.kind, row.document.title) == ("state_secret", "国家秘密载体(只登记封套)")


def test_what_is_for_the_addressee_s_own_hands_is_registered_unopened(house, cast, refused):
    with refused("G4.4"):
        received(cast, cover={"personal": True})
    row = received(cast, cover={"personal": True}, title="", level=0, pages=0)
    assert (row.document.level, row.document.title) == (20, "亲启件(只登记封套)")


def test_g3_the_mark_of_the_paper_is_not_entered_below_that_of_its_cover(house, cast, refused):
    arrival = actions.note_arrival(cast.clerk, papers.cover(cast, marked=30))
    with refused("G3"):
        actions.register_arrival(cast.clerk, arrival, papers.paper(level=20))
    assert actions.register_arrival(cast.clerk, arrival, papers.paper(level=30)).document.level == 30


def test_an_envelope_is_registered_once(house, cast):
    arrival = actions.note_arrival(cast.clerk, papers.cover(cast))
    actions.register_arrival(cast.clerk, arrival, papers.paper())
    with pytest.raises(Conflict):
        actions.register_arrival(cast.second_clerk, arrival, papers.paper())
    assert Incoming.objects.filter(state=Inbox.REGISTERED).count() == 1


def test_g4_4_a_wrong_entry_stays_readable_and_the_correction_refers_to_it(house, cast, refused):
    row = received(cast)
    with refused("G4.4"):
        actions.amend(cast.clerk, row, "sender", papers.SENDER, "")
    made = actions.amend(cast.clerk, row, "sender", "衡川轴承研究院", "看错落款")
    assert (made.incoming, made.before, made.after) == (row, papers.SENDER, "衡川轴承研究院")
    row.refresh_from_db()
    assert row.sender == papers.SENDER
    shown = next(column.value(row) for column in books.RECEIPTS.columns if column.key == "sender")
    assert (shown.was, shown.now) == (papers.SENDER, "衡川轴承研究院")


def test_an_outsider_learns_of_no_receipt(house, cast):
    row = received(cast)
    with pytest.raises(NotThere):
        actions.open_receipt(cast.outsider, row.uid)
    waiting, found = actions.list_receipts(cast.outsider, 0)
    assert (waiting, found.rows) == ([], [])
    assert actions.open_receipt(cast.office_head, row.uid) == row


def test_the_book_is_read_page_by_page(house, cast, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    rows = [received(cast, title=f"第{n}件") for n in range(3)]
    first = queries.registered(cast.clerk)
    assert first.rows == [rows[2], rows[1]]
    assert queries.registered(cast.clerk, first.after).rows == [rows[0]]


def test_the_clerk_s_desk_says_what_has_arrived_and_is_not_handled(house, cast):
    with house.at(timedelta(minutes=1)):
        actions.note_arrival(cast.clerk, papers.cover(cast, envelope=Envelope.BROKEN))
    text = house.open_page_as(cast.clerk).get("/").content.decode()
    assert "收到未办" in text
    assert papers.SENDER in text


def test_p5_1_what_bears_a_mark_is_not_offered_to_leave_unregistered_and_does_not_leave(house, cast, refused):
    marked = actions.note_arrival(cast.clerk, papers.cover(cast, marked=10))
    plain = actions.note_arrival(cast.clerk, papers.cover(cast, marked=0))
    state = actions.note_arrival(cast.clerk, papers.cover(cast, marked=0, origin=Origin.STATE))
    client = house.open_page_as(cast.clerk)
    pages = [client.get(f"/circulation/receipts/{row.uid}/").context["leave"] for row in (marked, plain, state)]
    assert pages == [False, True, False]
    for row in (marked, state):
        with refused("P5.1"):
            actions.leave_unregistered(cast.clerk, row, "广告")
    assert actions.leave_unregistered(cast.clerk, plain, "广告").state == Inbox.CLOSED


def test_a_slip_is_asked_for_from_the_page_of_its_receipt(house, cast):
    client = house.open_page_as(cast.clerk)
    page = client.get(f"/circulation/receipts/{received(cast).uid}/")
    assert client.get(page.context["slip"]).status_code == 200
    assert page.context["slip"] in page.content.decode()
    sealed = received(cast, cover={"personal": True}, title="", reference="")
    assert client.get(f"/circulation/receipts/{sealed.uid}/").context["slip"] == ""


def test_a_receipt_past_its_day_is_red_in_the_list_until_it_is_concluded(house, cast):
    cover = {"addressee": cast.gm}
    rows = [received(cast, cover=cover, deadline=date(2026, 3, 20)), received(cast, cover=cover), received(cast, cover=cover)]
    for row, day in ((rows[1], date(2026, 3, 18)), (rows[2], date(2026, 3, 18))):
        actions.propose(cast.clerk, row, "请阅示", cast.gm)
        actions.instruct(cast.gm, row, "请办", cast.gm, day)
    page = house.open_page_as(cast.gm).get("/circulation/receipts/")
    assert [one["undertaker"] for one in page.context["rows"]] == [cast.gm.name] * 3
    actions.conclude(cast.gm, rows[2], "已办")
    with house.at(date(2026, 3, 20)):  # the last day is included
        assert late(house, cast) == {rows[1].number: "2026-03-18"}
    with house.at(date(2026, 3, 21)):
        assert late(house, cast) == {rows[0].number: "2026-03-20", rows[1].number: "2026-03-18"}


def late(house, cast):
    """The receipts shown red, each with its day."""
    page = house.open_page_as(cast.clerk).get("/circulation/receipts/")
    assert page.content.decode().count("逾期") == sum(one["late"] for one in page.context["rows"])
    return {one["row"].number: one["deadline"] for one in page.context["rows"] if one["late"]}


def test_a_receipt_is_registered_on_one_screen_and_a_second_click_meets_it(house, cast):
    client = house.open_page_as(cast.clerk)
    typed = {
        "sender": papers.SENDER, "reference": "衡川密〔2026〕7号", "title": papers.TITLE, "level": "20", "term": "5年",
        "copy_numbers": "3,4", "pages": "9", "envelope": "intact", "via": "confidential_mail", "origin": "partner",
        "addressee": cast.office_head.uid, "once": "ab" * 16,
    }  # fmt: skip
    page = client.get("/circulation/receipts/new/")
    assert page.status_code == 200
    assert client.post("/circulation/receipts/new/", typed | {"term": "永远"}).status_code == 422
    done = client.post("/circulation/receipts/new/", typed)
    assert (done.status_code, client.post("/circulation/receipts/new/", typed)["Location"]) == (302, done["Location"])
    row = Incoming.objects.get()
    assert row.copy_numbers == "000003、000004"
    for address in (done["Location"], "/circulation/receipts/", "/registers/F01/"):
        assert papers.TITLE in client.get(address).content.decode()
