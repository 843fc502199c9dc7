"""The pages that people open daily, and what the server does for each of them."""

import statistics
import time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mifeng.base import clock
from mifeng.rooms.circulation.models import Dispatch, Incoming, Loan, Slip
from mifeng.rooms.copies.models import CarryOut, Copy, Count, Destruction, Excerpt, Place, Reproduction
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person
from tests.cast import LOGINS

REPEATED = 7
REGISTERS = tuple(f"F{n:02d}" for n in range(1, 12))
# Whoever opens it -> addresses; what stands in braces is put in by `names`.
PAGES = {
    "clerk": (
        "/", "/documents/", "/documents/{doc}/", "/approvals/", "/notices/", "/registers/", "/copies/", "/copies/?after={middle}",
        "/copies/?view=away", "/copies/?view=gone", "/copies/?view=unplaced", "/copies/?view=held", "/copies/{copy}/", "/copies/scan/",
        "/copies/scan/?code={code}", "/copies/places/", "/copies/places/{place}/", "/copies/counts/", "/copies/counts/{sheet}/",
        "/copies/jobs/", "/copies/jobs/{run}/", "/copies/trips/{trip}/", "/copies/destructions/", "/copies/destructions/{list}/",
        "/copies/desks/", "/copies/import/", "/circulation/receipts/", "/circulation/receipts/new/", "/circulation/receipts/{receipt}/",
        "/circulation/slips/", "/circulation/slips/?view=done", "/circulation/slips/{slip}/", "/circulation/loans/",
        "/circulation/loans/?view=late", "/circulation/loans/?view=back", "/circulation/loans/{loan}/", "/circulation/dispatches/",
        "/circulation/dispatches/{dispatch}/", "/circulation/filings/",
        *(f"/registers/{form}/" for form in REGISTERS), *(f"/registers/{form}/?year={{year}}" for form in REGISTERS),
    ),
    "gm": ("/", "/documents/", "/documents/{doc}/", "/approvals/", "/registers/F08/", "/registers/F04/?year={year}", "/notices/"),
    "deputy": ("/", "/documents/", "/documents/terms/", "/approvals/"),
    "office_head": ("/", "/documents/", "/copies/counts/", "/circulation/receipts/", "/circulation/filings/",
                    "/registers/F05/?year={year}"),
    "insider": ("/", "/documents/", "/documents/{doc}/", "/me/", "/copies/?view=held", "/circulation/slips/", "/circulation/loans/"),
    "outsider": ("/", "/documents/", "/copies/"),
    "auditor": ("/", "/oversight/", "/registers/F05/?year={year}"),
    "sysadmin": ("/", "/system/"),
}  # fmt: skip


def names() -> dict[str, Any]:
    """What the addresses are made of: rows of the middle of the register, and the demonstration's own where only these will do."""
    clerk, doc = Person.objects.get(login=LOGINS["clerk"]), _known_to_all()
    own = Copy.objects.filter(custodian=clerk, state="stored")
    long = own.order_by("-moves", "pk").first()
    return {
        "doc": doc.uid, "copy": long.uid, "code": long.code, "middle": _middle(own).pk, "year": clock.today().year - 2,
        "place": Place.objects.get(code="BX-04").uid, "sheet": Count.objects.filter(kind="stock").latest("pk").uid,
        "receipt": _middle(Incoming.objects.all()).uid, "slip": _middle(Slip.objects.all()).uid, "loan": _middle(Loan.objects.all()).uid,
        "dispatch": _middle(Dispatch.objects.all()).uid, "list": _middle(Destruction.objects.filter(by=clerk)).uid,
        "run": Reproduction.objects.order_by("pk").first().approval_uid, "trip": CarryOut.objects.order_by("pk").first().approval_uid,
        "excerpt": Excerpt.objects.order_by("pk").first().approval_uid,
    }  # fmt: skip


def _known_to_all() -> Any:
    """A paper that general manager and insider may read."""
    readers = [Person.objects.get(login=LOGINS[who]) for who in ("gm", "insider")]
    found = [set(queries.keys(queries.known(queries.viewer(reader, None)).filter(live=True))) for reader in readers]
    return Document.objects.get(pk=min(found[0] & found[1]))


def _middle(rows: Any) -> Any:
    found = rows.order_by("pk")
    return found[found.count() // 2]


def seated(who: str) -> Client:
    """A browser in which this person has sat down at the demonstration."""
    client = Client(headers={"accept": "text/html"})
    client.post("/demo/", {"person": Person.objects.get(login=LOGINS[who]).uid})
    return client


def measured(repeated: int = REPEATED) -> dict[str, tuple[float, int]]:
    """Median CPU milliseconds and statements of each page, by person and address."""
    told, filled = {}, names()
    for who, places in PAGES.items():
        client = seated(who)
        for place in places:
            address = place.format(**filled)
            opened(client, address)
            times = [_milliseconds(client, address) for _ in range(repeated)]
            with CaptureQueriesContext(connection) as caught:
                opened(client, address)
            told[f"{who} {place}"] = statistics.median(times), len(caught.captured_queries)
    return told


def _milliseconds(client: Client, address: str) -> float:
    start = time.process_time()
    opened(client, address)
    return (time.process_time() - start) * 1e3


def opened(client: Client, address: str) -> None:
    """The page; anything but the page ends the benchmark."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
