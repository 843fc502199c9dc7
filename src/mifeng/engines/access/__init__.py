"""Access: may this person do this act on this item now, and which items may a list show him?

One table of rules (`policy.py`) is read as Python for single decisions and as SQL for lists. The engine has no clock,
no database and no network: facts are handed in, so an old decision can be decided again.

>>> from mifeng.engines.access import EVER, Columns, Context, Item, Level, Relations, Subject, decide, key, where
>>> from mifeng.engines.access import KIND_ALL, KIND_PERSON
>>> insider = Subject(pid=7, clearance=Level.HIGHLY_CONFIDENTIAL, role=0, active=1, pledge_until=EVER,
...                   trained_until=EVER, rules_read=1, keys=frozenset({key(KIND_ALL, 0), key(KIND_PERSON, 7)}))
>>> desk = Context(now=1000, device_cap=20, fresh_until=2000, fresh_top_until=0, password_until=EVER, session_ok=1)
>>> paper = Item(id=8, level=Level.HIGHLY_CONFIDENTIAL, aset=3, live=1, frozen=0, sealed=0, excl=None, dept=4,
...              no_copy=0, kind=0)

In the scope of knowledge he reads; copying needs an appointed executor and a grant, scope alone never does:

>>> decide("read", insider, desk, paper, Relations(scope=True))
Decision(allow=True, rule='permit-scope', clause='P0.2', knows=True, reasons=())
>>> refused = decide("copy", insider, desk, paper, Relations(scope=True))
>>> refused.clauses, refused.knows, refused.reasons[0].zh
(('M1.1', 'M2.1'), True, '没有覆盖此事项、密级和部门的委托')

Whoever stands outside the scope is answered like somebody who asks for nothing (`knows` is False):

>>> decide("read", insider, desk, paper, Relations()).knows
False

A list is filtered in SQL by the same rules; device, password and clearance have become one number:

>>> columns = Columns(level="doc.level", aset="doc.aset", live="doc.live", frozen="doc.frozen", sealed="doc.sealed",
...     excl="doc.excl", dept="doc.dept", no_copy="doc.no_copy", id="doc.id", audience_table="audience",
...     audience_aset="aset", audience_key="key", audience_since="since", audience_until="until",
...     handler_table="handler", handler_item="doc", handler_person="person",
...     concerned_table="concerned", concerned_item="doc", concerned_person="person")
>>> sql, values = where("read", insider, desk, columns)
>>> sql[:37], values[0], sql.count("%s") == len(values)
('("doc"."level" <= %s AND "doc"."live"', 20, True)

Rules for callers. Decide every page, version, thumbnail and export by itself, inside the transaction that serves or
changes it. `Relations.grant` and `Relations.appointed` speak of the act that is asked for and of no other. Answer by
`knows`, never by `allow` alone. Terms of secrecy, schemes of levels, separation of duties: `Term`, `Scheme`,
`officer_conflict`, `separated`. The table in words: `explain()`; formats and laws: docs/spec/access.md.
"""

from mifeng.engines.access.deciding import (
    Awaited,
    Row,
    UnknownRule,
    awaited,
    decide,
    explain,
    listing,
    switched,
    where,
)  # fmt: skip
from mifeng.engines.access.duties import (
    OFFICERS,
    SEPARATE_DEFAULT,
    SEPARATE_DESTRUCTION,
    officer_conflict,
    role_sets,
    separated,
)  # fmt: skip
from mifeng.engines.access.facts import (
    AUDITOR,
    DESTINATION_AUTHORITY,
    DESTINATION_BRANCH,
    DESTINATION_CLIENT,
    DESTINATION_HOME,
    DESTINATION_MEETING,
    DESTINATION_PUBLIC,
    EVER,
    FACTS,
    RELATIONS,
    SECURITY_ADMINISTRATOR,
    STAFF,
    SYSTEM_ADMINISTRATOR,
    Context,
    Grant,
    Item,
    Relations,
    Subject,
    serving,
)  # fmt: skip
from mifeng.engines.access.levels import (
    ALL_STAFF,
    COMPANY3,
    COMPANY3_TO_SOE2,
    KIND_ALL,
    KIND_DEPARTMENT,
    KIND_MEETING,
    KIND_PERSON,
    KIND_POST,
    SCHEMES,
    SOE2,
    Level,
    NoSuchLevel,
    Scheme,
    SchemeBroken,
    custom,
    key,
    scope_allowed,
)  # fmt: skip
from mifeng.engines.access.policy import ACT_WORDS, ACTS
from mifeng.engines.access.readings.listing import Listing, Page, Register
from mifeng.engines.access.readings.sql import ColumnBroken, Columns, Fragment, RelationNotGiven
from mifeng.engines.access.reasons import Decision, Reason, UnknownAct
from mifeng.engines.access.terms import (
    Term,
    TermBroken,
    TermTooLong,
    default_term,
    ends_at,
    months_after,
    over_cap,
    password_ends_on,
)  # fmt: skip

__all__ = [
    "decide", "where", "listing", "explain", "awaited", "Awaited", "FACTS", "RELATIONS", "switched", "Decision", "Reason", "Row",
    "Columns", "Fragment", "Register", "Listing", "Page",
    "Subject", "Context", "Item", "Relations", "Grant", "serving", "ACTS", "ACT_WORDS",
    "Level", "Scheme", "SCHEMES", "COMPANY3", "SOE2", "COMPANY3_TO_SOE2", "custom", "key", "scope_allowed",
    "KIND_ALL", "KIND_PERSON", "KIND_POST", "KIND_DEPARTMENT", "KIND_MEETING", "ALL_STAFF", "EVER",
    "STAFF", "SYSTEM_ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR",
    "DESTINATION_BRANCH", "DESTINATION_CLIENT", "DESTINATION_AUTHORITY", "DESTINATION_MEETING", "DESTINATION_HOME",
    "DESTINATION_PUBLIC",
    "Term", "default_term", "over_cap", "months_after", "password_ends_on", "ends_at",
    "officer_conflict", "role_sets", "separated", "OFFICERS", "SEPARATE_DEFAULT", "SEPARATE_DESTRUCTION",
    "UnknownAct", "UnknownRule", "ColumnBroken", "RelationNotGiven", "NoSuchLevel", "SchemeBroken", "TermBroken",
    "TermTooLong",
]  # fmt: skip
