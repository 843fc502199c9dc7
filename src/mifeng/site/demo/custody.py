"""The demonstration's custody: last year's clear-up and what followed, hand-overs, a running stock-take, a missing copy,
a void number, corrections, desks looked at, changes of levels and terms (F09, F10, F11).
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mifeng.base import clock
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries, stock_queries
from mifeng.rooms.copies.models import Count, Destruction, Place
from mifeng.rooms.copies.rules.counting import Fate, Kind
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.files import receive
from mifeng.rooms.people import actions as people
from mifeng.site.demo.hands import (
    ARCHIVIST,
    CLERK,
    OFFICE,
    SECOND,
    SHELF,
    Happening,
    copy_of,
    decide,
    on,
    paper,
    put_away,
    seated,
    sign_all,
)

CHECKER = "窦青"  # secrecy officer of another department: cross-checks a year's sheet
HANDED, OFFERED = "DOC-015", "DOC-013"
# What last year's clear-up decided otherwise than to keep: paper, copy, fate.
FATES = (
    ("DOC-007", 5, Fate.DESTROY), ("DOC-007", 6, Fate.DESTROY), ("DOC-015", 3, Fate.DESTROY), ("DOC-021", 3, Fate.DESTROY),
    ("DOC-033", 1, Fate.ARCHIVE),
)  # fmt: skip
BUDGET = "基地预算编制"
MISSING, LOST_COPY = "DOC-020", 4
WORN = "修改稿已并入正式文件，不再需要"


OLD_LEDGER = (
    "质量部涉密文件台账", "文号,文件名称,密级,保密期限,成文日期,份号,页数,保管人,存放处,备注",
    "质密〔2023〕2号,客户审核问题整改单,秘密,5年,2023-05-18,1-2,6,简小禾,TG-01,",
    "质密〔2023〕5号,柔轮早期失效统计,机密,10年,2023.11.2,1,9,简小禾,BX-04,原存质量部",
    "质密〔2024〕1号,关节模组来料不合格清单,秘密,,2024年3月,000001—000003,4,祁安然,TG-01,",
    "质密〔2024〕6号,,秘密,3年,2024-09-30,1,3,简小禾,TG-01,题名缺失",
    "质密〔2024〕7号,返修工时与成本,机要,3年,2024-12-11,1,5,简小禾,TG-01,",
)
EXTENDED = (
    (95, "DOC-024", "蒲思远", 10, "配方寿命试验延长，优势期顺延"), (70, "DOC-027", "向北辰", 3, "评分体系沿用至二〇二九年"),
    (28, "DOC-009", "喻嘉树", 4, "进入策略分两期实施"),
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """A destruction: days before today on which it was listed; its papers on one list; up to which step it has come."""

    before: int
    papers: tuple[str, ...]
    reason: str
    keeper: str = CLERK
    aside: int = 0  # the copy of its paper that is set aside first; 0 = the clear-up has done it
    until: str = "watch"


BATCHES = (
    Batch(318, ("DOC-007", "DOC-021"), "年终清理，多余份数"), Batch(318, ("DOC-015",), "年终清理，多余份数", SECOND),
    Batch(122, ("DOC-009",), WORN, aside=5), Batch(2, ("DOC-024",), WORN, aside=2, until="ask"),
    Batch(1, ("DOC-034",), WORN, aside=3, until="list"),
)  # fmt: skip


def happenings(past: Any) -> Iterator[Happening]:
    """What a year of keeping brings, with its instants."""
    yield on(past, 341, 9, hand_over)
    yield on(past, 336, 9, clear_up)
    yield on(past, 330, 15, close_year)
    for batch in BATCHES:
        yield on(past, batch.before, 9, list_batch, batch)
        if batch.until == "watch":
            yield on(past, batch.before - 2, 10, destroy_batch, batch)
    yield on(past, 40, 14, re_mark)
    yield on(past, 30, 9, look_at_desks)
    yield on(past, 26, 11, misnumber)
    yield on(past, 24, 10, correct_pages)
    yield on(past, 6, 17, miss)
    yield on(past, 0, 8, offer)
    yield on(past, 0, 9, count_again)
    yield on(past, 0, 9, bring_ledger)
    yield from changes(past)


def hand_over(past: Any) -> None:
    """移交: the second clerk keeps the research papers from now on; what she lists is destroyed by the first clerk."""
    people.appoint(past.person(OFFICE), past.person(CLERK), acts=("destroy",), level_max=20, since=clock.today(),
                   until=past.data.day(date(2027, 6, 30)), reason="副机要员列册的密件销毁")  # fmt: skip
    document, taker = paper(past, HANDED), past.person(SECOND)
    copies.offer(past.person(CLERK), queries.of_document(document), taker, "联合研究协议由副机要员专管")
    sign_all(past, SECOND)
    put_away(past, queries.of_document(document), SECOND)


def clear_up(past: Any) -> None:
    """年终清退清理 of last year: a sheet for every custodian, each copy seen and decided on."""
    today = clock.today()
    for sheet in copies.open_year(past.person(OFFICE), today.year if today.month == 12 else today.year - 1):
        told = {(paper(past, name).pk, n): fate for name, n, fate in FATES}
        rows: dict[Fate, list[str]] = {}
        for line in sheet.lines.select_related("copy"):
            copies.count_seen(sheet.custodian, sheet.uid, line.copy.code)
            rows.setdefault(told.get((line.copy.document_id, line.copy.n), Fate.KEEP), []).append(line.uid)
        for fate, lines in rows.items():
            copies.decide_count(sheet.custodian, sheet.uid, lines, fate)


def close_year(past: Any) -> None:
    """Cross-checked by another department, closed by its custodian."""
    for sheet in Count.objects.filter(kind=Kind.YEAR, closed_at=None).select_related("custodian"):
        copies.cross_count(past.person(CHECKER), sheet.uid)
        copies.close_count(sheet.custodian, sheet.uid)
    past.say("年终清退清理")


def list_batch(past: Any, batch: Batch) -> None:
    """列册, 鉴定, 审批, as far as this batch has come."""
    keeper, documents = past.person(batch.keeper), [paper(past, name) for name in batch.papers]
    if batch.aside:
        copies.set_aside(keeper, copy_of(documents[0], batch.aside), batch.reason)
    made = copies.list_for_destruction(keeper, documents, batch.reason, "shred", "机要室碎纸间")
    if batch.until == "list":
        return
    copies.confirm_no_value(past.person(ARCHIVIST), made.uid)
    for request in copies.ask_destruction(keeper, made.uid):
        if batch.until == "watch":
            decide(request, "同意销毁")


def destroy_batch(past: Any, batch: Batch) -> None:
    """封存, 监销: destroyed by whoever is entrusted, before two watchers."""
    made = Destruction.objects.get(document=paper(past, batch.papers[0]), state="approved")
    keeper, executor = past.person(batch.keeper), SECOND if batch.keeper == CLERK else CLERK
    copies.seal_bags(keeper, made.uid, f"封{100 + made.pk:04d}", [keeper, past.person(executor)])
    watchers = [past.person(OFFICE), past.person(ARCHIVIST)]
    copies.destroy(past.person(executor), made.uid, watchers)
    for watcher in watchers:
        copies.watch_destruction(watcher, made.uid)
    past.say("销毁清册")


def re_mark(past: Any) -> None:
    """The paper whose level was lowered: the old mark is struck out on each copy that the clerk has."""
    for copy in stock_queries.to_re_mark(past.person(CLERK)):
        copies.re_mark(past.person(CLERK), copy)


def look_at_desks(past: Any) -> None:
    """抽查: three desks by lot, one drawer open."""
    office = past.person(OFFICE)
    first, *others = copies.draw_desks(office, 3)
    copies.look_at_desk(office, first.uid, False, "左侧第二个抽屉未上锁", clock.today() + timedelta(days=7))
    for check in others:
        copies.look_at_desk(office, check.uid, True)


def misnumber(past: Any) -> None:
    """作废: a number was entered for a sheet that was never there."""
    clerk, document = past.person(CLERK), paper(past, "DOC-028")
    made = copies.enter(clerk, document, [5], document.pages or 4)
    copies.void(clerk, made[0], "误编，实际只印四份")


def correct_pages(past: Any) -> None:
    """更正: a copy was counted again; the line that was wrong stays readable."""
    copy = copy_of(paper(past, "DOC-011"), 3)
    copies.correct(past.person(CLERK), copy, queries.ledger(copy)[0].uid, copy.pages + 1, "附图一页漏计")


def miss(past: Any) -> None:
    """报下落不明: the clerk does not find a copy, and its sixty days begin."""
    copies.report_missing(past.person(CLERK), copy_of(paper(past, MISSING), LOST_COPY), "核对月报份数时未见此份，正在查找")
    past.say("下落不明")


def offer(past: Any) -> None:
    """移交 that waits for the second signature."""
    kept = [copy for copy in queries.of_document(paper(past, OFFERED)) if copy.state == "stored"]
    copies.offer(past.person(CLERK), kept, past.person(SECOND), "采购合同类密件改由副机要员保管")


def count_again(past: Any) -> None:
    """A stock-take that was begun this morning."""
    clerk = past.person(CLERK)
    sheet = copies.open_count(clerk, clerk, past.person(SECOND), Place.objects.get(code=SHELF[20]))
    for line in list(sheet.lines.select_related("copy").order_by("pk"))[:8]:
        copies.count_seen(clerk, sheet.uid, line.copy.code)
    past.say("盘点")


def changes(past: Any) -> Iterator[Happening]:
    """Levels and terms changed, scopes widened; one waits for whoever decides it."""
    for before, name, by, years, why in EXTENDED:
        yield on(past, before, 10, extend, name, by, years, why)
    yield on(past, 18, 10, widen)
    yield on(past, 1, 11, ask_release)


def extend(past: Any, name: str, by: str, years: int, why: str) -> None:
    """延长 before the term is over."""
    decide(documents.ask_change(past.person(by), paper(past, name), "extend", term=TermFacts("years", years), reason=why))


def widen(past: Any) -> None:
    """扩大知悉范围 by a reader of it."""
    with seated(past, "裴静仪") as (person, session):
        line = ScopeLine("person", past.person("贺明珠").uid, BUDGET, clock.today() + timedelta(days=90))
        request = documents.widen_scope(person, paper(past, "DOC-011"), session, (line,), BUDGET)
    decide(request)


def ask_release(past: Any) -> None:
    """提前解密 that waits."""
    documents.ask_change(past.person("卓一凡"), paper(past, "DOC-025"), "release", reason="展会已结束，参数已随新品手册公开")


def bring_ledger(past: Any) -> None:
    """An old ledger of a department was brought; the clerk is still saying how it is read."""
    clerk, uid = past.person(CLERK), uuid.uuid4().hex
    data = "\n".join(OLD_LEDGER).encode("utf-8-sig")
    copies.bring_ledger(clerk, documents.receive_file(clerk, uid, receive(data, "质量部旧台账.csv", uid, demo=True)))
    past.say("旧台账")
