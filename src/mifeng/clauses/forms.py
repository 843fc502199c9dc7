"""The forms and registers of the office, F01 to F30: columns in the customary order, states, signatures."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mifeng.clauses import loader
from mifeng.clauses.loader import RegulationError, Shape, is_any_text, is_text, is_texts

FILE = "forms.toml"
KINDS = (
    "str", "text", "int", "bool", "date", "dt", "list", "file", "sign", "person", "dept", "item", "copy", "place",
    "level", "term", "enum",
)  # fmt: skip
SHAPE = Shape(
    must={
        "room": is_text, "title_zh": is_text, "title_en": is_text, "numbering": is_text, "kept_by": is_text,
        "notes": is_any_text, "fields": is_texts, "states": is_texts, "signatures": is_texts,
    }
)  # fmt: skip


class UnknownForm(Exception):
    """A form that the office does not have: says which."""


@dataclass(frozen=True)
class Field:
    """A column: key, label, kind of value; `options` are the words of an enumeration."""

    key: str
    label: str
    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A form or register: `numbering` and `notes` as the office writes them, `states` in their customary order."""

    id: str
    room: str
    title_zh: str
    title_en: str
    numbering: str
    kept_by: str
    notes: str
    fields: tuple[Field, ...]
    states: tuple[str, ...]
    signatures: tuple[str, ...]


@cache
def forms(folder: Path = loader.FOLDER) -> MappingProxyType[str, Form]:
    """Every form by its id. Raises RegulationError naming file, form and field."""
    return MappingProxyType({name: _form(name, table) for name, table in loader.read(FILE, folder).items()})


def form(name: str) -> Form:
    """The form of this id (F08). Raises UnknownForm."""
    try:
        return forms()[name]
    except KeyError:
        raise UnknownForm(f"the office has no form {name}") from None


def _form(name: str, table: Any) -> Form:
    SHAPE.check(FILE, name, table)
    fields = tuple(_field(name, line) for line in table["fields"])
    if len({field.key for field in fields}) != len(fields):
        raise RegulationError(FILE, name, "fields", "name a column twice")
    lists = {"fields": fields, "states": tuple(table["states"]), "signatures": tuple(table["signatures"])}
    return Form(name, **table | lists)


def _field(name: str, line: str) -> Field:
    parts = line.split("|")
    kind, _, words = parts[-1].removesuffix(")").partition("(")
    if len(parts) != 3 or kind not in KINDS or (kind == "enum") != bool(words):
        raise RegulationError(FILE, name, "fields", f"cannot be {line!r}")
    return Field(parts[0], parts[1], kind, tuple(words.split(",")) if words else ())
