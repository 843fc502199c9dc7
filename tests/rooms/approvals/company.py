"""The demonstration company as the rules see it, from a copy of its organisation file."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from mifeng.rooms.approvals.facts import BPerson, DepartmentFacts, Organisation, PersonFacts

CLEARED = {"核心": 30, "重要": 20, "一般": 10, "无": 5}
TODAY = date(2026, 11, 23)


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "org.toml").read_text("utf-8"))


@cache
def pid(name: str) -> int:
    """A person's number: his place in the file, from 1."""
    return next(place for place, person in enumerate(_read()["person"], 1) if person["name"] == name)


@cache
def dept(code: str) -> int:
    """A department's number: its place in the file, from 1."""
    return next(place for place, row in enumerate(_read()["dept"], 1) if row["code"] == code)


def name_of(number: int) -> str:
    """The person of a number."""
    return str(_read()["person"][number - 1]["name"])


@cache
def company() -> Organisation:
    """Everybody of the file, all active, on the day it was written for."""
    read = _read()
    people = tuple(
        PersonFacts(pid(p["name"]), dept(p["dept"]), frozenset(p["roles"]), CLEARED[p["cleared"]])
        for p in read["person"]
    )
    departments = tuple(DepartmentFacts(dept(d["code"]), pid(d["supervisor"])) for d in read["dept"])
    b_persons = tuple(BPerson(officer["role"], pid(officer["b"])) for officer in read["company"]["officers"])
    return Organisation(TODAY, people, departments, b_persons=b_persons)
