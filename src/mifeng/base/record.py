"""The door to the log: builds the entry, appends it inside the deed's transaction, follows the states it carries.

Only deeds import this module (house test). An entry holds times, verbs, opaque ids and outcomes in plain; texts and
reasons lie in `enc`, under the log-field key of the year. `st` carries the state digests of the objects the deed
changed (a large deed goes on in entries `record:states`), `m` a code over the entry, so that nobody without the opened
vault can write a state.
"""

import base64
import hmac
import json
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from django.db import connection, transaction

from mifeng.base import clock, moment, vault
from mifeng.base.models import LogIndex
from mifeng.engines import auditlog


class LogUnavailable(Exception):
    """The log cannot be written: no deed is done, no content is served (留痕不可用,暂停服务)."""


@dataclass
class Draft:
    """An entry in the making. `why` = clause ids, determining first; `secret` goes to `enc`; `states` to `st`."""

    act: str
    actor: str = ""
    on: str = ""
    obj: str = ""
    device: str = ""
    request: str = ""
    edition: str = ""
    out: str = "allowed"
    why: list[str] = field(default_factory=list)
    grant: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    commitments: dict[str, str] = field(default_factory=dict)
    secret: dict[str, Any] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)


class _Tables:
    """The log's tables in the business database, as the engine's Store. Used inside an open write transaction only."""

    def head(self) -> auditlog.Head:
        with connection.cursor() as cursor:
            cursor.execute("SELECT size, frontier FROM log_head WHERE one = 1")
            size, packed = cursor.fetchone()
        packed = bytes(packed)
        return auditlog.Head(size, tuple(packed[i : i + 32] for i in range(0, len(packed), 32)))

    def add(self, seq: int, entry: bytes, leaf: bytes, head: auditlog.Head) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO log (seq, entry, leaf) VALUES (%s, %s, %s)", [seq, entry, leaf])
            cursor.execute(
                "UPDATE log_head SET size = %s, frontier = %s WHERE one = 1", [head.size, b"".join(head.frontier)]
            )


TABLES = _Tables()
STATES = 400  # of one entry: half of what it holds, the other half is for what the deed tells of itself


def take_turn() -> None:
    """In an open transaction: until its end nobody else writes the log, and what was committed before is seen.

    On SQLite the transaction began with the write lock; PostgreSQL waits here, in the order of asking.
    """
    if turn := auditlog.dialect(connection.vendor).TURN:
        with connection.cursor() as cursor:
            cursor.execute(turn)


def open_entry() -> None:
    """Announce an entry in this transaction: from here on guarded tables may be written."""
    take_turn()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO pending_entry (seq) SELECT size FROM log_head WHERE one = 1")
    _states.turn(begins=True)


def close_entry() -> None:
    """The transaction of `open_entry` is over, however it ended."""
    _states.turn(begins=False)


def has_open_entry() -> bool:
    """An entry was announced and never written: outside of a deed somebody left the guards open."""
    with connection.cursor() as cursor:
        return cursor.execute("SELECT EXISTS (SELECT 1 FROM pending_entry)").fetchone()[0] == 1


def append(draft: Draft) -> None:
    """Append the entry as the last statements of the open transaction.

    An entry has 60,000 bytes: states that do not go into it follow in entries of their own, in the same transaction.
    """
    _seen.meet(TABLES.head())
    at = clock.now()  # after meeting what others recorded: never below the entry before
    for part in _parts(draft):
        if part is not draft:
            open_entry()
        _append(part, at)


def _parts(draft: Draft) -> Iterator[Draft]:
    """The entry itself with the first of its states, then the others. They tell of no further deed: nobody acts."""
    states = sorted(draft.states)
    draft.states, rest = {key: draft.states[key] for key in states[:STATES]}, draft.states
    yield draft
    for some in range(STATES, len(states), STATES):
        told = {key: rest[key] for key in states[some : some + STATES]}
        yield Draft(act="record:states", request=draft.request, edition=draft.edition, out=draft.out, states=told)


