"""A page is drawn of one moment: what it asks again it is told again, and not looked up anew.

A desk asks a dozen times which posts its reader holds and whether his rows are genuine. Inside of one page, or of one deed
that only reads, the answer is kept. A deed that changes something never uses what was kept, and leaves nothing: after it
everything is asked anew.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Told = TypeVar("Told")

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept of this moment", default=None)


@contextmanager
def one() -> Iterator[None]:
    """Inside the block it stays one moment, until a deed is done in it."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


@contextmanager
def of_a_deed(*, reads: bool) -> Iterator[None]:
    """A deed asks anew; one that changes something keeps nothing. What was kept before it is forgotten."""
    before = _kept.get()
    token = _kept.set({} if reads else None)
    try:
        yield
    finally:
        _kept.reset(token)
        if before is not None:
            before.clear()


def kept(what: Hashable, ask: Callable[[], Told]) -> Told:
    """What `ask` says, once a moment. An exception is not kept."""
    found = _kept.get()
    if found is None:
        return ask()
    if what not in found:
        found[what] = ask()
    return found[what]
