"""K1.0: another scheme of levels by a signed mapping: every item taken over, none lowered, old and new beside each other."""

import pytest

from mifeng.base import clock, deeds, jobs, language
from mifeng.base.codes import Tampered
from mifeng.base.refusals import Conflict
from mifeng.clauses import catalogue, schemes
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, levels, queries
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.marking import mark_text
from mifeng.rooms.documents.models import SchemeSwitch, StandingDecision
from mifeng.rooms.documents.rules import classification
from mifeng.rooms.people.models import Department
from mifeng.site import verification
from tests import factories

scenario = pytest.mark.scenario

SIGNED = {30: 30, 20: 30, 10: 10}  # 绝密, 机密 → 核心商密; 秘密 → 普通商密
MERGER = {"category": "S1", "line": "decision_merger"}


def at(cast, level, **changes):
    told = MERGER | {"scope": factories.scope_of("luyz", "wenqh", "niezx")} if level == 30 else {}
    return factories.classified(cast, title=f"密级{level}", proposed=factories.proposed(level, **(told | changes)))


def propose(cast, scheme="soe2", mapping=None, by=None):
    return actions.propose_scheme(by or cast.office_head, scheme, SIGNED if mapping is None else mapping, "按国资委商业秘密规定")


def switched(cast, scheme="soe2", mapping=None):
    switch = actions.decide_scheme(cast.gm, propose(cast, scheme, mapping), True, "同意")
    jobs.run_all()
    switch.refresh_from_db()
    assert switch.since is not None
    return switch


def told(document):
    """What the history says of the switch: the old mark, the new one, the words of both levels."""
    return [(row.before, row.after, row.reason) for row in document.changes.filter(what=levels.SWITCHED)]


@scenario("K1.0/1")
@pytest.mark.parametrize(
    ("mapping", "named"),
    [
        ({30: 30, 20: 10, 10: 10}, "机密"), ({30: 10, 20: 10, 10: 10}, "绝密、机密"), ({30: 30, 10: 10}, "机密"),
        ({30: 30, 20: 20, 10: 10}, "机密"),
    ],
    ids=["one lower", "two lower", "one forgotten", "one with no level there"],
)  # fmt: skip
def test_k1_0_a_mapping_that_would_lower_a_level_is_refused_and_names_it(house, cast, refused, mapping, named):
    high = at(cast, 20)
    with refused("K1.0") as refusal:
        propose(cast, mapping=mapping)
    assert f"按此对照,{named}将降低或没有去处" in refusal[0].decision.reasons[0].zh
    assert not SchemeSwitch.objects.exists()
    high.refresh_from_db()
    assert (high.level, mark_text(high)) == (20, "澜岱公司 机密 5年")
    switch = propose(cast)
    deeds._do("documents:test_later", None, None, lambda: _put(switch, mapping))
    with refused("K1.0"):  # nor by the hand of the general manager
        actions.decide_scheme(cast.gm, switch, True)


def _put(switch, mapping):
    switch.mapping = str([[old, new] for old, new in mapping.items()])
    switch.save()


@scenario("K1.0/2")
def test_k1_0_every_item_is_taken_over_and_its_old_and_new_level_recorded(house, cast):
    top, high, low, inside = at(cast, 30), at(cast, 20), at(cast, 10), factories.registered(cast, proposed=factories.proposed(5))
    switch = switched(cast)
    assert schemes.in_force().id == "soe2"
    for document in (top, high, low, inside):
        document.refresh_from_db()
    assert [d.level for d in (top, high, low, inside)] == [30, 30, 10, 5]
    assert told(top) == [("澜岱公司 绝密 5年", "澜岱公司 核心商密 5年", "绝密 → 核心商密")]
    assert told(high) == [("澜岱公司 机密 5年", "澜岱公司 核心商密 5年", "机密 → 核心商密")]
    assert told(low) == [("澜岱公司 秘密 5年", "澜岱公司 普通商密 5年", "秘密 → 普通商密")]
    assert told(inside) == []
    assert [mark_text(d) for d in (top, high, low)] == ["澜岱公司 核心商密 5年", "澜岱公司 核心商密 5年", "澜岱公司 普通商密 5年"]
    assert (high.struck_mark, high.marked_from_level, high.compartment) == ("澜岱公司 机密 5年", 20, "30:YF")
    assert (switch.decided_by, switch.before, switch.scheme) == (cast.gm, "company3", "soe2")
    entries = [entry for entry in house.log() if entry["act"] == "documents:map_levels"]
    assert [(entry["n"], entry["actor"]) for entry in entries] == [({"items": 3}, cast.gm.uid)]
    assert verification.run() == []


