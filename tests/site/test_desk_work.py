"""A desk costs what it shows, however many papers lie in the register."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

SEATED, PLACES = ("gm", "deputy", "office_head", "clerk", "insider"), ("/", "/me/")


def statements(client, place):
    client.get(place)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(place).status_code == 200
    return len(caught.captured_queries)


def test_more_papers_cost_a_desk_no_more_statements(house, cast):
    for n in range(3):
        factories.readable(cast, title=f"第{n}件")
    seats = {who: house.open_page_as(getattr(cast, who)) for who in SEATED}
    before = {(who, place): statements(client, place) for who, client in seats.items() for place in PLACES}
    for n in range(7):
        factories.readable(cast, title=f"又{n}件")
    after = {(who, place): statements(client, place) for who, client in seats.items() for place in PLACES}
    assert {key: count - before[key] for key, count in after.items() if count > before[key] + 3} == {}
