"""The house seen by who wants in: an outsider with an account, an officer, a neighbour on the network, a database's master.

Each test first shows that there is something to gain, then that it is not gained.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mifeng.base import record
from mifeng.engines import auditlog
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people import actions as people
from mifeng.rooms.viewing import actions as viewing
from mifeng.site import anchor, verification
from tests import factories


@pytest.fixture
def administrator(house: Any) -> Callable[[], Any]:
    """`with administrator() as sql:` – another connection to the file, triggers dropped, committed at the end."""

    @contextmanager
    def opened() -> Iterator[Callable[..., list[Any]]]:
        other = sqlite3.connect(house.home / "mifeng.db", timeout=5)
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f'DROP TRIGGER "{name}"')
        yield lambda statement, *values: other.execute(statement, values).fetchall()
        other.commit()
        other.close()

    return opened


def findings() -> list[str]:
    """What `mifeng verify` says, gaps of numbers aside."""
    return [line for line in verification.run() if "缺号" not in line]


# ------------------------------------------------------------------------------------------- the log, by whoever has it


def rebuilt(sql: Callable[..., Any]) -> None:
    """Leaves and head made to fit the entries again: whoever has the database can, no key is needed."""
    frontier: tuple[bytes, ...] = ()
    entries = sql("SELECT seq, entry FROM log ORDER BY seq")
    for seq, raw in entries:
        sql("UPDATE log SET leaf = ? WHERE seq = ?", auditlog.leaf(raw), seq)
        frontier = auditlog.push(frontier, seq, auditlog.leaf(raw))
    sql("UPDATE log_head SET size = ?, frontier = ?", len(entries), b"".join(frontier))


def read_by(house: Any, cast: Any) -> Any:
    """DOC-008, a page of it opened: the entry that somebody would like to have away."""
    document, session = factories.readable(cast), house.sit(cast.insider)
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    viewing.open_page(cast.insider, session, reading, 1)
    assert house.last()["act"] == "viewing:open_page"
    return document


def test_an_untouched_log_is_found_whole(house, cast):
    read_by(house, cast)
    assert findings() == []


def test_the_end_of_the_log_cut_off_while_the_house_runs(house, cast, administrator):
    document = read_by(house, cast)
    with administrator() as sql:
        sql("DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")
        sql("DELETE FROM base_logindex WHERE seq = (SELECT max(seq) FROM base_logindex)")
        rebuilt(sql)
    session = house.cast.insider.sessions.get(ended_at=None)
    with pytest.raises(record.LogUnavailable):
        viewing.open_document(cast.insider, session, document.uid)
    with pytest.raises(record.LogUnavailable):
        anchor.note()


def test_an_entry_rewritten_and_the_tree_made_to_fit(house, cast, administrator):
    read_by(house, cast)
    size = len(house.log())
    with administrator() as sql:
        old = sql("SELECT entry FROM log WHERE seq = ?", size - 1)[0][0]
        new = old.replace(cast.insider.uid.encode(), cast.deputy.uid.encode())
        sql("UPDATE log SET entry = ? WHERE seq = ?", new, size - 1)
        sql("UPDATE base_logindex SET actor = ? WHERE seq = ?", cast.deputy.uid, size - 1)
        rebuilt(sql)
    assert findings() == [f"留痕有1条不是由本系统写入,首条为第{size - 1}条"]
    with pytest.raises(record.LogUnavailable):
        people.set_preferences(cast.insider, language="zh-hans", density="normal", idle_minutes=4)


def test_an_older_log_found_at_the_next_opening(house, cast, administrator):
    anchor.note()
    size = len(house.log())
    read_by(house, cast)
    anchor.note()
    with administrator() as sql:
        sql("DELETE FROM log WHERE seq >= ?", size)
        sql("DELETE FROM base_logindex WHERE seq >= ?", size)
        rebuilt(sql)
    record.start()  # another process begins and remembers nothing
    with pytest.raises(anchor.LogRolledBack):
        anchor.compare()


def test_the_index_that_the_auditor_searches_made_to_hide_a_reader(house, cast, administrator):
    read_by(house, cast)
    size = len(house.log())
    with administrator() as sql:
        sql("UPDATE base_logindex SET obj = '' WHERE seq = ?", size - 1)
    assert findings() == [f"留痕索引与留痕不符,相差1条,首条为第{size - 1}条"]


def test_an_object_deleted_with_all_its_rows(house, cast, administrator):
    factories.registered(cast)
    approval = Approval.objects.get(state="asked")
    with administrator() as sql:
        sql("DELETE FROM approvals_part")
        sql("DELETE FROM approvals_approval")
    assert findings() == [f"approval {approval.pk}:state 的校验码不符"]
