"""年终清退清理表: the clear-up of every year as a register, line by line."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, codes, language
from mifeng.base.registers import Column, Entry, Lines, Register
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.models import CountLine
from mifeng.rooms.copies.rules.counting import FATE_WORDS, Fate, Kind
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people.models import Person

READERS = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"})
PARTS = ("count__department", "count__custodian", "count__crossed_by", "copy__document", "expected_place", "expected_holder",
         "seen_by", "seen_place")  # fmt: skip


def _lines(person: Person) -> Lines:
    made = CountLine.objects.filter(count__kind=Kind.YEAR)
    return Lines(documents.lines(person, made, "copy__document").select_related(*PARTS), at="count__opened_at", number="count__number",
                 sound=sound)  # fmt: skip


def sound(rows: list[CountLine]) -> Iterable[CountLine]:
    """The lines with their copies and items, verified. Raises Tampered."""
    codes.verify("count_line", [row.pk for row in rows])
    queries.sound(row.copy for row in rows)
    return rows


def _copy(row: CountLine) -> str:
    return f"{row.copy.document.title} {language.level(row.copy.document.level)} {row.copy.number}"


def _place(row: CountLine) -> str:
    return row.expected_place.code if row.expected_place else row.expected_holder.name


def _seen(row: CountLine) -> str:
    if row.seen_at is None or row.seen_by is None:
        return "—"
    where = f" {row.seen_place.code}" if row.seen_place else ""
    return f"{row.seen_by.name} {clock.local(row.seen_at).date().isoformat()}{where}"


CLEAR_UP = Register(
    "F11", gettext_lazy("年终清退清理表"),
    (
        Column(gettext_lazy("编号"), lambda row: row.count.number, width=13, number=True),
        Column(gettext_lazy("部门"), lambda row: row.count.department.name, width=11, key="dept"),
        Column(gettext_lazy("保管人"), lambda row: row.count.custodian.name, width=8, key="custodian"),
        Column(gettext_lazy("文件、密级、份号"), _copy, width=32, key="lines"),
        Column(gettext_lazy("应在处"), _place, width=9),
        Column(gettext_lazy("去向"), lambda row: _(FATE_WORDS[Fate(row.decision)]) if row.decision else "—", width=9, key="decision"),
        Column(gettext_lazy("核对"), _seen, width=17, key="seen_by"),
        Column(gettext_lazy("交叉检查人"), lambda row: row.count.crossed_by.name if row.count.crossed_by else "—", width=9,
               key="cross_check"),
        Column(gettext_lazy("结束"), lambda row: clock.local(row.count.closed_at).date().isoformat() if row.count.closed_at else "—",
               width=10, number=True, key="closed_at"),
    ),
    _lines, posts=READERS, level=lambda row: row.copy.document.level,
    purpose=gettext_lazy("本簿记每年年终逐件清点的每一份：应在何处、谁见到、去向如何、谁交叉检查。"),
    first=Entry(gettext_lazy("盘点与清理"), "/copies/counts/", "clipboard-check"),
)  # fmt: skip
REGISTERS = (CLEAR_UP,)
