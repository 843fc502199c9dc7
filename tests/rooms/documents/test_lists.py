"""The register as a list: two ways to the same rows, pages by keyset, nothing of what is hidden, plans that stay."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mifeng.base import clock, deeds
from mifeng.base.codes import Tampered
from mifeng.engines.access import decide, key
from mifeng.engines.access.readings import listing
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as asked
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.models import Concerned, Document, Handler
from mifeng.rooms.people import scopes
from mifeng.rooms.people.models import AudienceRow, AudienceSet, Person
from tests import cluster, factories
from tests.cast import Cast
from tests.house_fixtures import House

SCAN, GATHER = True, False


def changed(document: Document, **columns: Any) -> Document:
    """The item with other facts, written by a deed of the test's own."""

    def act() -> None:
        handlers, concerned = columns.pop("handlers", ()), columns.pop("concerned", ())
        for name, value in columns.items():
            setattr(document, name, value)
        document.save()
        for model, persons in ((Handler, handlers), (Concerned, concerned)):
            for person in persons:
                model.objects.create(document=document, person=person)

    deeds._do("documents:test_changed", None, None, act)
    return document


@pytest.fixture
def shelf(house: House, cast: Cast) -> list[Document]:
    """Eleven items, oldest first: plain, other scopes, embargo with its handlers, sole custody, frozen, gone, 内部 for all."""
    others = factories.proposed(scope=factories.scope_of("tianjz", "niezx"))
    made = [factories.registered(cast, proposed=told) for told in (None, others, None, None, others, None, None, None, others)]
    everybody = factories.proposed(5, scope=(factories.ScopeLine("all", ""),), term=factories.TermFacts())
    made += [factories.registered(cast, proposed=everybody, title=title) for title in ("食堂开放时间", "班车时刻")]
    changed(made[2], sealed=True, handlers=[cast.insider, cast.hr], concerned=[cast.drafter])
    changed(made[3], excl=cast.office_head)
    changed(made[4], sealed=True, handlers=[cast.engineer], concerned=[cast.engineer])
    changed(made[5], frozen=True)
    changed(made[6], live=False)
    return made


def by_deciding(who: queries.Viewer) -> list[int]:
    """The naive answer: every item by itself, newest first."""
    calm = who.context.calm()

    def known(document: Document) -> bool:
        return any(
            decide(act, who.subject, calm, document.facts(), queries.relations(who, document, act)).allow
            for act in ("read", "register_facts")
        )

    return [document.pk for document in Document.objects.order_by("-registered_at", "-pk") if known(document)]


def listed(who: queries.Viewer, much: bool, size: int = 100) -> list[int]:
    """The rows by one of the two ways."""
    return queries.known(who).lists(only=None).page(queries._run, size, much=much).keys


def test_both_ways_show_everybody_the_rows_that_deciding_one_by_one_allows(house: House, shelf: list[Document]) -> None:
    seen = set()
    everybody = [queries.viewer(person, None) for person in Person.objects.all()]
    assert len(everybody) >= 50
    for who in everybody:
        expected = by_deciding(who)
        assert listed(who, SCAN) == listed(who, GATHER) == expected, who.person
        found = queries.known(who)
        assert sorted(queries.keys(found)) == sorted(row.pk for row in found) == sorted(expected)
        assert [row.pk for row in queries.page(found).rows] == expected
        seen.add(tuple(expected))
    assert len(seen) > 4  # the cast really differs


def test_a_scan_that_gives_up_leaves_the_page_to_a_gather(house: House, cast: Cast, shelf: list[Document], monkeypatch) -> None:
    for window in (1, 2, 3, 20):
        monkeypatch.setattr(listing, "WINDOW", window)
        for person in (cast.drafter, cast.sales_head, cast.clerk, cast.engineer):
            who = queries.viewer(person, None)
            for size in (1, 2, 4):
                assert listed(who, SCAN, size) == listed(who, GATHER, size) == by_deciding(who)[:size]


def test_pages_run_down_and_up_by_the_rows_they_show(house: House, cast: Cast, shelf: list[Document]) -> None:
    found = queries.known(queries.viewer(cast.drafter, None))
    every = [row.uid for row in queries.page(found).rows]
    first = queries.page(found, size=2)
    second = queries.page(found, after=first.after, size=2)
    third = queries.page(found, after=second.after, size=2)
    assert [row.uid for page in (first, second, third) for row in page.rows] == every[:6]
    back = queries.page(found, before=third.before, size=2)
    assert [row.uid for row in back.rows] == [row.uid for row in second.rows]
    assert (first.before, first.total, first.more_than) == ("", len(every), False)
    # Above the second page stands only the first: going back from its second row gives a whole page again.
    assert [row.uid for row in queries.page(found, before=every[1], size=2).rows] == every[:2]
    last = queries.page(found, after=every[-2], size=2)
    assert ([row.uid for row in last.rows], last.after) == ([every[-1]], "")


