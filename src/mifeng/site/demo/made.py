"""More of what was made and carried under approvals: photocopies, trips, excerpts, in every state (F05, F06, F07)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mifeng.base import clock, jobs
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies.actions.carrying import Trip
from mifeng.rooms.copies.actions.excerpting import Passage
from mifeng.rooms.copies.actions.reproducing import Wish
from mifeng.rooms.copies.facts import Measure, Method
from mifeng.rooms.copies.models import CarryOut
from mifeng.rooms.documents import deriving
from mifeng.rooms.people import actions as people
from mifeng.site.demo.acts import PLACE, WASTE
from mifeng.site.demo.hands import CLERK, OFFICE, Happening, copy_of, decide, on, paper, put_away, seated, sign_all

ENTRUSTED = 45
# Who besides the clerks may carry or excerpt: name, act, level.
TRUSTED = (
    ("石文静", "transit", 10), ("褚建业", "transit", 20), ("白路遥", "transit", 20), ("闵舒", "excerpt", 20), ("裴静仪", "excerpt", 20),
    ("白路遥", "excerpt", 20),
)  # fmt: skip


@dataclass(frozen=True)
class Photocopy:
    """A copying: how many for whom; `waste` sheets; `state`: asked (waits for approval) | approved (waits for the clerk) | done."""

    before: int
    paper: str
    by: str
    why: str
    count: int
    to: tuple[str, ...] = ()
    waste: int = 0
    state: str = "done"


@dataclass(frozen=True)
class Journey:
    """A trip: where to, for how many hours; `out` False: approved and still to be counted out; `back` False: on its way."""

    before: int
    paper: str
    by: str
    bearer: str
    to: str
    place: str
    why: str
    hours: int = 30
    n: int = 1
    back: bool = True


@dataclass(frozen=True)
class Taken:
    """An excerpt: which passage, by whom, for what. `state`: asked (waits for approval) | approved (waits for the taker) | done."""

    before: int
    paper: str
    by: str
    taker: str
    passage: str
    why: str
    title: str
    text: str
    notebook: str = "记-11"
    state: str = "done"


PHOTOCOPIES = (
    Photocopy(35, "DOC-013", "孟怀远", "年度采购谈判用", 2, ("向北辰",), 1),
    Photocopy(21, "DOC-012", "石文静", "法务复核用", 1, ("路明诚",)),
    Photocopy(13, "DOC-019", "汤泽", "成本分析会用", 2, ("岑书平", "温启航"), 2),
    Photocopy(9, "DOC-026", "白路遥", "投标评审用", 1, ("骆以宁",)),
    Photocopy(2, "DOC-027", "向北辰", "供应商评审会用", 1, state="approved"),
    Photocopy(0, "DOC-022", "闵舒", "振动试验对照用", 1, state="asked"),
)
JOURNEYS = (
    Journey(30, "DOC-012", "喻嘉树", "石文静", "partner", "赫岚机器人公司法务部", "协议条款核对", 8),
    Journey(18, "DOC-011", "裴静仪", "褚建业", "own_site", "南部装配基地筹备处", "选址现场核对"),
    Journey(10, "DOC-026", "喻嘉树", "白路遥", "meeting", "云汐市公共资源交易中心开标室", "投标报价", 9),
    Journey(1, "DOC-011", "裴静仪", "褚建业", "authority", "云汐市自然资源局", "用地指标汇报", 54, 4, back=False),
)
EXCERPTS = (
    # Its source is extended three days later, so that this one waits to follow it.
    Taken(31, "DOC-009", "喻嘉树", "白路遥", "第二节 目标客户", "编写客户拜访计划", "拜访计划用市场策略摘录",
          "先取华东三家整机厂，样机试用期一律不少于三个月。", "记-15"),
    Taken(20, "DOC-011", "褚建业", "裴静仪", "第四章 投资估算", "编制投资预算", "南部基地投资估算摘录",
          "一期设备投资占总投资六成，建设期十四个月。"),
    Taken(12, "DOC-022", "葛星野", "闵舒", "第三节第一段", "编写改进方案", "振动试验改进依据摘录",
          "第三阶频率偏移 4.2%，柔轮壁厚拟加 0.1 毫米。"),
    Taken(8, "DOC-019", "汤泽", "裴静仪", "表二", "编制年度预算", "年度预算用成本摘录", "三季度单台材料成本环比下降 2.1%。"),
    Taken(1, "DOC-012", "石文静", "裴静仪", "第三条 付款", "核对付款计划", "框架协议付款条款摘录", "", state="approved"),
    Taken(0, "DOC-019", "汤泽", "裴静仪", "表三 单台成本", "成本分析会用", "单台成本摘录", "", state="asked"),
)


def happenings(past: Any) -> Iterator[Happening]:
    """Copying, trips and excerpts, with their instants."""
    yield on(past, ENTRUSTED, 9, entrust)
    for wish in PHOTOCOPIES:
        yield on(past, wish.before, 10, ask_photocopy, wish)
        if wish.state == "done":
            yield on(past, wish.before, 14, photocopy, wish)
    for trip in JOURNEYS:
        yield on(past, trip.before, 8, leave, trip)
        if trip.back:
            yield on(past, max(0, trip.before - trip.hours // 24), 17, come_back, trip)
    for taken in EXCERPTS:
        yield on(past, taken.before, 11, excerpt, taken)


def entrust(past: Any) -> None:
    """委托: who may carry and excerpt, signed by the head of the office."""
    for name, act, level in TRUSTED:
        people.appoint(past.person(OFFICE), past.person(name), acts=(act,), level_max=level, since=clock.today(),
                       until=past.data.day(date(2027, 6, 30)), reason="业务用件")  # fmt: skip


def ask_photocopy(past: Any, told: Photocopy) -> None:
    """Asked for and, mostly, approved."""
    document = paper(past, told.paper)
    with seated(past, told.by) as (person, session):
        wish = Wish(
            Method.PHOTOCOPY, frozenset({1}), told.count, told.why, source=copy_of(document),
            recipients=[past.person(name) for name in told.to], until=clock.today() + timedelta(days=60),
        )  # fmt: skip
        request = copies.ask_reproduction(person, document, session, wish)
    if told.state != "asked":
        decide(request)


def photocopy(past: Any, told: Photocopy) -> None:
    """Numbered, made on the registry's machine, stamped, handed out, signed for; what is left is put away."""
    document = paper(past, told.paper)
    request = Approval.objects.get(act="copy", state="approved", item_key=document.item_key)
    with seated(past, CLERK) as (clerk, session):
        run = copies.reproduce(clerk, session, request, told.count, PLACE)
        copies.finish_reproduction(clerk, run, told.waste, WASTE if told.waste else "", True)
    for name in told.to:
        sign_all(past, name)
    put_away(past, [row.copy for row in run.made.select_related("copy__document").filter(recipient=None)])
    past.say("复制登记")


