"""Approval forms on paper, from real rows: signs with post, time and entry; nothing for those who may not know the item."""

from typing import Any

from mifeng.base import numbers, papers
from mifeng.base.models import LogIndex
from mifeng.base.registers import Filled, Signed
from mifeng.clauses import forms
from mifeng.rooms.approvals import signed
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions
from tests import factories, printed
from tests.engines.paper.test_papers import squeezed


def line_of(document: Any, what: str = "classified") -> str:
    return str(document.changes.get(what=what).uid)


def printing(house: Any) -> papers.Printing:
    from mifeng.base import clock

    return papers.Printing("澜岱公司", "机要员简小禾", clock.now(), "印表〔2026〕0001")


def test_the_classification_form_is_printed_with_its_signs_and_a_serial(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    client = house.open_page_as(cast.drafter)
    answer = client.post(f"/papers/{line_of(document)}/", {"form": "F08"})
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, 'inline; filename="F08-2026-0001.pdf"')
    said = squeezed(printed.words(answer.content))
    steps = signed.steps(Approval.objects.get(item_key=document.item_key))
    assert len(steps) >= 2
    for sign in steps:
        assert f"{sign.name}" in said
        entry = LogIndex.objects.get(seq=sign.log_no)
        assert (entry.act, entry.obj) == ("approvals:approve", document.item_key)
        assert f"日志{sign.log_no:,}" in said
    for each in (squeezed(document.title), "定密〔2026〕0001", squeezed(document.interest), "批准", "备案", "印表〔2026〕0001", "总经办"):
        assert each in said, each
    assert (house.last()["act"], house.last()["obj"]) == ("site:print_form", document.item_key)


def test_a_clerk_who_handles_the_item_prints_its_register_facts_alone(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    said = squeezed(printed.words(house.open_page_as(cast.clerk).post(f"/papers/{line_of(document)}/", {"form": "F08"}).content))
    assert squeezed(document.title) in said
    assert squeezed(document.interest) not in said
    assert document.knowers.filter(person=cast.clerk, way="title").exists()


def test_whoever_may_not_know_the_item_gets_no_form_and_takes_no_serial(house: Any, cast: Any) -> None:
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("luyz")))
    client = house.open_page_as(cast.sales_head)
    for uid, form in ((line_of(document), "F08"), (line_of(document)[::-1], "F08"), (line_of(document), "F99"), (line_of(document), "F09")):
        assert client.post(f"/papers/{uid}/", {"form": form}).status_code == 404
    assert client.get(f"/papers/{line_of(document)}/").status_code == 405
    assert not numbers.Issued.objects.filter(series="印表").exists()


def test_the_form_of_a_change_has_both_marks_and_says_what_was_decided(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    actions.ask_change(cast.drafter, document, kind="downgrade", level=10, reason="已无必要")
    factories.approve_all(document.item_key)
    answer = house.open_page_as(cast.drafter).post(f"/papers/{line_of(document, 'level')}/", {"form": "F09"})
    said = squeezed(printed.words(answer.content))
    for each in ("变密〔2026〕0001", "原密级机密", "新密级秘密", "已无必要", "批准"):
        assert each in said, each


def test_a_sheet_is_called_a_sheet_and_not_a_book() -> None:
    titles = {form_id: papers._sheet_title(office) for form_id, office in forms.forms().items()}
    assert not [title for title in titles.values() if "登记簿" in title]
    assert (titles["F05"], titles["F10"], titles["F04"]) == ("复制（印制）审批单", "销毁审批表", "借阅审批单")
    assert (titles["F21"], titles["F20"]) == ("培训与考核记录", "离岗离职清退与签离单")


def test_lines_of_the_register_offer_their_form(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    page = house.open_page_as(cast.clerk).get("/registers/F08/").content.decode()
    assert f'formaction="/papers/{line_of(document)}/"' in page


def test_every_form_of_the_office_can_be_printed_and_names_all_its_fields(house: Any) -> None:
    sign = Signed("田敬之", post="主任", on_behalf_of="聂知行", log_no=7)
    for form_id, office in sorted(forms.forms().items()):
        filled = Filled(
            number="号〔2026〕0001", values={field.key: f"填{n}" for n, field in enumerate(office.fields) if field.kind != "sign"},
            signs={field.key: (sign,) for field in office.fields if field.kind == "sign"},
            state=office.states[0],
        )  # fmt: skip
        pdf = papers.filled_form(form_id, filled, printing(house))
        said = squeezed(printed.words(pdf))
        assert printed.size(pdf) == (210, 297)
        for n, field in enumerate(office.fields):
            assert squeezed(field.label).translate(str.maketrans("(),:;", "（），：；")) in said, (form_id, field.label)
            assert field.kind == "sign" or f"填{n}" in said, (form_id, field.label)
        assert said.count("（代聂知行）") == sum(field.kind == "sign" for field in office.fields)
        empty = printed.words(papers.filled_form(form_id, Filled(), printing(house)))
        assert empty.count("（签名）") == sum(field.kind == "sign" for field in office.fields), form_id
