"""保密事项一览表: what counts as a secret, and which level, term and harm the form proposes for it.

>>> propose("S4", "report_financial", "grave").level
20
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mifeng.clauses import loader, schemes
from mifeng.clauses.books import known
from mifeng.clauses.levels import RANKS
from mifeng.clauses.loader import RegulationError, Shape, is_day, is_flag, is_table, is_text, is_texts, is_whole, one_of

FILE = "catalogue.toml"
# Harm of disclosure -> the level it stands for (K1.1-K1.3), and the word in F08. What harms nobody is no secret.
HARM_LEVEL: dict[str, int] = {"none": 5, "harm": 10, "grave": 20, "exceptional": 30}
HARM_WORD: dict[str, str] = {"none": "没有损害", "harm": "一般", "grave": "严重", "exceptional": "特别严重"}
HARM_CLAUSE: dict[int, str] = {5: "K1.3", 10: "K1.3", 20: "K1.2", 30: "K1.1"}
SECRET = RANKS["confidential"]

WHOLE = Shape(must={"version": is_whole, "since": is_day, "category": is_table, "line": is_table})
CATEGORY = Shape(must={"title": is_text, "text": is_text, "level": one_of(RANKS), "basis": is_text})
LINE = Shape(
    must={
        "category": is_text, "clause": is_text, "basis": is_text, "title": is_text, "text": is_text,
        "examples": is_texts, "level": one_of(RANKS), "harm": one_of(HARM_LEVEL), "standing": is_flag,
    },
    may={"term": is_table},
)  # fmt: skip
TERM = Shape(must={"kind": one_of(("years", "months", "event"))}, may={"value": is_whole, "event": is_text})


@dataclass(frozen=True)
class Term:
    """A term as proposed: so many years or months, or until an event happens."""

    kind: str
    value: int = 0
    event: str = ""

    @property
    def text(self) -> str:
        """As it stands in the mark: 5年, 3个月, 公布前."""
        return {"years": f"{self.value}年", "months": f"{self.value}个月", "event": self.event}[self.kind]


@dataclass(frozen=True)
class Category:
    """One of the ranges S1-S8. `level` is proposed while no line is named, because clause `basis` says so."""

    id: str
    title: str
    text: str
    level: int
    basis: str


@dataclass(frozen=True)
class Line:
    """One matter. `clause` names it, `basis` gives its level; `term` is None where nothing is proposed (S8).

    `standing`: the general manager may fix the line for a whole series of papers (系列定密).
    """

    id: str
    category: str
    clause: str
    basis: str
    title: str
    text: str
    examples: tuple[str, ...]
    level: int
    term: Term | None
    harm: str
    standing: bool


@dataclass(frozen=True)
class Catalogue:
    """All categories and lines of one version, in the order of the file; in force from `since`."""

    version: int
    since: Any
    categories: MappingProxyType[str, Category]
    lines: MappingProxyType[str, Line]


@dataclass(frozen=True)
class Said:
    """A part of a sentence: Chinese with `%(name)s` marks, and the words that fill them; both can be translated."""

    zh: str
    words: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.zh % dict(self.words) if self.words else self.zh


@dataclass(frozen=True)
class Proposal:
    """What the form proposes: the level, the clause that determines it, all clauses it rests on, why in one sentence.

    `said`: the parts of that sentence, for other languages. `lower_harm`: the harm named is below the level,
    so the drafter raises it or gives a reason for less. `term`: as text, "" when none is proposed.
    """

    level: int
    clause: str
    clauses: tuple[str, ...]
    said: tuple[Said, ...]
    term: str
    lower_harm: bool

    @property
    def sentence(self) -> str:
        """Why, in Chinese."""
        return "".join(str(part) for part in self.said)


@cache
def catalogue(folder: Path = loader.FOLDER) -> Catalogue:
    """The version in the regulation. Raises RegulationError naming file, line and field."""
    read = loader.read(FILE, folder)
    WHOLE.check(FILE, "", read)
    found = {name: _category(name, table) for name, table in read["category"].items()}
    named = {name: _line(name, table, found) for name, table in read["line"].items()}
    return Catalogue(read["version"], read["since"], MappingProxyType(found), MappingProxyType(named))


def categories() -> list[Category]:
    """S1 to S8."""
    return list(catalogue().categories.values())


_own: Callable[[], Iterable[Line]] = tuple


def told_by(own: Callable[[], Iterable[Line]]) -> None:
    """Where the lines come from that the company itself added (S7): those in force at the moment of asking."""
    global _own
    _own = own


def _matters() -> dict[str, Line]:
    return {**catalogue().lines, **{line.id: line for line in _own()}}


def lines(category: str | None = None) -> list[Line]:
    """Every line in force, the company's own last, or those of one category."""
    return [line for line in _matters().values() if category in (None, line.category)]


