"""What is due with stock on somebody's desk: copies not put away, combinations, drawers, counts."""

from django.utils.translation import gettext as _

from mifeng.base import clock, language
from mifeng.base.room import Duty, DutyItem
from mifeng.rooms.copies import destruction_lists, queries, stock_queries
from mifeng.rooms.copies.destruction_lists import Listing
from mifeng.rooms.copies.models import Destruction
from mifeng.rooms.copies.rules.counting import KIND_WORDS, Kind
from mifeng.rooms.copies.rules.destroying import STEP_WORDS, Step
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person


def no_place(person: Person) -> list[Duty]:
    """C4.2: what this custodian keeps and has not put into a cupboard."""
    found = queries.without_place(person)
    count = found.count()
    first = queries.sound(found[:3]) if count else []
    items = tuple(
        DutyItem(f"{copy.document.number} {copy.number}".strip(), _("未入柜"), _("入柜"), "/copies/scan/", copy.document.level)
        for copy in first
    )
    return [Duty(_("未入柜的密件"), _("密件存入铁皮柜或保险柜"), "/copies/?view=unplaced", count, items, order=34)]


def combinations(person: Person) -> list[Duty]:
    """M2.3: combinations to be changed, for the office that keeps the register of places."""
    if not person.posts() & KEEPERS:
        return []
    found = queries.combinations_due()
    items = tuple(
        DutyItem(place.code, _("知悉人已变动或已满期"), _("更换密码"), f"/copies/places/{place.uid}/", late=True) for place in found[:3]
    )
    return [Duty(_("保险柜密码待更换"), _("满期或知悉密码的人变动即更换"), "/copies/places/", len(found), items, late=True, order=33)]


def desks(person: Person) -> list[Duty]:
    """C4.3: what was found at one's own desk and is to be put right."""
    found = [check for check in queries.desk_checks(person) if check.open_finding]
    today = clock.today()
    items = tuple(
        DutyItem(_("抽屉未上锁"), _("整改至 %(day)s") % {"day": check.rectify_by}, _("查看"), "/copies/desks/",
                 late=check.rectify_by < today)
        for check in found[:3]
    )  # fmt: skip
    return [Duty(_("上锁整改"), _("离开办公室，重要文件的抽屉上锁"), "/copies/desks/", len(found), items, order=35)]


def counts(person: Person) -> list[Duty]:
    """Sheets to count, to sign and to check."""
    running = stock_queries.counts(person, running=True)
    own = [row for row in running if person.pk == row.custodian_id or (person.pk == row.second_id and row.crossed_at is None)]
    items = tuple(
        DutyItem(row.number, _(KIND_WORDS[Kind(row.kind)]), _("清点") if person.pk == row.custodian_id else _("签字"),
                 f"/copies/counts/{row.uid}/")
        for row in own[:3]
    )  # fmt: skip
    return [Duty(_("盘点与清理"), _("逐份见到实物，定好去向"), "/copies/counts/", len(own), items, order=32)]


def destroying(person: Person) -> list[Duty]:
    """Lists for destruction whose next step is this person's."""
    found = [listed for listed in destruction_lists.under_way(person) if waits_for(person, listed)]
    items = tuple(
        DutyItem(destruction_lists.name(listed), _(STEP_WORDS[listed.step]), _("办理"), f"/copies/destructions/{listed.uid}/", listed.level)
        for listed in found[:3]
    )  # fmt: skip
    return [Duty(_("销毁待办"), _("列册、鉴定、审批、封存、监销，一步一人"), "/copies/destructions/", len(found), items, order=29)]


def waits_for(person: Person, listed: Listing) -> bool:
    """The next step of the list is this person's."""
    step, row = listed.step, listed.first
    if step is Step.LISTED:
        return "archivist" in person.posts() and person.pk != row.by_id
    if step in (Step.CONFIRMED, Step.RETURNED, Step.APPROVED):
        return person.pk == row.by_id
    if step is Step.BAGGED:
        return person.pk != row.by_id and all(_entrusted(person, one) for one in listed.papers)
    signs = (row.watcher1_id == person.pk and row.watched1_at is None) or (row.watcher2_id == person.pk and row.watched2_at is None)
    return step is Step.EXECUTED and signs


def _entrusted(person: Person, row: Destruction) -> bool:
    return people.is_appointed(person, "destroy", row.level, row.department_id, clock.today())


def re_marking(person: Person) -> list[Duty]:
    """P4.3: copies in this person's hands that still bear the mark of a level that was changed."""
    found = stock_queries.to_re_mark(person)
    count = found.count()
    items = tuple(
        DutyItem(f"{copy.document.number} {copy.number}".strip(), _("旧标志 %(level)s") % {"level": language.level(copy.level)},
                 _("改标志"), f"/copies/{copy.uid}/", copy.document.level)
        for copy in (queries.sound(found[:3]) if count else ())
    )  # fmt: skip
    return [Duty(_("待改标志"), _("密级已变更，划去旧标志、加注新标志"), "/copies/", count, items, order=27)]


DUTIES = (no_place, combinations, desks, counts, destroying, re_marking)
