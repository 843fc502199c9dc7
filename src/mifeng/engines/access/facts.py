"""Facts: what the rules may look at, and the frozen values in which rooms hand it over.

Every fact is an int or a bool; instants are integer seconds UTC with exclusive ends, `EVER` is later than all of them.
A fact is never None unless its specification says nullable, and a nullable one is only touched behind `is_set`: there
are no sentinels, because a person numbered -1 once met a custodian numbered -1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mifeng.engines.access.levels import ALL_STAFF

EVER = 2**40

STAFF, SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDITOR = 0, 1, 2, 3

# Where something is carried to. Home and public places are kinds nobody can approve (D5, G4.3).
DESTINATION_BRANCH, DESTINATION_CLIENT, DESTINATION_AUTHORITY, DESTINATION_MEETING = 1, 2, 3, 4
DESTINATION_HOME, DESTINATION_PUBLIC = 8, 9


@dataclass(frozen=True)
class FactSpec:
    """One fact the rules may name.

    `side`: subject, context, item, or deed (what the act itself brings along); `type`: int, bool, instant, level.
    `column` is the field of `Columns` that holds its SQL, "" when the fact is a constant of the request and folded
    before SQL is built. `clause` says where the fact comes from. `awaits` names the room that will supply the fact
    while that room does not stand: until then it has its neutral value (0, or unset where it is nullable), under which
    its rules neither open nor close anything, and its clause is not kept by it.
    """

    name: str
    side: str
    type: str
    clause: str
    nullable: bool = False
    column: str = ""
    awaits: str = ""


@dataclass(frozen=True)
class RelationSpec:
    """One relation between subject and item.

    `negatable`: may stand in a place where more of it permits less; a relation that is not stands only where it adds
    (a proof may then expand it into one witness row). `of_act`: true for one act only, says nothing about reading.
    `awaits` as in FactSpec; the neutral value of a relation is False.
    """

    name: str
    clause: str
    negatable: bool
    of_act: bool = False
    awaits: str = ""


FACTS = (
    FactSpec("pid", "subject", "int", "I6.2"),
    FactSpec("clearance", "subject", "level", "K1.0"),
    FactSpec("role", "subject", "int", "M1.2"),
    FactSpec("active", "subject", "bool", "I8"),
    FactSpec("pledge_until", "subject", "instant", "P0.1"),
    FactSpec("trained_until", "subject", "instant", "I12"),
    FactSpec("rules_read", "subject", "bool", "G1"),
    FactSpec("now", "context", "instant", "P4.1"),
    FactSpec("device_cap", "context", "level", "D5"),
    FactSpec("fresh_until", "context", "instant", "I6.2"),
    FactSpec("fresh_top_until", "context", "instant", "I6.2"),
    FactSpec("password_until", "context", "instant", "I6.3"),
    FactSpec("session_ok", "context", "bool", "I7.2"),
    FactSpec("level", "item", "level", "K1.0", column="level"),
    FactSpec("live", "item", "bool", "G4.5", column="live"),
    FactSpec("frozen", "item", "bool", "M7.1", column="frozen"),
    FactSpec("sealed", "item", "bool", "H2", column="sealed"),
    FactSpec("excl", "item", "int", "G4.1", nullable=True, column="excl"),
    FactSpec("no_copy", "item", "bool", "M2.1", column="no_copy"),
    FactSpec("applicant", "deed", "int", "M2.1", nullable=True, column="applicant"),
    FactSpec("approver", "deed", "int", "M2.1", nullable=True, column="approver"),
    FactSpec("destination", "deed", "int", "G4.3", nullable=True, column="destination"),
)
# The row behind GRANT, as far as a proof looks into it: `fits` it names the act that is asked for (read: showing),
# `executor` it names a post of this subject, `by_gm` the general manager or his delegate gave it, `shows` it is a showing.
GRANT_FACTS = (
    FactSpec("doc", "grant", "int", "M2.1"),
    FactSpec("pid", "grant", "int", "M2.1"),
    FactSpec("fits", "grant", "bool", "M2.1"),
    FactSpec("shows", "grant", "bool", "D2"),
    FactSpec("executor", "grant", "bool", "M1.1"),
    FactSpec("approved", "grant", "bool", "M2.1"),
    FactSpec("by_gm", "grant", "bool", "M4"),
    FactSpec("since", "grant", "instant", "M2.1"),
    FactSpec("until", "grant", "instant", "D2"),
    FactSpec("approval_until", "grant", "instant", "M2.1"),
    FactSpec("uses_left", "grant", "int", "M2.1", nullable=True),
)
ITEM_ID = FactSpec("id", "item", "int", "P0.2")
RELATIONS = (
    RelationSpec("scope", "P0.2", negatable=True),
    RelationSpec("handler", "H2", negatable=True),
    RelationSpec("concerned", "A2", negatable=True),
    RelationSpec("frozen_team", "M7.1", negatable=True),
    RelationSpec("walled", "P1.1", negatable=True),
    RelationSpec("opening", "G4.1", negatable=True),
    RelationSpec("judge", "M2.1", negatable=False),
    RelationSpec("appointed", "M1.1", negatable=True, of_act=True),
    RelationSpec("grant", "M2.1", negatable=False, of_act=True),
    RelationSpec("grant_by_gm", "M4", negatable=False, of_act=True, awaits="disclosure"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks: the person, never the account.

    `clearance` a rank of Level; `role` 0 staff or one of the three officers; `active` 0 after leaving (I8);
    `pledge_until` (P0.1) and `trained_until` (I12) instants, end exclusive; `rules_read` 0 when a new rule version was
    not acknowledged in time (G1); `keys` the audience keys. An officer keeps the all-staff key only: 内部 items reach
    him through the scope of everybody and through nothing else (M1.2).
    """

    pid: int
    clearance: int
    role: int
    active: int
    pledge_until: int
    trained_until: int
    rules_read: int
    keys: frozenset[int]

    def __post_init__(self) -> None:
        if self.role != STAFF:
            object.__setattr__(self, "keys", frozenset(self.keys) & {ALL_STAFF})


