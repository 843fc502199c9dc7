"""Orders in which people of one office can meet, and a house that is put back after each of them.

What somebody does has two steps: he opens the page (loads what he acts on), later he sends it (the deed). Deeds are done
one after the other (test_deed_turns.py proves it), so an order of these steps is all that can happen between people. Loading changes
nothing: orders that differ only in loads between the same deeds are one case, with the number of orders it stands for.
"""

import copy
import math
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connection, transaction

from mifeng.base import clock, record
from mifeng.base.snapshots import Snapshot


@dataclass(frozen=True)
class Actor:
    """What somebody does: `load` what his page shows him, then the `deed` with it. `load` None = he has nothing there to act on."""

    name: str
    load: Callable[[], Any]
    deed: Callable[[Any], Any]


@dataclass(frozen=True)
class Case:
    """Deeds in the order of `order`; the page of the i-th was loaded after `seen[i]` of the deeds before it."""

    order: tuple[int, ...]
    seen: tuple[int, ...]

    @property
    def stands_for(self) -> int:
        """How many orders of loads and deeds it is: loads between the same two deeds may change places."""
        return math.prod(math.factorial(count) for count in Counter(self.seen).values())


def cases(actors: int) -> Iterator[Case]:
    """Every case of so many actors; together they stand for (2n)! / 2^n orders."""
    from itertools import permutations

    for order in permutations(range(actors)):
        for seen in product(*(range(place + 1) for place in range(actors))):
            yield Case(order, seen)


class _Memory:
    """What a process keeps in memory of its log, to be put back with the database."""

    def __init__(self) -> None:
        states = record._states
        self.states = {
            "known": dict(states.known), "last": {kind: dict(keys) for kind, keys in states.last.items()}, "read": states.read,
            "lately": {key: deque(done, done.maxlen) for key, done in states.lately.items()},
        }  # fmt: skip
        self.head = record._seen.head
        self.belief = {name: told for name, told in vars(clock._belief).items() if name != "lock"}
        self.snapshots = {one: one._known for one in _snapshots()}

    def put_back(self) -> None:
        states = record._states
        for name, kept in copy.copy(self.states).items():
            setattr(states, name, kept)
        record._seen.head = self.head
        vars(clock._belief).update(self.belief)
        for one, known in self.snapshots.items():
            one._known = known


def _snapshots() -> list[Snapshot[Any]]:
    found = [getattr(forget, "__self__", None) for forget in record.opened_anew]
    return [one for one in found if isinstance(one, Snapshot)]


@contextmanager
def put_back() -> Iterator[None]:
    """Whatever is done inside the block, by deeds and with the clock, is undone at its end. Blocks may be nested."""
    kept = _Memory()
    block = transaction.atomic()
    block._from_testcase = True  # a deed insists on being outermost, except within a test that says so
    try:
        with block:
            yield
            transaction.set_rollback(True)
    finally:
        kept.put_back()


def rows(*statements: str) -> tuple[Any, ...]:
    """The answers to these questions as they stand now."""
    with connection.cursor() as cursor:
        found = []
        for statement in statements:
            cursor.execute(statement)
            found.append(tuple(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()))
    return tuple(found)
