"""Matters of a room that stands only in tests: acts of the matrix whose own rooms come later."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mifeng.base import deeds, room
from mifeng.base.room import Matter
from mifeng.clauses import matrix
from mifeng.rooms.approvals import conditions, queries, requests
from mifeng.rooms.approvals.models import Approval

# Conditions that the request itself answers, or that wait for a room; the others a real matter of the act answers.
_LOOKED_AT = conditions.KNOWN.keys() | conditions.AWAITED.keys() | conditions.FOLLOWED.keys()


def _holds(approval: Approval, actor: Any, stage: Any) -> bool:
    """A real matter looks at its own rows here; this one has none."""
    return True


def told_of(person: Any, approval: Approval) -> dict[str, Any]:
    """What an approver is told of a request that has no room yet."""
    return {
        "document": None, "title": "试件", "what": approval.act, "who": approval.applicant.called, "why": approval.purpose,
        "how_long": "", "who_small": approval.department.name, "proposed": False, "ends": "", "risk": "", "risk_score": 1,
        "reason": "", "facts": [], "pages": "", "opens": "",
    }  # fmt: skip


@contextmanager
def announced(act: str, **more: Any) -> Iterator[str]:
    """Inside the block the house has a matter for this act, whose approvals make grants; gives its name."""
    name = f"test:{act}"
    told: dict[str, Any] = {
        "name": name, "act": act, "label": act, "item": lambda key: key, "summary": told_of,
        "done": lambda approval, person: None, "returned": lambda approval, person: None, "grants": True,
    }  # fmt: skip
    told["conditions"] = {name: _holds for name in matrix.act(act).conditions if name not in _LOOKED_AT} | more.pop("conditions", {})
    room.matters()[name] = Matter(**told | more)
    try:
        yield name
    finally:
        del room.matters()[name]


def inside(person: Any, doing: Any, /, *args: Any, **told: Any) -> Any:
    """`doing` done inside a deed of the test's own, as the deed of another room would."""
    return deeds._do("test:act", person, None, lambda: doing(*args, **told))


def ask(applicant: Any, act: str, **changes: Any) -> Approval:
    """A request at 机密 on a paper of the applicant's department."""
    told: dict[str, Any] = {
        "matter": f"test:{act}", "item_key": "documents:d1", "level": 20, "applicant": applicant,
        "department": applicant.department, "purpose": "项目评审会用", "payload": {}, "number": "试〔2026〕1号",
    }  # fmt: skip
    return inside(applicant, requests.ask, **told | changes)


def approve_all(approval: Approval, approve: Any, **told: Any) -> Approval:
    """Every step is signed by its first candidate."""
    while approval.state == "asked":
        approval = approve(queries.candidates(approval)[0], approval, "同意", **told)
    return approval


@contextmanager
def of_papers(act: str, **more: Any) -> Iterator[str]:
    """As `announced`, for an act on papers of the register: what its approver sees is made by the documents' own room."""
    from mifeng.rooms.documents import asked, known_by_few, work  # app loading
    from mifeng.rooms.documents import queries as papers

    told: dict[str, Any] = {
        "item": papers.of_key, "summary": work.summary, "handlers": work.handlers, "limits": known_by_few.limits, "knew": asked.knew,
        "pages": True, "conditions": asked.CONDITIONS,
    }  # fmt: skip
    with announced(act, **told | more) as name:
        yield name