@scenario("K1.0/2")
def test_k1_0_afterwards_the_levels_of_the_new_scheme_are_the_only_ones(house, cast, refused):
    switched(cast)
    with refused("K1.0"):  # there is no 机密 any more
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=factories.proposed(20)))
    assert catalogue.propose("S3", harm="grave").level == classification.level_of_harm("grave") == 30
    for level, harm in ((30, "grave"), (30, "exceptional"), (10, "harm")):
        told = MERGER | {"scope": factories.scope_of("luyz", "niezx")} if level == 30 else {}
        made = factories.registered(cast, title=harm, proposed=factories.proposed(level, harm=harm, **told))
        factories.approve_all(made.item_key)
        made.refresh_from_db()
        assert (made.level, made.state) == (level, "valid")
    with refused("K1.3"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=factories.proposed(10, harm="grave")))
    asked = actions.ask_change(cast.drafter, made, "upgrade", level=30, reason="内容有新增")
    assert asked.level == 30
    with refused("K1.0"):
        actions.ask_change(cast.drafter, made, "upgrade", level=20, reason="内容有新增")


@scenario("K1.0/1")
def test_k1_0_back_again_nothing_is_lower_either(house, cast, refused):
    high, low = at(cast, 20), at(cast, 10)
    switched(cast)
    with refused("K1.0"):
        propose(cast, "company3", {30: 20, 10: 10})
    switched(cast, "company3", {30: 30, 10: 10})
    high.refresh_from_db()
    low.refresh_from_db()
    assert [mark_text(d) for d in (high, low)] == ["澜岱公司 绝密 5年", "澜岱公司 秘密 5年"]
    assert [row[:2] for row in told(high)] == [
        ("澜岱公司 机密 5年", "澜岱公司 核心商密 5年"), ("澜岱公司 核心商密 5年", "澜岱公司 绝密 5年"),
    ]  # fmt: skip


@scenario("K1.0/2")
def test_k1_0_the_office_or_the_security_administrator_proposes_and_the_general_manager_decides(house, cast, refused):
    for other in (cast.gm, cast.drafter, cast.auditor, cast.sysadmin):
        with refused("K1.0"):
            propose(cast, by=other)
    with refused("K1.0"):
        actions.propose_scheme(cast.secadmin, "soe2", SIGNED, "  ")
    with refused("K1.0"):
        propose(cast, "company3", {30: 30, 20: 20, 10: 10})
    switch = propose(cast, by=cast.secadmin)
    with refused("K1.0"):
        propose(cast)  # one at a time
    for other in (cast.office_head, cast.secadmin, cast.deputy):
        with refused("K1.0"):
            actions.decide_scheme(other, switch, True)
    with refused("K1.0"):
        actions.decide_scheme(cast.gm, switch, False, "")
    actions.decide_scheme(cast.gm, switch, False, "再议")
    with pytest.raises(Conflict):
        actions.decide_scheme(cast.gm, switch, True)
    jobs.run_all()
    assert schemes.in_force().id == "company3"
    assert switched(cast).decision == "approved"


@scenario("K1.0/2")
def test_k1_0_a_scope_of_posts_is_named_by_person_where_the_new_level_asks_for_it(house, cast, refused):
    wide = (*factories.scope_of("niezx"), ScopeLine("post", "gm+deputy_gm", "审定", None))
    high = at(cast, 20, scope=wide)
    before = {person.login for person in queries.reached(high)}
    switched(cast)
    high.refresh_from_db()
    (row,) = high.changes.filter(what="scope")
    members = high.members.filter(removed_at=None)
    assert {member.kind for member in members} == {"person"}
    assert {person.login for person in queries.reached(high)} == before
    assert ("公司领导" in row.before or "总经理" in row.before, "陆远舟" in row.after) == (True, True)


