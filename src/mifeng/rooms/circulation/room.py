"""What the room announces to the house."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from mifeng.base import clock, duties, ladders
from mifeng.base.room import Duty, DutyItem, Entry, Matter, Room
from mifeng.rooms.circulation import actions, books, courses, deadlines, following, queries, sheets
from mifeng.rooms.circulation.actions import _loans as loans
from mifeng.rooms.circulation.actions import _slips as slips
from mifeng.rooms.circulation.models import Handling, Loan
from mifeng.rooms.documents import asked, known_by_few, work
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people.models import Person

COUNTER = frozenset({"clerk", "gmo_head"})
SHOWN = 3  # things to do in a line of the desk


def _matter(name: str, act: str, label: Any, done: Any, returned: Any, conditions: Any) -> Matter:
    """A request on a paper of the register: what its approver sees of it is made by the documents' own room."""
    return Matter(
        name=name, act=act, label=label, item=documents.of_key, summary=work.summary, done=done, returned=returned, pages=True,
        grants=True, handlers=work.handlers, limits=known_by_few.limits, conditions=conditions, knew=asked.knew,
        frozen=lambda approval: documents.of_key(approval.item_key).frozen,
        gone=lambda approval: not documents.of_key(approval.item_key).live,
    )  # fmt: skip


def _to_register(person: Person) -> list[Duty]:
    """收到未办: envelopes in the inbox, for whoever sits at the counter (P5.1)."""
    if not queries.entrusted(person, "mail"):
        return []
    count = queries.waiting().count()
    rows = queries.sound(queries.waiting()[:SHOWN]) if count else []
    items = tuple(
        DutyItem(queries.told(row, "sender"), _("亲启") if row.personal else "", _("登记"), f"/circulation/receipts/{row.uid}/",
                 row.marked or None)
        for row in rows
    )  # fmt: skip
    return [Duty(_("收到未办"), _("标有密级的须登记后才能办结"), "/circulation/receipts/", count, items, order=10)]


def _to_instruct(person: Person) -> list[Duty]:
    """待批示: what the counter submitted to this leader (F01)."""
    return [_steps(_("来文待批示"), _("批示后由承办人办理，纸质件立即入柜"), _("批示"), courses.to_instruct(person), order=9)]


def _to_handle(person: Person) -> list[Duty]:
    """承办: what a 批示 gave this person to handle, until when."""
    return [_steps(_("承办来文"), _("按批示办理，办完办结"), _("办理"), courses.to_handle(person), order=12)]


def _steps(title: str, why: str, verb: str, rows: list[Handling], order: int) -> Duty:
    today = clock.today()
    items = tuple(
        DutyItem(
            line.incoming.document.title,
            _("办结至 %(day)s") % {"day": line.due_on.isoformat()} if line.due_on else line.incoming.number, verb,
            f"/circulation/receipts/{line.incoming.uid}/", line.incoming.document.level,
            late=line.due_on is not None and line.due_on < today, shows=line.incoming.document.item_key,
        )
        for line in rows[:3]
    )  # fmt: skip
    late = any(line.due_on is not None and line.due_on < today for line in rows)
    return Duty(title, why, "/circulation/receipts/", len(rows), items, late=late, order=order)


