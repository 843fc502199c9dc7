"""Separation of duties: who may not be the same person, which posts may not meet in one person."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from mifeng.engines.access.reasons import Decision, Reason

OFFICERS = ("sysadmin", "secadmin", "auditor")
OFFICER_WORDS = {"sysadmin": "系统管理员", "secadmin": "安全保密管理员", "auditor": "安全审计员"}
# Everybody of the company is an employee; it gives no business right.
BESIDE_OFFICER = frozenset({"employee"})

SEPARATE_DEFAULT = ("applicant", "approver", "executor")
SEPARATE_DESTRUCTION = (*SEPARATE_DEFAULT, "watcher1", "watcher2")
PART_WORDS = {
    "applicant": "申请人", "approver": "批准人", "executor": "执行人",
    "watcher1": "第一监督人", "watcher2": "第二监督人",
}  # fmt: skip


def officer_conflict(roles: Iterable[str]) -> Decision:
    """May these posts meet in one person? The three officers exclude one another and hold no business post (M1.2).

    An unknown post is a business post. Posts without an officer among them never conflict here.
    """
    held = frozenset(roles)
    officers = [post for post in OFFICERS if post in held]
    reasons = []
    if len(officers) > 1:
        named = "、".join(OFFICER_WORDS[post] for post in officers)
        zh = f"{named}不得由一人兼任"
        reasons.append(Reason("officers_apart", "M1.2", zh, "One person holds at most one of the three administrator posts."))
    if officers and held - set(OFFICERS) - BESIDE_OFFICER:
        zh = f"{OFFICER_WORDS[officers[0]]}不得兼任业务岗位"
        en = "None of the three administrators holds a business post."
        reasons.append(Reason("officer_without_business", "M1.2", zh, en))
    if not reasons:
        return Decision.permit("officers_apart", "M1.2")
    return Decision(False, reasons[0].rule, reasons[0].clause, True, tuple(reasons))


def role_sets(roles: Iterable[str]) -> Iterator[frozenset[str]]:
    """Every set of these posts that one person may hold, the empty one first."""
    posts = sorted(set(roles))
    for size in range(len(posts) + 1):
        for chosen in combinations(posts, size):
            if officer_conflict(chosen).allow:
                yield frozenset(chosen)


def separated(
    parts: Iterable[tuple[str, int]], separate: Iterable[str] = SEPARATE_DEFAULT, clause: str = "M2.1"
) -> Decision:
    """Are the roles of one form that must differ held by different persons (申请人 ≠ 批准人 ≠ 执行人 ≠ 监督人)?

    `parts` are (role, person) pairs; `separate` the roles the act lists. One person may stand in one role twice (two
    steps of a form signed by one approver); persons, never accounts or posts. All pairs in the way are named.
    """
    apart = tuple(dict.fromkeys(separate))
    held: dict[str, set[int]] = {role: set() for role in apart}
    for role, pid in parts:
        if role in held:
            held[role].add(pid)
    reasons = tuple(
        Reason(f"{one}_is_{other}", clause, f"{_word(one)}不得兼任{_word(other)}", f"The {one} and the {other} must be different persons.")
        for one, other in combinations(apart, 2)
        if held[one] & held[other]
    )
    if not reasons:
        return Decision.permit("separated", clause)
    return Decision(False, reasons[0].rule, clause, True, reasons)


def _word(role: str) -> str:
    return PART_WORDS.get(role, role)
