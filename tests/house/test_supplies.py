"""Every fact of the rule table is supplied by one room, or listed as 未启用: none stands at a neutral value in silence."""

from dataclasses import replace

import pytest

from mifeng.base import room
from mifeng.engines import access


@pytest.fixture
def rooms(django_house, monkeypatch):
    """Announcements that a test may change."""
    found = list(room.rooms())

    def announce(name: str, **changed: object) -> None:
        at = next(place for place, one in enumerate(found) if one.name == name)
        found[at] = replace(found[at], **changed)
        monkeypatch.setattr(room, "rooms", lambda: tuple(found))

    return announce


def test_what_is_supplied_and_what_is_awaited_is_the_whole_table(django_house):
    awaited = {row.name for row in access.awaited()}
    named = {spec.name for spec in (*access.FACTS, *access.RELATIONS)}
    assert set(room.supplied()) | awaited == named
    assert not set(room.supplied()) & awaited
    room.check()


def test_doctor_lists_what_nobody_supplies(house):
    from mifeng.site import capability  # the rooms are loaded with Django

    lines = {line.name: line for line in capability.lines() if line.group == "判定条件"}
    assert {row.name for row in access.awaited()} == set(capability.AWAITED)
    assert set(lines) == {str(word) for word in capability.AWAITED.values()}
    assert "M4" in lines["总经理事前批准"].words
    assert capability.exit_code(list(lines.values())) == 0  # not in use yet is no part missing


@pytest.mark.parametrize(
    ("name", "supplies", "says"),
    [
        ("documents", ("level",), "nobody supplies"), ("viewing", ("level",), "supplied by"), ("viewing", ("moon",), "does not know"),
        ("viewing", ("grant_by_gm",), "still awaits"),
    ],
    ids=["too few", "twice", "unknown", "awaited"],
)  # fmt: skip
def test_the_house_does_not_stand_on_announcements_that_contradict_the_table(rooms, name, supplies, says):
    rooms(name, supplies=supplies)
    with pytest.raises(room.HouseDoesNotStand, match=says):
        room.check()
