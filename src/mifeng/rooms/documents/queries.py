"""Reading the register: decisions on one item, lists trimmed in SQL, search over what may be seen.

No list is built any other way: `visible` is the only door to many items, `decided` the only one to a single item.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NoReturn

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection, connections
from django.db.models import Q, QuerySet, Sum
from django.db.models.sql.where import ExtraWhere

from mifeng.base import clock, codes, duties, moment, statements, weighing
from mifeng.base.fields import new_uid
from mifeng.base.refusals import NotThere
from mifeng.base.rows import Rows
from mifeng.clauses import parameter
from mifeng.engines import access
from mifeng.engines.access import Columns, Context, Decision, Fragment, Listing, Register, Relations, Subject, decide, where
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.documents.facts import State
from mifeng.rooms.documents.models import Concerned, Custody, Document, Handler, Opening, TeamMember, Upload, Wall, WallSide
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.documents.rules import storage as storage_rules
from mifeng.rooms.people import queries as people
from mifeng.rooms.people import scopes
from mifeng.rooms.people.models import Department, Person, Session

PAGE = 50
MOST_COUNTED = 1000
KEYS_OF = {  # the numbers of a list written as JSON
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
}
MANY = 100  # of whom so many are found, the newest are met soon
AT_ONCE = 500  # rows loaded at a time where all that somebody may know is gone through

# Which carrier act of M1.1 an access act needs from its executor.
APPOINTMENT_ACT = {
    "register_facts": ("mail", "keep"), "copy": ("copy",), "print": ("make",), "excerpt": ("excerpt",), "lend": ("keep",),
    "carry_out": ("transit",),
}  # fmt: skip

COLUMNS = Columns(
    level="documents_document.level", aset="documents_document.aset_id", live="documents_document.live",
    frozen="documents_document.frozen", sealed="documents_document.sealed", excl="documents_document.excl_id",
    dept="documents_document.department_id", no_copy="documents_document.no_copy", id="documents_document.id",
    audience_table="people_audiencerow", audience_aset="aset_id", audience_key="key", audience_since="since",
    audience_until="until", handler_table="documents_handler", handler_item="document_id", handler_person="person_id",
    concerned_table="documents_concerned", concerned_item="document_id", concerned_person="person_id",
    team_table="documents_teammember", team_item="document_id", team_person="person_id",
)  # fmt: skip


REGISTER = Register(
    table="documents_document", at="documents_document.registered_at", newest="document_newest", of_set="document_of_set"
)  # fmt: skip


@cache
def columns(vendor: str) -> Columns:
    """COLUMNS in the dialect of that database (`connection.vendor`)."""
    return replace(COLUMNS, dialect=vendor)


@dataclass(frozen=True)
class Viewer:
    """Who looks, now: the subject's facts and the context, loaded once a request inside its transaction."""

    person: Person
    subject: Subject
    context: Context
    at: datetime


def viewer(person: Person, session: Session | None) -> Viewer:
    """The facts of this person at this instant. Raises Tampered."""
    at = clock.now()
    subject = person.facts()
    context = people.context(session, at) if session else _no_device(person, at)
    return Viewer(person, subject, context, at)


def _no_device(person: Person, at: datetime) -> Context:
    """Somebody who is not at a device at all (a job, a list made for him): nothing levelled is shown to nobody's eyes."""
    now = clock.seconds(at)
    return Context(now=now, device_cap=0, fresh_until=now, fresh_top_until=now, password_until=people.password_until(person), session_ok=0)


@dataclass(frozen=True)
class Brought:
    """What an act on an approval brings along to its decision, handed in by the room whose act it is.

    `grant`: a live grant of exactly this act that names a post of whoever acts. Persons by key; `destination`: a
    DESTINATION_ kind of the access engine.
    """

    grant: bool = False
    applicant: int | None = None
    approver: int | None = None
    destination: int | None = None


