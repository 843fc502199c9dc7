"""传阅: the slip follows the ledger whatever is done at the counter; on the screen 已阅 closes a reader's line."""

from datetime import date

from mifeng.base import clock, duties
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import actions, books, queries
from mifeng.rooms.circulation.facts import SlipState
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.oversight import reminders
from mifeng.rooms.people import actions as people
from mifeng.rooms.viewing import actions as viewing
from tests import factories
from tests.rooms.circulation import papers


def test_a_list_is_approved_by_the_head_of_the_office_and_carried_out_by_a_clerk_who_did_not_ask(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    slip = actions.ask_circulation(cast.drafter, document, [cast.insider], "项目评审")
    with refused("C1"):
        actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    papers.approve(slip.approval_uid)
    slip.refresh_from_db()
    assert slip.state == SlipState.APPROVED
    assert list(queries.to_send(cast.clerk)) == [slip]
    actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    assert Approval.objects.get(uid=slip.approval_uid).state == "registered"
    assert queries.number_of(slip) == f"{document.number}-传01"


def test_the_reader_signs_notes_and_gives_back_and_the_slip_says_so(house, cast):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    line = actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    given = copy_queries.to_sign(cast.insider)[0]
    assert (given.register_no, given.ref, given.approval_uid) == ("传01", line.item_key, slip.approval_uid)
    copies.sign_for(cast.insider, given.uid)
    actions.note_opinion(cast.insider, line.uid, "建议压缩里程碑", instruction=False)
    assert papers.line(slip, cast.insider).read_at
    copies.return_item(cast.clerk, copy, 9)  # at the counter, by the copy's own deed
    line.refresh_from_db()
    slip.refresh_from_db()
    assert (line.taken_in_by, line.opinion, slip.state) == (cast.clerk, "建议压缩里程碑", SlipState.DONE)
    assert Approval.objects.get(uid=slip.approval_uid).state == "closed"
    assert queries.filings_open().get().copy == copy
    assert copy_queries.disagreements() == []


def test_what_is_taken_back_at_the_counter_stands_as_before_on_the_slip(house, cast):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    copies.take_back(cast.clerk, copy, copy_queries.ledger(copy)[-1].uid)
    assert papers.line(slip, cast.insider).waits
    actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    copies.return_item(cast.clerk, copy, 9)
    copies.take_back(cast.clerk, copy, copy_queries.ledger(copy)[-1].uid)
    slip.refresh_from_db()
    assert (papers.line(slip, cast.insider).away, slip.state, list(queries.filings_open())) == (True, SlipState.OPEN, [])
    actions.take_in(cast.clerk, slip, papers.line(slip, cast.insider).uid, 9)
    slip.refresh_from_db()
    assert slip.state == SlipState.DONE


def test_fewer_pages_are_not_taken_back(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    line = actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    with refused("C5.2"):
        actions.take_in(cast.clerk, slip, line.uid, 8)
    assert actions.take_in(cast.clerk, slip, line.uid, 9).in_at
    with refused("C1"):  # a second time, at another window
        actions.take_in(cast.clerk, slip, line.uid, 9)


def test_a_reader_who_is_away_is_passed_over_with_a_note(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider, cast.engineer)
    with refused("C1"):
        actions.skip_reader(cast.clerk, slip, papers.line(slip, cast.insider).uid, " ")
    actions.skip_reader(cast.clerk, slip, papers.line(slip, cast.insider).uid, "出差")
    line = actions.send(cast.clerk, slip, papers.line(slip, cast.engineer).uid, copy)
    with refused("C1"):  # what is in his hands comes back first
        actions.skip_reader(cast.clerk, slip, line.uid, "出差")
    actions.take_in(cast.clerk, slip, line.uid, 9)
    slip.refresh_from_db()
    assert slip.state == SlipState.DONE


def test_who_has_left_the_scope_is_not_sent_it_though_his_name_was_approved(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider, cast.engineer)
    documents.narrow_scope(cast.drafter, document, (ScopeLine("person", cast.insider.uid),), "已调离项目")
    with refused("C1"):
        actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    assert queries.with_reader(cast.insider) == (0, [])


def test_top_secret_is_read_the_same_day(house, cast):
    document, copy, _place = papers.shelved(cast, 30)
    slip = papers.slip_for(cast, document, cast.deputy)
    line = actions.send(cast.clerk, slip, papers.line(slip, cast.deputy).uid, copy)
    assert line.due_at == clock.end_of(clock.today())


def test_who_is_late_is_reminded_and_after_three_days_the_head_of_the_office_is_told(house, cast):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    told = {}
    for day in (date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 20)):
        with house.at(day):
            reminders.send(clock.now())
            told[day.day] = tuple(
                kind in {notice.kind for notice in duties.desk(person.pk)}
                for person, kind in ((cast.insider, "circulating"), (cast.office_head, "overdue"))
            )
            assert reminders.gaps(clock.now()) == []
    assert told == {17: (False, False), 18: (True, False), 20: (True, True)}


def test_on_the_screen_the_last_page_s_acknowledgement_closes_the_reader_s_line(house, cast, refused):
    document = factories.readable(cast)
    slip = papers.slip_for(cast, document, cast.insider, cast.engineer, electronic=True)
    for reader in (cast.insider, cast.engineer):  # nothing is handed from one to the other
        actions.send(cast.clerk, slip, papers.line(slip, reader).uid)
    session = house.sit(cast.insider)
    reading, file = viewing.open_document(cast.insider, session, document.uid)
    viewing.open_page(cast.insider, session, reading, 1)
    with refused("C1"):
        viewing.acknowledge(cast.insider, session, reading)
    assert papers.line(slip, cast.insider).away
    viewing.open_page(cast.insider, session, reading, file.pages)
    viewing.acknowledge(cast.insider, session, reading)
    line = papers.line(slip, cast.insider)
    assert (line.read_at, line.away) == (line.in_at, False)
    slip.refresh_from_db()
    assert (slip.state, papers.line(slip, cast.engineer).away) == (SlipState.OPEN, True)
    actions.skip_reader(cast.clerk, slip, papers.line(slip, cast.engineer).uid, "休假")
    slip.refresh_from_db()
    assert (slip.state, list(queries.filings_open())) == (SlipState.DONE, [])


def test_the_pages_walk_a_slip_from_the_list_to_its_end(house, cast):
    document, copy, _place = papers.shelved(cast)
    asking, clerk, reader = (house.open_page_as(person) for person in (cast.drafter, cast.clerk, cast.insider))
    typed = {"reader_1": cast.insider.uid, "purpose": "项目评审"}
    assert asking.post(f"/circulation/slips/new/{document.uid}/", typed | {"reader_2": cast.outsider.uid}).status_code == 403
    place = asking.post(f"/circulation/slips/new/{document.uid}/", typed)["Location"]
    slip = queries.slips().get()
    papers.approve(slip.approval_uid)
    line = papers.line(slip, cast.insider)
    assert "送阅" in clerk.get(place).content.decode()
    assert "待送下一位" in clerk.get("/").content.decode()
    assert clerk.post(place, {"do": "send", "line": line.uid, "copy": copy.uid}).status_code == 302
    assert "送我传阅" in reader.get("/").content.decode()
    assert factories.TITLE in reader.get("/circulation/slips/").content.decode()
    assert reader.post(place, {"do": "opinion", "line": line.uid, "words": "同意", "instruction": "on"}).status_code == 302
    assert clerk.post(place, {"do": "take_in", "line": line.uid, "pages": "8"}).status_code == 403
    assert clerk.post(place, {"do": "take_in", "line": line.uid, "pages": "9"}).status_code == 302
    assert "批示" in clerk.get(place).content.decode()
    assert "阅批毕待归档" in clerk.get("/").content.decode()
    row = books.SLIPS.rows(cast.clerk).found.get()
    cells = {column.key: str(column.value(row)) for column in books.SLIPS.columns if column.key}
    assert (cells["approved_list"], cells["opinion"], cells["clerk"]) == (cast.insider.name, f"{cast.insider.name}：同意", cast.clerk.name)
    assert factories.TITLE in clerk.get("/registers/F03/").content.decode()
    assert house.open_page_as(cast.outsider).get(place).status_code == 404


def test_whoever_is_entrusted_with_transit_hears_of_no_slip_of_an_item_he_may_not_know(house, cast):
    document, _copy, _place = papers.shelved(cast)
    papers.slip_for(cast, document, cast.insider)
    for carrier in (cast.outsider, cast.insider):
        people.appoint(cast.office_head, carrier, acts=("transit",), level_max=20, since=clock.today(), until=papers.NEXT_MONTH)
    assert [len(queries.to_send(person)) for person in (cast.clerk, cast.outsider, cast.insider)] == [1, 0, 0]
