"""People join, move, leave and delegate; rules are issued; the table of approvals changes under running requests."""

from datetime import date, timedelta

from mifeng.clauses import matrix
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import MatrixVersion
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Account, Appointment, Delegation, Device, Person
from mifeng.rooms.training import actions as training
from mifeng.site.simulation import founding, world
from mifeng.site.simulation.office import Office

# Whoever holds one of these is not sent away: the regime stands on them, and their succession is a matter of its own.
STAY = ("gm", "gmo_head", "board_secretary", "sysadmin", "secadmin", "auditor", "cfo", "it_head", "guard_head")
DELEGATED = ("classify", "copy", "widen_scope", "lend", "destroy", "extend_term", "carry_out")
OTHER_STEPS = ((("deputy_gm", "gm"),), (("gm",),), (("owning_dept_head",), ("deputy_gm", "gm")))


def join(office: Office) -> None:
    """Somebody new: entered by one administrator, activated by another, sometimes by the same, which is refused."""
    entering, activating = office.holder("sysadmin"), office.holder("secadmin")
    if entering is None or activating is None:
        return
    number = 20000 + Person.objects.count()
    department = office.anybody().department
    new = people.NewPerson(
        world.name(number, office.words), f"j{number}", department.code, office.words["title"], ("employee",),
        office.chance.choice((5, 10, 20, 20, 30)),
    )  # fmt: skip
    ended = office.do(people.add_person, entering, new)
    if ended.allowed:
        office.do(people.activate_account, activating, ended.result)
        office.look_round()


def leave(office: Office) -> None:
    """Somebody leaves; where he was the only head of a department, a successor takes the post the same day, or late."""
    person = office.anybody()
    hr = office.holder("hr", but=(person.pk,))
    if hr is None or len(office.active) < 40 or any(person.pk in office.posts.get(post, ()) for post in STAY):
        return
    posts = person.posts(office.today)
    if posts & {"hr", "clerk", "deputy_gm", "classifier"} and office.often(85):
        return  # seldom
    office.do(people.close_account, hr, person)
    office.left.append(person.pk)
    office.look_round()
    for post in sorted(posts & {"dept_head", "secrecy_officer", "clerk", "hr"}):
        _succeed(office, person, post)


def _succeed(office: Office, gone: Person, post: str) -> None:
    heir = Person.objects.filter(active=True, department=gone.department).order_by("-clearance", "pk").first()
    hr = office.holder("hr", but=(heir.pk,)) if heir else None
    if heir and hr and office.often(80):
        office.do(people.assign_post, hr, heir, post, office.today)
        office.look_round()


def move(office: Office) -> None:
    """Somebody gets a post or loses it, or another clearance."""
    person, what = office.anybody(), office.chance.randrange(3)
    hr, officer = office.holder("hr"), office.holder("secadmin")
    if hr is None or officer is None:
        return
    if what == 0:
        post = office.chance.choice(("dept_head", "legal", "hr", "clerk", "seal_keeper", "guard", "archivist", "secadmin"))
        until = office.today + timedelta(days=office.chance.randrange(10, 400))
        office.do(people.assign_post, hr, person, post, office.today, until)
    elif what == 1 and not any(person.pk in office.posts.get(post, ()) for post in STAY):
        post = office.chance.choice(sorted(person.posts(office.today)))
        if post not in ("deputy_gm", "classifier", "employee"):
            office.do(people.end_post, hr, person, post)
    elif not any(person.pk in office.posts.get(post, ()) for post in (*STAY, "deputy_gm")):
        office.do(people.set_clearance, officer, person, office.chance.choice((5, 10, 20, 30)), office.words["reason"])
    office.look_round()


def delegate(office: Office) -> None:
    """A leader delegates an act for some days, or ends what he delegated."""
    leader = office.holder(office.chance.choice(("gm", "deputy_gm", "gmo_head", "dept_head")))
    if leader is None:
        return
    running = Delegation.objects.filter(principal=leader, revoked_on=None).order_by("-pk").first()
    if running and office.often(30):
        office.do(approvals.end_delegation, leader, running)
        return
    since = office.today + timedelta(days=office.chance.randrange(3))
    office.do(
        approvals.delegate, leader, office.anybody(), act=office.chance.choice(DELEGATED), level_max=office.chance.choice((10, 20, 30)),
        since=since, until=since + timedelta(days=office.chance.randrange(1, 30)), paper=office.words["reason"] if office.often(90) else "",
    )  # fmt: skip


def entrust(office: Office) -> None:
    """The office's head entrusts a clerk whose 委托 is over, or ends one; a department head tries to."""
    head = office.holder("gmo_head") if office.often(90) else office.holder("dept_head")
    post = office.chance.choice(("clerk", "clerk", "clerk", "guard", "employee"))
    person = office.holder(post) if post in office.posts else office.anybody()
    if head is None or person is None:
        return
    running = Appointment.objects.filter(person=person, revoked_on=None, until__gte=office.today).order_by("-pk").first()
    if running:
        if office.often(15):
            office.do(people.revoke_appointment, head, running)
        return
    until = date(office.today.year + office.chance.randrange(2), 12, 31)
    office.do(
        people.appoint, head, person, acts=founding.CARRIERS, level_max=person.clearance, since=office.today, until=until,
        reason=office.words["reason"],
    )  # fmt: skip


def rules(office: Office) -> None:
    """The office issues the rules anew; for fifteen days nobody need acknowledge them."""
    head = office.holder("gmo_head")
    if head:
        office.do(training.issue_rules, head, f"{office.words['paper']}{office.today.isoformat()}")


def table(office: Office) -> None:
    """The table of approvals is changed while requests run: proposed by the security administrator, decided by the GM."""
    open_one = MatrixVersion.objects.filter(decision="").order_by("-pk").first()
    gm, officer = office.holder("gm"), office.holder("secadmin")
    if gm is None or officer is None:
        return
    if open_one is None:
        act = matrix.act(office.chance.choice(("copy", "lend", "widen_scope", "first_print", "circulate")))
        column = office.chance.choice(sorted(act.levels))
        cells = {(act.id, column): office.chance.choice(OTHER_STEPS)}
        ended = office.do(approvals.propose, officer, cells, office.words["reason"])
        open_one = ended.result
    if open_one is not None:
        office.do(approvals.decide, gm, open_one, office.often(70), office.words["note"])


def devices(office: Office) -> None:
    """A device is lost and no longer trusted."""
    device = Device.objects.filter(registered=True, revoked=False).order_by("-pk").first()
    officer = office.holder("secadmin")
    if device and officer:
        office.do(people.revoke_device, officer, device)


def accounts(office: Office) -> None:
    """An account that stayed disabled is activated."""
    row = Account.objects.filter(state="disabled").select_related("person").order_by("pk").first()
    officer = office.holder("secadmin")
    if row and officer:
        office.do(people.activate_account, officer, row.person)
