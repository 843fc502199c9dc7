"""The clauses, book by book, as they stand in the regulation."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mifeng.clauses import loader
from mifeng.clauses.loader import RegulationError, Shape, is_any_text, is_text, is_texts, one_of, some_of

# File stem -> heading of the book; the first letter of a clause id names its book.
BOOKS: dict[str, str] = {
    "p_principles": "概述、准则和要求", "d_documents": "文档保密", "l_leaders": "领导保密", "h_personnel": "人事保密",
    "a_affairs": "事务保密", "t_technology": "技术保密", "g_rules": "保密准则", "s_scope": "保密范围",
    "k_levels": "密级的划分", "m_measures": "保密措施", "c_conduct": "保密规定", "i_computers": "信息系统安全",
    "e_meetings": "会议保密",
}  # fmt: skip

SHAPE = Shape(
    must={
        "title_zh": is_text, "title_en": is_text, "text": is_text, "english": is_text, "source": is_text,
        "status": one_of(("source", "source-truncated", "inferred")), "room": is_text,
        "kept_by": some_of(("rule", "register", "inspection")), "enforce": is_any_text, "record": is_any_text,
        "check": is_any_text, "evidence": is_texts, "scenarios": is_texts, "edge_cases": is_texts,
    }
)  # fmt: skip
WAYS = {"enforce": "rule", "record": "register", "check": "inspection"}


class UnknownClause(Exception):
    """An id that no book has: says which."""


@dataclass(frozen=True)
class Clause:
    """One clause. `text` is the demand in Chinese, quoted word for word by its rule; `room` holds its rule or register.

    `enforce`, `record`, `check` say what the software does for it ("" = nothing of that kind); `kept_by` says the same
    in one word each: rule, register, inspection. `status`: source, source-truncated (the text breaks off), inferred.
    """

    id: str
    title_zh: str
    title_en: str
    text: str
    english: str
    source: str
    status: str
    room: str
    kept_by: tuple[str, ...]
    enforce: str
    record: str
    check: str
    evidence: tuple[str, ...]
    scenarios: tuple[str, ...]
    edge_cases: tuple[str, ...]

    @property
    def book(self) -> str:
        """The letter of its book."""
        return self.id[0]

    def numbered(self) -> tuple[tuple[str, str], ...]:
        """Number and sentence of each scenario: `M2.1/1` is the first."""
        return tuple((f"{self.id}/{place}", sentence) for place, sentence in enumerate(self.scenarios, 1))


@cache
def regulation(folder: Path = loader.FOLDER) -> MappingProxyType[str, Clause]:
    """Every clause by its id, in the order of the books. Raises RegulationError naming file, id and field."""
    found: dict[str, Clause] = {}
    for stem in BOOKS:
        file = f"{stem}.toml"
        for name, table in loader.read(file, folder).items():
            found[name] = _clause(file, name, table)
    return MappingProxyType(found)


def clause(name: str) -> Clause:
    """The clause of this id. Raises UnknownClause."""
    try:
        return regulation()[name]
    except KeyError:
        raise UnknownClause(f"no book has clause {name}") from None


def known(file: str, entry: str, field: str, name: Any) -> str:
    """The id, when it is one of the regulation's. Raises RegulationError for the file that names it."""
    if name not in regulation():
        raise RegulationError(file, entry, field, f"names a clause that no book has: {name!r}")
    return str(name)


def _clause(file: str, name: str, table: Any) -> Clause:
    SHAPE.check(file, name, table)
    if name[0].lower() != file[0]:
        raise RegulationError(file, name, "", "stands in another letter's book")
    if table["kept_by"] != [way for field, way in WAYS.items() if table[field]]:
        raise RegulationError(file, name, "kept_by", "does not say what enforce, record and check say")
    if not table["scenarios"]:
        raise RegulationError(file, name, "scenarios", "is empty")
    return Clause(id=name, **{field: _frozen(value) for field, value in table.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
