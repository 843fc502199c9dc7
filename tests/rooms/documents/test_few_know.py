"""Of an item that only a few may know, a request never waits for nobody: refused, or withdrawn by what made it so."""

import json

import pytest

from mifeng.base import deeds, jobs
from mifeng.base.models import Notice
from mifeng.base.refusals import Refused
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals import work
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions
from mifeng.rooms.documents.models import Document, Handler
from tests import factories

SCOPE = ("dingxl", "luyz", "youjn")


def penalty(cast, *handlers):
    proposed = factories.proposed(10, category="S6", line="hr_file", scope=factories.scope_of(*SCOPE), reason="")
    return factories.registered(
        cast, owner=cast.hr, department=cast.hr.department, proposed=proposed, handlers=handlers, concerned=(cast.excluded,)
    )


def request_on(document):
    return Approval.objects.filter(item_key=document.item_key).order_by("-pk").first()


def told(person, approval):
    return Notice.objects.filter(person_key=person.pk, kind="returned", item_key=f"approvals:{approval.uid}").exists()


@pytest.mark.parametrize("handler", ["hr_staff", "excluded", "deputy"])
def test_h2_an_embargo_whose_handlers_cannot_decide_is_refused_and_says_what_to_do(house, cast, handler):
    with pytest.raises(Refused) as refusal:
        penalty(cast, cast.hr, getattr(cast, handler))
    reason = refusal.value.decision.reasons[0]
    assert refusal.value.decision.rule == "nobody_of_the_few"
    assert "先由人事经办人或总经理增列经办人" in reason.zh
    assert "name a handler" in reason.en
    assert not Document.objects.exists()


@pytest.mark.parametrize("handler", ["gm", "other_deputy"])
def test_h2_with_a_handler_who_can_decide_the_request_waits_for_him(house, cast, handler):
    document = penalty(cast, cast.hr, getattr(cast, handler))
    assert approvals.candidates(request_on(document)) == [getattr(cast, handler)]


def test_h2_an_embargo_set_later_withdraws_what_none_of_its_handlers_can_decide(house, cast):
    document = factories.registered(cast)
    actions.open_embargo(cast.gm, document, (cast.drafter, cast.hr), (cast.excluded,))
    asked = request_on(document)
    assert asked.state == "withdrawn"
    assert told(cast.drafter, asked)
    actions.open_embargo(cast.gm, document, (cast.gm,), ())
    document.refresh_from_db()
    actions.propose(cast.drafter, document, factories.proposed())
    assert approvals.candidates(request_on(document)) == [cast.gm]


def test_h2_an_embargo_set_later_leaves_what_one_of_its_handlers_can_decide(house, cast):
    document = factories.registered(cast)
    actions.open_embargo(cast.gm, document, (cast.drafter, cast.gm), (cast.excluded,))
    asked = request_on(document)
    assert (asked.state, approvals.candidates(asked)) == ("asked", [cast.gm])
    assert [row.decision for row in asked.taken.all()] == ["merged"]  # he would sign both steps: once is enough


def test_a_step_that_needs_no_signature_any_more_is_passed_over_in_the_night(house, cast):
    """The head of the department becomes its deputy general manager, too, and the GM leaves the step: he signs once."""
    document = factories.registered(cast)
    steps = json.dumps([["owning_dept_head"], ["gm"]])
    head, asked = cast.dept_head, request_on(document)
    assert approvals.candidates(asked) == [head]
    deeds._do("documents:test_later", None, None, lambda: _alone(cast, asked, steps))
    assert approvals.candidates(request_on(document)) == []
    jobs.enqueue_rounds()
    jobs.run_all()
    asked = request_on(document)
    assert (asked.state, asked.step_no, approvals.candidates(asked)) == ("asked", 1, [cast.gm])


def _alone(cast, asked, steps):
    asked.steps = steps
    asked.save()
    for held in cast.dept_head.holdings.filter(post="dept_head"):
        held.delete()
    supervisor = cast.dept_head.department
    supervisor.supervisor = cast.gm
    supervisor.save()


def test_g4_1_a_sole_custody_withdraws_what_its_custodian_cannot_decide(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "jianxh", "wenqh", "luyz")))
    asked = actions.ask_change(cast.drafter, document, "upgrade", level=30, reason="内容有新增")
    row = actions.offer_custody(cast.drafter, document, cast.clerk, "集中保管")
    assert request_on(document).state == "asked"
    actions.accept_custody(cast.clerk, row.uid)
    asked.refresh_from_db()
    assert (asked.state, told(cast.drafter, asked)) == ("withdrawn", True)
    document.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        actions.ask_change(cast.drafter, document, "upgrade", level=30, reason="内容有新增")
    assert refusal.value.decision.rule == "nobody_of_the_few"
    actions.end_custody(cast.clerk, document, "不再集中保管")
    document.refresh_from_db()
    assert actions.ask_change(cast.drafter, document, "upgrade", level=30, reason="内容有新增").state == "asked"


def test_h2_when_the_last_handler_who_could_decide_is_gone_the_night_withdraws_the_request(house, cast):
    document = penalty(cast, cast.hr, cast.other_deputy)
    other = factories.registered(cast, title="另一件")
    assert work.resettle_all() == 0
    row = Handler.objects.get(document=document, person=cast.other_deputy)
    deeds._do("documents:test_later", None, None, row.delete)
    assert approvals.candidates(request_on(document)) == []
    jobs.enqueue_rounds()
    jobs.run_all()
    assert (request_on(document).state, request_on(other).state) == ("withdrawn", "asked")
    assert told(cast.hr, request_on(document))
    assert house.log()[-1]["out"] == "allowed"
