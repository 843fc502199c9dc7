"""The yearly self-check on its pages (M6.2): the form in the regulation's words, and who sees who is missing."""

from datetime import date

import pytest

from mifeng.base import deeds
from mifeng.base.models import LogIndex
from mifeng.clauses import regulation
from mifeng.clauses.books import UnknownClause
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import deadlines, queries, self_check
from mifeng.rooms.training import room as training_room
from mifeng.rooms.training.models import SelfCheck
from tests.house_fixtures import contents

OWN, LIST = "/training/self-check/", "/training/self-checks/"
WORD = "在食堂同外单位的人说起过"


def typed(**but):
    return {line.id: but.get(line.id, "kept") for line in self_check.lines()} | {"remark": but.get("remark", "")}


def test_m6_2_the_form_asks_in_the_clauses_own_words_in_both_languages(house, cast):
    client = house.open_page_as(cast.insider)
    page = client.get(OWN).content.decode()
    assert all(regulation()[line.id].text in page for line in self_check.lines())
    client.cookies["mf_language"] = "en"
    assert regulation()["M6.2"].english in client.get(OWN).content.decode()


def test_m6_2_what_was_handed_in_is_sealed_and_shown_as_done(house, cast):
    client = house.open_page_as(cast.insider)
    assert client.post(OWN, {"remark": ""}).status_code == 422
    assert client.post(OWN, typed(**{"M6.2": "not_kept"})).status_code == 403
    assert client.post(OWN, typed(**{"M6.2": "perhaps"})).status_code == 422
    assert not SelfCheck.objects.exists()
    assert client.post(OWN, typed(**{"M6.2": "not_kept"}, remark=WORD)).headers["Location"] == OWN
    row = SelfCheck.objects.get()
    assert (row.person, row.not_kept, row.remark, "M6.2 not_kept" in row.answers) == (cast.insider, 1, WORD, True)
    assert not any(WORD.encode() in data for _file, data in contents(house.disk()))
    page = client.get(OWN).content.decode()
    assert "1 项" in page and "提交自查" not in page
    listed = house.open_page_as(cast.hr).get(LIST).content.decode()
    assert cast.insider.name in listed and WORD not in listed


def test_m6_2_who_is_missing_is_for_hr_the_office_and_the_department_s_secrecy_officer(house, cast):
    keeper = Person.objects.get(login="douq")
    with house.at(date(2027, 1, 7)):
        seen = {person: house.open_page_as(person).get(LIST) for person in (cast.hr, cast.auditor, keeper, cast.insider)}
        assert [answer.status_code for answer in seen.values()] == [200, 200, 200, 404]
        assert cast.cfo.name in seen[cast.hr].content.decode()
        assert cast.cfo.name not in seen[keeper].content.decode() and cast.insider.name in seen[keeper].content.decode()
        counts = [[duty.count for duty in training_room._unchecked(person)] for person in (cast.hr, keeper, cast.insider)]
        assert counts[0][0] > counts[1][0] > 0 and counts[2] == []


def test_m6_2_whoever_came_later_has_a_year_from_then_and_leavers_owe_nothing(house, cast):
    with house.at(date(2026, 6, 1)):
        made = people.add_person(cast.sysadmin, people.NewPerson("新来", "xinlai", "YF", "工程师", (), 5))
        assert not queries.who_checks().filter(pk=made.pk).exists()  # nobody has activated the account
        people.activate_account(cast.secadmin, made)
        people.close_account(cast.hr, cast.engineer)
    with house.at(date(2027, 1, 7)):
        missing = queries.unchecked(cast.hr)
        assert made not in missing and cast.engineer not in missing and cast.insider in missing
        assert deadlines.own_self_check(made) is None and deadlines.own_self_check(cast.engineer) is None
    with house.at(date(2027, 6, 2)):
        assert made in queries.unchecked(cast.hr)


def test_m6_2_an_index_that_was_emptied_spares_nobody(house, cast):
    assert queries.unchecked(cast.hr) == []

    def emptied():
        LogIndex.objects.all().delete()
        assert cast.insider in queries.unchecked(cast.hr)
        assert deadlines.own_self_check(cast.insider) is not None

    deeds._do("training:test_emptied", None, None, emptied)


@pytest.mark.parametrize(
    ("text", "fault"),
    [('lines = ["M6.2", "M6.9"]', UnknownClause), ('lines = ["M6.2", "M6.2"]', ValueError), ("lines = []", ValueError)],
    ids=["no such clause", "twice", "none"],
)
def test_m6_2_lines_that_no_book_has_or_that_repeat_are_refused(tmp_path, text, fault):
    (tmp_path / "lines.toml").write_text(text, "utf-8")
    with pytest.raises(fault):
        self_check.lines(tmp_path / "lines.toml")
