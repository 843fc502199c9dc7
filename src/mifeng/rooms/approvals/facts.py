"""What the rules of this room see: the organisation of a day, a matter on its way, what happens to it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any


class State(StrEnum):
    """Where a request stands."""

    __hash__ = str.__hash__  # Enum's own is written in Python, and every look into the table asks it

    DRAFT = "draft"
    OPINION = "opinion"
    ASKED = "asked"
    APPROVED = "approved"
    EXECUTING = "executing"
    REGISTERED = "registered"
    CLOSED = "closed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REVOKED = "revoked"


class Event(StrEnum):
    """What may happen to a request."""

    __hash__ = str.__hash__  # as above

    SUBMIT = "submit"
    GIVE = "give"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    SPEND = "spend"
    REGISTER = "register"
    CLOSE = "close"
    LAPSE = "lapse"
    REVOKE = "revoke"
    SETTLE = "settle"


STATE_WORDS: dict[State, str] = {
    State.DRAFT: "草稿", State.OPINION: "部门意见", State.ASKED: "待批", State.APPROVED: "已批准",
    State.EXECUTING: "执行中", State.REGISTERED: "已登记", State.CLOSED: "已关闭", State.RETURNED: "已退回",
    State.WITHDRAWN: "已撤回", State.LAPSED: "已失效", State.REVOKED: "已撤销",
}  # fmt: skip
EVENT_WORDS: dict[Event, str] = {
    Event.SUBMIT: "送审", Event.GIVE: "签署部门意见", Event.APPROVE: "批准", Event.RETURN: "退回",
    Event.WITHDRAW: "撤回", Event.SPEND: "执行", Event.REGISTER: "登记", Event.CLOSE: "关闭", Event.LAPSE: "失效",
    Event.REVOKE: "撤销", Event.SETTLE: "另行审定",
}  # fmt: skip
# Why a step needs no signature of its own.
PASSED_OVER, MERGED = "passed_over", "merged"
NOTED_WORDS: dict[str, str] = {PASSED_OVER: "申请人即本级", MERGED: "并级"}


@dataclass(frozen=True)
class PersonFacts:
    """Somebody of the company on that day. `active` False = left; `clearance` is a level's rank."""

    pid: int
    department: int
    posts: frozenset[str]
    clearance: int = 30
    active: bool = True


@dataclass(frozen=True)
class DepartmentFacts:
    """A department; `supervisor` is the deputy GM over it (主管领导), or the GM himself; None = that of `parent`."""

    key: int
    supervisor: int | None = None
    parent: int | None = None


@dataclass(frozen=True)
class BPerson:
    """The named B person of a post (B岗); `department` where the post is that of a department head."""

    post: str
    pid: int
    department: int | None = None


@dataclass(frozen=True)
class DelegationFacts:
    """授权委托: written, one act, to a level, from a day to a day (included). `case_key` "" = every case of the act."""

    principal: int
    delegate: int
    act: str
    level_max: int
    since: date
    until: date
    case_key: str = ""
    revoked: bool = False