def relations(who: Viewer, document: Document, act: str, page: int | None = None, in_place: bool = False) -> Relations:
    """How this person stands to the item: in its scope, handler, concerned, judging, appointed.

    `page`: the one asked about, from 1; approvals.SOME_PAGE = any of it; None = the item as a whole. `in_place`: the item
    stands in for one that is not there, and is weighed as a hidden one.
    """
    on = clock.local(who.at).date()
    asked = "" if in_place else document.item_key  # what waits on the stand-in is nothing of the absent one
    scope = scopes.contains(document.aset_id, who.subject.keys, who.context.now)
    handler = Handler.objects.filter(document=document, person=who.person).exists()
    return Relations(
        scope=scope,
        handler=handler,
        concerned=Concerned.objects.filter(document=document, person=who.person).exists(),
        appointed=appointed(who.person, act, document.level, document.department_id, on),
        judge=approvals.judges(who.person, asked, outside=in_place or not (scope or handler), page=page),
        grant=approvals.has_grant(who.person, asked, "show", who.at),
        frozen_team=TeamMember.objects.filter(document=document, person=who.person).exists(),
        walled=_is_walled(who.person, document),
        opening=document.excl_id in opened_to(who.person),
    )  # fmt: skip


def _is_walled(person: Person, document: Document) -> bool:
    """WALLED: he learnt the contents of another side of this item's class. One statement, whether it has a side or not."""
    own = WallSide.objects.filter(document=document)
    return Wall.objects.filter(person=person, class_name__in=own.values("class_name")).exclude(side__in=own.values("side")).exists()


def opened_to(person: Person) -> list[int]:
    """Whose sole custody this person is opening in an emergency right now, rows verified. Raises Tampered."""
    return moment.kept(("opened to", person.pk), lambda: _opened_to(person))


def _opened_to(person: Person) -> list[int]:
    own = Q(office=person) | Q(witness=person)
    found = dict(Opening.objects.filter(own, ended_at=None).values_list("pk", "holder_id"))
    codes.verify("opening", found)
    return sorted(set(found.values()))


def appointed(person: Person, act: str, level: int, department: int, on: Any) -> bool:
    """APPOINTED: a 委托 covers one of the carrier acts that the access act needs (M1.1)."""
    return any(people.is_appointed(person, carrier, level, department, on) for carrier in APPOINTMENT_ACT.get(act, ()))


def decided(
    who: Viewer, document: Document, act: str, page: int | None = None, in_place: bool = False, brought: Brought | None = None
) -> Decision:
    """May this person do this act on this item, or on this page of it, now? Rows are verified first. Raises Tampered.

    `page`, `in_place`: as in relations. `brought`: what an act on an approval brings along.
    """
    if document.aset_id:
        scopes.verify([document.aset_id])
    stands = relations(who, document, act, page, in_place)
    if brought is not None:
        stands = replace(
            stands, grant=brought.grant, applicant=brought.applicant, approver=brought.approver, destination=brought.destination
        )
    return decide(act, who.subject, who.context, document.facts(), stands)


def of_key(key: str) -> Document:
    """The item that a request is about, whoever asks: for carrying its decision out. Raises Document.DoesNotExist."""
    return Document.objects.select_related("department", "owner").get(uid=key.removeprefix("documents:"))


def as_it_stands(document: Document) -> Document:
    """The item as its row stands now: a deed that decides on it without writing it would not notice that it changed since
    its page was drawn.
    """
    return of_key(document.item_key)


def find_to_weigh(uid: str) -> tuple[Document | None, Document | None]:
    """The item of that address and, where there is none, another one to decide on in its place; by one statement.

    An unknown uid is to be refused with the work of refusing a hidden one (P0.3): without it the time of the answer
    told them apart, a third for what is not there.
    """
    row = weighing.row_or_another(Document.objects.select_related("department", "owner", "drafter"), uid)
    return (row, None) if row is not None and row.uid == uid else (None, row)


def refuse_absent(who: Viewer, other: Document | None, *acts: str) -> NoReturn:
    """Raise NotThere, after these acts were decided on the item that stands in, as if it were hidden."""
    for act in acts if other else ():
        decided(who, other, act, in_place=True)
    raise NotThere


class Trimmed(Rows[Document]):
    """Items of which somebody may know. The trimming is a condition of the query itself and cannot be forgotten.

    Lists find the same rows by a quicker way: `lists` makes their statements for a filter of the caller's.
    """

    lists: Callable[..., Listing] | None = None
    condition: Fragment = Fragment("0 = 1")

    def _clone(self) -> "Trimmed":
        clone = super()._clone()
        clone.lists, clone.condition = self.lists, self.condition
        return clone

    def whole(self) -> "Trimmed":
        """All that is trimmed alike, whatever the caller filtered by: for loading rows that were found by that filter."""
        made = Trimmed(Document).select_related("department", "owner").extra(where=[self.condition.sql], params=self.condition.params)
        made.lists, made.condition = self.lists, self.condition
        return made


