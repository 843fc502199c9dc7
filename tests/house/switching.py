"""A pytest plugin: each rule is switched to every answer it can give, and the scenarios of its clauses are run again.

    python -m pytest -p tests.house.switching --switching-to FILE tests/clauses

One process, one founded house: the tests are collected once and run as often as there are rules. FILE gets, as JSON, a
list of {"rule", "to", "clauses", "noticed"}: `noticed` is the first test that failed, "" when every one passed as if
nothing had happened, null when no scenario of these clauses has a test yet.
"""

import datetime
import json
import typing
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from mifeng.base import room
from mifeng.clauses import enforcing
from mifeng.engines import access
from mifeng.engines.access import Decision

# What a rule of this kind can answer. A rule whose answer is a figure or a word is set to the ones that change most.
ANSWERS: dict[Any, Callable[[enforcing.Rule], list[Any]]] = {
    Decision: lambda rule: [
        Decision.permit("switched", rule.clauses[0]), Decision.refuse("switched", rule.clauses[0], "试")
    ],
    bool: lambda rule: [True, False],
    int: lambda rule: [5, 30],
    str: lambda rule: ["keep", "end"] if rule.name.endswith("earlier_session") else [""],
    int | None: lambda rule: [None, 1],
    datetime.date | None: lambda rule: [None, datetime.date(2199, 1, 1)],
}  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--switching-to", help="where the findings go")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    from tests import prepared  # app loading

    room.rooms()  # every room's rules are loaded
    prepared.off()
    tests: dict[str, list[pytest.Item]] = {}
    for item in session.items:
        for clause in {clause_of(str(number)) for mark in item.iter_markers("scenario") for number in mark.args}:
            tests.setdefault(clause, []).append(item)
    for item in dict.fromkeys(item for found in tests.values() for item in found):
        if not passes(item):
            raise pytest.UsageError(f"{item.nodeid} fails with every rule in its place")
    findings = [noticing(tests, *switch) for switch in (*rules(), *rows())]
    Path(session.config.getoption("--switching-to")).write_text(json.dumps(findings, ensure_ascii=False))
    return True


def clause_of(number: str) -> str:
    """M2.1 of M2.1/2."""
    return number.partition("/")[0]


Switch = tuple[str, str, tuple[str, ...], AbstractContextManager[None]]


def rules() -> Iterator[Switch]:
    """Every function that @enforces a clause, with every answer."""
    for rule in list(enforcing.RULES.values()):
        for to in ANSWERS[typing.get_type_hints(rule.function)["return"]](rule):
            said = to.allow if isinstance(to, Decision) else to
            yield rule.name, repr(said), rule.clauses, enforcing.switched(rule.name, to)


def rows() -> Iterator[Switch]:
    """Every row of the access table that permits or denies, never and always."""
    for row in access.explain():
        for to in ("off", "always") if row.effect != "default" else ():
            yield row.id, to, (row.clause, *row.also), access.switched(row.id, to)


def noticing(
    tests: dict[str, list[pytest.Item]], name: str, to: str, clauses: tuple[str, ...], switch: AbstractContextManager[None]
) -> dict[str, Any]:  # fmt: skip
    found = list(dict.fromkeys(item for clause in clauses for item in tests.get(clause, ())))
    with switch:
        noticed = next((item.nodeid for item in found if not passes(item)), "") if found else None
    return {"rule": name, "to": to, "clauses": clauses, "noticed": noticed}


def passes(item: pytest.Item) -> bool:
    """How the test ends now. Handing the session on as what comes next tears down all but the founded house."""
    reports = runtestprotocol(item, nextitem=item.session, log=False)  # type: ignore[arg-type]
    return all(report.passed or report.skipped for report in reports)
