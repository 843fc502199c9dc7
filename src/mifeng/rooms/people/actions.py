"""Deeds on persons, posts, appointments, accounts and sessions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from pypinyin import lazy_pinyin

from mifeng.base import clock, deeds, duties, ladders, numbers, working_days
from mifeng.base.codes import Tampered
from mifeng.base.deeds import deed
from mifeng.base.models import Notice
from mifeng.base.refusals import Refused, insist
from mifeng.base.working_days import Year
from mifeng.engines.access import Decision, Level
from mifeng.rooms.people import credentials, deadlines, queries, rules, working_calendar
from mifeng.rooms.people.facts import OFFICERS, POSTS, InspectionFacts, ResetFacts, SessionFacts
from mifeng.rooms.people.models import (
    Account,
    Appointment,
    Authenticator,
    CalendarYear,
    Company,
    Credential,
    Department,
    Device,
    Enrolment,
    Finding,
    OfficerPair,
    Person,
    PostHolding,
    Session,
    SessionPulse,
    new_token,
    token_hash,
)  # fmt: skip

SIGN_IN_TRIES = 5
SIGN_IN_WINDOW = 15
REMEMBERED = timedelta(days=30)  # how long a row tells the browser of an ended session why it ended


@dataclass(frozen=True)
class NewPerson:
    """Somebody as set-up or import names him; `clearance` is a level, `posts` are codes."""

    name: str
    login: str
    department: str
    title: str
    posts: tuple[str, ...]
    clearance: int


@dataclass(frozen=True)
class Founding:
    """A company as it is founded: departments as (code, name, login of the supervisor), people, officer pairs."""

    name: str
    short: str
    code: str
    instance: str
    zone: str = "Asia/Shanghai"
    name_en: str = ""
    departments: tuple[tuple[str, str, str], ...] = ()
    people: tuple[NewPerson, ...] = ()
    officers: tuple[tuple[str, str, str], ...] = ()
    since: date | None = None
    ready: bool = field(default=False)  # accounts active at once: demonstration and tests only


@deed("people:found")
def found(person: None, founding: Founding) -> Company:
    """Found the company of this instance: log entry 0. Refused when there is one already."""
    if Company.objects.exists():
        raise Refused(Decision.refuse("founded_once", "M1.2", "本系统已有公司,不能再建"))
    company = Company.objects.create(
        name=founding.name, short=founding.short, code=founding.code, instance=founding.instance, zone=founding.zone,
        name_en=founding.name_en,
    )  # fmt: skip
    deeds.note(counts={"instance_" + founding.instance: 1}, company=founding.name)
    for code, name, _supervisor in founding.departments:
        Department.objects.create(code=code, name=name)
    for new in founding.people:
        _add(new, founding.since or clock.today(), None, founding.ready)
    for code, _name, supervisor in founding.departments:
        dept = Department.objects.get(code=code)
        dept.supervisor = Person.objects.get(login=supervisor) if supervisor else None
        dept.save()
    for role, a, b in founding.officers:
        OfficerPair.objects.create(
            role=role, a=Person.objects.get(login=a), b=Person.objects.get(login=b) if b else None
        )
    return company


def _add(new: NewPerson, since: date, creator: Person | None, active: bool) -> Person:
    insist(rules.may_hold_together(frozenset(new.posts)), "未登记人员")
    person = Person.objects.create(
        name=new.name, pinyin="".join(lazy_pinyin(new.name)), login=new.login, title=new.title,
        department=Department.objects.get(code=new.department), clearance=new.clearance,
    )  # fmt: skip
    for post in new.posts:
        PostHolding.objects.create(person=person, post=post, since=since)
    Account.objects.create(person=person, state="active" if active else "disabled", created_by=creator)
    return person


def _by(person: Person, post: str, not_done: str, clause: str = "M1.2") -> None:
    """Only a holder of the post goes on."""
    if post not in person.posts():
        en = "This is done by somebody of another post."
        raise Refused(Decision.refuse(f"needs_{post}", clause, f"此事由{POSTS[post]}办理", en=en), not_done)


@deed("people:add_person", subject="")
def add_person(person: Person, new: NewPerson) -> Person:
    """The system administrator enters somebody; the account stays disabled until the security administrator acts."""
    _by(person, "sysadmin", "未登记人员")
    made = _add(new, clock.today(), person, active=False)
    deeds.note(obj=made.item_key)
    _tell_account(made)
    return made


@deed("people:activate_account", subject="holder")
def activate_account(person: Person, holder: Person) -> None:
    """The security administrator activates an account that somebody else created."""
    _by(person, "secadmin", "账号未启用")
    account = holder.account
    if account.created_by_id == person.pk or holder.pk == person.pk:
        raise Refused(Decision.refuse("four_eyes", "M1.2", "账号由一人建立、另一人启用"), "账号未启用")
    account.state, account.activated_by = "active", person
    account.save()
    _tell_account(holder)


@deed("people:close_account", subject="holder")
def close_account(person: Person, holder: Person, left_on: date | None = None) -> None:
    """Somebody left: account closed, sessions ended, posts end today; scopes by post end with them."""
    if not person.posts() & {"hr", "secadmin"}:
        raise Refused(Decision.refuse("needs_hr", "I8", "离职由人事办理"), "账号未关闭")
    holder.active, holder.left_on, holder.epoch = False, left_on or clock.today(), holder.epoch + 1
    holder.save()
    _set_account(holder, "closed")
    _end_holdings(holder.holdings.all())
    _end_sessions(holder, "left")


def _end_holdings(holdings: Any) -> None:
    """Posts that run today or begin later end with yesterday, also those that were given until a day."""
    yesterday = clock.today() - timedelta(days=1)
    for holding in holdings.exclude(until__lte=yesterday):
        holding.until = yesterday
        holding.save()


def _set_account(holder: Person, state: str) -> None:
    holder.account.state = state
    holder.account.save()


def _not_own(person: Person, holder: Person, not_done: str) -> None:
    """Nobody gives himself a right."""
    if holder.pk == person.pk:
        raise Refused(Decision.refuse("own_rights", "M1.2", "不得变更本人的权限"), not_done)


@deed("people:set_clearance", subject="holder")
def set_clearance(person: Person, holder: Person, clearance: int, reason: str) -> None:
    """The security administrator enters a clearance that the business decided; running sessions are cut."""
    _by(person, "secadmin", "涉密等级未变更")
    _not_own(person, holder, "涉密等级未变更")
    if clearance not in set(Level):
        raise Refused(Decision.refuse("no_such_level", "P4.0", "没有这一密级"), "涉密等级未变更")
    deeds.note(counts={"from": holder.clearance, "to": clearance}, reason=reason)
    holder.clearance, holder.epoch = clearance, holder.epoch + 1
    holder.save()


@deed("people:assign_post", subject="holder")
def assign_post(person: Person, holder: Person, post: str, since: date, until: date | None = None) -> PostHolding:
    """HR enters a post, for others; the three officers exclude one another and every business post, on any day to come."""
    _by(person, "hr", "岗位未登记", "P0.1")
    _not_own(person, holder, "岗位未登记")
    meets = holder.holdings.exclude(until__lt=since)
    if until:
        meets = meets.filter(since__lte=until)
    insist(rules.may_hold_together(frozenset(meets.values_list("post", flat=True)) | {post}), "岗位未登记")
    return PostHolding.objects.create(person=holder, post=post, since=since, until=until)


@deed("people:end_post", subject="holder")
def end_post(person: Person, holder: Person, post: str) -> None:
    """HR ends a post; what came with it ends the same day."""
    _by(person, "hr", "岗位未变更", "P1.1")
    _end_holdings(holder.holdings.filter(post=post))
    holder.epoch += 1
    holder.save()


@deed("people:appoint", subject="holder")
def appoint(
    person: Person, holder: Person, *, acts: tuple[str, ...], level_max: int, since: date, until: date,
    departments: tuple[int, ...] = (), reason: str = "",
) -> Appointment:  # fmt: skip
    """委托 somebody with carrier acts (M1.1); number from the series 委."""
    insist(rules.may_appoint(person.posts()), "未委托")
    _not_own(person, holder, "未委托")
    insist(rules.appointment_form(acts, level_max, since, until, bool(holder.posts() & set(OFFICERS))), "未委托")
    number = numbers.register_number("委", numbers.take("委"))
    deeds.note(number=number, reason=reason)
    return Appointment.objects.create(
        person=holder, acts=" ".join(acts), level_max=level_max, since=since, until=until, appointer=person,
        departments=" ".join(map(str, departments)), reason=reason, number=number,
    )  # fmt: skip


@deed("people:revoke_appointment", subject="")
def revoke_appointment(person: Person, appointment: Appointment) -> None:
    """End a 委托 today."""
    insist(rules.may_appoint(person.posts()), "委托未撤销")
    appointment.revoked_on = clock.today()
    appointment.save()
    deeds.note(obj=appointment.person.item_key)


@deed("people:register_device", subject="")
def register_device(
    person: Person, device: Device, *, label: str, kind: str, level_cap: int, owner: Person | None
) -> None:
    """The security administrator registers a device and says which level it may show (D5)."""
    _by(person, "secadmin", "设备未登记", "D5")
    device.label, device.kind, device.level_cap, device.owner, device.registered = label, kind, level_cap, owner, True
    device.save()


@deed("people:revoke_device", subject="")
def revoke_device(person: Person, device: Device) -> None:
    """A device is no longer trusted: its sessions end."""
    if "secadmin" not in person.posts() and device.owner_id != person.pk:
        raise Refused(Decision.refuse("not_own_device", "D5", "只能停用本人的设备"), "设备未停用")
    device.revoked = True
    device.save()
    for session in Session.objects.filter(device=device, ended_at=None):
        _end(session, "device")


@deed("people:first_codes")
def first_codes(person: None) -> list[tuple[str, str, str]]:
    """At the founding, once: the three officers' A persons become active and get one-time codes in two halves."""
    if Credential.objects.exists() or Enrolment.objects.exists():
        raise Refused(Decision.refuse("founding_only", "I5.2", "首次启用码只在建立公司时发放一次"), "未发放")
    made = []
    for pair in OfficerPair.objects.select_related("a"):
        _set_account(pair.a, "active")
        one, two = credentials.one_time_code()[:4], credentials.one_time_code()[:4]
        Enrolment.objects.create(
            person=pair.a, kind="first", half_one=credentials.code_hash(one, pair.a, 1),
            half_two=credentials.code_hash(two, pair.a, 2), until=clock.now() + queries.CODE_LIVES, signed_by=pair.a,
        )  # fmt: skip
        made.append((pair.a.login, one, two))
    return made


