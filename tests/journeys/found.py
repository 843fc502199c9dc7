"""A demonstration house for the journeys, founded in a child process: few papers, real deeds, a real vault.

    python -m tests.journeys.found FOLDER DOC-006 DOC-029 …     (without papers: all forty)

Leaves FOLDER/var, FOLDER/var-keys, FOLDER/var/demo-unseal and FOLDER/house.json:
{"people": {login: uid}, "papers": {id: uid},
"requests": {id: uid of the open request}}.
One paper (DOC-004, 绝密) is left waiting for the general manager, so that he has something to decide.
With JOURNEY_AT (tests.journeys.otherday) the company's past ends at that instant.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

WAITING = "DOC-004"


def found(folder: Path, papers_wanted: set[str]) -> None:
    """Play the past of the company with these papers only; static files are collected, as `mifeng up` does."""
    os.environ |= house_of(folder)
    from mifeng.site import start  # app loading: the folders are named first
    from tests.journeys import otherday

    otherday.play()

    start.django_up()
    from mifeng.rooms.approvals.models import Approval
    from mifeng.rooms.documents.models import Document
    from mifeng.rooms.people.models import Person
    from mifeng.site.demo import loader

    start.folders()
    start.migrate()
    start.static_files()
    loader.make_vault(folder / "var" / "demo-unseal")
    start.house()
    loader.load(only=papers_wanted or None)
    wait_for_gm(WAITING)
    titles = {document.title: document.uid for document in Document.objects.all()}
    asked = dict(Approval.objects.filter(state="asked").values_list("item_key", "uid"))
    papers = {row["id"]: titles[row["title"]] for row in loader.data().papers if row["title"] in titles}
    told = {
        "people": dict(Person.objects.values_list("login", "uid")),
        "papers": papers,
        "requests": {key: asked[f"documents:{uid}"] for key, uid in papers.items() if f"documents:{uid}" in asked},
    }
    if not papers_wanted:
        told["things"] = things()
    (folder / "house.json").write_text(json.dumps(told))


def things() -> dict[str, str]:
    """Addresses in the rooms of copies and circulation, by what stands there: for pictures of the whole demonstration."""
    from mifeng.rooms.approvals.models import Approval  # app loading
    from mifeng.rooms.circulation import models as circulation
    from mifeng.rooms.copies import models as copies

    def first(rows: Any) -> str:
        return str(rows.order_by("-pk").values_list("uid", flat=True).first() or "")

    def granted(act: str, *states: str) -> str:
        return first(Approval.objects.filter(act=act, state__in=states))

    loans, slips, counts = circulation.Loan.objects, circulation.Slip.objects, copies.Count.objects
    return {
        "receipt": first(circulation.Incoming.objects.filter(envelope="broken")),
        "arrival": first(circulation.Incoming.objects.filter(state="arrived")),
        "slip_out": first(slips.filter(state="open", electronic=False)), "slip_waiting": first(slips.filter(state="approved")),
        "slip_done": first(slips.filter(state="done")),
        "loan_late": str(loans.filter(state="lent").order_by("due_at").values_list("uid", flat=True).first() or ""),
        "loan_waiting": first(loans.filter(state="approved")), "loan_back": first(loans.filter(state="back")),
        "dispatch": first(circulation.Dispatch.objects.filter(via="carried", parcels__seal_found="签-0263")),
        "parcel": first(circulation.Parcel.objects.filter(delivered_at=None, seal="签-0318")),
        "filing": first(circulation.Filing.objects.filter(filed_at=None)),
        "count": first(counts.filter(closed_at=None)), "clear_up": first(counts.filter(kind="year")),
        "destroyed": first(copies.Destruction.objects.filter(state="done", joined__isnull=False)),
        "destroying": first(copies.Destruction.objects.filter(state="listed")),
        "copy_late": first(copies.Copy.objects.filter(state="lent")), "copy_missing": first(copies.Copy.objects.filter(state="missing")),
        "copy_void": first(copies.Copy.objects.filter(state="void")), "copy_made": first(copies.Copy.objects.filter(rep__gt=0)),
        "place": first(copies.Place.objects.filter(code="BX-04")), "job": granted("copy", "approved"),
        "job_done": granted("copy", "closed", "registered"), "trip": granted("carry_out", "registered"),
        "trip_done": granted("carry_out", "closed"), "excerpt": granted("excerpt", "closed", "registered"),
        "excerpt_to_take": granted("excerpt", "approved"), "copy_asked": granted("copy", "asked"),
        "sign": first(copies.Movement.objects.filter(event="hand_over", signed_at=None)),
        "label": str(copies.Copy.objects.filter(state="desk").order_by("-pk").values_list("code", flat=True).first() or ""),
        "ledger": first(copies.OldLedger.objects.all()),
    }  # fmt: skip


def wait_for_gm(paper: str) -> None:
    """Register this paper today and let everybody but the general manager approve it."""
    from mifeng.rooms.approvals import actions, queries  # app loading
    from mifeng.rooms.approvals.models import Approval
    from mifeng.rooms.documents.actions import register
    from mifeng.rooms.documents.models import Document
    from mifeng.site.demo import loader

    past = loader.Past(loader.data(), lambda text: None)
    row = next(row for row in past.data.papers if row["id"] == paper)
    if any(document.title == row["title"] for document in Document.objects.all()):
        return
    document = register(past.person(row["owner"]), past.new(row, past.uploads(row)))
    while request := Approval.objects.filter(item_key=document.item_key, state="asked").first():
        approver = queries.candidates(request)[0]
        if "gm" in approver.posts():
            return
        actions.approve(approver, request, "经审核,同意")


def house_of(folder: Path) -> dict[str, str]:
    """The settings of a house in this folder."""
    return {
        "MIFENG_HOME": str(folder / "var"), "MIFENG_KEYSTORE": str(folder / "var-keys"), "MIFENG_FAST_DISK": "1",
        "MIFENG_UNSEAL_FILE": str(folder / "var" / "demo-unseal"),
    }  # fmt: skip


if __name__ == "__main__":
    found(Path(sys.argv[1]), set(sys.argv[2:]))
