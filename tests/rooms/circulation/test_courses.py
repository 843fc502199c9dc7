"""拟办, 批示, 承办, 办结 of a receipt: each by whom the regime names, and 去向 and 存放位置 as the copies' ledgers say."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import clock, duties
from mifeng.base.refusals import NotThere
from mifeng.rooms.circulation import actions, books, courses, deadlines
from mifeng.rooms.circulation.facts import Origin, Stage, Urgency
from mifeng.rooms.circulation.models import Filing, Incoming
from mifeng.rooms.copies import actions as copies
from tests import printed
from tests.engines.paper.test_papers import squeezed
from tests.rooms.circulation import papers

SOON = date(2026, 4, 1)


def received(cast: Any, **changes: Any) -> Incoming:
    """A paper for the general manager's own attention, so that he may know it."""
    cover = papers.cover(cast, addressee=cast.gm, **changes.pop("cover", {}))
    return actions.receive(cast.clerk, cover, papers.paper(**changes))


def cells(row: Incoming) -> dict[str, str]:
    """What F01 says of the receipt, by the fields of the form."""
    return books.RECEIPTS.values(books.sound_receipts([Incoming.objects.get(pk=row.pk)])[0])


def test_f01_a_receipt_goes_from_the_counter_to_the_leader_and_from_him_to_whoever_handles_it(house: Any, cast: Any) -> None:
    row = received(cast, urgency=Urgency.URGENT, attachments=2, return_on=date(2026, 6, 30))
    assert courses.one(row).stage is Stage.REGISTERED
    actions.propose(cast.clerk, row, "请总经理阅示", cast.gm)
    assert courses.one(row).stage is Stage.PROPOSED
    assert [line.incoming for line in courses.to_instruct(cast.gm)] == [row]
    actions.instruct(cast.gm, row, "请总经理亲办", cast.gm, SOON)
    assert courses.one(row).stage is Stage.UNDER_WAY
    assert courses.to_instruct(cast.gm) == []
    assert [line.incoming for line in courses.to_handle(cast.gm)] == [row]
    actions.conclude(cast.gm, row, "已函复")
    assert courses.one(row).stage is Stage.CONCLUDED
    assert courses.to_handle(cast.gm) == []
    said = cells(row)
    assert {key: said[key] for key in ("proposed_handling", "instruction", "deadline", "return_due", "attachments", "urgency")} == {
        "proposed_handling": f"{cast.clerk.name}：请总经理阅示", "instruction": f"{cast.gm.name}：请总经理亲办", "deadline": "2026-04-01",
        "return_due": "2026-06-30", "attachments": "2", "urgency": "加急",
    }  # fmt: skip
    assert said["handled_by"] == f"{cast.gm.department.name} {cast.gm.name}"


def test_each_step_is_announced_to_whoever_it_waits_for(house: Any, cast: Any) -> None:
    row = received(cast)
    actions.propose(cast.clerk, row, "请阅示", cast.gm)
    assert "to_instruct" in {notice.kind for notice in duties.desk(cast.gm.pk)}
    actions.instruct(cast.gm, row, "请承办", cast.gm)
    assert "to_handle" in {notice.kind for notice in duties.desk(cast.gm.pk)}


def test_c1_a_leader_outside_the_scope_is_not_asked_and_nobody_outside_it_handles(house: Any, cast: Any, refused: Any) -> None:
    row = received(cast)
    with refused("C1"):
        actions.propose(cast.clerk, row, "请阅示", cast.deputy)
    actions.propose(cast.clerk, row, "请阅示", cast.gm)
    with refused("C1"):
        actions.instruct(cast.gm, row, "请工程部办", cast.engineer)
    assert actions.instruct(cast.gm, row, "请办", cast.gm)


