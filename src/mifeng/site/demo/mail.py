"""The demonstration's post: envelopes that came in and were registered, papers that went out under seal (F01, F02)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mifeng.base import clock
from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.circulation.actions.dispatching import ToSend
from mifeng.rooms.circulation.actions.receiving import Cover, Paper
from mifeng.rooms.circulation.facts import Drafts, Envelope, Origin, Sent, Urgency, Via
from mifeng.rooms.circulation.models import Dispatch, Incoming, Parcel
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.documents.facts import TermFacts
from mifeng.site.demo.hands import CLERK, OFFICE, SECOND, Happening, copy_of, on, paper, put_away, sign_all


@dataclass(frozen=True)
class Letter:
    """An envelope: how many days ago it came, from whom, for whom; what stands on it and in it. `within`: days to deal with it."""

    before: int
    sender: str
    to: str
    level: int = 10
    title: str = ""
    reference: str = ""
    years: int = 3
    numbers: tuple[int, ...] = ()
    pages: int = 0
    via: Via = Via.CONFIDENTIAL_MAIL
    origin: Origin = Origin.PARTNER
    envelope: Envelope = Envelope.INTACT
    personal: bool = False
    within: int = 0
    back: int = 0  # days until it goes back to whoever sent it
    attachments: int = 0
    urgent: bool = False
    course: tuple[str, ...] = ()  # 拟办, 批示, 办结: as far as it has come

    def cover(self, past: Any) -> Cover:
        """What was seen at the counter."""
        return Cover(self.sender, past.person(self.to), self.via, self.origin, self.level, self.personal, self.envelope)


SOUTH, UNIVERSITY, ROBOTS = "南方分公司", "云汐理工大学", "赫岚机器人公司"
ASSESSMENT = Letter(
    61, SOUTH, "温启航", 20, "南方分公司试制能力评估报告", "澜岱南密〔2026〕2号", 5, (1, 2), 12, origin=Origin.OWN, within=14,
    course=("拟请温启航副总经理阅示，制造部承办。", "请制造部十日内报试制计划。", "试制计划已报，转项目组执行。"),
)  # fmt: skip
TESTS = Letter(5, UNIVERSITY, "田敬之", 20, "谐波传动失效机理试验数据", "云理工密〔2026〕31号", 4, (2,), 18, Via.BEARER, within=9,
               urgent=True, course=("拟请研发中心田敬之主任阅示。",))  # fmt: skip
ASSOCIATION = Letter(96, "精密传动行业协会", "骆以宁", 10, "行业产能与价格闭门会材料", "协密〔2026〕4号", 2, (33,), 8, Via.MEETING,
                     course=("拟请骆以宁副总经理阅。", "营销、采购内部掌握，不外传。", "已阅知，存机要室。"))  # fmt: skip
REGISTERED = (
    Letter(268, ROBOTS, "喻嘉树", 10, "框架供货协议谈判要点", "赫岚商密〔2026〕11号", 3, (2,), 6,
           course=("拟请市场营销部喻嘉树部长承办。", "请合同管理员对照我方底线逐条复核。", "复核意见已并入框架供货协议。")),
    Letter(201, UNIVERSITY, "田敬之", 10, "柔轮寿命联合研究阶段报告", "云理工密〔2026〕9号", 4, (5,), 14, Via.BEARER,
           course=("拟请研发中心田敬之主任阅示。", "并入柔轮寿命课题档案。", "已归入课题卷。")),
    Letter(150, "云汐市工业和信息化局", "方若琳", 20, "", "云工信〔2026〕机密3号", 0, (17,), origin=Origin.STATE),
    ASSOCIATION,
    ASSESSMENT,
    Letter(40, "望山轴承厂", "裴静仪", 20, "近三年财务数据(尽职调查用)", "望轴密〔2026〕1号", 5, (1,), 21, Via.BEARER, back=80,
           attachments=3, course=("拟请裴静仪财务总监阅示。", "按尽职调查清单核对，限本人经办。")),
    Letter(23, "鼎石特钢有限公司", "孟怀远", 10, "特种钢带价格调整方案", "鼎石商密〔2026〕28号", 2, (3,), 5,
           envelope=Envelope.BROKEN, within=10, course=("封装破损，已记异常；拟请孟怀远部长阅示。", "先查明拆封经过，再谈价格。")),
    Letter(15, ROBOTS, "石文静", 10, "二〇二七年需求预测", "赫岚商密〔2026〕57号", 1, (), 4, Via.ELECTRONIC),
    Letter(9, "云汐市国有资产管理中心", "陆远舟", 10, "", "云国资密〔2026〕6号", 0, (1,), via=Via.BEARER, personal=True),
    TESTS,
    Letter(1, SOUTH, "褚建业", 20, "青鹭三型样机试制进度报告", "澜岱南密〔2026〕9号", 5, (4,), 7, origin=Origin.OWN, within=5),
)  # fmt: skip
# What lies in the inbox today, and what left it without being registered.
WAITING = (
    Letter(1, "望山轴承厂", "裴静仪", 20, via=Via.BEARER), Letter(0, "鼎石特钢有限公司", "孟怀远"),
    Letter(0, "云汐市档案学会", "梅映雪", 0),
)  # fmt: skip
FAIR = Letter(12, "展览服务中心", "卓一凡", 0)


@dataclass(frozen=True)
class Parcels:
    """What went out: paper and its copies for whom; `seal` "" = into the recipient's own hands; `back`: days until it is due."""

    before: int
    paper: str
    to: tuple[tuple[int, str], ...]
    seal: str = ""
    found: str = ""
    back: int = 60
    steps: tuple[str, ...] = ("sign", "deliver")
    drafts: Drafts | None = None


