"""The demonstration's registers live: lines in every state, a desk full of work, and nothing that disagrees."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from mifeng.base import clock, room, vault
from mifeng.base.models import Notice
from mifeng.base.registers import Lines
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation.models import Incoming, Loan, Parcel, Slip
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.models import Copy, Count, Destruction
from mifeng.rooms.people.models import Person
from mifeng.site import start, verification
from mifeng.site.demo import loader
from tests import cluster, house_fixtures
from tests.cast import Cast

TODAY = date(2026, 11, 23)
# Lines that each book holds at least, as the clerk reads it (F10: the head of the office).
LINES = {
    "F01": 9, "F02": 9, "F03": 9, "F04": 9, "F05": 5, "F06": 5, "F07": 5, "F08": 29, "F09": 5, "F10": 5, "F11": 15,
}  # fmt: skip
# Papers whose pages are wanted; the rest is registered without its file, which takes half a second each.
WITH_PAGES = {"DOC-006", "DOC-008", "DOC-009", "DOC-011", "DOC-012", "DOC-013", "DOC-018", "DOC-019", "DOC-022", "DOC-026", "DOC-027"}


@pytest.fixture(scope="module")
def demo(django_house: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The whole demonstration, played in this process."""
    folder, uploads = tmp_path_factory.mktemp("demo"), loader.Past.uploads
    home = folder / "var"
    house_fixtures.open_folders(home, folder / "var-keys")
    start.folders()
    start.migrate()
    loader.make_vault(folder / "unseal")
    house_fixtures.start_log()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.Past, "bring", lambda past, beside, only: None)
        patch.setattr(loader.Past, "uploads", lambda past, row: uploads(past, row) if row["id"] in WITH_PAGES else ())
        loader.load()
    yield home
    connection.close()
    if cluster.POSTGRESQL:
        cluster.drop(cluster.name_of(home))
    vault.seal()


@pytest.fixture
def cast(demo: Path) -> Cast:
    """Its people."""
    return Cast()


def lines(form: str, person: Person) -> int:
    """How many lines of this book the person may know."""
    book = next(book for one in room.rooms() for book in one.registers if book.form == form)
    told = book.rows(person)
    return told.found.order_by().count() if isinstance(told, Lines) else len(list(told))


def test_every_register_of_the_demonstration_has_living_lines(cast: Cast) -> None:
    few = {form: lines(form, cast.office_head if form == "F10" else cast.clerk) for form in LINES}
    assert {form: count for form, count in few.items() if count < LINES[form]} == {}


def test_an_excerpt_waits_for_its_approval_one_for_its_taker_and_one_to_follow_its_source(cast: Cast) -> None:
    asked = Approval.objects.filter(act="excerpt").values_list("state", flat=True)
    assert {"asked", "approved", "closed"} <= set(asked)
    assert [what for _one, what in queries.lagging_excerpts(Person.objects.get(login="yujs"))] == ["term"]


def test_books_agree_and_the_house_is_as_its_log_says(demo: Path) -> None:
    assert queries.disagreements() == []
    assert verification.run() == []


def test_every_state_of_a_slip_a_loan_a_parcel_and_an_envelope_is_there(demo: Path) -> None:
    assert set(Slip.objects.values_list("state", flat=True)) == {"asked", "approved", "open", "done"}
    assert set(Loan.objects.values_list("state", flat=True)) == {"asked", "approved", "lent", "back"}
    assert set(Incoming.objects.values_list("state", flat=True)) == {"arrived", "registered", "closed"}
    assert set(Incoming.objects.values_list("envelope", flat=True)) == {"intact", "broken"}
    assert Loan.objects.filter(state="lent", due_at__lte=clock.now()).count() == 2  # one of them for weeks
    assert Loan.objects.filter(renewals=1).count() == 2
    assert Parcel.objects.filter(delivered_at=None, dispatch__via="carried", ended_at=None).count() == 2
    assert Counter(Destruction.objects.values_list("state", flat=True)) == {"done": 5, "asked": 1, "listed": 1}
    assert set(Count.objects.filter(closed_at=None).values_list("kind", flat=True)) == {"stock"}
    assert {"missing", "void", "archived", "out", "lent", "circulating", "issued"} <= set(Copy.objects.values_list("state", flat=True))


def test_the_clerk_s_desk_is_full_of_today_s_work(cast: Cast) -> None:
    waiting = {str(duty.title): duty.count for duty in room.duties(cast.clerk) if duty.count}
    wanted = {"收到未办", "今日送阅与收回", "阅批毕待归档", "借阅", "已批准待办理", "盘点与清理"}
    assert wanted - set(waiting) == set()
    for name in ("gm", "deputy", "other_deputy", "office_head", "second_clerk", "sales_deputy"):
        assert any(duty.count for duty in room.duties(getattr(cast, name))), name


def test_c3_the_overdue_loan_has_climbed_to_the_head_of_the_department(cast: Cast) -> None:
    late = Loan.objects.filter(state="lent").order_by("due_at").first()
    assert late is not None
    told = set(Notice.objects.filter(item_key=late.item_key).values_list("person_key", "kind"))
    assert told == {(late.borrower_id, "loan"), (cast.excluded.pk, "overdue")}