def _append(draft: Draft, at: datetime) -> None:
    head = TABLES.head()
    LogIndex.objects.create(
        seq=head.size, at=at, actor=draft.actor, act=draft.act, obj=draft.obj, out=draft.out,
        why=draft.why[0] if draft.why else "", device=draft.device,
    )  # fmt: skip
    entry = auditlog.canonical(_entry(draft, at, head.size))
    after = auditlog.Head(head.size + 1, auditlog.push(head.frontier, head.size, auditlog.leaf(entry)))
    transaction.on_commit(lambda: _seen.take(after))
    auditlog.append(TABLES, entry)


def _entry(draft: Draft, at: datetime, seq: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "v": 1, "t": int(at.timestamp() * 1000), "act": draft.act, "out": draft.out, "ed": draft.edition,
        "actor": draft.actor, "on": draft.on, "obj": draft.obj, "dev": draft.device, "req": draft.request,
        "why": draft.why, "grant": draft.grant, "n": draft.counts, "c": draft.commitments, "st": draft.states,
    }  # fmt: skip
    entry = {key: value for key, value in entry.items() if value not in ("", [], {})}
    if vault.is_open():
        if draft.secret:
            entry["k"] = f"log:{at.year}"
            text = json.dumps(draft.secret, ensure_ascii=False, sort_keys=True)
            sealed = vault.opened().register_key(entry["k"]).seal(f"log.enc|{draft.request}", text)
            entry["enc"] = base64.b64encode(sealed).decode()
        entry["m"] = _code(seq, entry)
    return entry


def _code(seq: int, entry: dict[str, Any]) -> str:
    """HMAC over place and entry: an old entry written again at the head would bring an old state back."""
    body = auditlog.canonical({key: value for key, value in entry.items() if key != "m"})
    return hmac.digest(vault.derived("log entries"), seq.to_bytes(8, "big") + body, "sha256")[:16].hex()


def opened(entry: dict[str, Any]) -> dict[str, Any]:
    """The secret part of an entry, {} when it has none. Only for deeds that may show it."""
    if "enc" not in entry:
        return {}
    sealed = base64.b64decode(entry["enc"])
    return json.loads(vault.opened().register_key(entry["k"]).open(f"log.enc|{entry.get('req', '')}", sealed))


class _Seen:
    """The head of the log as this process last left it. In memory: who cuts or rewrites the log meets it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.head: auditlog.Head | None = None

    def take(self, head: auditlog.Head | None) -> None:
        with self.lock:
            self.head = head

    def meet(self, head: auditlog.Head) -> None:
        """The log goes on from what was seen; another process may have added to it. Raises LogUnavailable."""
        with self.lock:
            if self.head is not None and self.head.size != head.size:
                self._follow(self.head, head)
            elif self.head is not None and self.head.frontier != head.frontier:
                raise self._other(self.head)
            self.head = head

    def _follow(self, seen: auditlog.Head, head: auditlog.Head) -> None:
        frontier, at = seen.frontier, seen.size
        with connection.cursor() as cursor:
            cursor.execute("SELECT entry FROM log WHERE seq >= %s AND seq < %s ORDER BY seq", [seen.size, head.size])
            added = [bytes(raw) for (raw,) in cursor.fetchall()]
        for raw in added:
            frontier, at = auditlog.push(frontier, at, auditlog.leaf(raw)), at + 1
        if (at, frontier) != (head.size, head.frontier):
            raise self._other(seen)
        _keep_time_with(enumerate(map(json.loads, added), seen.size))

    @staticmethod
    def _other(seen: auditlog.Head) -> LogUnavailable:
        return LogUnavailable(f"the log of {seen.size} entries that was seen here is not in this one")


def _keep_time_with(entries: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Time goes on from what another process recorded; an entry without the code of a deed would set it at will."""
    signed = [entry for seq, entry in entries if vault.is_open() and _signed(seq, entry)]
    if signed:
        clock.follow(max(_told(entry) for entry in signed))


def _told(entry: dict[str, Any]) -> datetime:
    """The instant that stood when the entry was written: its own, or the one that it confirms."""
    confirmed = entry.get("n", {}).get(CONFIRMED)
    return datetime.fromtimestamp(confirmed, UTC) if confirmed else instant(entry)


def _signed(seq: int, entry: dict[str, Any]) -> bool:
    return hmac.compare_digest(entry.get("m", ""), _code(seq, entry))