# Sign-in -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignedIn:
    """A new session and the cookie's token, which exists nowhere else."""

    session: Session
    token: str


def _refuse_sign_in() -> Refused:
    return Refused(Decision.refuse("sign_in", "I6.1", "登录名、口令或验证码不正确,或已暂停"), "未登录")


def _tried_out(holder: Person) -> bool:
    """Somebody has guessed at this account too often (I6.1)."""
    return queries.failures(holder.item_key, SIGN_IN_WINDOW) >= SIGN_IN_TRIES


def _credential(holder: Person | None) -> Credential | None:
    return Credential.objects.filter(person=holder).first() if holder else None


def _holder(login: str) -> Person | None:
    return Person.objects.filter(login=login.strip().lower(), active=True).first()


def _compare_for_login(person: None, login: str, password: str, *_rest: Any) -> credentials.Proof:
    return credentials.proof(_credential(_holder(login)), password)


def _compare_for_session(person: Person, session: Session, password: str) -> credentials.Proof:
    return credentials.proof(_credential(person), password)


# Comparing takes a quarter of a second on purpose: inside the transaction anybody on the network could stop the house.
@deed("people:sign_in", prepare=_compare_for_login, in_doubt=True)
def sign_in(
    person: None, login: str, password: str, code: str, device: Device, network: str, *, prepared: credentials.Proof
) -> SignedIn:
    """Name, password and, where there is one, the authenticator's code. One answer for everything that is wrong."""
    holder = _holder(login)
    if holder:
        deeds.note(obj=holder.item_key)
    credential = _credential(holder)
    if holder is None or credential is None or not prepared.holds(credential) or _tried_out(holder):
        raise _refuse_sign_in()
    if holder.account.state != "active":
        raise _refuse_sign_in()
    holder.facts()  # every row this sign-in rests on carries its code
    proved = _second_factor(holder, code)
    _remind_of_age(holder, credential)
    return _start(holder, device, network, proved)


