"""Every page for every role: nothing blocked, nothing in the console, no title outside, no sideways scrolling."""

import pytest

from mifeng.site.demo import loader
from tests.cast import LOGINS
from tests.journeys import inventory
from tests.journeys.desk import Office

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

ROLES = ("gm", "deputy", "office_head", "clerk", "hr", "insider", "outsider", "sysadmin", "secadmin", "auditor")
ABSENT = "没有这份文件，或您不在知悉范围内"
# The page itself may answer with a refusal; the console says so of every page, and it is no fault.
REFUSED = ("status of 403", "status of 404")


def addresses(office: Office) -> list[str]:
    """Every place of the inventory in this house, with the paper that this role is likeliest to know."""
    papers, people = office.server.told["papers"], office.server.told["people"]
    doc = papers["DOC-006"]
    names = {"doc": doc, "person": people["gexy"], "request": office.server.told["requests"]["DOC-004"]}
    return [place.format(**names) for place in inventory.PLACES.values()]


def test_every_address_of_the_house_is_in_the_inventory(django_house: None) -> None:
    named = [*inventory.PLACES, *(pattern for some in inventory.NO_PAGES.values() for pattern in some)]
    assert sorted(named) == sorted(set(inventory.patterns()))


def test_what_the_policy_stops_and_what_a_script_throws_would_be_seen(office: Office) -> None:
    office.walk("/demo/")
    office.browser.be_phone()
    office.browser.run("document.body.insertAdjacentHTML('beforeend', '<i style=color:red>x</i>')")
    office.browser.run("setTimeout(() => { throw new Error('thrown') })")
    office.browser.until(
        lambda: office.browser.blocked() and "style-src" in office.browser.blocked()[0], "nothing was noticed"
    )
    assert any("thrown" in one for one in office.browser.complaints())
    office.browser.run("document.querySelector('h1').style.width = '900px'")
    assert office.browser.wider_than_window() != []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_clean_on_the_telephone_for(role: str, office: Office) -> None:
    titles = [row["title"] for row in loader.data().papers]
    browser, faults, seen = office.browser, [], 0
    office.enter(role)
    browser.be_phone()
    for address in addresses(office):
        office.walk(address)
        heading, title, blocked, wide = browser.glance()
        if heading == ABSENT:
            continue
        seen += 1
        faults += [f"{address}: blocked {one}" for one in blocked] + [f"{address}: wide {one}" for one in wide]
        faults += [f"{address}: fault {heading}"] if "故障" in heading or not heading else []
        faults += [f"{address}: title {one}" for one in titles if one in title]
    faults += [one for one in browser.complaints() if not any(word in one for word in REFUSED)]
    assert faults == []
    assert seen >= 15, f"{LOGINS[role]} saw {seen} pages only"


# Tables that reach out of their sheet, over what stands beside it, because nothing holds them.
LOOSE = """
return [...document.querySelectorAll('.mf-sheet table')].filter((t) =>
  t.getBoundingClientRect().right > t.closest('.mf-sheet').getBoundingClientRect().right + 1
  && getComputedStyle(t.parentElement).overflowX === 'visible').map((t) => t.textContent.trim().slice(0, 40));
"""
COUNTER = (
    "/copies/", "/copies/places/", "/copies/counts/", "/copies/destructions/", "/circulation/receipts/", "/circulation/loans/",
    "/registers/F01/", "/registers/F08/", "/approvals/",
)  # fmt: skip


def test_in_english_words_are_longer_and_no_table_of_the_counter_leaves_its_sheet(office: Office) -> None:
    browser, faults = office.browser, []
    office.enter("office_head")
    browser.cookies({"mf_language": "en"}, office.server.address)
    for address in COUNTER:
        office.walk(address)
        heading, _title, _blocked, wide = browser.glance()
        assert heading.isascii(), heading
        faults += [f"{address}: {one}" for one in (*browser.run(LOOSE), *wide)]
    assert faults == []
