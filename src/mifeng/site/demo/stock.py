"""The demonstration's cupboards and copies: places with their holders, numbered copies put away, a stock-take, a destruction."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.facts import PlaceKind
from mifeng.rooms.copies.models import Destruction, Place
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Department
from mifeng.site.demo.hands import ARCHIVIST, CLERK, OFFICE, SECOND, SHELF, Happening, decide, paper

KINDS = {"绝密": PlaceKind.COMBINATION_SAFE, "机密": PlaceKind.SAFE, "秘密": PlaceKind.STEEL_CABINET}
SET_UP = date(2025, 12, 16)
COUNTED = date(2026, 10, 9)
# A copy of this paper is not needed any more: listed, destroyed and watched within two days.
WORN_OUT, LISTED = "DOC-006", date(2026, 10, 20)

def happenings(past: Any, only: set[str] | None) -> Iterator[Happening]:
    """What happens to cupboards and copies, with its instant; `past` is the loader's."""
    yield past.at(SET_UP, 10), lambda: set_up(past)
    rows = [row for row in past.rows(only) if _numbered(row)]
    for row in rows:
        old = row["issued_on"] < SET_UP
        yield past.at(SET_UP if old else row["issued_on"], 15), lambda row=row: put_away(past, row)
    if rows:
        yield past.at(COUNTED, 9), lambda: count(past)
    if any(row["id"] == WORN_OUT for row in rows):
        for day, hour, step in ((0, 9, listed), (0, 15, approved), (1, 10, destroyed)):
            yield past.at(LISTED + timedelta(days=day), hour), lambda step=step: step(past)


def _numbered(row: dict[str, Any]) -> bool:
    """Levelled, issued and neither gone nor under embargo: its copies are numbered and kept by the clerk."""
    kept = not {"已销毁", "已解密", "禁言期"} & set(row["status"]) and not any("当事人" in word for word in row["status"])
    return bool(row.get("issued_on")) and row["level"] in KINDS and kept


def set_up(past: Any) -> None:
    """The places of org.toml, each with the head of the office and the clerk as holders; destroying is entrusted."""
    office = past.person(OFFICE)
    for one in past.data.org["company"]["storage"]:
        department = next((d for d in Department.objects.all() if one["name"].startswith(d.name)), None)
        home = department or Department.objects.get(code="ZJB")
        place = copies.set_up_place(office, one["code"], KINDS[one["rating"]], one["name"], "", home, past.data.day(date(2026, 8, 3)))
        for holder in (OFFICE, CLERK) if department is None else (CLERK, SECOND):
            copies.entrust_combination(office, place, past.person(holder))
    people.appoint(office, past.person(SECOND), acts=("destroy",), level_max=20, since=past.data.day(SET_UP),
                   until=past.data.day(date(2027, 6, 30)), reason="密件销毁")  # fmt: skip
    past.say("存放位置")


def put_away(past: Any, row: dict[str, Any]) -> None:
    """The paper's copies as they came from the press, in a place that is strong enough."""
    document, clerk = past.document(row), past.person(CLERK)
    made = copies.enter(clerk, document, list(range(1, (row.get("copies") or 2) + 1)), document.pages or 4)
    copies.store(clerk, made, Place.objects.get(code=SHELF[document.level]))


def count(past: Any) -> None:
    """The clerk's stock-take of one safe, with the head of the office as second person."""
    clerk, office = past.person(CLERK), past.person(OFFICE)
    sheet = copies.open_count(clerk, clerk, office, Place.objects.get(code="BX-01"), quarter=True)
    for line in sheet.lines.select_related("copy"):
        copies.count_seen(clerk, sheet.uid, line.copy.code)
    copies.cross_count(office, sheet.uid)
    copies.close_count(clerk, sheet.uid)
    past.say("季度清理")


def listed(past: Any) -> None:
    """The last copy of the worn-out paper is set aside, listed and confirmed by the archive."""
    clerk = past.person(CLERK)
    document = paper(past, WORN_OUT)
    copy = queries.of_document(document)[-1]
    copies.set_aside(clerk, copy, "会后收回，不再需要")
    made = copies.list_for_destruction(clerk, [document], "会后收回，不再需要", "shred", "机要室碎纸间")
    copies.confirm_no_value(past.person(ARCHIVIST), made.uid)
    copies.ask_destruction(clerk, made.uid)


def _list(past: Any) -> Destruction:
    return Destruction.objects.get(document=paper(past, WORN_OUT))


def approved(past: Any) -> None:
    """The supervising deputy approves; the copy lies in a sealed bag."""
    made = _list(past)
    decide(Approval.objects.get(uid=made.approval_uid), "同意销毁")
    copies.seal_bags(past.person(CLERK), made.uid, "封0001", [past.person(CLERK), past.person(SECOND)])


def destroyed(past: Any) -> None:
    """The entrusted clerk destroys it before two watchers."""
    made, watchers = _list(past), [past.person(OFFICE), past.person(ARCHIVIST)]
    copies.destroy(past.person(SECOND), made.uid, watchers)
    for watcher in watchers:
        copies.watch_destruction(watcher, made.uid)
    past.say("销毁清册")
