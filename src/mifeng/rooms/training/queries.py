"""What the room knows about a person: pledge, test, acknowledgement; and the condition it announces."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import QuerySet

from mifeng.base import clock, codes, moment
from mifeng.base.models import LogIndex
from mifeng.clauses import parameter
from mifeng.clauses.parameters import after_months
from mifeng.engines.access import Decision
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import rules
from mifeng.rooms.training.facts import PledgeFacts, RulesFacts, SittingFacts
from mifeng.rooms.training.models import Acknowledgement, EntryTest, RuleVersion, SelfCheck, text_hash

THE_BOOK = 1  # RuleVersion.book
CHECK_READERS = frozenset({"hr", "gmo_head", "gm", "auditor"})  # who sees everybody's self-checks, but what they say


def pledge_facts(person: Person) -> PledgeFacts:
    """The latest signature and whether an entry test was passed."""
    last = person.pledges.order_by("-signed_on", "-pk").first()
    return PledgeFacts(last.signed_on if last else None, last.text_hash if last else "", text_hash(), passed_on(person) is not None)


def passed_on(person: Person) -> date | None:
    """The day of the newest passed test; None when none was passed."""
    return next((test.taken_on for test in _tests(person) if rules.is_passed(test.score, test.taken_on)), None)


def trained_until(person: Person) -> date | None:
    """The last day on which the newest passed test holds (I12); None without one."""
    return rules.trained_until(passed_on(person))


def may_be_let_in(person: Person, level: int) -> Decision:
    """Whether somebody may newly be let know an item of that level (I12)."""
    return rules.may_be_let_in(level, trained_until(person), clock.today())


def sitting_facts(person: Person, on: date) -> SittingFacts:
    """What he failed in the period of validity that ends on that day, since he last passed."""
    failed = 0
    for test in _tests(person):
        if rules.is_passed(test.score, test.taken_on) or after_months(test.taken_on, int(parameter("I12", "months", on=on))) < on:
            break
        failed += 1
    return SittingFacts(failed)


def _tests(person: Person) -> QuerySet[EntryTest]:
    return person.entry_tests.order_by("-taken_on", "-pk")


def rules_facts(person: Person) -> RulesFacts:
    """The version in force and whether it was acknowledged."""
    version = current_version()
    if version is None:
        return RulesFacts(None, True)
    return RulesFacts(version.issued_on, Acknowledgement.objects.filter(person=person, version=version).exists())


def current_version() -> RuleVersion | None:
    """The version of the rules issued last, every version verified. Raises Tampered."""
    codes.verify("rules", [THE_BOOK])
    return RuleVersion.objects.order_by("-issued_on", "-pk").first()


def condition(person: Person) -> dict[str, int]:
    """`pledge_until`, `trained_until` (seconds UTC, end exclusive, 0 = none), `rules_read` (0 or 1) for the access engine."""
    return moment.kept(("training", person.pk), lambda: _condition(person))


def _condition(person: Person) -> dict[str, int]:
    known = rules.rules_known(rules_facts(person), clock.today()).allow
    return {
        "pledge_until": _end_of(rules.pledge_until(pledge_facts(person))), "trained_until": _end_of(trained_until(person)),
        "rules_read": int(known),
    }  # fmt: skip


def _end_of(last: date | None) -> int:
    return clock.seconds(clock.end_of(last)) if last else 0


def untrained(ahead: int = 0) -> list[Person]:
    """Active persons cleared for 机密 and above whose last passed test is over in so many days at the latest (I12)."""
    day = clock.today() + timedelta(days=ahead)
    people = Person.objects.filter(active=True, clearance__gte=20)
    return [person for person in people if (until := trained_until(person)) is None or until < day]


def without_pledge() -> list[Person]:
    """Active persons with a clearance for levelled items and no live pledge (P0.1 check)."""
    now = clock.seconds(clock.now())
    people = Person.objects.filter(active=True, clearance__gte=10)
    return [person for person in people if condition(person)["pledge_until"] <= now]


def who_checks(department: int | None = None) -> QuerySet[Person]:
    """Everybody who does a self-check: who works here and has an account in use; of one department where it is named."""
    people = Person.objects.filter(active=True, account__state="active").select_related("department").order_by("department", "pk")
    return people if department is None else people.filter(department=department)


def checked_since(people: Collection[Person]) -> dict[int, date | None]:
    """The day of the newest self-check of each; of who has done none yet the day on which the log first has him here."""
    done = SelfCheck.objects.filter(person__in=[person.pk for person in people]).order_by("done_on", "pk")
    newest: dict[int, date | None] = dict(done.values_list("person_id", "done_on"))
    fresh = {person.item_key: person.pk for person in people if person.pk not in newest}
    entered = LogIndex.objects.filter(act="people:add_person", obj__in=list(fresh)).order_by("-seq")
    # Which were refused is looked at here: asked for it, SQLite walks all that was ever allowed.
    came = {fresh[key]: clock.local(at).date() for key, at, out in entered.values_list("obj", "at", "out") if out == "allowed"}
    founded = LogIndex.objects.order_by("seq").values_list("at", flat=True).first() if fresh else None
    first = clock.local(founded).date() if founded else None
    return newest | {pid: came.get(pid, first) for pid in fresh.values()}


def unchecked(viewer: Person) -> list[Person]:
    """Whose self-check is missing, as far as this viewer looks after it: everybody's, or his own department's (M6.2)."""
    people = list(who_checks(None if viewer.posts() & CHECK_READERS else viewer.department_id))
    since = checked_since(people)
    return [person for person in people if not holds(since[person.pk])]


def holds(since: date | None) -> bool:
    """Whether the self-check, or the time for the first one, that began on that day is not over."""
    until = rules.self_check_until(since)
    return until is not None and clock.today() <= until