@dataclass(frozen=True)
class Organisation:
    """Who holds which post on the day `on`. Indexes are made once and kept with the object."""

    on: date
    people: tuple[PersonFacts, ...]
    departments: tuple[DepartmentFacts, ...]
    delegations: tuple[DelegationFacts, ...] = ()
    b_persons: tuple[BPerson, ...] = ()

    @cached_property
    def by_pid(self) -> dict[int, PersonFacts]:
        """Everybody, leavers included."""
        return {person.pid: person for person in self.people}

    @cached_property
    def by_post(self) -> dict[str, tuple[PersonFacts, ...]]:
        """Who holds a post and has not left."""
        found: dict[str, list[PersonFacts]] = {}
        for person in self.people:
            for post in person.posts if person.active else ():
                found.setdefault(post, []).append(person)
        return {post: tuple(holders) for post, holders in found.items()}

    @cached_property
    def by_key(self) -> dict[int, DepartmentFacts]:
        """The departments."""
        return {department.key: department for department in self.departments}

    @cached_property
    def heads(self) -> dict[int, tuple[int, ...]]:
        """Who heads a department; a department without a head is absent."""
        found: dict[int, tuple[int, ...]] = {}
        for person in self.by_post.get("dept_head", ()):
            found[person.department] = (*found.get(person.department, ()), person.pid)
        return found

    @cached_property
    def supervisors(self) -> dict[int, int | None]:
        """Who supervises a department: its own supervisor, else that of the next department above which has one."""
        return {key: self._supervisor(key) for key in self.by_key}

    def holders(self, post: str) -> tuple[int, ...]:
        """Persons who hold a post today."""
        return tuple(person.pid for person in self.by_post.get(post, ()))

    def holds(self, pid: int, post: str) -> bool:
        """Whether a person, who has not left, holds a post today."""
        person = self.by_pid.get(pid)
        return person is not None and person.active and post in person.posts

    def _supervisor(self, key: int | None) -> int | None:
        seen: set[int] = set()
        while key is not None and key in self.by_key and key not in seen:
            seen.add(key)
            department = self.by_key[key]
            if department.supervisor is not None:
                return department.supervisor
            key = department.parent
        return None


@dataclass(frozen=True)
class Matter:
    """A request at one of its steps.

    `steps`: the posts of each step, as they stood when the request began; `step_no` counts from 0. `department` owns
    the matter: of the item, the host, the appointee, the applicant. `parts`: role and person of every part played
    already; `signed`: who signed an earlier step. `handlers`: the only persons who may know (embargo, exclusive
    custody), None = no such limit. `case_key` is the item's key.
    """

    act: str
    level: int
    steps: tuple[tuple[str, ...], ...]
    applicant: int
    department: int
    step_no: int = 0
    case_key: str = ""
    site_department: int | None = None
    chair: int | None = None
    leader: int | None = None
    classifier: int | None = None
    concerned: frozenset[int] = frozenset()
    parts: tuple[tuple[str, int], ...] = ()
    signed: frozenset[int] = frozenset()
    handlers: frozenset[int] | None = None


@dataclass(frozen=True)
class Candidate:
    """Who may decide a step: the person, the post he decides for, whose delegate he is (代), None = for himself."""

    pid: int
    post: str
    on_behalf_of: int | None = None


@dataclass(frozen=True)
class Resolution:
    """Who decides a step today; any one of them does. `noted`: passed_over or merged, then nobody signs here."""

    candidates: tuple[Candidate, ...] = ()
    noted: str = ""

    @property
    def passed_over(self) -> bool:
        """True when the request goes on to the next step without a signature."""
        return bool(self.noted)

    @property
    def dead(self) -> bool:
        """True when nobody may decide and the step cannot be passed over."""
        return not self.noted and not self.candidates


class Sight(StrEnum):
    """What an approver sees of the item he decides on."""

    PAGES = "pages"
    FIRST_PAGE = "first_page"
    TITLE = "title"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Refusal:
    """Why an event does not happen: the rule, the clause, the sentence, its English where it holds figures."""

    rule: str
    clause: str
    zh: str
    en: str = ""


@dataclass(frozen=True)
class Circumstances:
    """What a transition looks at; every field says the harmless thing unless told.

    `decides`: the actor is a resolved approver of the present step. `other_part`: he plays another separated part.
    `failing`: conditions of the row that do not hold. `steps_left`: later steps that still want a signature. `fixed`:
    copies, pages, recipient and dates are settled. `uses_left` of the grant. `executor_ready`: the actor is the
    executor and appointed. `past`: the lapse or the last instant is over. `frozen`: an incident freezes the item.
    `numbered`: register entry and number are in the same transaction. `watched`: whoever must watch has signed.
    `back`: what went out is back. `settled`: the item itself was decided another way by whoever may.
    `gone`: the item was destroyed or withdrawn.
    """

    act: str
    actor_is_applicant: bool = False
    may_know: bool = True
    decides: bool = False
    other_part: bool = False
    superior: bool = False
    wants_opinion: bool = False
    failing: tuple[str, ...] = ()
    steps_left: int = 0
    reason_given: bool = False
    fixed: bool = True
    uses_left: int = 0
    executor_ready: bool = False
    past: bool = False
    frozen: bool = False
    numbered: bool = False
    watched: bool = True
    back: bool = True
    settled: bool = False
    gone: bool = False