@dataclass(frozen=True, slots=True)
class Context:
    """When and where: `device_cap` the highest rank the device may show; the others are instants, ends exclusive.

    `fresh_until` and `fresh_top_until`: last second factor + 8 h and + 30 min (I6.2); `password_until`: terms.ends_at
    of password_ends_on (I6.3); `session_ok` 0 while the session is locked or superseded (P2.1, I7.2).
    """

    now: int
    device_cap: int
    fresh_until: int
    fresh_top_until: int
    password_until: int
    session_ok: int

    def calm(self) -> "Context":
        """The same moment at a good device, all of it fresh: what may be known to exist, not what may be opened."""
        return replace(self, device_cap=EVER, fresh_until=EVER, fresh_top_until=EVER, password_until=EVER, session_ok=1)


@dataclass(frozen=True, slots=True)
class Item:
    """What is asked for: anything with level and scope.

    `level`: a proposed level counts as decided (G2); `aset` the audience set, 0 = nobody; `live` 0 once destroyed or
    returned; `frozen` by an incident; `sealed` while an embargo is open; `excl` the sole custodian or None; `dept` the
    owning department; `no_copy` 1 when this is itself a copy; `kind` the register (rules do not look at it).
    """

    id: int
    level: int
    aset: int
    live: int
    frozen: int
    sealed: int
    excl: int | None
    dept: int
    no_copy: int
    kind: int


@dataclass(frozen=True, slots=True)
class Relations:
    """How the subject stands to the item at `now`, and what the act brings along. What is not said is False or unset.

    `scope`: one of his keys is live in the item's set. `handler`, `concerned`, `frozen_team`: his row stands in the
    item's table. `judge`: the resolved approver of an open request, from submission to decision. `appointed`: a 委托
    covers this act (register facts: 收发 or 保存), the item's level and department (M1.1). `grant`: a live unspent
    grant of exactly this act (read: of showing, to this person); `grant_by_gm`: the general manager, or his written
    delegate for this named case, gave it; `applicant`: the person it was given to; `approver`: who gave it.
    `destination`: a DESTINATION_ kind. `walled`: he read papers of another side, which close this one to him (Chinese
    wall). `opening`: he is one of the two who open a sole custody in an emergency that the general manager decided, from
    that decision until the interim custodian has signed; it shows the register facts to be counted, never a page.

    How somebody came to know of a thing (an oral briefing, knowledge by mistake) is no relation: it gives no right.
    """

    scope: bool = False
    handler: bool = False
    concerned: bool = False
    appointed: bool = False
    grant: bool = False
    judge: bool = False
    frozen_team: bool = False
    grant_by_gm: bool = False
    applicant: int | None = None
    destination: int | None = None
    approver: int | None = None
    walled: bool = False
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What an approval left behind: one act on one item.

    `act` is `show` for reading, else the name of the act; `pid` the applicant; `executor_post` who carries it out
    ("" for showing); `since` inclusive, `until` and `approval_until` exclusive; `uses_left` None = not counted.
    """

    doc: int
    pid: int
    executor_post: str
    act: str
    since: int
    until: int
    uses_left: int | None
    state: str
    approver_post: str
    approval_until: int
    pages: frozenset[int] = frozenset()
    copies: int = 0
    recipient: str = ""

    def live(self, now: int) -> bool:
        """Approved, begun, not outlasting its approval, not used up."""
        in_time = self.since <= now < min(self.until, self.approval_until)
        return self.state == "approved" and in_time and (self.uses_left is None or self.uses_left > 0)


def serving(grants: Iterable[Grant], act: str, doc: int, pid: int, posts: frozenset[str], now: int) -> Grant | None:
    """The first live grant that serves this act on this item: showing serves its person, others the executor's post."""
    wanted = "show" if act == "read" else act
    for grant in grants:
        mine = grant.pid == pid if wanted == "show" else grant.executor_post in posts
        if grant.doc == doc and grant.act == wanted and mine and grant.live(now):
            return grant
    return None
