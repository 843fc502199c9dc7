"""The house of a simulation: founded as a demonstration in empty folders, everybody pledged and tested, clerks entrusted."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from mifeng.base import clock, vault
from mifeng.engines.vault import Cost
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import queries as people_queries
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import actions as training
from mifeng.site import start
from mifeng.site.cli.init import founding

FOUNDED = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
CARRIERS = ("make", "mail", "transit", "use", "copy", "excerpt", "keep", "destroy")


class NotEmpty(Exception):
    """There is a house here already: a simulation takes an empty place only."""


def found(org: dict[str, Any]) -> None:
    """Found the house in the folders of this process. Raises NotEmpty."""
    start.folders()
    start.migrate()
    if vault.exists() or Person.objects.exists():
        raise NotEmpty
    vault.create("thrown away", Cost(memory_kib=64, passes=1, lanes=1))
    start.house()
    with clock.played(FOUNDED):
        people.found(None, replace(founding(org, "demo", ready=True), since=date(2025, 12, 1)))
        approvals.load(None)
        entrust()


def pledge(holder: Person) -> None:
    """Test and pledge of somebody who is to read."""
    hr = next(person for person in people_queries.holders("hr") if person.pk != holder.pk)
    training.record_test(hr, holder, 90, clock.today())
    training.sign_pledge(holder)


def entrust() -> None:
    """委托 of every clerk until the end of the year."""
    head = people_queries.holders("gmo_head")[0]
    for clerk in people_queries.holders("clerk"):
        people.appoint(
            head, clerk, acts=CARRIERS, level_max=clerk.clearance, since=clock.today(), until=date(clock.today().year, 12, 31),
        )  # fmt: skip
