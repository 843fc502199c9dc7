"""Book K: three levels, measured by the harm, decided by whoever may."""

from datetime import date

import pytest

from mifeng.base.refusals import Refused
from mifeng.clauses import catalogue
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document
from mifeng.rooms.documents.rules import classification
from tests import factories

scenario = pytest.mark.scenario


def paper(person, level, **changes):
    return factories.new_document(person, proposed=factories.proposed(level, **changes))


def merger(level=30, **changes):
    told = {"category": "S1", "line": "decision_merger", "scope": factories.scope_of("luyz", "wenqh", "niezx"), "reason": ""}
    return factories.proposed(level, **(told | changes))


def decided(document):
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    return document.level, document.state, document.decider


@scenario("K1.1/1")
def test_k1_1_little_harm_is_no_top_secret(house, cast, refused):
    with refused("K1.1"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=merger(harm="harm")))


@scenario("K1.1/2")
def test_k1_1_exceptional_harm_and_the_general_manager_make_a_top_secret(house, cast):
    document = factories.registered(cast, proposed=merger())
    assert decided(document) == (30, "valid", cast.gm)


@scenario("K1.2/1")
def test_k1_2_grave_harm_proposes_highly_confidential(house, cast, refused):
    assert catalogue.propose("S3", harm="grave").level == 20
    assert classification.level_of_harm("grave") == 20
    with refused("K1.2"):
        actions.register(cast.drafter, paper(cast.drafter, 20, harm="exceptional"))
    assert factories.registered(cast, proposed=factories.proposed(20, harm="grave")).level == 20


@scenario("K1.3/1")
def test_k1_3_harm_proposes_confidential(house, cast, refused):
    assert catalogue.propose("S7", harm="harm").level == 10
    assert classification.level_of_harm("harm") == 10
    with refused("K1.3"):
        actions.register(cast.drafter, paper(cast.drafter, 10, harm="grave"))


@scenario("K1.3/2")
@pytest.mark.parametrize("level", [10, 20, 30])
def test_k1_3_without_harm_there_is_no_level(house, cast, level):
    with pytest.raises(Refused) as refusal:
        scope = factories.scope_of("luyz", "niezx")
        actions.register(cast.drafter, paper(cast.drafter, level, harm="none", scope=scope, reason="x"))
    assert "K1.3" in refusal.value.clauses


@scenario("K1.3/3")
def test_k1_3_harm_and_the_deputy_make_a_confidential_paper(house, cast):
    document = factories.registered(cast, proposed=factories.proposed(10))
    assert decided(document) == (10, "valid", cast.deputy)


@scenario("K2.1/1")
def test_k2_1_a_merger_below_top_secret_needs_a_reason(house, cast):
    assert catalogue.propose("S1", "decision_merger").clause == "K2.1"
    with pytest.raises(Refused) as refusal:
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=merger(20)))
    assert "K2.1" in refusal.value.clauses
    document = factories.registered(cast, proposed=merger(20, reason="仅为市场背景"))
    assert (document.level, document.basis) == (20, "仅为市场背景")


@scenario("K2.1/2")
def test_k2_1_a_department_head_alone_makes_no_top_secret(house, cast):
    document = factories.registered(cast, proposed=merger())
    approval = approvals.approve(cast.dept_head, Approval.objects.get(item_key=document.item_key))
    document.refresh_from_db()
    assert (document.proposed, document.state) == (True, "proposed")  # the general manager's step is still open
    with pytest.raises(Refused) as again:
        approvals.approve(cast.dept_head, approval)
    assert again.value.clauses == ["K1.0"]
    with pytest.raises(Refused) as refusal:
        actions.stand(cast.gm, "decision_merger", cast.dept_head.department, 30, "years", 3, date(2026, 3, 17))
    assert refusal.value.clauses == ["K2.1"]  # nor is it ever decided for a series


@scenario("K2.1/3")
def test_k2_1_the_general_manager_decides_a_merger(house, cast):
    assert decided(factories.registered(cast, proposed=merger())) == (30, "valid", cast.gm)


def statement(level, **changes):
    """The monthly financial statement."""
    return factories.proposed(level, **({"category": "S4", "line": "report_financial", "reason": ""} | changes))


@scenario("K2.2/1")
def test_k2_2_a_lower_financial_statement_needs_reason_and_the_classifier(house, cast):
    with pytest.raises(Refused) as refusal:
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=statement(10)))
    assert "K2.2" in refusal.value.clauses
    document = factories.registered(cast, proposed=statement(10, reason="已对银行披露"))
    assert (document.proposed, Approval.objects.get(item_key=document.item_key).state) == (True, "asked")


@scenario("K2.2/2")
def test_k2_2_the_classifier_confirms_and_the_reason_is_kept(house, cast):
    document = factories.registered(cast, proposed=statement(10, reason="已对银行披露"))
    assert decided(document) == (10, "valid", cast.deputy)
    assert document.basis == "已对银行披露"
    assert Approval.objects.get(item_key=document.item_key).payload_data["reason"] == "已对银行披露"
    assert house.last()["act"] == "approvals:approve"


def test_k2_3_a_contract_is_confidential_until_its_secrecy_clause_ends(house, cast):
    told = catalogue.propose("S3", "contract_supply")
    assert (told.level, told.clause) == (10, "K2.3")
    term = TermFacts("date", on=date(2029, 6, 30))
    document = factories.registered(cast, proposed=factories.proposed(10, category="S3", line="contract_supply", term=term))
    assert (document.level, document.expires_on) == (10, date(2029, 6, 30))


@scenario("K2.3/1")
def test_k2_3_the_end_of_the_secrecy_clause_is_proposed_as_the_term(house, cast):
    page = house.open_page_as(cast.drafter)
    answers = {
        "title": "轴承供货合同", "department": "YF", "owner": cast.drafter.uid, "category": "S3", "line": "contract_supply",
        "harm": "harm", "interest": "供货价格与交期", "term_kind": "years", "term_value": "3", "issued_on": "2026-03-02",
        "nda_until": "2029-06-30", "scope-0-who": cast.deputy.login, "scope-0-purpose": "", "scope-0-until": "",
    }  # fmt: skip
    proposal = page.post("/documents/new/proposal/", answers).content.decode()
    assert ("拟 秘密" in proposal, "2029-06-30 到期" in proposal) == (True, True)
    assert page.post("/documents/new/", answers).status_code == 302
    document = Document.objects.get()
    assert (document.level, document.term_kind, document.expires_on) == (10, "date", date(2029, 6, 30))
    without = page.post("/documents/new/proposal/", answers | {"nda_until": ""}).content.decode()
    assert "2029-06-30" not in without  # no clause, no date: the usual years


@scenario("K2.3/2")
def test_k2_3_as_internal_it_needs_a_reason_that_is_recorded(house, cast):
    def contract(reason):
        return factories.proposed(5, category="S3", line="contract_supply", scope=(ScopeLine("all", ""),), term=TermFacts(), reason=reason)

    with pytest.raises(Refused) as refusal:
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=contract("")))
    assert "K2.3" in refusal.value.clauses
    document = factories.registered(cast, proposed=contract("范本,无交易条件"))
    assert (document.level, document.basis) == (5, "范本,无交易条件")
