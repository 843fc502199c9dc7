"""Text out of XML parts without building a tree: deep or wide nesting costs nothing, a declaration ends the reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from . import zips
from .zips import Member


@dataclass(frozen=True)
class Recipe:
    """Which local element names hold text (`take`), end a line (`lines`), stand for a sign (`signs`), or are passed
    over (`skip`)."""

    take: frozenset[str]
    lines: frozenset[str]
    signs: Mapping[str, str]
    skip: frozenset[str] = frozenset()


WORD = Recipe(
    frozenset({"t", "delText"}),
    frozenset({"p", "tr"}),
    {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
    # A text box is written twice, for new and for old readers; the tab stops of a paragraph are no tabs.
    frozenset({"Fallback", "pPr"}),
)
SLIDE = Recipe(frozenset({"t", "text"}), frozenset({"p", "text", "cm"}), {"br": "\n"})
ODF = Recipe(
    frozenset({"p", "h"}),
    frozenset({"p", "h"}),
    {"s": " ", "tab": "\t", "line-break": "\n"},
    frozenset({"creator", "date"}),
)
OFD = Recipe(frozenset({"TextCode"}), frozenset({"TextObject"}), {})
COMMENTS = Recipe(
    frozenset({"t", "text"}), frozenset({"comment", "text", "threadedComment"}), {}, frozenset({"authors"})
)


class _Collector:
    """Target of the parser: keeps character data of wanted elements."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._wanted = 0
        self._skipped = 0
        self.pieces: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins: it may hold text, stand for a sign, or be passed over."""
        name = _local(tag)
        self._skipped += name in self._recipe.skip
        self._wanted += name in self._recipe.take
        if not self._skipped and name in self._recipe.signs:
            self.pieces.append(self._recipe.signs[name])

    def end(self, tag: str) -> None:
        """An element ends, and with some a line."""
        name = _local(tag)
        if not self._skipped and name in self._recipe.lines:
            self.pieces.append("\n")
        self._skipped -= name in self._recipe.skip
        self._wanted -= name in self._recipe.take

    def data(self, text: str) -> None:
        """Characters, wanted only inside the elements that hold text."""
        if self._wanted and not self._skipped:
            self.pieces.append(text)

    def close(self) -> str:
        """All that was kept."""
        return "".join(self.pieces)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def text_of(pieces: Iterator[bytes], recipe: Recipe) -> str:
    """The text of one XML part. Raises ParseError, or DefusedXmlException when it declares a document type."""
    from defusedxml.ElementTree import DefusedXMLParser  # start-up time of a verb

    parser = DefusedXMLParser(target=_Collector(recipe), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    for piece in pieces:
        parser.feed(piece)
    return str(parser.close())


def parts(members: Mapping[str, Member], pattern: str) -> list[Member]:
    """Members whose whole name fits `pattern`, numbers in their order (slide2 before slide10)."""
    fitting = [member for name, member in members.items() if re.fullmatch(pattern, name, re.I)]
    return sorted(fitting, key=lambda member: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", member.name)])


def gather(data: bytes, members: Mapping[str, Member], pattern: str, recipe: Recipe) -> str:
    """The text of all parts that fit `pattern`, one after the other."""
    return "\n".join(text_of(zips.inflate(data, member), recipe) for member in parts(members, pattern))


Reader = Callable[[bytes, Mapping[str, Member]], str]
