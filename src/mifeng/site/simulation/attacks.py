"""What the malicious try. Every attempt here is one that the rules forbid to whoever makes it: done, it is a breach."""

from datetime import timedelta

from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.oversight import actions as oversight
from mifeng.rooms.oversight.facts import Question
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Device, Person, Session
from mifeng.rooms.viewing import actions as viewing
from mifeng.site.simulation import granting, reading
from mifeng.site.simulation.office import Office

LEADERS = ("gm", "gmo_head", "hr", "secadmin", "sysadmin", "deputy_gm", "classifier", "dept_head", "auditor", "clerk")


def nobody_special(office: Office) -> Person:
    """A malicious one, or whoever comes, without any post that entitles to anything."""
    while True:
        person = office.anybody(nature="malicious")
        if not any(person.pk in office.posts.get(post, ()) for post in LEADERS):
            return person


def forge(office: Office) -> None:
    """Ids that do not exist, or belong to something else."""
    person = nobody_special(office)
    session, uid = office.seat(person), f"{office.chance.getrandbits(128):032x}"
    told = office.chance.choice((uid, person.uid, "", "' OR 1=1 --"))
    if office.often(50):
        office.must_refuse(viewing.open_document, person, session, told)
    else:
        office.must_refuse(documents.open_card, person, session, told)
    office.must_refuse(approvals.open_request, person, uid)
    office.must_refuse(documents.accept_custody, person, uid)


def pry(office: Office) -> None:
    """A paper of others, page and card: the naive rule says whether it had to be refused."""
    person, document = office.anybody(nature="malicious"), office.paper(level__gte=10)
    if document:
        reading.open_pages(office, person, document)
        reading.card_seen(office, person, document, office.do(documents.open_card, person, office.seat(person), document.uid))


def own_request(office: Office) -> None:
    """Whoever asked decides himself; an accomplice without the post decides for him."""
    approval = Approval.objects.filter(state="asked").order_by("-pk").first()
    if approval is None:
        return
    office.must_refuse(approvals.approve, office.person(approval.applicant_id), approval, office.words["note"])
    person = nobody_special(office)
    delegated = person.delegations.filter(revoked_on=None).exists()
    deed = approvals.approve if office.often(70) else approvals.send_back
    if not delegated:
        office.must_refuse(deed, person, approval, office.words["back"])
    if approval.applicant_id != person.pk:
        office.must_refuse(approvals.withdraw, person, approval)


def use_again(office: Office) -> None:
    """A grant that is spent, over, revoked, or another person's."""
    granting.note_new(office)
    keys = [key for key, kept in sorted(office.grants.items()) if kept.is_over(office.at)]
    if not keys:
        return
    grant = Grant.objects.select_related("approval", "person").get(pk=office.chance.choice(keys[-30:]))
    person = granting.executor(office, grant)
    for _time in range(office.chance.randrange(1, 4)):
        granting.spend(office, person, grant, 1)
    granting.spend(office, office.person(grant.person_id), grant, 1)


def rights(office: Office) -> None:
    """Rights for oneself or an accomplice: clearance, post, device, 委托, delegation, account."""
    person, friend = nobody_special(office), office.anybody()
    day, what, reason = office.today, office.chance.randrange(7), office.words["reason"]
    if what == 0:
        office.must_refuse(people.set_clearance, person, person, 30, reason)
    elif what == 1:
        office.must_refuse(people.assign_post, person, person, "gm", day)
    elif what == 2:
        device = Device.objects.order_by("pk").first()
        if device:
            office.must_refuse(people.register_device, person, device, label="", kind="pc", level_cap=30, owner=person)
    elif what == 3:
        office.must_refuse(people.appoint, person, friend, acts=("copy",), level_max=30, since=day, until=day)
    elif what == 4:
        until = day + timedelta(days=5)
        office.must_refuse(approvals.delegate, person, person, act="copy", level_max=30, since=day, until=until, paper=reason)
    elif what == 5:
        office.must_refuse(people.activate_account, person, friend)
    else:
        officer = office.holder("secadmin")
        if officer:
            office.must_refuse(people.set_clearance, officer, officer, 30, reason)


def office_only(office: Office) -> None:
    """What only the office, the GM or the auditor does, by somebody who is neither."""
    person, document, reason = nobody_special(office), office.paper(), office.words["reason"]
    if document is None:
        return
    told = ScopeLine("person", person.uid, "", office.today + timedelta(days=9))
    attempts = (
        (documents.freeze, (document, (person,), reason)), (documents.unfreeze, (document, reason)),
        (documents.end_embargo, (document, True)), (documents.withdraw_sealed, (document, reason)),
        (documents.take_custody, (document,)), (documents.declassify, (document, reason)), (documents.classify, (document, reason)),
        (documents.take_over, ((),)), (approvals.propose, ({}, reason)), (oversight.search_log, (Question(),)),
        (oversight.verify_log, ()), (documents.record_verbal, (document, office.seat(person), office.anybody(), (told,), reason)),
    )  # fmt: skip
    deed, args = office.chance.choice(attempts)
    office.must_refuse(deed, person, *args)


def gone(office: Office) -> None:
    """Somebody who has left comes back: with the old session, by the front door, with an old right."""
    if not office.left:
        return
    person = office.person(office.chance.choice(office.left[-40:]))
    session = Session.objects.select_related("person__department", "device").filter(person=person).order_by("-pk").first()
    document, device = office.paper(), Device.objects.order_by("pk").first()
    if device:
        office.must_refuse(people.enter_demo, None, person, device, "10.9.0.0/24")
    if session and document:
        office.must_refuse(viewing.open_document, person, session, document.uid)
        office.must_refuse(documents.open_card, person, session, document.uid)
    grant = Grant.objects.filter(state="approved").select_related("approval", "person").order_by("-pk").first()
    if grant:
        granting.note_new(office)
        office.must_refuse(
            office.later.use, person, grant, act=grant.act, item_key=grant.item_key, pages=(), count=1, watchers=()
        )
    approval = Approval.objects.filter(state="asked").order_by("-pk").first()
    if approval:
        office.must_refuse(approvals.approve, person, approval)
