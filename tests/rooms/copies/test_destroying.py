"""Destruction: five persons, step by step; the list is kept for ever, the item's keys are gone for ever."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import jobs, vault
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import actions, destruction_lists, destructions, queries, stock_sheets
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Destruction, Place
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from mifeng.rooms.viewing import actions as viewing
from tests import carrying, factories, holdings
from tests.matters import inside

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
    made = actions.list_for_destruction(cast.clerk, [copies[0].document], "项目已结束", "shred", "机要室", electronic)
    return actions.confirm_no_value(archivist(), made.uid)


def approved(cast: Any, copies: Any, electronic: bool = False) -> Destruction:
    """The same, approved by the deputy and in sealed bags."""
    made = listed(cast, copies, electronic)
    [request] = actions.ask_destruction(cast.clerk, made.uid)
    approvals.approve(approval_queries.candidates(request)[0], request, "同意")
    return actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.clerk, cast.second_clerk])


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


def test_m2_2_the_bags_are_taken_by_two_persons_entrusted_with_transit(house: Any, cast: Any, refused: Any) -> None:
    made = listed(cast, holdings.entered(cast, 1))
    [request] = actions.ask_destruction(cast.clerk, made.uid)
    decide(request)
    for one in (cast.insider, cast.office_head):  # nobody entrusted them
        with refused("M2.2"):
            actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.clerk, one])
    with refused("G4.5"):
        actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.clerk, cast.clerk])
    carrying.entrust(cast, cast.insider, level=10)
    with refused("M2.2"):  # the paper is 机密
        actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.clerk, cast.insider])
    carrying.entrust(cast, cast.insider)
    assert actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.clerk, cast.insider]).state == "bagged"


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
        actions.list_for_destruction(cast.clerk, [copies[0].document], "过时", "shred", "机要室")
    actions.set_aside(cast.clerk, copies[0], "过时")
    made = actions.list_for_destruction(cast.clerk, [copies[0].document], "过时", "shred", "机要室")
    with refused("G4.5"):  # the archive has not confirmed
        actions.ask_destruction(cast.clerk, made.uid)
    with refused("G4.5"):
        actions.confirm_no_value(cast.clerk, made.uid)
    with refused("G4.5"):
        actions.release(cast.clerk, copies[0], "留用")
    actions.confirm_no_value(archivist(), made.uid)
    [request] = actions.ask_destruction(cast.clerk, made.uid)
    with refused("G4.5"):  # nobody has approved it
        actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.clerk, cast.second_clerk])
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
        actions.list_for_destruction(cast.clerk, [copies[0].document], "过时", "shred", "机要室", electronic=True)
    actions.set_aside(cast.clerk, copies[1], "过时")
    assert actions.list_for_destruction(cast.clerk, [copies[0].document], "过时", "shred", "机要室", electronic=True)


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
    bags = {"do": "bags", "bags": "封0001", "carrier1": cast.clerk.uid, "carrier2": cast.second_clerk.uid}
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


PAGE = "/copies/destructions/"
TOLD = {"reason": "年终清理", "method": "shred", "place": "机要室", "do": "list"}


def approved_by_all(cast: Any, made: Any) -> None:
    """Confirmed by the archive, and every paper of the list approved."""
    actions.confirm_no_value(archivist(), made.list_uid)
    for request in actions.ask_destruction(cast.clerk, made.list_uid):
        decide(request)


def one_list(cast: Any, copies: Any, electronic: bool = False) -> Destruction:
    """The papers of these copies on one list."""
    return actions.list_for_destruction(cast.clerk, [copy.document for copy in copies], "年终清理", "shred", "机要室", electronic)


def in_safe(cast: Any, copy: Any) -> Any:
    """The copy lies where the others do."""
    actions.store(cast.clerk, [copy], Place.objects.get())
    return copy


def decide(request: Any, yes: bool = True) -> None:
    """The approver's word on one paper."""
    approver = approval_queries.candidates(request)[0]
    approvals.approve(approver, request, "同意") if yes else approvals.send_back(approver, request, "此件先归档")


