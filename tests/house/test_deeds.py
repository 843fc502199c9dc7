"""Every change is a deed: listed, named, and never without exactly one line, however it ends."""

import importlib
import inspect
import re

import pytest

from mifeng.base import deeds, room
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines.access import Decision

# Public functions of actions that run inside somebody else's deed, which records them, or read no row at all.
INSIDE = {
    "mifeng.rooms.oversight.actions.proving.last_proof": "what the deed oversight:verify has found, in memory",
    "mifeng.rooms.documents.actions.changing.changed": "the approval carries it out",
    "mifeng.rooms.documents.actions.changing.kept": "the approval that was returned",
    "mifeng.rooms.documents.actions.classifying.decided": "the approval carries it out",
    "mifeng.rooms.documents.actions.classifying.returned": "the approval that was returned",
    "mifeng.rooms.documents.actions.scoping.widened": "the approval carries it out",
    "mifeng.rooms.documents.actions.registering.attach": "shared by registering and by a new version",
    "mifeng.rooms.documents.actions.registering.taken_over": "a list or an old ledger is confirmed as one",
    "mifeng.rooms.documents.actions.registering.received": "what circulation receives is registered by the deed of the receipt",
    "mifeng.rooms.documents.actions.registering.ask_classification": "shared by registering and by a new proposal",
}  # fmt: skip


@pytest.fixture(scope="module")
def rooms(django_house):
    return {found.name: found for found in room.rooms()}


def actions_of(name: str) -> dict[str, object]:
    """Public functions of a room's actions module, and of its parts where it is a package, by full name."""
    module = importlib.import_module(f"mifeng.rooms.{name}.actions")
    parts = [module]
    if hasattr(module, "__path__"):
        names = {value.__module__ for value in vars(module).values() if inspect.isfunction(value)}
        parts = [importlib.import_module(part) for part in sorted(names)]
    return {
        f"{part.__name__}.{name}": value
        for part in parts
        for name, value in vars(part).items()
        if inspect.isfunction(value) and value.__module__ == part.__name__ and not name.startswith("_")
    }


def test_every_public_function_of_an_actions_module_is_a_deed_that_its_room_lists(rooms):
    functions = {full: value for name in rooms for full, value in actions_of(name).items()}
    assert {full for full, value in functions.items() if not hasattr(value, "deed")} == set(INSIDE)
    found = {value.deed.name for value in functions.values() if hasattr(value, "deed")}
    listed = [deed.deed.name for announced in rooms.values() for deed in announced.deeds]
    assert sorted(listed) == sorted(found)
    assert len(listed) == len(set(listed))


def test_a_deed_is_called_by_its_room_and_a_verb(rooms):
    for name, announced in rooms.items():
        for deed in announced.deeds:
            assert re.fullmatch(rf"{name}:[a-z_]+", deed.deed.name), deed.deed.name


def refused():
    raise Refused(Decision.refuse("made_up", "P0.2", "试"), "未办")


def absent():
    raise NotThere


def broken():
    raise ZeroDivisionError("a secret stands in this sentence")


@pytest.mark.parametrize(
    ("end", "fault", "out", "why"),
    [
        (refused, Refused, "refused", ["P0.2"]), (absent, NotThere, "refused", ["P0.3"]),
        (broken, ZeroDivisionError, "failed", ["ZeroDivisionError"]),
    ],
)  # fmt: skip
def test_whatever_ends_badly_leaves_one_line_and_only_the_class_of_a_fault(house, cast, end, fault, out, why):
    size = len(house.log())
    with pytest.raises(fault):
        deeds._do("people:test_end", cast.outsider, None, end)
    new = house.log()[size:]
    assert [(entry["act"], entry["out"], entry["why"]) for entry in new] == [("people:test_end", out, why)]
    assert "secret stands" not in str(new)


def test_every_deed_that_is_called_wrongly_fails_and_leaves_its_own_line(house, cast, rooms):
    """Called without its arguments each of them fails inside the wrapper: nobody is called past it."""

    for announced in rooms.values():
        for deed in announced.deeds:
            if len(inspect.signature(deed.deed.function).parameters) == 1:
                continue  # what needs nobody but the person cannot be called wrongly
            size = len(house.log())
            with pytest.raises(TypeError):
                deed(cast.outsider)
            new = house.log()[size:]
            assert [(e["act"], e["out"], e["why"]) for e in new] == [(deed.deed.name, "failed", ["TypeError"])], deed


def test_a_deed_inside_a_deed_is_impossible(house, cast):
    def nested():
        deeds._do("people:test_inner", cast.outsider, None, lambda: None)

    size = len(house.log())
    with pytest.raises(RuntimeError):
        deeds._do("people:test_outer", cast.outsider, None, nested)
    assert [entry["act"] for entry in house.log()[size:] if entry["out"] == "allowed"] == []


def test_the_house_does_not_start_on_two_deeds_of_one_name(rooms):
    with pytest.raises(ValueError, match="documents:register"):
        deeds.deed("documents:register")(lambda person: None)
