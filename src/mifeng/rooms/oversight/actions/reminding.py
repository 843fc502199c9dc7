"""What the clock puts on desks, by the ladders of the rooms."""

from dataclasses import dataclass

from mifeng.base import deeds, duties
from mifeng.base.deeds import deed


@dataclass(frozen=True)
class Line:
    """One notice to be: whose desk, the neutral kind, the subject's key, which occasion."""

    person: int
    kind: str
    key: str
    once: str

    @property
    def occasion(self) -> str:
        return duties.occasion(self.person, self.kind, self.key, self.once)


@deed("oversight:remind")
def remind(person: None, lines: list[Line]) -> int:
    """The lines of one run, on the desks of those whom the ladders name; returns how many were new."""
    made = sum(duties.remind(line.person, line.kind, line.key, line.once) for line in lines)
    deeds.note(counts={"reminded": made})
    return made
