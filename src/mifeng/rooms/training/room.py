"""What the room announces to the house."""

from django.utils.translation import gettext_lazy as _

from mifeng.base import clock
from mifeng.base.room import Column, Duty, DutyItem, Entry, Register, Room
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import actions, deadlines, queries
from mifeng.rooms.training.models import Pledge


def _own(person: Person) -> list[Duty]:
    """Pledge to sign, rules to acknowledge."""
    told, items = queries.condition(person), []
    if person.clearance >= 10 and told["pledge_until"] <= clock.seconds(clock.now()):
        items.append(DutyItem(str(_("保密承诺书")), str(_("未签署前不能打开涉密内容")), str(_("去签署")), "/training/pledges/"))
    if not queries.rules_facts(person).acknowledged:
        items.append(DutyItem(str(_("公司保密制度")), str(_("新印发，须阅读并确认")), str(_("去确认")), "/training/pledges/"))
    return [Duty(str(_("承诺与确认")), "", "/training/pledges/", len(items), tuple(items), order=10)]


def _without(person: Person) -> list[Duty]:
    """For HR: who has a clearance but no live pledge (P0.1)."""
    if "hr" not in person.posts():
        return []
    people = queries.without_pledge()
    items = tuple(DutyItem(p.called, p.department.name, str(_("查看")), f"/people/{p.uid}/") for p in people[:3])
    return [Duty(str(_("有涉密等级、无承诺书")), str(_("补签前其涉密权限不生效")), "/training/", len(people), items)]


room = Room(
    name="training",
    label=_("教育"),
    order=70,
    clauses=("P0.1", "G1"),
    menu=(
        Entry(_("承诺与确认"), "/training/pledges/", "certificate", group=_("查阅")),
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
            lambda person: Pledge.objects.select_related("person__department").order_by("signed_on", "pk"),
            posts=frozenset({"hr", "gmo_head", "auditor"}),
        ),
    ),
    deeds=(actions.sign_pledge, actions.record_test, actions.issue_rules, actions.acknowledge),
    duties=(_own, _without),
    conditions=(queries.condition,),
    deadlines={"pledge": deadlines.pledges, "training": deadlines.tests},
    supplies=("pledge_until", "trained_until", "rules_read"),
)  # fmt: skip
