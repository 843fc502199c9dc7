"""The demonstration company, filled up: papers and copies by portions, each portion one deed."""

import random
from functools import partial
from typing import Any

from django.apps import apps

from filled import books, ledgers, lives, papers, rows
from mifeng.base import deeds
from mifeng.rooms.copies.models import Copy, Place
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person
from tests.cast import LOGINS

AT_ONCE = 2_000  # papers entered by one deed
OWN = 100  # papers of the company itself at most
YEAR_LINES, SHEET_LINES = 5, 500  # one of so many copies stands on the year's sheet; lines of an open stock-take


def copies() -> int:
    """How many numbered copies the register holds."""
    return Copy.objects.count()


def said() -> str:
    """What the register holds, in one line."""
    wanted = ("Document", "Copy", "Movement", "Incoming", "Dispatch", "Slip", "Loan", "Reproduction", "CarryOut", "Excerpt", "Destruction",
              "CountLine", "Approval")  # fmt: skip
    found = {model.__name__: model for model in apps.get_models() if model.__name__ in wanted}
    return ", ".join(f"{found[name]._base_manager.count():,} {name}" for name in wanted)


def fill(world: ledgers.World, most: int) -> None:
    """Papers like the company's own until the register holds `most`, and as many numbered copies."""
    models = _models()
    while (left := most - Document.objects.count()) > 0:
        deed(partial(_portion, world, models, min(left, AT_ONCE)))
    deed(partial(_sheets, world, most))


def deed(act: Any) -> None:
    """The bench enters what no deed of the product enters in bulk."""
    with rows.keys_together():
        deeds._do("bench:fill", None, None, act)


def _portion(world: ledgers.World, models: list[Any], count: int) -> None:
    made = papers.enter(models, count, world.chance)
    lives.enter(world, made, count)


def _models() -> list[Any]:
    """The company's papers with their files and lines, which the others are made after."""
    plain = Document.objects.filter(live=True, sealed=False, excl=None).exclude(state="proposed")
    found = list(plain.select_related("drafter").order_by("pk")[:OWN])
    for paper in found:
        paper.kept_files = list(paper.files.all())
        paper.kept_lines = list(paper.changes.exclude(number=""))
        for line in paper.kept_lines:
            line.before, line.after, line.reason = line.before, line.after, line.reason
    return found


def world(chance: random.Random) -> ledgers.World:
    """Who and what there is. One for the whole run: it counts the numbers of the registers."""
    people = {login: Person.objects.get(login=LOGINS[login]) for login in ("clerk", "second_clerk")}
    readers = list(Person.objects.filter(active=True, clearance__gte=10).order_by("-clearance", "pk"))
    places = {level: list(Place.objects.filter(kind=kind)) for level, kind in
              ((30, "combination_safe"), (20, "safe"), (10, "steel_cabinet"))}  # fmt: skip
    return ledgers.World(chance, list(people.values()), readers, places)


def _sheets(world: ledgers.World, most: int) -> None:
    """Last year's clear-up of the first clerk, and an open stock-take of one safe."""
    own = Copy.objects.filter(custodian=world.clerks[0]).order_by("pk")
    books.count(world, list(own[: most // YEAR_LINES]), "year", closed=True)
    books.count(world, list(own.filter(state="stored")[:SHEET_LINES]), "stock", closed=False)
    world.write()
