"""The auditor's month: who read, was refused or did anything else on which day, told from few rows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mifeng.base import clock, deeds
from mifeng.base.models import LogIndex
from mifeng.rooms.oversight import queries

LAST = date(2026, 3, 16)
# Instants around the midnights of the zones below, to the minute.
EDGES = ["2026-03-14 15:59", "2026-03-14 16:00", "2026-03-14 18:14", "2026-03-14 18:15", "2026-03-15 03:30", "2026-03-15 23:59"]
ACTS = [("viewing:open_page", "allowed"), ("documents:register", "allowed"), ("viewing:open_page", "refused")]


def written(cast):
    """Entries of three people at those instants, as the index holds them."""
    rows = []
    for n, text in enumerate(EDGES * 3):
        person = (cast.gm, cast.clerk, cast.insider)[n % 3]
        act, out = ACTS[n % 7 % 3]
        at = datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(seconds=n)
        rows.append(LogIndex(seq=900_000 + n, at=at, actor=person.uid, act=act, obj="", out=out, why="", device=""))
    return rows


def model(rows, names):
    """Entry by entry, as one would count by hand."""
    found = {}
    for row in rows:
        mark = "x" if row.out == "refused" else "v" if row.act.startswith("viewing:") else "o"
        own, day = found.setdefault(names[row.actor], {}), str(clock.local(row.at).day)
        own[day] = min(own.get(day, "o"), mark, key="xvo".index)
    return found


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/New_York"])
def test_the_grid_says_what_a_count_by_hand_says_in_every_zone(house, cast, zone, monkeypatch):
    monkeypatch.setattr(clock, "_zone", ZoneInfo(zone))
    rows = written(cast)
    deeds._do("people:test_write", None, None, lambda: LogIndex.objects.bulk_create(rows))
    told = queries.grid(LogIndex.objects.filter(seq__gte=900_000), LAST - timedelta(days=30), LAST)
    names = {person.uid: person.name for person in (cast.gm, cast.clerk, cast.insider)}
    assert {row["label"]: row["marks"] for row in told["rows"]} == model(rows, names)


def test_a_day_of_a_thousand_entries_is_few_rows(house, cast):
    at = datetime(2026, 3, 15, 1, tzinfo=UTC)
    rows = [
        LogIndex(seq=900_000 + n, at=at + timedelta(seconds=n), actor=cast.gm.uid, act="documents:register", obj="", out="allowed",
                 why="", device="")
        for n in range(1000)
    ]  # fmt: skip
    deeds._do("people:test_write", None, None, lambda: LogIndex.objects.bulk_create(rows))
    with CaptureQueriesContext(connection) as caught:
        told = list(queries._marks(LogIndex.objects.filter(seq__gte=900_000)))
    assert (len(told), len(caught)) == (1, 1)


def test_nothing_done_is_no_grid(house, cast):
    assert queries.grid(LogIndex.objects.filter(seq__gte=900_000), LAST - timedelta(days=30), LAST) is None
