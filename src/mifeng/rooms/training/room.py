"""What the room announces to the house."""

from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, language
from mifeng.base.registers import Lines
from mifeng.base.room import Column, Duty, DutyItem, Entry, Register, Room
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import actions, deadlines, queries
from mifeng.rooms.training.models import Pledge

DUE_AHEAD = 30  # days before its end that a test is called for


def _own(person: Person) -> list[Duty]:
    """Pledge to sign, rules to acknowledge, a test that is over."""
    told, items = queries.condition(person), []
    if person.clearance >= 10 and told["pledge_until"] <= clock.seconds(clock.now()):
        items.append(DutyItem(str(_("保密承诺书")), str(_("未签署前不能打开涉密内容")), str(_("去签署")), "/training/pledges/"))
    if not queries.rules_facts(person).acknowledged:
        items.append(DutyItem(str(_("公司保密制度")), str(_("新印发，须阅读并确认")), str(_("去确认")), "/training/pledges/"))
    if person.clearance >= 20 and told["trained_until"] <= clock.seconds(clock.now()):
        over = _("已过有效期，%(level)s以上不得新增知悉") % {"level": language.level_from(20)}
        items.append(DutyItem(str(_("培训考核")), str(over), str(_("查看")), "/training/pledges/"))
    return [Duty(str(_("承诺与确认")), "", "/training/pledges/", len(items), tuple(items), order=10)]


def _over(person: Person) -> list[Duty]:
    """For HR: whose test is over or ends within a month (I12)."""
    if "hr" not in person.posts():
        return []
    people = queries.untrained(DUE_AHEAD)
    items = tuple(DutyItem(p.called, p.department.name, str(_("登记考核")), "/training/") for p in people[:3])
    why = str(_("考核过期的，%(level)s以上不得新增知悉") % {"level": language.level_from(20)})
    return [Duty(str(_("培训考核已到期或将到期")), why, "/training/", len(people), items)]


def _without(person: Person) -> list[Duty]:
    """For HR: who has a clearance but no live pledge (P0.1)."""
    if "hr" not in person.posts():
        return []
    people = queries.without_pledge()
    items = tuple(DutyItem(p.called, p.department.name, str(_("查看")), f"/people/{p.uid}/") for p in people[:3])
    return [Duty(str(_("有涉密等级、无承诺书")), str(_("补签前其涉密权限不生效")), "/training/", len(people), items)]


def _self_check(person: Person) -> list[Duty]:
    """One's own yearly self-check from the first rung of its ladder on (M6.2)."""
    due = deadlines.own_self_check(person)
    if due is None:
        return []
    late = due.due <= clock.now()
    last = str(_("至%(day)s") % {"day": language.day(due.last_day)})
    item = DutyItem(str(_("年度保密自查")), str(_("已逾期")) if late else last, str(_("去填写")), "/training/self-check/", late=late)
    return [Duty(str(_("年度自查")), str(_("每人每年一次")), "/training/self-check/", 1, (item,), late=late, order=14)]


def _unchecked(person: Person) -> list[Duty]:
    """For HR, the office and the secrecy officer of a department: whose self-check is missing (M6.2)."""
    if not person.posts() & {"hr", "gmo_head", "secrecy_officer"}:
        return []
    people = queries.unchecked(person)
    items = tuple(DutyItem(p.called, p.department.name, str(_("查看")), "/training/self-checks/") for p in people[:3])
    return [Duty(str(_("年度自查未做")), str(_("已满一年")), "/training/self-checks/", len(people), items, order=55)]


room = Room(
    name="training",
    label=_("教育"),
    order=70,
    clauses=("P0.1", "G1", "M6.2", "I12"),
    menu=(
        Entry(_("承诺与确认"), "/training/pledges/", "certificate", group=_("查阅")),
        Entry(_("年度自查"), "/training/self-check/", "clipboard-check", group=_("查阅")),
        Entry(_("自查登记"), "/training/self-checks/", "layout-list",
              posts=frozenset({"hr", "gmo_head", "gm", "auditor", "secrecy_officer"}), group=_("管理")),
        Entry(_("教育与承诺登记"), "/training/", "school", posts=frozenset({"hr", "gmo_head", "auditor"}), group=_("管理")),
    ),
    registers=(
        Register(
            "F19", _("保密承诺书登记簿"),
            (
                Column(_("编号"), lambda row: row.number),
                Column(_("姓名"), lambda row: row.person.name),
                Column(_("部门"), lambda row: row.person.department.name),
                Column(_("签署日期"), lambda row: row.signed_on.isoformat()),
                Column(_("文本校验码"), lambda row: row.text_hash[:16]),
            ),
            lambda person: Lines(Pledge.objects.select_related("person__department"), at="signed_on", number="number"),
            posts=frozenset({"hr", "gmo_head", "auditor"}),
            purpose=_("本簿记每个人签署的保密承诺书。承诺书由本人签署。"),
        ),
    ),
    deeds=(
        actions.sign_pledge, actions.record_test, actions.issue_rules, actions.acknowledge, actions.hand_in_self_check,
    ),
    duties=(_own, _self_check, _without, _over, _unchecked),
    conditions=(queries.condition,),
    deadlines={"pledge": deadlines.pledges, "training": deadlines.tests, "self_check": deadlines.self_checks},
    supplies=("pledge_until", "trained_until", "rules_read"),
)  # fmt: skip
