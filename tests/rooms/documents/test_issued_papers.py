"""An item as an issued paper, from its row: numbers with their brackets, marks of copy and level, the old mark struck."""

from typing import Any

from mifeng.base import papers
from mifeng.rooms.documents import actions, marking
from tests import factories, printed
from tests.engines.paper.test_papers import squeezed


def test_an_issued_paper_bears_copy_number_mark_and_number_in_their_order(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    told = marking.issued(
        document, copy_no="000003", urgency="特急", addressee="各部门", body=("现将有关事项通知如下。",), office="总经理办公室"
    )
    said = squeezed(printed.words(papers.issued_paper(told)))
    marks = ("000003", "澜岱公司机密5年", "特急")
    head = ("云汐澜岱精密传动有限公司文件", "澜岱密〔2026〕1号", squeezed(document.title), "各部门：")
    order = [said.index(part) for part in (*marks, *head, "总经理办公室")]
    assert order == sorted(order)
    assert chr(0x2605) not in said


def test_after_a_change_of_level_the_old_mark_stands_struck_beside_the_new_one(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    actions.ask_change(cast.drafter, document, kind="downgrade", level=10, reason="已无必要")
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    told = marking.issued(document, plain=True)
    assert (told.struck, told.mark, told.banner.endswith("文件")) == ("澜岱公司 机密 5年", "澜岱公司 秘密 5年", False)


def test_an_internal_paper_bears_no_mark(house: Any, cast: Any) -> None:
    everybody = factories.proposed(5, scope=(factories.ScopeLine("all", ""),), term=factories.TermFacts())
    told = marking.issued(factories.registered(cast, proposed=everybody, title="食堂开放时间"))
    assert (told.mark, told.struck, told.copy_no) == ("", "", "")
