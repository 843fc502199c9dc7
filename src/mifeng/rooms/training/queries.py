"""What the room knows about a person: pledge, test, acknowledgement; and the condition it announces."""

from datetime import date

from mifeng.base import clock, codes
from mifeng.clauses import parameter
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import rules
from mifeng.rooms.training.facts import PledgeFacts, RulesFacts
from mifeng.rooms.training.models import Acknowledgement, RuleVersion, text_hash

THE_BOOK = 1  # RuleVersion.book


def pledge_facts(person: Person) -> PledgeFacts:
    """The latest signature and whether an entry test was passed."""
    last = person.pledges.order_by("-signed_on", "-pk").first()
    mark = int(parameter("I12", "pass_mark", on=clock.today()))
    passed = person.entry_tests.filter(score__gte=mark).exists()
    return PledgeFacts(last.signed_on if last else None, last.text_hash if last else "", text_hash(), passed)


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
    known = rules.rules_known(rules_facts(person), clock.today()).allow
    return {
        "pledge_until": _end_of(rules.pledge_until(pledge_facts(person))), "trained_until": _end_of(_trained_until(person)),
        "rules_read": int(known),
    }  # fmt: skip


def _end_of(last: date | None) -> int:
    return clock.seconds(clock.end_of(last)) if last else 0


def _trained_until(person: Person) -> date | None:
    """The last day on which the newest passed test holds (I12); None without one."""
    mark = int(parameter("I12", "pass_mark", on=clock.today()))
    taken = person.entry_tests.filter(score__gte=mark).order_by("-taken_on").values_list("taken_on", flat=True).first()
    return rules.trained_until(taken) if taken else None


def without_pledge() -> list[Person]:
    """Active persons with a clearance for levelled items and no live pledge (P0.1 check)."""
    now = clock.seconds(clock.now())
    people = Person.objects.filter(active=True, clearance__gte=10)
    return [person for person in people if condition(person)["pledge_until"] <= now]
