"""Who might see an item: the rules of access once more, naively, from raw rows and from the text of access.md alone.

Three words: `must` (in scope, nothing in the way), `might` (he could be judging it), `never`. Nothing of the engine, of the
queries of documents or of approvals is asked here.
"""

from datetime import date, datetime, timedelta
from typing import Any

from mifeng.base import clock
from mifeng.clauses import parameter
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.documents.models import Concerned, Document, Handler, Opening, TeamMember, Wall, WallSide
from mifeng.rooms.people.models import (
    Appointment,
    AudienceRow,
    Credential,
    Delegation,
    Department,
    Person,
    PostHolding,
    Session,
)
from mifeng.rooms.training.models import Acknowledgement, EntryTest, Pledge, RuleVersion

OFFICERS = {"sysadmin", "secadmin", "auditor"}
NEVER, MIGHT, MUST = range(3)


def posts_of(pk: int, day: date) -> set[str]:
    held = PostHolding.objects.filter(person=pk, since__lte=day).exclude(until__lt=day)
    return {*held.values_list("post", flat=True), "employee"}


def page(pk: int, item: int, session: Session, at: datetime) -> int:
    """May this person open a page of the item at this session now?"""
    d = Document.objects.get(pk=item)
    if not _desk_will_do(pk, d, Session.objects.get(pk=session.pk), at):
        return NEVER
    return known(pk, item, at)


def card(pk: int, item: int, at: datetime) -> int:
    """May this person know that the item exists? Also whoever handles it as a clerk, or opens a cupboard with it."""
    d, day = Document.objects.get(pk=item), clock.local(at).date()
    found = known(pk, item, at)
    if found or _in_the_way(pk, d, at, custody=False):
        return found
    given = Appointment.objects.filter(person=pk, since__lte=day, until__gte=day, level_max__gte=d.level, revoked_on=None)
    handles = any(
        {"mail", "keep"} & set(a.acts.split()) and (not a.departments or str(d.department_id) in a.departments.split()) for a in given
    )
    opens = Opening.objects.filter(holder=d.excl_id, ended_at=None)
    opener = d.excl_id is not None and (opens.filter(office=pk).exists() or opens.filter(witness=pk).exists())
    if d.excl_id not in (None, pk) and not opener:
        return NEVER
    return MIGHT if (handles or opener) and not d.sealed else NEVER


def known(pk: int, item: int, at: datetime) -> int:
    """May this person know what the item says, device, password and second factor aside?"""
    d = Document.objects.get(pk=item)
    if _in_the_way(pk, d, at):
        return NEVER
    handler = d.sealed and _among(Handler, pk, d)
    shown = Grant.objects.filter(
        person=pk, item_key=f"documents:{d.uid}", act="show", state="approved", since__lte=at, until__gt=at, uses_left__gt=0
    )
    if d.excl_id == pk or handler or _in_scope(pk, d, at) or shown.exists():
        return MUST
    return MIGHT if _could_judge(pk, d, at) else NEVER


def _in_the_way(pk: int, d: Document, at: datetime, custody: bool = True) -> bool:
    p, day = Person.objects.get(pk=pk), clock.local(at).date()
    officer, secret = bool(posts_of(pk, day) & OFFICERS), d.level >= 10
    side = WallSide.objects.filter(document=d).first()
    walled = side and Wall.objects.filter(person=pk, class_name=side.class_name).exclude(side=side.side).exists()
    return bool(
        not p.active or (officer and (secret or not _in_scope(pk, d, at))) or not d.live or d.level > p.clearance or walled
        or (d.sealed and (_among(Concerned, pk, d) or not _among(Handler, pk, d)))
        or (d.frozen and not _among(TeamMember, pk, d))
        or (secret and not (_pledged(pk, day) and _knows_the_rules(pk, day)))
        or (custody and d.excl_id not in (None, pk))
    )  # fmt: skip


def _among(table: Any, pk: int, d: Document) -> bool:
    return table.objects.filter(document=d, person=pk).exists()


