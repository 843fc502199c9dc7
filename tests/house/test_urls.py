"""Every address asks who is there; an item that is hidden answers byte for byte like one that does not exist."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver

from mifeng.rooms.approvals.models import Approval
from mifeng.site.middleware import OPEN
from tests import factories

NOBODY = "0" * 32
ITEMS = re.compile(r"^(documents|read|approvals)/<str:uid>/")
# Answers that carry a fresh value at each request, whatever was asked.
FRESH = {"set-cookie"}


def addresses(patterns=None, prefix="") -> Iterator[str]:
    """Every address of the URL table, with its blanks."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path


def filled(address: str, uid: str = NOBODY) -> str:
    path = address.replace("<str:uid>", uid).replace("<int:page>", "1").replace("<int:seq>", "1")
    path = path.replace("<str:clause>", "P0.1").replace("<str:form>", "F08").replace("<str:token>", "x" * 43)
    return "/" + re.sub(r"<str:\w+>", "none", path)


def test_every_address_but_the_open_ones_needs_a_session(house):
    asked = [address for address in addresses() if not filled(address).startswith(OPEN)]
    assert len(asked) > 40
    for address in asked:
        nobody = Client(headers={"accept": "text/html"})
        seen, sent = nobody.get(filled(address)), nobody.post(filled(address), {"reason": "x"})
        assert (seen.status_code, seen.headers["Location"].partition("?")[0]) == (302, "/account/login/"), address
        assert sent.status_code == 401, address


def test_the_open_addresses_are_these():
    opened = {filled(address) for address in addresses() if filled(address).startswith(OPEN)}
    assert opened == {
        "/demo/", "/unseal/", "/health/live", "/health/ready", "/help/emergency/", "/account/login/",
        "/account/invitation/", "/account/language/",
    }  # fmt: skip


def answer(response):
    """Everything of an answer that somebody outside could compare."""
    headers = {name.lower(): value for name, value in response.items() if name.lower() not in FRESH}
    return response.status_code, headers, response.content, sorted(response.cookies)


@pytest.mark.parametrize("method", ["get", "post"])
def test_hidden_and_absent_are_one_answer_at_every_address_of_an_item(house, cast, method):
    document = factories.readable(cast)
    approval = Approval.objects.filter(item_key=document.item_key).get()
    outsider = house.open_page_as(cast.outsider)
    asked = [address for address in addresses() if ITEMS.match(address)]
    assert len(asked) >= 13
    for address in asked:
        uid = approval.uid if address.startswith("approvals") else document.uid
        body = {"reason": "x", "decision": "approve", "reading": NOBODY, "purpose": "x", "note": ""}
        hidden, absent = (getattr(outsider, method)(filled(address, one), body) for one in (uid, NOBODY))
        if hidden.status_code == 405:
            continue  # the address knows one method only, whoever asks for whatever
        assert answer(hidden) == answer(absent), address
        assert hidden.status_code == 404, (address, hidden.status_code)


def test_there_is_something_to_hide(house, cast):
    document = factories.readable(cast)
    assert house.open_page_as(cast.insider).get(f"/documents/{document.uid}/").status_code == 200


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_job_of_somebody_else_is_answered_like_none(house, cast, way):
    from mifeng.base.models import Job

    factories.readable(cast)
    job = Job.objects.get()
    outsider = house.open_page_as(cast.outsider)
    hidden, absent = (getattr(outsider, way)(f"/jobs/{uid}/") for uid in (job.uid, NOBODY))
    assert answer(hidden) == answer(absent)
