"""Deeds of delegation: written, by name, for one act, to a level, for a period; never in one's own chain, never onward."""

from datetime import date

from mifeng.base import clock, codes, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import delegation, moves, people_facts
from mifeng.rooms.approvals.facts import DelegationFacts
from mifeng.rooms.people.models import Delegation, Person


@deed("approvals:delegate", subject="delegate")
def delegate(
    person: Person, delegate: Person, *, act: str, level_max: int, since: date, until: date, paper: str,
    case_key: str = "",
) -> Delegation:  # fmt: skip
    """授权委托 of one's own decisions in one act: in writing, to a level, until a day (included); for M4 one named case."""
    for kind in ("department", "person", "officers"):
        codes.verify(kind, codes.objects(kind))
    if not paper.strip():
        raise Refused(Decision.refuse("delegation_form", "I6.2", "授权须写明书面依据,且不得授予本人"), "未授权")
    wanted = DelegationFacts(person.pk, delegate.pk, act, level_max, since, until, case_key)
    refusal = delegation.refusal(wanted, people_facts.organisation())
    if refusal is not None:
        raise moves.refusal(refusal, "未授权")
    deeds.note(principal=person.uid, act_delegated=act, paper=paper)
    duties.remind(delegate.pk, "delegated", "approvals:delegations", once=f"{person.pk}:{act}:{clock.now().isoformat()}")
    return Delegation.objects.create(
        principal=person, delegate=delegate, act=act, level_max=level_max, since=since, until=until, paper=paper,
        case_key=case_key,
    )  # fmt: skip


@deed("approvals:end_delegation", subject="")
def end_delegation(person: Person, given: Delegation) -> Delegation:
    """End a delegation at once: whoever gave it, or whoever received it."""
    given = Delegation.objects.get(pk=given.pk)
    deeds.note(obj=given.delegate.item_key)
    if person.pk not in (given.principal_id, given.delegate_id):
        raise NotThere
    if given.revoked_on is not None:
        raise Refused(Decision.refuse("delegation_ended", "I6.2", "此项授权已结束"), "授权未结束")
    given.revoked_on = clock.today()
    given.save()
    return given