def _remind_of_age(holder: Person, credential: Credential) -> None:
    """The rung that the daily reminders tell, too, where the house slept through the morning: one occasion, one line."""
    due = deadlines.password(holder.pk, holder.uid, credential.changed_at)
    for rung in ladders.nearest(due, clock.now()):
        duties.remind(holder.pk, rung.notice, due.key, due.once(rung))


def _second_factor(holder: Person, code: str) -> datetime | None:
    authenticator = Authenticator.objects.filter(person=holder).exclude(confirmed_at=None).first()
    if authenticator is None:
        return None
    step = _code_step(authenticator, code)
    if step is None:
        raise _refuse_sign_in()
    authenticator.last_step = step
    authenticator.save()
    return clock.now()


def _code_step(authenticator: Authenticator, code: str) -> int | None:
    """The time step of the code. While the date is in doubt the telephone may be right, and agree with the machine."""
    told = clock.reading()
    step = credentials.totp_step(authenticator, code, told.at.timestamp())
    if step is None and told.doubted:
        step = credentials.totp_step(authenticator, code, told.machine.timestamp())
    return step


def _start(holder: Person, device: Device, network: str, proved: datetime | None) -> SignedIn:
    at, token = clock.now(), new_token()
    _settle_earlier(holder, device, network)
    for old in holder.sessions.filter(ended_at__lt=at - REMEMBERED):  # each of them was verified at every page; the log has them all
        old.delete()
    session = Session.objects.create(
        token_hash=token_hash(token), person=holder, device=device, created_at=at, second_factor_at=proved,
        epoch=holder.epoch, network=network,
    )  # fmt: skip
    SessionPulse.objects.create(session=session, last_activity=at)
    deeds.note(obj=holder.item_key, counts={} if device.registered else {"unregistered_device": 1})
    deeds.current().draft.device = device.uid
    return SignedIn(session, token)


