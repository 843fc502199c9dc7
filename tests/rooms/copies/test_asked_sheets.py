"""F05, F06 and F07 on paper from the moment of asking: filled as asked, signed as far as the approval has come."""

from typing import Any

import pytest

from mifeng.base import clock, numbers, room
from mifeng.base.refusals import NotThere
from mifeng.base.registers import Filled
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.copies import actions
from mifeng.rooms.documents import actions as documents
from mifeng.site import prints
from tests import carrying, excerpting, factories, making, printed
from tests.engines.paper.test_papers import squeezed

INK = "（签名）"


def filled(house: Any, person: Any, form: str, uid: str) -> Filled:
    return prints.record_form(person, house.sit(person), room.paper_forms()[form], uid)[1]


def sheet(answer: Any) -> str:
    assert answer.status_code == 200
    assert printed.size(answer.content) == (210, 297)
    return squeezed(printed.words(answer.content))


def test_m2_1_an_application_to_copy_is_printed_before_anybody_has_signed(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    request = making.asked(house, cast, document, recipients=[cast.insider], until=clock.today())
    page = house.open_page_as(cast.drafter).get(f"/approvals/{request.uid}/").content.decode()
    assert f'action="/papers/{request.uid}/"' in page and 'value="F05"' in page
    said = sheet(house.open_page_as(cast.drafter).post(f"/papers/{request.uid}/", {"form": "F05"}))
    for each in (squeezed(document.title), "项目评审会用", cast.insider.name, cast.drafter.name, "申请", "批准有效期", INK):
        assert each in said, each
    assert (house.last()["act"], house.last()["obj"]) == ("site:print_form", document.item_key)
    told = filled(house, cast.deputy, "F05", request.uid)  # whoever decides it prints it, too
    assert (told.state, told.number, told.signs["approver"], told.signs["dept_opinion"]) == ("申请", "", (), ())
    assert [sign.name for sign in told.signs["申请人"]] == [cast.drafter.name]
    assert [row[:2] for row in told.lists["recipients"].rows] == [("", cast.insider.name), ("", "机要员（留存）")]
    assert "operator" not in told.signs


def test_m2_1_the_same_sheet_bears_the_approval_and_then_what_was_made(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    request = making.approved(house, cast, document)
    told = filled(house, cast.drafter, "F05", request.uid)
    assert (told.state, [(sign.name, sign.stamp) for sign in told.signs["approver"]]) == ("批准", [(cast.deputy.name, "批准")])
    assert told.values["valid_until"] and told.values["count"] == "2" and told.values["pages"] == "1-2"
    run = actions.reproduce(cast.clerk, house.sit(cast.clerk), request, 2, making.PLACE)
    for person in (cast.drafter, cast.deputy, cast.clerk):
        done = filled(house, person, "F05", request.uid)
        assert (done.number, done.state) == (run.number, "执行")
    assert filled(house, cast.clerk, "F05", run.uid) == filled(house, cast.clerk, "F05", request.uid)


def test_m2_1_a_returned_application_says_so_and_is_not_stamped_as_approved(house: Any, cast: Any) -> None:
    request = making.asked(house, cast, factories.classified(cast))
    approvals.send_back(cast.deputy, request, "份数过多")
    told = filled(house, cast.drafter, "F05", request.uid)
    assert (told.state, [sign.stamp for sign in told.signs["approver"]]) == ("退回", ["退回"])


def test_m2_1_an_application_to_excerpt_names_passage_and_target(house: Any, cast: Any) -> None:
    document, person = excerpting.source(cast)
    request = excerpting.asked(house, cast, document)
    told = filled(house, cast.drafter, "F06", request.uid)
    assert (told.state, told.signs["approver"], told.values["level"]) == ("申请", (), "机密")
    assert request.payload_data["passage"] in told.values["where"] and told.values["purpose"] == request.purpose
    approvals.approve(cast.deputy, request, "同意")
    made = excerpting.make(person, house.sit(person), request)
    assert filled(house, cast.drafter, "F06", request.uid).number == made.number


def test_c5_2_an_application_to_carry_out_names_bearer_and_entrustment_and_leaves_both_counts_to_the_pen(house: Any, cast: Any) -> None:
    document, copy = carrying.kept(cast)
    request = carrying.asked(house, cast, document, copy)
    told = filled(house, cast.drafter, "F07", request.uid)
    assert (told.state, told.values["bearer"], told.lists["items"].rows) == (
        "申请", cast.insider.name, ((document.title, copy.number, "", ""),))  # fmt: skip
    assert "委托书" in told.values["designated"] and told.values["destination"] == "华东合作单位会议室"
    assert "check_out" not in told.signs and "携带人" not in told.signs
    said = sheet(house.open_page_as(cast.drafter).post(f"/papers/{request.uid}/", {"form": "F07"}))
    assert said.count(INK) == 4  # department, leader, out, back
    approvals.approve(cast.deputy, request, "同意")
    assert filled(house, cast.drafter, "F07", request.uid).state == "主管领导批准"
    trip = actions.check_out(cast.clerk, house.sit(cast.clerk), request, {copy.uid: copy.pages})
    assert filled(house, cast.drafter, "F07", request.uid).number == trip.number


def test_p0_3_who_has_no_part_in_a_request_prints_nothing_and_takes_no_serial(house: Any, cast: Any) -> None:
    document, copy = carrying.kept(cast)
    request, other = carrying.asked(house, cast, document, copy), making.asked(house, cast, factories.classified(cast))
    for person in (cast.sales_head, cast.outsider, cast.engineer):
        for uid in (request.uid, request.uid[::-1]):
            with pytest.raises(NotThere):
                filled(house, person, "F07", uid)
    with pytest.raises(NotThere):  # the sheet of another act
        filled(house, cast.drafter, "F07", other.uid)
    assert not numbers.Issued.objects.filter(series="印表").exists()


def test_p0_3_an_applicant_who_has_left_the_scope_gets_no_title_on_paper(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    request = making.asked(house, cast, document, by=cast.insider)
    assert filled(house, cast.insider, "F05", request.uid).values["item"].startswith(document.title)
    documents.narrow_scope(cast.drafter, document, factories.scope_of("gexy"), "调离")
    told = filled(house, cast.insider, "F05", request.uid)
    assert document.title not in "".join(told.values.values()) and told.values["purpose"] == ""
