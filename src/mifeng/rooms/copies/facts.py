"""What the rules of this room see: states and events of a copy, kinds of places. No tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mifeng.rooms.people.facts import KEEPERS

SEE_PLACES = KEEPERS | {"secrecy_officer", "auditor"}  # who may see the register of places: a list of safes is a map for thieves


class State(StrEnum):
    """Where a copy stands (regime.md §3); 已分发 = handed out against a date by which it comes back (清退)."""

    NUMBERED = "numbered"
    DESK = "desk"
    STORED = "stored"
    ISSUED = "issued"
    CIRCULATING = "circulating"
    LENT = "lent"
    OUT = "out"
    EXTERNAL = "external"
    MEETING = "meeting"
    SET_ASIDE = "set_aside"
    ARCHIVED = "archived"
    MISSING = "missing"
    FOUND = "found"
    LEAKED = "leaked"
    SURRENDERED = "surrendered"
    DESTROYED = "destroyed"
    VOID = "void"


STATE_WORDS: Mapping[State, str] = {
    State.NUMBERED: "已编号", State.DESK: "待入柜", State.STORED: "在库", State.ISSUED: "已分发", State.CIRCULATING: "传阅中",
    State.LENT: "借出", State.OUT: "外出", State.EXTERNAL: "在外单位", State.MEETING: "会议中", State.SET_ASIDE: "待销",
    State.ARCHIVED: "已归档", State.MISSING: "下落不明", State.FOUND: "已找回", State.LEAKED: "按泄密处理",
    State.SURRENDERED: "已清退原单位", State.DESTROYED: "已销毁", State.VOID: "已作废",
}  # fmt: skip

STATE_WORDS_EN: Mapping[State, str] = {
    State.NUMBERED: "numbered", State.DESK: "to be put away", State.STORED: "in store", State.ISSUED: "handed out",
    State.CIRCULATING: "in circulation", State.LENT: "on loan", State.OUT: "carried out", State.EXTERNAL: "with an outsider",
    State.MEETING: "at a meeting", State.SET_ASIDE: "set aside for destruction", State.ARCHIVED: "archived",
    State.MISSING: "missing", State.FOUND: "found again", State.LEAKED: "treated as a leak",
    State.SURRENDERED: "returned to its issuer", State.DESTROYED: "destroyed", State.VOID: "void",
}  # fmt: skip

# In the hands of somebody else than its custodian, and to come back.
AWAY = frozenset({State.ISSUED, State.CIRCULATING, State.LENT, State.OUT, State.EXTERNAL, State.MEETING})
# With its custodian.
KEPT = frozenset({State.NUMBERED, State.DESK, State.STORED, State.SET_ASIDE, State.ARCHIVED, State.FOUND})
LOST = frozenset({State.MISSING, State.LEAKED})
# There is no paper any more that the company answers for.
GONE = frozenset({State.SURRENDERED, State.DESTROYED, State.VOID})
# In a cupboard: has a place.
PLACED = frozenset({State.STORED, State.ARCHIVED, State.SET_ASIDE})


class Event(StrEnum):
    """What may happen to a copy: one line of its ledger each."""

    NUMBER = "number"
    STORE = "store"
    ISSUE = "issue"
    CIRCULATE = "circulate"
    LEND = "lend"
    RENEW = "renew"
    CARRY_OUT = "carry_out"
    SEND_OUT = "send_out"
    TAKE_TO_MEETING = "take_to_meeting"
    DELIVER = "deliver"
    RETURN = "return"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    SET_ASIDE = "set_aside"
    RELEASE = "release"
    DESTROY = "destroy"
    ARCHIVE = "archive"
    MISS = "miss"
    FIND = "find"
    LEAK = "leak"
    SURRENDER = "surrender"
    REMARK = "remark"
    SEE = "see"
    CORRECT = "correct"
    VOID = "void"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"


EVENT_WORDS: Mapping[Event, str] = {
    Event.NUMBER: "编号", Event.STORE: "入柜", Event.ISSUE: "分发", Event.CIRCULATE: "送阅", Event.LEND: "借出",
    Event.RENEW: "续借",
    Event.CARRY_OUT: "出门", Event.SEND_OUT: "送外单位", Event.TAKE_TO_MEETING: "带往会议", Event.DELIVER: "递送交接", Event.RETURN: "收回",
    Event.HAND_OVER: "移交", Event.TAKE_OVER: "接管", Event.SET_ASIDE: "列入待销", Event.RELEASE: "移出待销", Event.DESTROY: "销毁",
    Event.ARCHIVE: "归档", Event.MISS: "报下落不明", Event.FIND: "找回", Event.LEAK: "按泄密处理", Event.SURRENDER: "清退原单位",
    Event.REMARK: "改标志", Event.SEE: "见到实物", Event.CORRECT: "更正", Event.VOID: "作废", Event.WITHDRAW: "撤销补登",
    Event.TAKE_BACK: "撤回",
}  # fmt: skip


class PlaceKind(StrEnum):
    """What a copy may lie in; how strong it is follows from its kind (M2.3)."""

    COMBINATION_SAFE = "combination_safe"
    SAFE = "safe"
    STEEL_CABINET = "steel_cabinet"


PLACE_WORDS: Mapping[PlaceKind, str] = {
    PlaceKind.COMBINATION_SAFE: "密码保险柜", PlaceKind.SAFE: "保险柜", PlaceKind.STEEL_CABINET: "铁皮保密柜",
}  # fmt: skip


@dataclass(frozen=True)
class CopyFacts:
    """A copy as the rules see it; persons by key. `rep` > 0 = itself a reproduction; `level` a rank."""

    level: int
    state: State
    rep: int
    custodian: int
    holder: int
    pages: int
    placed: bool
    has_due: bool


@dataclass(frozen=True)
class Written:
    """A line of a book as the rule of taking back sees it: `own` = its writer asks, `gone_on` = somebody acted on it or signed
    for it, `final` = what it did cannot be undone by taking it back."""

    own: bool
    gone_on: bool
    since: timedelta
    final: bool = False


@dataclass(frozen=True)
class Keeper:
    """Who is to keep a copy: appointed = a 委托 for 保存 covers its level and department today; `clearance` a rank."""

    pid: int
    appointed: bool
    clearance: int
    active: bool = True


@dataclass(frozen=True)
class PlaceFacts:
    """A place: its kind, whether it is in use."""

    kind: PlaceKind
    open: bool = True


class Method(StrEnum):
    """How copies are made (F05)."""

    PHOTOCOPY = "photocopy"
    PRINT = "print"
    SCAN = "scan"
    PHOTOGRAPH = "photograph"
    BURN = "burn"
    TRANSCRIBE = "transcribe"


METHOD_WORDS: Mapping[Method, str] = {
    Method.PHOTOCOPY: "复印", Method.PRINT: "打印", Method.SCAN: "扫描", Method.PHOTOGRAPH: "照相", Method.BURN: "刻录",
    Method.TRANSCRIBE: "转录",
}  # fmt: skip


@dataclass(frozen=True)
class Sheets:
    """How many sheets a run came to: copies that are good, copies void with their sheets counted or not, other waste."""

    good: int
    void: int
    counted: int
    waste: int
    waste_told: bool


class Measure(StrEnum):
    """What keeps papers safe on the way (M2.2)."""

    LOCKED_BAG = "locked_bag"
    SEALED_ENVELOPE = "sealed_envelope"
    TWO_PERSONS = "two_persons"
    COMPANY_CAR = "company_car"
    NO_STOPS = "no_stops"
    SAFE_OVERNIGHT = "safe_overnight"


MEASURE_WORDS: Mapping[Measure, str] = {
    Measure.LOCKED_BAG: "密码箱（包）", Measure.SEALED_ENVELOPE: "密封包装",
    Measure.TWO_PERSONS: "双人同行", Measure.COMPANY_CAR: "公司车辆",
    Measure.NO_STOPS: "途中不停留", Measure.SAFE_OVERNIGHT: "过夜存保险柜",
}  # fmt: skip
# Kinds of destination that the form offers (F07); homes and public places are no kinds (G4.3, D5).
CARRY_TO: Mapping[str, str] = {"own_site": "本公司分支", "partner": "客户或合作单位", "authority": "主管机关", "meeting": "会议场所"}
