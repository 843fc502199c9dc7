"""Book M: copying and excerpting: who approves, how many, which pages, by whose hands."""

import pytest

from mifeng.base import jobs
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.copies import actions, granted, queries
from mifeng.rooms.documents import actions as documents_done
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.queries import Brought
from mifeng.rooms.people import actions as people
from tests import excerpting, factories, making
from tests.matters import inside

scenario = pytest.mark.scenario


def original(cast, document):
    """The copy in the clerk's hands."""
    return actions.enter(cast.clerk, document, [1], 9)[0]


@scenario("M2.1/1")
def test_m2_1_department_head_cannot_approve_a_copy(house, cast, refused):
    document = factories.classified(cast, proposed=factories.proposed(10))
    approval = making.asked(house, cast, document, source=original(cast, document))
    with refused("M2.1"):
        approvals.approve(cast.dept_head, approval, "同意")
    assert approvals.approve(cast.deputy, approval, "同意").state == "approved"


@scenario("M2.1/2", "M2.1/5")
def test_m2_1_two_copies_approved_are_two_numbered_copies_and_no_third(house, cast, refused):
    document = factories.classified(cast)
    approval = making.approved(house, cast, document, source=original(cast, document), count=2)
    session = house.sit(cast.clerk)
    actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    assert [copy.number for copy in queries.of_document(document)] == ["000001", "000001复01", "000001复02"]
    with refused("M2.1") as refusal:
        actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    assert refusal[0].decision.rule == "default-act"


@scenario("M2.1/3")
def test_m2_1_what_the_deputy_asks_for_himself_the_general_manager_approves(house, cast, refused):
    document = factories.classified(cast)
    approval = making.asked(house, cast, document, source=original(cast, document), by=cast.deputy)
    assert approval_queries.candidates(approval) == [cast.gm]
    for person in (cast.deputy, cast.other_deputy, cast.dept_head):
        with refused("M2.1"):
            approvals.approve(person, approval, "同意")
    assert approvals.approve(cast.gm, approval, "同意").state == "approved"


@scenario("M2.1/5")
def test_m2_1_only_somebody_in_the_scope_asks_for_pages_that_are_there(house, cast, refused):
    document = factories.classified(cast)
    source = original(cast, document)
    with refused("P0.2"):
        making.asked(house, cast, document, source=source, by=cast.sales_head)
    with refused("M2.1") as refusal:
        making.asked(house, cast, document, source=source, pages=frozenset({9, 10}))
    assert refusal[0].decision.rule == "other_pages"
    assert making.asked(house, cast, document, source=source, pages=frozenset({8, 9}))


@scenario("M2.1/2")
def test_m2_1_a_copy_of_a_copy_is_refused_at_the_application_and_at_the_machine(house, cast, refused):
    document = factories.classified(cast)
    approval = making.approved(house, cast, document, source=original(cast, document), count=1)
    session = house.sit(cast.clerk)
    run = actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    with refused("M2.1") as refusal:
        making.asked(house, cast, document, source=run.made.get().copy)
    assert refusal[0].decision.rule == "copy_of_a_copy"
    inside(cast.clerk, _itself_a_copy, document)
    seen = documents.decided(documents.viewer(cast.clerk, session), document, "copy", brought=Brought(True, cast.drafter.pk))
    assert (seen.allow, seen.rule) == (False, "deny-recopy")


def _itself_a_copy(document):
    document.refresh_from_db()
    document.no_copy = True
    document.save()


@scenario("M2.1/2")
def test_m2_1_top_secret_of_another_issuer_is_copied_with_its_consent_only(house, cast, refused):
    document = factories.classified(cast, origin="partner", proposed=factories.proposed(30), department=cast.drafter.department)
    source = original(cast, document)
    with refused("M2.1") as refusal:
        making.asked(house, cast, document, source=source, by=cast.deputy)
    assert refusal[0].decision.rule == "issuer_consents_if_received_top_secret"
    assert making.asked(house, cast, document, source=source, by=cast.deputy, consent="对方 2026-03-10 复函同意")


