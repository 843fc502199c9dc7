"""Copies that may bear another level than their item: followed by the log, so that no page looks at all copies for a few.

What is remembered decides nothing: whoever asks filters by what stands in the rows, and verifies what he shows.
"""

from collections.abc import Collection

from django.db.models import F, QuerySet

from mifeng.base import codes
from mifeng.base.snapshots import Snapshot
from mifeng.rooms.copies.facts import GONE
from mifeng.rooms.copies.models import Copy


def _differing() -> QuerySet[Copy]:
    return Copy.objects.exclude(state__in=list(GONE)).exclude(level=F("document__level"))


def _of_copies(keys: Collection[int]) -> dict[int, bool]:
    """Which of these copies differ."""
    found: dict[int, bool] = {}
    for some in codes.batched(keys, codes.BATCH):
        found |= dict.fromkeys(_differing().filter(pk__in=some).values_list("pk", flat=True), True)
    return found


def _of_items(keys: Collection[int]) -> dict[int, frozenset[int]]:
    """Copies that differ, by item, as they stood when the item was changed last."""
    found: dict[int, frozenset[int]] = {}
    for some in codes.batched(keys, codes.BATCH):
        for item, copy in _differing().filter(document__in=some).values_list("document_id", "pk"):
            found[item] = found.get(item, frozenset()) | {copy}
    return found


# A copy differs anew when its own row changes, or its item's.
_copies = Snapshot("copy", _of_copies, lambda: set(_differing().values_list("pk", flat=True)))
_items = Snapshot("document", _of_items, set)


def candidates() -> set[int]:
    """Keys among which all copies are that bear another level than their item; never empty, so that asking costs the same."""
    return {0, *_copies.now(), *(copy for found in _items.now().values() for copy in found)}
