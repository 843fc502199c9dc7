"""What whoever decides a request reads of the item: exactly what the act needs, from submission to decision."""

from datetime import date
from typing import Any

import pytest

from mifeng.base import clock
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Concerned, Document, Handler, Knower
from mifeng.rooms.viewing import actions, queries
from tests import factories, matters

PAGES = factories.pdf("one", "two", "three", "four")
WANTED = Wanted(copies=1, pages=frozenset({2, 3}), destination="reading_room", recipient="评审组", people=(1, 2))
UNDER_HIM, NOT_UNDER_HIM = "copy", "circulate"


@pytest.fixture
def paper(house: Any, cast: Any) -> Document:
    """A paper of four pages that none of its approvers may know."""
    scope = factories.proposed(scope=factories.scope_of("niezx", "gexy"))
    return factories.readable(cast, data=PAGES, proposed=scope)


def ask(cast: Any, act: str, paper: Document, **changes: Any) -> Approval:
    """The drafter asks for it."""
    return matters.ask(cast.drafter, act, **{"item_key": paper.item_key, "wanted": WANTED, "number": "试〔2026〕9号"} | changes)


def opened(house: Any, person: Any, paper: Document) -> set[int]:
    """The pages of the paper that this person gets to see; empty when the reader does not open at all."""
    session = house.sit(person)
    try:
        reading, _file = actions.open_document(person, session, paper.uid)
    except (NotThere, Refused):
        return set()
    found = set()
    for page in range(1, 5):
        try:
            actions.open_page(person, session, reading, page)
        except (NotThere, Refused):
            continue
        found.add(page)
    assert set(queries.open_pages(reading)) == found
    return found


def ways(paper: Document, person: Any) -> set[str]:
    return set(Knower.objects.filter(document=paper, person=person).values_list("way", flat=True))


def forget(paper: Document, person: Any) -> None:
    """He is no more among those who know it: by a deed of the test's own, so that the first look is seen."""
    def act() -> None:
        for row in Knower.objects.filter(document=paper, person=person):
            row.delete()

    matters.inside(person, act)


def test_m2_1_the_supervising_deputy_opens_the_first_page_of_a_copy_until_he_decides(
    house: Any, cast: Any, paper: Document
) -> None:
    forget(paper, cast.deputy)
    assert opened(house, cast.deputy, paper) == set()
    with matters.of_papers("copy"):
        asked = ask(cast, "copy", paper)
        told = house.open_page_as(cast.deputy).get(f"/approvals/{asked.uid}/").content.decode()
        assert paper.title in told
        assert "只限第 1 页" in told
        assert ways(paper, cast.deputy) == {"title"}
        assert opened(house, cast.deputy, paper) == {1}
        assert ways(paper, cast.deputy) == {"title", "approval"}
        approvals.approve(cast.deputy, Approval.objects.get(pk=asked.pk))
        assert opened(house, cast.deputy, paper) == set()
        assert opened(house, cast.insider, paper) == {1, 2, 3, 4}


def test_c1_the_head_of_the_office_decides_a_circulation_by_title_alone(house: Any, cast: Any, paper: Document) -> None:
    with matters.of_papers("circulate"):
        asked = ask(cast, "circulate", paper)
        told = house.open_page_as(cast.office_head).get(f"/approvals/{asked.uid}/").content.decode()
        assert paper.title in told
        assert f"/read/{paper.uid}/" not in told
        assert ways(paper, cast.office_head) == {"title"}
        assert opened(house, cast.office_head, paper) == set()


@pytest.mark.parametrize("act", ["excerpt", "widen_scope", "destroy"])
def test_m2_1_for_an_act_that_is_judged_by_reading_exactly_the_pages_concerned_open(
    house: Any, cast: Any, paper: Document, act: str
) -> None:
    until = clock.end_of(date(2026, 4, 30))
    with matters.of_papers(act, conditions={"named_persons_only_at_top_secret": lambda *_: True}):
        asked = ask(cast, act, paper, wanted=Wanted(pages=frozenset({2, 3}), until=until))
        assert opened(house, cast.deputy, paper) == {2, 3}
        assert "approval" in ways(paper, cast.deputy)
        approvals.send_back(cast.deputy, asked, "材料不全")
        assert opened(house, cast.deputy, paper) == set()


