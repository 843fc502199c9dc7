"""Destruction: five persons, step by step; the list is kept for ever, the item's keys are gone for ever."""

from datetime import date
from typing import Any

import pytest

from mifeng.base import jobs, vault
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.copies import actions, destructions, queries
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Destruction
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from mifeng.rooms.viewing import actions as viewing
from tests import factories, holdings

DAY = date(2026, 3, 16)


def archivist() -> Any:
    return Person.objects.get(login="meiyx")


def entrust(cast: Any) -> None:
    """The second clerk is entrusted with destroying."""
    people.appoint(cast.office_head, cast.second_clerk, acts=("destroy",), level_max=20, since=DAY, until=date(2026, 12, 31))


def listed(cast: Any, copies: Any, electronic: bool = False) -> Destruction:
    """The copies are set aside and stand on a list that the archive has confirmed."""
    safe = holdings.place(cast)
    actions.store(cast.clerk, copies, safe)
    for copy in copies:
        actions.set_aside(cast.clerk, copy, "已过时")
    made = actions.list_for_destruction(cast.clerk, copies[0].document, "项目已结束", "shred", "机要室", electronic)
    return actions.confirm_no_value(archivist(), made.uid)


def approved(cast: Any, copies: Any, electronic: bool = False) -> Destruction:
    """The same, approved by the deputy and in sealed bags."""
    made = listed(cast, copies, electronic)
    request = actions.ask_destruction(cast.clerk, made.uid)
    approvals.approve(approval_queries.candidates(request)[0], request, "同意")
    return actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.office_head, cast.insider])


def destroyed(cast: Any, copies: Any, electronic: bool = False) -> Destruction:
    """The same, destroyed before two watchers who have signed."""
    entrust(cast)
    made = approved(cast, copies, electronic)
    actions.destroy(cast.second_clerk, made.uid, [cast.office_head, cast.insider])
    actions.watch_destruction(cast.insider, made.uid)
    return actions.watch_destruction(cast.office_head, made.uid)


def states(copies: Any) -> list[str]:
    for copy in copies:
        copy.refresh_from_db()
    return [copy.state for copy in copies]


def test_g4_5_a_destruction_goes_from_list_to_certificate_and_is_for_ever(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 2)
    made = destroyed(cast, copies)
    assert (made.number, made.state, states(copies)) == ("销密〔2026〕0001", "done", [State.DESTROYED] * 2)
    assert {row.register_no for row in [queries.ledger(copy)[-1] for copy in copies]} == {"销密〔2026〕0001"}
    assert copies[0].document.live  # the electronic item was not on the list
    client = house.open_page_as(cast.clerk)
    page = client.get("/registers/F10/")
    assert [str(line.cells[0]) for line in page.context["lines"]] == ["销密〔2026〕0001"] * 2
    assert queries.disagreements() == []


def test_m1_1_whoever_is_not_entrusted_with_destroying_does_not_destroy(house: Any, cast: Any) -> None:
    made = approved(cast, holdings.entered(cast, 1))
    with pytest.raises((Refused, NotThere)):
        actions.destroy(cast.second_clerk, made.uid, [cast.office_head, cast.insider])
    entrust(cast)
    assert actions.destroy(cast.second_clerk, made.uid, [cast.office_head, cast.insider]).state == "executed"


def test_m1_1_two_watch_and_neither_is_the_applicant_the_approver_or_whoever_destroys(house: Any, cast: Any) -> None:
    entrust(cast)
    copies = holdings.entered(cast, 1)
    made = approved(cast, copies)
    for watchers in ([cast.clerk, cast.insider], [cast.second_clerk, cast.insider], [cast.insider, cast.insider],
                     [cast.deputy, cast.insider]):  # fmt: skip
        with pytest.raises(Refused):
            actions.destroy(cast.second_clerk, made.uid, watchers)
    actions.destroy(cast.second_clerk, made.uid, [cast.office_head, cast.insider])
    assert states(copies) == [State.SET_ASIDE]
    with pytest.raises(NotThere):
        actions.watch_destruction(cast.outsider, made.uid)
    actions.watch_destruction(cast.insider, made.uid)
    with pytest.raises(Refused):  # each for himself, once
        actions.watch_destruction(cast.insider, made.uid)
    assert states(copies) == [State.SET_ASIDE]
    actions.watch_destruction(cast.office_head, made.uid)
    assert states(copies) == [State.DESTROYED]


