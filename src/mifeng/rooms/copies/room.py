"""What the room announces to the house."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, language
from mifeng.base.room import Duty, DutyItem, Entry, JobKind, Room
from mifeng.rooms.copies import actions, deadlines, labels, queries, work
from mifeng.rooms.copies.actions.importing import BRINGERS
from mifeng.rooms.copies.actions.places import KEEPERS, SEE
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.copies.rules.desks import LOOKS
from mifeng.rooms.people.models import Person


def _to_sign(person: Person) -> list[Duty]:
    """What was given into this person's hands and is not signed for (G4.1, G4.4)."""
    lines = queries.to_sign(person)
    items = tuple(
        DutyItem(f"{line.copy.document.number} {line.copy.number}".strip(), _("%(name)s交来") % {"name": line.by.called},
                 _("签收"), f"/copies/sign/{line.uid}/", line.copy.document.level)
        for line in lines[:3]
    )  # fmt: skip
    return [Duty(_("待我签收"), _("签收之前仍由交出的人负责"), "/copies/", len(lines), items, order=12)]


def _incidents(person: Person) -> list[Duty]:
    """What was noticed about copies and nobody has looked into yet, for the head of the GM's office (M7.1)."""
    found = queries.incidents(person) if queries.sees_incidents(person) else []
    items = tuple(
        DutyItem(f"{one.copy.document.number} {one.copy.number}".strip(), language.said(one.why), _("核查"), "/copies/incidents/",
                 one.copy.document.level, late=True)
        for one in found[:3]
    )  # fmt: skip
    return [Duty(_("密件异常"), _("缺页、逾期未归、下落不明，请核查"), "/copies/incidents/", len(found), items, late=True, order=8)]


def _no_place(person: Person) -> list[Duty]:
    """C4.2: what this custodian keeps and has not put into a cupboard."""
    found = queries.without_place(person)
    first = queries.sound(found[:3])
    items = tuple(
        DutyItem(f"{copy.document.number} {copy.number}".strip(), _("未入柜"), _("入柜"), "/copies/scan/", copy.document.level)
        for copy in first
    )
    return [Duty(_("未入柜的密件"), _("密件存入铁皮柜或保险柜"), "/copies/?view=unplaced", found.count(), items, order=34)]


def _combinations(person: Person) -> list[Duty]:
    """M2.3: combinations to be changed, for the office that keeps the register of places."""
    if not person.posts() & KEEPERS:
        return []
    found = queries.combinations_due()
    items = tuple(
        DutyItem(place.code, _("知悉人已变动或已满期"), _("更换密码"), f"/copies/places/{place.uid}/", late=True) for place in found[:3]
    )
    return [Duty(_("保险柜密码待更换"), _("满期或知悉密码的人变动即更换"), "/copies/places/", len(found), items, late=True, order=33)]


def _desks(person: Person) -> list[Duty]:
    """C4.3: what was found at one's own desk and is to be put right."""
    found = [check for check in queries.desk_checks(person) if check.open_finding]
    today = clock.today()
    items = tuple(
        DutyItem(_("抽屉未上锁"), _("整改至 %(day)s") % {"day": check.rectify_by}, _("查看"), "/copies/desks/",
                 late=check.rectify_by < today)
        for check in found[:3]
    )  # fmt: skip
    return [Duty(_("上锁整改"), _("离开办公室，重要文件的抽屉上锁"), "/copies/desks/", len(found), items, order=35)]


def _holdings(person: Person, viewer: Person) -> Iterable[Copy]:
    """What this person has in his hands or answers for: for whoever signs him off or clears his desk."""
    return [*queries.held_by(person), *queries.kept_by(person)]


room = Room(
    name="copies",
    label=gettext_lazy("份"),
    order=40,
    clauses=("G4.1", "M2.3", "C4.2", "C4.3", "C5.1"),
    menu=(
        Entry(gettext_lazy("份与持有"), "/copies/", "stack-2", group=gettext_lazy("办件")),
        Entry(gettext_lazy("扫码"), "/copies/scan/", "scan", group=gettext_lazy("办件")),
        Entry(gettext_lazy("存放位置"), "/copies/places/", "map-pin", posts=SEE, group=gettext_lazy("定期")),
        Entry(gettext_lazy("上锁抽查"), "/copies/desks/", "lock", posts=LOOKS | {"hr", "auditor"}, group=gettext_lazy("定期")),
        Entry(gettext_lazy("旧台账补登"), "/copies/import/", "file-upload", posts=BRINGERS | {"gm"}, group=gettext_lazy("定期")),
    ),
    labels=labels.LABELS,
    deeds=tuple(getattr(actions, name) for name in actions.__all__),
    duties=(_to_sign, _incidents, _no_place, _combinations, _desks),
    deadlines={
        "carry_out": deadlines.carried,
        "combination": deadlines.combinations,
        "desk": deadlines.desks,
        "held_copy": deadlines.held,
    },
    holdings=(_holdings,),
    jobs={"copies:enter_rows": JobKind(work.enter_rows, gettext_lazy("补登旧台账"), owed=True)},
)
