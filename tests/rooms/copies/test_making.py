"""Copying and first print: numbers by count and no more, waste counted, one print of each copy, traced when it leaks."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from django.db import connection

from mifeng.base.refusals import Refused
from mifeng.engines import watermark
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.copies import actions, queries, sheets
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.facts import Event, Method, State
from mifeng.rooms.viewing import pages as viewing_pages
from tests import factories, making
from tests.house_fixtures import contents
from tests.matters import inside


@pytest.fixture
def paper(house: Any, cast: Any) -> Any:
    """The main paper in force, with two pages that can be printed."""
    return factories.readable(cast)


def numbers(document: Any) -> list[tuple[str, str]]:
    return [(copy.number, copy.state) for copy in queries.of_document(document)]


def test_c2_2_a_first_print_makes_as_many_numbers_as_approved_and_no_more(house, cast, paper, refused):
    approval = making.approved(house, cast, paper, count=3)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    with refused("C2.2"):
        actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    again = actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    assert (again.pk, run.number) == (run.pk, "复密〔2026〕0001")
    assert numbers(paper) == [("000001", "numbered"), ("000002", "numbered"), ("000003", "numbered")]
    with refused("C2.2"):
        actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    assert queries.disagreements() == []


def test_m2_1_copies_are_numbered_after_their_original_and_handed_to_whom_they_were_made_for(house, cast, paper):
    source = actions.enter(cast.clerk, paper, [2], 2)[0]
    until = paper.registered_at.date() + timedelta(days=20)
    approval = making.approved(house, cast, paper, source=source, recipients=(cast.insider, cast.dept_head), until=until)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    for row in run.made.all():
        actions.print_copy(cast.clerk, session, run, row.copy)
    actions.finish_reproduction(cast.clerk, run, 0, "", True)
    assert [(copy.number, copy.state, copy.holder) for copy in queries.of_document(paper)] == [
        ("000002", State.NUMBERED, cast.clerk), ("000002复01", State.ISSUED, cast.insider), ("000002复02", State.ISSUED, cast.dept_head),
    ]
    assert {line.copy.number for line in queries.to_sign(cast.insider)} == {"000002复01"}
    approval.refresh_from_db()
    assert approval.state == "closed"
    assert queries.disagreements() == []


def test_m2_1_a_copy_is_copied_by_nobody_again(house, cast, paper, refused):
    source = actions.enter(cast.clerk, paper, [2], 2)[0]
    approval = making.approved(house, cast, paper, source=source, count=1)
    run = actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, 1, making.PLACE)
    with refused("M2.1") as refusal:
        making.asked(house, cast, paper, source=run.made.get().copy)
    assert refusal[0].decision.rule == "copy_of_a_copy"
    assert making.asked(house, cast, paper, source=source)


def test_m2_1_copies_go_to_nobody_outside_the_scope(house, cast, paper, refused):
    until = paper.registered_at.date() + timedelta(days=20)
    with refused("C1"):
        making.asked(house, cast, paper, recipients=(cast.cfo,), until=until)
    with refused("C5.1"):
        making.asked(house, cast, paper, recipients=(cast.insider,))
    assert making.asked(house, cast, paper, recipients=(cast.insider,), until=until)


def test_c2_2_a_jam_voids_the_number_counts_its_sheets_and_the_approver_gives_the_use_again(house, cast, paper, refused):
    approval = making.approved(house, cast, paper)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    first, second = (row.copy for row in run.made.order_by("pk"))
    for copy in (first, second):
        actions.print_copy(cast.clerk, session, run, copy)
    with refused("M2.1"):  # the sheets of a copy leave once
        actions.print_copy(cast.clerk, session, run, second)
    with refused("C2.2"):
        actions.jam(cast.clerk, run, second, 0, "卡纸")
    actions.jam(cast.clerk, run, second, 3, "卡纸")
    with refused("C2.2"):  # what was done with the waste is said
        actions.finish_reproduction(cast.clerk, run, 0, "", False)
    with refused("C2.2"):
        actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    approvals.replace(cast.deputy, approval.grants.get(), 1, "卡纸补印")
    actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    third = run.made.order_by("pk").last().copy
    with refused("C2.2"):
        actions.finish_reproduction(cast.clerk, run, 0, "碎纸机粉碎", False)
    actions.print_copy(cast.clerk, session, run, third)
    actions.finish_reproduction(cast.clerk, run, 1, "碎纸机粉碎", False)
    assert numbers(paper) == [("000001", "numbered"), ("000002", "void"), ("000003", "numbered")]


def test_c2_2_a_number_voided_without_its_sheets_counted_stops_the_run(house, cast, paper, refused):
    approval = making.approved(house, cast, paper)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    inside(cast.clerk, _ledger.move, run.made.get().copy, Event.VOID, cast.clerk, not_done="未作废")
    with refused("C2.2") as refusal:
        actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    assert "waste_sheets_registered" in {refusal[0].decision.rule}


def test_m2_1_nobody_but_the_entrusted_clerk_carries_it_out(house, cast, paper, refused):
    approval = making.approved(house, cast, paper)
    for person in (cast.drafter, cast.deputy, cast.insider):
        with refused("M1.1", "C2.2") if person == cast.insider else refused("M1.1", "M2.1", "C2.2"):
            actions.reproduce(person, house.sit(person), approval, 1, making.PLACE)
    assert actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, 1, making.PLACE)


def test_m2_1_what_was_revoked_or_frozen_is_printed_no_more(house, cast, paper, refused):
    approval = making.approved(house, cast, paper)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    first, second = (row.copy for row in run.made.order_by("pk"))
    actions.print_copy(cast.clerk, session, run, first)
    approvals.revoke(cast.deputy, approval, "项目取消")
    with refused("C2.2"):
        actions.print_copy(cast.clerk, session, run, second)


def test_c2_2_after_the_first_print_more_is_a_copy_with_its_own_approval(house, cast, paper, refused):
    approval = making.approved(house, cast, paper, count=1)
    early = making.approved(house, cast, paper, count=1)
    session = house.sit(cast.clerk)
    actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    with refused("C2.2"):
        making.asked(house, cast, paper)
    with refused("C2.2"):
        actions.reproduce(cast.clerk, session, early, 1, making.PLACE)
    assert making.asked(house, cast, paper, source=queries.of_document(paper)[0])


def test_paper_is_copied_from_the_original_in_the_operator_s_hands(house, cast, paper, refused):
    source = actions.enter(cast.second_clerk, paper, [2], 2)[0]
    approval = making.approved(house, cast, paper, source=source, method=Method.PHOTOCOPY)
    with refused("G4.1"):
        actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, 1, making.PLACE)
    assert actions.reproduce(cast.second_clerk, house.sit(cast.second_clerk), approval, 1, making.PLACE)


def test_sheets_carry_number_and_recipient_and_a_leaked_one_is_traced_to_its_copy(house, cast, paper):
    until = paper.registered_at.date() + timedelta(days=20)
    approval = making.approved(house, cast, paper, recipients=(cast.insider, cast.dept_head), until=until)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    copies = [row.copy for row in run.made.order_by("pk")]
    printed = [actions.print_copy(cast.clerk, session, run, copy) for copy in copies]
    assert [one.issue.top[0] for one in printed] == ["000001", "000002"]
    assert [one.issue.diagonal for one in printed] == ["葛星野 000001", f"{cast.dept_head.name} 000002"]
    leaked = viewing_pages.page_image(printed[1].file, 2, printed[1].issue, 150)
    picture = cv2.imdecode(np.frombuffer(leaked, np.uint8), cv2.IMREAD_COLOR)
    epoch = printed[1].issue.epoch
    found = watermark.read(picture, {epoch: viewing_pages.marks(epoch)}, [viewing_pages.page_label(printed[1].file, 2)])
    assert queries.copy_of_mark(found.id) == copies[1]
    assert queries.copy_of_mark(watermark.new_mark_id()) is None


def test_the_pdf_of_a_copy_has_the_granted_pages_and_says_nothing_about_the_paper(house, cast, paper):
    approval = making.approved(house, cast, paper, pages=frozenset({2}), count=1)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    made = sheets.pdf(actions.print_copy(cast.clerk, session, run, run.made.get().copy), 72)
    document = pypdfium2.PdfDocument(made)
    told = document.get_metadata_dict()
    assert (len(document), document[0].get_textpage().get_text_bounded()) == (1, "")
    assert factories.TITLE not in "".join(told.values()) and paper.number not in "".join(told.values())
    assert house.log()[-1]["act"] == "copies:print_copy"


def test_no_plain_page_lies_on_a_disk_after_printing(house, cast, paper):
    approval = making.approved(house, cast, paper, count=1)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    made = sheets.pdf(actions.print_copy(cast.clerk, session, run, run.made.get().copy), 72)
    assert made.startswith(b"%PDF")
    for file, data in contents(house.disk()):
        assert b"%PDF" not in data and b"\xff\xd8\xff\xe0" not in data, file


def test_m2_1_fifty_at_once_get_as_many_copies_as_were_granted(house, cast, paper):
    approval, session = making.approved(house, cast, paper, count=3), house.sit(cast.clerk)
    said: list[str] = []

    def use() -> None:
        try:
            actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
            said.append("made")
        except Refused as refusal:
            said.append(refusal.decision.clause)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _n in range(50)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Counter(said) == {"made": 3, "C2.2": 47}
    assert numbers(paper) == [("000001", "numbered"), ("000002", "numbered"), ("000003", "numbered")]
    assert queries.disagreements() == []


def test_g4_4_the_log_alone_says_in_plain_which_line_of_the_book_each_deed_of_a_copying_made(house, cast, paper):
    approval = making.approved(house, cast, paper, count=2)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    first, second = (row.copy for row in run.made.order_by("pk"))
    actions.print_copy(cast.clerk, session, run, first)
    actions.jam(cast.clerk, run, second, 3, "卡纸")
    actions.finish_reproduction(cast.clerk, run, 1, "碎纸机粉碎", True)
    told = {entry["act"]: entry for entry in house.log() if entry["out"] == "allowed" and entry.get("obj") == paper.item_key}
    assert told["copies:reproduce"]["n"] == {"copies": 2, "granted": 2, "number": 1}
    assert told["copies:jam"]["n"] == {"number": 1, "spoiled": 3}
    assert told["copies:finish_reproduction"]["n"] == {"number": 1, "copies": 1, "given": 0, "waste": 4}
    asked, signed, done = (told[act]["grant"] for act in ("copies:ask_reproduction", "approvals:approve", "copies:finish_reproduction"))
    assert asked == signed == done == approval.uid
    assert run.number == "复密〔2026〕0001"
