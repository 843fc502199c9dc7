"""A disk that is full: the house says so and stops, nothing is half done, and it goes on when there is room again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from mifeng.rooms.documents.models import Document
from tests import factories

pytestmark = pytest.mark.sqlite_only("the disk is made full by SQLite's own page limit")


@contextmanager
def full() -> Iterator[None]:
    """The database may take no further page: SQLite answers a write as it does on a full disk (SQLITE_FULL)."""
    with connection.cursor() as cursor:
        pages, most = (cursor.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "max_page_count"))
        free = cursor.execute("PRAGMA freelist_count").fetchone()[0]
        assert free == 0
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA max_page_count = {most}")


def test_on_a_full_disk_nothing_is_read_unrecorded_and_nothing_is_lost(house, cast):
    kept = factories.classified(cast)
    client, before = house.open_page_as(cast.clerk), len(house.log())
    with full():
        answers = [client.get("/documents/") for _n in range(40)]
        stopped = [answer for answer in answers if answer.status_code == 503]
        recorded = len(house.log()) - before
        assert stopped and recorded == len(answers) - len(stopped)
        assert all(kept.title not in answer.content.decode() for answer in stopped)
        assert "磁盘或日志不可写" in stopped[-1].content.decode()
    assert client.get("/documents/").status_code == 200
    assert (len(house.log()), Document.objects.count()) == (before + recorded + 1, 1)
