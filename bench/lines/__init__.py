"""What the benchmarks of access share: a line of the result, and the end of a run whose answers differ."""

from dataclasses import dataclass


@dataclass
class Row:
    """One line of the result, as every benchmark of the house writes it."""

    name: str
    ours: float
    unit: str
    goal: float | None
    met: bool | None
    note: str
    peer: str = ""
    peer_value: float = 0
    ratio: float = 0


class Different(SystemExit):
    """Two ways to one answer gave two answers."""
