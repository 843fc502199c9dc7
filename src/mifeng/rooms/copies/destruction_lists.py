"""销毁清册 as it is signed: the papers of one list together, for whoever may know every one of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from mifeng.base import clock, codes, duties
from mifeng.base.refusals import NotThere
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import destructions
from mifeng.rooms.copies.models import Destruction, DestructionLine
from mifeng.rooms.copies.rules import destroying
from mifeng.rooms.copies.rules.destroying import Step
from mifeng.rooms.people.models import Person

PARTS = (*destructions.PEOPLE, "joined")


@dataclass(frozen=True)
class Listing:
    """A list with its papers in the order in which they were entered, verified; `steps`: where each of them stands."""

    papers: tuple[Destruction, ...]
    steps: tuple[Step, ...]

    @property
    def first(self) -> Destruction:
        """The paper that stands for the list: what is of the list as a whole is alike in all of them."""
        return self.papers[0]

    @property
    def uid(self) -> str:
        return self.first.list_uid

    @property
    def item_key(self) -> str:
        """Whose entries in the log these are: the item's, or of several papers the list's."""
        return self.first.document.item_key if len(self.papers) == 1 else f"destructions:{self.uid}"

    @property
    def step(self) -> Step:
        return destroying.of_all(self.steps)

    @property
    def level(self) -> int:
        """The highest of the papers' levels."""
        return max(row.level for row in self.papers)

    def lines(self) -> list[DestructionLine]:
        """Every copy of the list, paper by paper."""
        found = DestructionLine.objects.filter(destruction__in=[row.pk for row in self.papers])
        return list(found.select_related("copy__document", "destruction").order_by("destruction_id", "pk"))


def name(listed: Listing) -> str:
    """The number of its paper; of several the first, and how many there are."""
    paper = listed.first.document.number or listed.first.document.uid[:8]
    return paper if len(listed.papers) == 1 else _("%(paper)s 等 %(n)d 件") % {"paper": paper, "n": len(listed.papers)}


def listing(rows: Sequence[Destruction]) -> Listing:
    """These papers as one list. Raises Tampered."""
    codes.verify("destruction", [row.pk for row in rows])
    live = _running(rows)
    steps = (destroying.stands(Step(row.state), row.approval_uid in live) for row in rows)
    return Listing(tuple(rows), tuple(steps))


def _running(rows: Iterable[Destruction]) -> set[str]:
    """Requests of these papers that are still asked, or whose grant serves now."""
    waiting = [row.approval_uid for row in rows if Step(row.state) in destroying.WAITING]
    if not waiting:
        return set()
    now = clock.now()
    granted = Q(grants__state="approved", grants__uses_left__gt=0, grants__until__gt=now)
    return set(Approval.objects.filter(Q(state="asked") | granted, uid__in=waiting).values_list("uid", flat=True))


def gathered(person: Person, rows: Iterable[Destruction]) -> list[Listing]:
    """The lists on which these papers stand, in their order: those of which this person may know every paper."""
    found: dict[str, list[Destruction]] = {}
    for row in rows:
        found.setdefault(row.list_uid, []).append(row)
    several = [uid for uid, papers in found.items() if papers[0].uid != uid]
    if several:
        whole = Destruction.objects.filter(joined__batch__in=several).select_related(*PARTS).order_by("pk")
        papers: dict[str, list[Destruction]] = {}
        for row in whole:
            papers.setdefault(row.list_uid, []).append(row)
        seen = set(destructions.seen_by(person).filter(joined__batch__in=several).values_list("pk", flat=True))
        for uid in several:
            found[uid] = papers[uid] if {row.pk for row in papers[uid]} <= seen else []
    return [listing(papers) for papers in found.values() if papers]


def mine(person: Person, most: int = 20) -> list[Listing]:
    """The lists that this person may know: those under way, then the newest that are over, which F10 has all. Verified."""
    seen = destructions.seen_by(person)
    over = list(seen.exclude(state__in=destructions.RUNNING).select_related(*PARTS).order_by("-pk")[:most])
    return [*under_way(person), *gathered(person, over)]


def under_way(person: Person) -> list[Listing]:
    """Lists that this person may know and that are neither done nor given up, the newest first. Verified."""
    # Found by their state first: few run, and somebody may have watched thousands. In one statement, whether any runs or not (P0.3).
    running = Destruction.objects.filter(state__in=destructions.RUNNING).values("pk")
    found = duties.few(destructions.seen_by(person).filter(pk__in=running).select_related(*PARTS).order_by("-pk"))
    return gathered(person, found)


def of(person: Person, uid: str) -> Listing:
    """One list, by its own uid or by that of a paper on it. Raises NotThere, Tampered."""
    rows = destructions.seen_by(person).filter(Q(uid=uid) | Q(joined__batch=uid)).select_related(*PARTS).order_by("pk")[:1]
    found = gathered(person, rows)
    if not found:
        raise NotThere
    return found[0]