def _session_facts(device: Device, network: str, at: datetime) -> SessionFacts:
    return SessionFacts(device.uid, device.registered, device.owner_id, network, at)


def _settle_earlier(holder: Person, device: Device, network: str) -> None:
    """One live session a person (P2.1, I6.2): the earlier one ends, or is locked between two own registered devices."""
    for session in holder.sessions.filter(ended_at=None).select_related("device", "pulse"):
        earlier = _session_facts(session.device, session.network, session.pulse.last_activity)
        what = rules.earlier_session(earlier, _session_facts(device, network, clock.now()), holder.pk)
        _end(session, {"keep": "renewed", "lock": "moved", "end": "superseded"}[what])
        if what == "end":
            for officer in queries.holders("secadmin"):
                duties.remind(officer.pk, "second_session", holder.item_key)
            duties.remind(holder.pk, "second_session")


def _end(session: Session, reason: str) -> None:
    session.ended_at, session.end_reason = clock.now(), reason
    session.save()


def _end_sessions(holder: Person, reason: str) -> None:
    for session in holder.sessions.filter(ended_at=None):
        _end(session, reason)


@deed("people:enter_demo", in_doubt=True)
def enter_demo(person: None, holder: Person, device: Device, network: str) -> SignedIn:
    """选择人物: sign in as somebody of the demonstration company. A real instance refuses, always."""
    if not queries.is_demo() or not holder.active:
        raise Refused(Decision.refuse("demo_only", "I6.2", "只有演示系统可以选择人物"), "未登录")
    return _start(holder, device, network, clock.now())


