"""Several requests decided at once: only of low risk, each a deed of its own, one that fails leaves the others standing."""

from datetime import date
from typing import Any

import pytest

from mifeng.base.refusals import Refused
from mifeng.clauses import matrix
from mifeng.rooms.approvals import actions, batch, queries, together
from mifeng.rooms.approvals.batch import Asked
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.viewing import actions as viewing
from tests import factories, matters

WANTED = Wanted(copies=1, pages=frozenset({1}))
SECRET = 10


def low(act: str, **changes: Any) -> Asked:
    """A request of this act at 秘密, everything about it harmless."""
    return Asked(**{"act": act, "level": SECRET, "steps": 1, "seen": True} | changes)


def test_what_counts_as_low_risk_is_read_off_the_table() -> None:
    assert set(batch.acts()) == {
        "upgrade", "extend_term", "copy", "excerpt", "first_print", "circulate", "lend", "meeting_plan", "key_site_entry",
    }  # fmt: skip
    for act in batch.acts():
        assert len(matrix.steps(act, SECRET)) == 1


@pytest.mark.parametrize(("act", "clause"), sorted(batch.LEAVES.items()))
def test_d2_m4_c5_2_g4_5_what_leaves_or_ends_is_decided_singly(act: str, clause: str) -> None:
    for level in (0, 5, SECRET):
        found = batch.refusal(low(act, level=level))
        assert found is not None
        assert (found.rule, found.clause) == ("decided_singly", clause)


@pytest.mark.parametrize("act", sorted({act.id for act in matrix.acts() if not act.has_levels}))
def test_what_concerns_persons_seals_and_accounts_is_decided_singly(act: str) -> None:
    found = batch.refusal(low(act, level=0))
    assert found is not None
    assert found.clause == matrix.act(act).clauses[0]


@pytest.mark.parametrize(
    ("change", "clause", "rule"),
    [({"level": 20}, "M2.1", "decided_singly"), ({"level": 30}, "M2.1", "decided_singly"), ({"steps": 2}, "M2.1", "decided_singly"),
     ({"verbal": True}, "D2", "decided_singly")],
    ids=["highly", "top", "two-steps", "by-word"],
)  # fmt: skip
def test_m2_1_one_thing_too_many_and_a_copy_is_decided_singly(change: dict[str, Any], clause: str, rule: str) -> None:
    assert batch.refusal(low("copy")) is None
    found = batch.refusal(low("copy", **change))
    assert found is not None
    assert (found.rule, found.clause) == (rule, clause)


def test_m2_1_an_excerpt_unseen_is_not_approved_among_others() -> None:
    assert batch.refusal(low("excerpt")) is None
    found = batch.refusal(low("excerpt", seen=False))
    assert found is not None
    assert (found.rule, found.clause) == ("pages_unseen", "M2.1")


def copies(cast: Any, count: int, level: int = SECRET) -> list[Approval]:
    return [
        matters.ask(cast.drafter, "copy", level=level, wanted=WANTED, item_key=f"documents:d{n}", number=f"复〔2026〕{n}号")
        for n in range(1, count + 1)
    ]  # fmt: skip


