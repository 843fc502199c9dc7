"""The interface in English: the catalogue is complete, and no page of it says anything in Chinese but the company's own data."""

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from mifeng.base import vault
from tests import factories, printed
from tests.house.test_gathered import tool

CHINESE = re.compile(r"[\u3400-\u9fff]+")
PRINTED = re.compile(r"[\u3400-\u9fff]+〔\d{4}〕(?:\d+号?|[A-Z]{2,})(?:-传?\d+)?")  # numbers, as they are printed
READ_ALOUD = ("title", "aria-label", "placeholder", "alt", "data-l", "content", "value")
# What stands on a page in Chinese in any language: the seal, the other language's name, and the law (marked as Chinese).
ALWAYS = ("密封", "密", "中文")
# Who opens what: the pages that a person of this post sees in a day.
EVERYBODY = ("/", "/me/", "/notices/", "/search/", "/documents/", "/documents/new/", "/documents/batch/", "/approvals/",
             "/approvals/?tab=asked", "/approvals/table/", "/clauses/", "/clauses/M2.1/", "/clauses/P4.0/", "/account/password/",
             "/account/second-factor/", "/help/emergency/", "/training/", "/training/pledges/", "/nowhere/")  # fmt: skip
OF_THE_PAPER = ("", "classify/", "change/", "scope/", "who/", "correct/", "told/")


ALL = pytest.mark.skipif(os.environ.get("MIFENG_TEST_ALL") != "1", reason="at the close of an issue: ./mifeng test --all")


@pytest.fixture(autouse=True)
def _compiled(django_house):
    from mifeng.site import messages

    messages.compile_all()
    translation.trans_real._translations.clear()  # what another test loaded may be older than the catalogue


class Words(HTMLParser):
    """What a page says: its text and the attributes that are read aloud, without parts that are marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in ("meta", "link", "input", "br", "img", "use", "col", "hr"):
            self.open.append((tag, tag in ("script", "style") or (tag != "html" and told.get("lang", "").startswith("zh"))))
        if not self.silent():
            self.said += [told[name] or "" for name in READ_ALOUD if name in told and not (tag == "option" and name == "value")]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.silent():
            self.said.append(data)

    def silent(self) -> bool:
        return any(skipped for _tag, skipped in self.open)


def words_of(html: str) -> list[str]:
    parser = Words()
    parser.feed(html)
    return [text.strip() for text in parser.said if text.strip()]


def company_data() -> list[str]:
    """People, posts by title, departments, devices, papers: what this company wrote itself; the longest first."""
    from mifeng.clauses import regulation
    from mifeng.rooms.approvals.models import StepTaken
    from mifeng.rooms.documents.models import Change, Document, DocumentFile, ScopeMember
    from mifeng.rooms.people.models import Company, Department, Device, Person

    found: set[str] = set(ALWAYS)
    for model, names in (
        (Company, ("name", "short", "code")), (Department, ("name",)), (Person, ("name", "title")), (Device, ("label",)),
        (Document, ("title", "interest", "remark", "project", "number", "struck_mark")), (DocumentFile, ("name",)),
        (Change, ("before", "after", "reason")), (ScopeMember, ("purpose",)), (StepTaken, ("note",)),
    ):  # fmt: skip
        for row in model.objects.all():
            found |= {str(getattr(row, name)) for name in names}
    for person in Person.objects.all():
        found |= {person.title.split("(")[0], person.name[:1]}  # the round mark beside a name bears its first sign
    for one in regulation().values():  # what the regulation quotes of itself: source, register names, its examples
        found |= {one.source, one.record, one.check, one.enforce, *one.scenarios}
    return sorted((text for text in found if CHINESE.search(text)), key=len, reverse=True)


def chinese_on(html: str, data: list[str]) -> Iterator[str]:
    """What a page says in Chinese beyond the company's data."""
    for text in words_of(html):
        rest = PRINTED.sub("", text)
        for known in data:
            rest = rest.replace(known, "")
        if CHINESE.search(rest):
            yield text[:160]


def said_by(answer: Any) -> str:
    """The page; the words of a paper without its line ends, so that a title that goes on in the next line is one."""
    if answer.headers["Content-Type"] != "application/pdf":
        return str(answer.content.decode())
    return "<p>" + re.sub(r"[\r\n]", "", printed.words(answer.content)) + "</p>"


def walk(house: Any, person: Any, pages: tuple[str, ...], language: str = "en") -> dict[str, list[str]]:
    client = house.open_page_as(person)
    client.cookies["mf_language"] = language
    data, found = company_data(), {}
    for page in pages:
        address = page.removeprefix("printed ")
        answer = client.get(address) if address == page else client.post(address, {"do": "print"})
        left = list(chinese_on(said_by(answer), data)) if answer.status_code != 302 else []
        if answer.status_code not in (200, 302, 403, 404):
            left = [f"answered with {answer.status_code}"]
        if left:
            found[page] = left
    return found


