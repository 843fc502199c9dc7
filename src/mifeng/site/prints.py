"""Reading a register is a deed, and so is printing it: who, when, which, how many lines, with a serial of its own."""

from mifeng.base import deeds, numbers
from mifeng.base.deeds import deed
from mifeng.rooms.people.models import Person


@deed("site:open_register", reads=True)
def record_view(person: Person, form: str, lines: int) -> None:
    """Who looked at which register, and at how many lines; the entry stands before the page is drawn."""
    deeds.note(counts={"lines": lines}, form=form)


@deed("site:print_register", reads=True)
def record_print(person: Person, form: str, lines: int) -> str:
    """The serial of this print-out: 印册〔2026〕0001."""
    deeds.note(counts={"lines": lines}, form=form)
    return numbers.register_number("印册", numbers.take("印册"))