@deed("people:sign_out", in_doubt=True)
def sign_out(person: Person, session: Session, reason: str = "signed_out") -> None:
    """End one's own session."""
    _end(session, reason)


@deed("people:unlock", prepare=_compare_for_session, in_doubt=True)
def unlock(person: Person, session: Session, password: str, *, prepared: credentials.Proof) -> None:
    """Open a locked session with the password; the page below is kept. Wrong five times: the session ends."""
    deeds.note(obj=person.item_key)
    demo = queries.is_demo() and not Credential.objects.filter(person=person).exists()
    if not demo and (not prepared.holds(_credential(person)) or _tried_out(person)):
        raise Refused(Decision.refuse("unlock", "I7.2", "口令不正确"), "未解锁")
    SessionPulse.objects.filter(session=session).update(locked_at=None, last_activity=clock.now())


@deed("people:prove_again", in_doubt=True)
def prove_again(person: Person, session: Session, code: str) -> None:
    """The second factor once more, so that 机密 (8 h) and 绝密 (30 min) open again."""
    deeds.note(obj=person.item_key)
    if _tried_out(person):
        raise _refuse_sign_in()
    demo = queries.is_demo() and not Authenticator.objects.filter(person=person).exists()
    proved = clock.now() if demo else _second_factor(person, code)
    if proved is None:
        raise Refused(Decision.refuse("no_second_factor", "I6.2", "尚未登记第二因素"), "未验证")
    session.second_factor_at = proved
    session.save()


def _hash_new(person: Person, old: str, new: str) -> credentials.Fresh:
    return credentials.fresh(_credential(person), old, new)


@deed("people:change_password", prepare=_hash_new)
def change_password(person: Person, old: str, new: str, *, prepared: credentials.Fresh) -> None:
    """One's own new password; not one of the last five (I6.3). Other sessions end."""
    deeds.note(obj=person.item_key)
    credential = _credential(person)
    if credential and (_tried_out(person) or not prepared.proof.holds(credential)):
        raise Refused(Decision.refuse("old_password", "I5.2", "原口令不正确"), "口令未更换")
    _set_password(person, new, prepared)


def _set_password(person: Person, new: str, prepared: credentials.Fresh) -> None:
    weak = credentials.weakness(new, person)
    if weak:
        raise Refused(Decision.refuse("weak_password", "I6.1", weak), "口令未更换")
    credential = _credential(person) or Credential(person=person)
    if not prepared.fits(credential if credential.pk else None):
        raise _refuse_sign_in()  # somebody changed it in between: what was compared says nothing of what stands now
    insist(rules.may_use_again(prepared.earlier), "口令未更换")
    if credential.pk:
        old = [credential.secret_hash, *credential.earlier.splitlines()]
        credential.earlier = "\n".join(old[: credentials.REMEMBERED - 1])
    credential.secret_hash, credential.changed_at, credential.must_change = prepared.hashed, clock.now(), False
    credential.save()
    _rectify(person)
    deeds.note(obj=person.item_key)


@deed("people:note_exposed", subject="holder")
def note_exposed(person: Person, holder: Person, where: str) -> Finding:
    """An inspector found this person's password lying open: noted, and from this moment he can do nothing but change it."""
    same = person.department_id == holder.department_id
    insist(rules.may_note_exposed(InspectionFacts(person.posts(), person.pk == holder.pk, same)), "未记录")
    credential = _credential(holder)
    if credential is None or not holder.active:
        raise Refused(Decision.refuse("no_password", "I6.1", "此人没有在用的口令"), "未记录")
    credential.must_change = True
    credential.save()
    deeds.note(where=where)
    made = Finding.objects.create(person=holder, where=where, noted_by=person, noted_at=clock.now())
    duties.remind(holder.pk, "password", once=made.uid)
    return made


def _rectify(holder: Person) -> None:
    """The password is another one: what was noted against the old one is settled, and who noted it is told."""
    for finding in Finding.objects.filter(person=holder, rectified_at=None):
        finding.rectified_at = clock.now()
        finding.save()
        duties.remind(finding.noted_by_id, "rectified", holder.item_key, once=finding.uid)


