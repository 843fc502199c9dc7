"""Who may know: scopes of knowledge are named, smallest, never empty."""

from collections.abc import Sequence
from datetime import date

from mifeng.clauses import enforces, schemes
from mifeng.engines.access import KIND_ALL, KIND_DEPARTMENT, KIND_PERSON, KIND_POST, Decision, Level, scope_allowed
from mifeng.rooms.documents.facts import ScopeLine

KINDS = {"person": KIND_PERSON, "post": KIND_POST, "department": KIND_DEPARTMENT, "all": KIND_ALL}


@enforces("P0.2")
def has_scope(level: int, scope: Sequence[ScopeLine]) -> Decision:
    """秘密只在确定的人员和期限内流动并发挥作用;护密与安保一体,保密事项同时列为保卫对象。

    A levelled item has a scope of knowledge from registration on; 全体 is no scope for it.
    """
    if level < Level.CONFIDENTIAL or (scope and not any(line.kind == "all" for line in scope)):
        return Decision.permit("has_scope", "P0.2")
    return Decision.refuse("scope_required", "P0.2", "涉密事项须写明知悉范围,“全体员工”不算范围")


@enforces("P0.3")
def shown_in_lists(visible: bool) -> bool:
    """与本职无关的秘密,不翻看、不谈论、不书写、不打听。

    Titles outside one's scope stand in no list, count or search result: only what the decision lets through is shown.
    """
    return visible


@enforces("P1.1")
def scope_is_small(level: int, scope: Sequence[ScopeLine]) -> Decision:
    """知悉人数压到工作所必需的最少;能点到人就不点到部门。

    绝密: named persons only; 机密: persons or posts; 秘密: departments, too; 内部: all staff, too.
    """
    return scope_allowed(level, frozenset(KINDS[line.kind] for line in scope), schemes.word(level))


def names_persons_only(level: int) -> bool:
    """True where a scope of this level may name nothing but persons (P1.1)."""
    return not any(scope_allowed(level, {kind}).allow for name, kind in KINDS.items() if name != "person")


@enforces("P4.2")
def custodian_needed(level: int, live: bool, reached: int) -> bool:
    """再高的密级也有应知者;在范围内必须能够用得上。

    True when a live levelled item reaches nobody any more: gmo_head becomes its custodian and is told.
    """
    return live and level >= Level.CONFIDENTIAL and reached == 0


@enforces("D2")
def may_show_to(level: int, in_scope: bool, permitted: bool) -> Decision:
    """没有领导许可,不得把涉密文件给别人看。

    Showing is adding to the scope: whoever stands outside it needs the responsible leader's permission first.
    """
    if level < Level.CONFIDENTIAL or in_scope or permitted:
        return Decision.permit("may_show", "D2")
    return Decision.refuse("leave_required", "D2", "对方不在知悉范围内,须先经领导许可")


@enforces("P1.2")
def may_tell(knows: bool) -> Decision:
    """不因口头闲谈使他人得知秘密;口头传达同样须登记。

    Only somebody who may know the item tells of it.
    """
    if knows:
        return Decision.permit("may_tell", "P1.2")
    return Decision.refuse("teller_must_know", "P1.2", "传达人不在知悉范围内,不得传达")


@enforces("D2")
def may_be_told(level: int, knows: bool) -> Decision:
    """没有领导许可,不得把涉密文件给别人看。

    Telling is showing: whoever stands outside the scope is told only after the responsible leader's leave.
    """
    if level < Level.CONFIDENTIAL or knows:
        return Decision.permit("may_be_told", "D2")
    return Decision.refuse("leave_required_to_tell", "D2", "听者不在知悉范围内,须先经领导许可;已经听到的按误知登记")


@enforces("D2")
def showing_lasts(until: date, on: date) -> bool:
    """没有领导许可,不得把涉密文件给别人看。

    A permission given until a day lasts through that day and not a day longer.
    """
    return on <= until


@enforces("T3")
def project_scope(category_line: str, scope: Sequence[ScopeLine]) -> Decision:
    """在研及研制成功的新产品资料从严保密。

    For the lines of technology the scope is the project's members by name: no post and no department.
    """
    if not category_line.startswith("tech") or all(line.kind == "person" for line in scope):
        return Decision.permit("project_scope", "T3")
    return Decision.refuse("project_members_only", "T3", "技术与新产品资料的知悉范围须点到项目成员本人")
