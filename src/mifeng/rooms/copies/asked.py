"""What this room answers to the table of approvals for its matters: conditions by name, what an approver is told, who is told."""

from typing import Any

from django.utils.translation import gettext as _

from mifeng.base import clock, duties
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import granted
from mifeng.rooms.copies.facts import METHOD_WORDS, Method, State
from mifeng.rooms.copies.models import Copy, Reproduced
from mifeng.rooms.copies.rules import carrying, making
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents import work
from mifeng.rooms.people.models import Person


def not_a_copy_of_a_copy(approval: Approval, person: Person, stage: str) -> bool:
    """M2.1: the copy that is copied is an original, and the item is none that was made by copying."""
    source = Copy.objects.filter(uid=approval.payload_data.get("copy", "")).select_related("document").first()
    document = documents.of_key(approval.item_key)
    return source is not None and source.document_id == document.pk and not document.no_copy and making.may_be_source(source.facts()).allow


def issuer_consents(approval: Approval, person: Person, stage: str) -> bool:
    """M2.1: 绝密 that somebody else issued is copied with that issuer's consent."""
    document = documents.of_key(approval.item_key)
    return making.issuer_consents(document.origin, document.level, approval.payload_data.get("consent", ""))


def waste_registered(approval: Approval, person: Person, stage: str) -> bool:
    """C2.2: before more is printed, the sheets of every copy that went void under this approval are counted."""
    void = Reproduced.objects.filter(reproduction__approval_uid=approval.uid, copy__state=State.VOID)
    return not void.filter(spoiled=None).exists()


def designated_carrier(approval: Approval, person: Person, stage: str) -> bool:
    """M2.2: everybody who carries is entrusted with transit at the level, also on the day when it goes out."""
    document = documents.of_key(approval.item_key)
    carriers = Person.objects.filter(pk__in=approval.granted_now.people)
    return bool(carriers) and all(carrying.may_bear(granted.bearer(document, one)).allow for one in carriers)


def destination_allowed(approval: Approval, person: Person, stage: str) -> bool:
    """G4.3, D5: one of the kinds of the form, and its words name no home and no public place."""
    wanted = approval.granted_now
    return carrying.where_to(wanted.destination, wanted.place, clock.today()) in carrying.KINDS.values()


def never_below_its_source(approval: Approval, person: Person, stage: str) -> bool:
    """D4: what is made of an excerpt has at least the level that its source has now; its term is the source's own."""
    return int(approval.payload_data.get("level", 0)) >= documents.of_key(approval.item_key).level


CONDITIONS = {
    "target_takes_highest_level_and_longest_term": never_below_its_source,
    "designated_carrier": designated_carrier, "destination_kind_allowed": destination_allowed,
    "not_a_copy_of_a_copy": not_a_copy_of_a_copy, "issuer_consents_if_received_top_secret": issuer_consents,
    "waste_sheets_registered": waste_registered,
}  # fmt: skip


def summary(person: Person, approval: Approval) -> dict[str, Any]:
    """The five lines of the request; before what is asked for, how it is done."""
    found = work.summary(person, approval)
    method = approval.payload_data.get("method")
    return found | ({"what": f"{_(METHOD_WORDS[Method(method)])} · {found['what']}"} if method else {})


def approved(approval: Approval, decider: Person) -> None:
    """Whoever is entrusted to carry it out has a line on his desk. Inside the deed of the approval."""
    for person in granted.executors(approval):
        duties.remind(person.pk, "to_carry_out", f"approvals:{approval.uid}", once=approval.uid)


def returned(approval: Approval, person: Person) -> None:
    """Nothing was changed by asking, so nothing is taken back."""