def test_g4_5_papers_of_a_clear_up_stand_on_one_list_with_one_number_and_each_watcher_signs_once(
    house: Any, cast: Any, two_papers: Any
) -> None:  # fmt: skip
    clerk, keeper, executor = (house.open_page_as(who) for who in (cast.clerk, archivist(), cast.second_clerk))
    assert clerk.post(PAGE, TOLD).status_code == 422  # nothing was chosen
    made = clerk.post(PAGE, TOLD | {"paper": [copy.document.uid for copy in two_papers]})
    address = made.headers["Location"]
    before = len(house.log())
    assert keeper.post(address, {"do": "confirm"}).status_code == 302
    assert clerk.post(address, {"do": "ask"}).status_code == 302
    asked = list(Approval.objects.filter(act="destroy").order_by("pk"))
    assert {one.item_key for one in asked} == {copy.document.item_key for copy in two_papers}
    told = house.open_page_as(approval_queries.candidates(asked[0])[0]).get(f"/approvals/{asked[0].uid}/").content.decode()
    assert "同册另有 1 件，逐件审批" in told
    decide(asked[0])
    bags = {"do": "bags", "bags": "封0001-0002", "carrier1": cast.clerk.uid, "carrier2": cast.second_clerk.uid}
    assert clerk.post(address, bags).status_code == 403  # one paper is not approved yet
    decide(asked[1])
    assert clerk.post(address, bags).status_code == 302
    watchers = {"do": "destroy", "watcher1": cast.office_head.uid, "watcher2": cast.insider.uid}
    assert executor.post(address, watchers).status_code == 302
    for watcher in (cast.office_head, cast.insider):
        assert house.open_page_as(watcher).post(address, {"do": "watch"}).status_code == 302
    acts = [entry["act"] for entry in house.log()[before:] if entry["out"] == "allowed"]
    assert [acts.count(f"copies:{act}") for act in ("confirm_no_value", "seal_bags", "destroy", "watch_destruction")] == [1, 1, 1, 2]
    assert states(two_papers) == [State.DESTROYED] * 2
    assert {queries.ledger(copy)[-1].register_no for copy in two_papers} == {"销密〔2026〕0001"}
    assert {grant.uses_left for one in asked for grant in one.grants.all()} == {0}
    assert {Approval.objects.get(pk=one.pk).state for one in asked} == {"closed"}
    book = clerk.get("/registers/F10/")
    assert [str(line.cells[0]) for line in book.context["lines"]] == ["销密〔2026〕0001"] * 2
    assert queries.disagreements() == []
    asked_of = {"kind": "item", "item": two_papers[1].document.number, "since": "2026-01-01"}
    told = house.open_page_as(cast.auditor).get("/oversight/", asked_of).content.decode()
    assert all(words in told for words in ("执行销毁", "监销签字", "销毁列册"))  # also of a paper that was not alone on its list


def test_f10_the_form_of_a_list_has_every_paper_with_its_copies(house: Any, cast: Any, two_papers: Any) -> None:
    more = actions.enter(cast.clerk, two_papers[0].document, [2], 9)
    actions.set_aside(cast.clerk, in_safe(cast, more[0]), "过时")
    made = one_list(cast, two_papers)
    filled = inside(cast.clerk, stock_sheets.destruction, cast.clerk, None, made.list_uid)
    told = [(row[0], row[1].split()[-1], row[3]) for row in filled.lists["lines"].rows]
    assert told == [("1", "旧计划", "000001"), ("2", "旧计划", "000002"), ("3", "旧报告", "000001")]
    assert (filled.values["total_copies"], filled.values["total_pages"]) == ("3", "27")
    assert inside(cast.clerk, stock_sheets.destruction, cast.clerk, None, made.uid).lists == filled.lists  # by a line of its register