def _pledged(pk: int, day: date) -> bool:
    last = Pledge.objects.filter(person=pk).order_by("-signed_on").first()
    passed = EntryTest.objects.filter(person=pk, score__gte=int(parameter("I12", "pass_mark", on=day))).exists()
    return bool(last and passed and day <= months_later(last.signed_on, 12))


def _knows_the_rules(pk: int, day: date) -> bool:
    last = RuleVersion.objects.order_by("-issued_on", "-pk").first()
    days = int(parameter("G1", "acknowledge_days", on=day))
    read = Acknowledgement.objects.filter(person=pk, version=last)
    return last is None or day <= last.issued_on + timedelta(days=days) or read.exists()


def _desk_will_do(pk: int, d: Document, session: Session, at: datetime) -> bool:
    device, proved = session.device, session.second_factor_at
    cap = min(device.level_cap, 20) if device.kind == "phone" else device.level_cap
    if not device.registered or device.revoked:
        cap = 20 if device.kind == "pc" else 10
    password = Credential.objects.filter(person=pk).first()
    day = clock.local(at).date()
    fresh = timedelta(minutes=30) if d.level >= 30 else timedelta(hours=8)
    return (
        session.ended_at is None and d.level <= cap
        and (d.level < 10 or bool(password and day <= _last_good(clock.local(password.changed_at).date())))
        and (d.level < 20 or bool(proved and at < proved + fresh))
    )  # fmt: skip


def _last_good(changed: date) -> date:
    """60 days or two calendar months after the change, whichever is earlier (I6.3)."""
    return min(changed + timedelta(days=60), months_later(changed, 2))


def months_later(day: date, months: int) -> date:
    """The corresponding day, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))


def _in_scope(pk: int, d: Document, at: datetime) -> bool:
    p, day, now = Person.objects.get(pk=pk), clock.local(at).date(), int(at.timestamp())
    posts, above, department = posts_of(pk, day), set(), Department.objects.filter(pk=p.department_id).first()
    while department:
        above.add(department.pk)
        department = department.parent
    from_post = {post: number for number, post in enumerate(POST_ORDER)}
    mine = {(1, 0), (2, pk), *((3, from_post[post]) for post in posts), *((4, key) for key in above)}
    if posts & OFFICERS:
        mine = {(1, 0)}
    rows = AudienceRow.objects.filter(aset=d.aset_id, since__lte=now, until__gt=now).values_list("key", flat=True)
    return any((key >> 48, key & (2**48 - 1)) in mine for key in rows)


def _could_judge(pk: int, d: Document, at: datetime) -> bool:
    """He holds a post that could come to decide an open request on the item, or has the delegation of one who does."""
    day = clock.local(at).date()
    mine = posts_of(pk, day) | ({"supervisor"} if Department.objects.filter(supervisor=pk).exists() else set())
    asked = Approval.objects.filter(item_key=f"documents:{d.uid}", state="asked", matter__startswith="documents:")
    for approval in asked.exclude(applicant=pk):
        steps = {post for step in approval.steps_list for post in step}
        wanted = CLIMBED_TO | steps | ({"dept_head"} if "owning_dept_head" in steps else set())
        given = Delegation.objects.filter(delegate=pk, act=approval.act, level_max__gte=approval.level, revoked_on=None)
        stands = mine & wanted or given.filter(since__lte=day, until__gte=day).exists()
        if stands and not approval.parts.filter(person=pk, role="concerned").exists():
            return True
    return False


# Whom a step climbs to that nobody of its own post can decide.
CLIMBED_TO = {"gm", "deputy_gm", "board_secretary", "supervisor"}
POST_ORDER = (
    "employee", "gm", "deputy_gm", "board_secretary", "gmo_head", "clerk", "dept_head", "classifier", "secrecy_officer", "sysadmin",
    "secadmin", "auditor", "seal_keeper", "legal", "cfo", "hr", "it_head", "it_staff", "archivist", "guard", "guard_head",
)  # fmt: skip