def test_d1_only_the_leader_who_was_asked_gives_his_instruction(house: Any, cast: Any, refused: Any) -> None:
    row = received(cast)
    with refused("D1"):
        actions.instruct(cast.gm, row, "同意")
    with refused("D1"):
        actions.propose(cast.clerk, row, "请阅示", cast.engineer)
    actions.propose(cast.clerk, row, "请阅示", cast.gm)
    other = actions.receive(cast.clerk, papers.cover(cast), papers.paper())
    actions.propose(cast.clerk, other, "请主任阅示", cast.office_head)
    actions.instruct(cast.office_head, other, "同意")
    with refused("D1"):  # he has given it
        actions.instruct(cast.office_head, other, "再议")
    with refused("D1"):
        actions.conclude(cast.clerk, row, "办结")
    actions.instruct(cast.gm, row, "同意")
    assert actions.conclude(cast.clerk, row, "办结")


def test_g4_4_nothing_is_proposed_twice_after_the_end_and_only_the_undertaker_or_the_counter_ends_it(
    house: Any, cast: Any, refused: Any
) -> None:
    row = received(cast)
    with pytest.raises(NotThere):
        actions.conclude(cast.engineer, row, "办结")
    actions.conclude(cast.gm, row, "已阅")
    with refused("G4.4"):
        actions.conclude(cast.clerk, row, "办结")
    with refused("G4.4"):
        actions.propose(cast.clerk, row, "请阅示", cast.gm)


def test_m2_2_whoever_is_not_entrusted_with_the_counter_proposes_nothing(house: Any, cast: Any, refused: Any) -> None:
    row = received(cast)
    with refused("M2.2"):
        actions.propose(cast.gm, row, "请阅示", cast.gm)


def test_of_a_state_secret_no_opinion_is_written_down(house: Any, cast: Any, refused: Any) -> None:
    row = received(cast, cover={"origin": Origin.STATE}, title="")
    with refused("G4.4"):
        actions.propose(cast.clerk, row, "请阅示", cast.gm)
    with refused("G4.4"):
        actions.conclude(cast.clerk, row, "已按来文要求布置")
    assert actions.conclude(cast.clerk, row, "")


def test_d1_what_lies_on_the_desk_is_to_be_filed_once_the_leader_has_noted_it(house: Any, cast: Any) -> None:
    row = received(cast)
    copy = row.document.numbered_copies.get()
    actions.propose(cast.clerk, row, "请阅示", cast.gm)
    assert not Filing.objects.exists()
    actions.instruct(cast.gm, row, "已阅")
    waiting = Filing.objects.get()
    assert (waiting.copy, waiting.slip, waiting.filed_at) == (copy, None, None)
    copy.refresh_from_db()
    place = papers.safe(cast)
    actions.file(cast.clerk, waiting, place)
    assert cells(row)["place"] == "BX-01"


def test_where_a_copy_lies_and_what_became_of_it_is_said_by_its_ledger_alone(house: Any, cast: Any) -> None:
    row = received(cast, copy_numbers=(3, 4))
    said = cells(row)
    assert (said["disposition"], said["place"]) == ("", cast.clerk.name)
    third, fourth = row.document.numbered_copies.order_by("n")
    place = papers.safe(cast)
    copies.store(cast.clerk, [third], place)
    assert cells(row)["place"] == f"000003 BX-01；000004 {cast.clerk.name}"
    copies.store(cast.clerk, [fourth], place)
    fourth.refresh_from_db()
    copies.surrender(cast.clerk, fourth, papers.SENDER, "回执 12 号")
    said = cells(row)
    assert (said["disposition"], said["place"]) == ("000004 清退", "000003 BX-01")
    assert courses.one(row).stage is Stage.REGISTERED  # one of its copies is still here


def test_a_step_is_taken_back_within_ten_minutes_by_its_writer_while_nobody_went_on(house: Any, cast: Any, refused: Any) -> None:
    row = received(cast)
    actions.propose(cast.clerk, row, "请阅示", cast.gm)
    actions.instruct(cast.gm, row, "请办", cast.gm, SOON)
    with refused("G4.4"):
        actions.take_back_handling(cast.clerk, row)
    actions.take_back_handling(cast.gm, row)
    assert not Filing.objects.exists()
    assert [line.incoming for line in courses.to_instruct(cast.gm)] == [row]
    assert cells(row)["instruction"] == ""
    actions.instruct(cast.gm, row, "请办", cast.gm)
    with house.at(timedelta(minutes=11)), refused("G4.4"):
        actions.take_back_handling(cast.gm, row)


