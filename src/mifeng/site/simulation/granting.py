"""Grants of the later rooms: asked, spent, registered, closed, revoked, replaced. The simulation keeps an account of its own."""

from datetime import timedelta

from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.people.models import Person
from mifeng.site.simulation import later
from mifeng.site.simulation.office import Kept, Office, Outcome

USES = "every grant used ≤ its uses"
FIT = "a use fits its grant"


def ask(office: Office) -> None:
    """Somebody asks for an act of a later room on a paper that he may know of, or not."""
    document = office.paper(live=True, proposed=False, level__gte=0 if office.often(10) else 10)
    if document is None:
        return
    person = document.owner if office.often(60) else office.anybody()
    copies = office.chance.randrange(1, 4)
    wanted = Wanted(
        copies=copies, pages=frozenset({1, 2}), recipient=office.words["place"], destination="reading_room", place=office.words["place"],
        since=office.at if office.often(50) else None,
        until=office.at + timedelta(days=office.chance.randrange(3, 40)),
        people=tuple(sorted({office.anybody().pk, office.anybody().pk, person.pk})),
    )  # fmt: skip
    if office.is_(person, "careless") and office.often(30):
        wanted = Wanted()
    more = {"site_department": document.department}
    office.do(office.later.ask, person, document, office.chance.choice(later.ACTS), wanted, office.words["reason"], **more)


def note_new(office: Office) -> None:
    """Grants that approvals have made since the last look come into the account."""
    newest = max(office.grants, default=0)
    for grant in Grant.objects.filter(pk__gt=newest).select_related("approval").order_by("pk"):
        asked = grant.approval.granted_now
        uses = grant.uses if grant.replaces_id else (asked.copies or 1)
        office.grants[grant.pk] = Kept(uses, grant.until)
        office.expect(FIT, grant.uses == uses, f"grant {grant.pk} has {grant.uses} uses, granted were {uses}")


def use(office: Office) -> None:
    """The executor uses a grant; a careless one for the wrong paper, a malicious one more often than granted."""
    note_new(office)
    grant = _some(office)
    if grant is None:
        return
    person = executor(office, grant)
    count = 1
    if office.is_(person, "malicious") and office.often(50):
        count = office.chance.randrange(1, 6)
    spend(office, person, grant, count)


def _some(office: Office) -> Grant | None:
    keys = sorted(office.grants)
    if office.often(75):
        keys = [key for key in keys if office.grants[key].ended is None and office.at < office.grants[key].until]
    if not keys:
        return None
    key = keys[-1 - min(int(office.chance.expovariate(1 / 15)), len(keys) - 1)]
    return Grant.objects.select_related("approval", "person").get(pk=key)


def executor(office: Office, grant: Grant) -> Person:
    """Mostly a holder of the post that carries the act out, sometimes whoever comes along, the applicant even."""
    post = grant.executor_post if grant.executor_post in office.posts else "clerk"
    if office.often(8):
        return office.person(grant.person_id)
    return (office.holder(post, but=(grant.person_id,)) if office.often(92) else None) or office.anybody()


def spend(office: Office, person: Person, grant: Grant, count: int) -> Outcome:
    """Use a grant, as right or wrong as the person is, and write it into the account when it was allowed."""
    key, pages = grant.item_key, (1,)
    if office.is_(person, "careless") and office.often(20):
        other = office.paper()
        key, pages = (other.item_key if other else key), (1, 9)
    watchers = (office.anybody(but=(person.pk,)), office.anybody(but=(person.pk,))) if grant.act == "destroy" else ()
    told = {"act": grant.act, "item_key": key, "pages": pages, "count": count, "watchers": watchers}
    ended = office.do(office.later.use, person, grant, **told)
    if ended.allowed:
        _account(office, person, grant, count, key)
    return ended


def _account(office: Office, person: Person, grant: Grant, count: int, key: str) -> None:
    kept, at = office.grants[grant.pk], office.shown_at
    kept.spent.append((at, person.pk, count))
    where = f"grant {grant.pk} of {grant.act}, {kept.uses} uses until {kept.until.isoformat()}"
    left = Grant.objects.values_list("uses_left", flat=True).get(pk=grant.pk)
    office.expect(USES, kept.used + left == kept.uses, f"{where}: used {kept.used} times, the row leaves {left}")
    office.expect(FIT, kept.ended is None and at < kept.until, f"{where}: used at {at.isoformat()}")
    office.expect(FIT, person.pk != grant.person_id, f"{where}: carried out by the applicant himself")
    office.expect(FIT, key == grant.item_key and person.active, f"{where}: for {key} by {person.login}")


def settle(office: Office) -> None:
    """What was carried out is registered and closed."""
    approval = Approval.objects.filter(state__in=("executing", "registered"), matter__startswith="later:").order_by("-pk").first()
    clerk = office.holder("clerk")
    if approval is None or clerk is None:
        return
    if approval.state == "executing":
        office.do(office.later.enter, clerk, approval, office.words["number"] if office.often(90) else "")
    else:
        office.do(office.later.close, clerk, approval)


def revoke(office: Office) -> None:
    """An approval is taken back by who gave it, or somebody tries to; a spoiled use is replaced."""
    note_new(office)
    grant = _some(office)
    if grant is None:
        return
    signed = grant.approval.taken.filter(decision="approved").order_by("-pk").first()
    by = office.person(signed.person_id) if signed and signed.person_id and office.often(80) else office.anybody()
    if office.often(35):
        office.do(approvals.replace, by, grant, 1, office.words["reason"])
        note_new(office)
        return
    ended = office.do(approvals.revoke, by, grant.approval, office.words["reason"])
    if ended.allowed:
        end(office, grant.approval_id)


def end(office: Office, approval: int) -> None:
    """The grants of this approval are over from now on."""
    for key in Grant.objects.filter(approval=approval).values_list("pk", flat=True):
        office.grants[key].ended = office.grants[key].ended or office.shown_at


def note_ended(office: Office) -> None:
    """Grants that were revoked or lapsed otherwise, by a freeze or by the house itself, are over from now on."""
    note_new(office)
    for key in Grant.objects.exclude(state="approved").order_by("pk").values_list("pk", flat=True):
        office.grants[key].ended = office.grants[key].ended or office.at


def withdraw(office: Office) -> None:
    """An applicant takes his request back."""
    approval = Approval.objects.filter(state="asked").order_by("-pk").first()
    if approval:
        office.do(approvals.withdraw, office.person(approval.applicant_id), approval)


