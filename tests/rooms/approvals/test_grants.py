"""Grants in a real house: spent by one conditional update, ended by revocation and lapse, never outlasting either."""

import ast
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from mifeng.base import clock, deeds, duties
from mifeng.base.codes import Tampered
from mifeng.base.refusals import Conflict, Refused
from mifeng.rooms.approvals import actions, grants, moves, queries, rules, state_guard, work
from mifeng.rooms.approvals.facts import State, Wanted, pages_word
from mifeng.rooms.approvals.models import Approval, Grant, Part
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from tests import factories, matters

ROOT = Path(__file__).parents[3]
WANTED = Wanted(copies=2, pages=frozenset({1, 2, 3}))


@pytest.fixture
def copying(house: Any) -> Iterator[None]:
    """The house has a matter for copies."""
    with matters.announced("copy"):
        yield


@pytest.fixture
def granted(copying: None, cast: Any) -> Grant:
    """Two copies of three pages, asked by the drafter, approved by the supervising deputy."""
    return approved(cast)


def approved(cast: Any, **told: Any) -> Grant:
    """A request to copy, approved; its grant."""
    asked = matters.ask(cast.drafter, "copy", **{"wanted": WANTED} | told)
    return actions.approve(cast.deputy, asked, "同意").grants.get()


def use(person: Any, grant: Grant, **told: Any) -> Grant:
    """One use inside a deed of the test's own."""
    told = {"act": "copy", "item_key": "documents:d1", "pages": (1, 2, 3)} | told
    return matters.inside(person, grants.spend, person, grant, **told)


def refusal_of(call: Any, *args: Any, **told: Any) -> tuple[str, str]:
    """Rule and clause of a refusal."""
    with pytest.raises(Refused) as caught:
        call(*args, **told)
    return caught.value.decision.rule, caught.value.decision.clause


def test_m2_1_whoever_asks_for_more_than_is_left_is_told_how_many_are(granted: Grant, cast: Any) -> None:
    with pytest.raises(Refused) as caught:
        use(cast.clerk, granted, count=3)
    [reason] = caught.value.decision.reasons
    assert (reason.rule, reason.zh, reason.en) == (
        "used_up", "准予的只剩2份,不能办3份", "Only 2 of what was granted are left, not 3."
    )  # fmt: skip
    assert use(cast.clerk, granted, count=2).uses_left == 0


def test_m2_1_two_copies_are_two_uses_and_the_third_is_refused(granted: Grant, cast: Any) -> None:
    assert use(cast.clerk, granted).uses_left == 1
    assert use(cast.clerk, granted).uses_left == 0
    assert refusal_of(use, cast.clerk, granted) == ("used_up", "M2.1")
    granted.approval.refresh_from_db()
    assert (granted.approval.state, Grant.objects.get().uses_left) == ("executing", 0)


def test_m2_1_an_approved_page_does_not_open_the_next(granted: Grant, cast: Any) -> None:
    assert refusal_of(use, cast.clerk, granted, pages=(3, 4)) == ("other_pages", "M2.1")
    assert refusal_of(use, cast.clerk, granted, item_key="documents:d2") == ("other_grant", "M2.1")
    assert refusal_of(use, cast.clerk, granted, act="excerpt") == ("other_grant", "M2.1")
    assert use(cast.clerk, granted, pages=(3,)).uses_left == 1


def test_m1_1_only_an_entrusted_clerk_executes(granted: Grant, cast: Any) -> None:
    assert refusal_of(use, cast.insider, granted) == ("not_executor", "M2.1")
    for held in cast.clerk.appointments.all():
        people.revoke_appointment(cast.office_head, held)
    assert refusal_of(use, cast.clerk, granted) == ("not_executor", "M2.1")
    assert use(cast.second_clerk, granted).uses_left == 1


def test_m2_1_whoever_asks_does_not_execute(copying: None, cast: Any) -> None:
    asked = matters.ask(cast.clerk, "copy", wanted=WANTED, department=cast.drafter.department)
    grant = actions.approve(cast.deputy, asked).grants.get()
    assert refusal_of(use, cast.clerk, grant) == ("other_part", "M2.1")
    assert use(cast.second_clerk, grant).uses_left == 1


def test_m2_1_the_database_refuses_a_second_part_of_the_same_person(granted: Grant, cast: Any) -> None:
    def write() -> None:
        Part.objects.create(approval=granted.approval, role="executor", person=cast.drafter)

    with pytest.raises(DatabaseError):
        deeds._do("test:part", cast.drafter, None, write)