def _to_send(person: Person) -> list[Duty]:
    """今日要送要收: slips whose next reader waits, and what readers of this clerk have over time (C1)."""
    if not queries.entrusted(person, "transit"):
        return []
    now = clock.now()
    waits = queries.to_send(person)
    begun, fresh = waits.filter(queries.begun_by(person)), waits.filter(clerk=None)
    mine = [slip for slip in queries.verified_slips(duties.few(fresh)) if queries.is_clerk_of(person, slip)]
    out = queries.out_now().filter(slip__clerk=person, due_at__lte=clock.end_of(clock.today()))
    items = [
        DutyItem(f"{line.slip.document.number} {line.reader.name}", _("应退回"), _("收回"), f"/circulation/slips/{line.slip.uid}/",
                 line.slip.document.level, late=line.due_at <= now)
        for line in out[:SHOWN]
    ]  # fmt: skip
    at_counter, with_readers, left = begun.count(), out.count(), SHOWN - len(items)
    first = queries.verified_slips(begun[:left]) if at_counter and left else []
    items += [
        DutyItem(queries.number_of(slip), _("待送下一位"), _("送阅"), f"/circulation/slips/{slip.uid}/", slip.document.level)
        for slip in sorted([*first, *mine], key=lambda slip: slip.pk)[:left]
    ]
    late, count = any(item.late for item in items), with_readers + at_counter + len(mine)
    why = _("逐人送阅、逐人退回，不得横传")
    return [Duty(_("今日送阅与收回"), why, "/circulation/slips/", count, tuple(items), late=late, order=11)]


def _to_read(person: Person) -> list[Duty]:
    """送我阅的: what is with this reader, or open to him on the screen, and not given back (C1)."""
    (count, rows), now = queries.with_reader(person, SHOWN), clock.now()
    items = tuple(
        DutyItem(
            line.slip.document.title, _("阅至 %(day)s") % {"day": _last_day(line.due_at)},
            _("阅览") if line.slip.electronic else _("签意见"), f"/circulation/slips/{line.slip.uid}/", line.slip.document.level,
            late=line.due_at <= now, shows=line.slip.document.item_key,
        )
        for line in rows
    )  # fmt: skip
    late = any(line.due_at <= now for line in rows)  # the first to come back stands first
    return [Duty(_("送我传阅"), _("阅毕退回机要员，不得转交他人"), "/circulation/slips/", count, items, late=late, order=13)]


def _last_day(at: datetime) -> str:
    return clock.local(at - ladders.INSTANT).date().isoformat()


def _loans(person: Person) -> list[Duty]:
    """借阅: what this person has to bring back, and for a custodian what was not brought back to him or is to be handed out."""
    now, (own, first) = clock.now(), duties.first(queries.lent_now().filter(borrower=person), SHOWN)
    owed = queries.lent_now().filter(copy__custodian=person, due_at__lte=now).exclude(borrower=person)
    approved, over = queries.to_lend(person), owed.count()
    to_lend, late = approved.count(), over > 0 or any(loan.due_at <= now for loan in first)
    first += owed[: SHOWN - len(first)] if over and len(first) < SHOWN else []
    first += approved[: SHOWN - len(first)] if to_lend and len(first) < SHOWN else []
    items = tuple(_loan(loan, person, now) for loan in queries.sound_loans(first))
    why = _("到期归还，逾期不得再借")
    return [Duty(_("借阅"), why, "/circulation/loans/", own + over + to_lend, items, late=late, order=15)]


def _loan(loan: Loan, person: Person, now: datetime) -> DutyItem:
    url, level = f"/circulation/loans/{loan.uid}/", loan.document.level
    if loan.due_at is None:
        return DutyItem(f"{loan.number} {loan.borrower.name}", _("已批准"), _("借出"), url, level)
    when = _("应还 %(day)s") % {"day": _last_day(loan.due_at)}
    if loan.borrower_id == person.pk:
        return DutyItem(loan.number, when, _("查看"), url, level, late=loan.due_at <= now)
    return DutyItem(f"{loan.number} {loan.borrower.name}", when, _("催还"), url, level, late=True)


def _late_people(person: Person) -> list[Duty]:
    """督促: what people of this head's department have not brought back (C3). A title stands on none of its lines."""
    rows = queries.late_in(person)
    if not rows:
        return []
    known = set(documents.lines(person, queries.loans().filter(pk__in=[loan.pk for loan in rows])).values_list("pk", flat=True))
    items = tuple(
        DutyItem(f"{loan.number} {loan.borrower.name}", _("应还 %(day)s") % {"day": _last_day(loan.due_at)}, _("督促"),
                 f"/circulation/loans/{loan.uid}/" if loan.pk in known else "/circulation/loans/?view=late", late=True)
        for loan in rows[:3]
    )  # fmt: skip
    title, why = _("本部门逾期未还"), _("请督促归还，归还之前不得再借")
    return [Duty(title, why, "/circulation/loans/?view=late", len(rows), items, late=True, order=9)]