@scenario("K1.0/2")
def test_k1_0_a_request_of_the_old_level_is_asked_anew_at_the_new_one(house, cast):
    high, low = factories.registered(cast, proposed=factories.proposed(20)), factories.registered(cast, proposed=factories.proposed(10))
    switched(cast)
    assert Approval.objects.get(item_key=high.item_key).state == "withdrawn"
    assert Approval.objects.get(item_key=low.item_key).state == "asked"
    high.refresh_from_db()
    assert (high.level, high.proposed, mark_text(high)) == (30, True, "澜岱公司 拟核心商密 5年")
    actions.propose(cast.drafter, high, factories.proposed(30, harm="grave", **MERGER))
    factories.approve_all(high.item_key)
    high.refresh_from_db()
    assert (high.state, high.decider) == ("valid", cast.gm)


@scenario("K1.0/2")
def test_k1_0_standing_decisions_of_a_level_that_rises_end(house, cast):
    department = Department.objects.get(code="CW")
    rising = actions.stand(cast.gm, "report_financial", department, 20, "years", 3, clock.today())
    staying = actions.stand(cast.gm, "contract_supply", department, 10, "years", 3, clock.today())
    switched(cast)
    assert StandingDecision.objects.get(pk=rising.pk).until == clock.today()
    assert StandingDecision.objects.get(pk=staying.pk).until is None


@scenario("K1.0/2")
def test_k1_0_many_items_are_taken_over_in_portions_and_then_it_is_in_force(house, cast, monkeypatch):
    monkeypatch.setattr("mifeng.rooms.documents.actions.switching.PORTION", 2)
    papers = [at(cast, 10) for _n in range(3)]
    switch = actions.decide_scheme(cast.gm, propose(cast), True)
    assert jobs.run_one()
    assert (schemes.in_force().id, levels.progress(switch)) == ("company3", {"done": 2, "left": 1})
    papers.append(at(cast, 20))  # meanwhile, and at a level that will be none
    jobs.run_all()
    assert (schemes.in_force().id, levels.progress(switch)) == ("soe2", {"done": 4, "left": 0})
    for paper in papers:
        assert len(told(paper)) == 1
    late = papers[-1]
    late.refresh_from_db()
    assert late.level == 30


@scenario("K1.0/2")
def test_k1_0_a_switch_that_was_changed_in_the_database_is_noticed(house, cast):
    switch = switched(cast)
    for wrong in (lambda: SchemeSwitch.objects.filter(pk=switch.pk).update(since=None), lambda: SchemeSwitch.objects.all().delete()):
        deeds._do("documents:test_later", None, None, wrong)
        with pytest.raises(Tampered):
            schemes.in_force()


@scenario("K1.0/2")
def test_k1_0_the_page_shows_what_a_switch_would_do_and_the_new_words_stand_everywhere(house, cast, monkeypatch):
    high = at(cast, 20)
    at(cast, 10)
    officer, leader = house.open_page_as(cast.secadmin), house.open_page_as(cast.gm)
    page = officer.get("/documents/scheme/").content.decode()
    assert "机密改为" in page
    assert "送总经理审定" in page
    assert "签批对照表" not in page.replace("签批对照表后", "")
    lowering = {"scheme": "soe2", "level_30": 30, "level_20": 10, "level_10": 10, "reason": "试", "do": "look"}
    assert "按此对照，机密将降低或没有去处" in officer.post("/documents/scheme/", lowering).content.decode()
    sent = officer.post("/documents/scheme/", lowering | {"level_20": 30, "do": "propose"})
    assert sent.status_code == 302
    switch = SchemeSwitch.objects.get()
    assert f"/documents/scheme/{switch.uid}/" in leader.get("/documents/scheme/").content.decode()
    assert "/documents/scheme/" in leader.get("/").content.decode()
    assert house.open_page_as(cast.drafter).get("/documents/scheme/").status_code == 404
    assert leader.post(f"/documents/scheme/{switch.uid}/", {"decision": "approve"}).status_code == 302
    jobs.run_all()
    reader = house.open_page_as(cast.drafter)
    for place in ("/documents/", f"/documents/{high.uid}/", "/documents/new/", "/approvals/table/"):
        text = reader.get(place).content.decode()
        assert "核心商密" in text, place
        assert "绝密" not in text, place
    assert "已生效" in officer.get("/documents/scheme/").content.decode()
    assert language.level_choices() == [("30", "核心商密"), ("10", "普通商密")]
