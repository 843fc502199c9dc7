"""Forms of the stock on paper: 销毁审批表 with its list (F10), 年终清退清理表 of one custodian (F11)."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from mifeng.base import clock, deeds, language
from mifeng.base.registers import Filled, Form, Listed, Signed, day, minute
from mifeng.rooms.approvals import signed
from mifeng.rooms.copies import destruction_lists, queries, stock_books, stock_queries
from mifeng.rooms.copies.destruction_lists import Listing
from mifeng.rooms.copies.models import Count, CountLine, Destruction, DestructionLine
from mifeng.rooms.copies.rules.counting import FATE_WORDS, Fate
from mifeng.rooms.copies.rules.destroying import METHODS, Step
from mifeng.rooms.copies.sheet_parts import by_hand, requested
from mifeng.rooms.documents.facts import ORIGIN_WORDS
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person, Session

# Our steps -> states of the form.
STEPS = {
    Step.LISTED: "清理列册", Step.CONFIRMED: "鉴定", Step.ASKED: "鉴定", Step.APPROVED: "审批", Step.RETURNED: "退回",
    Step.BAGGED: "押运", Step.EXECUTED: "监销执行", Step.DONE: "清册永久保存",
}  # fmt: skip
DECIDED = frozenset({Step.APPROVED, Step.BAGGED, Step.EXECUTED, Step.DONE})


def destruction(person: Person, session: Session | None, uid: str) -> Filled:
    """销毁审批表与销毁清册 of one list with all its papers, whatever step it stands at. Raises NotThere, Tampered."""
    listed = destruction_lists.of(person, uid)
    row = listed.first
    deeds.note(obj=listed.item_key)
    lines, what = listed.lines(), {one.pk: _what(person, one) for one in listed.papers}
    before, deciding = _signed(listed)
    values = {
        "batch": row.number or _("（完成后编号）"), "total_copies": str(len(lines)), "total_pages": str(sum(line.pages for line in lines)),
        "method": _destroyed_how(listed), "place": row.place, "sealed_bags": row.bags,
        "transported_by": language.listed(one.name for one in (row.carrier1, row.carrier2) if one),
        "done_at": minute(row.done_at),
    }  # fmt: skip
    pictures = row.evidence.count()
    if pictures:
        values["evidence"] = _("照片 %(n)d 张，随清册永久保存") % {"n": pictures}
    signs = {
        "经办人": by_hand(row.by, row.made_at), "dept_opinion": before, "archive_ok": _confirmed(row),
        "approver": deciding,
        "destroyer": by_hand(row.executor, row.executed_at), "witness1": by_hand(row.watcher1, row.watched1_at),
        "witness2": by_hand(row.watcher2, row.watched2_at),
    }  # fmt: skip
    head = (_("序号"), _("文件"), _("密级"), _("份号"), _("页数"), _("形成日期"), _("来源"), _("销毁理由"))
    return Filled(
        number=row.number, values=values, signs=signs,
        lists={"lines": Listed(
            head, (6, 30, 8, 9, 6, 12, 9, 17),
            tuple(_line(line, n, what[line.destruction_id]) for n, line in enumerate(lines, start=1)),
        )},
        state=STEPS.get(listed.step, ""), department=language.listed(dict.fromkeys(one.department.name for one in listed.papers)),
        level=listed.level, mark=language.level(listed.level),
        basis=_("依据 %(clauses)s") % {"clauses": language.listed(("M1.1", "G4.5"))},
    )  # fmt: skip


def _signed(listed: Listing) -> tuple[tuple[Signed, ...], tuple[Signed, ...]]:
    """The signs of the requests of its papers: those before the last, and those that decided, once every paper was decided."""
    both = [signed.opinions(requested(row.approval_uid)) for row in listed.papers]
    before, deciding = ([replace(sign, words="") for signs in some for sign in signs] for some in zip(*both, strict=True))
    decided = len(listed.papers) == 1 or listed.step in DECIDED
    return _each_once(before), _each_once(deciding) if decided else ()


def _each_once(signs: Iterable[Signed]) -> tuple[Signed, ...]:
    """Whoever signed for several papers of the list stands in the box once, as he signed last: every sign is in the log."""
    last = {(sign.name, sign.post, sign.on_behalf_of, sign.stamp): sign for sign in signs}
    return tuple(last.values())


def _destroyed_how(listed: Listing) -> str:
    method, gone = _(METHODS[listed.first.method]), sum(row.electronic for row in listed.papers)
    if gone and gone < len(listed.papers):
        return f"{method}；{_('其中 %(n)d 件电子原件密钥销毁') % {'n': gone}}"
    return f"{method}；{_('电子原件密钥销毁')}" if gone else method


def _confirmed(row: Destruction) -> tuple[Signed, ...]:
    return tuple(replace(sign, words=_("无保存价值")) for sign in by_hand(row.archivist, row.archived_at))


def _what(person: Person, row: Destruction) -> str:
    """The paper as the list names it; for whoever only takes the sealed bags to their place, its number alone."""
    parts = (row.by_id, row.archivist_id, row.executor_id, row.watcher1_id, row.watcher2_id)
    told = person.pk in parts or person.posts() & KEEPERS or queries.knows(person, row.document, "read", "register_facts").allow
    return row.what if told else row.document.number or row.document.uid[:8]


def _line(line: DestructionLine, n: int, what: str) -> tuple[str, ...]:
    document, row = line.copy.document, line.destruction
    formed = document.issued_on or clock.local(document.registered_at).date()
    origin = _(ORIGIN_WORDS[document.origin])
    return (
        str(n), what, language.level(row.level), line.copy.number, str(line.pages), formed.isoformat(), origin, row.reason,
    )  # fmt: skip


# The year's sheet ------------------------------------------------------------------------------------------------------


def clear_up(person: Person, session: Session | None, uid: str) -> Filled:
    """年终清退清理表 of one custodian, with the lines that this person may know. Raises NotThere, Tampered."""
    count = stock_queries.count_of(person, uid)
    lines = stock_queries.lines_of(person, count)
    deeds.note(obj=count.item_key, counts={"shown": len(lines)})
    decided = [line for line in lines if line.decision]
    lost = [line for line in lines if line.decision == Fate.MISSING]
    values = {
        "dept": count.department.name, "custodian": count.custodian.name,
        "missing": language.listed(_name(line) for line in lost) or _("无"),
        "decision": _fates(decided), "closed_at": minute(count.closed_at),
    }  # fmt: skip
    highest = max((line.copy.document.level for line in lines), default=None)
    seen = sorted((line for line in lines if line.seen_at), key=lambda line: line.seen_at)
    signs = {
        "seen_by": by_hand(seen[-1].seen_by, seen[-1].seen_at) if seen else (), "cross_check": by_hand(count.crossed_by, count.crossed_at),
        "gmo": by_hand(count.closed_by, count.closed_at),
    }  # fmt: skip
    head = (_("序号"), _("文件"), _("密级"), _("份号"), _("应在处"), _("实见"), _("实见处"), _("去向"))
    return Filled(
        number=count.number, values=values, signs=signs,
        lists={"lines": Listed(head, (6, 29, 8, 9, 11, 14, 10, 11), tuple(_counted(n, line) for n, line in enumerate(lines, start=1)))},
        state=_state(count, bool(seen)), department=count.department.name, level=highest,
        mark=language.level(highest) if highest is not None else "",
        basis=_("依据 %(clauses)s") % {"clauses": "G4.5"},
    )  # fmt: skip


def _name(line: CountLine) -> str:
    return f"{line.copy.document.number} {line.copy.number}".strip()


def _counted(n: int, line: CountLine) -> tuple[str, ...]:
    document = line.copy.document
    seen = f"{line.seen_by.name} {day(line.seen_at)}" if line.seen_by and line.seen_at else "—"
    where = line.seen_place.code if line.seen_place else ("—" if line.seen_at is None else line.expected_holder.name)
    fate = _(FATE_WORDS[Fate(line.decision)]) if line.decision else ""
    return (
        str(n), document.title, language.level(document.level), line.copy.number, stock_books.expected(line), seen, where, fate,
    )  # fmt: skip


def _fates(lines: list[CountLine]) -> str:
    """How many of each, in the order of the form."""
    told = [(word, sum(line.decision == fate for line in lines)) for fate, word in FATE_WORDS.items()]
    return language.listed(_("%(fate)s %(n)d 份") % {"fate": _(word), "n": n} for word, n in told if n)


def _state(count: Count, seen: bool) -> str:
    if count.closed_at:
        return "关闭"
    return "交叉检查" if count.crossed_at else "自查" if seen else "下达"


FORMS = (
    Form("F10", destruction, uid=lambda row: row.destruction.list_uid),
    Form("F11", clear_up, uid=lambda row: str(row.count.uid)),
)  # fmt: skip
