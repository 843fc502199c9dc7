"""Deeds of the room."""

from collections.abc import Mapping
from datetime import date

from mifeng import clauses
from mifeng.base import clock, deeds, duties, numbers
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import queries, rules, self_check
from mifeng.rooms.training.facts import SelfCheckFacts
from mifeng.rooms.training.models import Acknowledgement, EntryTest, Pledge, RuleVersion, SelfCheck, text_hash


@deed("training:sign_pledge")
def sign_pledge(person: Person) -> Pledge:
    """Sign the pledge in force, for oneself (F19)."""
    number = numbers.register_number("诺", numbers.take("诺"))
    return Pledge.objects.create(person=person, text_hash=text_hash(), signed_on=clock.today(), number=number)


@deed("training:record_test", subject="holder")
def record_test(person: Person, holder: Person, score: int, taken_on: date) -> EntryTest:
    """HR enters the result of a test, 0-100 points; whoever failed sits once more (I12)."""
    if "hr" not in person.posts() or person.pk == holder.pk or not 0 <= score <= 100:
        raise Refused(Decision.refuse("hr_enters_tests", "I12", "考核成绩由人事登记,本人不得登记自己的成绩"), "未登记")
    insist(rules.may_sit(queries.sitting_facts(holder, taken_on), taken_on), "未登记")
    return EntryTest.objects.create(person=holder, score=score, taken_on=taken_on, entered_by=person)


@deed("training:issue_rules")
def issue_rules(person: Person, title: str) -> RuleVersion:
    """The office issues the rules in force to everybody; each is reminded to acknowledge (G1)."""
    if "gmo_head" not in person.posts():
        raise Refused(Decision.refuse("office_issues", "G1", "制度由总经理办公室印发"), "未印发")
    version = RuleVersion.objects.create(
        title=title, edition=clauses.edition(), issued_on=clock.today(), issued_by=person
    )
    for told in Person.objects.filter(active=True):
        duties.remind(told.pk, "pledge", f"training:{version.uid}", once=version.uid)
    return version


@deed("training:acknowledge")
def acknowledge(person: Person) -> Acknowledgement | None:
    """已阅并遵守 the version in force; None when there is none."""
    version = queries.current_version()
    if version is None:
        return None
    deeds.note(counts={"version": version.pk})
    row, _made = Acknowledgement.objects.get_or_create(person=person, version=version, defaults={"at": clock.now()})
    return row


@deed("training:hand_in_self_check")
def hand_in_self_check(person: Person, kept: Mapping[str, bool], remark: str) -> SelfCheck:
    """The yearly self-check, for oneself: clause -> whether he kept to it, and what happened where he did not."""
    asked = tuple(line.id for line in self_check.lines())
    not_kept = frozenset(name for name, held in kept.items() if not held)
    insist(rules.may_hand_in(SelfCheckFacts(asked, frozenset(kept), not_kept, bool(remark.strip()))), "未提交")
    deeds.note(counts={"not_kept": len(not_kept)})
    answers = "\n".join(f"{name} {'kept' if held else 'not_kept'}" for name, held in kept.items())
    return SelfCheck.objects.create(
        person=person, answers=answers, remark=remark, not_kept=len(not_kept), done_on=clock.today(), edition=clauses.edition()
    )
