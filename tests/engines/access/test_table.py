"""The table as a whole: generated source, languages, clauses, documentation, switches, facts."""

import ast
import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pytest

from mifeng.engines.access import (
    ACT_WORDS,
    ACTS,
    EVER,
    Context,
    Grant,
    Item,
    Relations,
    Subject,
    UnknownAct,
    UnknownRule,
    awaited,
    decide,
    explain,
    key,
    serving,
    switched,
)
from mifeng.engines.access.facts import FACTS, RELATIONS
from mifeng.engines.access.policy import ASKED_FOR, BUT_DECIDE, BUT_REGISTER, CARRIED_OUT, RULES, denies, hiding
from mifeng.engines.access.readings.python import source

HOUSE = Path(__file__).resolve().parents[3]
PACKAGE = HOUSE / "src/mifeng/engines/access"
STAFF = Subject(7, 20, 0, 1, EVER, EVER, 1, frozenset({key(1, 0), key(2, 7), key(4, 3)}))
DESK = Context(1000, 20, EVER, EVER, EVER, 1)
PAPER = Item(8, 20, 3, 1, 0, 0, None, 4, 0, 0)
GIVEN = Grant(8, 7, "clerk", "copy", 100, 200, 2, "approved", "deputy_gm", 300)


def test_the_generated_source_is_what_the_table_says() -> None:
    assert (PACKAGE / "decided.py").read_text(encoding="utf-8") == source(RULES)


def test_the_maker_writes_it_and_tells_a_stale_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("make_decided", HOUSE / "tools/make_decided.py")
    assert spec
    assert spec.loader
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    monkeypatch.setattr(maker, "HOUSE", tmp_path)
    monkeypatch.setattr(maker, "PLACE", tmp_path / "decided.py")
    assert maker.main([]) == 0
    assert maker.main(["--check"]) == 0
    (tmp_path / "decided.py").write_text("", encoding="utf-8")
    assert maker.main(["--check"]) == 1


def test_nothing_is_compiled_from_text_at_run_time_and_no_clock_is_read() -> None:
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not called & {"exec", "eval", "compile", "open", "__import__"}, path
        # `.now` is a fact of the context here; the clock's own spellings are these.
        assert not named & {"today", "utcnow", "time_ns", "monotonic"}, path
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert all(not name.startswith("mifeng.") or name.startswith("mifeng.engines.access") for name in imported), (
            path
        )


def test_every_row_has_its_sentence_in_both_languages_and_no_two_rows_share_an_id() -> None:
    for row in explain():
        assert re.search(r"[一-鿿]", row.zh), row.id
        assert row.en, row.id
        assert not re.search(r"[一-鿿]", row.en), row.id
        assert not re.search(r"[!!★]", row.zh + row.en), row.id
    assert len({row.id for row in explain()}) == len(RULES)


def test_explain_gives_one_act_with_its_own_clause() -> None:
    assert {row.clause for row in explain("print") if row.id == "permit-execute"} == {"C2.2"}
    assert [row.id for row in explain("decide") if row.effect == "permit"] == ["permit-judge"]
    assert set(ACT_WORDS) == set(ACTS)
    with pytest.raises(UnknownAct):
        explain("sniff")


def test_only_device_password_factor_and_session_leave_the_item_known() -> None:
    hidden = {rule.id for rule in hiding(RULES)}
    assert {rule.id for rule in denies(RULES, "read")} - hidden == {
        "deny-password", "deny-device", "deny-stale", "deny-session",
    }  # fmt: skip


def test_the_spec_prints_the_table_and_the_facts_as_they_are() -> None:
    text = (HOUSE / "docs/spec/access.md").read_text(encoding="utf-8")
    for rule in RULES:
        cells = (rule.id, ", ".join([rule.clause, *rule.also]), rule.effect, _acts(rule.acts), f"`{rule.when!r}`")
        assert f"| {' | '.join(cells)} |" in text, rule.id
    for spec in (*FACTS, *RELATIONS):
        assert f"`{spec.name}`" in text, spec.name
        # A line of its own for what nobody supplies yet: doctor shows the same as 未启用.
        assert (f"| `{spec.name}` | {spec.awaits} |" in text) == bool(spec.awaits), spec.name
    for act in ACTS:
        assert f"`{act}`" in text, act


def _acts(acts: tuple[str, ...]) -> str:
    for name, group in (
        ("all", ACTS),
        ("all but decide", BUT_DECIDE),
        ("all but register_facts", BUT_REGISTER),
        ("asked for", ASKED_FOR),
        ("carried out", CARRIED_OUT),
    ):
        acts = (name, *(act for act in acts if act not in group)) if set(group) <= set(acts) else acts
    return ", ".join(acts)


