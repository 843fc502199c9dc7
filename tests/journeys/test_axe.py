"""Everybody can use the main pages: axe-core finds nothing, in light, in dark and on the telephone."""

import pytest

from tests.journeys.desk import Office

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

# Who opens what. {doc} is the five-year plan, {request} waits for the general manager, {absent} is nowhere.
WALKS = {
    "": ("/demo/", "/account/login/?form=1", "/account/invitation/"),
    "clerk": ("/", "/documents/", "/documents/new/", "/documents/batch/", "/people/appointments/"),
    "gm": (
        "/", "/approvals/", "/approvals/{request}/", "/approvals/table/", "/documents/{doc}/", "/read/{doc}/",
        "/documents/{doc}/who/",
        "/documents/{doc}/scope/", "/documents/{doc}/told/", "/documents/terms/", "/documents/standing/",
        "/clauses/", "/clauses/P1.1/",
        "/me/", "/search/", "/notices/", "/registers/", "/registers/F08/", "/people/", "/help/", "/help/emergency/",
        "/documents/{absent}/",
    ),
    "hr": ("/training/", "/training/pledges/", "/people/{person}/", "/account/second-factor/", "/account/password/"),
    "secadmin": ("/system/devices/", "/system/accounts/"),
    "sysadmin": ("/system/", "/system/jobs/"),
    "auditor": ("/oversight/", "/oversight/log/3/", "/oversight/proofs/"),
}  # fmt: skip


@pytest.mark.parametrize("who", WALKS)
def test_no_page_bars_anybody(who: str, office: Office) -> None:
    browser, told, faults = office.browser, office.server.told, []
    browser.driver.delete_all_cookies()
    if who:
        office.enter(who)
    names = {
        "doc": told["papers"]["DOC-006"], "request": told["requests"]["DOC-004"], "absent": "0" * 32,
        "person": told["people"]["gexy"],
    }  # fmt: skip
    for place in WALKS[who]:
        browser.be("light")
        office.walk(place.format(**names))
        for theme in ("light", "dark"):
            browser.be(theme)
            faults += [f"{place} {theme}: {one}" for one in browser.axe()]
    assert not faults, "\n".join(faults)


def test_the_form_with_errors_and_the_refusal_bar_nobody(office: Office) -> None:
    browser = office.browser
    office.enter("drafter")
    form = office.registration()
    form.send()
    assert form.objections() != []
    faults = browser.axe()
    office.enter("gm", "phone")
    office.walk(f"/read/{office.server.told['papers']['DOC-004']}/")
    assert browser.all(".mf-refuse") != []
    faults += browser.axe()
    browser.be_phone()
    for place in ("/", "/documents/", f"/approvals/{office.server.told['requests']['DOC-004']}/"):
        office.walk(place)
        faults += [f"{place} phone: {one}" for one in browser.axe()]
    assert not faults, "\n".join(faults)
