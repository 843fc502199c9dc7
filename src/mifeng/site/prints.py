"""Reading a register is a deed, and so is printing it: who, when, which, how many lines, with a serial of its own.

So is reading the titles that stand on one's desk; once for what is on it, and not at each look.
"""

import threading
from collections import OrderedDict

from mifeng.base import clock, deeds, numbers, papers
from mifeng.base.deeds import deed
from mifeng.base.registers import Filled, Form, Label, Labels
from mifeng.rooms.people import queries
from mifeng.rooms.people.models import Person, Session


@deed("site:open_register", reads=True)
def record_view(person: Person, form: str, lines: int) -> None:
    """Who looked at which register, and at how many lines; the entry stands before the page is drawn."""
    deeds.note(counts={"lines": lines}, form=form)


@deed("site:print_register", reads=True)
def record_print(person: Person, form: str, lines: int) -> str:
    """The serial of this print-out: 印册〔2026〕0001."""
    deeds.note(counts={"lines": lines}, form=form)
    return numbers.register_number("印册", numbers.take("印册"))


@deed("site:export_register", reads=True)
def record_table(person: Person, form: str, lines: int) -> str:
    """The same of a register that leaves as a table: it bears a serial like a print-out."""
    deeds.note(counts={"lines": lines}, form=form)
    return numbers.register_number("印册", numbers.take("印册"))


@deed("site:print_form")
def record_form(person: Person, session: Session, form: Form, uid: str) -> tuple[str, Filled]:
    """Serial and contents of a form on paper: 印表〔2026〕0001. Raises NotThere, Refused, Tampered."""
    filled = form.filled(person, session, uid)
    deeds.note(form=form.form)
    return numbers.register_number("印表", numbers.take("印表")), filled


@deed("site:print_labels")
def record_labels(person: Person, kind: Labels, uids: list[str]) -> list[Label]:
    """The labels of these things, which somebody is about to print. Raises NotThere, Refused, Tampered."""
    made = kind.of(person, uids)
    deeds.note(counts={"labels": len(made)}, kind=kind.name)
    return made


def printing(person: Person, serial: str) -> papers.Printing:
    """Who prints, when, under which serial, of which company; the serial was taken by the deed."""
    return papers.Printing(queries.company().name, person.called, clock.now(), serial, demo=queries.is_demo())


DESKS = 4096  # sessions of which it is remembered what their desks have shown


class _Shown:
    """Which titles each session's desk has shown since this process started; what is forgotten is recorded once more."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.of: OrderedDict[tuple[str, int], frozenset[str]] = OrderedDict()

    def has(self, whose: tuple[str, int], items: frozenset[str]) -> bool:
        with self.lock:
            return items <= self.of.get(whose, frozenset())

    def take(self, whose: tuple[str, int], items: frozenset[str]) -> None:
        with self.lock:
            self.of[whose] = items | self.of.pop(whose, frozenset())
            while len(self.of) > DESKS:
                self.of.popitem(last=False)


_shown = _Shown()


def record_titles(person: Person, session: int, items: frozenset[str]) -> None:
    """Titles of these items are about to stand on the desk: an entry, unless this session's desk has shown them before."""
    whose = (person.uid, session)
    if items and not _shown.has(whose, items):
        record_desk(person, sorted(items))
        _shown.take(whose, items)


@deed("site:open_desk", reads=True)
def record_desk(person: Person, items: list[str]) -> None:
    """Whose desk showed the titles of which items; the entry stands before the page is drawn (P2.2)."""
    deeds.note(counts={"lines": len(items)}, items=items)
