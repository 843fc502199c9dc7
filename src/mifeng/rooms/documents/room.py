"""What the room announces to the house."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, duties
from mifeng.base.room import Duty, DutyItem, Entry, JobKind, Matter, Room
from mifeng.clauses import catalogue, schemes
from mifeng.rooms.documents import (
    actions,
    asked,
    books,
    by_series,
    deadlines,
    known_by_few,
    levels,
    own_lines,
    queries,
    work,
)  # fmt: skip
from mifeng.rooms.documents.actions import changing, classifying, scoping
from mifeng.rooms.documents.facts import State
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

OFFICE = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"})
# One word for both: that an item was frozen or changed its level is not for whoever looks after the machine.
FOLLOWS = _("文件后续处理")


def _matter(name: str, act: str, label: Any, done: Any, returned: Any, pages: bool = True) -> Matter:
    return Matter(
        name=name, act=act, label=label, item=queries.of_key, summary=work.summary, done=done, returned=returned, pages=pages,
        handlers=work.handlers, limits=known_by_few.limits, conditions=asked.CONDITIONS, knew=asked.knew,
        frozen=lambda approval: queries.of_key(approval.item_key).frozen,
        gone=lambda approval: not queries.of_key(approval.item_key).live,
    )  # fmt: skip


def _terms(person: Person) -> list[Duty]:
    """Reviews of terms in one's own departments, for classifiers and the office (P4.0, P4.1)."""
    due = queries.reviewed_by(person)
    if due is None:
        return []
    first = queries.soonest(due, 3)
    told = queries.among_scopes(person, queries.known_by(person).filter(pk__in=[d.pk for d in first]))
    items = tuple(_review(d, d.pk in told) for d in first)
    late = due.filter(state=State.EXPIRED_REVIEW).exists()
    why = str(_("期限将满或已满，须决定解密或延长"))
    return [Duty(str(_("到期审查")), why, "/documents/terms/", due.order_by()[: queries.MOST_COUNTED].count(), items, late=late, order=30)]


def _review(document: Document, known: bool) -> DutyItem:
    days = document.days_left() or 0
    when = str(_("已满 %(n)d 天") % {"n": -days}) if days < 0 else str(_("还有 %(n)d 天") % {"n": days})
    text, url = (document.title, f"/documents/{document.uid}/change/") if known else (document.number, "/documents/terms/")
    return DutyItem(text, when, str(_("审查")), url, document.level, late=days < 0, shows=document.item_key if known else "")


def _reviews(person: Person) -> list[Duty]:
    """Yearly reviews of items without an end, for who answers for them and their classifiers (P4.1)."""
    own = Q(owner=person) | Q(decider=person) | Q(department__in=list(person.supervises.values_list("pk", flat=True)) or [0])
    due = deadlines.to_review(clock.now(), Document.objects.filter(own, sealed=False))
    if not due:
        return []
    first = queries.sound(row for row, _begun, _end in due[:3])
    told = queries.among_scopes(person, queries.known_by(person).filter(pk__in=[d.pk for d in first]))
    items = tuple(_to_keep(row, end, row.pk in told) for row, _begun, end in due[:3])
    late = any(end <= clock.now() for _row, _begun, end in due)
    why = str(_("送总经理决定是否继续长期，或改定期限、解密"))
    return [Duty(str(_("长期事项复核")), why, "/documents/terms/", len(due), items, late=late, order=31)]


def _to_keep(document: Document, end: datetime, known: bool) -> DutyItem:
    when = str(_("复核至 %(day)s") % {"day": deadlines.last_day(end).isoformat()})
    text, url = (document.title, f"/documents/{document.uid}/change/") if known else (document.number, "/documents/terms/")
    shows = document.item_key if known else ""
    return DutyItem(text, when, str(_("复核")), url, document.level, late=end <= clock.now(), shows=shows)


