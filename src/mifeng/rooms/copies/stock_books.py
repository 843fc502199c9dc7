"""年终清退清理表: the clear-up of every year as a register, line by line."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import codes, language
from mifeng.base.registers import Column, Entry, Lines, Register, day
from mifeng.rooms.copies import destructions, queries
from mifeng.rooms.copies.models import CountLine, DestructionLine, Evidence
from mifeng.rooms.copies.rules.counting import FATE_WORDS, Fate, Kind
from mifeng.rooms.copies.rules.destroying import METHODS, Step
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person

READERS = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"})
PARTS = ("count__department", "count__custodian", "count__crossed_by", "copy__document", "expected_place", "expected_holder",
         "seen_by", "seen_place")  # fmt: skip


def _lines(person: Person) -> Lines:
    # Said by what it is not: no index of kinds, the lines are walked in their order.
    made = CountLine.objects.exclude(count__kind__in=[kind for kind in Kind if kind != Kind.YEAR])
    return Lines(documents.lines(person, made, "copy__document").select_related(*PARTS), at="at", number="number",
                 sound=sound)  # fmt: skip


def sound(rows: list[CountLine]) -> Iterable[CountLine]:
    """The lines with their copies and items, verified. Raises Tampered."""
    codes.verify("count_line", [row.pk for row in rows])
    queries.sound(row.copy for row in rows)
    return rows


def _copy(row: CountLine) -> str:
    return f"{row.copy.document.title} {language.level(row.copy.document.level)} {row.copy.number}"


def expected(row: CountLine) -> str:
    """应在处: the place that the book names, or in whose hands it should be."""
    return row.expected_place.code if row.expected_place else row.expected_holder.name


def _seen(row: CountLine) -> str:
    if row.seen_at is None or row.seen_by is None:
        return "—"
    where = f" {row.seen_place.code}" if row.seen_place else ""
    return f"{row.seen_by.name} {day(row.seen_at)}{where}"


CLEAR_UP = Register(
    "F11", gettext_lazy("年终清退清理表"),
    (
        Column(gettext_lazy("编号"), lambda row: row.number, width=13, number=True),
        Column(gettext_lazy("部门"), lambda row: row.count.department.name, width=11, key="dept"),
        Column(gettext_lazy("保管人"), lambda row: row.count.custodian.name, width=8, key="custodian"),
        Column(gettext_lazy("文件、密级、份号"), _copy, width=32, key="lines"),
        Column(gettext_lazy("应在处"), expected, width=9),
        Column(gettext_lazy("去向"), lambda row: _(FATE_WORDS[Fate(row.decision)]) if row.decision else "—", width=9, key="decision"),
        Column(gettext_lazy("核对"), _seen, width=17, key="seen_by"),
        Column(gettext_lazy("交叉检查人"), lambda row: row.count.crossed_by.name if row.count.crossed_by else "—", width=9,
               key="cross_check"),
        Column(gettext_lazy("结束"), lambda row: day(row.count.closed_at, "—"),
               width=10, number=True, key="closed_at"),
    ),
    _lines, posts=READERS, level=lambda row: row.copy.document.level,
    purpose=gettext_lazy("本簿记每年年终逐件清点的每一份：应在何处、谁见到、去向如何、谁交叉检查。"),
    first=Entry(gettext_lazy("盘点与清理"), "/copies/counts/", "clipboard-check"),
)  # fmt: skip


def _destroyed(person: Person) -> Lines:
    known = destructions.known_to(person, "destruction__")
    made = DestructionLine.objects.filter(known).exclude(destruction__state__in=[step for step in Step if step != Step.DONE])
    return Lines(made.select_related(*DESTROYED_PARTS), at="at", number="number", sound=sound_destroyed)


def sound_destroyed(rows: list[DestructionLine]) -> Iterable[DestructionLine]:
    """The lines, verified. Raises Tampered."""
    codes.verify("destruction", [row.destruction_id for row in rows])
    codes.verify("copy", [row.copy_id for row in rows])
    lists = {row.destruction.list_uid for row in rows}
    of_lists = Evidence.objects.filter(Q(destruction__uid__in=lists) | Q(destruction__joined__batch__in=lists))
    pictures = Counter(one.destruction.list_uid for one in of_lists.select_related("destruction__joined"))
    for row in rows:
        row.pictures = pictures[row.destruction.list_uid]
    return rows


def _gone(row: DestructionLine) -> str:
    return _("%(paper)s %(copy)s，%(pages)d 页") % {"paper": row.destruction.what, "copy": row.copy.number, "pages": row.pages}


def _watched(row: DestructionLine, at: datetime | None, who: Person | None) -> str:
    return f"{who.name} {day(at)}" if at and who else "—"


DESTROYED_PARTS = ("destruction__joined", "destruction__by", "destruction__archivist", "destruction__executor", "destruction__watcher1",
                   "destruction__watcher2", "copy__document")  # fmt: skip
DESTROYED = Register(
    "F10", gettext_lazy("销毁清册"),
    (
        Column(gettext_lazy("编号"), lambda row: row.number, width=14, number=True, key="batch"),
        Column(gettext_lazy("文件、份号、页数"), _gone, width=34, key="lines"),
        Column(gettext_lazy("密级"), lambda row: language.level(row.destruction.level), width=6, number=True),
        Column(gettext_lazy("申请人"), lambda row: row.destruction.by.name, width=8),
        Column(gettext_lazy("鉴定"), lambda row: row.destruction.archivist.name if row.destruction.archivist else "—", width=8,
               key="archive_ok"),
        Column(gettext_lazy("方式"), lambda row: _(METHODS[row.destruction.method]), width=7, number=True, key="method"),
        Column(gettext_lazy("地点"), lambda row: row.destruction.place, width=10, key="place"),
        Column(gettext_lazy("封袋号"), lambda row: row.destruction.bags, width=8, key="sealed_bags"),
        Column(gettext_lazy("销毁人"), lambda row: row.destruction.executor.name if row.destruction.executor else "—", width=8,
               key="destroyer"),
        Column(gettext_lazy("监销人一"), lambda row: _watched(row, row.destruction.watched1_at, row.destruction.watcher1), width=12,
               key="witness1"),
        Column(gettext_lazy("监销人二"), lambda row: _watched(row, row.destruction.watched2_at, row.destruction.watcher2), width=12,
               key="witness2"),
        Column(gettext_lazy("完成"), lambda row: day(row.destruction.done_at), width=10, number=True,
               key="done_at"),
        Column(gettext_lazy("影像"), lambda row: str(row.pictures or "—"), width=5, number=True, key="evidence"),
    ),
    _destroyed, posts=KEEPERS | {"archivist"}, keepers=KEEPERS, series="销密", level=lambda row: row.destruction.level,
    purpose=gettext_lazy("本簿永久保存，记每一份密件何时销毁、谁批准、谁销毁、哪两人监销。"),
    first=Entry(gettext_lazy("销毁"), "/copies/destructions/", "trash"),
)  # fmt: skip
REGISTERS = (DESTROYED, CLEAR_UP)