_seen = _Seen()


@dataclass(frozen=True)
class Done:
    """What an entry says in short: when (ms since 1970 UTC), which deed, with what outcome."""

    t: int
    act: str
    out: str


# Deeds whose repetition decides something (a lock-out, a pace). Rooms add their own when they are loaded.
COUNTED: set[str] = set()
CONFIRMED = "clock"  # among the counts of an entry: the instant that two persons confirmed, in seconds since 1970 UTC
LOOKED_BACK = 64  # entries looked at for the last one of a deed
KEPT_MS, KEPT = 3_600_000, 512  # for an hour, and no more of them than any bound asks for
REFUSED_MS = 36 * 3_600_000  # refusals are counted by the day, in whichever zone the company lies


class _States:
    """What the log says, as far as decisions rest on it: the digest of every object as its last entry left it, and who
    lately did what is counted. In memory: a writer of the database does not reach it.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.turns = threading.local()  # .followed: this thread has its turn at the log, and has read all of it
        self.clear()

    def clear(self) -> None:
        self.known: dict[str, str] = {}
        self.last: dict[str, dict[int, int]] = {}  # kind -> key -> its last entry, the latest at the end
        self.lately: dict[str, deque[Done]] = {}
        self.refused: dict[str, deque[Done]] = {}
        self.read = 0

    def done(self, key: str, since: int) -> list[Done]:
        with self.lock:
            self._follow()
            return [done for done in self.lately.get(key, ()) if done.t >= since]

    def refusals(self, key: str, since: int) -> list[Done]:
        with self.lock:
            self._follow()
            return [done for done in self.refused.get(key, ()) if done.t >= since]

    def of(self, key: str) -> str:
        with self.lock:
            self._follow()
            return self.known.get(key, "")

    def of_kind(self, kind: str) -> set[int]:
        with self.lock:
            self._follow()
            return set(self.last.get(kind, ()))

    def since(self, kind: str, read: int) -> tuple[int, set[int]]:
        with self.lock:
            self._follow()
            recent = takewhile(lambda told: told[1] >= read, reversed(self.last.get(kind, {}).items()))
            return self.read, {key for key, _ in recent}

    def turn(self, *, begins: bool) -> None:
        """Between these two nobody else writes the log: what was read once in there is not read again."""
        self.turns.followed = False if begins else None

    def _follow(self) -> None:
        followed = getattr(self.turns, "followed", None)
        if followed:
            return
        moment.kept("log", self._read_on)
        self.turns.followed = followed if followed is None else True

    def _read_on(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq, entry FROM log WHERE seq >= %s ORDER BY seq", [self.read])
            for seq, raw in cursor.fetchall():
                # Inside a deed its own uncommitted entry may be seen; a later rollback cannot un-read it, so the
                # deed reads states only before it appends.
                self._take(seq, json.loads(bytes(raw)))
                self.read = seq + 1

    def _take(self, seq: int, entry: dict[str, Any]) -> None:
        if "st" not in entry and entry["act"] not in COUNTED and entry["out"] != "refused":
            return
        if not _signed(seq, entry):
            return  # not written by a deed of this house: its states do not count, the objects fail their check
        self.known.update(entry.get("st", {}))
        for told in entry.get("st", {}):
            kind, _, key = told.partition(":")
            last = self.last.setdefault(kind, {})
            last.pop(int(key), None)
            last[int(key)] = seq
        if entry["act"] in COUNTED:
            _count(self.lately, entry, KEPT_MS)
        if entry["out"] == "refused":
            _count(self.refused, entry, REFUSED_MS)


def _count(counted: dict[str, deque[Done]], entry: dict[str, Any], kept_ms: int) -> None:
    """Under whoever did it and what it was done to; what is older than so many milliseconds goes."""
    for key in {entry.get("actor"), entry.get("obj")} - {None}:
        kept = counted.setdefault(key, deque(maxlen=KEPT))
        while kept and kept[0].t < entry["t"] - kept_ms:
            kept.popleft()
        kept.append(Done(entry["t"], entry["act"], entry["out"]))


_states = _States()


def known_objects(kind: str) -> set[int]:
    """Keys of the objects of this kind that any entry carries a state of: also of those whose rows are gone."""
    return _states.of_kind(kind)


def changed_since(kind: str, read: int) -> tuple[int, set[int]]:
    """(Entries read by now, keys of the objects of this kind of which entry `read` or a later one carries a state)."""
    return _states.since(kind, read)


def state_of(kind: str, key: int) -> str:
    """The state digest the last entry on this object carries; "" when none does."""
    return _states.of(f"{kind}:{key}")


def done_lately(key: str, acts: Collection[str], since: datetime) -> list[Done]:
    """Which of these counted deeds somebody did, or were done to an object, since an instant; oldest first.

    `key` is the person's uid or the item key. From the log itself, whose entries carry a code: with the index alone,
    whoever may write the database would clear a lock-out by deleting rows. At most an hour back, at most 512.
    """
    return [done for done in _states.done(key, int(since.timestamp() * 1000)) if done.act in acts]


def refused_lately(key: str, since: datetime) -> list[Done]:
    """What was refused to somebody, or on an object, since an instant; oldest first. Key and reason as in done_lately.

    At most a day and a half back, at most 512.
    """
    return _states.refusals(key, int(since.timestamp() * 1000))


opened_anew: list[Callable[[], None]] = []


def start() -> None:
    """Called when a database is opened: forget what another one said, let time go on from the last entry."""
    _states.clear()
    for forget in opened_anew:
        forget()
    _seen.take(None)
    clock.forget_floor()
    last = _last_instant()
    if last:
        clock.resume(last)


def _last_instant() -> datetime | None:
    """When the last entry was made; with the opened vault, the last one that carries the code of a deed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, entry FROM log ORDER BY seq DESC LIMIT %s", [LOOKED_BACK])
        recent = [(seq, json.loads(bytes(raw))) for seq, raw in cursor.fetchall()]
    return next((_told(entry) for seq, entry in recent if not vault.is_open() or _signed(seq, entry)), None)