def _mine(person: Person) -> list[Duty]:
    """Own papers whose proposal came back, as far as their drafter may still know them."""
    drafted = queries.known_by(person)
    drafted = drafted.annotate(of=F("drafter_id") + 0).filter(of=person.pk, state=State.PROPOSED, live=True)  # few are in that state
    back = [document for document in queries.sound(duties.few(drafted)) if not work.is_asked(document)]
    items = tuple(
        DutyItem(d.title, str(_("退回待改")), str(_("再送")), f"/documents/{d.uid}/classify/", d.level, True, shows=d.item_key)
        for d in back[:3]
    )
    return [Duty(str(_("待我再拟")), str(_("退回后仍按拟密保护")), "/documents/", len(back), items, order=16)]


def _series(person: Person) -> list[Duty]:
    """K1.0: what standing decisions classified in one's departments, while one may object."""
    found = queries.sound(by_series.open_to_objection(person))
    items = tuple(_to_object(d, queries.in_scope(person, d)) for d in found[:3])
    return [Duty(str(_("系列定密复核")), str(_("按系列决定直接定密，逾期即无异议")), "/documents/standing/", len(found), items, order=28)]


def _to_object(document: Document, known: bool) -> DutyItem:
    when = str(_("可提异议至 %(day)s") % {"day": by_series.last_day(document).isoformat()})
    text, shows = (document.title, document.item_key) if known else (document.number, "")
    return DutyItem(text, when, str(_("复核")), f"/documents/{document.uid}/", document.level, shows=shows)


def _scheme(person: Person) -> list[Duty]:
    """K1.0: another scheme of levels that waits for the general manager."""
    waiting = levels.waiting() if "gm" in person.posts() else None
    if waiting is None or waiting.decision:
        return []
    item = DutyItem(str(_("切换密级方案")), waiting.proposed_by.called, str(_("审定")), "/documents/scheme/")
    return [Duty(str(_("密级方案")), str(_("签批对照表后逐件套转")), "/documents/scheme/", 1, (item,), order=6)]


def _lines(person: Person) -> list[Duty]:
    """S7: lines of the catalogue that wait for the general manager."""
    if "gm" not in person.posts():
        return []
    rows = own_lines.waiting()
    items = tuple(DutyItem(row.title, row.proposed_by.called, str(_("审定")), "/documents/catalogue/", row.level) for row in rows[:3])
    return [Duty(str(_("保密事项一览表")), str(_("增改由总经理决定，次日生效")), "/documents/catalogue/", len(rows), items, order=6)]


def _orphans(person: Person) -> list[Duty]:
    """P4.2: items that reach nobody, for the head of the office."""
    if "gmo_head" not in person.posts():
        return []
    found = queries.orphaned()
    items = tuple(
        DutyItem(d.number or d.uid[:8], str(_("知悉人员均已离岗")), str(_("接管")), f"/documents/{d.uid}/", d.level)
        for d in found[:3]
    )
    return [Duty(str(_("无人知悉的密件")), str(_("由总经办主任接管")), "/documents/", len(found), items, late=True, order=25)]


def _statistics(person: Person) -> list[Duty]:
    """C6.1: statistics without a custodian, for the head of the office and whoever supervises the department."""
    found = [d for d in queries.without_custodian() if "gmo_head" in person.posts() or d.department.supervisor_id == person.pk]
    items = tuple(
        DutyItem(d.number or d.uid[:8], str(_("保管人已离岗")), str(_("指定保管人")), f"/documents/{d.uid}/", d.level)
        for d in found[:3]
    )
    return [Duty(str(_("统计资料无保管人")), str(_("涉密统计资料须有人妥善保管")), "/documents/", len(found), items, order=26)]


def _custody(person: Person) -> list[Duty]:
    """Custodies to sign for, and emergency openings that wait for this person's part or review (G4.1)."""
    offered = duties.few(queries.custody_offers(person))
    items = [
        DutyItem(row.document.number or row.document.uid[:8], str(_("%(name)s移交") % {"name": row.giver.called}),
                 str(_("签收")), "/documents/custody/", row.document.level)
        for row in offered
    ]  # fmt: skip
    today = clock.today()
    for row in queries.openings_of(person):
        when = str(_("复核至 %(day)s") % {"day": row.review_by.isoformat()})
        items.append(DutyItem(str(_("应急开柜：%(name)s") % {"name": row.holder.name}), when, str(_("查看")),
                              f"/documents/openings/{row.uid}/", late=row.reviewed_at is None and row.review_by < today))  # fmt: skip
    late = any(item.late for item in items)
    why = str(_("移交须两人签字；应急开柜须按期复核"))
    return [Duty(str(_("专人保管")), why, "/documents/custody/", len(items), tuple(items[:3]), late=late, order=14)]


