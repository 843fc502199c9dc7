"""Which sentence each small mistake in the rule table breaks. Writes docs/spec/access_proofs.md.

Usage: python -m tests.engines.access.matrix [--check] [PROCESSES]    at the root of the house; minutes, all mistakes × all sentences

A mistake is refused at import, or breaks a theorem, or changes a vector, or is proved to change no answer at all. The
test reads the page and proves each line again, one question a line.
"""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import z3

from mifeng.engines.access.deciding import Answers
from mifeng.engines.access.policy import ACTS, RULES, Rule
from mifeng.engines.access.readings import interpreted

from . import reading
from .mutants import Mutant, every
from .solver import Facts, Table, satisfiable
from .theorems import THEOREMS, Theorem

PAGE = Path(__file__).resolve().parents[3] / "docs/spec/access_proofs.md"
AT_IMPORT, VECTOR, EQUAL = "refused at import", "vector", "changes no answer"
UNNOTICED = "NOTHING"
CASES = {name: reading.decision(name) for name in reading.DECISIONS}


class Sketch(Table):
    """The table with a blank in place of each row: what a sentence says is built once, then the rows are put in."""

    def __init__(self, opened: dict[str, z3.ExprRef], blanks: dict[z3.BoolRef, tuple[Rule, Facts]]) -> None:
        super().__init__(RULES, opened)
        self._blanks, self._kept = blanks, {}

    def row(self, rule: Rule, facts: Facts) -> z3.BoolRef:
        if (rule, facts) not in self._kept:
            blank = self._kept[rule, facts] = z3.FreshBool(rule.id)
            self._blanks[blank] = (rule, facts)
        return self._kept[rule, facts]


class Sentence:
    """A theorem ready to be asked of one mistake after another."""

    def __init__(self, theorem: Theorem) -> None:
        self.theorem = theorem
        self._blanks: dict[z3.BoolRef, tuple[Rule, Facts]] = {}
        self._whole = theorem.broken(Sketch({}, self._blanks)) if not theorem.opened else None
        self._but: dict[str, z3.BoolRef] = {}

    def broken_by(self, mutant: Mutant) -> bool:
        """Whether the sentence no longer holds with the mistake."""
        if not set(self.theorem.acts) & set(mutant.acts):
            return False
        if mutant.rule.startswith("row of") and not self.theorem.opened:
            return False
        if self._whole is None or not _only_its_condition(mutant):
            acts = [act for act in self.theorem.acts if act in mutant.acts]
            return satisfiable(self.theorem.broken(mutant.table, acts))
        if mutant.rule not in self._but:
            self._but[mutant.rule] = self._put_in(self._whole, {rule.id: rule for rule in RULES if rule.id != mutant.rule})
        return satisfiable(self._put_in(self._but[mutant.rule], {mutant.rule: mutant.row}))

    def _put_in(self, claim: z3.BoolRef, rows: dict[str, Rule]) -> z3.BoolRef:
        table = Table()
        known = [(blank, table.row(rows[rule.id], facts)) for blank, (rule, facts) in self._blanks.items() if rule.id in rows]
        return z3.substitute(claim, *known)


def _only_its_condition(mutant: Mutant) -> bool:
    """Acts, hiding and what the row rests on are as they were: the sentence has the same blanks."""
    before = next((rule for rule in RULES if rule.id == mutant.rule), None)
    after = mutant.row
    return bool(before and after) and _shape(before) == _shape(after)


def _shape(rule: Rule) -> tuple[tuple[str, ...], bool, bool, bool]:
    return rule.acts, rule.calm, rule.hides, rule.of_act


def act_of(theorem: Theorem, mutant: Mutant) -> str:
    """The first act at which the mistake breaks the sentence, "" when it breaks it at none."""
    acts = (act for act in theorem.acts if act in mutant.acts)
    return next((act for act in acts if satisfiable(theorem.broken(mutant.table, [act]))), "")


def answered_otherwise(table: Table) -> str:
    """The first vector to which this table answers otherwise, "" when there is none."""
    plans = {act: Answers(table.rules, act) for act in ACTS}
    return next((name for name in CASES if _differs(name, table, plans)), "")