def _to_file(person: Person) -> list[Duty]:
    """待归档: what was noted and lies in no cupboard yet (D1), for its custodian; the overdue for the head of the office."""
    rows, now = queries.filings_of(person), clock.now()
    if person.posts() & queries.SUPERVISE:
        rows = [row for row in rows if row.due_at <= now or row.copy.custodian_id == person.pk]
    items = tuple(
        DutyItem(f"{row.copy.document.number} {row.copy.number}", _("入柜至 %(day)s") % {"day": _last_day(row.due_at)}, _("入柜"),
                 f"/circulation/filings/{row.uid}/", row.copy.document.level, late=row.due_at <= now)
        for row in rows[:3]
    )  # fmt: skip
    late = any(row.due_at <= now for row in rows)
    return [Duty(_("阅批毕待归档"), _("一个工作日内入柜"), "/circulation/filings/", len(rows), items, late=late, order=14)]


def _parcels(person: Person) -> list[Duty]:
    """传递件: what is coming to this person under seal, and what he carries (M2.2)."""
    coming, carried = queries.coming_to(person), queries.carried_by(person)
    items = [
        DutyItem(f"{row.dispatch.number} {row.envelope}", _("待收"), _("签收回执"), f"/circulation/parcels/{row.uid}/")
        for row in coming
    ]
    items += [
        DutyItem(f"{row.dispatch.number} {row.envelope}", _("送%(name)s") % {"name": row.recipient.name}, _("查看"),
                 f"/circulation/parcels/{row.uid}/")
        for row in carried
    ]  # fmt: skip
    return [Duty(_("传递件"), _("逐段签字，到件核对封签号"), "/circulation/dispatches/", len(items), tuple(items[:3]), order=12)]


room = Room(
    name="circulation",
    label=lazy("收发传阅"),
    order=45,
    clauses=("P5.1", "D1", "G3", "G4.4", "G4.5", "M2.2", "C1", "C3", "C4.1"),
    menu=(
        Entry(lazy("收文"), "/circulation/receipts/", "inbox", posts=COUNTER, group=lazy("办件")),
        Entry(lazy("发文"), "/circulation/dispatches/", "mail", posts=COUNTER, group=lazy("办件")),
        Entry(lazy("传阅"), "/circulation/slips/", "send", group=lazy("办件")),
        Entry(pgettext_lazy("簿", "借阅"), "/circulation/loans/", "book-2", group=lazy("办件")),
        Entry(lazy("待归档"), "/circulation/filings/", "archive", posts=COUNTER, group=lazy("办件")),
    ),
    registers=books.REGISTERS,
    forms=sheets.FORMS,
    deeds=tuple(getattr(actions, name) for name in actions.__all__),
    matters=(
        _matter("circulation:circulate", "circulate", lazy("传阅"), slips.list_approved, slips.list_returned,
                {"readers_within_scope": slips.range_holds, "registered": slips.paper_registered}),
        _matter("circulation:lend", "lend", lazy("借阅"), loans.loan_approved, loans.loan_returned,
                {"borrower_within_scope": loans.borrower_holds, "no_sub_lending": loans.for_himself}),
    ),
    duties=(_to_instruct, _to_register, _to_handle, _to_send, _parcels, _to_read, _to_file, _loans, _late_people),
    deadlines={"circulation": deadlines.circulating, "loan": deadlines.lent, "filing": deadlines.filing,
               "receipt": deadlines.receipts, "surrender": deadlines.surrenders},
    moved=(following.moved,),
    read_through=(slips.follow_read,),
)
