"""复制登记簿 F05, 摘录登记簿 F06, 携带外出登记簿 F07: what was carried out of approvals, as this person may know the items."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mifeng.base import codes, language
from mifeng.base.registers import Column, Lines, Register, day, minute
from mifeng.rooms.copies.facts import CARRY_TO, MEASURE_WORDS, METHOD_WORDS, Measure, Method, State
from mifeng.rooms.copies.models import Carried, CarryOut, Excerpt, Reproduced, Reproduction
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.books import READERS
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person


def _copying(person: Person) -> Lines:
    rows = Reproduction.objects.select_related("applicant__department", "approver", "operator")
    return Lines(documents.lines(person, rows), at="made_at", number="number", sound=sound_copying)


def sound_copying(rows: list[Reproduction]) -> Iterable[Reproduction]:
    """The rows with their items and what was made, verified. Raises Tampered."""
    codes.verify("reproduction", [row.pk for row in rows])
    documents.sound({row.document_id: row.document for row in rows}.values())
    made: dict[int, list[Reproduced]] = {}
    for one in Reproduced.objects.filter(reproduction__in=rows).select_related("copy", "recipient").order_by("pk"):
        made.setdefault(one.reproduction_id, []).append(one)
    for row in rows:
        row.copies_made = made.get(row.pk, [])
    return rows


def _numbers(row: Reproduction) -> str:
    return language.listed(
        f"{one.copy.number}({_('作废')})" if one.copy.state == State.VOID else one.copy.number for one in row.copies_made
    )


def _recipients(row: Reproduction) -> str:
    good = [one for one in row.copies_made if one.copy.state != State.VOID]
    return language.listed(f"{one.copy.number} {one.recipient.name if one.recipient else row.operator.name}" for one in good)


def _waste(row: Reproduction) -> str:
    sheets = row.waste + sum(one.spoiled or 0 for one in row.copies_made)
    told = ngettext("%(n)d 张，%(how)s", "%(n)d 张，%(how)s", sheets) % {"n": sheets, "how": row.waste_how}
    return told if sheets else _("无废页")


def _day(row: Reproduction) -> str:
    return day(row.finished_at)


COPYING = Register(
    "F05", gettext_lazy("复制登记簿"),
    (
        Column(gettext_lazy("编号"), lambda row: row.number, width=15, number=True),
        Column(gettext_lazy("申请人"), lambda row: row.applicant.name, width=8, key="applicant"),
        Column(gettext_lazy("部门"), lambda row: row.applicant.department.name, width=10, key="dept"),
        Column(gettext_lazy("文件"), lambda row: row.document.title, width=26, key="item"),
        Column(gettext_lazy("密级"), lambda row: language.level(row.document.level), width=6, number=True, key="level"),
        Column(gettext_lazy("方式"), lambda row: _(METHOD_WORDS[Method(row.method)]), width=6, number=True, key="kind"),
        Column(gettext_lazy("页码范围"), lambda row: row.pages, width=8, number=True, key="pages"),
        Column(gettext_lazy("份数"), lambda row: str(row.count), width=5, number=True, key="count"),
        Column(gettext_lazy("用途"), lambda row: row.purpose, width=14, key="purpose"),
        Column(gettext_lazy("每份去向"), _recipients, width=20, key="recipients"),
        Column(gettext_lazy("批准"), lambda row: row.approver.name, width=8, key="approver"),
        Column(gettext_lazy("复制人"), lambda row: row.operator.name, width=8, key="operator"),
        Column(gettext_lazy("地点设备"), lambda row: row.place, width=12, key="place"),
        Column(gettext_lazy("复制件编号"), _numbers, width=18, key="numbers"),
        Column(gettext_lazy("复制戳记"), lambda row: _("已盖") if row.stamped else "—", width=6, number=True, key="stamp"),
        Column(gettext_lazy("废页处理"), _waste, width=12, key="waste"),
        Column(gettext_lazy("登记"), _day, width=10, number=True, key="registered"),
        Column(gettext_lazy("收回期限"), lambda row: row.until.isoformat() if row.until else "—", width=10, number=True,
               key="return_due"),
    ),
    _copying, posts=READERS, keepers=KEEPERS, series="复密", level=lambda row: row.document.level,
    purpose=gettext_lazy("本簿记每一次复制、印制：谁批准、谁执行、编了哪些号、交给谁、废页如何处理。"),
)  # fmt: skip


def _trips(person: Person) -> Lines:
    rows = CarryOut.objects.select_related("bearer", "companion", "approver", "out_by", "back_by")
    return Lines(documents.lines(person, rows), at="out_at", number="number", sound=sound_trips)


def sound_trips(rows: list[CarryOut]) -> Iterable[CarryOut]:
    """The rows with their items and copies, verified. Raises Tampered."""
    codes.verify("carry_out", [row.pk for row in rows])
    documents.sound({row.document_id: row.document for row in rows}.values())
    gone: dict[int, list[Carried]] = {}
    for one in Carried.objects.filter(carry_out__in=rows).select_related("copy").order_by("pk"):
        gone.setdefault(one.carry_out_id, []).append(one)
    for row in rows:
        row.copies_out = gone.get(row.pk, [])
    return rows


def _items(row: CarryOut) -> str:
    copies = language.listed(_("%(number)s（%(n)d 页）") % {"number": one.copy.number, "n": one.pages_out} for one in row.copies_out)
    return f"{row.document.title} {copies}"


def _counted(at: datetime | None, by: Person | None) -> str:
    return f"{minute(at)} {by.name}" if at and by else ""


CARRYING = Register(
    "F07", gettext_lazy("携带密件外出登记簿"),
    (
        Column(gettext_lazy("编号"), lambda row: row.number, width=15, number=True),
        Column(gettext_lazy("携带人"), lambda row: row.bearer.name, width=8, key="bearer"),
        Column(gettext_lazy("同行人"), lambda row: row.companion.name if row.companion else "—", width=8, key="companion"),
        Column(gettext_lazy("文件、份号与页数"), _items, width=30, key="items"),
        Column(gettext_lazy("密级"), lambda row: language.level(row.level), width=6, number=True, key="level"),
        Column(gettext_lazy("目的地"), lambda row: row.place, width=14, key="destination"),
        Column(gettext_lazy("目的地类型"), lambda row: _(CARRY_TO.get(row.destination, "—")), width=9, key="dest_kind"),
        Column(gettext_lazy("事由"), lambda row: row.purpose, width=14, key="purpose"),
        Column(gettext_lazy("交通与停留"), lambda row: row.route or "—", width=12, key="route"),
        Column(gettext_lazy("安全措施"), lambda row: language.listed(_(MEASURE_WORDS[Measure(one)]) for one in row.measures.split()),
               width=14, key="measures"),
        Column(gettext_lazy("拟外出"), lambda row: minute(row.out_planned), width=13, number=True, key="out_planned"),
        Column(gettext_lazy("拟返回"), lambda row: minute(row.back_planned), width=13, number=True, key="back_planned"),
        Column(gettext_lazy("批准"), lambda row: row.approver.name, width=8, key="approver"),
        Column(gettext_lazy("出门清点"), lambda row: _counted(row.out_at, row.out_by), width=14, key="check_out"),
        Column(gettext_lazy("返回清点"), lambda row: _counted(row.back_at, row.back_by), width=14, key="check_in"),
        Column(gettext_lazy("差异"), lambda row: row.difference or ("—" if row.back_at else ""), width=10, key="pages_diff"),
    ),
    _trips, posts=READERS, keepers=KEEPERS, series="携密", level=lambda row: row.level,
    purpose=gettext_lazy("本簿记每一次携带外出：谁带哪几份去哪里，出门、返回各清点多少页。"),
)  # fmt: skip


def _excerpts(person: Person) -> Lines:
    rows = Excerpt.objects.select_related("applicant", "approver", "executor", "made")
    return Lines(documents.lines(person, rows), at="made_at", number="number", sound=sound_excerpts)


def sound_excerpts(rows: list[Excerpt]) -> Iterable[Excerpt]:
    """The rows with their sources and what was made of them, verified. Raises Tampered."""
    codes.verify("excerpt", [row.pk for row in rows])
    documents.sound({one.pk: one for row in rows for one in (row.document, row.made)}.values())
    return rows


def _term(row: Excerpt) -> str:
    return row.made.expires_on.isoformat() if row.made.expires_on else language.term(row.made.term())


EXCERPTS = Register(
    "F06", gettext_lazy("摘录登记簿"),
    (
        Column(gettext_lazy("编号"), lambda row: row.number, width=15, number=True),
        Column(gettext_lazy("申请人"), lambda row: row.applicant.name, width=8, key="applicant"),
        Column(gettext_lazy("来源文件"), lambda row: row.document.title, width=26, key="item"),
        Column(gettext_lazy("来源密级"), lambda row: language.level(row.level), width=7, number=True, key="level"),
        Column(gettext_lazy("段落与页"), lambda row: _("第 %(pages)s 页 %(words)s") % {"pages": row.pages, "words": row.passage}, width=18,
               key="where"),
        Column(gettext_lazy("内容指纹"), lambda row: row.fingerprint[:16], width=14, number=True, key="excerpt_hash"),
        Column(gettext_lazy("用途"), lambda row: row.purpose, width=14, key="purpose"),
        Column(gettext_lazy("用于何文件"), lambda row: row.target or "—", width=14, key="target"),
        Column(gettext_lazy("目标密级"), lambda row: language.level(row.made.level), width=7, number=True, key="target_level"),
        Column(gettext_lazy("目标期限"), _term, width=10, number=True, key="target_term"),
        Column(gettext_lazy("记录本编号"), lambda row: row.notebook or "—", width=9, number=True, key="notebook"),
        Column(gettext_lazy("批准"), lambda row: row.approver.name, width=8, key="approver"),
        Column(gettext_lazy("摘录人"), lambda row: row.executor.name, width=8, key="executor"),
    ),
    _excerpts, posts=READERS, keepers=KEEPERS, series="摘密", level=lambda row: row.document.level,
    purpose=gettext_lazy("本簿记每一次摘抄：摘自何件哪几页、谁批准、谁摘录、用于何处。"),
)  # fmt: skip
REGISTERS = (COPYING, EXCERPTS, CARRYING)