def vector_differs(name: str, table: Table) -> bool:
    """Whether this table answers otherwise than the vector says."""
    return _differs(name, table, {act: Answers(table.rules, act) for act in ACTS})


def _differs(name: str, table: Table, plans: dict[str, Answers]) -> bool:
    asked, expected = CASES[name]
    held = interpreted.held(table.rules, asked.subject, asked.context, asked.item, asked.relations)
    found = plans[asked.act].answer(held & plans[asked.act].asked)
    reasons = tuple((r.rule, r.clause) for r in found.reasons) or ((found.rule, found.clause),)
    flags = tuple((r.rule, r.clause) for r in found.flags)
    return reading.Answer(found.allow, found.knows, reasons, flags) != expected


@dataclass(frozen=True)
class Line:
    """One mistake and what notices it: a theorem at an act, a vector, the import, or nothing because nothing changes."""

    mutant: str
    by: str
    at: str
    theorems: tuple[str, ...] = ()


def lines(processes: int) -> list[Line]:
    """Every mistake with everything that notices it, in their order, worked out by so many processes."""
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(_line, range(len(every())), chunksize=8))


@cache
def _sentences() -> list[Sentence]:
    return [Sentence(theorem) for theorem in THEOREMS]


@cache
def _mutants() -> list[Mutant]:
    return every()


def _line(at: int) -> Line:
    mutant = _mutants()[at]
    if mutant.table is None:
        return Line(mutant.name, AT_IMPORT, "")
    breaking = [sentence.theorem for sentence in _sentences() if sentence.broken_by(mutant)]
    if breaking:
        numbers = tuple(theorem.number for theorem in breaking)
        return Line(mutant.name, numbers[0], act_of(breaking[0], mutant), numbers)
    if name := answered_otherwise(mutant.table):
        return Line(mutant.name, VECTOR, name)
    return Line(mutant.name, EQUAL if Table().same_answers(mutant.table) else UNNOTICED, "")


def page(found: list[Line]) -> str:
    """The text of docs/spec/access_proofs.md."""
    breaking = {theorem.number: [line for line in found if theorem.number in line.theorems] for theorem in THEOREMS}
    counts = {
        "mistakes": len(found), "broken theorem": sum(bool(line.theorems) for line in found),
        **{word: sum(line.by == word for line in found) for word in (VECTOR, AT_IMPORT, EQUAL)},
    }  # fmt: skip
    head = [
        "# Access: theorems and mistakes", "",
        "Written by `python -m tests.engines.access.matrix`. Every small mistake in the rule table (tests/engines/access/mutants.py) is",
        "tried against every theorem of [access.md](access.md) section 12. A test proves each line of this page again.", "",
        "| " + " | ".join(counts) + " |", "|" + "---|" * len(counts), "| " + " | ".join(map(str, counts.values())) + " |", "",
        "## Theorem × mistakes that break it", "",
        "| theorem | clause | mistakes | one of them |", "|---|---|---|---|",
    ]  # fmt: skip
    for theorem in THEOREMS:
        breakers = breaking[theorem.number]
        head.append(f"| {theorem.number} | {theorem.clause} | {len(breakers)} | `{breakers[0].mutant if breakers else ''}` |")
    head += ["", "## Mistake × what notices it", "", "| mistake | noticed by | where | theorems |", "|---|---|---|---|"]
    head += [f"| `{line.mutant}` | {line.by} | {line.at} | {len(line.theorems)} |" for line in found]
    return "\n".join(head) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or compare with --check. Exit code 1 when nothing notices a mistake, or no mistake a theorem."""
    processes = next((int(word) for word in arguments if word.isdigit()), os.cpu_count() or 1)
    found = lines(processes)
    text = page(found)
    silent = {theorem.number for theorem in THEOREMS} - {number for line in found for number in line.theorems}
    for lost in (*(line.mutant for line in found if line.by == UNNOTICED), *sorted(silent)):
        print(f"unnoticed or silent: {lost}")
    if silent or any(line.by == UNNOTICED for line in found):
        return 1
    if "--check" in arguments:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    print("\n".join(text.splitlines()[5:8]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
