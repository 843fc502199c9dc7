"""Two deeds in two connections, one of them held between two statements while the other tries.

The process's own queue of deeds is taken away, so that the two meet as those of two processes do: in the database.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

from mifeng.base.refusals import Conflict, Refused

WAIT = 60.0  # seconds; only a fault reaches it
Deed = Callable[[], Any]


class Held(threading.Thread):
    """A deed in a connection of its own that stops before its statement number `at` until it is let go; 0 = never.

    The commit counts as a statement. `said`: "done", the rule that refused it, or the name of what went wrong.
    """

    def __init__(self, deed: Deed, at: int) -> None:
        super().__init__(daemon=True)
        self.deed, self.at, self.count, self.said = deed, at, 0, ""
        self.here, self.go, self.over = threading.Event(), threading.Event(), threading.Event()
        self.backend: int | None = None

    def run(self) -> None:
        """Do the deed; the connection ends with it."""
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid if connection.vendor == "postgresql" else None
            commit = connection._commit
            connection._commit = lambda: (self._count(), commit())[1]
            with connection.execute_wrapper(self._statement):
                self.deed()
            self.said = "done"
        except Refused as refusal:
            self.said = refusal.decision.rule
        except Conflict:
            self.said = "conflict"
        except Exception as fault:  # noqa: BLE001  # told to the test
            self.said = type(fault).__name__
        finally:
            connections.close_all()
            self.over.set()
            self.here.set()

    def _statement(self, execute: Any, *told: Any) -> Any:
        self._count()
        return execute(*told)

    def _count(self) -> None:
        self.count += 1
        if self.count == self.at:
            self.here.set()
            assert self.go.wait(WAIT), "never let go"

    def reaches(self) -> bool:
        """Wait until it stands before its statement or is over: True. False: it waits for somebody else's transaction."""
        while not self.here.wait(0.002):
            if self.backend is not None and _waits(self.backend):
                return False
        return True

    def ends(self) -> bool:
        """Wait until it is over: True. False: it waits for somebody else's transaction."""
        while not self.over.wait(0.002):
            if self.backend is not None and _waits(self.backend):
                return False
        return True


def _waits(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [backend])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True)
class Met:
    """How two met: where the first was held, where the second was meant to be, where it came to, what both said.

    `inside`: the first was held inside its transaction, and not over before it came to its point.
    """

    first_at: int
    second_at: int
    second_came_to: int
    said: tuple[str, str]
    inside: bool

    @property
    def waited(self) -> bool:
        """The second waited before it came to where it was meant to be held."""
        return self.second_at == 0 or self.second_came_to < self.second_at


def meet(first: Deed, second: Deed, first_at: int, second_at: int) -> Met:
    """The first goes to its point, the second to its own or to where it must wait; the first ends, then the second."""
    one, other = Held(first, first_at), Held(second, second_at)
    one.start()
    one.reaches()
    inside = first_at > 1 and not one.over.is_set()
    other.start()
    other.reaches()
    came_to = other.count
    one.go.set()
    one.ends()
    other.go.set()
    for held in (one, other):
        assert held.over.wait(WAIT), "two deeds wait for one another"
        held.join()
    return Met(first_at, second_at, came_to, (one.said, other.said), inside)


def every_way(make: Callable[[], tuple[Deed, Deed]], step: int = 1) -> Iterator[Met]:
    """The two deeds of `make`, made anew each time, held at every `step`-th pair of statements.

    Where the second waits before its point, it does so for every later point, too: those are one way.
    """
    first, second = make()
    lengths = _length(first), _length(second)
    for first_at in range(1, lengths[0] + 1, step):
        for second_at in (*range(1, lengths[1] + 1, step), 0):
            met = meet(*make(), first_at, second_at)
            yield met
            if met.waited:
                break


def _length(deed: Deed) -> int:
    held = Held(deed, 0)
    held.run()
    return held.count


class NoQueue:
    """Instead of the process's own queue: as in two processes, nobody waits before the database."""

    def turn(self) -> Any:
        """At once."""
        return nullcontext()


