"""What a scanner read, and what is due next with what it lies on. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from mifeng.rooms.copies.facts import AWAY, CopyFacts, Event, State
from mifeng.rooms.copies.rules import states

MOST_PAGES = 4  # digits of a page count
LABEL = re.compile(r"[0-9a-f]{16}")
ADDRESS = re.compile(r"[?&]code=([0-9A-Fa-f]{16})\b")
DOOR = re.compile(r"[A-Z]{1,6}-[0-9A-Z]{1,9}")


class Kind(StrEnum):
    """What was read: a label of ours, the code on a door, a counted number of pages, Enter alone, something else."""

    LABEL = "label"
    DOOR = "door"
    PAGES = "pages"
    ENTER = "enter"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Read:
    """`value`: a label in lower case, a door's code in upper case, a number as typed; "" otherwise."""

    kind: Kind
    value: str = ""


def read(typed: str) -> Read:
    """What these signs are; full-width ones of an input method count as plain, an address of a label as its code."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        return Read(Kind.ENTER)
    if found := ADDRESS.search(plain):
        return Read(Kind.LABEL, found[1].lower())
    if LABEL.fullmatch(plain.lower()):
        return Read(Kind.LABEL, plain.lower())
    if plain.isascii() and plain.isdecimal() and len(plain) <= MOST_PAGES:
        return Read(Kind.PAGES, plain)
    return Read(Kind.DOOR, plain.upper()) if DOOR.fullmatch(plain.upper()) else Read(Kind.FOREIGN)


class Due(StrEnum):
    """The one deed that is due with a copy in somebody's hand; "" = none, it is only looked at."""

    SIGN = "sign_for"
    RETURN = "return_item"
    STORE = "store"
    NOTHING = ""


def due(copy: CopyFacts, person: int, to_sign: bool) -> Due:
    """What this person does next with the copy: sign for what he was given, take back what is away, put away the rest."""
    if to_sign:
        return Due.SIGN
    if copy.custodian != person:
        return Due.NOTHING
    if copy.state in AWAY:
        return Due.RETURN
    return Due.STORE if not copy.placed and may_store(copy) else Due.NOTHING


def may_store(copy: CopyFacts) -> bool:
    """The copy may go into a cupboard, or into another one."""
    return copy.state is not State.ARCHIVED and states.may_happen(copy.state, Event.STORE).allow