def test_f10_a_list_is_approved_on_paper_once_every_paper_of_it_is(house: Any, cast: Any, two_papers: Any) -> None:
    made, stamps = one_list(cast, two_papers), []
    actions.confirm_no_value(archivist(), made.list_uid)
    for request in actions.ask_destruction(cast.clerk, made.list_uid):
        decide(request)
        signs = inside(cast.clerk, stock_sheets.destruction, cast.clerk, None, made.list_uid).signs
        stamps.append([sign.stamp for sign in signs["approver"]])
    assert stamps == [[], ["批准"]]


def test_g4_5_a_paper_that_is_sent_back_leaves_its_list_and_the_others_go_on(house: Any, cast: Any, two_papers: Any, refused: Any) -> None:
    made = one_list(cast, two_papers)
    actions.confirm_no_value(archivist(), made.list_uid)
    first, second = actions.ask_destruction(cast.clerk, made.list_uid)
    decide(first, yes=False)
    decide(second)
    made.refresh_from_db()
    other = Destruction.objects.select_related("joined").get(document=two_papers[1].document)
    assert (made.state, other.state) == ("returned", "approved")
    assert [len(destruction_lists.of(cast.clerk, uid).papers) for uid in (made.uid, other.list_uid)] == [1, 1]
    assert actions.seal_bags(cast.clerk, other.list_uid, "封0001", [cast.clerk, cast.second_clerk]).state == "bagged"
    assert actions.ask_destruction(cast.clerk, made.uid)[0].state == "asked"


def test_g4_5_a_paper_is_struck_off_before_the_list_is_approved(house: Any, cast: Any, two_papers: Any, refused: Any) -> None:
    made = one_list(cast, two_papers)
    actions.confirm_no_value(archivist(), made.list_uid)
    with refused("G4.5"):
        actions.strike_off(cast.office_head, made.list_uid, made.uid)  # whoever listed it does
    clerk = house.open_page_as(cast.clerk)
    assert [paper["strike"] for paper in clerk.get(f"{PAGE}{made.list_uid}/").context["papers"]] == [True, True]
    clerk.post(f"{PAGE}{made.list_uid}/", {"do": "strike", "paper": made.uid})
    actions.release(cast.clerk, two_papers[0], "留用")
    other = Destruction.objects.select_related("joined").get(document=two_papers[1].document)
    with pytest.raises(NotThere):  # the last paper is not struck off: its list is given up
        actions.strike_off(cast.clerk, other.list_uid, other.uid)
    assert len(actions.ask_destruction(cast.clerk, other.list_uid)) == 1
    with refused("G4.5"):
        actions.drop_destruction(cast.clerk, other.list_uid)


def test_m2_1_what_lapsed_unused_is_asked_for_anew_and_nothing_of_the_list_is_destroyed_before(
    house: Any, cast: Any, two_papers: Any, refused: Any
) -> None:  # fmt: skip
    made = one_list(cast, two_papers)
    approved_by_all(cast, made)
    actions.seal_bags(cast.clerk, made.list_uid, "封0001", [cast.clerk, cast.second_clerk])
    with house.at(timedelta(days=8)):
        with refused("G4.5"):
            actions.destroy(cast.second_clerk, made.list_uid, [cast.office_head, cast.insider])
        assert house.open_page_as(cast.clerk).get(f"{PAGE}{made.list_uid}/").context["ask"]
        for request in actions.ask_destruction(cast.clerk, made.list_uid):
            decide(request)
        actions.seal_bags(cast.clerk, made.list_uid, "封0001", [cast.clerk, cast.second_clerk])
        assert actions.destroy(cast.second_clerk, made.list_uid, [cast.office_head, cast.insider]).state == "executed"