def visible(who: Viewer, act: str = "read") -> Trimmed:
    """Items of which this person may know by `act`, trimmed in SQL, newest first. Rows are not verified yet."""
    return _trimmed(who, who.context, (act,))


def known(who: Viewer) -> Trimmed:
    """What the register shows to this person: what he may read, judge, or handles by appointment as a clerk.

    Device, password and freshness do not hide an item from somebody in its scope; they refuse the page itself.
    """
    handled, opened = _handled(who), opened_to(who.person)
    acts = ("read",) if handled is None and not opened else ("read", "register_facts")
    return _trimmed(who, who.context.calm(), acts, appointed=handled or False, opening=_of_custodians(opened))


def known_by(person: Person) -> Trimmed:
    """What the register shows to this person, wherever he sits; the condition is made once a moment."""
    return moment.kept(("known", person.pk), lambda: known(viewer(person, None))).all()


def _trimmed(who: Viewer, context: Context, acts: tuple[str, ...], **more: Any) -> Trimmed:
    handed = {"judge": _judged(who), "grant": _granted(who), "walled": _walled(who), **more}
    where_facts_stand = columns(connection.vendor)
    parts = [where(act, who.subject, context, where_facts_stand, **handed) for act in acts]
    either, values = " OR ".join(f"({sql})" for sql, _ in parts), [value for _, values in parts for value in values]
    found = Trimmed(Document)
    found.condition = Fragment(f"({either})", tuple(values))
    found.lists = access.listing(acts, who.subject, context, where_facts_stand, REGISTER, **handed).filtered
    return found.whole().order_by("-registered_at", "-id")


def _judged(who: Viewer) -> Fragment | bool:
    """JUDGE as a condition: the items of the requests that this person decides now."""
    return _among(key.removeprefix("documents:") for key in approvals.judged_keys(who.person))


def _granted(who: Viewer) -> Fragment | bool:
    """GRANT(show) as a condition: items shown to this person by a leader's leave."""
    return _among(key.removeprefix("documents:") for key in approvals.shown_keys(who.person, who.at))


def _walled(who: Viewer) -> Fragment | bool:
    """WALLED as a condition: items of another side of a class of which this person learnt one side."""
    learnt = list(Wall.objects.filter(person=who.person).values_list("class_name", "side"))
    if not learnt:
        return False
    other = " OR ".join(["class_name = %s AND side <> %s"] * len(learnt))
    values = tuple(value for pair in learnt for value in pair)
    return Fragment(f"documents_document.id IN (SELECT document_id FROM documents_wallside WHERE {other})", values)


def _of_custodians(holders: list[int]) -> Fragment | bool:
    """OPENING as a condition: items in the sole custody of these persons."""
    if not holders:
        return False
    excl, marks = "documents_document.excl_id", ", ".join(["%s"] * len(holders))
    return Fragment(f"({excl} IS NOT NULL AND {excl} IN ({marks}))", tuple(holders))


def _among(uids: Iterable[str]) -> Fragment | bool:
    wanted = tuple(sorted(uids))
    if not wanted:
        return False
    return Fragment(f"documents_document.uid IN ({', '.join(['%s'] * len(wanted))})", wanted)


def _handled(who: Viewer) -> Fragment | None:
    """APPOINTED for register facts (P0.3) as a condition: levels and departments that the live 委托 name."""
    on, parts, params = clock.local(who.at).date(), [], []
    for held in who.person.appointments_facts():
        if held.revoked or not held.since <= on <= held.until or not held.acts & {"mail", "keep"}:
            continue
        part = "documents_document.level <= %s"
        params.append(held.level_max)
        if held.departments:
            part += f" AND documents_document.department_id IN ({', '.join(['%s'] * len(held.departments))})"
            params += sorted(held.departments)
        parts.append(f"({part})")
    return Fragment(f"({' OR '.join(parts)})", tuple(params)) if parts else None


@dataclass(frozen=True)
class Page:
    """One page of a list: verified rows, how many there are in all (capped), where the pages beside it start ("" = none).

    `after` and `before` are addresses of rows that stand on this page, so they tell nothing that it does not.
    """

    rows: list[Document]
    total: int
    more_than: bool
    after: str
    before: str


