"""Deeds that change the scheme of levels: proposed, decided by the general manager, every item taken over, then in force.

A company may have many items, so they are taken over in portions, each a deed and a job of its own; the new words come
into force with the last one. Until then nothing is lower than it was, in neither scheme.
"""

import json
from collections.abc import Mapping
from hashlib import sha256

from mifeng.base import clock, codes, deeds, duties, jobs
from mifeng.base.deeds import deed
from mifeng.base.refusals import Conflict, Refused, insist
from mifeng.clauses import schemes
from mifeng.clauses.schemes import Scheme
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import requests
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import levels
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Document, SchemeSwitch
from mifeng.rooms.documents.rules import classification
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people import queries as people
from mifeng.rooms.people import scopes
from mifeng.rooms.people.models import Person

PLACE = "documents:scheme"
PORTION = 200  # items taken over by one deed: its entry and its transaction stay short


@deed("documents:propose_scheme")
def propose_scheme(person: Person, scheme: str, mapping: Mapping[int, int], reason: str) -> SchemeSwitch:
    """Propose another scheme with the level that each level becomes; nothing is in force before the GM decides (K1.0)."""
    if not person.posts() & levels.PROPOSERS:
        why = "切换密级方案由总经办主任或安全保密管理员提出"
        raise Refused(Decision.refuse("office_proposes_scheme", "K1.0", why), "密级方案切换未送审")
    if scheme not in schemes.schemes() or scheme == levels.in_force() or not reason.strip():
        raise Refused(Decision.refuse("scheme_form", "K1.0", "须选定另一密级方案并写明理由"), "密级方案切换未送审")
    if levels.waiting():
        raise Refused(Decision.refuse("one_at_a_time", "K1.0", "上一次密级方案切换尚未办完"), "密级方案切换未送审")
    before, to = schemes.in_force(), schemes.scheme(scheme)
    insist(classification.may_map(before, to, mapping), "密级方案切换未送审")
    pairs = [(one.rank, mapping[one.rank]) for one in before.levels]
    signed = sha256(json.dumps([before.id, to.id, pairs]).encode()).hexdigest()
    deeds.note(reason=reason, scheme=to.id, mapping=_words(before, to, dict(pairs)), digest=signed)
    for holder in people.holders("gm"):
        duties.remind(holder.pk, "scheme", PLACE, once=clock.now().isoformat())
    return SchemeSwitch.objects.create(
        before=before.id, scheme=to.id, mapping=json.dumps(pairs), digest=signed, proposed_by=person, proposed_at=clock.now(),
        reason=reason,
    )  # fmt: skip


def _words(before: Scheme, to: Scheme, mapping: Mapping[int, int]) -> list[str]:
    return [f"{one.word} → {to.word(mapping[one.rank])}" for one in before.levels]


@deed("documents:decide_scheme", subject="")
def decide_scheme(person: Person, switch: SchemeSwitch, approved: bool, note: str = "") -> SchemeSwitch:
    """The GM signs the mapping, or refuses it with a reason. Signed, the items are taken over and then it is in force."""
    codes.verify("scheme", codes.objects("scheme"))
    switch = SchemeSwitch.objects.get(pk=switch.pk)
    if "gm" not in person.posts() or not person.active:
        raise Refused(Decision.refuse("gm_decides_scheme", "K1.0", "密级方案的切换由总经理批准"), "密级方案未切换")
    if switch.decision:
        raise Conflict("", "此项切换已经决定")
    if not approved and not note.strip():
        raise Refused(Decision.refuse("reason_required", "K1.0", "须写明理由"), "密级方案未切换")
    before, to = schemes.scheme(switch.before), schemes.scheme(switch.scheme)
    if approved:
        insist(classification.may_map(before, to, switch.pairs), "密级方案未切换")
        jobs.enqueue("documents:map_levels", switch.uid)
    switch.decision, switch.decided_by = "approved" if approved else "refused", person
    switch.decided_at, switch.note = clock.now(), note
    switch.save()
    deeds.note(decision=switch.decision, scheme=to.id, mapping=_words(before, to, switch.pairs), digest=switch.digest)
    duties.remind(switch.proposed_by_id, "decided", PLACE, once=switch.uid)
    return switch


@deed("documents:map_levels")
def map_levels(person: Person, switch: SchemeSwitch) -> int:
    """One portion of the items is taken over by the signed mapping, old and new level of each recorded; after the last one
    the scheme is in force. Returns how many.
    """
    codes.verify("scheme", codes.objects("scheme"))
    switch = SchemeSwitch.objects.get(pk=switch.pk)
    if not switch.running:
        return 0
    some = list(levels.pending(switch).select_related("department", "owner")[:PORTION])
    told = {document.uid: _take_over(document, switch, person) for document in some}
    deeds.note(counts={"items": len(some)}, scheme=switch.scheme, digest=switch.digest, levels=told)
    if levels.pending(switch).exists():
        jobs.enqueue("documents:map_levels", switch.uid)
    else:
        _in_force(switch)
    return len(some)


def _take_over(document: Document, switch: SchemeSwitch, by: Person) -> list[int]:
    """The item at the level it becomes, never a lower one; its old and new mark beside each other. Returns both ranks."""
    before, to, old = schemes.scheme(switch.before), schemes.scheme(switch.scheme), document.level
    new, mark = max(switch.pairs.get(old, old), to.least(old)), _shared.mark(document, before)
    if new != old:
        _raise(document, new, by)
    document.marked_from_level, document.struck_mark = old, mark
    document.save()
    words = f"{before.word(old)} → {to.word(new)}"
    _shared.history(document, by, levels.SWITCHED, mark, _shared.mark(document, to), words, approval_uid=switch.uid)
    return [old, new]


def _raise(document: Document, new: int, by: Person) -> None:
    """What belongs to another level follows: keys, scope by name, requests that were sent at the old one."""
    document.level = new
    _shared.rewrap_later(document)
    for approval in Approval.objects.filter(item_key=document.item_key, state="asked"):
        duties.remind(approval.applicant_id, "returned", f"approvals:{approval.uid}", once=approval.uid)
    requests.close_for(document.item_key)
    lines = _shared.scope_lines(document)
    if not scope_rules.scope_is_small(new, lines).allow:
        named = _by_name(lines) or [ScopeLine("person", document.owner.uid)]
        _shared.put_scope(document, named, by)
        _shared.history(
            document, by, "scope", _shared.scope_words(lines), _shared.scope_words(named), "切换密级方案后须点到本人"
        )
    _shared.tell(document, [document.owner_id], "relevelled")


def _by_name(lines: list[ScopeLine]) -> list[ScopeLine]:
    """Whoever is reached by a post or a department today, named instead of it, for the same purpose and until the same day."""
    found: dict[str, ScopeLine] = {line.key: line for line in lines if line.kind == "person"}
    for line in lines:
        if line.kind != "person":
            reached = scopes.people_of(scopes.intern(_shared.named(line, clock.now())).pk)
            for person in reached:
                found.setdefault(person.uid, ScopeLine("person", person.uid, line.purpose, line.until))
    return list(found.values())


def _in_force(switch: SchemeSwitch) -> None:
    switch.since = clock.now()
    switch.save()
    for row in levels.ending(switch.pairs):
        row.until = clock.today()
        row.save()
    for post in ("gm", *sorted(levels.PROPOSERS)):
        for holder in people.holders(post):
            duties.remind(holder.pk, "scheme_in_force", PLACE, once=switch.uid)
