"""Which scheme of levels is in force, what a switch to another would do, and which items it has still to take over (K1.0)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet

from mifeng.base import clock, codes, moment, vault
from mifeng.base.shapes import Exists
from mifeng.base.snapshots import Snapshot
from mifeng.clauses import schemes
from mifeng.clauses.schemes import Scheme
from mifeng.engines.access import KIND_PERSON, Level
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents.models import Change, Document, SchemeSwitch, StandingDecision
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people.models import AudienceRow, Person

SWITCHED = "scheme"  # of a row of the history: the item was taken over into another scheme
READERS = frozenset({"gm", "gmo_head", "secadmin", "auditor"})
PROPOSERS = frozenset({"gmo_head", "secadmin"})
WEIGHS = PROPOSERS | {"gm"}  # who sees how many items it concerns
PERSON_KEYS = (KIND_PERSON << 48, (KIND_PERSON + 1) << 48)  # of the rows of an audience set that name persons


def _load(keys: Collection[int]) -> dict[int, str]:
    return dict(SchemeSwitch.objects.filter(pk__in=list(keys)).exclude(since=None).values_list("pk", "scheme"))


_SWITCHES = Snapshot("scheme", _load)


def in_force() -> str:
    """The id of the scheme in force: that of the last switch, else the shipped one, also beside a sealed vault.

    Raises codes.Tampered where a switch was changed past the deeds.
    """
    return moment.kept("scheme in force", _in_force) if vault.is_open() else schemes.DEFAULT


def _in_force() -> str:
    return max(_SWITCHES.now().items(), default=(0, schemes.DEFAULT))[1]  # one at a time: the last one proposed


def waiting() -> SchemeSwitch | None:
    """The switch that waits for its decision, or for the last of the items; one at a time."""
    return SchemeSwitch.objects.filter(Q(decision="") | Q(decision="approved", since=None)).order_by("-pk").first()


def pending(switch: SchemeSwitch) -> QuerySet[Document]:
    """Levelled items that a decided switch has still to take over, in the order of their registration.

    Also what was taken over and has since been given a level that the new scheme does not have.
    """
    told = Change.objects.filter(document=OuterRef("pk"), what=SWITCHED, approval_uid=switch.uid)
    ranks = schemes.scheme(switch.scheme).ranks
    return Document.objects.filter(~Exists(told) | ~Q(level__in=ranks), level__gte=Level.CONFIDENTIAL).order_by("pk")


@dataclass(frozen=True)
class Line:
    """What becomes of one level: ranks, words, items there now, those of them that still wait for their classification."""

    rank: int
    word: str
    new: int
    new_word: str
    items: int
    proposed: int

    @property
    def raised(self) -> bool:
        return self.new > self.rank


@dataclass(frozen=True)
class Preview:
    """A switch before it is decided. Items under embargo are in no figure: a figure that moves would tell of them (H2).

    `named`: items whose scope would have to name persons. `below`: persons named in the scope of an item that rises, whose
    clearance does not reach there. `asked`: open requests on items that rise, to be asked anew. `series`: standing
    decisions that end.
    """

    lines: list[Line]
    named: int
    below: int
    asked: int
    series: int


def preview(before: Scheme, to: Scheme, mapping: dict[int, int]) -> Preview:
    """What a mapping would do to the items of today."""
    open_items = Document.objects.filter(sealed=False)
    found = open_items.filter(level__in=before.ranks).values("level").annotate(
        items=Count("pk"), proposed=Count("pk", filter=Q(proposed=True))
    )  # fmt: skip
    counts = {row["level"]: row for row in found.order_by("level")}
    lines = [
        Line(
            one.rank, one.word, mapping.get(one.rank, -1), to.word(mapping[one.rank]) if mapping.get(one.rank) in to.ranks else "—",
            counts.get(one.rank, {}).get("items", 0), counts.get(one.rank, {}).get("proposed", 0),
        )
        for one in before.levels
    ]  # fmt: skip
    rising = [line for line in lines if line.raised]
    return Preview(
        lines, named=sum(_to_name(open_items, line) for line in rising), below=_below(open_items, rising),
        asked=_asked(open_items.filter(level__in=[line.rank for line in rising])), series=len(ending(mapping)),
    )  # fmt: skip


def _to_name(items: QuerySet[Document], line: Line) -> int:
    """How many items name more in their scope than the new level allows."""
    wide = AudienceRow.objects.filter(aset=OuterRef("aset")).exclude(key__gte=PERSON_KEYS[0], key__lt=PERSON_KEYS[1])
    return items.filter(Exists(wide), level=line.rank).count() if scope_rules.names_persons_only(line.new) else 0


def _below(items: QuerySet[Document], rising: list[Line]) -> int:
    pids: set[int] = set()
    for line in rising:
        sets = items.filter(level=line.rank, live=True).values("aset")
        rows = AudienceRow.objects.filter(aset__in=sets, key__gte=PERSON_KEYS[0], key__lt=PERSON_KEYS[1])
        live = rows.filter(until__gt=clock.seconds(clock.now())).values_list("key", flat=True).distinct()
        named = [key - PERSON_KEYS[0] for key in live]
        for some in codes.batched(named, codes.BATCH):
            pids.update(Person.objects.filter(pk__in=some, active=True, clearance__lt=line.new).values_list("pk", flat=True))
    return len(pids)


def _asked(items: QuerySet[Document]) -> int:
    asked = Approval.objects.filter(state="asked", item_key__startswith="documents:").values_list("item_key", flat=True)
    uids = {key.partition(":")[2] for key in asked}
    rising = {uid for some in codes.batched(uids, codes.BATCH) for uid in items.filter(uid__in=some).values_list("uid", flat=True)}
    return sum(key.partition(":")[2] in rising for key in asked)


def ending(mapping: dict[int, int]) -> list[StandingDecision]:
    """Standing decisions of a level that becomes another: each paper is decided by itself until there is a new one."""
    today = clock.today()
    running = StandingDecision.objects.exclude(until__lte=today).order_by("pk")
    return [row for row in running if mapping.get(row.level, row.level) != row.level]


def progress(switch: SchemeSwitch) -> dict[str, Any]:
    """How far a decided switch is: items taken over and items left, those under embargo in neither figure."""
    done = Change.objects.filter(what=SWITCHED, approval_uid=switch.uid, document__sealed=False).count()
    return {"done": done, "left": pending(switch).filter(sealed=False).count()}
