"""A company of another name: it is founded, it works, and no word of the demonstration stands on any of its pages."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mifeng import clauses
from mifeng.base import clock, jobs, vault
from mifeng.base.models import Job
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.actions.registering import NewDocument
from mifeng.rooms.documents.facts import Proposed, TermFacts
from mifeng.rooms.people.models import Department, Person
from tests import factories, house_fixtures
from tests.house_fixtures import House, company

ORG = Path(__file__).parents[1] / "data" / "second_company.toml"
# Who looks, and why: each sees pages that others do not.
LOOKERS = ("ytz", "qmy", "zxz", "mse", "xhg", "bqh", "pgd", "nzy", "lza", "sw", "gyc")
TITLE = "漆烟墨配方与窑温曲线"


def own_words(org: dict[str, Any]) -> set[str]:
    """Every name that belongs to a company: its own, its people's and their logins, departments, products, places."""
    firm = org["company"]
    found = {firm["name"], firm["short"], firm["code"], firm["name_en"], firm.get("city", "").partition("(")[0]}
    found |= {p["name"] for p in org["person"]} | {p["login"] for p in org["person"] if len(p["login"]) > 3}
    found |= {d["name"] for d in org["dept"]}
    for kind in ("products", "key_sites", "rooms", "seals", "storage"):
        found |= {one[key] for one in firm.get(kind, []) for key in ("code", "name")}
    return found - {""}


# Words that any company has, because the regulation itself speaks so: posts, departments and seals of its texts.
REGULATION = "".join(p.read_text("utf-8") for p in Path(clauses.__file__).parents[1].glob("regulation/*.t[os]*"))
ANYBODYS = {word for word in own_words(company()) if word in REGULATION}
FORBIDDEN = own_words(company()) - ANYBODYS | {"澜岱", "云汐", "青鹭", "Landai"}


class Officers:
    """Of the cast only the one who registers devices is needed, and he has another name here."""

    @property
    def secadmin(self) -> Person:
        return Person.objects.get(login="sw")


