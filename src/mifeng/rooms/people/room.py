"""What the room announces to the house."""

from django.utils.translation import gettext_lazy as _

from mifeng.base import deeds, language
from mifeng.base.room import Column, Duty, DutyItem, Entry, Register, Room
from mifeng.rooms.people import actions, notices
from mifeng.rooms.people.facts import CARRIER_ACTS
from mifeng.rooms.people.models import Appointment, Enrolment, Person

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


def _acts(row: Appointment) -> str:
    return language.listed(language.said(CARRIER_ACTS[act]) for act in row.acts.split())


room = Room(
    name="people",
    label=_("人员"),
    order=80,
    clauses=("P2.2", "M1.1", "I5.2", "I6.1", "I6.2", "I6.3", "I7.1", "I7.2"),
    menu=(
        Entry(_("人员与岗位"), "/people/", "users-group", posts=frozenset(
            {"gm", "deputy_gm", "gmo_head", "hr", "sysadmin", "secadmin", "auditor", "it_head", "dept_head"}), group=_("管理")),
        Entry(_("委托书"), "/people/appointments/", "file-certificate",
              posts=frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"}), group=_("管理")),
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
            lambda person: Appointment.objects.select_related("person", "appointer").order_by("since", "pk"),
            posts=frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"}),
        ),
    ),
    deeds=(
        actions.found, actions.add_person, actions.activate_account, actions.close_account, actions.set_clearance,
        actions.assign_post, actions.end_post, actions.appoint, actions.revoke_appointment, actions.delegate,
        actions.register_device, actions.revoke_device, actions.sign_in, actions.enter_demo, actions.sign_out,
        actions.unlock, actions.prove_again, actions.change_password, actions.begin_totp, actions.confirm_totp,
        actions.ask_reset, actions.sign_reset, actions.use_code, actions.set_preferences, actions.meet_device,
        actions.check_person, actions.unsealed, actions.first_codes, actions.see_notices, actions.meet_tampering,
    ),
    duties=(_resets,),
)  # fmt: skip