def test_m2_1_each_of_several_is_a_deed_of_its_own(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = copies(cast, 3)
        before = len(house.log())
        found = together.approve(cast.deputy, [one.uid for one in asked[:2]], "同意")
        assert [outcome.why for outcome in found] == ["", ""]
        entries = house.log()[before:]
        assert [(entry["act"], entry["out"], entry["n"]["together"]) for entry in entries] == [("approvals:approve", "allowed", 2)] * 2
        assert {entry["grant"] for entry in entries} == {one.uid for one in asked[:2]}
        assert [Approval.objects.get(pk=one.pk).state for one in asked] == ["approved", "approved", "asked"]


def is_no_copy(approval: Any, _person: Any, stage: str) -> bool:
    """Found out at the decision only, of the second one."""
    return stage != "decide" or not approval.number.endswith("2号")


def test_one_that_fails_is_named_and_the_others_stand(house: Any, cast: Any) -> None:
    with matters.announced("copy", conditions={"not_a_copy_of_a_copy": is_no_copy}):
        asked = copies(cast, 3)
        client = house.open_page_as(cast.deputy)
        uids = [one.uid for one in asked]
        listed = client.post("/approvals/several/", {"uid": uids, "do": "look"}).content.decode()
        assert [f'value="{uid}"' in listed for uid in uids] == [True] * 3
        assert [one.number in listed for one in asked] == [True] * 3
        told = client.post("/approvals/several/", {"uid": uids, "do": "approve"}).content.decode()
        assert "2 件已批准，1 件未批准" in told
        assert 'href="/clauses/M2.1/"' in told
        assert [Approval.objects.get(pk=one.pk).state for one in asked] == ["approved", "asked", "approved"]
        again = client.post("/approvals/several/", {"uid": [uids[0]], "do": "approve"})
        assert (again.status_code, again.headers["Location"]) == (302, "/approvals/")


def test_k1_0_a_forged_form_approves_nothing_of_high_level(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = copies(cast, 2, level=20)
        client = house.open_page_as(cast.deputy)
        assert 'name="uid"' not in client.get("/approvals/").content.decode()
        client.post("/approvals/several/", {"uid": [one.uid for one in asked], "do": "approve"})
        assert {Approval.objects.get(pk=one.pk).state for one in asked} == {"asked"}
        with pytest.raises(Refused) as refusal:
            actions.approve(cast.deputy, asked[0], together=2)
        assert (refusal.value.decision.rule, refusal.value.clauses) == ("decided_singly", ["M2.1"])
        assert actions.approve(cast.deputy, asked[0]).state == "approved"


@pytest.mark.parametrize("who", ["outsider", "other_deputy", "drafter", "secadmin"])
def test_p0_3_requests_of_others_are_not_among_several(house: Any, cast: Any, who: str) -> None:
    with matters.announced("copy"):
        asked = copies(cast, 2)
        client = house.open_page_as(getattr(cast, who))
        for do in ("look", "approve"):
            answer = client.post("/approvals/several/", {"uid": [one.uid for one in asked], "do": do})
            assert (answer.status_code, answer.headers["Location"]) == (302, "/approvals/")
        assert {Approval.objects.get(pk=one.pk).state for one in asked} == {"asked"}


def test_only_requests_of_one_act_go_together(house: Any, cast: Any) -> None:
    with matters.announced("copy"), matters.announced("first_print"):
        copied = copies(cast, 1)[0]
        printed = matters.ask(cast.drafter, "first_print", level=SECRET, wanted=WANTED, item_key="documents:d9")
        assert [queries.why_singly(cast.deputy, one) for one in (copied, printed)] == [None, None]
        assert len(together.approve(cast.deputy, [copied.uid, printed.uid])) == 1
        assert sorted(Approval.objects.values_list("state", flat=True)) == ["approved", "asked"]


def secret_paper(cast: Any, title: str) -> Any:
    """A 秘密 paper of two pages that runs for three years."""
    told = factories.proposed(level=SECRET, term=TermFacts("years", 2))
    return factories.readable(cast, title=title, proposed=told)


def test_p4_0_terms_are_extended_together_only_after_the_pages_were_turned(house: Any, cast: Any) -> None:
    papers = [secret_paper(cast, f"青鹭三型关节模组周报 {n}") for n in (1, 2)]
    for paper in papers:
        documents.ask_change(
            cast.drafter, paper, kind="extend", level=SECRET, term=TermFacts("years", 3), reason="项目延后"
        )
    asked = list(Approval.objects.filter(matter="documents:extend").order_by("pk"))
    approver = queries.candidates(asked[0])[0]
    assert {queries.why_singly(approver, one).rule for one in asked} == {"pages_unseen"}  # type: ignore[union-attr]
    assert [outcome.clause for outcome in together.approve(approver, [one.uid for one in asked])] == ["P4.0", "P4.0"]
    session = house.sit(approver)
    reading, _file = viewing.open_document(approver, session, papers[0].uid)
    viewing.open_page(approver, session, reading, 1)
    assert queries.why_singly(approver, asked[0]) is not None
    viewing.open_page(approver, session, reading, 2)
    found = together.approve(approver, [one.uid for one in asked])
    assert [(outcome.approval.pk, outcome.clause) for outcome in found] == [(asked[0].pk, ""), (asked[1].pk, "P4.0")]
    assert [Approval.objects.get(pk=one.pk).state for one in asked] == ["approved", "asked"]


def test_the_inbox_offers_a_choice_only_where_two_may_go_together(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        copies(cast, 1)
        client = house.open_page_as(cast.deputy)
        assert 'form="several"' not in client.get("/approvals/").content.decode()
        copies(cast, 2)
        assert client.get("/approvals/").content.decode().count('form="several"') == 3


def test_after_a_decision_the_next_request_stands_there(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = copies(cast, 3)
        client = house.open_page_as(cast.deputy)
        page = client.get(f"/approvals/{asked[1].uid}/").content.decode()
        assert "2 / 3" in page
        assert f'href="/approvals/{asked[0].uid}/" data-mf-before' in page
        assert f'href="/approvals/{asked[2].uid}/" data-mf-after' in page
        for now, then in ((1, f"/approvals/{asked[2].uid}/"), (2, f"/approvals/{asked[0].uid}/"), (0, "/approvals/")):
            answer = client.post(f"/approvals/{asked[now].uid}/", {"decision": "approve"})
            assert answer.headers["Location"] == then + "?done=approved"
            assert "上一件已批准" in client.get(answer.headers["Location"]).content.decode()


def test_urgent_first_then_late_then_by_level_then_by_age(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        old = matters.ask(cast.drafter, "copy", level=SECRET, wanted=WANTED, item_key="documents:old")
        with house.at(date(2026, 3, 18)):  # Monday's request waits for longer than Tuesday
            fresh = matters.ask(cast.drafter, "copy", level=SECRET, wanted=WANTED, item_key="documents:fresh")
            high = matters.ask(cast.drafter, "copy", level=20, wanted=WANTED, item_key="documents:high")
            urgent = matters.ask(cast.drafter, "copy", level=SECRET, wanted=WANTED, item_key="documents:urgent", urgent=True)
            assert [one.pk for one in queries.waiting_for(cast.deputy)] == [urgent.pk, old.pk, high.pk, fresh.pk]
            page = house.open_page_as(cast.deputy).get("/approvals/").content.decode()
            assert page.count('class="hot"') == 2
            assert page.count("已逾一个工作日") == 1
