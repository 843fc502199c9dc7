"""What the rules of this room see: frozen facts, no tables."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

# Posts in a fixed order: the place in this list is the number of the post's audience key and never changes.
POSTS: dict[str, str] = {
    "employee": "员工", "gm": "总经理", "deputy_gm": "主管副总经理", "board_secretary": "董事会秘书",
    "gmo_head": "总经理办公室主任", "clerk": "机要员", "dept_head": "部门负责人", "classifier": "定密责任人",
    "secrecy_officer": "部门保密员", "sysadmin": "系统管理员", "secadmin": "安全保密管理员", "auditor": "安全审计员",
    "seal_keeper": "印章保管人", "legal": "法务", "cfo": "财务总监", "hr": "人事", "it_head": "信息部门负责人",
    "it_staff": "信息部门人员", "archivist": "档案管理员", "guard": "门卫", "guard_head": "安保负责人",
}  # fmt: skip
KEEPERS = frozenset({"gmo_head", "clerk"})  # the GM's office: keeps the company's books and places
OFFICERS = ("sysadmin", "secadmin", "auditor")
POST_NUMBER = {post: number for number, post in enumerate(POSTS)}

# The eight carrier acts of M1.1, in the order of a paper's life.
CARRIER_ACTS: dict[str, str] = {
    "make": "制作", "mail": "收发", "transit": "传递", "use": "使用", "copy": "复制", "excerpt": "摘抄", "keep": "保存",
    "destroy": "销毁",
}  # fmt: skip


class Role(IntEnum):
    """How the access engine sees the three officers."""

    STAFF = 0
    SYSADMIN = 1
    SECADMIN = 2
    AUDITOR = 3


@dataclass(frozen=True)
class AppointmentFacts:
    """A 委托书: acts by code, the highest level it covers, department keys (empty = all), last day included."""

    acts: frozenset[str]
    level_max: int
    departments: frozenset[int]
    since: date
    until: date
    revoked: bool = False


@dataclass(frozen=True)
class ResetFacts:
    """A password reset as asked for: posts of the signers (in order), whether the account is an officer's."""

    signers: tuple[int, ...]
    posts: tuple[frozenset[str], ...]
    holder: int
    officer: bool
    identity_checked: bool


@dataclass(frozen=True)
class InspectionFacts:
    """Who inspects whom: posts of the inspector, whether it is himself, whether both are of one department."""

    posts: frozenset[str]
    own: bool
    same_department: bool


@dataclass(frozen=True)
class SessionFacts:
    """A session as the lock sees it; instants UTC."""

    device: str
    device_registered: bool
    device_owner: int | None
    network: str
    last_activity: datetime