def test_items_registered_in_one_instant_are_neither_lost_nor_shown_twice(house: House, cast: Cast, shelf: list[Document]) -> None:
    for document in shelf:
        changed(document, registered_at=clock.now())
    found = queries.known(queries.viewer(cast.drafter, None))
    every, page = [], queries.page(found, size=1)
    while page.rows:
        every += [row.pk for row in page.rows]
        if not page.after:
            break
        page = queries.page(found, after=page.after, size=1)
    assert every == [row.pk for row in queries.page(found).rows]


def test_p0_3_the_place_of_a_hidden_item_is_the_place_of_no_item(house: House, cast: Cast, shelf: list[Document]) -> None:
    found = queries.known(queries.viewer(cast.sales_head, None))
    hidden = shelf[0]
    assert hidden.pk not in queries.keys(found)
    for way in ("after", "before"):
        by_hidden, by_absent = (queries.page(found, **{way: uid, "size": 1}) for uid in (hidden.uid, "0" * 32))
        assert [row.pk for row in by_hidden.rows] == [row.pk for row in by_absent.rows] == listed_first(found)
    assert queries.page(found, after=shelf[10].uid, size=1).rows[0].pk == shelf[9].pk  # a place he may know is one


def listed_first(found: Any) -> list[int]:
    return [row.pk for row in queries.page(found, size=1).rows]