@deed("people:begin_totp")
def begin_totp(person: Person) -> str:
    """A new authenticator secret for oneself; counts only after its first code. Refused while one is confirmed."""
    if Authenticator.objects.filter(person=person).exclude(confirmed_at=None).exists():
        raise Refused(Decision.refuse("factor_exists", "I6.2", "已有第二因素,更换须由两名管理员先行撤销"), "未登记")
    secret = credentials.new_secret()
    row = Authenticator.objects.filter(person=person).first() or Authenticator(person=person)
    row.secret = secret
    row.save()
    return secret


@deed("people:confirm_totp")
def confirm_totp(person: Person, session: Session, code: str) -> None:
    """The first code proves that the app holds the secret."""
    row = Authenticator.objects.filter(person=person).first()
    step = row and credentials.totp_step(row, code, clock.now().timestamp())
    if step is None:
        raise Refused(Decision.refuse("totp_code", "I6.2", "验证码不正确"), "第二因素未登记")
    row.confirmed_at, row.last_step = clock.now(), step
    row.save()
    session.second_factor_at = clock.now()
    session.save()
    _tell_account(person)


# Enrolment and reset: a one-time code in two halves, two persons ------------------------------------------------------


@deed("people:ask_reset", subject="holder")
def ask_reset(person: Person, holder: Person, identity_checked: bool) -> tuple[Enrolment, str]:
    """The first of two signers asks for a one-time code and gets its first half."""
    officer = bool(holder.posts() & set(OFFICERS))
    needed = {"gmo_head"} if officer else {"sysadmin"}
    if not person.posts() & needed or person.pk == holder.pk or not identity_checked:
        facts = ResetFacts((person.pk,), (person.posts(),), holder.pk, officer, identity_checked)
        raise Refused(rules.may_reset(facts), "口令未重置")
    half = credentials.one_time_code()[:4]
    kind = "reset" if Credential.objects.filter(person=holder).exists() else "first"
    row = Enrolment.objects.create(
        person=holder, kind=kind, half_one=credentials.code_hash(half, holder, 1), until=clock.now() + queries.CODE_LIVES,
        asked_by=person,
    )  # fmt: skip
    return row, half


@deed("people:sign_reset", subject="")
def sign_reset(person: Person, enrolment: Enrolment, identity_checked: bool) -> str:
    """The second signer, of another post, agrees and gets the second half; the holder is told."""
    holder, asked = enrolment.person, enrolment.asked_by
    facts = ResetFacts(
        (asked.pk, person.pk), (asked.posts(), person.posts()), holder.pk, bool(holder.posts() & set(OFFICERS)),
        identity_checked,
    )  # fmt: skip
    insist(rules.may_reset(facts), "口令未重置")
    if not Enrolment.objects.filter(pk=enrolment.pk, used_at=None, signed_by=None, until__gt=clock.now()).exists():
        raise Refused(Decision.refuse("reset_taken", "I5.2", "此次重置已有人签字、已用过或已过期"), "口令未重置")
    half = credentials.one_time_code()[:4]
    enrolment.half_two, enrolment.signed_by = credentials.code_hash(half, holder, 2), person
    enrolment.save()
    deeds.note(obj=holder.item_key)
    _tell_account(holder)
    return half


def _enrolment(holder: Person | None, one: str, two: str) -> Enrolment | None:
    """The signed, unused enrolment that both halves fit, unless too many others were tried on it."""
    if holder is None:
        return None
    found = Enrolment.objects.filter(
        person=holder, half_one=credentials.code_hash(one, holder, 1), half_two=credentials.code_hash(two, holder, 2),
        used_at=None, until__gt=clock.now(),
    ).exclude(signed_by=None).select_related("person").first()  # fmt: skip
    return None if found is None or queries.code_tried_out(found) else found


