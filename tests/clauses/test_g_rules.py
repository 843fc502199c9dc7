"""Book G: the general rules: what staff must know, what is protected before it is decided, corrections."""

from datetime import date, timedelta

import pytest

from mifeng.base import duties
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import actions as training
from tests import factories

scenario = pytest.mark.scenario
ISSUED = date(2026, 3, 16)


def may_read(house, person, document):
    return queries.decided(queries.viewer(person, house.sit(person)), document, "read")


@scenario("G1/1")
def test_g1_new_rules_remind_everybody_and_after_fifteen_days_shut_whoever_has_not_read_them(house, cast):
    document = factories.classified(cast)
    training.issue_rules(cast.office_head, "企业保密制度")
    reminded = {person.pk for person in Person.objects.all() if "pledge" in [n.kind for n in duties.desk(person.pk)]}
    assert reminded == set(Person.objects.filter(active=True).values_list("pk", flat=True))
    with house.at(ISSUED + timedelta(days=15)):
        assert may_read(house, cast.insider, document).allow  # the last day counts
    with house.at(ISSUED + timedelta(days=16)):
        refused = may_read(house, cast.insider, document)
        assert (refused.allow, refused.clauses) == (False, ("G1",))
        training.acknowledge(cast.insider)
        assert may_read(house, cast.insider, document).allow


@scenario("G2/2")
def test_g2_a_proposed_level_protects_from_the_first_save(house, cast):
    people.set_clearance(cast.secadmin, cast.engineer, 10, "转岗")
    document = factories.registered(cast)
    assert (document.level, document.proposed) == (20, True)
    refused = may_read(house, cast.engineer, document)
    assert (refused.allow, refused.clauses) == (False, ("K1.0",))
    assert may_read(house, cast.insider, document).allow


@scenario("G4.4/2")
def test_g4_4_a_correction_refers_to_the_entry_and_leaves_it_readable(house, cast):
    document = factories.classified(cast)
    old = document.title
    actions.correct(cast.drafter, document, title="青鹭四型关节模组项目立项计划", reason="型号写错")
    entry = document.changes.get(what="corrected")
    assert entry.corrects == document.changes.get(what="registered")
    assert (old in entry.before, "青鹭四型" in entry.after, entry.reason) == (True, True, "型号写错")
    kept = [line for line in house.log() if line["act"] == "documents:register" and line["out"] == "allowed"]
    assert len(kept) == 1