def page(found: Trimmed, after: str = "", size: int = PAGE, before: str = "") -> Page:
    """The newest rows, those after the row `after`, or those before the row `before` (uids): by keyset, never by offset.

    A uid that this person may not know is nobody's: it gives the first page. Rows are loaded through the condition
    once more, and those about to be shown are verified. Raises Tampered.
    """
    lists = found.lists(only=_filters(found))
    total = lists.count(_run, MOST_COUNTED + 1)
    place, up = _place(found, before or after), bool(before)
    much = total > MOST_COUNTED
    shown = lists.page(_run, size, much=much, **{"before" if up else "after": place})
    if up and not shown.newer:  # near the top: a full first page rather than the few rows above
        shown = lists.page(_run, size, much=much)
    at = {row.pk: row for row in found.whole().filter(pk__in=shown.keys)}
    rows = sound(at[key] for key in shown.keys if key in at)
    after, before = (rows[-1].uid if rows and shown.older else ""), (rows[0].uid if rows and shown.newer else "")
    return Page(rows, min(total, MOST_COUNTED), much, after, before)


def first_to_end(found: Trimmed, size: int) -> Page:
    """The items found whose term ends first; for a filter with an index of its own, whose few items a list would be walked for."""
    rows = soonest(found.order_by("expires_on", "pk"), size)
    return Page(rows, len(rows), len(rows) == size, "", "")


def soonest(found: QuerySet[Document], size: int) -> list[Document]:
    """The first of these items in their order, verified: their keys first, since to put whole rows in order costs ten times as much."""
    keys_first = list(found.values_list("pk", flat=True)[:size])
    return sound(found.filter(pk__in=keys_first))