def test_p0_3_single_pages_put_the_item_on_no_list_and_open_no_card(house: Any, cast: Any, paper: Document) -> None:
    with matters.of_papers("copy"):
        ask(cast, "copy", paper)
        assert opened(house, cast.deputy, paper) == {1}
        seen = documents.known(documents.viewer(cast.deputy, None))
        assert not seen.filter(pk=paper.pk).exists()
        assert paper.pk not in documents.keys(seen)
        client = house.open_page_as(cast.deputy)
        assert client.get(f"/documents/{paper.uid}/").status_code == 404
        assert paper.title not in client.get("/documents/").content.decode()


@pytest.mark.parametrize("who", ["other_deputy", "office_head", "sales_head", "secadmin", "outsider", "clerk"])
def test_p0_3_whoever_is_not_the_resolved_approver_gets_nothing(house: Any, cast: Any, paper: Document, who: str) -> None:
    person = getattr(cast, who)
    with matters.of_papers("copy"), matters.of_papers("excerpt"):
        waiting = [ask(cast, "copy", paper), ask(cast, "excerpt", paper)]
        assert opened(house, cast.deputy, paper) == {1, 2, 3}
        assert opened(house, person, paper) == set()
        client = house.open_page_as(person)
        hidden, absent = client.get(f"/read/{paper.uid}/"), client.get(f"/read/{'0' * 32}/")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        for asked in waiting:
            assert client.get(f"/approvals/{asked.uid}/").status_code == 404
        assert ways(paper, person) == set()


def test_m2_1_nobody_judges_for_a_request_that_is_over(house: Any, cast: Any, paper: Document) -> None:
    with matters.of_papers("copy"):
        asked = ask(cast, "copy", paper)
        session = house.sit(cast.deputy)
        reading, _file = actions.open_document(cast.deputy, session, paper.uid)
        actions.open_page(cast.deputy, session, reading, 1)
        approvals.withdraw(cast.drafter, asked)
        with pytest.raises(Refused) as refusal:
            actions.open_page(cast.deputy, session, reading, 1)
        assert not refusal.value.decision.knows
        assert queries.open_pages(reading) == []


def test_a2_h2_the_request_goes_to_the_next_one_who_may_know(house: Any, cast: Any, paper: Document) -> None:
    """The person concerned, whoever does not handle a sealed paper, whoever is cleared too low: none of them reads."""

    def seal() -> None:
        paper.sealed = True
        paper.save()
        for person in (cast.gm, cast.drafter, cast.deputy):
            Handler.objects.create(document=paper, person=person)
        Concerned.objects.create(document=paper, person=cast.deputy)

    matters.inside(cast.drafter, seal)
    with matters.of_papers("excerpt"):
        asked = ask(cast, "excerpt", paper, concerned=[cast.deputy])
        assert [person.login for person in approval_queries.candidates(asked)] == [cast.gm.login]
        assert opened(house, cast.gm, paper) == {1, 2, 3, 4}  # who handles it may read it, whatever he decides
        assert opened(house, cast.deputy, paper) == set()


def test_the_way_back_of_the_reader_leads_to_the_request(house: Any, cast: Any, paper: Document) -> None:
    with matters.of_papers("excerpt"):
        asked = ask(cast, "excerpt", paper)
        page = house.open_page_as(cast.deputy).get(f"/read/{paper.uid}/").content.decode()
        assert f'href="/approvals/{asked.uid}/"' in page
        assert 'data-mf-start="2"' in page
        assert [f'value="{n}"' in page for n in (1, 2, 3, 4)] == [False, True, True, False]
        own = house.open_page_as(cast.insider).get(f"/read/{paper.uid}/").content.decode()
        assert f'href="/documents/{paper.uid}/"' in own
        assert f"/approvals/{asked.uid}/" not in own
