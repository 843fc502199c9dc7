"""All objects of a kind, verified once; after that only those of which a later entry of the log tells.

For what is asked at every page and rests on many rows: who holds which post. Row codes say that rows are genuine, the
log says which of them changed; in between, memory is the safest place, for no writer of the database reaches it. The
log is read inside the caller's transaction, so there is no moment at which a revocation is committed and not seen.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from mifeng.base import codes, deeds, record

Told = TypeVar("Told")


class Snapshot(Generic[Told]):
    """`load` gives what is told of each of these objects; an object that is gone is left out.

    `first`: the keys to begin with where the objects told of are few among many that are over. What they tell decides
    nothing by itself then, and their codes are verified by whoever decides; without it every object is verified here.
    """

    def __init__(
        self, kind: str, load: Callable[[Collection[int]], dict[int, Told]], first: Callable[[], set[int]] | None = None
    ) -> None:
        self._kind, self._load, self._first = kind, load, first
        self._lock = threading.Lock()
        self._clear()
        record.opened_anew.append(self._clear)

    def _clear(self) -> None:
        self._known: tuple[int, dict[int, Told]] = (0, {})  # entries of the log that were followed, facts

    def now(self) -> Mapping[int, Told]:
        """What is told of every object, by key; the same mapping as long as nothing differs. Raises codes.Tampered.

        A deed that has changed some of them sees its own rows, and nothing it sees is remembered: it may be rolled back.
        """
        followed, facts = self._known
        read, changed = record.changed_since(self._kind, followed)
        touched = deeds.touched(self._kind)
        keys = (changed if followed else self._all()) | touched
        if self._first is None:
            codes.verify(self._kind, keys)
        merged = self._merged(facts, keys)
        return merged if touched else self._remembered(read, facts if merged == facts else merged)

    def _all(self) -> set[int]:
        return self._first() if self._first else codes.objects(self._kind)

    def _remembered(self, read: int, facts: dict[int, Told]) -> dict[int, Told]:
        # No lock is held while rows are read: a deed waits for the database, and must not wait for who waits for it.
        with self._lock:
            if self._known[0] <= read:
                self._known = (read, facts)
            return self._known[1]

    def _merged(self, facts: dict[int, Told], keys: Collection[int]) -> dict[int, Told]:
        if not keys:
            return facts
        return {key: told for key, told in facts.items() if key not in keys} | self._load(keys)
