"""What others would do for the same list, on the same tables: the plain condition, row-level security, one by one."""

import time
from collections.abc import Callable
from typing import Any

from mifeng.engines.access import Columns, Subject, where

from .world import DESK, NOW, Company

Keys = list[int]
Peer = Callable[[Subject], Keys]
ORDER = 'ORDER BY "documents_document"."registered_at" DESC, "documents_document"."id" DESC LIMIT 50'

# The rule table for reading, written by hand as a policy: what a database would check in each row by itself.
POLICY = """
    level <= current_setting('bench.level')::int AND live AND NOT frozen
    AND (excl_id IS NULL OR excl_id = current_setting('bench.pid')::bigint)
    AND (NOT sealed OR NOT EXISTS (SELECT 1 FROM documents_concerned c
        WHERE c.document_id = documents_document.id AND c.person_id = current_setting('bench.pid')::bigint))
    AND (NOT sealed OR EXISTS (SELECT 1 FROM documents_handler h
        WHERE h.document_id = documents_document.id AND h.person_id = current_setting('bench.pid')::bigint))
    AND ((excl_id IS NOT NULL AND excl_id = current_setting('bench.pid')::bigint)
        OR (sealed AND EXISTS (SELECT 1 FROM documents_handler h
            WHERE h.document_id = documents_document.id AND h.person_id = current_setting('bench.pid')::bigint))
        OR EXISTS (SELECT 1 FROM people_audiencerow a WHERE a.aset_id = documents_document.aset_id
            AND a.key = ANY(current_setting('bench.keys')::bigint[])
            AND a.since <= current_setting('bench.now')::bigint AND a.until > current_setting('bench.now')::bigint))
"""


def plain(cursor: Any, columns: Columns) -> Peer:
    """The condition of every row, the planner left to itself."""

    def newest(who: Subject) -> Keys:
        sql, values = where("read", who, DESK, columns)
        cursor.execute(f'SELECT "documents_document"."id" FROM "documents_document" WHERE {sql} {ORDER}', values)
        return [row[0] for row in cursor.fetchall()]

    return newest


def one_by_one(made: Company) -> Peer:
    """A decision a row, newest first, over rows that are in memory already."""
    return lambda who: made.newest(who, 50)


def row_security(cursor: Any) -> Peer:
    """PostgreSQL's own: a role that sees rows by POLICY; the query of the program has no condition at all."""
    cursor.execute("CREATE ROLE bench_reader; GRANT SELECT ON ALL TABLES IN SCHEMA public TO bench_reader")
    cursor.execute("ALTER TABLE documents_document ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"CREATE POLICY reading ON documents_document FOR SELECT TO bench_reader USING ({POLICY})")

    def newest(who: Subject) -> Keys:
        keys = "{" + ",".join(map(str, sorted(who.keys))) + "}"
        told = {"bench.level": who.clearance, "bench.pid": who.pid, "bench.keys": keys, "bench.now": NOW}
        for name, value in told.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, str(value)])
        cursor.execute("SET ROLE bench_reader")
        cursor.execute(f"SELECT id FROM documents_document {ORDER}")
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("RESET ROLE")
        return found

    return newest


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of one act, and what it gave."""
    start = time.perf_counter()
    found = act()
    return (time.perf_counter() - start) * 1e3, found
