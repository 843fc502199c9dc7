"""The clause id joins text, rule, room, test: each of the 134 in exactly one room, quoted word for word."""

import ast
import re
from pathlib import Path

import pytest

from mifeng import clauses
from mifeng.base import room
from mifeng.clauses import enforcing

ROOT = Path(__file__).parents[2]

# Rules that stand in another room than their clause, each with the reason.
ELSEWHERE: dict[str, str] = {
    "mifeng.rooms.copies.rules.taking_back.may_take_back": "G4.4 is the circulation room's; the ledgers its books follow are copies'",
    "mifeng.rooms.copies.rules.counting.may_close_year": "G4.5 is the circulation room's; its sheet is a count of copies",
    "mifeng.rooms.copies.rules.counting.clean_until": "C4.1 is the circulation room's; its clean-up is a count of copies",
}
# Clauses a standing room has in the regulation and does not claim yet.
UNCLAIMED = {
    "P5.0": "inspections of what is no paper come with the rooms that keep tasks and meetings",
}  # fmt: skip
# Claimed clauses whose demand is kept by registers and deeds: the regulation names no rule for them, or it is the table's.
WITHOUT_RULE: dict[str, str] = {}


@pytest.fixture(scope="module")
def rooms(django_house):
    """The announcements; loading them loads every rule."""
    return {found.name: found for found in room.rooms()}


def test_there_are_134_clauses_and_each_names_one_room():
    assert len(clauses.regulation()) == 134
    assert all(re.fullmatch(r"[a-z]+", clause.room) for clause in clauses.regulation().values())


def test_what_a_room_claims_is_what_the_regulation_gives_it(rooms):
    given = {name: {i for i, clause in clauses.regulation().items() if clause.room == name} for name in rooms}
    claimed = {name: set(found.clauses) for name, found in rooms.items()}
    assert {name: given[name] - claimed[name] - set(UNCLAIMED) for name in rooms} == {name: set() for name in rooms}
    assert {name: claimed[name] - given[name] for name in rooms} == {name: set() for name in rooms}
    assert not set(UNCLAIMED) & set().union(*claimed.values())


def test_every_rule_stands_in_the_room_of_its_clause(rooms):
    astray = {
        rule.name
        for rule in enforcing.RULES.values()
        for clause in rule.clauses
        if f"mifeng.rooms.{clauses.regulation()[clause].room}.rules" not in rule.name
    }
    assert astray == set(ELSEWHERE)


def test_every_rule_quotes_its_clause_word_for_word(rooms):
    wrong = {
        rule.name: rule.quotation
        for rule in enforcing.RULES.values()
        if rule.quotation not in {clauses.regulation()[clause].text for clause in rule.clauses}
    }
    assert wrong == {}


def test_every_claimed_clause_has_a_rule(rooms):
    kept = {clause for rule in enforcing.RULES.values() for clause in rule.clauses}
    claimed = {clause for found in rooms.values() for clause in found.clauses}
    assert claimed - kept == set(WITHOUT_RULE)


def marked() -> dict[str, list[str]]:
    """Scenario number -> files of the tests that bear it, read from the sources of tests/clauses."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests" / "clauses").glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("scenario", "pytest.mark.scenario"):
                for argument in node.args:
                    found.setdefault(ast.literal_eval(argument), []).append(file.name)
    return found


def test_every_scenario_mark_names_a_sentence_that_exists():
    sentences = {f"{name}/{number}" for name, clause in clauses.regulation().items() for number in range(1, len(clause.scenarios) + 1)}
    assert set(marked()) - sentences == set()
    assert len(sentences) == 282


def test_a_scenario_stands_in_the_file_of_its_book():
    wrong = {(number, file) for number, files in marked().items() for file in files if not file.startswith(f"test_{number[0].lower()}_")}
    assert wrong == set()


# Sentences of standing rooms that no test shows yet, each with what is missing. Shrinks.
UNSHOWN = {
    "P1.2/2": "the report of a leak comes with the incidents",
    "G2/1": "outgoing mail comes with the drafts",
    "G2/3": "outgoing mail comes with the drafts",
}  # fmt: skip


def test_every_sentence_of_a_claimed_clause_is_shown_or_says_what_is_missing(rooms):
    wanted = {
        f"{name}/{number}"
        for found in rooms.values()
        for name in found.clauses
        for number in range(1, len(clauses.regulation()[name].scenarios) + 1)
    }
    assert wanted - set(marked()) == set(UNSHOWN)
