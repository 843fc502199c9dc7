"""Labels of copies: the code a scanner reads, number and mark in words, never the title; printed by the copy's custodian."""

from typing import Any

import cv2
import pytest

from mifeng.rooms.copies import actions as copies
from tests import factories, printed
from tests.engines.paper.test_papers import squeezed

LABELS = {"kind": "copies:copy"}


@pytest.fixture
def copy(house: Any, cast: Any) -> Any:
    return copies.enter(cast.clerk, factories.classified(cast), [1, 2], 8)[0]


def test_g4_1_the_custodian_prints_a_label_that_a_scanner_reads_and_that_has_no_title(house: Any, cast: Any, copy: Any) -> None:
    answer = house.open_page_as(cast.clerk).post("/labels/", LABELS | {"uid": [copy.uid], "skip": "2"})
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, 'inline; filename="labels.pdf"')
    said = squeezed(printed.words(answer.content))
    assert all(each in said for each in (squeezed(copy.document.number), "第000001份", "澜岱公司机密5年"))
    assert squeezed(copy.document.title) not in said
    assert cv2.QRCodeDetector().detectAndDecode(printed.drawn(answer.content))[0] == copy.code
    assert (house.last()["act"], house.last()["n"]) == ("site:print_labels", {"labels": 1})


def test_g4_1_nobody_else_prints_it_and_a_hidden_copy_is_like_one_that_is_not_there(house: Any, cast: Any, copy: Any) -> None:
    drafter, outsider = house.open_page_as(cast.drafter), house.open_page_as(cast.sales_head)
    assert drafter.post("/labels/", LABELS | {"uid": copy.uid}).status_code == 403
    answers = [outsider.post("/labels/", LABELS | {"uid": uid}) for uid in (copy.uid, copy.uid[::-1])]
    assert {answer.status_code for answer in answers} == {404}
    clerk = house.open_page_as(cast.clerk)
    for wrong in ({"kind": "copies:none", "uid": copy.uid}, LABELS):
        assert clerk.post("/labels/", wrong).status_code == 404


def test_the_card_and_the_list_of_the_custodian_offer_labels(house: Any, cast: Any, copy: Any) -> None:
    clerk = house.open_page_as(cast.clerk)
    assert "打印本页标签" in clerk.get("/copies/").content.decode()
    assert "打印标签" in clerk.get(f"/copies/{copy.uid}/").content.decode()
    assert "打印标签" not in house.open_page_as(cast.drafter).get(f"/copies/{copy.uid}/").content.decode()
