"""What a refusal or a broken row code puts on other people's desks, in the transaction that records it."""

from typing import Any

from mifeng.base import clock, duties, vault
from mifeng.clauses import parameter
from mifeng.rooms.people import queries
from mifeng.rooms.people.models import Person


def watch_refusals(draft: Any, person: Person | None) -> None:
    """The fifth refusal of one person in a day stands on the security administrator's desk (P0.3)."""
    if not isinstance(person, Person) or not vault.is_open():  # a sealed house proves no entry, and counts none
        return
    if queries.refusals_today(person) + 1 >= int(parameter("P0.3", "refusals_a_day", on=clock.today())):
        for officer in queries.holders("secadmin"):
            duties.remind(officer.pk, "denied_often", person.item_key)


def alarm(tampering: Any, person: Person | None) -> None:
    """A row without its code: security administrator, auditor and the office are told at once."""
    for post in ("secadmin", "auditor", "gmo_head"):
        for told in queries.holders(post):
            duties.remind(told.pk, "tampered", f"{tampering.kind}:{tampering.pk}")