def walks(house: Any, people: tuple[Any, ...], pages: tuple[str, ...]) -> dict[str, list[str]]:
    """Pages with what is left of Chinese on them, for whoever saw it."""
    found = {f"{person.login} {page}": left for person in people for page, left in walk(house, person, pages).items()}
    assert len(people) > 1
    return found


def test_no_english_is_fuzzy_unused_or_unlike_its_chinese():
    late = ("without English: ", "not gathered: ")  # complete at the close of an issue, not at every commit
    assert [fault for fault in tool().faults(tool().gather(), tool().read()) if not fault.startswith(late)] == []


@ALL
def test_the_catalogue_is_complete():
    assert tool().faults(tool().gather(), tool().read()) == []


def test_what_must_be_found_is_found():
    html = (
        '<html lang="zh"><p lang="zh-Hans">条文</p><p title="登记">葛星野 3 pages</p><p>定密〔2026〕0001 审批</p>'
        "<script>字</script></html>"
    )
    assert list(chinese_on(html, ["葛星野"])) == ["登记", "定密〔2026〕0001 审批"]


@ALL
def test_english_pages_say_nothing_in_chinese_to_a_leader_and_a_reader(house, cast):
    from mifeng.rooms.approvals.models import Approval

    paper = factories.readable(cast)
    asked = factories.registered(cast, title="青鹭三型试制安排")
    requests = tuple(f"/approvals/{row.uid}/" for row in Approval.objects.all())
    assert Approval.objects.filter(item_key=asked.item_key, state="asked").exists()
    of_paper = tuple(f"/documents/{paper.uid}/{part}" for part in OF_THE_PAPER)
    pages = (*EVERYBODY, *of_paper, "/documents/terms/", "/documents/standing/", f"/read/{paper.uid}/", *requests,
             f"/documents/{asked.uid}/")  # fmt: skip
    assert walks(house, (cast.dept_head, cast.deputy, cast.insider, cast.gm), pages) == {}


@ALL
def test_english_pages_say_nothing_in_chinese_to_the_office(house, cast):
    factories.classified(cast)
    pages = (*EVERYBODY, "/people/", "/people/appointments/", "/approvals/delegations/", "/registers/", "/registers/F08/",
             "/registers/F09/", "/registers/F19/", "/registers/F28/", "printed /registers/F08/")  # fmt: skip
    assert walks(house, (cast.clerk, cast.office_head, cast.outsider, cast.drafter), pages) == {}


@ALL
def test_english_pages_say_nothing_in_chinese_to_the_three_officers(house, cast):
    factories.classified(cast)
    offices = ("/system/", "/system/accounts/", "/system/devices/", "/system/jobs/", "/people/", "/people/new/",
               f"/people/{cast.insider.uid}/", "/oversight/", "/oversight/?kind=person", "/oversight/?kind=refused",
               "/oversight/?kind=officers", "/oversight/proofs/", "/oversight/log/0/", "/oversight/log/30/")  # fmt: skip
    assert walks(house, (cast.sysadmin, cast.secadmin, cast.auditor, cast.hr), (*EVERYBODY, *offices)) == {}


def test_english_pages_say_nothing_in_chinese_before_the_sign_in(house):
    client = Client(headers={"accept": "text/html"})
    client.cookies["mf_language"] = "en"
    for page in ("/account/login/", "/account/invitation/", "/help/emergency/"):
        answer = client.get(page)
        assert (page, answer.status_code, list(chinese_on(answer.content.decode(), company_data()))) == (page, 200, [])
    vault.seal()
    answer = client.get("/unseal/")
    assert (answer.status_code, list(chinese_on(answer.content.decode(), list(ALWAYS)))) == (200, [])


def test_the_same_page_in_chinese_is_chinese(house, cast):
    assert set(walk(house, cast.clerk, ("/documents/", "/me/"), "zh-hans")) == {"/documents/", "/me/"}
    assert walk(house, cast.clerk, ("/documents/", "/me/")) == {}


def test_a_refusal_is_said_in_english(house, cast):
    paper = factories.classified(cast)
    client = house.open_page_as(cast.insider)
    client.cookies["mf_language"] = "en"
    answer = client.post(f"/documents/{paper.uid}/scope/", {"do": "narrow", "reason": "x", "out": "person:none"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert list(chinese_on(page, company_data())) == []
    assert "Scope of knowledge not changed" in page
    assert "The scope is narrowed by the owner, the department head or the classification authority" in page
