"""What the rules of this room see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question to the log: who (uids), which object key, which deed, outcome, from and until (ISO dates), each optional."""

    actors: tuple[str, ...] = ()
    obj: str = ""
    act: str = ""
    out: str = ""
    since: str = ""
    until: str = ""