@scenario("M2.1/2", "M2.1/5")
def test_m2_1_applicant_approver_and_executor_are_three_persons(house, cast, refused):
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of(*factories.KNOWERS, "jianxh")))
    source, session = original(cast, document), house.sit(cast.clerk)
    own = making.approved(house, cast, document, source=source, by=cast.clerk)
    with refused("M2.1") as refusal:
        actions.reproduce(cast.clerk, session, own, 1, making.PLACE)
    assert refusal[0].decision.rule == "deny-applicant"
    who = documents.viewer(cast.clerk, session)
    for approver, allow in ((cast.clerk, False), (cast.drafter, False), (cast.deputy, True)):
        seen = documents.decided(who, document, "copy", brought=Brought(True, cast.drafter.pk, approver.pk))
        assert (seen.allow, seen.rule) == (allow, "permit-execute" if allow else "deny-approver")
    assert granted.executors(own) == [cast.second_clerk]
    assert actions.reproduce(cast.second_clerk, house.sit(cast.second_clerk), making.approved(house, cast, document, source=source,
                             method=making.Method.PRINT), 1, making.PLACE)  # fmt: skip


@scenario("M1.1/1")
def test_m1_1_a_clerk_entrusted_for_confidential_copies_nothing_above_it(house, cast, refused):
    document = factories.classified(cast)
    approval = making.approved(house, cast, document, source=original(cast, document))
    for held in cast.second_clerk.appointments.all():
        people.revoke_appointment(cast.office_head, held)
    on = documents.viewer(cast.second_clerk, None).at.date()
    people.appoint(cast.office_head, cast.second_clerk, acts=("copy", "keep"), level_max=10, since=on, until=on)
    with refused("M1.1", "M2.1") as refusal:
        actions.reproduce(cast.second_clerk, house.sit(cast.second_clerk), approval, 1, making.PLACE)
    assert refusal[0].decision.rule == "deny-undesignated"
    assert actions.reproduce(cast.clerk, house.sit(cast.clerk), approval, 1, making.PLACE)


@scenario("M2.1/5")
def test_m2_1_the_approver_reads_what_he_judges_and_nobody_else_does(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "gexy")))
    making.asked(house, cast, document, source=original(cast, document))
    seen = [
        documents.decided(documents.viewer(person, house.sit(person)), document, "read", page).allow
        for person, page in ((cast.deputy, 1), (cast.deputy, 2), (cast.gm, 1), (cast.sales_head, 1))
    ]
    assert seen == [True, False, True, False]


@scenario("M2.1/4")
def test_m2_1_what_was_judged_is_what_leaves_and_no_later_version(house, cast, refused):
    document = factories.readable(cast)
    session, excerpter = house.sit(cast.clerk), excerpting.entrusted(cast)
    run = actions.reproduce(cast.clerk, session, making.approved(house, cast, document), 1, making.PLACE)
    waiting = making.approved(house, cast, document, source=run.made.get().copy)
    passage = excerpting.approved(house, cast, document, pages=frozenset({1}))
    right = factories.uploaded(cast.drafter, factories.pdf("right", "second", "third"))
    documents_done.attach_version(cast.drafter, document, right, "传错")
    jobs.run_all()
    with refused("M2.1") as printed:
        actions.print_copy(cast.clerk, session, run, run.made.get().copy)
    with refused("M2.1") as copied:
        actions.reproduce(cast.clerk, session, waiting, 1, making.PLACE)
    with refused("M2.1") as taken:
        excerpting.make(excerpter, house.sit(excerpter), passage, frozenset({1}))
    assert {found[0].decision.rule for found in (printed, copied, taken)} == {"another_version"}
    again = making.approved(house, cast, document, source=run.made.get().copy)
    assert actions.reproduce(cast.clerk, session, again, 1, making.PLACE)


@scenario("M2.1/4")
def test_m2_1_the_approval_of_page_three_opens_no_page_four(house, cast, refused):
    document, person = excerpting.source(cast)
    approval = excerpting.approved(house, cast, document, pages=frozenset({3}))
    session = house.sit(person)
    with refused("M2.1") as refusal:
        excerpting.make(person, session, approval, frozenset({3, 4}))
    assert refusal[0].decision.rule == "other_pages"
    made = excerpting.make(person, session, approval, frozenset({3}))
    assert (made.number, made.pages, made.made.level) == ("摘密〔2026〕0001", "3", document.level)
    with refused("M2.1"):  # one approval, one excerpt
        excerpting.make(person, session, approval, frozenset({3}))