def _hash_for_code(person: None, login: str, one: str, two: str, new: str) -> credentials.Fresh | None:
    """Only for a code that fits: nobody on the network makes the house hash by guessing."""
    holder = _holder(login)
    return credentials.fresh(_credential(holder), "", new) if _enrolment(holder, one, two) else None


@deed("people:use_code", prepare=_hash_for_code)
def use_code(
    person: None, login: str, one: str, two: str, new: str, *, prepared: credentials.Fresh | None
) -> Person:
    """Both halves and a new password of one's own; the second factor, where there is one, is kept."""
    holder = _holder(login)
    if holder:
        deeds.note(obj=holder.item_key)
    row = _enrolment(holder, one, two)
    if holder is None or row is None or prepared is None or _tried_out(holder):
        raise _refuse_sign_in()
    holder.facts()
    row.used_at = clock.now()
    row.save()
    _end_sessions(holder, "reset")
    _set_password(holder, new, prepared)
    return holder


def _tell_account(holder: Person) -> None:
    """Every new account, factor and reset stands on the desks of the holder, gmo_head and the auditor."""
    for told in {holder, *queries.holders("gmo_head"), *queries.holders("auditor")}:
        duties.remind(told.pk, "account", holder.item_key)


@deed("people:set_preferences")
def set_preferences(person: Person, *, language: str, density: str, idle_minutes: int) -> None:
    """Language, row height and one's own idle time, which may be shorter than the rule, never longer (I7.2)."""
    insist(rules.may_choose_idle(idle_minutes, clock.today()), "设置未保存")
    person.language, person.density, person.idle_minutes = language, density, idle_minutes
    person.save()


@deed("people:enter_calendar")
def enter_calendar(person: Person, year: int, off: frozenset[date], worked: frozenset[date], source: str) -> CalendarYear:
    """The office's head enters a year of the official holiday notice: from now on its working days count (D1, D2, C3).

    This year or a later one: what has been counted by a year that is over stays counted.
    """
    if "gmo_head" not in person.posts():
        raise Refused(Decision.refuse("office_calendar", "D1", "工作日历由总经理办公室主任录入"), "未录入")
    fault = working_days.fault_of(year, Year(off, worked, source, provisional=False))
    if fault or year < clock.today().year:
        raise Refused(Decision.refuse("calendar_form", "D1", "放假安排有误,或年份已过"), "未录入")
    deeds.note(counts={"year": year, "off": len(off), "worked": len(worked)}, source=source)
    row = CalendarYear.objects.create(
        year=year, off=working_calendar.words(off), worked=working_calendar.words(worked), source=source, entered_by=person,
        at=clock.now(),
    )  # fmt: skip
    transaction.on_commit(working_calendar.follow)
    return row


@deed("people:unseal", in_doubt=True)
def unsealed(person: None, shares: int) -> None:
    """启封: the keepers' shares (0 = the whole passphrase) opened the vault; recorded as its first entry afterwards.

    It says for how long the house had stood still: whoever unseals it vouches for that.
    """
    deeds.note(counts={"shares": shares, "stopped_minutes": clock.stopped_minutes()})


@deed("people:meet_device", in_doubt=True)
def meet_device(person: None, token: str, kind: str) -> Device:
    """A browser that was never seen here: remembered as unregistered (未登记设备)."""
    device = Device.objects.create(token_hash=token_hash(token), kind=kind, first_seen=clock.now())
    deeds.current().draft.device = device.uid
    return device


@deed("people:check_person", subject="", in_doubt=True)
def check_person(person: Person) -> None:
    """Check every row about a person once more: what does not carry its code is recorded and alarmed by the wrapper."""
    person.facts()


@deed("people:meet_tampering", reads=True)
def meet_tampering(person: Person | None, tampering: Tampered) -> None:
    """A page, not a deed, has met a row without its code: raised again in here, so that it is recorded and alarmed."""
    raise tampering


@deed("people:see_notices")
def see_notices(person: Person, uids: tuple[str, ...]) -> int:
    """Take lines off one's own desk; returns how many."""
    return Notice.objects.filter(person_key=person.pk, seen_at=None, uid__in=uids).update(seen_at=clock.now())