def _run(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _place(found: Trimmed, uid: str) -> tuple[Any, int] | None:
    """Where a row stands in the order, as the database holds it; None when this person may not know the row."""
    if not uid:
        return None
    rows = _run(*found.lists(only=None).place("documents_document.uid", uid, new_uid()))
    at, key, there, opened = rows[0] if rows else (None, 0, False, False)
    at = connection.ops.adapt_datetimefield_value(at) if isinstance(at, datetime) else at
    return (at, key) if there and opened else None


def _filters(found: Trimmed) -> Fragment | None:
    """What the caller filtered by, without the trimming: the statements of lists bring their own. ValueError for a join."""
    where_it_stands = connections[found.db]
    known = statements.statement(found, "filters", where_it_stands, _own) if found.noted else None
    if known:
        return Fragment(known.sql, tuple(known.bound(found.told, where_it_stands)))
    try:
        sql, values, _compiler = _own(found.query, where_it_stands)
    except EmptyResultSet:
        return Fragment("0 = 1")
    except FullResultSet:
        return None
    return Fragment(sql, tuple(values))


def _own(query: Any, where: Any) -> tuple[str, list[Any], None]:
    """The conditions that are the caller's own, as SQL. Raises EmptyResultSet for none at all, FullResultSet where there are none."""
    used = [alias for alias, times in query.alias_refcount.items() if times]
    if set(used) - {REGISTER.table}:
        raise ValueError(f"a list is filtered by columns of the item itself, not by {used}")
    own = query.where.clone()
    own.children = [child for child in own.children if not isinstance(child, ExtraWhere)]
    if not own.children:
        raise FullResultSet
    sql, values = own.as_sql(query.get_compiler(connection=where), where)
    return sql, values, None


def keys(found: Trimmed) -> list[int]:
    """The keys of all items found, in no order; the work grows with these and not with the register."""
    return [row[0] for row in _run(*found.lists(only=_filters(found)).everything())]


def walk(found: Trimmed) -> Iterator[Document]:
    """All items found, in no order, loaded through the condition once more. Not verified."""
    for some in codes.batched(keys(found), AT_ONCE):
        yield from found.whole().filter(pk__in=some)


def search(found: Trimmed, words: str) -> list[Document]:
    """Visible items whose title or number holds every word; two Chinese characters are a word like any other.

    Goes through what this person may know and nothing else: a hidden item costs nothing and shows in no count and no
    time.
    """
    parts = [part for part in normal(words).split() if part]
    rows = [row for row in walk(found) if all(p in normal(f"{row.number} {row.title}") for p in parts)] if parts else []
    return sound(sorted(rows, key=lambda row: (row.registered_at, row.pk), reverse=True))


def sound(rows: Iterable[Document]) -> list[Document]:
    """The rows about to be shown, items and scopes verified: SQL trimmed them by what stands there. Raises Tampered."""
    shown = list(rows)
    codes.verify("document", {row.pk for row in shown})
    scopes.verify({row.aset_id for row in shown if row.aset_id})
    return shown


def normal(text: str) -> str:
    """Width, case and blanks folded, for comparing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("〔", "[").replace("〕", "]").split())


def reached(document: Document) -> list[Person]:
    """The persons in the scope now."""
    return scopes.people_of(document.aset_id)


def orphaned() -> list[Document]:
    """Live levelled items whose scope reaches nobody any more (P4.2). A sealed one is known by those who handle it only."""
    found = Document.objects.filter(aset__in=scopes.reaching_nobody(), live=True, level__gte=10, sealed=False).order_by("pk")
    return [d for d in found if scope_rules.custodian_needed(d.level, d.live, len(reached(d)))]


def without_custodian() -> list[Document]:
    """Statistics whose custodian has left the company (C6.1)."""
    found = Document.objects.select_related("owner", "department").filter(
        owner__in=Person.objects.filter(active=False), live=True, sealed=False, line="statistics"
    )
    return [d for d in found if storage_rules.lacks_custodian(d.line, d.level, d.live, d.owner.active)]


def overridden(since: date, until: date) -> list[Document]:
    """Everyday papers that were given a level against S8, registered in these days (both included), oldest first."""
    days = {"registered_at__gte": clock.start_of(since), "registered_at__lt": clock.end_of(until)}
    found = Document.objects.filter(category="S8", level__gte=10, sealed=False, **days).order_by("registered_at", "pk")
    return [document for document in found if document.override]


REVIEWED_AHEAD = 90  # days


def due_for_review(departments: Iterable[Department], days: int) -> QuerySet[Document]:
    """Items of these departments whose term ends within `days`, or is over and not decided."""
    last = clock.today() + timedelta(days=days)
    states = [State.VALID, State.EXPIRED_REVIEW]
    return Document.objects.filter(
        department__in=[department.pk for department in departments], state__in=states, live=True, sealed=False, expires_on__lte=last
    ).order_by("expires_on", "pk")


def reviewed_by(person: Person) -> QuerySet[Document] | None:
    """What ends within 90 days or is over in the departments that somebody reviews: those a classifier supervises, all of
    them for the head of the office. None for everybody else.
    """
    posts = person.posts()
    if not posts & {"classifier", "gmo_head"}:
        return None
    own = Department.objects.filter(supervisor=person) if "classifier" in posts else Department.objects.all()
    return due_for_review(own, REVIEWED_AHEAD)


def could_know(person: Person, document: Document, by_leave: bool = False) -> bool:
    """The rules let this person know what the item says, device and freshness aside: in scope, handling, shown.

    `by_leave`: would they, with the leave of whoever answers for the item? Clearance, pledge, embargo, custody and walls
    still stand in the way.
    """
    who = viewer(person, None)
    stands = relations(who, document, "read")
    stands = replace(stands, scope=True) if by_leave else stands
    return decide("read", who.subject, who.context.calm(), document.facts(), stands).allow


def spoken_of() -> dict[int, tuple[int, ...]]:
    """Whom each sealed item speaks of, by key: never told of it, not even by a neutral line (A2)."""
    found: dict[int, tuple[int, ...]] = {}
    for document, person in Concerned.objects.filter(document__sealed=True).values_list("document_id", "person_id"):
        found[document] = (*found.get(document, ()), person)
    return found


def custody_offers(person: Person) -> QuerySet[Custody]:
    """Custodies offered to this person that he has not answered."""
    found = Custody.objects.filter(taker=person, accepted_at=None, ended_at=None)
    return found.select_related("document__excl", "giver").order_by("pk")


def openings() -> QuerySet[Opening]:
    """Emergency openings, newest first, with everybody who has a part in them."""
    parts = ("holder", "decided_by", "office", "witness", "interim", "reviewed_by")
    return Opening.objects.select_related(*parts).order_by("-pk")


def openings_of(person: Person) -> list[Opening]:
    """The emergency openings that this person still has to do with, rows verified. Raises Tampered."""
    parts = Q(office=person) | Q(witness=person) | Q(interim=person) | Q(holder=person)
    waiting = Q(ended_at=None) & parts
    if person.posts() & {"gm", "deputy_gm"}:
        waiting |= Q(reviewed_at=None)
    found = duties.few(openings().filter(waiting))
    codes.verify("opening", [row.pk for row in found])
    return found


def upload_left(person: Person) -> int:
    """How many bytes this person may still bring today (T4); what was turned away does not count."""
    most = int(parameter("T4", "upload_mb_a_day", on=clock.today())) * 1_000_000
    today = Upload.objects.filter(person=person, at__gte=clock.start_of(clock.today())).exclude(original="")
    return most - (today.aggregate(n=Sum("size"))["n"] or 0)


def in_scope(person: Person, document: Document) -> bool:
    """The person stands in the item's scope now, as register facts alone do not make him."""
    return bool(among_scopes(person, [document]))


def among_scopes(person: Person, documents: Iterable[Document]) -> set[int]:
    """The keys of those items in whose scope the person stands now: one statement for all of them."""
    wanted = list(documents)
    open_sets = scopes.containing({row.aset_id for row in wanted if row.aset_id}, person.keys(), clock.seconds(clock.now()))
    return {row.pk for row in wanted if row.aset_id in open_sets}


def _few_known(person: Person) -> list[int] | None:
    """The keys of all that this person may know; None when they are a great many. Asked once a moment."""
    found = known_by(person)
    return moment.kept(
        ("few known", person.pk),
        lambda: keys(found) if found.lists(only=None).count(_run, MOST_COUNTED + 1) <= MOST_COUNTED else None,
    )


def _among_few(rows: QuerySet[Any], item: str, few: list[int]) -> QuerySet[Any]:
    """The rows of these items. Their keys are one parameter: a thousand cost more than the answer, and written out they were another
    statement for everybody.
    """
    if "__" in item:
        return rows.filter(**{f"{item}__in": few})
    column = f'"{rows.model._meta.db_table}"."{rows.model._meta.get_field(item).column}"'
    return rows.extra(where=[f"{column} IN ({KEYS_OF[connection.vendor]})"], params=[json.dumps(few)])


def lines(person: Person, rows: QuerySet[Any], item: str = "document") -> QuerySet[Any]:
    """Rows of another table that hang on items (`item`: how), as far as this person may know the items. Not verified.

    Whoever knows few items is answered from these, so that lines of others cost him nothing; whoever knows a great many
    walks the table and meets few that are hidden (decision 0007).
    """
    found, few = known_by(person), _few_known(person)
    if few is not None:
        return _among_few(rows.select_related(item), item, few)
    joined = rows.select_related(item).filter(**{f"{item}__level__gte": 0})  # true of every item: counts join it as well
    sql, values = found.lists(only=None).condition()
    return joined.extra(where=[sql], params=values)


def newest(person: Person, found: Trimmed, count: int) -> list[Document]:
    """The newest items found, verified; the work grows with what this person may see, not with the register."""
    return _loaded(found, _newest_keys(person, found, count))


def _newest_keys(person: Person, found: Trimmed, count: int) -> list[int]:
    """Whoever knows a great many meets most of what he looks for among the newest items; only if not are they counted."""
    lists = found.lists(only=_filters(found))
    soon = lists.soon(_run, count) if _few_known(person) is None else None
    if soon is not None:
        return soon
    there = lists.count(_run, MANY)
    return list(lists.page(_run, count, much=there == MANY).keys) if there else []


def _loaded(found: Trimmed, keys: Iterable[int]) -> list[Document]:
    wanted = list(keys)
    at = {row.pk: row for row in found.whole().filter(pk__in=wanted or [0])}
    return sound(at[key] for key in wanted if key in at)


def newest_in_scope(person: Person, found: Trimmed, count: int) -> list[int]:
    """Keys of those of the newest items found in whose scope the person stands now; neither loaded nor verified."""
    keys = _newest_keys(person, found, count)
    sets = dict(Document.objects.filter(pk__in=keys).values_list("pk", "aset_id"))
    open_sets = scopes.containing(set(filter(None, sets.values())), person.keys(), clock.seconds(clock.now()))
    return [key for key in keys if sets.get(key) in open_sets]


def shown(person: Person, keys: Iterable[int]) -> list[Document]:
    """These items as far as the person may know them, in this order, verified."""
    return _loaded(known_by(person), keys)


def uploads_of(uids: Iterable[str], person: Person) -> list[Upload]:
    """Accepted uploads of this person that a form names."""
    return list(Upload.objects.filter(uid__in=list(uids), person=person, state="accepted"))
