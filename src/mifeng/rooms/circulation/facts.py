"""What the rules of this room see: words of the books, envelopes and papers. No tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Via(StrEnum):
    """How a paper came in (F01)."""

    CONFIDENTIAL_MAIL = "confidential_mail"
    BEARER = "bearer"
    MEETING = "meeting"
    ELECTRONIC = "electronic"


VIA_WORDS: Mapping[Via, str] = {
    Via.CONFIDENTIAL_MAIL: "机要", Via.BEARER: "专人", Via.MEETING: "会议带回", Via.ELECTRONIC: "电子",
}  # fmt: skip


class Origin(StrEnum):
    """Whose secret a paper is (F01): of state secrets the carrier alone is registered, never what it says."""

    OWN = "own"
    PARTNER = "partner"
    STATE = "state"


ORIGIN_WORDS: Mapping[Origin, str] = {
    Origin.PARTNER: "合作方商密", Origin.OWN: "公司", Origin.STATE: "国家秘密-只登记不录内容",
}  # fmt: skip


class Envelope(StrEnum):
    """How the cover was found at the counter."""

    INTACT = "intact"
    BROKEN = "broken"
    NONE = "none"


ENVELOPE_WORDS: Mapping[Envelope, str] = {Envelope.INTACT: "完好", Envelope.BROKEN: "破损", Envelope.NONE: "未密封"}


class Inbox(StrEnum):
    """Where an envelope stands in the inbox."""

    ARRIVED = "arrived"
    REGISTERED = "registered"
    CLOSED = "closed"


INBOX_WORDS: Mapping[Inbox, str] = {Inbox.ARRIVED: "待办理", Inbox.REGISTERED: "已登记", Inbox.CLOSED: "无密级，未登记"}


class Urgency(StrEnum):
    """How soon a paper wants an answer, as it says itself (F01)."""

    PLAIN = "plain"
    URGENT = "urgent"
    EXTRA = "extra"


URGENCY_WORDS: Mapping[Urgency, str] = {Urgency.PLAIN: "平", Urgency.URGENT: "加急", Urgency.EXTRA: "特急"}


class Handled(StrEnum):
    """A step of what became of a receipt (F01)."""

    PROPOSED = "proposed"
    INSTRUCTED = "instructed"
    CONCLUDED = "concluded"


HANDLED_WORDS: Mapping[Handled, str] = {Handled.PROPOSED: "拟办", Handled.INSTRUCTED: "批示", Handled.CONCLUDED: "办结"}


class Stage(StrEnum):
    """How far a receipt has come: the states of F01, the last three as its copies' ledgers say."""

    REGISTERED = "registered"
    PROPOSED = "proposed"
    INSTRUCTED = "instructed"
    UNDER_WAY = "under_way"
    CONCLUDED = "concluded"
    ARCHIVED = "archived"
    SURRENDERED = "surrendered"
    DESTROYED = "destroyed"


STAGE_WORDS: Mapping[Stage, str] = {
    Stage.REGISTERED: "登记", Stage.PROPOSED: "拟办", Stage.INSTRUCTED: "批示", Stage.UNDER_WAY: "传阅/承办", Stage.CONCLUDED: "办结",
    Stage.ARCHIVED: "归档", Stage.SURRENDERED: "清退", Stage.DESTROYED: "销毁",
}  # fmt: skip
# What is gone through one after the other; the ends are one step.
COURSE = (Stage.REGISTERED, Stage.PROPOSED, Stage.INSTRUCTED, Stage.UNDER_WAY, Stage.CONCLUDED)
ENDS = (Stage.ARCHIVED, Stage.SURRENDERED, Stage.DESTROYED)


class SlipState(StrEnum):
    """Where a slip stands (F03)."""

    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"
    OPEN = "open"
    DONE = "done"


SLIP_WORDS: Mapping[SlipState, str] = {
    SlipState.ASKED: "待批定范围", SlipState.APPROVED: "已批定，待送阅", SlipState.RETURNED: "未获批准", SlipState.OPEN: "传阅中",
    SlipState.DONE: "阅毕",
}  # fmt: skip


class LoanState(StrEnum):
    """Where a loan stands (F04)."""

    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"
    LENT = "lent"
    BACK = "back"


LOAN_WORDS: Mapping[LoanState, str] = {
    LoanState.ASKED: "待批", LoanState.APPROVED: "已批准，待借出", LoanState.RETURNED: "未获批准", LoanState.LENT: "借出",
    LoanState.BACK: "已归还",
}  # fmt: skip

# Where a borrowed paper is read (F04), in the words that approvals have for destinations.
WHERE_WORDS: Mapping[str, str] = {"reading_room": "机要室", "own_site": "本部门涉密场所"}


@dataclass(frozen=True)
class Sending:
    """One step of a circulation: who gives, who keeps the copy, what the reader is.

    `giver`, `keeper`: persons by key (the keeper of what is read on the screen is the clerk of the slip). `listed`: on the
    approved list; `in_scope`: may know the item today; `at_counter`: it is not with another reader.
    """

    giver: int
    keeper: int
    listed: bool
    in_scope: bool
    at_counter: bool


@dataclass(frozen=True)
class Lending:
    """A loan as it is asked for or handed out. `late`: the borrower has something overdue; `by_keeper`: its custodian acts."""

    level: int
    where: str
    in_scope: bool
    late: bool
    by_keeper: bool = True


class Sent(StrEnum):
    """How a paper goes out (F02): put into the recipient's own hands at the counter, or carried to him."""

    IN_PERSON = "in_person"
    CARRIED = "carried"


SENT_WORDS: Mapping[Sent, str] = {Sent.IN_PERSON: "当面", Sent.CARRIED: "专人"}


class Drafts(StrEnum):
    """What became of drafts, proofs and plates of a paper that went out (F02)."""

    FILED = "filed"
    DESTROYED = "destroyed"


DRAFT_WORDS: Mapping[Drafts, str] = {Drafts.FILED: "归档", Drafts.DESTROYED: "销毁"}


@dataclass(frozen=True)
class Outgoing:
    """A paper about to be dispatched: what of its mark is complete. `copies`: how many numbered copies go out."""

    level: int
    numbered: bool
    decided: bool
    has_term: bool
    copies: int


@dataclass(frozen=True)
class Carriage:
    """Who carries it and how: carriers by number, whether each is designated; `sealed`: envelope and seal have a number."""

    level: int
    carriers: int
    designated: bool
    sealed: bool


@dataclass(frozen=True)
class Course:
    """What has become of a receipt so far. `cover_only`: nothing of what it says may be written down here.

    `asked`: the leader to whom it was submitted, by key, while he has not answered, else 0; `undertaker`: who handles it.
    `ends`: the ends that its copies have come to, empty as long as one of them is neither archived nor gone.
    """

    cover_only: bool = False
    proposed: bool = False
    instructed: bool = False
    under_way: bool = False
    concluded: bool = False
    asked: int = 0
    undertaker: int = 0
    ends: frozenset[Stage] = frozenset()