def test_submitted_to_another_leader_it_waits_for_the_former_one_no_longer(house: Any, cast: Any) -> None:
    row = actions.receive(cast.clerk, papers.cover(cast), papers.paper())
    actions.propose(cast.clerk, row, "请主任阅示", cast.office_head)
    actions.propose(cast.clerk, row, "主任外出,请再阅", cast.office_head)
    assert len(courses.to_instruct(cast.office_head)) == 1
    assert cells(row)["proposed_handling"].count("；") == 1


def test_a_day_that_a_receipt_has_to_keep_is_watched_until_it_is_done(house: Any, cast: Any) -> None:
    row = received(cast, deadline=date(2026, 4, 10), return_on=date(2026, 6, 30))
    due = [(one.key, one.last_day) for one in deadlines.receipts(clock.now())]
    assert due == [(row.item_key, date(2026, 4, 10))]
    assert [one.last_day for one in deadlines.surrenders(clock.now())] == [date(2026, 6, 30)]
    actions.propose(cast.clerk, row, "请阅示", cast.gm)
    actions.instruct(cast.gm, row, "提前办", cast.gm, SOON)
    assert [one.last_day for one in deadlines.receipts(clock.now())] == [SOON]
    assert str(books.RECEIPTS.line(books.sound_receipts([row])[0]).cells[19]) == SOON.isoformat()
    actions.conclude(cast.gm, row, "办毕")
    assert list(deadlines.receipts(clock.now())) == []
    copy = row.document.numbered_copies.get()
    copies.store(cast.clerk, [copy], papers.safe(cast))
    copy.refresh_from_db()
    copies.surrender(cast.clerk, copy, papers.SENDER, "回执 12 号")
    assert list(deadlines.surrenders(clock.now())) == []


def test_the_page_offers_each_the_step_that_is_his_and_shows_how_far_it_has_come(house: Any, cast: Any) -> None:
    row = received(cast)
    address = f"/circulation/receipts/{row.uid}/"
    clerk, leader = house.open_page_as(cast.clerk), house.open_page_as(cast.gm)
    assert 'name="do" value="propose"' in clerk.get(address).content.decode()
    assert 'value="instruct"' not in leader.get(address).content.decode()
    answer = clerk.post(address, {"do": "propose", "words": "请阅示", "leader": cast.gm.uid})
    assert answer.status_code == 302
    assert 'value="instruct"' in leader.get(address).content.decode()
    told = {"do": "instruct", "words": "请办理", "undertaker": cast.gm.uid, "due_on": "2026-04-01"}
    assert leader.post(address, told).status_code == 302
    page = leader.get(address).content.decode()
    assert "请办理" in page and 'aria-current="step"><b>传阅/承办</b>' in page and "撤回最后一步" in page
    assert leader.post(address, {"do": "conclude", "words": "已办"}).status_code == 302
    assert 'value="propose"' not in clerk.get(address).content.decode()


def test_the_form_of_a_receipt_has_the_opinions_in_their_boxes_and_the_signs_below_them(house: Any, cast: Any) -> None:
    row = received(cast)
    actions.propose(cast.clerk, row, "拟请总经理批示", cast.gm)
    actions.instruct(cast.gm, row, "请技术部研提意见", cast.gm, SOON)
    answer = house.open_page_as(cast.clerk).post(f"/papers/{row.uid}/", {"form": "F01"})
    assert answer.status_code == 200
    words = squeezed(printed.words(answer.content))
    for each in ("拟请总经理批示", "请技术部研提意见", "传阅/承办", "承办人", SOON.isoformat()):
        assert each in words, each
    assert words.count(cast.gm.name) >= 2
