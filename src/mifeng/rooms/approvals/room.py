"""What the room announces to the house. It owns no clause: it serves them all."""

from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, duties
from mifeng.base.room import Duty, DutyItem, Entry, Room
from mifeng.rooms.approvals import actions, deadlines, queries, verbal, waiting, work
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person

# Who decides steps of the table by a post of his own, and so may have somebody decide for him.
DECIDERS = frozenset({"gm", "deputy_gm", "gmo_head", "dept_head", "board_secretary", "legal", "cfo", "hr", "it_head", "guard_head"})


def _waiting(person: Person) -> list[Duty]:
    waiting = queries.waiting_for(person)
    items = tuple(_item(person, approval) for approval in waiting[:3])
    return [Duty(str(_("待我审批")), str(_("按缓急与密级排列")), "/approvals/", len(waiting), items, order=5)]


def _item(person: Person, approval: Approval) -> DutyItem:
    from mifeng.rooms.approvals import sheets  # app loading

    told = sheets.told(person, approval)
    shows = approval.item_key if told["document"] else ""
    return DutyItem(told["title"], told["what"], str(_("审批")), f"/approvals/{approval.uid}/", approval.level, True, shows=shows)


def _verbal(person: Person) -> list[Duty]:
    """D2: leave by word that nobody confirmed within a working day, for the head of the office."""
    if "gmo_head" not in person.posts():
        return []
    told = Approval.objects.filter(state="asked").exclude(verbal_by=None).select_related("verbal_by")
    late = [approval for approval in told if verbal.is_late(approval, clock.now())]
    items = tuple(DutyItem(a.number or a.uid[:8], a.verbal_by.called, str(_("请催办")), "/approvals/") for a in late[:3] if a.verbal_by)
    why = str(_("一个工作日内未确认，此前不得知悉"))
    return [Duty(str(_("口头许可待确认")), why, "/approvals/", len(late), items, late=True, order=24)]


def _returned(person: Person) -> list[Duty]:
    back = Approval.objects.filter(applicant=person, state="returned").order_by("-decided_at", "-pk")
    mine = [approval for approval in duties.few(back) if queries.still_open(approval)]
    items = tuple(DutyItem(str(a.number or _("申请")), str(_("已退回")), str(_("查看")), f"/approvals/{a.uid}/") for a in mine[:3])
    return [Duty(str(_("退回给我的")), str(_("按退回理由修改后再送")), "/approvals/?tab=asked", len(mine), items, order=15)]


room = Room(
    name="approvals",
    label=_("审批"),
    order=30,
    menu=(
        Entry(_("审批单"), "/approvals/", "rubber-stamp", group=_("办件"), count=lambda p: len(waiting.of(p.pk))),
        Entry(_("审批权限表"), "/approvals/table/", "layout-list", group=_("查阅")),
        Entry(_("授权委托"), "/approvals/delegations/", "switch-horizontal", posts=DECIDERS, group=_("办件")),
        Entry(
            _("审批权限表版本"), "/approvals/table/versions/", "history", posts=frozenset({"gm", "secadmin", "auditor", "gmo_head"}),
            group=_("查阅"),
        ),
    ),
    deeds=tuple(getattr(actions, name) for name in actions.__all__),
    daily=(work.lapse_all, work.resettle_all),
    deadlines={"approval": deadlines.waiting, "verbal": deadlines.verbal},
    duties=(_waiting, _returned, _verbal),
    supplies=("judge", "grant"),
)
