"""The demonstration's circulation and loans: in every state, one of each overdue (F03, F04)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mifeng.base import clock
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.circulation.models import Filing, Loan, Slip, SlipLine
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies.models import Place
from mifeng.rooms.documents.models import Document
from mifeng.rooms.oversight import reminders
from mifeng.site.demo import mail
from mifeng.site.demo.hands import CLERK, SHELF, Happening, copy_of, decide, on, paper, seated, sign_all


@dataclass(frozen=True)
class Round:
    """A slip: who asked for it how many days ago, whom it goes to; `steps`: (days ago, hour, what, about whom)."""

    before: int
    paper: str | mail.Letter
    by: str
    readers: tuple[str, ...]
    why: str
    steps: tuple[tuple[Any, ...], ...] = ()
    electronic: bool = False
    approved: bool = True

    def document(self, past: Any) -> Document:
        """The item that goes round."""
        found = paper(past, self.paper) if isinstance(self.paper, str) else mail.received(self.paper).document
        assert found is not None  # a registered paper has its item
        return found


def _read(before: int, reader: str, words: str = "", instruction: bool = False) -> tuple[tuple[Any, ...], ...]:
    """Out in the morning, back in the afternoon with a note."""
    return ((before, 9, "send", reader), (before, 14, "note", reader, words, instruction), (before, 15, "back", reader))


ROUNDS = (
    Round(60, mail.ASSESSMENT, "温启航", ("温启航",), "试制任务布局", (
        *_read(59, "温启航", "同意在南方分公司试制首批样机，请制造部十日内报计划。", True), (59, 16, "file"), (30, 10, "archive"))),
    Round(46, "DOC-006", "方若琳", ("岑书平", "裴静仪", "田敬之"), "征求对规划送审稿的意见", (
        *_read(45, "岑书平", "原则同意，研发投入测算请财务复核。", True), *_read(44, "裴静仪", "研发投入测算已复核。"),
        *_read(43, "田敬之"), (43, 16, "file"))),
    Round(34, "DOC-017", "裴静仪", ("骆以宁", "贺明珠"), "年度决算通报", (*_read(33, "骆以宁"), *_read(32, "贺明珠"), (31, 9, "file"))),
    Round(3, "DOC-025", "卓一凡", ("喻嘉树", "骆以宁", "田敬之"), "展会口径会签", (
        *_read(2, "喻嘉树", "第三项参数不得上展板。"), (1, 9, "skip", "骆以宁", "出差在外，返回后另行送阅"))),
    Round(12, "DOC-020", "鲍国栋", ("褚建业", "常思齐"), "月度质量分析", ((11, 9, "send", "褚建业"), (11, 10, "sign", "褚建业"))),
    Round(6, "DOC-018", "常思齐", ("岑书平", "骆以宁", "温启航"), "月度财务分析", (
        (5, 9, "send", "岑书平"), (0, 9, "send", "骆以宁")), electronic=True),
    Round(4, mail.TESTS, "田敬之", ("田敬之",), "失效机理研究用"),
    Round(4, "DOC-014", "沈听澜", ("陆远舟",), "战略委员会决议督办", (
        *_read(3, "陆远舟", "请董事会秘书按月督办，十二月底前报进展。", True), (2, 9, "keep", "督办期间每周对照办理"))),
    Round(3, "DOC-019", "汤泽", ("岑书平", "温启航"), "三季度成本分析会", (
        *_read(2, "岑书平", "刀具消耗偏高，请制造部说明。", True), *_read(1, "温启航"))),
    Round(1, "DOC-001", "岑书平", ("温启航", "沈听澜"), "收购谈判节奏", (*_read(0, "温启航"), (0, 16, "send", "沈听澜"))),
    Round(0, "DOC-035", "祁安然", ("岑书平", "方若琳"), "十二月行程安排", approved=False),
)  # fmt: skip


@dataclass(frozen=True)
class Borrowing:
    """A loan; days before today of asking, renewing and bringing back (None = not). `lent` False: it waits for the counter."""

    before: int
    paper: str
    by: str
    why: str
    n: int = 1
    where: str = "own_site"
    renewed: int | None = None
    back: int | None = None
    approved: bool = True
    lent: bool = True


LOANS = (
    Borrowing(44, "DOC-013", "路明诚", "合同条款复核", 2, back=36),
    Borrowing(35, "DOC-013", "孟怀远", "年度采购谈判", 3, renewed=27, back=20),
    Borrowing(30, "DOC-019", "汤泽", "编制成本预测", 3, back=27),
    Borrowing(25, "DOC-023", "焦海峰", "磨削工艺参数核对", 3),  # never brought back: it has climbed to the head of his department
    Borrowing(21, "DOC-005", "滕铁生", "核对09号工艺参数", 2, "reading_room", back=21),
    Borrowing(8, "DOC-027", "向北辰", "供应商年度评分", 3),
    Borrowing(4, "DOC-022", "闵舒", "寿命试验复测", 2, renewed=1),
    Borrowing(1, "DOC-004", "丁晓岚", "核对激励对象名单", 3, "reading_room"),
    Borrowing(1, "DOC-012", "石文静", "合同用印核对", 2, lent=False),
    Borrowing(0, "DOC-009", "白路遥", "客户拜访准备", approved=False),
)

REMINDED = range(9, 18)  # days before today, when the loan that is never brought back climbs


def happenings(past: Any) -> Iterator[Happening]:
    """Slips and loans, with their instants."""
    for one in ROUNDS:
        yield on(past, one.before, 8, ask_round, one)
        for before, hour, what, *about in one.steps:
            yield on(past, before, hour, STEPS[what], one, *about)
    for loan in LOANS:
        yield on(past, loan.before, 9, borrow, loan)
        if loan.renewed is not None:
            yield on(past, loan.renewed, 10, renew, loan)
        if loan.back is not None:
            yield on(past, loan.back, 17, bring_back, loan)
    for before in REMINDED:
        yield on(past, before, 7, remind)


def remind(past: Any) -> None:
    """The morning's round of the ladders, as the running house does it: whoever is late is told, and then his superior."""
    reminders.send(clock.now())


