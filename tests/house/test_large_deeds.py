"""A deed that changes more objects than one entry of the log holds is recorded whole: its own entry, then its states."""

import pytest

from mifeng.base import codes, deeds, record, vault
from mifeng.engines.vault import Cost
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Department, Person
from mifeng.site import start, verification
from mifeng.site.cli.init import founding
from tests import cluster
from tests.house_fixtures import company, open_folders

HIRED = 900  # three entries
STAFF = 1_300  # one entry of 60,000 bytes would hold the states of some 1,200


def hire(count: int, fault: Exception | None = None) -> list[Person]:
    """So many persons entered by one deed; raises the fault at its end, if there is one."""
    made = []

    def act() -> None:
        department = Department.objects.first()
        for number in range(count):
            made.append(Person.objects.create(name=f"职员{number}", login=f"staff{number}", department=department))
        if fault:
            raise fault

    deeds._do("people:test_hired", None, None, act)
    return made


def test_a_deed_on_many_objects_is_recorded_whole(house):
    before = record.head()[0]
    hired = hire(HIRED)
    told = house.log()[before:]
    assert [entry["act"] for entry in told] == ["people:test_hired"] + ["record:states"] * (len(told) - 1)
    assert len({entry["req"] for entry in told}) == 1
    assert all("actor" not in entry and "m" in entry for entry in told[1:])
    states = [key for entry in told for key in entry["st"]]
    assert sorted(states) == sorted(f"person:{person.pk}" for person in hired)
    assert verification.run() == []


def test_its_last_object_is_watched_like_its_first(house):
    last = hire(HIRED)[-1]
    record.start()  # as another process reads it
    codes.verify("person", [last.pk])
    with cluster.administrator(house.home) as administrator:
        administrator.do("UPDATE people_person SET clearance = 30 WHERE id = ?", last.pk)
    with pytest.raises(codes.Tampered):
        codes.verify("person", [last.pk])


def test_a_snapshot_follows_each_of_its_entries(house):
    read, _keys = record.changed_since("person", 0)
    hired = hire(HIRED)
    assert record.changed_since("person", read)[1] == {person.pk for person in hired}


def test_a_large_deed_that_fails_leaves_nothing_and_the_log_goes_on(house):
    before = record.head()[0]
    with pytest.raises(ZeroDivisionError):
        hire(HIRED, ZeroDivisionError())
    assert [entry["act"] for entry in house.log()[before:]] == ["people:test_hired"]
    assert house.last()["out"] == "failed"
    hire(1)
    assert verification.run() == []


def test_the_states_of_a_large_deed_fail_with_its_entry(house, monkeypatch):
    """The second entry cannot be written: neither is the first, and the next deed meets the log it left."""
    before, add = record.head()[0], record.TABLES.add
    monkeypatch.setattr(record.TABLES, "add", lambda seq, *rest: add(seq, *rest) if seq == before else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hire(HIRED)
    monkeypatch.undo()
    assert not Person.objects.filter(login="staff0").exists()
    hire(1)
    assert [entry["act"] for entry in house.log()[before:]] == ["people:test_hired"] * 2
    assert verification.run() == []


def test_a_small_deed_is_one_entry(house):
    before = record.head()[0]
    hire(3)
    assert record.head()[0] == before + 1


def test_a_company_of_thirteen_hundred_is_founded_by_one_deed(house, tmp_path):
    """The founding itself, with posts and accounts: everybody's rights are watched from the first entry on."""
    org = company()
    like = next(row for row in org["person"] if row["roles"] == ["employee"])
    org["person"] += [like | {"name": f"职员{n}", "login": f"staff{n}"} for n in range(STAFF)]
    open_folders(tmp_path / "var", tmp_path / "keys")
    start.folders()
    start.migrate()
    vault.create("throw-away", Cost(memory_kib=64, passes=1, lanes=1))
    record.start()
    people.found(None, founding(org, "real", ready=True))
    assert {entry["act"] for entry in house.log()} == {"people:found", "record:states"}
    assert Person.objects.count() == len(org["person"])
    assert verification.run() == []