def test_g4_5_no_step_is_left_out(house: Any, cast: Any, refused: Any) -> None:
    copies = holdings.entered(cast, 1)
    actions.store(cast.clerk, copies, holdings.place(cast))
    with refused("G4.5"):  # nothing is set aside
        actions.list_for_destruction(cast.clerk, copies[0].document, "过时", "shred", "机要室")
    actions.set_aside(cast.clerk, copies[0], "过时")
    made = actions.list_for_destruction(cast.clerk, copies[0].document, "过时", "shred", "机要室")
    with refused("G4.5"):  # the archive has not confirmed
        actions.ask_destruction(cast.clerk, made.uid)
    with refused("G4.5"):
        actions.confirm_no_value(cast.clerk, made.uid)
    with refused("G4.5"):
        actions.release(cast.clerk, copies[0], "留用")
    actions.confirm_no_value(archivist(), made.uid)
    request = actions.ask_destruction(cast.clerk, made.uid)
    with refused("G4.5"):  # nobody has approved it
        actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.office_head, cast.insider])
    approvals.send_back(approval_queries.candidates(request)[0], request, "先归档一份")
    made.refresh_from_db()
    assert made.state == "returned"
    actions.drop_destruction(cast.clerk, made.uid)
    actions.release(cast.clerk, copies[0], "留用")
    assert states(copies) == [State.DESK]


def test_g4_5_the_files_go_with_the_last_copy_only(house: Any, cast: Any, refused: Any) -> None:
    copies = holdings.entered(cast, 2)
    actions.store(cast.clerk, copies, holdings.place(cast))
    actions.set_aside(cast.clerk, copies[0], "过时")
    with refused("G4.5"):
        actions.list_for_destruction(cast.clerk, copies[0].document, "过时", "shred", "机要室", electronic=True)
    actions.set_aside(cast.clerk, copies[1], "过时")
    assert actions.list_for_destruction(cast.clerk, copies[0].document, "过时", "shred", "机要室", electronic=True)


@pytest.fixture
def paper(house: Any, cast: Any) -> Any:
    """A paper with pages and one copy."""
    document = factories.readable(cast)
    return document, actions.enter(cast.clerk, document, [1], 2)


def test_g4_5_from_the_intent_on_nothing_opens_the_item_and_its_keys_are_destroyed(house: Any, cast: Any, paper: Any) -> None:
    document, copies = paper
    session = house.sit(cast.insider)
    viewing.open_document(cast.insider, session, document.uid)
    original = document.files.get().original
    made = destroyed(cast, copies, electronic=True)
    intent = house.last()
    assert intent["act"] == "copies:watch_destruction"
    with pytest.raises((Refused, NotThere)):
        viewing.open_document(cast.insider, session, document.uid)
    assert destructions.keys_of(document)  # the intent is recorded, nothing is gone yet
    jobs.run_all()
    assert destructions.keys_of(document) == []
    assert not any(original in name for name in vault.opened()._blobs.names())
    made.refresh_from_db()
    assert made.shredded_at is not None
    assert [entry["act"] for entry in house.log()].count("copies:shredded") == 1
    page = house.open_page_as(cast.clerk).get("/registers/F10/")
    assert factories.TITLE in str(page.context["lines"][0].cells[1])  # kept for ever


def test_g4_5_a_crash_between_the_keys_and_the_record_is_completed(house: Any, cast: Any, paper: Any) -> None:
    document, copies = paper
    made = destroyed(cast, copies, electronic=True)
    vault.opened().shred(holding.object_id for holding in destructions.keys_of(document))  # the process died after this
    made.refresh_from_db()
    assert made.shredded_at is None
    jobs.run_all()
    made.refresh_from_db()
    assert made.shredded_at is not None


def test_the_pages_of_a_destruction_are_walked_by_its_five_persons(house: Any, cast: Any) -> None:
    entrust(cast)
    copies = holdings.entered(cast, 1)
    actions.store(cast.clerk, copies, holdings.place(cast))
    clerk, keeper = house.open_page_as(cast.clerk), house.open_page_as(archivist())
    clerk.post(f"/copies/{copies[0].uid}/deed/", {"do": "set_aside", "reason": "过时"})
    assert [group["copies"] for group in clerk.get("/copies/destructions/").context["groups"]] == [["000001"]]
    told = {"paper": copies[0].document.uid, "reason": "过时", "method": "shred", "place": "机要室", "do": "list"}
    address = clerk.post("/copies/destructions/", told).headers["Location"]
    assert keeper.post(address, {"do": "confirm"}).status_code == 302
    clerk.post(address, {"do": "ask"})
    request = approval_queries.candidates(approvals_of(address))[0]
    approvals.approve(request, approvals_of(address), "同意")
    bags = {"do": "bags", "bags": "封0001", "carrier1": cast.office_head.uid, "carrier2": cast.insider.uid}
    assert clerk.post(address, bags).status_code == 302
    executor = house.open_page_as(cast.second_clerk)
    watchers = {"do": "destroy", "watcher1": cast.office_head.uid, "watcher2": cast.insider.uid}
    assert executor.post(address, watchers).status_code == 302
    for watcher in (cast.office_head, cast.insider):
        screen = house.open_page_as(watcher)
        assert screen.get(address).context["watch"]
        screen.post(address, {"do": "watch"})
    assert clerk.get(address).context["one"].number == "销密〔2026〕0001"
    assert house.open_page_as(cast.outsider).get(address).status_code == 404