def test_m2_1_another_post_between_two_steps_gives_no_second_part(copying: None, cast: Any) -> None:
    people.assign_post(cast.hr, cast.drafter, "deputy_gm", clock.today())
    asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
    with pytest.raises(Refused) as caught:
        actions.approve(cast.drafter, asked)
    assert caught.value.decision.rule == "own_request"


def test_m2_1_an_approver_grants_less_never_more(copying: None, cast: Any) -> None:
    asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
    for more in ({"copies": 3}, {"copies": 0}, {"pages": frozenset({4})}, {"pages": frozenset()}):
        assert refusal_of(actions.approve, cast.deputy, asked, limit=more) == ("grants_more", "M2.1")
    assert refusal_of(actions.approve, cast.deputy, asked, limit={"recipient": "他人"}) == ("limits_something_else", "M2.1")
    end = clock.now() + timedelta(hours=5)
    less = {"copies": 1, "pages": frozenset({2}), "until": end}
    grant = actions.approve(cast.deputy, asked, limit=less).grants.get()
    assert (grant.uses_left, grant.pages, grant.until) == (1, "2", end)
    assert refusal_of(use, cast.clerk, grant, pages=(1,)) == ("other_pages", "M2.1")
    assert use(cast.clerk, grant, pages=(2,)).uses_left == 0


def test_m2_1_an_approval_lapses_after_seven_days_without_any_job(house: Any, granted: Grant, cast: Any) -> None:
    with house.at(timedelta(days=7) - timedelta(seconds=1)):
        assert use(cast.clerk, granted).uses_left == 1
    other = approved(cast)
    with house.at(timedelta(days=7)):
        assert refusal_of(use, cast.clerk, other) == ("lapsed", "M2.1")
        assert work.lapse_all() == 1
        other.approval.refresh_from_db()
        assert (other.approval.state, Grant.objects.get(pk=other.pk).state) == ("lapsed", "lapsed")
        assert refusal_of(actions.lapse, cast.drafter, other.approval) == ("no_such_step", "M2.1")
        assert [notice.kind for notice in duties.desk(cast.drafter.pk)].count("lapsed") == 1
        assert work.lapse_all() == 0


def test_m2_1_what_is_still_in_force_does_not_lapse(granted: Grant, cast: Any) -> None:
    assert refusal_of(actions.lapse, cast.drafter, granted.approval) == ("still_in_force", "M2.1")
    assert work.lapse_all() == 0


@pytest.mark.parametrize("who", ["deputy", "gm"])
def test_m2_1_approver_and_superior_revoke_and_nothing_is_left(granted: Grant, cast: Any, who: str) -> None:
    use(cast.clerk, granted)
    assert actions.revoke(getattr(cast, who), granted.approval, "项目停止").state == "revoked"
    assert Grant.objects.get().uses_left == 0
    assert refusal_of(use, cast.clerk, granted) == ("revoked", "M2.1")
    assert "revoked" in [notice.kind for notice in duties.desk(cast.drafter.pk)]


def test_m2_1_nobody_else_revokes(granted: Grant, cast: Any) -> None:
    for who in (cast.other_deputy, cast.dept_head, cast.drafter, cast.secadmin):
        assert refusal_of(actions.revoke, who, granted.approval, "试") == ("may_not_revoke", "M2.1")
    assert refusal_of(actions.revoke, cast.deputy, granted.approval, " ") == ("reason_required", "M2.1")
    assert use(cast.clerk, granted).uses_left == 1


def test_m2_1_a_deputy_does_not_revoke_what_the_gm_approved(copying: None, cast: Any) -> None:
    asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
    approval = actions.approve(cast.gm, asked)
    assert refusal_of(actions.revoke, cast.deputy, approval, "试") == ("may_not_revoke", "M2.1")


def test_a_frozen_item_revokes_its_running_approvals(granted: Grant, cast: Any) -> None:
    assert matters.inside(cast.gm, grants.freeze, "documents:d1") == 1
    assert refusal_of(use, cast.clerk, granted) == ("revoked", "M2.1")


def test_m7_1_a_freeze_stops_a_grant_and_once_confirmed_revokes_it(copying: None, cast: Any) -> None:
    document = factories.classified(cast)
    grant = approved(cast, item_key=document.item_key)
    documents.freeze(cast.office_head, document, (), "疑似泄密")
    documents.confirm_freeze(cast.office_head, document)
    assert refusal_of(use, cast.clerk, grant, item_key=document.item_key) == ("revoked", "M2.1")
    assert Approval.objects.get(pk=grant.approval_id).state == "revoked"


