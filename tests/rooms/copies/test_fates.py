"""What becomes of a copy: archived for its own time, re-marked when its item's level has changed."""

from datetime import date
from typing import Any

from mifeng.base import clock, duties, record
from mifeng.rooms.copies import actions, queries, stock_duties, stock_queries
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.facts import State
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.oversight import reminders
from tests import factories, holdings
from tests.matters import inside


def state(copy: Any) -> str:
    copy.refresh_from_db()
    return str(copy.state)


def test_g4_5_an_archived_copy_is_kept_for_its_own_time_which_is_not_the_term_of_its_secrecy(
    house: Any, cast: Any, refused: Any
) -> None:
    copies = holdings.entered(cast, 2)
    actions.store(cast.clerk, copies, holdings.place(cast))
    with refused("G4.5"):
        actions.archive(cast.clerk, copies, 7)
    with refused("G4.1"):
        actions.archive(cast.second_clerk, copies, 10)
    actions.archive(cast.clerk, copies[:1], 10)
    actions.archive(cast.clerk, copies[1:], 0)
    assert [state(copy) for copy in copies] == [State.ARCHIVED] * 2
    assert [stock_queries.kept_until(copy) for copy in copies] == [date(2036, 3, 16), None]
    assert copies[0].document.expires_on != date(2036, 3, 16)
    actions.archive(cast.clerk, copies[1:], 30)  # weighed again
    assert (stock_queries.kept_until(copies[1]), state(copies[1])) == (date(2056, 3, 16), State.ARCHIVED)
    for copy in copies:
        with refused("G4.5"):
            actions.set_aside(cast.clerk, copy, "清理")
    assert queries.disagreements() == []


def test_g4_5_once_its_retention_is_over_an_archived_copy_may_be_set_aside() -> None:
    from mifeng.rooms.copies.rules import fates

    last = fates.until(10, date(2026, 3, 16))
    assert not fates.may_set_aside(last, True, date(2036, 3, 16)).allow
    assert fates.may_set_aside(last, True, date(2036, 3, 17)).allow
    assert not fates.may_set_aside(None, True, date(2999, 1, 1)).allow
    assert fates.may_set_aside(None, False, date(2026, 3, 16)).allow
    assert fates.until(10, date(2028, 2, 29)) == date(2038, 2, 28)


def test_p4_3_a_change_of_level_is_a_task_for_each_holder_until_the_old_mark_is_struck_out(
    house: Any, cast: Any, refused: Any
) -> None:
    copies = holdings.entered(cast, 2)
    holdings.issued(cast, copies[0], cast.insider)
    with refused("P4.3"):
        actions.re_mark(cast.clerk, copies[1])
    documents.ask_change(cast.drafter, copies[0].document, "downgrade", level=10, reason="口径已公开使用")
    factories.approve_all(copies[0].document.item_key)
    assert [list(stock_queries.to_re_mark(who)) for who in (cast.insider, cast.clerk)] == [copies[:1], copies[1:]]
    assert [duty.count for who in (cast.insider, cast.outsider) for duty in stock_duties.re_marking(who)] == [1, 0]
    with house.at(date(2026, 3, 24)):
        reminders.remind_all(clock.now())
        assert "re_mark" in {notice.kind for notice in duties.desk(cast.insider.pk)}
        with refused("P4.3"):
            actions.re_mark(cast.outsider, copies[0])
        actions.re_mark(cast.insider, copies[0])
        actions.re_mark(cast.clerk, copies[1])
    assert list(stock_queries.to_re_mark()) == []
    assert (state(copies[0]), copies[0].holder, copies[0].level) == (State.ISSUED, cast.insider, 10)
    assert queries.ledger(copies[1])[-1].note == "机密 → 秘密"
    assert queries.disagreements() == []


def test_p4_3_an_old_mark_is_due_again_when_its_striking_out_was_taken_back(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 2)
    assert list(stock_queries.to_re_mark()) == []  # from here on the log is followed
    documents.ask_change(cast.drafter, copies[0].document, "downgrade", level=10, reason="口径已公开使用")
    factories.approve_all(copies[0].document.item_key)
    assert list(stock_queries.to_re_mark(cast.clerk)) == copies
    actions.re_mark(cast.clerk, copies[0])
    assert list(stock_queries.to_re_mark(cast.clerk)) == copies[1:]
    actions.take_back(cast.clerk, copies[0], queries.ledger(copies[0])[-1].uid)
    assert list(stock_queries.to_re_mark(cast.clerk)) == copies
    record.start()  # as another process finds it
    assert list(stock_queries.to_re_mark(cast.clerk)) == copies


def test_the_card_offers_what_is_due(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 1)
    actions.store(cast.clerk, copies, holdings.place(cast))
    client = house.open_page_as(cast.clerk)
    assert client.get(f"/copies/{copies[0].uid}/").context["may"]["archive"]
    assert client.post(f"/copies/{copies[0].uid}/deed/", {"do": "archive", "years": "30"}).status_code == 302
    page = client.get(f"/copies/{copies[0].uid}/")
    assert "2056-03-16" in page.content.decode()


def test_g4_5_a_received_copy_goes_back_to_its_issuer_against_a_receipt_and_one_of_our_own_does_not(
    house: Any, cast: Any, refused: Any
) -> None:
    received = holdings.entered(cast, 1)
    actions.store(cast.clerk, received, holdings.place(cast))
    for told in (("", "回执3号"), ("赫岚机器人公司", " ")):
        with refused("G4.5"):
            actions.surrender(cast.clerk, received[0], *told)
    actions.surrender(cast.clerk, received[0], "赫岚机器人公司", "回执3号")
    assert state(received[0]) == State.SURRENDERED
    other = factories.classified(cast, title="另一份计划")
    own = inside(cast.clerk, _ledger.number, other, cast.clerk, cast.clerk, pages=9)
    actions.store(cast.clerk, [own], holdings.place(cast, "BX-03"))
    with refused("G4.5"):
        actions.surrender(cast.clerk, own, "赫岚机器人公司", "回执3号")
    assert queries.disagreements() == []
