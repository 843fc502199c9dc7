"""A mark of its own for what is about to be drawn, entered in its register of marks. Inside a deed of somebody else."""

from typing import TypeVar

from mifeng.base import clock
from mifeng.engines import watermark
from mifeng.rooms.copies.models.making import Mark
from mifeng.rooms.people.models import Person

Row = TypeVar("Row", bound=Mark)


def drawn(kind: type[Row], to: Person, about: str, edge: int, **of: object) -> Row:
    """A new mark for this reader; `about`: what else its entry says (a copy's number, a minute)."""
    at = clock.now()
    local = clock.local(at)
    return kind.objects.create(  # type: ignore[attr-defined]
        mark=f"{watermark.new_mark_id():012x}", epoch=f"{local.year}Q{(local.month + 2) // 3}", at=at, edge=edge,
        reader=f"{to.uid}|{to.name}|{to.department.name}|{to.login}|{about}", **of,
    )  # fmt: skip
