"""Deeds on places: set up, close, who knows the combination, its change (M2.3)."""

from datetime import date

from mifeng.base import clock, codes, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines.access import Decision
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.facts import SEE_PLACES, PlaceKind
from mifeng.rooms.copies.models import Copy, Place, PlaceHolder, PlaceOpening
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Department, Person


def _insist_office(person: Person, not_done: str) -> None:
    if not person.posts() & KEEPERS:
        raise Refused(Decision.refuse("office_keeps_places", "M2.3", "存放位置由总经理办公室登记"), not_done)


@deed("copies:set_up_place")
def set_up_place(
    person: Person, code: str, kind: PlaceKind, name: str, room: str, department: Department, combination_on: date | None = None
) -> Place:
    """Enter a cupboard or safe under the code that stands on its door; `combination_on`: last change, local day."""
    _insist_office(person, "未登记")
    code = code.strip().upper()
    if not code or Place.objects.filter(code=code).exists():
        raise Refused(Decision.refuse("place_code", "M2.3", "请填写位置编号,不得与已有的重复"), "未登记")
    today = clock.today()
    place = Place.objects.create(code=code, kind=kind, name=name.strip(), room=room.strip(), department=department, since=today,
                                 combination_on=combination_on or today)  # fmt: skip
    deeds.note(obj=place.item_key)
    return place


def _place(person: Person, place: Place, not_done: str) -> Place:
    _insist_office(person, not_done)
    codes.verify("place", [place.pk])
    place.refresh_from_db()
    deeds.note(obj=place.item_key)
    return place


@deed("copies:close_place", subject="place")
def close_place(person: Person, place: Place) -> Place:
    """停用: only an empty place is closed."""
    place = _place(person, place, "未停用")
    if Copy.objects.filter(place=place).exists():
        raise Refused(Decision.refuse("place_not_empty", "M2.3", "此存放位置还有密件,请先移出"), "未停用")
    place.closed_on = clock.today()
    place.save()
    return place


@deed("copies:entrust_combination", subject="place")
def entrust_combination(person: Person, place: Place, holder: Person) -> PlaceHolder:
    """Somebody is told the combination, or given a key."""
    place = _place(person, place, "未登记")
    row = place.holders.filter(person=holder, until=None).first()
    return row or PlaceHolder.objects.create(place=place, person=holder, since=clock.today())


@deed("copies:withdraw_combination", subject="place")
def withdraw_combination(person: Person, place: Place, holder: Person) -> PlaceHolder:
    """Somebody is no longer to open the place: its combination is to be changed (M2.3/2)."""
    place = _place(person, place, "未登记")
    row = place.holders.filter(person=holder, until=None).first()
    if row is None:
        raise NotThere
    row.until = clock.today()
    row.save()
    return row


@deed("copies:change_combination", subject="place")
def change_combination(person: Person, place: Place) -> Place:
    """The combination, or the lock, was changed today: whoever has left since does not know it any more."""
    place = _place(person, place, "未登记")
    for row in place.holders.select_related("person").filter(replaced_on=None):
        if row.until is not None or not row.person.active:
            row.until, row.replaced_on = row.until or row.person.left_on or clock.today(), clock.today()
            row.save()
    place.combination_on = clock.today()
    place.save()
    return place


@deed("copies:note_opening", subject="place")
def note_opening(person: Person, place: Place, why: str) -> PlaceOpening:
    """开柜记录: whoever holds the combination says that he opened the place, and what for."""
    codes.verify("place", [place.pk])
    place.refresh_from_db()
    deeds.note(obj=place.item_key)
    if not place.holders.filter(person=person, until=None).exists():
        raise Refused(Decision.refuse("opens_by_holder", "M2.3", "开柜由掌握密码或钥匙的人登记"), "未登记")
    if not why.strip():
        raise Refused(Decision.refuse("opening_reason", "M2.3", "开柜须写明事由"), "未登记")
    return PlaceOpening.objects.create(place=place, person=person, at=clock.now(), why=why.strip())


@deed("copies:open_place", reads=True)
def open_place(person: Person, uid: str) -> Place:
    """The card of a place, for those who read the register of places and whoever holds its combination. Raises NotThere."""
    place = next((one for one in queries.places() if one.uid == uid), None)
    holds = place is not None and any(row.person_id == person.pk and row.until is None for row in place.holders.all())
    if place is None or not (holds or person.posts() & SEE_PLACES):
        raise NotThere
    deeds.note(obj=place.item_key)
    return place


@deed("copies:list_places", reads=True)
def list_places(person: Person) -> list[Place]:
    """The register of places, for the office, the departments' secrecy officers and the auditor."""
    if not person.posts() & SEE_PLACES:
        raise NotThere
    found = queries.places()
    deeds.note(counts={"shown": len(found)})
    return found
