"""Going through all of a container, once: real sizes, XML declarations, containers inside containers."""

from __future__ import annotations

from dataclasses import dataclass

from . import zips
from .limits import Limits
from .reasons import Rejected, _, rejected
from .zips import Lie, Member

XML_ENDINGS = (".xml", ".rels", ".vml", ".rdf")
PROLOG = 1 << 16


@dataclass
class _Budget:
    """What is left for the whole file, nested containers included."""

    entries: int
    expanded: int


def container(data: bytes, limits: Limits) -> Rejected | None:
    """None when the zip and every zip inside it keep the limits and no XML part declares anything; else why not.

    Time is bounded by `limits.expanded`: each member is inflated at most once and never past the size its folder
    promises.
    """
    return _container(data, limits, 1, _Budget(limits.entries, limits.expanded))


def _container(data: bytes, limits: Limits, depth: int, budget: _Budget) -> Rejected | None:
    if depth > limits.depth:
        return rejected("bomb", what=_("嵌套层数"))
    members = zips.folder(data, limits)
    if isinstance(members, Rejected):
        return members
    budget.entries -= len(members)
    budget.expanded -= sum(member.size for member in members)
    if budget.entries < 0:
        return rejected("bomb", what=_("成员太多"))
    if budget.expanded < 0:
        return rejected("bomb", what=_("展开后的大小"))
    for member in members:
        try:
            refusal = _member(data, member, limits, depth, budget)
        except Lie as lie:
            return rejected("bomb", what=_("目录与内容不符")) if str(lie) == "size" else rejected("broken")
        if refusal is not None:
            return refusal
    return None


def _member(data: bytes, member: Member, limits: Limits, depth: int, budget: _Budget) -> Rejected | None:
    pieces = zips.inflate(data, member)
    first = next(pieces, b"")
    nested = first.startswith(zips.LOCAL)
    kept = [first]
    for piece in pieces:
        if nested:
            kept.append(piece)
    if nested:
        return _container(b"".join(kept), limits, depth + 1, budget)
    if member.name.lower().endswith(XML_ENDINGS):
        return prolog(first)
    return None


def prolog(start: bytes) -> Rejected | None:
    """None when this XML reaches its first element without a document type; entities live only there.

    `start`: the first 64 KiB at least; a prolog longer than that is refused.
    """
    from xml.etree.ElementTree import ParseError  # start-up time of a verb

    from defusedxml import DefusedXmlException  # start-up time of a verb
    from defusedxml.ElementTree import DefusedXMLParser  # start-up time of a verb

    target = _FirstElement()
    parser = DefusedXMLParser(target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(start[:PROLOG])
        if not target.reached and start.strip(b"\0 \t\r\n"):
            return rejected("xml_entity" if len(start) >= PROLOG else "broken")
    except _Reached:
        return None
    except DefusedXmlException:
        return rejected("xml_entity")
    except (ParseError, LookupError, ValueError):
        # What expat cannot read at all is read by nobody later; what it reads up to an error behind the root is not
        # our concern.
        return None if target.reached else rejected("broken")
    return None


class _Reached(Exception):
    pass


class _FirstElement:
    """A tree builder that stops at the first element."""

    reached = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Reached: all that could be declared would have been."""
        self.reached = True
        raise _Reached

    def end(self, tag: str) -> None:
        """Nothing is built."""

    def data(self, text: str) -> None:
        """Nothing is built."""

    def close(self) -> None:
        """Nothing is built."""