def test_g4_5_of_several_papers_those_whose_last_copy_goes_lose_their_files(house: Any, cast: Any, two_papers: Any, refused: Any) -> None:
    actions.enter(cast.clerk, two_papers[0].document, [2], 9)  # a copy of it stays
    with refused("G4.5"):
        one_list(cast, two_papers[:1], electronic=True)
    one_list(cast, two_papers, electronic=True)
    assert list(Destruction.objects.order_by("pk").values_list("electronic", flat=True)) == [False, True]


def test_p0_3_what_only_few_may_know_stands_on_no_list_with_others(house: Any, cast: Any, two_papers: Any, refused: Any) -> None:
    embargo(cast, two_papers[0].document)
    with refused("P0.3"):
        one_list(cast, two_papers)
    groups = house.open_page_as(cast.clerk).get(PAGE).context["groups"]
    assert [group["alone"] for group in groups] == [True, False]
    assert one_list(cast, two_papers[:1]).list_uid != one_list(cast, two_papers[1:]).list_uid


def test_p0_3_what_few_may_know_since_then_leaves_its_list_before_the_list_goes_on(
    house: Any, cast: Any, two_papers: Any, refused: Any
) -> None:  # fmt: skip
    made = one_list(cast, two_papers)
    approved_by_all(cast, made)
    embargo(cast, two_papers[0].document)
    with refused("P0.3"):
        actions.seal_bags(cast.clerk, made.list_uid, "封0001", [cast.clerk, cast.second_clerk])
    actions.strike_off(cast.clerk, made.list_uid, made.uid)
    assert destructions.running(two_papers[1])
    assert not destructions.running(two_papers[0])


def embargo(cast: Any, document: Any) -> None:
    """From now on the clerk and those who decide know of it, and it speaks of somebody."""
    handlers = (cast.clerk, cast.drafter, cast.deputy)
    documents.open_embargo(cast.gm, document, handlers=handlers, concerned=(cast.excluded,))


def test_p0_3_a_list_is_there_for_whoever_may_know_every_paper_of_it(house: Any, cast: Any, two_papers: Any) -> None:
    made = one_list(cast, two_papers)
    assert len(destruction_lists.of(cast.office_head, made.list_uid).papers) == 2
    people.set_clearance(cast.secadmin, archivist(), 10, "转岗")
    for uid in (made.list_uid, made.uid):
        with pytest.raises(NotThere):
            destruction_lists.of(archivist(), uid)
    assert destruction_lists.under_way(archivist()) == []


def test_g4_5_several_lists_take_a_step_together_and_the_refused_one_is_named(house: Any, cast: Any, two_papers: Any) -> None:
    lists = [one_list(cast, [copy]) for copy in two_papers]
    uids = [made.uid for made in lists]
    clerk, keeper = house.open_page_as(cast.clerk), house.open_page_as(archivist())
    assert clerk.post(PAGE, {"do": "confirm", "one": uids}).status_code == 404  # the archive confirms, not the lister
    assert [row["uid"] for row in keeper.get(PAGE).context["steps"][0]["rows"]] == uids[::-1]
    before = len(house.log())
    keeper.post(PAGE, {"do": "confirm", "one": uids})
    assert [entry["act"] for entry in house.log()[before:]].count("copies:confirm_no_value") == 2
    clerk.post(PAGE, {"do": "ask", "one": uids})
    for uid in uids:
        decide(approvals_of(f"{PAGE}{uid}/"))
    assert clerk.post(PAGE, {"do": "bags", "one": uids, "bags": ""}).status_code == 422
    carriers = {"carrier1": cast.clerk.uid, "carrier2": cast.second_clerk.uid}
    assert clerk.post(PAGE, {"do": "bags", "one": uids, "bags": "封0001-0002"} | carriers).status_code == 302
    executor = house.open_page_as(cast.second_clerk)
    wrong = {"watcher1": cast.clerk.uid, "watcher2": cast.insider.uid}  # whoever listed it
    page = executor.post(PAGE, {"do": "destroy", "one": uids} | wrong)
    assert (page.status_code, {fault["clause"] for fault in page.context["faults"]}) == (403, {"M1.1"})
