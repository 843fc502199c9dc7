"""What the rules of this room see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question to the log: who (uids), which object key, which deed, outcome, from and until (ISO dates), each optional.

    `also`: keys of what the object stands on together with others, whose entries tell of it, too.
    """

    actors: tuple[str, ...] = ()
    obj: str = ""
    also: tuple[str, ...] = ()
    act: str = ""
    out: str = ""
    since: str = ""
    until: str = ""
