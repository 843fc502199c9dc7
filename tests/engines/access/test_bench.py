"""What the benchmark of decisions compares: the peers' rules are the table's, and a different answer would be noticed."""

from dataclasses import replace

from bench.decisions import casbin_rules, peers, world

from mifeng.engines.access import ACTS
from mifeng.engines.access.policy import RULES
from mifeng.engines.access.readings.interpreted import World, holds

ASKED = world.questions(700, docs=1000, people=50, seed=3)


def test_the_functions_written_for_casbin_are_the_rows_of_the_table() -> None:
    rows = {rule.id: rule for rule in RULES if rule.effect in ("deny", "permit")}
    assert {name: set(acts) for name, (acts, _) in casbin_rules.ROWS.items()} == {name: set(row.acts) for name, row in rows.items()}
    for question in ASKED:
        facts = World(question.subject, question.context, question.item, question.relations)
        for name, (_, condition) in casbin_rules.ROWS.items():
            assert bool(condition(question.flat())) == holds(rows[name].when, facts), name


def test_cedar_alone_and_in_a_batch_names_the_same_rows_and_a_changed_question_would_be_noticed() -> None:
    ours = peers.Ours(ASKED).answers()
    assert peers.Cedar(ASKED[:100]).answers() == ours[:100]
    assert peers.CedarBatch(ASKED).answers() == ours
    gone = [replace(question, subject=replace(question.subject, active=1 - question.subject.active)) for question in ASKED]
    assert peers.CedarBatch(gone).answers() != ours


def test_the_questions_ask_every_act_and_are_both_allowed_and_refused() -> None:
    told = {(question.act, answer[0]) for question, answer in zip(ASKED, peers.Ours(ASKED).answers(), strict=True)}
    assert told == {(act, allow) for act in ACTS for allow in (True, False)}
    assert world.questions(700, docs=1000, people=50, seed=3) == ASKED
