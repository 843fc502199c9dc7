"""What an approval grants of what was asked, and why a grant cannot be used. Pure.

An approver may grant less: fewer copies, fewer pages, a later begin, an earlier end, fewer persons. Never more, never
something else: what he grants must lie inside what stands.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from mifeng.clauses import matrix
from mifeng.rooms.approvals.facts import GrantFacts, Refusal, Wanted

# Which carrier act of M1.1 the executor of an act must be entrusted with; acts without one go by post alone.
CARRIER: dict[str, str] = {
    "copy": "copy", "excerpt": "excerpt", "first_print": "make", "circulate": "transit", "lend": "keep",
    "carry_out": "transit", "external_provision": "mail", "destroy": "destroy",
}  # fmt: skip
# Executors of the matrix who are persons named for the case, not holders of a post.
BY_APPOINTMENT = frozenset({"excerpter", "handing_over_person", "destroyer"})
NARROWER = frozenset({"copies", "pages", "since", "until", "people"})


def limited(stands: Wanted, limit: dict[str, Any], act: str, now: datetime) -> Wanted | Refusal:
    """What stands, cut down by the approver's limit (keys: copies, pages, since, until, people).

    Refused when wider, and when nothing would be left: an end that is over by `now`, or before the begin.
    """
    clause = matrix.act(act).clauses[0]
    if limit.keys() - NARROWER:
        return Refusal("limits_something_else", clause, "只能在申请范围内减少，不能另改内容")
    told = Wanted(**limit)
    checks = {
        "copies": 0 < told.copies <= stands.copies, "pages": bool(told.pages) and told.pages <= stands.pages,
        "since": told.since is not None and (stands.since is None or told.since >= stands.since),
        "until": told.until is not None and (stands.until is None or told.until <= stands.until),
        "people": bool(told.people) and set(told.people) <= set(stands.people),
    }  # fmt: skip
    if not all(checks[name] for name in limit):
        return Refusal("grants_more", clause, "准予的不得多于申请的")
    found = replace(stands, **limit)
    if found.until and found.until <= now:
        return Refusal("grants_nothing", clause, "截止日期已过")
    if found.since and found.until and found.since >= found.until:
        return Refusal("grants_nothing", clause, "起始时间须早于截止时间")
    return found


def uses(wanted: Wanted) -> int:
    """How often a grant may be used: once a copy, else once."""
    return wanted.copies or 1


def ends(wanted: Wanted, lapse: datetime) -> datetime:
    """When a grant ends: the earlier of its own end and the lapse of the approval (M2.1)."""
    return min(wanted.until, lapse) if wanted.until else lapse


def why_unusable(grant: GrantFacts, act: str, item_key: str, pages: Collection[int], count: int, now: datetime) -> Refusal | None:
    """Why this grant does not serve this act on this item now; None when it does. The clause is the act's own."""
    clause = matrix.act(grant.act).clauses[0]
    if (act, item_key) != (grant.act, grant.item_key):
        return Refusal("other_grant", clause, "批准的不是此件此事")
    if grant.state == "revoked":
        return Refusal("revoked", clause, "批准已撤销")
    if grant.state == "lapsed" or now >= grant.until:
        return Refusal("lapsed", clause, "批准已过有效期")
    if now < grant.since:
        return Refusal("not_yet", clause, "批准尚未开始生效")
    if count < 1:
        return Refusal("not_fixed", clause, "份数须由批准确定")
    if grant.uses_left < count:
        return _used_up(clause, grant.uses_left, count)
    if set(pages) - grant.pages:
        return Refusal("other_pages", clause, "批准的页码不含这些页")
    return None


def _used_up(clause: str, left: int, count: int) -> Refusal:
    """More is wanted than is left: says how much is, for whoever typed one too many."""
    if left < 1:
        return Refusal("used_up", clause, "准予次数已用完")
    en = f"Only {left} of what was granted are left, not {count}."
    return Refusal("used_up", clause, f"准予的只剩{left}份,不能办{count}份", en)


def executes(post: str, posts: Collection[str], act: str, entrusted: bool) -> bool:
    """Whether somebody with these posts may carry the act out: the post that the grant names, entrusted where M1.1 asks.

    `entrusted`: he holds a 委托 in force for the carrier act and the level.
    """
    has_post = not post or post in BY_APPOINTMENT or post in posts
    return has_post and (entrusted or act not in CARRIER)
