"""The deed: every change and every reading of secret content is decided, done and recorded in one transaction.

    @deed("copies:print", subject="document")
    def print_copy(person, document, *, approval, prepared): ...

The first argument is the person who acts (None before anybody signed in). A refusal rolls everything back and is
recorded in a transaction of its own: recorded inside, it would erase its own trace. The caller gets the result only
after the commit; if the entry cannot be written, the caller gets nothing.
"""

import functools
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy, gettext_noop

from mifeng import clauses
from mifeng.base import clock, codes, moment, record
from mifeng.base.codes import Tampered
from mifeng.base.fields import new_uid
from mifeng.base.refusals import NextStep, NotThere, Refused
from mifeng.engines.access import Decision


@dataclass(frozen=True)
class Occasion:
    """Where a deed comes from: device uid, session key, request id. Set once per request by the site."""

    device: str = ""
    session: int | None = None
    request: str = ""
    address: str = ""


_occasion: ContextVar[Occasion] = ContextVar("occasion", default=Occasion())  # noqa: B039  # frozen
_current: ContextVar["Current | None"] = ContextVar("current deed", default=None)
_along: ContextVar[Callable[[], None] | None] = ContextVar("along with each deed", default=None)


@dataclass
class Current:
    """The deed being done: its entry in the making and the objects whose state it changed."""

    draft: record.Draft
    touched: set[tuple[str, int]] = field(default_factory=set)


@dataclass(frozen=True)
class Named:
    """What the house knows of a deed: its name (`room:verb`), which argument is the item, whether it only reads, whether
    it is done although the date waits to be confirmed.
    """

    name: str
    subject: str
    reads: bool
    function: Callable[..., Any]
    in_doubt: bool


REGISTERED: dict[str, Named] = {}
# Terms, releases and lapses are counted from now: a date that nobody vouches for would let each of them happen.
CLOCK_IN_DOUBT = Decision.refuse(
    "clock_in_doubt", "P4.1", gettext_noop("时钟待确认:本机日期比上次留痕之后应有的时间超前过多,由两名不同岗位的人员确认之前只能查阅"),
    en="The date waits to be confirmed: the machine's clock is too far ahead of the log. Until two persons of different posts "
    "have confirmed it, things can be read but not changed.",
)
CONFIRM = NextStep(gettext_lazy("查看时钟"), "/system/clock/")
after_refusal: list[Callable[[record.Draft, Any], None]] = []
after_alarm: list[Callable[[Tampered, Any], None]] = []


class _Queue:
    """A fair write lock: whoever asked first writes first. SQLite's own waiting has a tail of seconds."""

    def __init__(self) -> None:
        self.waiting: deque[threading.Event] = deque()
        self.lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        mine = threading.Event()
        with self.lock:
            self.waiting.append(mine)
            if self.waiting[0] is mine:
                mine.set()
        mine.wait()
        try:
            yield
        finally:
            with self.lock:
                self.waiting.popleft()
                if self.waiting:
                    self.waiting[0].set()


_queue = _Queue()


def turn() -> AbstractContextManager[None]:
    """One's turn at the write lock, for what is written outside of deeds (leases of jobs). Never inside a deed."""
    return _queue.turn()


@contextmanager
def on(occasion: Occasion) -> Iterator[None]:
    """Deeds inside the block carry this occasion."""
    token = _occasion.set(occasion)
    try:
        yield
    finally:
        _occasion.reset(token)


@contextmanager
def along(first: Callable[[], None]) -> Iterator[None]:
    """Every deed inside the block does `first` at the beginning of its own transaction; what it raises undoes the deed."""
    token = _along.set(first)
    try:
        yield
    finally:
        _along.reset(token)


def occasion() -> Occasion:
    """The occasion of this moment."""
    return _occasion.get()


def current() -> Current:
    """The deed being done. RuntimeError outside of one: nothing is written past deeds."""
    deed_now = _current.get()
    if deed_now is None:
        raise RuntimeError("outside of a deed")
    return deed_now


def touch(kind: str, key: int) -> None:
    """This deed changed the rows of that object; its new state digest goes into the entry."""
    current().touched.add((kind, key))


def is_done_now() -> bool:
    """Inside of a deed."""
    return _current.get() is not None


def is_touched(kind: str, key: int) -> bool:
    """The deed being done, if any, has changed this object already."""
    deed_now = _current.get()
    return deed_now is not None and (kind, key) in deed_now.touched


def touched(kind: str) -> set[int]:
    """Keys of the objects of this kind that the deed being done, if any, has changed."""
    deed_now = _current.get()
    return {key for changed, key in deed_now.touched if changed == kind} if deed_now else set()


