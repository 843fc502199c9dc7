"""What the room announces to the house."""

from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, deeds, jobs, language, working_days
from mifeng.base.registers import Lines
from mifeng.base.room import Column, Duty, DutyItem, Entry, Register, Room
from mifeng.rooms.people import actions, deadlines, notices, queries, rules
from mifeng.rooms.people.facts import CARRIER_ACTS
from mifeng.rooms.people.models import Account, Appointment, Credential, Enrolment, Person

LAST_DAYS = 3  # of a password: from here on the line is marked

deeds.after_refusal.append(notices.watch_refusals)
deeds.after_alarm.append(notices.alarm)


def _resets(person: Person) -> list[Duty]:
    """Resets that wait for the second signer, on the desks of those who may sign."""
    if not person.posts() & {"secadmin", "gm"}:
        return []
    open_ones = [row for row in Enrolment.objects.filter(used_at=None, signed_by=None).select_related("person")
                 if row.asked_by_id != person.pk]  # fmt: skip
    items = tuple(
        DutyItem(f"{row.person.called}", str(_("口令重置待第二人签字")), str(_("去签字")), f"/people/{row.person.uid}/")
        for row in open_ones[:3]
    )
    return [Duty(str(_("口令重置")), str(_("须两名不同岗位的人员共同办理")), "/people/", len(open_ones), items, order=20)]


def _password(person: Person) -> list[Duty]:
    """One's own password from the first rung of the ladder on; past its last day levelled items are shut (I6.3)."""
    changed = Credential.objects.filter(person=person).values_list("changed_at", flat=True).first()
    if changed is None:
        return []
    first, today = clock.local(changed).date(), clock.today()
    left = (rules.password_last_day(first) - today).days
    if left >= 0 and rules.password_reminder(first, today) is None:
        return []
    when = str(_("还有 %(n)d 天") % {"n": left}) if left >= 0 else str(_("已满期"))
    text = str(_("本人口令第 %(n)d 天") % {"n": rules.password_day(first, today)})
    item = DutyItem(text, when, str(_("换口令")), "/account/password/", late=left <= LAST_DAYS)
    return [Duty(str(_("口令")), str(_("满期后不能看密件")), "/account/password/", 1, (item,), late=left < 0, order=12)]


def _accounts(person: Person) -> list[Duty]:
    """For the security administrator: accounts that somebody else entered and nobody has activated (M1.2)."""
    if "secadmin" not in person.posts():
        return []
    found = Account.objects.filter(state="disabled").exclude(created_by=person).select_related("person__department")
    items = tuple(
        DutyItem(row.person.called, row.person.department.name, str(_("核对启用")), f"/people/{row.person.uid}/") for row in found[:3]
    )
    return [Duty(str(_("账号待启用")), str(_("一人建立，另一人启用")), "/system/accounts/", len(found), items, order=18)]


def _exposed(person: Person) -> list[Duty]:
    """For who inspects: passwords that lay open and are not another one yet (I6.1)."""
    posts = person.posts()
    if not posts & (rules.INSPECTORS | {"secrecy_officer"}):
        return []
    found = queries.findings_for(person).filter(rectified_at=None, person__active=True)
    items = tuple(
        DutyItem(row.person.called, row.person.department.name, str(_("查看")), f"/people/{row.person.uid}/") for row in found[:3]
    )
    return [Duty(str(_("口令外露待整改")), str(_("更换之前不能办理别的事")), "/people/findings/", found.count(), items, order=21)]


def _stopped(person: Person) -> list[Duty]:
    """For the system administrator: jobs that the house gave up after the last try."""
    if "sysadmin" not in person.posts():
        return []
    found, kinds = jobs.dead(), jobs.kinds()
    items = tuple(
        DutyItem(str(kinds[row.kind].label) if row.kind in kinds else str(_("其他作业")), str(_("试过五次未成")), str(_("处理")),
                 f"/system/jobs/{row.uid}/", late=True)
        for row in found[:3]
    )  # fmt: skip
    return [Duty(str(_("做不成的作业")), str(_("须决定再做或放弃")), "/system/jobs/", found.count(), items, late=True, order=19)]


