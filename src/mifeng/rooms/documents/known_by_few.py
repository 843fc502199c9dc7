"""Items that only some may know, by embargo or sole custody, and who they are: in memory, as the log goes on.

Whoever must not know an item cannot judge it, so every list asks this of all open requests at once; a decision on one
request asks the tables (`work.handlers`).
"""

from collections.abc import Collection, Mapping

from django.db.models import Q

from mifeng.base.snapshots import Snapshot
from mifeng.rooms.approvals import people_facts
from mifeng.rooms.documents.models import Document

Few = tuple[str, frozenset[int]]  # item key, persons
LIMITED = Q(sealed=True) | Q(excl__isnull=False)


def _few(keys: Collection[int]) -> dict[int, Few]:
    limited = people_facts.of(Document, "pk", keys).filter(LIMITED).only("uid", "sealed", "excl_id")
    return {row.pk: (row.item_key, _persons(row)) for row in limited.prefetch_related("handlers")}


def _persons(row: Document) -> frozenset[int]:
    if row.sealed or row.excl_id is None:
        return frozenset(handler.person_id for handler in row.handlers.all())
    return frozenset({row.excl_id})


def _limited_keys() -> set[int]:
    return set(Document.objects.filter(LIMITED).values_list("pk", flat=True))


_FEW = Snapshot("document", _few, first=_limited_keys)
_last: tuple[Mapping[int, Few], Mapping[str, frozenset[int]]] = ({}, {})


def limits() -> Mapping[str, frozenset[int]]:
    """Who alone may know an item, by its key, for every item that has such a limit; the same object until one differs."""
    global _last
    told, last = _FEW.now(), _last
    if last[0] is not told:
        _last = last = (told, dict(told.values()))
    return last[1]
