"""An old ledger between its file in the vault and the registers: read in the sandbox, compared with what is there.

Nothing is written here. The file is read anew each time, so that no row of it lies anywhere but in the vault.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mifeng.base import clock, codes, vault
from mifeng.base.refusals import Refused
from mifeng.clauses import catalogue, parameter
from mifeng.engines import intake
from mifeng.rooms.copies.facts import Keeper
from mifeng.rooms.copies.models import ImportedCopy, OldLedger, Place
from mifeng.rooms.copies.rules import keeping, old_ledger
from mifeng.rooms.copies.rules.old_ledger import Entry, Fault, Known, Read
from mifeng.rooms.documents import files
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.actions.registering import NewDocument, OldPaper
from mifeng.rooms.documents.facts import Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Department, Person

MOST_ROWS = 5_000
HARMS = {30: "exceptional", 20: "grave", 10: "harm"}
INTEREST = "旧台账所载"


class NotReadable(Exception):
    """The file is no table that could be a ledger: `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Plan:
    """How a ledger is read: which sheet, which row is its heading, field -> column, and what stands where a cell is empty."""

    sheet: int
    heading: int
    columns: dict[str, int]
    category: str = "S5"
    department: str = ""
    owner: str = ""
    keeper: str = ""

    def plain(self) -> str:
        """As JSON, for the row that keeps it."""
        return json.dumps(self.__dict__, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Plan":
        """The plan of such a JSON."""
        return cls(**json.loads(text))


def sheets(ledger: OldLedger) -> list[intake.Table]:
    """The sheets of the file that bear something, read by the worker. Raises NotReadable."""
    found = files.tables(ledger.upload.original, ledger.upload.uid, ledger.upload.kind)
    if isinstance(found, intake.NoText):
        raise NotReadable(found.code)
    found = [table for table in found if any(table.rows)]
    if sum(len(table.rows) for table in found) > MOST_ROWS:
        raise NotReadable("too_long")
    return found


def first_plan(tables: list[intake.Table], ledger: OldLedger) -> Plan:
    """What the headings themselves say: the first sheet that has one. Raises NotReadable."""
    for number, table in enumerate(tables):
        at = old_ledger.heading(table.rows)
        if at is not None:
            person = ledger.person
            return Plan(number, at, old_ledger.columns(table.rows[at]), department=person.department.code, owner=person.uid,
                        keeper=person.uid)  # fmt: skip
    raise NotReadable("no_heading")


def known(plan: Plan) -> Known:
    """What cells may name: everybody's name that only one bears, departments by name, places by code."""
    names: dict[str, list[str]] = {}
    for name, uid in Person.objects.filter(active=True).values_list("name", "uid"):
        names.setdefault(name, []).append(uid)
    return Known(
        people={name: uids[0] for name, uids in names.items() if len(uids) == 1},
        departments=dict(Department.objects.values_list("name", "code")), owner=plan.owner, department=plan.department,
        places=frozenset(Place.objects.filter(closed_on=None).values_list("code", flat=True)), keeper=plan.keeper, today=clock.today(),
    )  # fmt: skip


def read(ledger: OldLedger, tables: list[intake.Table], plan: Plan) -> Read:
    """Every row as an entry or a fault; an entry that a rule of the house refuses is a fault, too, with the rule's clause."""
    found = old_ledger.read(tables[plan.sheet].rows, plan.heading + 1, plan.columns, known(plan))
    told = _Tables.loaded(found.entries)
    for entry in list(found.entries):
        fault = told.fault(entry, plan)
        if fault:
            found.entries.remove(entry)
            found.faults.append(fault)
    found.faults.sort(key=lambda fault: fault.row)
    return found


@dataclass(frozen=True)
class _Tables:
    """What entries are weighed against, loaded once: keepers by uid, departments by code, places by code."""

    people: dict[str, Person]
    departments: dict[str, Department]
    places: dict[str, Place]

    @classmethod
    def loaded(cls, entries: Iterable[Entry]) -> "_Tables":
        uids = {uid for entry in entries for uid in (entry.keeper, entry.owner)}
        return cls(
            {p.uid: p for p in Person.objects.filter(uid__in=uids).select_related("department")},
            {d.code: d for d in Department.objects.all()}, {p.code: p for p in Place.objects.filter(closed_on=None)},
        )  # fmt: skip

    def fault(self, entry: Entry, plan: Plan) -> Fault | None:
        person, department = self.people[entry.keeper], self.departments[entry.department]
        kept = people.is_appointed(person, "keep", entry.level, department.pk, clock.today())
        refused = [
            ("custodian", keeping.may_keep(Keeper(person.pk, kept, person.clearance, person.active), entry.level)),
            *([("place", keeping.may_store(entry.level, self.places[entry.place].facts()))] if entry.place else []),
        ]  # fmt: skip
        for name, decision in refused:
            if not decision.allow:
                return Fault(entry.row, name, decision.clause, decision.reasons[0].zh)
        try:
            _shared.check_proposed(paper(entry, plan).new.proposed, entry.issued_on, "")
        except Refused as refusal:
            return Fault(entry.row, "term", refusal.decision.clause, refusal.decision.reasons[0].zh)
        return None


def paper(entry: Entry, plan: Plan) -> OldPaper:
    """The entry as an old paper: known by whoever answers for it and whoever keeps it, by name; nobody else yet."""
    days = clock.today()
    years = int(parameter("P4.0", f"default_years_{entry.level}", on=days))
    written = entry.term
    term = TermFacts(written.kind, written.value, written.on, written.event) if written else TermFacts("years", years)
    scope = tuple(ScopeLine("person", uid, INTEREST) for uid in dict.fromkeys((entry.owner, entry.keeper)))
    proposed = Proposed(
        level=entry.level, category=plan.category, harm=HARMS[entry.level], interest=INTEREST, reason=INTEREST, term=term, scope=scope,
        override=INTEREST if plan.category == "S8" else "",
    )  # fmt: skip
    new = NewDocument(
        title=entry.title, department=Department.objects.get(code=entry.department), owner=Person.objects.get(uid=entry.owner),
        proposed=proposed, issued_on=entry.issued_on, pages=entry.pages, copies=len(entry.copies),
    )  # fmt: skip
    return OldPaper(new=new, number=entry.number, started_on=entry.issued_on, note=entry.note)


def key(entry: Entry, n: int) -> str:
    """What one copy of the ledger is known by: a keyed digest of its number and 份号, so that a second import meets it."""
    words = f"{old_ledger.normal(entry.number)}|{n}".encode()
    return hmac.digest(vault.derived("old ledger"), words, "sha256").hex()[:32]


def entered(entries: Iterable[Entry]) -> set[str]:
    """The keys of these entries' copies that an import has entered and nobody has undone."""
    wanted, found = [key(entry, n) for entry in entries for n in entry.copies], set()
    for some in codes.batched(wanted, codes.BATCH):  # type: ignore[arg-type]
        found |= set(ImportedCopy.objects.filter(key__in=some, undone=False).values_list("key", flat=True))
    return found


def still_to_enter(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with those of their copies that no import has entered yet."""
    listed = list(entries)
    there = entered(listed)
    left = [replace(entry, copies=tuple(n for n in entry.copies if key(entry, n) not in there)) for entry in listed]
    return [entry for entry in left if entry.copies]


def by_number(person: Person, numbers: Iterable[str]) -> dict[str, Document]:
    """Items that this person may know, by their number as the ledger writes it: copies join them, others are made anew."""
    wanted = set(numbers)
    rows = documents.walk(documents.known_by(person))
    found = {old_ledger.normal(row.number): row for row in rows if row.number and old_ledger.normal(row.number) in wanted}
    documents.sound(found.values())
    return found


def categories() -> list[tuple[str, str]]:
    """The ranges S1-S8 for the form."""
    return [(one.id, f"{one.id} {one.title}") for one in catalogue.categories()]