def _calendar(person: Person) -> list[Duty]:
    """From November on: next year's holidays for the head of the office, until the notice is entered."""
    if "gmo_head" not in person.posts():
        return []
    wanted = [year for year in working_days.wanted(clock.today()) if working_days.state_of(year) != "official"]
    items = tuple(DutyItem(str(year), str(_("暂按法定节假日或星期计算")), str(_("去录入")), "/people/calendar/") for year in wanted)
    return [Duty(str(_("放假通知待录入")), str(_("按工作日计算的期限都照日历计算")), "/people/calendar/", len(wanted), items, order=45)]


def _acts(row: Appointment) -> str:
    return language.listed(language.said(CARRIER_ACTS[act]) for act in row.acts.split())


room = Room(
    name="people",
    label=_("人员"),
    order=80,
    clauses=("P2.2", "M1.1", "I5.2", "I6.1", "I6.2", "I6.3", "I7.1", "I7.2"),
    menu=(
        Entry(_("人员与岗位"), "/people/", "users-group", posts=frozenset(
            {"gm", "deputy_gm", "gmo_head", "hr", "sysadmin", "secadmin", "auditor", "it_head", "dept_head", "secrecy_officer"}),
            group=_("管理")),
        Entry(_("委托书"), "/people/appointments/", "file-certificate",
              posts=frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"}), group=_("管理")),
        Entry(_("工作日历"), "/people/calendar/", "calendar-due",
              posts=frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "hr", "auditor", "sysadmin"}), group=_("管理")),
        Entry(_("检查发现"), "/people/findings/", "clipboard-check",
              posts=frozenset({"gm", "gmo_head", "secadmin", "auditor", "secrecy_officer"}), group=_("检查")),
    ),
    registers=(
        Register(
            "F28", _("委托书登记簿"),
            (
                Column(_("编号"), lambda row: row.number),
                Column(_("受托人"), lambda row: row.person.called),
                Column(_("委托办理"), _acts),
                Column(_("自"), lambda row: row.since.isoformat()),
                Column(_("至"), lambda row: row.until.isoformat()),
                Column(_("委托人"), lambda row: row.appointer.called),
                Column(_("撤销"), lambda row: row.revoked_on.isoformat() if row.revoked_on else ""),
            ),
            lambda person: Lines(Appointment.objects.select_related("person", "appointer"), at="since", number="number"),
            posts=frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"}),
            purpose=_("本簿记谁受托办理哪些涉密事务、由谁委托、到何时为止。"),
            first=Entry(_("签署委托书"), "/people/appointments/", "file-certificate", posts=frozenset({"deputy_gm", "gmo_head"})),
        ),
    ),
    deeds=(
        actions.found, actions.add_person, actions.activate_account, actions.close_account, actions.set_clearance,
        actions.assign_post, actions.end_post, actions.appoint, actions.revoke_appointment,
        actions.register_device, actions.revoke_device, actions.sign_in, actions.enter_demo, actions.sign_out,
        actions.unlock, actions.prove_again, actions.change_password, actions.note_exposed, actions.begin_totp, actions.confirm_totp,
        actions.ask_reset, actions.sign_reset, actions.use_code, actions.set_preferences, actions.meet_device,
        actions.check_person, actions.enter_calendar, actions.unsealed, actions.first_codes, actions.see_notices, actions.meet_tampering,
    ),
    duties=(_resets, _password, _accounts, _exposed, _stopped, _calendar),
    deadlines={
        "password": deadlines.passwords, "appointment": deadlines.appointments, "delegation": deadlines.delegations,
    },
    supplies=(
        "pid", "clearance", "role", "active", "now", "device_cap", "fresh_until", "fresh_top_until", "password_until",
        "session_ok", "appointed",
    ),
)  # fmt: skip
