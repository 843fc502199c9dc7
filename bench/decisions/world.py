"""Random questions: who asks what of which item, with the facts and relations that `decide` is handed."""

import random
from dataclasses import dataclass
from typing import Any

from mifeng.engines.access import ACTS, EVER, Context, Item, Relations, Subject

NOW = 1_000_000
FACTS = {
    "subject": ("pid", "clearance", "role", "active", "pledge_until", "trained_until", "rules_read"),
    "context": ("now", "device_cap", "fresh_until", "fresh_top_until", "password_until", "session_ok"),
    "item": ("level", "live", "frozen", "sealed", "excl", "no_copy"),
    "deed": ("applicant", "approver", "destination"),
}
BOOLS = ("active", "rules_read", "session_ok", "live", "frozen", "sealed", "no_copy")
RELATIONS = (
    "scope", "handler", "concerned", "frozen_team", "walled", "opening", "judge", "appointed", "grant", "grant_by_gm",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One question as the engine takes it, and flat for the peers."""

    act: str
    subject: Subject
    context: Context
    item: Item
    relations: Relations

    def flat(self) -> dict[str, Any]:
        """Every fact and relation by its name; truth values as such."""
        sides = {"subject": self.subject, "context": self.context, "item": self.item, "deed": self.relations}
        made = {name: getattr(sides[side], name) for side, names in FACTS.items() for name in names}
        made |= {name: bool(made[name]) for name in BOOLS}
        return {"act": self.act, **made, **{name: getattr(self.relations, name) for name in RELATIONS}}


def questions(count: int, *, docs: int, people: int, seed: int) -> list[Question]:
    """That many questions over a company of that size. Every act is as likely; a third have nothing wrong with them."""
    dice = random.Random(seed)
    return [_question(dice, ACTS[n % len(ACTS)], dice.randrange(people), dice.randrange(docs)) for n in range(count)]


def _question(dice: random.Random, act: str, pid: int, number: int) -> Question:
    """In order, then up to four things that are chosen at random become otherwise."""
    sound = dice.random() < 0.34
    s, c, d = _person(pid), _moment(), _document(number, pid)
    r: dict[str, Any] = {name: dice.random() < 0.6 for name in ("scope", "handler", "appointed", "grant", "judge", "grant_by_gm")}
    r |= {"applicant": pid + 1, "approver": pid + 2, "destination": dice.choice([1, 2, 3, 4])}
    for _ in range(0 if sound else dice.randrange(1, 5)):
        side = dice.choice((s, c, d, r))
        name, value = dice.choice(WRONG[id_of(side, s, c, d)])
        side[name] = pid if value == "self" else value
    return Question(act, Subject(**s), Context(**c), Item(**d), Relations(**r))


def id_of(side: dict[str, Any], s: dict[str, Any], c: dict[str, Any], d: dict[str, Any]) -> str:
    return "subject" if side is s else "context" if side is c else "item" if side is d else "deed"


# What can be wrong, by side; "self" is the person who asks.
WRONG: dict[str, list[tuple[str, Any]]] = {
    "subject": [("clearance", 5), ("clearance", 10), ("role", 1), ("role", 3), ("active", 0), ("pledge_until", NOW),
                ("pledge_until", NOW + 1), ("trained_until", NOW), ("rules_read", 0)],
    "context": [("device_cap", 5), ("device_cap", 10), ("fresh_until", NOW), ("fresh_top_until", NOW), ("password_until", NOW),
                ("password_until", NOW + 1), ("session_ok", 0)],
    "item": [("live", 0), ("frozen", 1), ("sealed", 1), ("excl", 1), ("excl", "self"), ("no_copy", 1), ("level", 30)],
    "deed": [("concerned", True), ("walled", True), ("frozen_team", True), ("opening", True), ("applicant", None),
             ("applicant", "self"), ("approver", "self"), ("approver", None), ("destination", None), ("destination", 8),
             ("scope", False), ("handler", False), ("appointed", False), ("grant", False)],
}  # fmt: skip


def _person(pid: int) -> dict[str, Any]:
    return {
        "pid": pid, "clearance": 30, "role": 0, "active": 1, "pledge_until": EVER, "trained_until": EVER, "rules_read": 1,
        "keys": frozenset(),
    }  # fmt: skip


def _moment() -> dict[str, Any]:
    return {
        "now": NOW, "device_cap": 30, "fresh_until": EVER, "fresh_top_until": EVER, "password_until": EVER, "session_ok": 1,
    }  # fmt: skip


def _document(number: int, pid: int) -> dict[str, Any]:
    """Levels 50/40/9/1 %; of the highest three in ten are in somebody's sole custody."""
    at = number * 2_654_435_761 % 100
    level = 5 if at < 50 else 10 if at < 90 else 20 if at < 99 else 30
    kept = level == 30 and number % 10 < 3
    return {
        "id": number, "level": level, "aset": 0, "live": 1, "frozen": 0, "sealed": 0, "excl": pid if kept else None,
        "dept": number % 200, "no_copy": 0, "kind": 0,
    }  # fmt: skip