SENT = (
    Parcels(228, "DOC-002", ((2, "岑书平"), (3, "温启航")), back=30, drafts=Drafts.DESTROYED),
    Parcels(214, "DOC-011", ((2, "褚建业"),), "签-0211", "签-0211", 230, drafts=Drafts.FILED),
    Parcels(142, "DOC-016", ((2, "喻嘉树"),), "签-0236", "签-0263", 138),
    Parcels(136, "DOC-023", ((2, "田敬之"),), "签-0240", "签-0240", 170),
    Parcels(80, "DOC-027", ((2, "孟怀远"),), back=110),
    Parcels(36, "DOC-025", ((3, "喻嘉树"), (4, "田敬之")), back=70),
    Parcels(3, "DOC-030", ((2, "裴静仪"),), back=40),
    Parcels(1, "DOC-028", ((2, "喻嘉树"),), "签-0318", steps=("sign",)),
    Parcels(0, "DOC-026", ((2, "白路遥"),), "签-0319", steps=()),
)


def happenings(past: Any) -> Iterator[Happening]:
    """The post of the year, with its instants."""
    for letter in REGISTERED:
        yield on(past, letter.before, 10, receive, letter)
        for n, _words in enumerate(letter.course):
            yield on(past, letter.before - min(n, 1) - 3 * (n == 2), 11 + 2 * n, handle, letter, n)
    yield on(past, ASSOCIATION.before - 1, 9, correct_sender)
    yield on(past, FAIR.before, 11, set_apart)
    for letter in WAITING:
        yield on(past, letter.before, 16 if letter.before else 8, arrive, letter)
    for sent in SENT:
        yield on(past, sent.before, 14, send, sent)
        if sent.drafts:
            yield on(past, sent.before - 1, 11, settle, sent)
        if "deliver" in sent.steps:
            yield on(past, sent.before - 1, 9, deliver, sent)
    yield on(past, 200, 10, come_back, SENT[0])


def received(letter: Letter) -> Incoming:
    """The line of the book of this envelope."""
    rows = Incoming.objects.select_related("document").exclude(document=None)
    return next(row for row in rows if row.document and row.document.number == letter.reference)


