"""Pages of the site, of people, training and oversight: who sees them, what the lock keeps, how one gets in."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyotp
import pytest
from django.test import Client

from mifeng.base import clock
from mifeng.base.models import Issued, Notice
from mifeng.rooms.people.models import Authenticator, SavedPage, Session
from tests import house_fixtures, printed

PASSWORD = house_fixtures.PASSWORD

# Address, who of the cast sees it, who finds nothing there (None = everybody of the house sees it).
PAGES = (
    ("/", "clerk", None),
    ("/", "auditor", None),
    ("/search/", "outsider", None),
    ("/notices/", "outsider", None),
    ("/me/", "insider", None),
    ("/clauses/", "outsider", None),
    ("/clauses/M2.1/", "outsider", None),
    ("/registers/", "clerk", None),
    ("/registers/F08/", "clerk", "outsider"),
    ("/registers/F09/", "gm", "insider"),
    ("/registers/F19/", "hr", "clerk"),
    ("/registers/F28/", "clerk", "sysadmin"),
    ("/system/", "sysadmin", "clerk"),
    ("/system/accounts/", "secadmin", "clerk"),
    ("/system/devices/", "secadmin", "clerk"),
    ("/system/jobs/", "sysadmin", "auditor"),
    ("/help/", "auditor", None),
    ("/help/clerk/", "outsider", None),
    ("/help/emergency/", "outsider", None),
    ("/people/", "hr", "outsider"),
    ("/people/new/", "sysadmin", "hr"),
    ("/people/appointments/", "clerk", "outsider"),
    ("/approvals/delegations/", "deputy", None),
    ("/training/", "hr", "outsider"),
    ("/training/pledges/", "outsider", None),
    ("/oversight/", "auditor", "sysadmin"),
    ("/oversight/?kind=refused", "auditor", "secadmin"),
    ("/oversight/?kind=officers", "auditor", "gm"),
    ("/oversight/log/0/", "auditor", "sysadmin"),
    ("/oversight/proofs/", "auditor", "sysadmin"),
    ("/account/password/", "clerk", None),
    ("/account/second-factor/", "clerk", None),
)
OPEN = ("/account/login/", "/account/invitation/", "/help/emergency/", "/health/live")


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize(("path", "sees", "finds_nothing"), PAGES, ids=[f"{path} {who}" for path, who, _ in PAGES])
def test_a_page_opens_for_its_post_and_is_absent_for_another(house: Any, path: str, sees: str, finds_nothing: str | None) -> None:
    opened = house.open_page_as(getattr(house.cast, sees)).get(path)
    assert (opened.status_code, opened.headers["Cache-Control"]) == (200, "no-store")
    if finds_nothing:
        assert house.open_page_as(getattr(house.cast, finds_nothing)).get(path).status_code == 404


def test_without_a_session_only_the_open_pages_answer(house: Any) -> None:
    client = Client(headers={"accept": "text/html"})
    assert {path: client.get(path).status_code for path in OPEN} == dict.fromkeys(OPEN, 200)
    closed = sorted({path for path, _who, _not in PAGES} - set(OPEN))
    answers = {path: client.get(path) for path in closed}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert {answer.headers["Location"].split("?")[0] for answer in answers.values()} == {"/account/login/"}


def test_a_real_house_has_no_page_for_choosing_a_person(house: Any) -> None:
    assert Client().get("/demo/").status_code == 404
    assert Client().get("/unseal/").headers["Location"] == "/"


def test_absent_and_hidden_are_the_same_bytes(house: Any) -> None:
    clerk, outsider = house.open_page_as(house.cast.clerk), house.open_page_as(house.cast.outsider)
    hidden = f"/people/{house.cast.gm.uid}/"
    assert house.open_page_as(house.cast.hr).get(hidden).status_code == 200
    bodies = {clerk.get("/system/").content, clerk.get("/nonsense/").content, outsider.get(hidden).content,
              outsider.get("/people/" + "0" * 32 + "/").content, outsider.get("/registers/F08/").content}  # fmt: skip
    assert len(bodies) == 1
    assert "csrfmiddlewaretoken" not in bodies.pop().decode()


def test_a_page_holds_no_script_style_or_address_of_its_own(house: Any) -> None:
    for path, who, _not in PAGES:
        page = text_of(house.open_page_as(getattr(house.cast, who)).get(path))
        assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=\"", page) == [], path


def test_words_that_are_searched_never_stand_in_an_address(house: Any) -> None:
    client = house.open_page_as(house.cast.clerk)
    page = text_of(client.get("/"))
    assert re.findall(r'<form[^>]*action="/search/"[^>]*>', page) == ['<form id="mf-search" method="post" action="/search/" hidden>']
    found = client.post("/search/", {"q": "青鹭"})
    assert (found.status_code, "没有符合的件，或您不在知悉范围内。" in text_of(found)) == (200, True)
    assert 'href="/clauses/M2.1/"' in text_of(client.post("/search/", {"q": "m2.1"}))


# The shell ------------------------------------------------------------------------------------------------------------


def shell_of(house: Any, who: str, path: str = "/") -> Any:
    return house.open_page_as(getattr(house.cast, who)).get(path).context["shell"]


def labels(shell: Any) -> list[str]:
    return [str(entry["label"]) for group in shell.menu for entry in group["entries"]]


def test_the_menu_begins_with_the_desk_and_shows_what_the_post_may_enter(house: Any) -> None:
    clerk, auditor = shell_of(house, "clerk"), shell_of(house, "auditor")
    assert labels(clerk)[0] == labels(auditor)[0] == "待办台"
    assert {"留痕", "验证", "系统体检"} <= set(labels(auditor))
    assert {"留痕", "验证", "系统体检", "账号"} & set(labels(clerk)) == set()
    assert [str(tab["label"]) for tab in clerk.tabs] == ["待办", "审批", "文件", "我"]


def test_one_entry_of_the_menu_is_the_present_one(house: Any) -> None:
    for path, who in (("/", "clerk"), ("/training/pledges/", "hr"), ("/people/appointments/", "gm"), ("/system/jobs/", "sysadmin")):
        shell = shell_of(house, who, path)
        current = [entry["url"] for group in shell.menu for entry in group["entries"] if entry["current"]]
        assert current == [path]


def test_the_foot_of_the_menu_says_how_old_the_password_is(house: Any) -> None:
    assert shell_of(house, "clerk").password_note == "口令第 15 天，满 60 天更换"


# The lock -------------------------------------------------------------------------------------------------------------


def test_five_minutes_without_activity_lock_the_session(house: Any) -> None:
    client = house.open_page_as(house.cast.clerk)
    with house.at(timedelta(minutes=4, seconds=59)):
        assert client.get("/").status_code == 200
    with house.at(timedelta(minutes=9, seconds=58)):
        assert client.get("/").status_code == 200
    with house.at(timedelta(minutes=14, seconds=58)):
        locked = client.get("/registers/")
    assert (locked.status_code, 'value="/registers/"' in text_of(locked)) == (423, True)


def test_polling_is_no_activity(house: Any) -> None:
    client = house.open_page_as(house.cast.clerk)
    for minute in range(1, 5):
        with house.at(timedelta(minutes=minute)):
            assert client.get("/", headers={"X-Background": "1"}).status_code == 200
    with house.at(timedelta(minutes=5)):
        assert client.get("/", headers={"X-Background": "1"}).status_code == 423


def test_a_shorter_time_of_ones_own_locks_sooner_and_a_longer_one_is_refused(house: Any) -> None:
    client = house.open_page_as(house.cast.clerk)
    assert client.post("/me/preferences/", {"idle_minutes": "6"}).status_code == 403
    assert (
        client.post("/me/preferences/", {"idle_minutes": "2", "density": "compact", "next": "/registers/"}).headers["Location"]
        == "/registers/"
    )
    with house.at(timedelta(minutes=1, seconds=59)):
        assert client.get("/").context["shell"].density == "compact"
    with house.at(timedelta(minutes=5)):
        assert client.get("/").status_code == 423


def test_the_unlocked_page_has_what_was_typed_and_loses_it_once_it_is_sent(house: Any) -> None:
    client = house.open_page_as(house.cast.deputy)
    typed = {"delegate": "岑书平", "act": "classify", "level_max": "20", "until": "2026-04-30", "paper": "授权书第三号", "password": "x"}
    with house.at(timedelta(minutes=6)):
        locked = client.post("/approvals/delegations/", typed)
        assert (locked.status_code, "已填的内容都在" in text_of(locked)) == (423, True)
        wrong = client.post("/account/locked/", {"password": "Wrong-One-2026", "next": "/approvals/delegations/"})
        assert (wrong.status_code, "口令不正确" in text_of(wrong)) == (423, True)
        assert client.get("/").status_code == 423
        assert (
            client.post("/account/locked/", {"password": PASSWORD, "next": "/approvals/delegations/"}).headers["Location"]
            == "/approvals/delegations/"
        )
        kept = parse_qs(client.get("/approvals/delegations/").context["shell"].typed)
        assert kept == {name: [value] for name, value in typed.items() if name != "password"}
        assert client.post("/approvals/delegations/", typed).status_code == 302
        assert client.get("/approvals/delegations/").context["shell"].typed == ""


def test_the_page_hands_over_what_it_holds_when_its_own_timer_locks(house: Any) -> None:
    client = house.open_page_as(house.cast.deputy)
    answer = client.post(
        "/account/lock/", {"path": "/approvals/delegations/", "typed": "paper=授权书&old=secret"}, headers={"X-Background": "1"}
    )
    assert (answer.status_code, client.get("/approvals/delegations/").status_code) == (204, 423)
    assert SavedPage.objects.get(person=house.cast.deputy).typed == "paper=%E6%8E%88%E6%9D%83%E4%B9%A6"


def test_five_wrong_passwords_at_the_lock_end_the_session(house: Any) -> None:
    client = house.open_page_as(house.cast.clerk)
    client.post("/account/lock/")
    answers = [client.post("/account/locked/", {"password": f"Wrong-{n}"}).status_code for n in range(5)]
    assert answers == [423, 423, 423, 423, 302]
    assert client.get("/").headers["Location"].startswith("/account/login/")


def test_after_half_an_hour_the_session_is_over_and_the_text_waits(house: Any) -> None:
    client = house.open_page_as(house.cast.deputy)
    with house.at(timedelta(minutes=29, seconds=59)):
        assert client.get("/").status_code == 423
    with house.at(timedelta(minutes=30)):
        over = client.post("/approvals/delegations/", {"paper": "授权书"})
        assert (over.status_code, over.cookies["mf_session"].value) == (401, "")
        assert client.get("/").status_code == 302
        assert set(Session.objects.filter(person=house.cast.deputy, end_reason="idle").values_list("ended_at", flat=True)) == {clock.now()}
        again = house.open_page_as(house.cast.deputy)
        assert parse_qs(again.get("/approvals/delegations/").context["shell"].typed) == {"paper": ["授权书"]}


# Answers --------------------------------------------------------------------------------------------------------------


def test_a_refusal_says_what_why_by_which_clause_and_what_next(house: Any) -> None:
    answer = house.open_page_as(house.cast.clerk).post("/training/issue/", {"title": "制度"})
    page = text_of(answer)
    told = answer.context
    assert (answer.status_code, told["stamp"], told["heading"], told["clause"]) == (403, "未印发", "未印发", "G1")
    assert "制度由总经理办公室印发" in page
    assert 'href="/clauses/G1/"' in page
    assert "员工自觉遵守国家保密守则和公司规定。" in page
    assert house.last()["out"] == "refused"


def test_a_fault_gives_a_number_and_nothing_else(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house.open_page_as(house.cast.clerk)
    client.raise_request_exception = False
    monkeypatch.setattr("mifeng.site.home.room.duties", lambda person: 1 / 0)
    answer = client.get("/")
    number = answer.context["number"]
    assert (answer.status_code, len(number), number in text_of(answer)) == (500, 8, True)
    assert "ZeroDivisionError" not in text_of(answer)


# Signing in -----------------------------------------------------------------------------------------------------------


def sign_in(login: str, password: str, code: str = "") -> Client:
    client = Client(headers={"accept": "text/html"})
    client.answer = client.post("/account/login/", {"login": login, "password": password, "code": code, "next": "/me/"})
    return client


def test_the_right_password_opens_the_page_that_was_asked_for(house: Any) -> None:
    client = sign_in("jianxh", PASSWORD)
    assert (client.answer.status_code, client.answer.headers["Location"]) == (302, "/me/")
    cookie = client.answer.cookies["mf_session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert client.get("/me/").status_code == 200


def test_known_and_unknown_accounts_get_the_same_answer(house: Any) -> None:
    known, unknown = sign_in("jianxh", "Wrong-2026-x").answer, sign_in("nobody", "Wrong-2026-x").answer
    assert known.status_code == unknown.status_code == 403
    without = [re.sub(r'value="[^"]*"', "", text_of(answer)) for answer in (known, unknown)]
    assert without[0] == without[1]


def test_nobody_is_led_to_another_house(house: Any) -> None:
    client = Client()
    for wanted in ("https://example.org/", "//example.org/", "/\\example.org"):
        answer = client.post("/account/login/", {"login": "jianxh", "password": PASSWORD, "next": wanted})
        assert answer.headers["Location"] == "/"


def test_an_authenticator_is_bound_with_its_code_and_asked_for_from_then_on(house: Any) -> None:
    client = house.open_page_as(house.cast.clerk)
    begun = client.post("/account/second-factor/", {"begin": "1"})
    secret = begun.context["secret"]
    assert "<svg" in text_of(begun)
    totp = pyotp.TOTP(secret)
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 403
    bound = client.post("/account/second-factor/", {"code": totp.at(clock.now())})
    assert (bound.status_code, bound.context["done"]) == (200, True)
    assert Authenticator.objects.get(person=house.cast.clerk).confirmed_at == clock.now()
    with house.at(timedelta(minutes=2)):
        assert sign_in("jianxh", PASSWORD).answer.status_code == 403
        assert sign_in("jianxh", PASSWORD, totp.at(clock.now())).answer.status_code == 302
        assert sign_in("jianxh", PASSWORD, totp.at(clock.now())).answer.status_code == 403  # good once


def test_a_forgotten_password_is_reset_by_two_persons(house: Any) -> None:
    holder, new = house.cast.insider, "Xinkou-ling-2026"
    page = f"/people/{holder.uid}/deed/"
    sysadmin, secadmin = house.open_page_as(house.cast.sysadmin), house.open_page_as(house.cast.secadmin)
    assert sysadmin.post(page, {"deed": "ask_reset"}).status_code == 422  # the holder was not seen in person
    first = sysadmin.post(page, {"deed": "ask_reset", "identity_checked": "on"}).context["half"]
    alone = sysadmin.post(page, {"deed": "sign_reset", "identity_checked": "on"})
    assert (alone.status_code, alone.context["clause"]) == (403, "I5.2")
    second = secadmin.post(page, {"deed": "sign_reset", "identity_checked": "on"}).context["half"]
    typed = {"login": "gexy", "one": first, "two": second, "new": new, "again": new}
    assert Client().post("/account/invitation/", typed | {"two": first}).status_code == 403
    assert Client().post("/account/invitation/", typed).context["done"]
    assert sign_in("gexy", PASSWORD).answer.status_code == 403
    assert sign_in("gexy", new).answer.status_code == 302
    assert set(Notice.objects.filter(kind="account", item_key=holder.item_key).values_list("person_key", flat=True)) == {
        holder.pk, house.cast.office_head.pk, *(p.pk for p in house_auditors(house))
    }  # fmt: skip


def house_auditors(house: Any) -> list[Any]:
    from mifeng.rooms.people import queries

    return queries.holders("auditor")


def test_one_of_the_last_five_passwords_does_not_serve_again(house: Any) -> None:
    client, old = house.open_page_as(house.cast.clerk), PASSWORD
    for n in range(4):
        new = f"Mijian-{n}-Kouling"
        assert client.post("/account/password/", {"old": old, "new": new, "again": new}).context["done"]
        old = new
    for again in (PASSWORD, "Mijian-0-Kouling", old):
        refused = client.post("/account/password/", {"old": old, "new": again, "again": again})
        assert (refused.status_code, bool(refused.context["error"])) == (403, True)
    assert client.post("/account/password/", {"old": old, "new": "Short-1", "again": "Short-1"}).status_code == 403
    assert client.post("/account/password/", {"old": old, "new": "Mijian-9-Kouling", "again": "Mijian-8-Kouling"}).status_code == 403
    assert client.post("/account/password/", {"old": old, "new": "Mijian-9-Kouling", "again": "Mijian-9-Kouling"}).context["done"]
    assert client.post("/account/password/", {"old": "Mijian-9-Kouling", "new": PASSWORD, "again": PASSWORD}).context["done"]


# Deeds behind the pages -----------------------------------------------------------------------------------------------


def test_every_print_of_a_register_has_its_own_serial_and_entry(house: Any) -> None:
    client = house.open_page_as(house.cast.clerk)
    prints = [printed.words(client.post("/registers/F28/", {"do": "print"}).content) for _n in range(2)]
    assert [f"印册〔2026〕000{n}" in words for n, words in enumerate(prints, start=1)] == [True, True]
    assert [entry["n"] for entry in house.log() if entry["act"] == "site:print_register"] == [{"lines": 2}, {"lines": 2}]


def test_a_register_looked_at_on_the_screen_leaves_an_entry_and_takes_no_serial(house: Any) -> None:
    client, before = house.open_page_as(house.cast.clerk), Issued.objects.count()
    assert client.get("/registers/F28/?print=1").status_code == 200
    assert (house.last()["act"], house.last()["n"], Issued.objects.count()) == ("site:open_register", {"lines": 2}, before)


def test_a_notice_is_taken_off_ones_own_desk_only(house: Any) -> None:
    house.open_page_as(house.cast.office_head).post("/training/issue/", {"title": "公司保密制度"})
    mine, other = house.cast.clerk, house.cast.insider
    uids = list(Notice.objects.filter(person_key__in=(mine.pk, other.pk)).values_list("uid", flat=True))
    house.open_page_as(mine).post("/notices/seen/", {"uid": uids, "next": "/notices/"})
    left = set(Notice.objects.filter(uid__in=uids, seen_at=None).values_list("person_key", flat=True))
    assert (len(uids), left) == (2, {other.pk})


def test_a_password_in_its_last_days_stands_on_the_desk(house: Any) -> None:
    titles = [str(duty.title) for duty in house.open_page_as(house.cast.clerk).get("/").context["duties"]]
    assert "口令" not in titles
    with house.at(timedelta(days=45)):
        desk = house.open_page_as(house.cast.clerk).get("/").context["duties"]
    assert [(duty.late, duty.items[0].late, duty.items[0].text, duty.items[0].detail) for duty in desk if str(duty.title) == "口令"] == [
        (False, True, "本人口令第 60 天", "还有 1 天")
    ]


def test_an_account_waits_on_the_desk_of_who_may_activate_it(house: Any) -> None:
    typed = {"name": "新来的", "login": "xinld", "department": "YF", "title": "工程师"}
    made = house.open_page_as(house.cast.sysadmin).post("/people/new/", typed)
    assert made.status_code == 302
    secadmin = house.open_page_as(house.cast.secadmin)
    assert [duty.count for duty in secadmin.get("/").context["duties"] if str(duty.title) == "账号待启用"] == [1]
    assert secadmin.post(made.headers["Location"] + "deed/", {"deed": "activate"}).status_code == 302
    assert [duty for duty in secadmin.get("/").context["duties"] if str(duty.title) == "账号待启用"] == []


def test_the_security_administrator_registers_and_stops_a_device(house: Any) -> None:
    insider = house.open_page_as(house.cast.insider)
    device = Session.objects.get(person=house.cast.insider, ended_at=None).device
    secadmin = house.open_page_as(house.cast.secadmin)
    typed = {"label": "研发 12", "kind": "pc", "level_cap": "10", "owner": "葛星野 gexy"}
    assert secadmin.post(f"/system/devices/?device={device.uid}", typed | {"owner": "某某"}).context["form"].errors
    assert secadmin.post(f"/system/devices/?device={device.uid}", typed).status_code == 302
    device.refresh_from_db()
    assert (device.label, device.level_cap, device.owner) == ("研发 12", 10, house.cast.insider)
    assert secadmin.post("/system/devices/", {"deed": "revoke", "device": device.uid}).status_code == 302
    assert insider.get("/").status_code == 302  # his session ended with it


def test_the_auditor_asks_by_post_and_every_question_is_recorded(house: Any) -> None:
    client = house.open_page_as(house.cast.auditor)
    house.open_page_as(house.cast.clerk).post("/training/issue/", {"title": "制度"})
    asked = client.post(
        "/oversight/", {"kind": "person", "who": "简小禾 jianxh", "since": "2026-03-16", "until": "2026-03-16", "act": "training:"}
    )
    assert [(str(line["what"]), line["outcome_tone"], line["clauses"]) for line in asked.context["entries"]] == [
        ("印发制度", "bad", ["G1"])
    ]
    assert client.post("/oversight/", {"kind": "person", "who": "没有这个人"}).context["entries"] == []
    assert house.last()["act"] == "oversight:search"


def test_a_figure_that_is_no_decimal_is_passed_over_not_an_error(house: Any) -> None:
    auditor, clerk = house.open_page_as(house.cast.auditor), house.open_page_as(house.cast.clerk)
    plain, odd = (auditor.post("/oversight/", {"kind": "person", "before": before}) for before in ("", "²"))
    assert odd.status_code == 200
    assert len(odd.context["entries"]) == len(plain.context["entries"]) + 1  # the first question stands in the log itself
    assert clerk.get("/documents/?level=²").status_code == clerk.get("/documents/?level=10").status_code == 200


def test_every_deed_has_a_word_in_the_log(house: Any) -> None:
    from mifeng.base import deeds, room
    from mifeng.rooms.oversight.words import DEEDS

    assert room.rooms()
    assert sorted(name for name in deeds.REGISTERED if ":test_" not in name and name not in DEEDS) == []


# The demonstration ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def founded_demo(django_house: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration company, founded once."""
    folder = tmp_path_factory.mktemp("founded-demo")
    house_fixtures.build(folder / "var", folder / "var-keys", house_fixtures.company(), instance="demo")
    house_fixtures.settle()
    return folder


@pytest.fixture
def demo(founded_demo: Path, tmp_path: Path) -> Iterator[Any]:
    """A demonstration of one's own."""
    yield from house_fixtures._copy(founded_demo, tmp_path)


def test_a_visitor_of_the_demonstration_signs_in_as_whom_he_chooses(demo: Any) -> None:
    client = Client(headers={"accept": "text/html"})
    assert client.get("/account/login/").headers["Location"] == "/demo/"
    page = text_of(client.get("/demo/"))
    assert [name for name in ("陆远舟", "简小禾", "夏知秋") if name not in page] == []
    assert client.post("/demo/", {"person": demo.cast.gm.uid}).headers["Location"] == "/"
    desk = client.get("/")
    assert (desk.status_code, desk.context["shell"].person, desk.context["shell"].demo) == (200, demo.cast.gm, True)
    session = Session.objects.get(person=demo.cast.gm, ended_at=None)
    assert (session.device.registered, session.device.level_cap) == (True, 30)
