"""Reads the files of vectors/access: header, blank line, payload, all lines `name: value`."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from mifeng.engines.access import Context, Item, Relations, Subject, ends_at, key, password_ends_on

FOLDER = Path(__file__).resolve().parents[3] / "vectors/access"
DECISIONS = sorted(p.stem for p in FOLDER.glob("*.txt") if not p.stem.startswith(("term_", "password_life_")))
TERMS = sorted(p.stem for p in FOLDER.glob("term_*.txt"))
PASSWORDS = sorted(p.stem for p in FOLDER.glob("password_life_*.txt"))
CHANGED = "after the last day of a password changed on "


@dataclass(frozen=True)
class Question:
    """What is asked of `decide`."""

    act: str
    subject: Subject
    context: Context
    item: Item
    relations: Relations


@dataclass(frozen=True)
class Answer:
    """What must come out: rule and clause of each reason, or the one the permission rests on, and of each flag."""

    allow: bool
    knows: bool
    reasons: tuple[tuple[str, str], ...]
    flags: tuple[tuple[str, str], ...] = ()


def vector(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Header and payload of one file."""
    head, body = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n\n")
    return _lines(head), _lines(body)


def _lines(text: str) -> dict[str, str]:
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}


def decision(name: str) -> tuple[Question, Answer]:
    """A decision vector."""
    head, body = vector(name)
    return question(body), answer(head)


def answer(head: dict[str, str]) -> Answer:
    """The header of a decision vector."""
    allow = head["expect"] == "allowed"
    return Answer(
        allow, head["knows"] == "yes", _pairs(head["rests on" if allow else "reasons"]), _pairs(head.get("flags", ""))
    )


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((rule, clause) for rule, clause in (part.split() for part in text.split(",") if part))


def question(body: dict[str, str]) -> Question:
    """The payload of a decision vector."""

    def side(name: str) -> dict[str, object]:
        return {k.removeprefix(f"{name}."): _value(k, v) for k, v in body.items() if k.startswith(f"{name}.")}

    named = {} if body["relations"] == "none" else dict.fromkeys(body["relations"].split(), True)
    return Question(
        body["act"], Subject(**side("subject")), Context(**side("context")), Item(**side("item")),
        Relations(**named, **side("deed")),
    )  # fmt: skip


def _value(name: str, text: str) -> object:
    if name == "subject.keys":
        return frozenset(key(*map(int, part.split(":"))) for part in text.split())
    if text.startswith(CHANGED):
        return ends_at(password_ends_on(date.fromisoformat(text.removeprefix(CHANGED))))
    if "T" in text:
        return int(datetime.fromisoformat(text).timestamp())
    return None if text == "none" else int(text)