def approvals_of(address: str) -> Any:
    from mifeng.rooms.approvals.models import Approval

    return Approval.objects.get(uid=Destruction.objects.get(uid=address.split("/")[-2]).approval_uid)


@pytest.fixture
def two_papers(house: Any, cast: Any) -> Any:
    """A copy each of two papers, set aside by the clerk."""
    entrust(cast)
    copies = [actions.enter(cast.clerk, factories.classified(cast, title=title), [1], 9)[0] for title in ("旧计划", "旧报告")]
    actions.store(cast.clerk, copies, holdings.place(cast))
    for copy in copies:
        actions.set_aside(cast.clerk, copy, "过时")
    return copies


def test_g4_5_lists_of_a_clear_up_go_together_and_each_is_a_deed(house: Any, cast: Any, two_papers: Any) -> None:
    page = "/copies/destructions/"
    clerk, keeper, executor = (house.open_page_as(who) for who in (cast.clerk, archivist(), cast.second_clerk))
    told = {"reason": "年终清理", "method": "shred", "place": "机要室", "do": "list"}
    assert clerk.post(page, told).status_code == 422  # nothing was chosen
    assert clerk.post(page, told | {"paper": [copy.document.uid for copy in two_papers]}).status_code == 302
    uids = list(Destruction.objects.order_by("pk").values_list("uid", flat=True))
    assert len(uids) == 2
    assert clerk.post(page, {"do": "confirm", "one": uids}).status_code == 404  # the archive confirms, not the lister
    assert [row["uid"] for row in keeper.get(page).context["steps"][0]["rows"]] == uids[::-1]
    before = len(house.log())
    keeper.post(page, {"do": "confirm", "one": uids})
    assert [entry["act"] for entry in house.log()[before:]].count("copies:confirm_no_value") == 2
    clerk.post(page, {"do": "ask", "one": uids})
    for uid in uids:
        request = approvals_of(f"{page}{uid}/")
        approvals.approve(approval_queries.candidates(request)[0], request, "同意")
    assert clerk.post(page, {"do": "bags", "one": uids, "bags": ""}).status_code == 422
    carriers = {"carrier1": cast.office_head.uid, "carrier2": cast.insider.uid}
    assert clerk.post(page, {"do": "bags", "one": uids, "bags": "封0001-0002"} | carriers).status_code == 302
    watchers = {"watcher1": cast.office_head.uid, "watcher2": cast.insider.uid}
    assert executor.post(page, {"do": "destroy", "one": uids} | watchers).status_code == 302
    for watcher in (cast.office_head, cast.insider):
        assert house.open_page_as(watcher).post(page, {"do": "watch", "one": uids}).status_code == 302
    assert states(two_papers) == [State.DESTROYED] * 2
    assert set(Destruction.objects.values_list("number", flat=True)) == {"销密〔2026〕0001", "销密〔2026〕0002"}
    assert queries.disagreements() == []


def test_g4_5_of_several_lists_the_refused_one_is_named_and_the_other_stands(house: Any, cast: Any, two_papers: Any) -> None:
    told = {"paper": [copy.document.uid for copy in two_papers], "reason": "年终清理", "method": "shred", "place": "机要室", "do": "list"}
    first = two_papers[0].document
    actions.enter(cast.clerk, first, [2], 9)  # a copy of it stays, so its files do not go
    page = house.open_page_as(cast.clerk).post("/copies/destructions/", told | {"electronic": "on"})
    assert page.status_code == 403
    assert [(fault["name"], fault["clause"]) for fault in page.context["faults"]] == [(first.number, "G4.5")]
    assert [made.document_id for made in Destruction.objects.all()] == [two_papers[1].document_id]
