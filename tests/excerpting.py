"""Excerpting in tests: the drafter asks, the deputy approves, an entrusted engineer in the scope takes the passage."""

from typing import Any

from mifeng.base import clock
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.actions.excerpting import Passage
from mifeng.rooms.documents import deriving
from mifeng.rooms.people import actions as people
from tests import factories

TEXT = "关节模组减速比为 101:1,样机于三季度试制。"


def source(cast: Any, **changes: Any) -> tuple[Any, Any]:
    """The main paper with nine pages, and 齐 who is entrusted with excerpts of it."""
    excerpter = entrusted(cast)
    return factories.classified(cast, **changes), excerpter


def entrusted(cast: Any) -> Any:
    """齐, entrusted with excerpts up to 机密 this year."""
    on = clock.today()
    people.appoint(cast.office_head, cast.engineer, acts=("excerpt",), level_max=20, since=on, until=on.replace(month=12, day=31))
    return cast.engineer


def asked(house: Any, cast: Any, document: Any, **changes: Any) -> Any:
    """A request of the drafter for page 3, to be known to himself."""
    by = changes.pop("by", cast.drafter)
    told: dict[str, Any] = {
        "pages": frozenset({3}), "passage": "第二节第一段", "excerpter": cast.engineer, "purpose": "编写试制计划", "target": "试制计划",
        "knowers": [cast.drafter], "level": document.level,
    }  # fmt: skip
    return actions.ask_excerpt(by, document, house.sit(by), Passage(**told | changes))


def approved(house: Any, cast: Any, document: Any, **changes: Any) -> Any:
    """The same, approved by the supervising deputy."""
    return approvals.approve(cast.deputy, asked(house, cast, document, **changes), "同意")


def make(person: Any, session: Any, approval: Any, pages: frozenset[int] = frozenset({3}), text: str = TEXT) -> Any:
    """The named person makes the excerpt of these pages."""
    upload = deriving.take_text(person, "减速比摘录", text, "excerpt.pdf")
    return actions.make_excerpt(person, session, approval, pages, "减速比摘录", text, upload, "记-07")
