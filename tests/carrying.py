"""Carrying out in tests: a copy that the clerk keeps, a designated carrier, a trip to the branch or a partner."""

from datetime import timedelta
from typing import Any

from mifeng.base import clock
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.actions.carrying import Trip
from mifeng.rooms.copies.facts import Measure, PlaceKind
from mifeng.rooms.copies.models import Place
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Department
from tests import factories


def entrust(cast: Any, person: Any, level: int = 20) -> None:
    """This person may carry papers to that level until the end of the year."""
    on = clock.today()
    people.appoint(cast.office_head, person, acts=("transit",), level_max=level, since=on, until=on.replace(month=12, day=31))


def kept(cast: Any, pages: int = 9, **changes: Any) -> tuple[Any, Any]:
    """The main paper and its first copy, kept by the clerk; 葛星野 is a designated carrier."""
    document = factories.classified(cast, **changes)
    entrust(cast, cast.insider)
    return document, stored(cast, document, 1, pages)


def stored(cast: Any, document: Any, number: int, pages: int = 9) -> Any:
    """A copy of the item in the clerk's safe."""
    place = Place.objects.filter(code="BX-09").first() or actions.set_up_place(
        cast.office_head, "BX-09", PlaceKind.COMBINATION_SAFE, "机要室保险柜", "101", Department.objects.get(code="YF")
    )
    copy = actions.enter(cast.clerk, document, [number], pages)[0]
    actions.store(cast.clerk, [copy], place)
    copy.refresh_from_db()
    return copy


def trip(cast: Any, *copies: Any, **changes: Any) -> Trip:
    """To a partner tomorrow morning, back the day after."""
    at = clock.now()
    told: dict[str, Any] = {
        "copies": copies, "bearer": cast.insider, "companion": None, "destination": "partner", "place": "华东合作单位会议室",
        "out": at + timedelta(hours=1), "back": at + timedelta(hours=30), "purpose": "联合评审", "route": "公司车辆直达",
        "measures": frozenset({Measure.LOCKED_BAG}),
    }  # fmt: skip
    return Trip(**told | changes)


def asked(house: Any, cast: Any, document: Any, *copies: Any, **changes: Any) -> Any:
    """A request of the drafter, who is in the scope."""
    by = changes.pop("by", cast.drafter)
    return actions.ask_carry_out(by, document, house.sit(by), trip(cast, *copies, **changes))


def approved(house: Any, cast: Any, document: Any, *copies: Any, **changes: Any) -> Any:
    """The same, approved by the supervising deputy."""
    return approvals.approve(cast.deputy, asked(house, cast, document, *copies, **changes), "同意")


def gone(house: Any, cast: Any, document: Any, *copies: Any, **changes: Any) -> Any:
    """The same, counted at the door and on its way."""
    approval = approved(house, cast, document, *copies, **changes)
    counted = {copy.uid: copy.pages for copy in copies}
    return actions.check_out(cast.clerk, house.sit(cast.clerk), approval, counted)


def last() -> Approval:
    """The newest request to carry something out."""
    return Approval.objects.filter(act="carry_out").latest("pk")
