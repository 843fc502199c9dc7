"""Deeds on desks: draw some, look at one, put right; and the slip of whoever gave everything back."""

import random
from datetime import date

from mifeng.base import clock, codes, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision, Level
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.models import DeskCheck, SignOff
from mifeng.rooms.copies.rules import desks
from mifeng.rooms.people.models import Person

MOST_DRAWN = 20
OCCASIONS = ("transfer", "leave")
_chance = random.SystemRandom()


@deed("copies:draw_desks")
def draw_desks(person: Person, count: int) -> list[DeskCheck]:
    """抽查: so many desks by lot, among those of persons cleared for levelled papers; never the drawer's own."""
    insist(desks.may_look(person.posts(), own=False), "未抽取")
    if not 1 <= count <= MOST_DRAWN:
        raise Refused(Decision.refuse("desks_drawn", "C4.3", "一次抽查一至二十处"), "未抽取")
    waiting = DeskCheck.objects.filter(looked_at=None).values("person_id")
    found = Person.objects.filter(active=True, clearance__gte=Level.CONFIDENTIAL).exclude(pk=person.pk).exclude(pk__in=waiting)
    drawn = _chance.sample(list(found), min(count, found.count()))
    deeds.note(counts={"desks": len(drawn)})
    return [DeskCheck.objects.create(person=one, drawn_on=clock.today()) for one in drawn]


@deed("copies:look_at_desk")
def look_at_desk(person: Person, uid: str, locked: bool, where: str = "", rectify_by: date | None = None) -> DeskCheck:
    """The desk was looked at: locked, or not, with where and the day by which it is put right (C4.3)."""
    check = DeskCheck.objects.select_related("person").filter(uid=uid).first()
    if check is None:
        raise NotThere
    codes.verify("desk", [check.pk])
    insist(desks.may_look(person.posts(), check.person_id == person.pk), "未记录")
    if check.looked_at is not None:
        raise Refused(Decision.refuse("looked_at_once", "C4.3", "此处已经检查过"), "未记录")
    insist(desks.may_enter_look(locked, rectify_by, clock.today()), "未记录")
    check.by, check.looked_at, check.locked, check.where, check.rectify_by = person, clock.now(), locked, where.strip(), rectify_by
    check.save()
    deeds.note(obj=check.person.item_key)
    if not locked:
        duties.remind(check.person_id, "desk", check.item_key, once=check.uid)
    return check


@deed("copies:rectify_desk")
def rectify_desk(person: Person, uid: str) -> DeskCheck:
    """Whoever found it, or the office, has seen that it was put right."""
    check = DeskCheck.objects.select_related("person").filter(uid=uid).first()
    if check is None or not check.open_finding:
        raise NotThere
    codes.verify("desk", [check.pk])
    insist(desks.may_look(person.posts(), check.person_id == person.pk), "未记录")
    check.rectified_at = clock.now()
    check.save()
    deeds.note(obj=check.person.item_key)
    return check


@deed("copies:list_desks", reads=True)
def list_desks(person: Person) -> list[DeskCheck]:
    """The looks at desks: all for those who look and the auditor, one's own for everybody else."""
    found = queries.desk_checks(None if person.posts() & (desks.LOOKS | {"auditor"}) else person)
    deeds.note(counts={"shown": len(found)})
    return found


@deed("copies:sign_off", subject="holder")
def sign_off(person: Person, holder: Person, occasion: str) -> SignOff:
    """清退单: this person holds nothing and keeps nothing, before he changes post or leaves (C5.1)."""
    if not person.posts() & {"gmo_head", "clerk", "hr"} or occasion not in OCCASIONS:
        raise Refused(Decision.refuse("office_signs_off", "C5.1", "清退单由总经办或人事签署"), "未签署")
    held, kept = queries.held_by(holder).count(), queries.kept_by(holder).count()
    insist(desks.may_sign_off(held, kept, holder.pk == person.pk), "未签署")
    return SignOff.objects.create(person=holder, by=person, at=clock.now(), occasion=occasion)