@pytest.mark.parametrize(("told", "rule"), [("frozen", "frozen"), ("gone", "gone")])
def test_m2_1_a_grant_for_a_frozen_or_destroyed_paper_does_nothing(house: Any, cast: Any, told: str, rule: str) -> None:
    after: list[bool] = []
    with matters.announced("copy", **{told: lambda approval: bool(after)}):
        grant = approved(cast)
        after.append(True)
        assert refusal_of(use, cast.clerk, grant) == (rule, "M2.1")
        after.clear()
        assert use(cast.clerk, grant).uses_left == 1


def test_m2_1_a_spoiled_sheet_is_replaced_by_a_linked_grant(granted: Grant, cast: Any) -> None:
    use(cast.clerk, granted, count=2)
    assert refusal_of(actions.replace, cast.gm, granted, 1, "卡纸") == ("wrong_approver", "M2.1")
    assert refusal_of(actions.replace, cast.deputy, granted, 3, "卡纸") == ("nothing_to_replace", "M2.1")
    again = actions.replace(cast.deputy, granted, 1, "卡纸作废一份")
    assert (again.replaces_id, again.uses_left) == (granted.pk, 1)
    assert use(cast.clerk, again).uses_left == 0
    assert refusal_of(use, cast.clerk, again) == ("used_up", "M2.1")
    assert refusal_of(actions.replace, cast.deputy, granted, 2, "再补") == ("nothing_to_replace", "M2.1")


def test_a_copy_goes_to_its_register_and_is_closed(granted: Grant, cast: Any) -> None:
    use(cast.clerk, granted)
    approval = Approval.objects.get(pk=granted.approval_id)
    assert refusal_of(matters.inside, cast.clerk, grants.register, approval, "") == ("not_registered", "M2.1")
    matters.inside(cast.clerk, grants.register, Approval.objects.get(pk=approval.pk), "复密〔2026〕0001")
    approval.refresh_from_db()
    assert refusal_of(matters.inside, cast.clerk, grants.close, approval, watched=False) == ("not_watched", "M2.1")
    approval.refresh_from_db()
    matters.inside(cast.clerk, grants.close, approval)
    assert Approval.objects.get(pk=approval.pk).state == "closed"


def test_a_use_that_is_rolled_back_stays(granted: Grant, cast: Any) -> None:
    def fails() -> None:
        grants.spend(cast.clerk, granted, act="copy", item_key="documents:d1", pages=(1,))
        raise RuntimeError("paper jam before the number")

    with pytest.raises(RuntimeError):
        matters.inside(cast.clerk, fails)
    assert use(cast.clerk, granted).uses_left == 1


def test_m2_1_fifty_parallel_uses_spend_two(granted: Grant, cast: Any) -> None:
    clerk, outcomes, lock = cast.clerk, [], threading.Lock()

    def one() -> None:
        try:
            use(clerk, granted)
            outcome = "spent"
        except Refused as refusal:
            outcome = refusal.decision.rule
        except DatabaseError as fault:
            outcome = repr(fault)
        with lock:
            outcomes.append(outcome)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["spent"] * 2 + ["used_up"] * 48
    assert Grant.objects.get().uses_left == 0


def test_of_two_approvers_at_once_the_second_is_told(copying: None, cast: Any) -> None:
    asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
    stale = Approval.objects.get(pk=asked.pk)
    actions.approve(cast.deputy, asked)
    with pytest.raises(Conflict):
        actions.approve(cast.gm, stale)
    assert Grant.objects.count() == 1


def test_an_approver_who_left_between_the_steps_is_replaced_by_todays_holder(house: Any, cast: Any) -> None:
    with matters.announced("classify"):
        asked = matters.ask(cast.drafter, "classify")
        first = actions.approve(cast.dept_head, asked)
        assert cast.deputy in queries.candidates(first)
        people.close_account(cast.secadmin, cast.deputy, clock.today())
        first.refresh_from_db()
        assert queries.candidates(first) == [cast.gm]
        with pytest.raises(Refused):
            actions.approve(Person.objects.get(pk=cast.deputy.pk), first)
        assert actions.approve(cast.gm, first).state == "approved"


def test_uses_written_past_the_deeds_are_noticed(granted: Grant, cast: Any) -> None:
    use(cast.clerk, granted, count=2)

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE approvals_grant SET uses_left = 9 WHERE id = %s", [granted.pk])

    deeds._do("test:past", cast.clerk, None, write)
    with pytest.raises(Tampered):
        use(cast.clerk, granted)


@pytest.mark.parametrize("act", ["carry_out", "external_provision", "destroy", "seal_company"])
def test_a_condition_that_fails_when_asked_stops_the_request(house: Any, cast: Any, act: str) -> None:
    missing = {"carry_out": ("destination_kind_allowed", "G4.3"), "external_provision": ("return_or_destroy_date", "M4"),
               "seal_company": ("impressions_fixed", "C8.2")}  # fmt: skip
    with matters.announced(act):
        if act in missing:
            assert refusal_of(matters.ask, cast.drafter, act) == missing[act]
        else:
            assert matters.ask(cast.drafter, act).state == "asked"