def test_p0_3_an_address_of_a_page_carries_no_number_and_no_instant(house: House, cast: Cast, shelf: list[Document], monkeypatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    client = house.open_page_as(cast.drafter)
    text = client.get("/documents/?level=20").content.decode()
    further = re.search(r'rel="next" href="\?([^"]*)"', text)
    assert further and re.fullmatch(r"level=20&amp;after=[0-9a-f]{32}", further[1])
    second = client.get("/documents/?" + further[1].replace("&amp;", "&")).content.decode()
    assert re.search(r'rel="prev" href="\?level=20&amp;before=[0-9a-f]{32}"', second)


def test_filters_narrow_both_ways_alike_and_only_by_the_items_own_columns(house: House, cast: Cast, shelf: list[Document]) -> None:
    who = queries.viewer(cast.drafter, None)
    for filters in ({"level__in": [5]}, {"level__in": []}, {"department_id": None}, {"owner": cast.drafter, "level__gte": 10}, {}):
        found = queries.known(who).filter(**filters)
        expected = [row.pk for row in found]
        page = queries.page(found)
        assert ([row.pk for row in page.rows], page.total) == (expected, len(expected))
        assert sorted(queries.keys(found)) == sorted(expected)
    with pytest.raises(ValueError, match="columns of the item itself"):
        queries.page(queries.known(who).filter(department__code="YF"))


def test_the_count_stops_at_a_thousand(house: House, cast: Cast, shelf: list[Document], monkeypatch) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    page = queries.page(queries.known(queries.viewer(cast.drafter, None)))
    assert (page.total, page.more_than) == (3, True)
    monkeypatch.setattr(queries, "MOST_COUNTED", 100)
    assert queries.page(queries.known(queries.viewer(cast.drafter, None))).more_than is False


def test_a_forged_line_of_a_scope_shows_nothing_and_is_noticed(house: House, cast: Cast, shelf: list[Document]) -> None:
    thief = cast.sales_head
    with cluster.administrator(house.home) as other:
        other.do(
            "INSERT INTO people_audiencerow (aset_id, key, since, until) VALUES (?, ?, 0, ?)",
            shelf[0].aset_id, key(2, thief.pk), 2**40,
        )  # fmt: skip
    with pytest.raises(Tampered):
        queries.page(queries.known(queries.viewer(thief, None)))


def test_p0_3_a_search_opens_no_title_that_is_hidden(house: House, cast: Cast, shelf: list[Document], monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(queries, "normal", lambda text: opened.append(text) or text)
    who = queries.viewer(cast.sales_head, None)
    hits = queries.search(queries.known(who), "班车")
    assert [hit.title for hit in hits] == ["班车时刻"]
    assert {text.split()[-1] for text in opened} == {"班车", "班车时刻", "食堂开放时间"}


@pytest.mark.parametrize("address", ["/documents/{}/", "/documents/{}/scope/", "/read/{}/"], ids=["card", "scope", "reader"])
def test_p0_3_a_hidden_item_costs_the_statements_of_one_that_is_not_there(house: House, cast: Cast, address: str) -> None:
    hidden = factories.readable(cast)
    client = house.open_page_as(cast.sales_head)
    client.get(address.format(hidden.uid))  # what is loaded once a process

    def statements(uid: str) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address.format(uid)).status_code == 404
        # Which statements, without the values in them.
        return [re.sub(r"'[^']*'|X'\w*'|\b\d+\b", "?", query["sql"]) for query in asked.captured_queries]

    first, absent, second = (statements(uid) for uid in (hidden.uid, "0" * 32, hidden.uid))
    assert sorted(first) == sorted(absent) == sorted(second)


def test_h2_a_drafter_shut_out_of_his_paper_reads_no_title_of_it_on_his_desk(house: House, cast: Cast) -> None:
    document = factories.registered(cast)
    open_one = asked.open_for(document.item_key, "documents:classify")
    approvals.send_back(asked.candidates(open_one)[0], open_one, "补写理由")
    client = house.open_page_as(cast.drafter)
    assert document.title in client.get("/").content.decode()
    document.refresh_from_db()
    changed(document, sealed=True, handlers=[cast.dept_head], concerned=[cast.drafter])
    assert document.title not in client.get("/").content.decode()


def test_equal_scopes_are_one_set_whenever_they_were_written(house: House, cast: Cast) -> None:
    def act() -> list[AudienceSet]:
        names = [scopes.person(cast.insider, at), scopes.post("legal", at, clock.today() + timedelta(days=9))]
        later = [scopes.person(cast.insider, clock.now() + timedelta(days=1))]
        return [scopes.intern(names), scopes.intern(later)]

    at, tomorrow = clock.now(), clock.seconds(clock.now() + timedelta(days=1))
    first, future = deeds._do("people:test_sets", None, None, act)
    with house.at(timedelta(hours=3)):
        at = clock.now()
        again, _ = deeds._do("people:test_sets", None, None, act)
    assert first == again
    starts = AudienceRow.objects.filter(aset=future).values_list("since", flat=True)
    assert list(starts) == [tomorrow]  # what begins later begins then


# ------------------------------------------------------------------------------------------------------------------ plans


def plan(statement: tuple[str, list[Any]]) -> list[str]:
    """How SQLite walks the tables, in order; the looks at handlers and at persons concerned left out."""
    steps = [row[3] for row in queries._run("EXPLAIN QUERY PLAN " + statement[0], statement[1])]
    return [step for step in steps if re.match(r"(SCAN|SEARCH) (documents_document|mine|scope_row|va|documents_handler)", step)
            or step.startswith("USE TEMP")]  # fmt: skip


@pytest.mark.sqlite_only("it reads the plan in SQLite's words")
def test_plan_of_a_scan_walks_one_index_newest_first_and_sorts_nothing(house: House, cast: Cast, shelf: list[Document]) -> None:
    lists = queries.known(queries.viewer(cast.insider, None)).lists(only=None)
    assert plan(lists.scan(51)) == [
        "SCAN documents_document USING COVERING INDEX document_newest",
        "SEARCH mine USING COVERING INDEX audience_of_key (key=?)",
    ]
    assert plan(lists.scan(51, ("2026-03-01", 7), end="2026-01-01"))[0] == (
        "SEARCH documents_document USING COVERING INDEX document_newest (registered_at>? AND registered_at<?)"
    )


@pytest.mark.sqlite_only("it reads the plan in SQLite's words")
def test_plan_of_a_gather_starts_from_the_subjects_sets_and_reads_no_row(house: House, cast: Cast, shelf: list[Document]) -> None:
    lists = queries.known(queries.viewer(cast.insider, None)).lists(only=None)
    gathered = [
        "SEARCH mine USING COVERING INDEX audience_of_key (key=?)",
        "USE TEMP B-TREE FOR DISTINCT",
        "SCAN va",
        "SEARCH documents_document USING COVERING INDEX document_of_set (aset_id=?)",
        "SEARCH documents_document USING INDEX documents_document_excl_id_330ba62a (excl_id=?)",
        "SEARCH scope_row USING COVERING INDEX audience_of_key (key=? AND aset_id=? AND since<?)",
        "SEARCH documents_document USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH documents_handler USING INDEX documents_handler_person_id_9d0297e7 (person_id=?)",
        "SEARCH scope_row USING COVERING INDEX audience_of_key (key=? AND aset_id=? AND since<?)",
    ]
    assert plan(lists.gather(51)) == [*gathered, "USE TEMP B-TREE FOR ORDER BY"]
    assert plan(lists.counted_once(1001)) == plan(lists.everything()) == gathered
    assert plan(lists.counted(1001)) == [gathered[0], *gathered[3:], "USE TEMP B-TREE FOR count(DISTINCT)"]


def test_p4_2_who_is_left_is_found_through_every_kind_of_key(house: House, cast: Cast) -> None:
    lines = {
        "person": factories.scope_of("chujy"), "post": (factories.ScopeLine("post", "cfo"),),
        "department": (factories.ScopeLine("department", "YF"),),
    }  # fmt: skip
    made = {kind: factories.registered(cast, proposed=factories.proposed(10, scope=scope)) for kind, scope in lines.items()}
    assert queries.orphaned() == []

    def leave() -> None:
        for person in [cast.excluded, cast.cfo, *Person.objects.filter(department__code="YF")]:
            person.active = False
            person.save()

    deeds._do("people:test_left", None, None, leave)
    assert [document.pk for document in queries.orphaned()] == [document.pk for document in made.values()]