def leave(past: Any, told: Journey) -> None:
    """Asked for, approved, counted at the door, signed for by whoever carries it."""
    document, at = paper(past, told.paper), clock.now()
    with seated(past, told.by) as (person, session):
        trip = Trip(
            [copy_of(document, told.n)], past.person(told.bearer), None, told.to, told.place, at + timedelta(minutes=30),
            at + timedelta(hours=told.hours), told.why, "公司车辆直达，途中不停留", frozenset({Measure.LOCKED_BAG, Measure.COMPANY_CAR}),
        )  # fmt: skip
        request = decide(copies.ask_carry_out(person, document, session, trip))
    with seated(past, CLERK) as (clerk, session):
        copies.check_out(clerk, session, request, dict(document.numbered_copies.values_list("uid", "pages")))
    sign_all(past, told.bearer)


def come_back(past: Any, told: Journey) -> None:
    """Counted when back, every page, and put away."""
    trip = CarryOut.objects.filter(document=paper(past, told.paper)).latest("pk")
    rows = list(trip.carried.select_related("copy__document"))
    copies.check_in(past.person(CLERK), trip, {row.copy.uid: row.pages_out for row in rows})
    put_away(past, [row.copy for row in rows])
    past.say("携带外出登记")


def excerpt(past: Any, told: Taken) -> None:
    """Asked for by one, taken by the other."""
    with seated(past, told.by) as (person, session):
        document, taker = paper(past, told.paper), past.person(told.taker)
        passage = Passage(frozenset({1}), told.passage, taker, told.why, told.title, [person, taker], document.level)
        request = copies.ask_excerpt(person, document, session, passage)
    if told.state == "asked":
        return
    decide(request)
    if told.state == "approved":
        return
    with seated(past, told.taker) as (taker, session):
        upload = deriving.take_text(taker, told.title, told.text, "excerpt.pdf")
        copies.make_excerpt(taker, session, request, frozenset({1}), told.title, told.text, upload, told.notebook)
    jobs.run_all()
    past.say("摘录登记")