def _overrides(person: Person) -> list[Duty]:
    """S8: what was given a level against the rule in the last quarter, for the office's audit in the month after it."""
    if "gmo_head" not in person.posts() or clock.today().month % 3 != 1:
        return []
    last = clock.today().replace(day=1) - timedelta(days=1)
    found = queries.overridden(last.replace(month=last.month - 2, day=1), last)
    items = tuple(
        DutyItem(d.number or d.uid[:8], str(_("日常文件以理由定密")), str(_("审核")), f"/documents/{d.uid}/", d.level)
        for d in found[:3]
    )
    return [Duty(str(_("上季度逐案定密的日常文件")), str(_("日常通知、决定不在保密范围，逐件审核")), "/documents/", len(found), items)]


schemes.told_by(levels.in_force)  # the words of levels, wherever they are said, are those of the scheme in force
catalogue.told_by(own_lines.in_force)  # wherever a line is cited, the company's own are among them

room = Room(
    name="documents",
    label=_("文件"),
    order=20,
    clauses=(
        "P0.2", "P0.3", "P1.1", "P1.2", "P3.1", "P4.0", "P4.1", "P4.2", "P4.3", "D2", "A1", "A3", "T0", "T3", "T4", "G2",
        "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "K1.0", "K1.1", "K1.2", "K1.3", "K2.1", "K2.2", "K2.3", "C6.1", "C10.2",
    ),
    menu=(
        Entry(_("密件登记簿"), "/documents/", "file-certificate", group=_("办件")),
        Entry(_("登记与定密"), "/documents/new/", "shield-lock", group=_("办件")),
        Entry(_("密级方案"), "/documents/scheme/", "adjustments", posts=levels.READERS, group=_("查阅")),
        Entry(_("保密事项一览表"), "/documents/catalogue/", "layout-list", group=_("查阅")),
        Entry(_("到期审查"), "/documents/terms/", "calendar-due", posts=OFFICE | {"classifier", "dept_head"}, group=_("定期")),
    ),
    registers=books.REGISTERS,
    forms=books.FORMS,
    deeds=tuple(getattr(actions, name) for name in actions.__all__),
    matters=(
        _matter("documents:classify", "classify", _("定密"), classifying.decided, classifying.returned),
        _matter("documents:widen_scope", "widen_scope", _("扩大知悉范围"), scoping.widened, changing.kept),
        _matter("documents:downgrade", "downgrade_or_release_early", _("降密或提前解密"), changing.changed, changing.kept),
        _matter("documents:upgrade", "upgrade", _("升密"), changing.changed, changing.kept),
        _matter("documents:extend", "extend_term", _("延长期限"), changing.changed, changing.kept),
    ),
    duties=(_terms, _reviews, _mine, _series, _lines, _orphans, _statistics, _overrides, _custody, _scheme),
    supplies=(
        "level", "live", "frozen", "sealed", "excl", "no_copy", "scope", "handler", "concerned", "frozen_team", "walled", "opening",
    ),
    jobs={
        "documents:convert": JobKind(work.convert, _("转换成页面"), lease=work.CONVERTING),
        "documents:recognise": JobKind(work.recognise, _("识别扫描页文字"), lease=work.CONVERTING),
        "documents:rewrap": JobKind(work.rewrap, FOLLOWS, owed=True),
        "documents:map_levels": JobKind(work.map_levels, FOLLOWS, owed=True, lease=timedelta(minutes=10)),
        "documents:thaw": JobKind(work.thaw, FOLLOWS, owed=True, timed=True),
    },
    daily=(work.expire_all, work.drop_uploads, work.sweep, work.recognise_late),
    deadlines={
        "term": deadlines.terms, "review": deadlines.reviews, "custody": deadlines.custodies,
        "opening": deadlines.openings, "freeze": deadlines.freezes,
    },
)  # fmt: skip
