"""F01 to F11 against forms.toml: every field of a form stands in its register or on its sheet, or here with the reason."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import papers as paper
from mifeng.base import room
from mifeng.base.registers import Filled
from mifeng.clauses import forms
from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.circulation.facts import Drafts, Urgency
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.models import Document
from mifeng.site import prints
from tests import carrying, excerpting, factories, holdings, making, printed
from tests.rooms.circulation import papers
from tests.rooms.copies.test_destroying import destroyed
from tests.rooms.copies.test_evidence import brought

# Form -> field that neither register nor sheet shows -> why.
NOT_SHOWN: dict[str, dict[str, str]] = {
    "F03": {"limit": "how long a reader has it follows from the level by the clause; the register shows until when it was out"},
    "F08": {"derived_from": "an item made of others is an excerpt, and its sources stand in F06"},
    "F09": {
        "notice_list": "the holders are told by the copies' own tasks (改标志), which each copy's ledger shows",
        "remarked": "the same: a line of the ledger of every copy that was marked anew",
        "public_ok": "release is not publication: publication is a review of its own (F22)",
    },
}
# Field that nobody has signed here: it is left for the pen, and so stands as an empty box.
FOR_INK: dict[str, set[str]] = {
    "F05": {"dept_opinion"}, "F07": {"dept_opinion"}, "F10": {"dept_opinion"}, "F11": {"head", "gmo"}, "F09": {"dept_review"},
}  # fmt: skip
# Field that this sample has no word for.
MAY_BE_EMPTY: dict[str, set[str]] = {
    "F02": {"remark"},
    "F04": {"renewals"},
    "F08": {"copies", "standing"},
    "F11": {"closed_at", "cross_check", "decision"},
}


def _receipt(house: Any, cast: Any) -> str:
    told = papers.paper(urgency=Urgency.URGENT, attachments=2, deadline=date(2026, 4, 10), return_on=date(2026, 6, 30), remark="附光盘")
    row = circulation.receive(cast.clerk, papers.cover(cast, addressee=cast.gm), told)
    circulation.propose(cast.clerk, row, "请阅示", cast.gm)
    circulation.instruct(cast.gm, row, "请办理", cast.gm, date(2026, 4, 1))
    circulation.conclude(cast.gm, row, "已函复")
    copy = row.document.numbered_copies.get()
    copies.store(cast.clerk, [copy], papers.safe(cast))
    copies.archive(cast.clerk, [copy], 10)
    return str(row.uid)


def _dispatch(house: Any, cast: Any) -> str:
    parcel = papers.on_its_way(cast)
    circulation.deliver(cast.insider, parcel.uid, "签-0007")
    circulation.settle_drafts(cast.clerk, parcel.dispatch.uid, Drafts.FILED, 3, "随正本归卷")
    return str(parcel.dispatch.uid)


def _slip(house: Any, cast: Any) -> str:
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider, cast.dept_head)
    line = circulation.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    copies.sign_for(cast.insider, copy_queries.to_sign(cast.insider)[0].uid)
    circulation.note_opinion(cast.insider, line.uid, "同意")
    circulation.take_in(cast.clerk, slip, line.uid, 9)
    circulation.skip_reader(cast.clerk, slip, papers.line(slip, cast.dept_head).uid, "出差")
    return str(slip.uid)


def _loan(house: Any, cast: Any) -> str:
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    copies.return_item(cast.clerk, copy, 9)
    return str(loan.uid)


def _copying(house: Any, cast: Any) -> str:
    document = factories.readable(cast)
    source = copies.enter(cast.clerk, document, [2], 2)[0]
    until = document.registered_at.date() + timedelta(days=20)
    approval = making.approved(house, cast, document, source=source, recipients=(cast.insider,), count=1, until=until)
    session = house.sit(cast.clerk)
    run = copies.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    copies.print_copy(cast.clerk, session, run, run.made.get().copy)
    copies.finish_reproduction(cast.clerk, run, 1, "当场粉碎", True)
    copies.sign_for(cast.insider, copy_queries.to_sign(cast.insider)[0].uid)
    return str(run.uid)


def _excerpt(house: Any, cast: Any) -> str:
    document, person = excerpting.source(cast)
    return str(excerpting.make(person, house.sit(person), excerpting.approved(house, cast, document)).uid)


def _trip(house: Any, cast: Any) -> str:
    document, copy = carrying.kept(cast)
    carrying.entrust(cast, cast.second_clerk)
    trip = carrying.gone(house, cast, document, copy, companion=cast.second_clerk)
    copies.check_in(cast.clerk, trip, {copy.uid: 8})
    return str(trip.uid)


def _destruction(house: Any, cast: Any) -> str:
    made = destroyed(cast, holdings.entered(cast, 3))
    copies.add_evidence(cast.insider, made.uid, brought(cast.insider))
    return str(made.uid)


def _clear_up(house: Any, cast: Any) -> str:
    made = holdings.entered(cast, 2)
    count = copies.open_year(cast.office_head, 2026)[0]
    copies.count_seen(cast.clerk, count.uid, made[0].code)
    return str(count.uid)


def _classification(house: Any, cast: Any) -> str:
    return str(factories.classified(cast).changes.get(what="classified").uid)


def _change(house: Any, cast: Any) -> str:
    document = factories.classified(cast)
    documents.ask_change(cast.drafter, document, kind="downgrade", level=10, reason="已无必要")
    factories.approve_all(document.item_key)
    return str(document.changes.get(what="level").uid)


SAMPLES: dict[str, Callable[[Any, Any], str]] = {
    "F01": _receipt, "F02": _dispatch, "F03": _slip, "F04": _loan, "F05": _copying, "F06": _excerpt, "F07": _trip, "F08": _classification,
    "F09": _change, "F10": _destruction, "F11": _clear_up,
}  # fmt: skip
READER = {"F06": "drafter", "F08": "drafter", "F09": "drafter"}


def _filled(form: str, house: Any, cast: Any) -> Filled:
    person = getattr(cast, READER.get(form, "clerk"))
    uid, session = SAMPLES[form](house, cast), house.sit(person)

    return prints.record_form(person, session, room.paper_forms()[form], uid)[1]


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_every_field_of_the_form_stands_in_its_register_or_on_its_sheet(form: str, house: Any, cast: Any) -> None:
    office, day = forms.form(form), date(2026, 12, 1)
    if form == "F11":
        with house.at(day):
            filled = _filled(form, house, cast)
    else:
        filled = _filled(form, house, cast)
    register = next(each for announced in room.rooms() for each in announced.registers if each.form == form)
    columns = [column.key for column in register.columns if column.key]
    fields = [field.key for field in office.fields]
    assert columns == [key for key in fields if key in columns], "the columns stand in the order of the form"
    shown = {*columns, *filled.values, *(key for key, signs in filled.signs.items() if signs), *filled.lists}
    assert set(fields) - shown - FOR_INK.get(form, set()) == set(NOT_SHOWN.get(form, {}))
    empty = {key for key in fields if not (filled.values.get(key) or filled.signs.get(key) or filled.lists.get(key))}
    assert empty - FOR_INK.get(form, set()) == MAY_BE_EMPTY.get(form, set()) | set(NOT_SHOWN.get(form, {}))
    printing = paper.Printing("澜岱公司", "机要员简小禾", Document.objects.first().registered_at, "印表〔2026〕0001")
    pdf = paper.filled_form(form, filled, printing)
    words = printed.words(pdf)
    assert (printed.size(pdf), printed.pages(pdf)) == ((210, 297), 1)
    assert filled.number in words