def test_an_unknown_act_is_no_refusal_but_a_mistake() -> None:
    with pytest.raises(UnknownAct):
        decide("sniff", STAFF, DESK, PAPER, Relations(scope=True))
    with switched("deny-left", "off"), pytest.raises(UnknownAct):
        decide("sniff", STAFF, DESK, PAPER, Relations(scope=True))


def test_a_missing_fact_never_becomes_a_permission() -> None:
    for broken in ({"clearance": None}, {"pledge_until": None}):
        with pytest.raises(TypeError):
            decide("read", replace(STAFF, **broken), DESK, PAPER, Relations(scope=True))


def test_switches_nest_and_come_back() -> None:
    inside = Relations(scope=True)
    with switched("permit-scope", "off"):
        with switched("deny-level", "off"):
            assert decide("read", STAFF, DESK, replace(PAPER, level=30), Relations()).reasons[0].rule == "deny-device"
            assert not decide("read", STAFF, DESK, PAPER, inside).allow
        assert not decide("read", STAFF, DESK, PAPER, inside).allow
    assert decide("read", STAFF, DESK, PAPER, inside).allow
    with switched("deny-dead", "always"):
        assert decide("read", STAFF, DESK, PAPER, inside).rule == "deny-dead"
    for rule, value in (("deny-nobody", "off"), ("deny-left", "on"), ("default", "off")):
        with pytest.raises(UnknownRule), switched(rule, value):
            pass


def test_many_different_answers_do_not_pile_up() -> None:
    from mifeng.engines.access import deciding

    answers = deciding.Answers(RULES, "read")
    for held in range(deciding.MOST_REMEMBERED + 5):
        answers.answer(held)
    assert len(answers.remembered) == 5


def test_an_officer_keeps_the_key_of_all_staff_and_no_other() -> None:
    assert replace(STAFF, role=1).keys == {key(1, 0)}
    assert replace(STAFF, role=3, keys=frozenset({key(2, 7)})).keys == frozenset()
    assert replace(STAFF, role=0).keys == {key(1, 0), key(2, 7), key(4, 3)}


def test_a_calm_moment_lifts_device_password_factor_and_session_and_keeps_the_time() -> None:
    poor = Context(1000, 0, 0, 0, 0, 0)
    assert not decide("read", STAFF, poor, PAPER, Relations(scope=True)).allow
    assert decide("read", STAFF, poor.calm(), PAPER, Relations(scope=True)).allow
    assert poor.calm().now == 1000


@pytest.mark.parametrize(
    ("changed", "now", "serves"),
    [
        ({}, 99, False),
        ({}, 100, True),
        ({}, 199, True),
        ({}, 200, False),
        ({"approval_until": 150}, 149, True),
        ({"approval_until": 150}, 150, False),
        ({"uses_left": 1}, 150, True),
        ({"uses_left": 0}, 150, False),
        ({"uses_left": None}, 150, True),
        ({"state": "revoked"}, 150, False),
        ({"state": "asked"}, 150, False),
        ({"doc": 9}, 150, False),
        ({"act": "print"}, 150, False),
        ({"act": "show"}, 150, False),
        ({"executor_post": "archivist"}, 150, False),
    ],
)
def test_a_grant_serves_its_item_its_act_its_executor_while_it_lives(changed: dict, now: int, serves: bool) -> None:
    grant = replace(GIVEN, **changed)
    found = serving([grant], "copy", 8, 11, frozenset({"clerk"}), now)
    assert found == (grant if serves else None)


def test_a_showing_serves_its_person_for_reading_and_nobody_else() -> None:
    shown = replace(GIVEN, act="show", executor_post="", uses_left=1)
    assert serving([shown], "read", 8, 7, frozenset(), 150) == shown
    assert serving([shown], "read", 8, 11, frozenset({""}), 150) is None
    assert serving([GIVEN, shown], "copy", 8, 7, frozenset({"clerk"}), 150) == GIVEN
    assert serving([GIVEN], "read", 8, 7, frozenset({"clerk"}), 150) is None


def test_what_nobody_supplies_yet_is_listed_with_its_neutral_value_and_the_rows_that_rest_on_it() -> None:
    announced = {spec.name for spec in (*FACTS, *RELATIONS) if spec.awaits}
    assert {row.name for row in awaited()} == announced
    for row in awaited():
        assert row.rules
        assert not (HOUSE / "src/mifeng/rooms" / row.room).exists(), f"{row.name}: the room stands, so it is awaited no more"
        if row.side in ("relation", "deed"):
            assert (getattr(Relations(), row.name) or row.neutral) == row.neutral
    given = next(row for row in awaited() if row.name == "grant_by_gm")
    assert (given.clause, given.neutral, given.room, given.rules) == ("M4", 0, "disclosure", ("permit-out",))
