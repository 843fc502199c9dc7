"""Every case of some people over one request, from the house as it stands."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from tests.rooms.approvals import office
from tests.rooms.approvals.office import ACTORS, Watch
from tests.rooms.approvals.steps import Actor, put_back


@dataclass
class Found:
    """What a search came to."""

    deeds: int = 0
    allowed: int = 0
    faults: list[str] = field(default_factory=list)
    allowed_once: set[str] = field(default_factory=set)


def search(deep: int, actors: tuple[Actor, ...] = ACTORS) -> Found:
    """Every case of up to `deep` actors from the house as it stands, one deed after the other, the house put back each time.

    A refused deed changed nothing (the watch looks), so what follows it was looked at without it; pages that show the
    same are one page.
    """
    found = Found()
    _search(found, deep, actors, office.begin(), ())
    return found


def _search(found: Found, deep: int, actors: tuple[Actor, ...], watch: Watch, pages: tuple[Any, ...]) -> None:
    pages = (*pages, {actor.name: actor.load() for actor in actors})
    for actor in actors:
        for seen in _different([page[actor.name] for page in pages]):
            with put_back():
                then = watch.after(actor, copy.deepcopy(seen))
                found.deeds += 1
                if then.fault:
                    found.faults.append(f"{' > '.join((*watch.done, actor.name))}: {then.fault}")
                elif len(then.done) > len(watch.done):
                    found.allowed += 1
                    found.allowed_once.add(actor.name)
                    if deep > 1:
                        _search(found, deep - 1, actors, then, pages)


def _different(pages: list[Any]) -> Iterator[Any]:
    shown = set()
    for page in pages:
        told = repr([_columns(part) for part in (page if isinstance(page, tuple) else (page,))])
        if page is not None and told not in shown:
            shown.add(told)
            yield page


def _columns(part: Any) -> Any:
    if not isinstance(part, models.Model):
        return part
    values = {name: value for name, value in vars(part).items() if name != "_state"}
    return sorted((name, bytes(v) if isinstance(v, memoryview) else v) for name, v in values.items() if not isinstance(v, models.Model))