def head() -> tuple[int, bytes]:
    """Number of entries and root of the tree over them."""
    at = TABLES.head()
    return at.size, auditlog.root(at.frontier)


def unbroken() -> tuple[int, bytes]:
    """The same, for whoever vouches for it: the log still holds all that this process has seen. Raises LogUnavailable."""
    with transaction.atomic():
        take_turn()  # else a deed that ends between the two readings would look like a log that was cut
        at = TABLES.head()
        _seen.meet(at)
    return at.size, auditlog.root(at.frontier)


def unsigned() -> list[int]:
    """Entries whose code does not fit their place: not written by a deed of this house. Needs the opened vault."""
    return [seq for seq, entry in entries() if not _signed(seq, entry)]


def misindexed() -> list[int]:
    """Entries that the index does not show as they are, and index rows without an entry."""
    told = {
        seq: (entry["t"], entry.get("actor", ""), entry["act"], entry.get("obj", ""), entry["out"],
              (entry.get("why") or [""])[0], entry.get("dev", ""))
        for seq, entry in entries()
    }  # fmt: skip
    shown = {
        row.seq: (int(row.at.timestamp() * 1000), row.actor, row.act, row.obj, row.out, row.why, row.device)
        for row in LogIndex.objects.iterator()
    }
    return sorted(seq for seq in told.keys() | shown.keys() if told.get(seq) != shown.get(seq))


def entries(first: int = 0, last: int | None = None) -> list[tuple[int, dict[str, Any]]]:
    """Entries by sequence number, `last` excluded; decoded, secret parts still closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, entry FROM log WHERE seq >= %s AND seq < %s ORDER BY seq", [first, last if last is not None else 2**62]
        )
        return [(seq, json.loads(bytes(raw))) for seq, raw in cursor.fetchall()]


def raw_entries() -> list[bytes]:
    """Every entry as the exact bytes that the leaf covers, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry FROM log ORDER BY seq")
        return [bytes(raw) for (raw,) in cursor.fetchall()]


def instant(entry: dict[str, Any]) -> datetime:
    """When the entry was made, UTC."""
    return datetime.fromtimestamp(entry["t"] / 1000, UTC)
