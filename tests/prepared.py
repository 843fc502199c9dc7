"""States that many tests begin with: made once a process by the same deeds as ever, then copied like the founded house.

A state is taken up only where nothing was done in the house before it and nothing in the program is replaced; else it is made
anew. So a test that fails with a prepared state fails with one made for it alone, and the other way round.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection

from mifeng.base import clock, record, vault
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Department, Person
from tests import cluster

NEAR = timedelta(minutes=5)


@dataclass
class Fresh:
    """A house as it was copied: nothing was done in it while its log has `entries`."""

    home: Path
    entries: int
    at: datetime
    open_again: Callable[[], None]


_fresh: Fresh | None = None
_off = False
_kept: dict[str, tuple[Path, str]] = {}  # what was made -> folder of the house after it, uid of the item
_store: tempfile.TemporaryDirectory[str] | None = None


def off() -> None:
    """In this process everything is made anew: its tests replace rules of the program."""
    global _off
    _off = True


def begin(home: Path, at: datetime, open_again: Callable[[], None]) -> None:
    """A test was given a fresh copy of the founded house. `open_again`: opens its folders after they were exchanged."""
    global _fresh
    _fresh = Fresh(home, record.head()[0], at, open_again)


def end() -> None:
    """The test is over, or it replaces parts of the program: nothing prepared is taken up."""
    global _fresh
    _fresh = None


def once(what: str, told: dict[str, Any], make: Callable[[], Document]) -> Document:
    """The item that `make` leaves in force, out of a house where exactly this was done before, if there is one."""
    named = None if _off or _fresh is None or not _is_untouched(_fresh) else _named((what, sorted(told.items())))
    if named is None or _fresh is None:
        return make()
    if named in _kept:
        return _taken_up(_fresh, *_kept[named])
    made = make()
    _kept[named] = (_put_away(_fresh, named), made.uid)
    return Document.objects.get(uid=made.uid)


def _is_untouched(house: Fresh) -> bool:
    same = vault.places().home == house.home and vault.is_open() and not connection.in_atomic_block
    return same and record.head()[0] == house.entries and abs(clock.now() - house.at) < NEAR


def _named(value: Any) -> str | None:
    """What was asked for as a name; None where something of it cannot be named, such as a file that was brought."""
    parts: list[str] = []
    return sha256("|".join(parts).encode()).hexdigest()[:24] if _spelt(value, parts) else None


def _spelt(value: Any, parts: list[str]) -> bool:
    if value is None or isinstance(value, (str, int, float, bool, date, Enum, timedelta)):
        parts.append(f"{type(value).__name__}:{value}")
        return True
    if isinstance(value, (Person, Department)):
        parts.append(f"{type(value).__name__}:{value.pk}")
        return True
    if isinstance(value, bytes):
        parts.append(sha256(value).hexdigest())
        return True
    if is_dataclass(value):
        parts.append(type(value).__name__)
        return all(_spelt(getattr(value, one.name), parts) for one in fields(value))
    if isinstance(value, (tuple, list)):
        parts.append(f"{len(value)}")
        return all(_spelt(one, parts) for one in value)
    return False


def _put_away(house: Fresh, named: str) -> Path:
    global _store
    _store = _store or tempfile.TemporaryDirectory(prefix="mifeng-prepared-")
    kept = Path(_store.name) / named
    _closed()
    shutil.copytree(house.home.parent, kept)
    if cluster.POSTGRESQL:
        cluster.make(cluster.name_of(kept), template=cluster.name_of(house.home))
    house.open_again()
    return kept


def _taken_up(house: Fresh, kept: Path, uid: str) -> Document:
    _closed()
    vault.seal()
    shutil.rmtree(house.home.parent)
    shutil.copytree(kept, house.home.parent)
    if cluster.POSTGRESQL:
        cluster.drop(cluster.name_of(house.home))
        cluster.make(cluster.name_of(house.home), template=cluster.name_of(kept))
    house.open_again()
    return Document.objects.get(uid=uid)


def _closed() -> None:
    """Everything stands in the files."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