@pytest.fixture(scope="module")
def second(django_house: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The second company with one paper in force, its request, its page frame."""
    folder = tmp_path_factory.mktemp("second")
    home, keys = folder / "var", folder / "var-keys"
    house_fixtures.build(home, keys, tomllib.loads(ORG.read_text("utf-8")))
    with clock.played(house_fixtures.START):
        head, drafter = Person.objects.get(login="xhg"), Person.objects.get(login="bqh")
        proposed = Proposed(
            level=20, category="S2", line="plan_project", harm="grave", interest="祖传配方", term=TermFacts("years", 5),
            scope=factories.scope_of("qmy", "xhg", "bqh"), reason="",
        )  # fmt: skip
        told = {"department": Department.objects.get(code="PF"), "owner": drafter, "proposed": proposed}
        new = NewDocument(TITLE, issued_on=date(2026, 3, 2), uploads=(factories.uploaded(drafter),), **told)
        document = documents.register(drafter, new)
        factories.approve_all(document.item_key)
        jobs.run_all()
        waiting = documents.register(drafter, NewDocument("待定的一件", **told))
        assert head.department_id == waiting.department_id
        found = House(home, keys, Officers())  # type: ignore[arg-type]
        found.document, found.waiting = document, waiting  # type: ignore[attr-defined]
        yield found
    from django.db import connection

    connection.close()
    vault.seal()


def routes(patterns: Any = None, before: str = "") -> list[str]:
    """Every address of the URL table, `<…>` left in."""
    found = []
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            found += routes(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            found.append("/" + before + str(one.pattern))
    return found


def filled(route: str, house: Any) -> str:
    """The address with something that exists in each place."""
    job = Job.objects.order_by("pk").first()
    places = {
        "/documents/<str:uid>/": house.document.uid, "/read/<str:uid>/": house.document.uid,
        "/documents/custody/<str:uid>/": "0" * 32, "/documents/openings/<str:uid>/": "0" * 32,
        "/documents/scheme/<str:uid>/": "0" * 32,
        "/documents/openings/of/<str:uid>/": house.document.uid, "/documents/knowledge/<str:uid>/": Person.objects.get(login="bqh").uid,
        "/approvals/table/versions/<str:uid>/": "0" * 32, "/approvals/delegations/<str:uid>/": "0" * 32,
        "/approvals/<str:uid>/": Approval.objects.get(state="asked").uid,
        "/people/<str:uid>/": Person.objects.get(login="bqh").uid, "/jobs/<str:uid>/": job.uid if job else "0" * 32,
        "/system/jobs/<str:uid>/": "0" * 32, "/papers/<str:uid>/": "0" * 32,
        "/copies/sign/<str:uid>/": "0" * 32, "/copies/import/<str:uid>/": "0" * 32,
        "/copies/<str:uid>/": "0" * 32, "/copies/jobs/<str:uid>/": "0" * 32, "/copies/trips/<str:uid>/": "0" * 32,
        "/copies/reproduce/<str:uid>/": house.document.uid, "/copies/carry-out/<str:uid>/": house.document.uid,
        "/copies/excerpt/<str:uid>/": house.document.uid, "/copies/excerpts/<str:uid>/": "0" * 32,
        "/copies/places/<str:uid>/": "0" * 32,
        "/copies/counts/<str:uid>/": "0" * 32,
        "/circulation/receipts/<str:uid>/": "0" * 32, "/circulation/slips/<str:uid>/": "0" * 32,
        "/circulation/loans/<str:uid>/": "0" * 32, "/circulation/filings/<str:uid>/": "0" * 32,
        "/circulation/dispatches/new/<str:uid>/": house.document.uid, "/circulation/dispatches/<str:uid>/": "0" * 32,
        "/circulation/parcels/<str:uid>/": "0" * 32,
        "/circulation/slips/new/<str:uid>/": house.document.uid, "/circulation/loans/new/<str:uid>/": house.document.uid,
        "/copies/destructions/<str:uid>/": "0" * 32,
    }  # fmt: skip
    for prefix, uid in places.items():
        if route.startswith(prefix):
            route = route.replace("<str:uid>", uid, 1)
    for place, value in {
        "<str:clause>": "M2.1", "<str:form>": "F08", "<int:seq>": "1", "<int:page>": "1", "<str:token>": "x",
        "<str:name>": "clerk",
    }.items():  # fmt: skip
        route = route.replace(place, value)
    return route


@pytest.mark.parametrize("login", LOOKERS)
def test_no_page_of_another_company_says_a_word_of_the_demonstration(second: Any, login: str) -> None:
    client = second.open_page_as(Person.objects.get(login=login))
    shown, answered = {}, set()
    for route in routes():
        address = filled(route, second)
        assert "<" not in address, address
        answer = client.get(address)
        assert answer.status_code < 500, address
        text = b"".join(answer) if answer.streaming else answer.content
        answered |= {answer.status_code}
        said = re.sub(r"\b[A-Za-z0-9]{64}\b", "", text.decode("utf-8", "replace"))  # a form's token may spell a login
        words = sorted(word for word in FORBIDDEN if word in said)
        if words:
            shown[address] = words
    assert shown == {}
    assert 200 in answered


@pytest.mark.parametrize("address", ["/account/login/", "/account/invitation/", "/help/emergency/", "/", "/nowhere/", "/demo/"])
def test_no_page_before_the_sign_in_does(second: Any, address: str) -> None:
    answer = Client(headers={"accept": "text/html"}).get(address)
    said = re.sub(r"\b[A-Za-z0-9]{64}\b", "", answer.content.decode())
    assert sorted(word for word in FORBIDDEN if word in said) == []


def test_there_is_something_to_find(second: Any) -> None:
    """The same search finds the words of this company, so it would find those of the other."""
    page = second.open_page_as(Person.objects.get(login="bqh")).get("/documents/").content.decode()
    own = own_words(tomllib.loads(ORG.read_text("utf-8")))
    assert {word for word in own if word in page} >= {"松烟公司", "配方所", "卞青禾"}
    assert TITLE in page


def test_what_anybody_may_say_is_no_name_of_the_demonstration() -> None:
    named = {p["name"] for p in company()["person"]} | {"澜岱", "云汐", "青鹭"}
    assert {word for word in named if word in REGULATION} == set()
    assert len(FORBIDDEN) > 100


def test_the_two_companies_share_no_name() -> None:
    assert (own_words(tomllib.loads(ORG.read_text("utf-8"))) & own_words(company())) - ANYBODYS == set()