def test_g4_3_a_home_is_no_destination_whoever_signs(house: Any, cast: Any) -> None:
    with matters.announced("carry_out"):
        for kind in ("home", "public_place", "hotel"):
            got = refusal_of(matters.ask, cast.drafter, "carry_out", wanted=Wanted(destination=kind))
            assert got == ("destination_kind_allowed", "G4.3")
        assert matters.ask(cast.drafter, "carry_out", wanted=Wanted(destination="partner")).state == "asked"


def test_m1_1_destruction_needs_five_persons(house: Any, cast: Any) -> None:
    with matters.announced("destroy"):
        grant = actions.approve(cast.deputy, matters.ask(cast.drafter, "destroy")).grants.get()
        told = {"act": "destroy", "item_key": "documents:d1"}
        clerk = cast.second_clerk

        def burn(*watchers: Any) -> Any:
            return matters.inside(clerk, grants.spend, clerk, grant, watchers=watchers, **told)

        assert refusal_of(burn, cast.insider, cast.engineer) == ("not_executor", "M1.1")
        people.appoint(
            cast.office_head, clerk, acts=("destroy",), level_max=30, since=clock.today(),
            until=clock.today() + timedelta(days=90),
        )  # fmt: skip
        assert refusal_of(burn, cast.insider) == ("two_witnesses_neither_applicant_nor_executor", "G4.5")
        assert refusal_of(burn, cast.drafter, cast.insider) == ("other_part", "M1.1")
        assert refusal_of(burn, cast.insider, clerk)[0] in ("other_part", "two_witnesses_neither_applicant_nor_executor")
        assert burn(cast.insider, cast.engineer).uses_left == 0
        roles = set(grant.approval.parts.values_list("role", flat=True))
        assert roles == {"applicant", "approver", "executor", "watcher1", "watcher2"}


def test_the_database_refuses_a_state_that_the_table_does_not_list(granted: Grant, cast: Any) -> None:
    def write(table: str, state: str, pk: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET state = %s WHERE id = %s", [state, pk])

    for table, state, pk in [
        ("approvals_approval", "asked", granted.approval_id), ("approvals_approval", "closed", granted.approval_id),
        ("approvals_grant", "closed", granted.pk), ("approvals_grant", "executing", granted.pk),
    ]:  # fmt: skip
        with pytest.raises(DatabaseError, match="no such change of state"):
            deeds._do("test:state", cast.clerk, None, lambda told=(table, state, pk): write(*told))
    deeds._do("test:state", cast.clerk, None, lambda: write("approvals_grant", "revoked", granted.pk))


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_the_guard_of_states_lists_the_tables_own_pairs(vendor: str) -> None:
    told = " ".join(state_guard.statements(vendor))
    assert (State.ASKED, State.APPROVED) in rules.pairs()
    assert (State.DRAFT, State.APPROVED) not in rules.pairs()
    for before in State:
        for after in State:
            if (before, after) not in rules.pairs() | state_guard.GRANT_PAIRS:
                assert f"'{before.value}>{after.value}'" not in told
    assert all(f"'{before.value}>{after.value}'" in told for before, after in rules.pairs())
    with pytest.raises(ValueError, match="oracle"):
        state_guard.statements("oracle")


def test_only_moves_writes_a_state() -> None:
    written = set()
    for file in sorted((ROOT / "src/mifeng/rooms/approvals").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                inner = target.elts if isinstance(target, ast.Tuple) else [target]
                if any(isinstance(part, ast.Attribute) and part.attr == "state" for part in inner):
                    written.add(file.stem)
            updates = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("update", "bulk_update")
            if updates and any(word.arg == "state" for word in node.keywords):
                written.add(file.stem)
    assert written == {moves.__name__.rsplit(".", 1)[-1]}


def test_no_other_room_writes_the_state_of_a_request_or_a_grant() -> None:
    for file in sorted((ROOT / "src/mifeng").rglob("*.py")):
        text = file.read_text("utf-8")
        if "rooms/approvals/" in file.as_posix() or "approval" not in text.lower():
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    words = ast.unparse(target)
                    assert not (words.endswith(".state") and ("approval" in words or "grant" in words)), (file, words)


def test_pages_are_written_as_one_writes_them() -> None:
    assert pages_word({1, 2, 3, 5, 8, 7}) == "1-3,5,7-8"
    assert pages_word(()) == ""
    assert Wanted.of(WANTED.plain()) == WANTED
