"""Every decision vector, by the generated function and by the interpreter; every rule is needed by some vector."""

from collections import Counter

import pytest

from mifeng.engines.access import ACTS, Decision, decide, explain, switched

from . import reading
from .reading import Answer

RULES = [row.id for row in explain() if row.effect != "default"]
CASES = {name: reading.decision(name) for name in reading.DECISIONS}


def seen(decision: Decision) -> Answer:
    reasons = tuple((reason.rule, reason.clause) for reason in decision.reasons)
    flags = tuple((flag.rule, flag.clause) for flag in decision.flags)
    return Answer(decision.allow, decision.knows, reasons or ((decision.rule, decision.clause),), flags)


def answers(name: str) -> Answer:
    asked, _ = CASES[name]
    return seen(decide(asked.act, asked.subject, asked.context, asked.item, asked.relations))


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_one_written_down(name: str) -> None:
    assert answers(name) == CASES[name][1]


def test_the_first_reason_is_the_one_that_is_named() -> None:
    for asked, expected in CASES.values():
        decision = decide(asked.act, asked.subject, asked.context, asked.item, asked.relations)
        assert (decision.rule, decision.clause) == expected.reasons[0]
        assert bool(decision.reasons) != decision.allow


def test_there_are_enough_vectors_and_every_act_is_allowed_and_refused_by_one() -> None:
    assert len(CASES) >= 300
    told = Counter((asked.act, expected.allow) for asked, expected in CASES.values())
    assert set(told) == {(act, allow) for act in ACTS for allow in (True, False)}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_named_by_a_vector_and_kept_out_of_a_near_one(rule: str) -> None:
    said = {name: dict((*expected.reasons, *expected.flags)) for name, (_, expected) in CASES.items()}
    naming = [name for name, named in said.items() if rule in named]
    silent = [name for name, named in said.items() if rule not in named]
    assert naming
    assert silent


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("value", ["off", "always"])
def test_a_rule_dropped_or_stuck_changes_some_vector(rule: str, value: str) -> None:
    with switched(rule, value):
        changed = [name for name, (_, expected) in CASES.items() if answers(name) != expected]
    assert changed


def test_the_interpreter_gives_the_same_answers() -> None:
    # Nothing is switched to what it is: a rule that is off and never holds in these cases leaves all answers alone.
    with switched("deny-left", "off"):
        differing = [
            name for name, (asked, expected) in CASES.items() if asked.subject.active and answers(name) != expected
        ]
    assert differing == []


def test_every_default_sentence_is_said_by_a_vector() -> None:
    said = {rule for _, expected in CASES.values() for rule, _ in (*expected.reasons, *expected.flags)}
    assert {row.id for row in explain()} - said == set()


def test_the_files_are_what_their_maker_writes(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from . import make_vectors

    kept = {path.name: path.read_text(encoding="utf-8") for path in reading.FOLDER.glob("*.txt")}
    monkeypatch.setattr(make_vectors, "FOLDER", tmp_path)
    make_vectors.main()
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.txt")} == kept  # type: ignore[attr-defined]
