"""The glossary: the Chinese word, its English, the identifier in code. On any difference the glossary wins."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mifeng.clauses import loader
from mifeng.clauses.loader import RegulationError

FILE = loader.WORDS
HEADING = ["zh", "en", "identifier", "note"]


@dataclass(frozen=True)
class Word:
    """One entry; `identifier` may name several, separated by a comma; `note` may be empty."""

    zh: str
    en: str
    identifier: str
    note: str


@cache
def words(folder: Path = loader.FOLDER) -> tuple[Word, ...]:
    """The whole glossary in its order. Raises RegulationError naming file and word."""
    heading, *rows = loader.read_rows(FILE, folder)
    if heading != HEADING:
        raise RegulationError(FILE, "", "", f"does not begin with {HEADING}")
    for row in rows:
        if len(row) not in (3, 4) or not all(row[:3]):
            raise RegulationError(FILE, row[0], "", "needs zh, en, identifier and perhaps a note")
    return tuple(Word(*row, *[""] * (4 - len(row))) for row in rows)


def word(identifier: str) -> Word | None:
    """The entry of an identifier, None when the glossary does not have it."""
    return next((entry for entry in words() if identifier in entry.identifier.split(", ")), None)
