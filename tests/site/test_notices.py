"""One digest a day: the desk shows what the newest day brought in one group, and older notices stay in reach."""

import re
from datetime import date, timedelta

from mifeng.base import clock, deeds, duties
from mifeng.base.models import Notice


def put(person, kinds, occasion="x"):
    """These notices on this person's desk, as deeds do it."""
    deeds._do("people:test_told", None, None, lambda: [duties.remind(person.pk, kind, f"item:{n}", f"{occasion}:{n}")
                                                       for n, kind in enumerate(kinds)])  # fmt: skip


def test_p2_2_a_day_is_one_group_that_names_nothing(house, cast):
    put(cast.insider, ["term", "term", "password", "overdue", "to_read"])
    page = house.open_page_as(cast.insider).get("/").content.decode()
    assert page.count("今日提醒") == 2  # the heading, and what 知道了 takes away said aloud
    assert "共 4 项" in page  # 待阅 stands among the lines of the desk
    assert page.count("有文件保密期限将满，请提审") == 2  # the line and its link said aloud
    assert "共 2 次" in page


def test_the_newest_day_stands_on_the_desk_and_says_how_many_are_older(house, cast):
    put(cast.insider, ["term", "overdue"])
    with house.at(timedelta(days=2)):
        put(cast.insider, ["password"], "later")
        found = duties.digest(cast.insider.pk)
        assert (found.day, [n.kind for n in found.notices], found.earlier) == (date(2026, 3, 18), ["password"], 2)
        client = house.open_page_as(cast.insider)
        assert "更早的 2 项" in client.get("/").content.decode()
        client.post("/notices/seen/", {"uid": [n.uid for n in found.notices], "next": "/"})
        again = duties.digest(cast.insider.pk)
        assert (again.day, len(again.notices), again.earlier) == (date(2026, 3, 16), 2, 0)
        assert "3月16日" in client.get("/").content.decode()


def test_a_day_begins_at_local_midnight(house, cast):
    with house.at(clock.start_of(date(2027, 1, 1)) - timedelta(seconds=1)):
        put(cast.insider, ["term"], "before")
    with house.at(clock.start_of(date(2027, 1, 1))):
        put(cast.insider, ["term"], "after")
    days = [(found.day, len(found.notices)) for found in duties.by_day(duties.page(cast.insider.pk).notices)]
    assert days == [(date(2027, 1, 1), 1), (date(2026, 12, 31), 1)]


def test_no_notice_is_out_of_reach_and_none_is_shown_twice(house, cast):
    put(cast.insider, ["term"] * 120)
    client, seen, place = house.open_page_as(cast.insider), [], "/notices/"
    pages = 0
    while place:
        page = client.get(place).content.decode()
        groups = re.findall(r'name="uid" value="(\w+)"', page)
        seen += list(dict.fromkeys(groups))
        more = re.search(r'href="(/notices/\?after=\w+)"', page)
        place, pages = (more[1] if more else ""), pages + 1
    every = set(Notice.objects.filter(person_key=cast.insider.pk, seen_at=None).values_list("uid", flat=True))
    assert pages == 3
    assert len(seen) == len(set(seen))
    assert set(seen) == every


def test_somebody_else_s_notice_is_no_place_to_go_on_from(house, cast):
    put(cast.insider, ["term"] * 3)
    put(cast.outsider, ["term"] * 3, "other")
    other = duties.page(cast.outsider.pk).notices[1]
    assert duties.page(cast.insider.pk, other.uid) == duties.page(cast.insider.pk)
    assert duties.page(cast.insider.pk, "moon") == duties.page(cast.insider.pk)
    mine = duties.page(cast.insider.pk).notices
    assert duties.page(cast.insider.pk, mine[0].uid).notices == mine[1:]