def ask_round(past: Any, told: Round) -> None:
    """The list is asked for and, mostly, approved."""
    readers = [past.person(name) for name in told.readers]
    slip = circulation.ask_circulation(past.person(told.by), told.document(past), readers, told.why, told.electronic)
    if told.approved:
        decide(Approval.objects.get(uid=slip.approval_uid))
    past.say(f"传阅 {slip.document.number}")


def _slip(past: Any, told: Round) -> Slip:
    return Slip.objects.select_related("document__department", "copy__document").filter(document=told.document(past)).latest("pk")


def _line(past: Any, told: Round, reader: str) -> SlipLine:
    return _slip(past, told).lines.get(reader=past.person(reader))


def _send(past: Any, told: Round, reader: str) -> None:
    slip = _slip(past, told)
    copy = None if told.electronic else slip.copy or copy_of(slip.document)
    circulation.send(past.person(CLERK), slip, _line(past, told, reader).uid, copy)


def _sign(past: Any, told: Round, reader: str) -> None:
    sign_all(past, reader)


def _note(past: Any, told: Round, reader: str, words: str, instruction: bool) -> None:
    sign_all(past, reader)
    circulation.note_opinion(past.person(reader), _line(past, told, reader).uid, words, instruction)


def _back(past: Any, told: Round, reader: str) -> None:
    slip = _slip(past, told)
    assert slip.copy is not None  # what goes round on the screen does not come back
    circulation.take_in(past.person(CLERK), slip, _line(past, told, reader).uid, slip.copy.pages)


def _skip(past: Any, told: Round, reader: str, reason: str) -> None:
    circulation.skip_reader(past.person(CLERK), _slip(past, told), _line(past, told, reader).uid, reason)


def _filing(past: Any, told: Round) -> Filing:
    return Filing.objects.select_related("copy__document").get(slip=_slip(past, told))


def _file(past: Any, told: Round) -> None:
    filing = _filing(past, told)
    circulation.file(past.person(CLERK), filing, Place.objects.get(code=SHELF[filing.copy.document.level]))


def _keep(past: Any, told: Round, reason: str) -> None:
    circulation.keep_out(past.person(CLERK), _filing(past, told), clock.today() + timedelta(days=10), reason)


def _archive(past: Any, told: Round) -> None:
    copies.archive(past.person(CLERK), [_filing(past, told).copy], 30)


STEPS = {
    "send": _send, "sign": _sign, "note": _note, "back": _back, "skip": _skip, "file": _file, "keep": _keep, "archive": _archive,
}  # fmt: skip


def borrow(past: Any, told: Borrowing) -> None:
    """Asked for, approved, handed out and signed for."""
    document = paper(past, told.paper)
    with seated(past, told.by, registry=document.level >= 30) as (person, session):
        loan = circulation.ask_loan(person, document, session, told.where, told.why)
    if told.approved:
        decide(Approval.objects.get(uid=loan.approval_uid))
    if told.approved and told.lent:
        loan.refresh_from_db()
        with seated(past, CLERK, registry=document.level >= 30) as (clerk, session):
            circulation.lend(clerk, session, loan, copy_of(document, told.n))
        sign_all(past, told.by)
    past.say(f"借阅 {loan.number}")


def _loan(past: Any, told: Borrowing) -> Loan:
    rows = Loan.objects.select_related("document__department", "copy__document", "borrower")
    return rows.filter(document=paper(past, told.paper), borrower=past.person(told.by)).latest("pk")


def renew(past: Any, told: Borrowing) -> None:
    """续借, before it is due."""
    circulation.renew(past.person(CLERK), _loan(past, told))


def bring_back(past: Any, told: Borrowing) -> None:
    """归还: counted and put away."""
    loan = _loan(past, told)
    assert loan.copy is not None  # it was handed out
    circulation.take_back_loan(past.person(CLERK), loan, loan.copy.pages)
    copies.store(past.person(CLERK), [loan.copy], Place.objects.get(code=SHELF[loan.document.level]))