def note(
    *, obj: str = "", grant: str = "", why: list[str] | None = None, counts: dict[str, int] | None = None, **secret: Any
) -> None:
    """Add to the entry of the deed being done: opaque ids in plain, everything named freely goes to `enc`."""
    draft = current().draft
    draft.obj, draft.grant, draft.why = obj or draft.obj, grant or draft.grant, why or draft.why
    draft.counts.update(counts or {})
    draft.secret.update(secret)


def deed(
    name: str, subject: str = "", reads: bool = False, prepare: Callable[..., Any] | None = None, in_doubt: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function of a room's actions a deed called `name`; `subject` names the argument that is the item.

    `prepare` does the slow work before the transaction, from the same arguments; the deed gets its result as `prepared`.
    While the date waits to be confirmed only those that read are done, and those `in_doubt`: coming, going, confirming.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if name in REGISTERED:
            raise ValueError(f"two deeds are called {name}")

        @functools.wraps(function)
        def done(person: Any, *args: Any, **kwargs: Any) -> Any:
            item = kwargs.get(subject) if subject in kwargs else (args[0] if subject and args else None)
            run = functools.partial(function, person, *args, **kwargs)
            ready = prepare and functools.partial(prepare, person, *args, **kwargs)
            return _do(name, person, item, run, ready, done.deed)  # type: ignore[attr-defined]

        REGISTERED[name] = Named(name, subject, reads, function, reads or in_doubt)
        done.deed = REGISTERED[name]  # type: ignore[attr-defined]
        return done

    return decorate


def _draft(name: str, person: Any, item: Any) -> record.Draft:
    at = _occasion.get()
    return record.Draft(
        act=name, actor=getattr(person, "uid", "") if person else "", obj=getattr(item, "item_key", "") or "",
        device=at.device, request=f"{at.request or new_uid()}", edition=clauses.edition()[:16],
    )  # fmt: skip


def _do(
    name: str, person: Any, item: Any, run: Callable[..., Any], prepare: Callable[[], Any] | None = None,
    named: Named | None = None,
) -> Any:  # fmt: skip
    if _current.get() is not None:
        # Its turn at the write lock would come after the outer deed's end, which waits for it: forever.
        raise RuntimeError(f"{name} inside of another deed")
    draft = _draft(name, person, item)
    try:
        if not (named and named.in_doubt) and not clock.believed():
            raise Refused(CLOCK_IN_DOUBT, gettext_noop("未办理"), CONFIRM)
        if prepare:
            run = functools.partial(run, prepared=prepare())
        return _commit(draft, run, _along.get(), reads=bool(named and named.reads))
    except Refused as refusal:
        _record(draft, "refused", refusal.clauses, person, refused=True)
        raise
    except NotThere:
        # Followed up like a refusal: what is hidden and what is not there cost the same work, and guessing counts.
        _record(draft, "refused", ["P0.3"], person, refused=True)
        raise
    except Tampered as tampering:
        _alarm(draft, tampering, person)
        raise
    except record.LogUnavailable:
        raise
    except Exception as fault:
        # The class name only: a message may carry what the deed was about.
        _record(draft, "failed", [type(fault).__name__], person)
        raise


def _commit(
    draft: record.Draft, run: Callable[[], Any], first: Callable[[], None] | None = None, *, reads: bool = False
) -> Any:
    deed_now = Current(draft)
    with moment.of_a_deed(reads=reads), _queue.turn(), transaction.atomic(durable=True):
        token = _current.set(deed_now)
        try:
            record.open_entry()
            if first:
                first()
            result = run()
            draft.states = _states(deed_now.touched)
            record.append(draft)
        finally:
            record.close_entry()
            _current.reset(token)
    clock.hold_at(clock.now())
    return result


def _states(touched: set[tuple[str, int]]) -> dict[str, str]:
    states = {}
    for kind in sorted({kind for kind, _ in touched}):
        found = codes.digests(kind, sorted(key for k, key in touched if k == kind))
        states |= {f"{kind}:{key}": digest for key, digest in found.items()}
    return states


def _record(
    draft: record.Draft, out: str, why: list[str], person: Any, refused: bool = False,
    also: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """The entry of what was not done, in a transaction of its own; what must follow from it is written with it."""
    draft = record.Draft(**{**draft.__dict__, "out": out, "why": why, "states": {}, "grant": ""})

    def follow() -> None:
        if refused:
            for hook in after_refusal:
                hook(draft, person)
        if also:
            also()

    try:
        _commit(draft, follow)
    except DatabaseError as fault:
        raise record.LogUnavailable from fault


def _alarm(draft: record.Draft, tampering: Tampered, person: Any) -> None:
    secret = {"table": tampering.table, "kind": tampering.kind, "key": tampering.pk}
    alarm = record.Draft(**{**draft.__dict__, "secret": secret})
    _record(alarm, "refused", ["row_mac"], person, also=lambda: [hook(tampering, person) for hook in after_alarm] and None)
    tampering.recorded = True
