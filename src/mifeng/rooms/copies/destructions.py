"""Reading lists for destruction, and what the matter of destroying tells the room of approvals."""

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mifeng.base import clock, vault
from mifeng.engines.vault import Holding
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Copy, Destruction, DestructionLine, Joined
from mifeng.rooms.copies.rules.destroying import Step
from mifeng.rooms.documents import work
from mifeng.rooms.documents.models import Concerned, Document, Handler
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person

OVER = (Step.DONE, Step.DROPPED)
RUNNING = tuple(step for step in Step if step not in OVER)
LISTED = 40  # copies set aside that are offered at once
PEOPLE = ("by", "archivist", "carrier1", "carrier2", "executor", "watcher1", "watcher2", "document", "department")


def archivists_of(rows: Sequence[Destruction]) -> list[Person]:
    """Who confirms a list for the archive: whoever holds the post and may know every paper of it."""
    keys = [row.pk for row in rows]
    return [person for person in people.holders("archivist") if seen_by(person).filter(pk__in=keys).count() == len(keys)]


def limited(papers: Collection[Document]) -> set[int]:
    """Those of these items that only few may know, or that speak of somebody, by key: a list on which others stand would tell
    of them (P0.3)."""
    keys = [paper.pk for paper in papers]
    named = {pk for table in (Handler, Concerned) for pk in table.objects.filter(document__in=keys).values_list("document", flat=True)}
    closed = {paper.pk for paper in papers if paper.sealed or paper.excl_id is not None or paper.category == "S6"}
    return named | closed


def running(copy: Copy) -> bool:
    """A list that is neither done nor given up names this copy."""
    return DestructionLine.objects.filter(copy=copy).exclude(destruction__state__in=OVER).exists()


def to_list(person: Person, document: Document) -> list[Copy]:
    """What this custodian has set aside of the item and no list names. Verified."""
    named = DestructionLine.objects.exclude(destruction__state__in=OVER).values("copy")
    found = queries.copies().filter(document=document, custodian=person, state=State.SET_ASIDE).exclude(pk__in=named)
    return queries.sound(found.order_by("n", "rep"))


def set_aside(person: Person, papers: Collection[str] | None = None) -> list[Copy]:
    """The first copies that this custodian has set aside and no list names, item by item; of these items all of them where they
    are said (uids). Verified.
    """
    named = DestructionLine.objects.exclude(destruction__state__in=OVER).values("copy")
    found = queries.copies().filter(custodian=person, state=State.SET_ASIDE).exclude(pk__in=named).order_by("document_id", "n", "rep")
    return queries.sound(found[:LISTED] if papers is None else found.filter(document__uid__in=list(papers)))


def known_to(person: Person, at: str = "") -> Q:
    """Lists that this person may know: those in which he has a part, or may take one as archivist or by a 委托 in force; as
    keeper of the register those within his clearance of items that are not sealed. None of an item that speaks of him (H2).

    `at`: how a row of another table leads to its list.
    """
    parts = ("by", "archivist", "executor", "watcher1", "watcher2", "carrier1", "carrier2")
    own = reduce(or_, (Q(**{f"{at}{part}": person}) for part in parts))
    plain = {f"{at}document__sealed": False, f"{at}document__excl": None, f"{at}level__lte": person.clearance}
    posts, open_items = person.posts(), Q(**plain)
    if posts & KEEPERS:
        own |= open_items
    if "archivist" in posts:
        own |= open_items & Q(**{f"{at}state": Step.LISTED})
    today = clock.today()
    for held in person.appointments_facts():
        if "destroy" in held.acts and not held.revoked and held.since <= today <= held.until:
            reached = Q(**{f"{at}level__lte": held.level_max})
            reached &= Q(**{f"{at}department__in": held.departments}) if held.departments else Q()
            own |= open_items & reached & Q(**{f"{at}state": Step.BAGGED})
    return own & ~Q(**{f"{at}document__in": Concerned.objects.filter(person=person).values("document")})


def seen_by(person: Person) -> QuerySet[Destruction]:
    """The lists that this person may know."""
    return Destruction.objects.filter(known_to(person))


def keys_of(document: Document) -> list[Holding]:
    """Every key slot of the item's files that is still there: their own keys and those of their objects."""
    ids = sorted(set(document.files.values_list("vault_doc", flat=True)))
    return [holding for one in ids for holding in vault.opened().holdings(bytes.fromhex(one))]


def strike_off(row: Destruction) -> None:
    """The paper stands on no list with others any more. Inside a deed."""
    for joined in Joined.objects.filter(destruction=row):
        joined.delete()


# What the matter tells ------------------------------------------------------------------------------------------


def _of_approval(approval: Any) -> Destruction | None:
    return Destruction.objects.select_related("joined").filter(uid=approval.payload_data.get("destruction", "")).first()


def _became(approval: Any, state: Step) -> None:
    found = _of_approval(approval)
    if found is not None and found.state == Step.ASKED:
        found.state = state
        found.save()


def approved(approval: Any, person: Any) -> None:
    """The paper may be sealed in a bag now, together with the others of its list."""
    _became(approval, Step.APPROVED)


def returned(approval: Any, person: Any) -> None:
    """The paper leaves its list; it may be sent again or given up by itself. What else stands on the list goes on."""
    _became(approval, Step.RETURNED)
    found = _of_approval(approval)
    if found is not None and found.state == Step.RETURNED:
        strike_off(found)


def summary(person: Person, approval: Any) -> dict[str, Any]:
    """The five lines of the request; of a paper that stands on a list with others, how many they are: each is decided by itself."""
    told, found = work.summary(person, approval), _of_approval(approval)
    others = Joined.objects.filter(batch=found.list_uid).exclude(destruction=found).count() if found else 0
    return told | ({"what": f"{told['what']} · {_('同册另有 %(n)d 件，逐件审批') % {'n': others}}"} if others else {})


def archive_confirms(approval: Any, person: Any, stage: str) -> bool:
    """The archive has confirmed that nothing of the list is worth keeping."""
    found = _of_approval(approval)
    return found is not None and found.archived_at is not None


CONDITIONS = {"archive_confirms_no_value": archive_confirms}