# Where something may be taken (G4.3, D5): a closed list, and homes and public places are not in it.
DESTINATION_WORDS: dict[str, str] = {
    "reading_room": "机要室", "own_site": "本公司场所", "partner": "合作单位", "authority": "主管机关", "archive": "档案室",
    "meeting": "会议场所",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What is asked for, and later what is granted of it; empty = the act does not ask for it.

    `copies`: of a paper, impressions of a seal, uses. `pages`: page numbers from 1; none = the whole item where the act
    asks for no pages. `destination` is a kind of DESTINATION_WORDS, `place` its words. Instants are UTC, `until` exclusive.
    `executor_post`: who carries it out where the matrix names nobody. `people`: keys of persons named in the request.
    """

    copies: int = 0
    pages: frozenset[int] = frozenset()
    recipient: str = ""
    destination: str = ""
    place: str = ""
    since: datetime | None = None
    until: datetime | None = None
    executor_post: str = ""
    people: tuple[int, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON carries it: pages sorted, instants as ISO text, what is empty left out."""
        told = asdict(self) | {"pages": sorted(self.pages), "people": list(self.people)}
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in told.items() if v}

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Wanted":
        """Back from `plain`."""
        known = {field.name for field in fields(cls)}
        read = {name: value for name, value in told.items() if name in known}
        for name in ("since", "until"):
            if read.get(name):
                read[name] = datetime.fromisoformat(read[name])
        return cls(**read | {"pages": frozenset(read.get("pages", ())), "people": tuple(read.get("people", ()))})


def pages_word(pages: Iterable[int]) -> str:
    """A set of pages as one writes it: 1-3,5."""
    found: list[list[int]] = []
    for page in sorted(pages):
        if found and page == found[-1][1] + 1:
            found[-1][1] = page
        else:
            found.append([page, page])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def pages_of(text: str) -> frozenset[int]:
    """Pages as one writes them, 1-3,5, back as a set. ValueError for what is no such list, or more than 10,000 pages."""
    found: set[int] = set()
    for part in text.replace("，", ",").replace("、", ",").split(","):
        first, dash, last = part.strip().partition("-")
        start, end = int(first), int(last if dash else first)
        if not 0 < start <= end <= 10_000:
            raise ValueError(f"no pages: {part}")
        found |= set(range(start, end + 1))
    return frozenset(found)


class Stage(StrEnum):
    """When a condition of the matrix is looked at."""

    SUBMIT = "submit"
    DECIDE = "decide"
    EXECUTE = "execute"


@dataclass(frozen=True)
class Moment:
    """What the conditions of an act look at: the request, and who does what at which stage.

    `number`: of the register the request stands in. `approvers`: who has signed. `entrusted`: the executor holds a
    委托 for act and level. `watchers`: who watches the execution. `decided`: when the last step was signed.
    """

    stage: Stage
    level: int
    applicant: int
    actor: int
    wanted: Wanted
    purpose: str = ""
    number: str = ""
    approvers: frozenset[int] = frozenset()
    entrusted: bool = False
    watchers: frozenset[int] = frozenset()
    decided: datetime | None = None
    now: datetime | None = None


@dataclass(frozen=True)
class GrantFacts:
    """A grant as it stands when somebody wants to use it; instants UTC, `until` exclusive."""

    item_key: str
    act: str
    state: str
    uses_left: int
    since: datetime
    until: datetime
    pages: frozenset[int] = frozenset()