def line(name: str) -> Line | None:
    """The line of this id; None for an id that the catalogue does not have, and for ""."""
    return _matters().get(name)


def propose(category: str, line: str = "", harm: str = "", sources: Iterable[int] = ()) -> Proposal:
    """The level proposed for a paper: the highest of its category, its line and its sources (levels); K1.0, D4.

    A higher harm raises it; a lower one does not lower it and is pointed out. What has not been answered yet is "".
    """
    grounds = _grounds(category, line, tuple(sources))
    level = max((ground.level for ground in grounds), default=RANKS["internal"])
    harmed = schemes.in_force().least(HARM_LEVEL.get(harm, 0))
    if harmed > level:
        level = harmed
        said = _said("泄露损害%(harm)s,拟定%(level)s", harm=HARM_WORD[harm], level=schemes.word(harmed))
        grounds.insert(0, _Ground(harmed, HARM_CLAUSE[HARM_LEVEL[harm]], said))
    decisive = [ground for ground in grounds if ground.level == level] or [_Ground(level, "K1.0", _said("未列入一览表"))]
    lower_harm = harm in HARM_LEVEL and harmed < level and level >= SECRET
    clauses = [*(ground.clause for ground in decisive), *({category} & catalogue().categories.keys())]
    return Proposal(
        level=level, clause=clauses[0], clauses=tuple(dict.fromkeys(clauses)), term=_term(line, level),
        said=(decisive[0].said, *((_hint(harm),) if lower_harm else ())), lower_harm=lower_harm,
    )  # fmt: skip


def _said(zh: str, **words: str) -> Said:
    return Said(zh, tuple(words.items()))


def _hint(harm: str) -> Said:
    if harm == "none":
        return _said(";泄露没有损害的,不得定密")
    return _said(";损害%(harm)s,低于拟定密级,须改写损害或书面说明定低的理由", harm=HARM_WORD[harm])


@dataclass(frozen=True)
class _Ground:
    """One reason for a level; the more particular one stands first."""

    level: int
    clause: str
    said: Said


def _grounds(category: str, line: str, sources: tuple[int, ...]) -> list[_Ground]:
    found = []
    scheme, matter = schemes.in_force(), _matters().get(line)
    if matter:
        level = scheme.least(matter.level)
        said = _said("按一览表“%(title)s”拟定%(level)s", title=matter.title, level=scheme.word(level))
        found.append(_Ground(level, matter.basis, said))
    wide = catalogue().categories.get(category)
    if wide:
        level = scheme.least(wide.level)
        said = _said("属“%(title)s”一类,拟定%(level)s", title=wide.title, level=scheme.word(level))
        found.append(_Ground(level, wide.basis, said))
    if sources:
        level = scheme.least(max(sources))
        said = _said("来源中最高为%(level)s,不得低于来源", level=scheme.word(level))
        found.append(_Ground(level, "D4", said))
    return found


def _term(line: str, level: int) -> str:
    matter = _matters().get(line)
    return matter.term.text if matter and matter.term and level >= SECRET else ""


def _category(name: str, table: Any) -> Category:
    CATEGORY.check(FILE, name, table)
    known(FILE, name, "", name)
    basis = known(FILE, name, "basis", table["basis"])
    return Category(name, table["title"], table["text"], RANKS[table["level"]], basis)


def _line(name: str, table: Any, categories: dict[str, Category]) -> Line:
    LINE.check(FILE, name, table)
    if table["category"] not in categories:
        raise RegulationError(FILE, name, "category", f"cannot be {table['category']!r}")
    level = RANKS[table["level"]]
    if HARM_LEVEL[table["harm"]] != level:
        raise RegulationError(FILE, name, "harm", "is not the harm its level stands for")
    if table["standing"] and level >= RANKS["top_secret"]:
        raise RegulationError(FILE, name, "standing", "is never open to 绝密")
    if (level >= SECRET) != ("term" in table):
        raise RegulationError(FILE, name, "term", "belongs to every secret and to nothing else")
    clauses = (known(FILE, name, field, table[field]) for field in ("clause", "basis"))
    return Line(
        name, table["category"], *clauses, table["title"], table["text"], tuple(table["examples"]), level,
        _term_of(name, table.get("term")), table["harm"], table["standing"],
    )  # fmt: skip


def _term_of(name: str, table: Any) -> Term | None:
    if table is None:
        return None
    TERM.check(FILE, name, table)
    wanted = "event" if table["kind"] == "event" else "value"
    if set(table) != {"kind", wanted}:
        raise RegulationError(FILE, name, "term", f"needs kind and {wanted}")
    return Term(**table)