def receive(past: Any, letter: Letter) -> None:
    """Opened, registered, its copies numbered and put away."""
    day = clock.today()
    told = Paper(
        letter.title, letter.reference, letter.level, TermFacts("years", letter.years) if letter.years else TermFacts(), letter.numbers,
        letter.pages, day - timedelta(days=4), day + timedelta(days=letter.within) if letter.within else None,
        day + timedelta(days=letter.back) if letter.back else None, letter.attachments, Urgency.URGENT if letter.urgent else Urgency.PLAIN,
    )  # fmt: skip
    made = circulation.receive(past.person(CLERK), letter.cover(past), told)
    if not letter.personal:
        put_away(past, made.document.numbered_copies.select_related("document"))
        return
    lines = [ToSend(copy, past.person(letter.to)) for copy in made.document.numbered_copies.all()]
    circulation.dispatch(past.person(CLERK), made.document, lines, Sent.IN_PERSON, (), day + timedelta(days=30), "亲启件，封套未拆")
    sign_all(past, letter.to)


def handle(past: Any, letter: Letter, step: int) -> None:
    """拟办 at the counter, 批示 by the addressee, 办结 by him."""
    row, addressee, words = received(letter), past.person(letter.to), letter.course[step]
    if step == 0:
        circulation.propose(past.person(CLERK), row, words, addressee)
    elif step == 1:
        circulation.instruct(addressee, row, words, addressee, clock.today() + timedelta(days=letter.within) if letter.within else None)
    else:
        circulation.conclude(addressee, row, words)


def correct_sender(past: Any) -> None:
    """更正: the sender's name was written too short."""
    circulation.amend(past.person(CLERK), received(ASSOCIATION), "sender", "全国精密传动行业协会", "来文单位漏写“全国”")


def set_apart(past: Any) -> None:
    """No level on it: it leaves the inbox with a reason, unregistered."""
    arrival = circulation.note_arrival(past.person(CLERK), FAIR.cover(past))
    circulation.leave_unregistered(past.person(CLERK), arrival, "展会报名材料，未标密级，转承办人")


def arrive(past: Any, letter: Letter) -> None:
    """It lies in the inbox."""
    circulation.note_arrival(past.person(CLERK), letter.cover(past))
    past.say("收发文")


def send(past: Any, sent: Parcels) -> None:
    """发出: in person against a signature, or sealed and in a carrier's hands."""
    document, day = paper(past, sent.paper), clock.today()
    lines = [
        ToSend(copy_of(document, n), past.person(name), f"封-{sent.seal[-4:]}" if sent.seal else "", sent.seal) for n, name in sent.to
    ]
    via, carriers = (Sent.CARRIED, [past.person(SECOND)]) if sent.seal else (Sent.IN_PERSON, [])
    circulation.dispatch(past.person(CLERK), document, lines, via, carriers, day + timedelta(days=sent.back))
    if "sign" in sent.steps:
        for name in (SECOND,) if sent.seal else tuple(name for _n, name in sent.to):
            sign_all(past, name)


def deliver(past: Any, sent: Parcels) -> None:
    """The recipient reads the seal and signs."""
    for parcel in Parcel.objects.filter(dispatch__in=_of(past, sent), delivered_at=None).select_related("recipient"):
        if sent.seal:
            circulation.deliver(parcel.recipient, parcel.uid, sent.found)


def settle(past: Any, sent: Parcels) -> None:
    """底稿处理: filed with the original, or destroyed before a witness."""
    clerk, row, filed = past.person(CLERK), _of(past, sent).get(), sent.drafts is Drafts.FILED
    note = "随正本入卷" if filed else "碎纸机粉碎"
    circulation.settle_drafts(clerk, row.uid, sent.drafts, 6, note, None if filed else past.person(OFFICE))


def _of(past: Any, sent: Parcels) -> Any:
    return Dispatch.objects.filter(document=paper(past, sent.paper))


def come_back(past: Any, sent: Parcels) -> None:
    """清退: copies that were handed out come back, are counted and put away."""
    clerk = past.person(CLERK)
    for parcel in Parcel.objects.filter(dispatch__in=_of(past, sent)).select_related("copy__document"):
        copies.return_item(clerk, parcel.copy, parcel.copy.pages)
        put_away(past, [parcel.copy])
