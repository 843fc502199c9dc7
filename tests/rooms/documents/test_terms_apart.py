"""保密期限, 归还期, 授权期 and 存档期限 are four things: each has its own dates, and none is counted from another."""

from datetime import date

from mifeng.base import clock, ladders, room
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.documents import actions
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document
from tests import factories

# What an extension of the secrecy term may move of an item's row.
OF_THE_TERM = {"term_kind", "term_value", "term_on", "term_event", "term_start", "expires_on"}
OF_THE_DECISION = {"struck_mark", "decider_id", "decider_rank", "row_mac"}


def row(document):
    return Document.objects.filter(pk=document.pk).values().get()


def test_p4_1_an_extension_of_secrecy_moves_the_secrecy_term_and_nothing_else(house, cast):
    document = factories.classified(cast)
    given = approvals.delegate(
        cast.deputy, cast.sales_deputy, act="classify", level_max=20, since=date(2026, 3, 16), until=date(2026, 5, 31), paper="出差"
    )
    line = ScopeLine("person", cast.outsider.uid, "评审", date(2026, 6, 30))
    actions.widen_scope(document.owner, document, house.sit(document.owner), (line,), "评审")
    factories.approve_all(document.item_key)
    before, known = row(document), document.members.get(key=cast.outsider.uid, removed_at=None)
    actions.ask_change(document.owner, document, "extend", term=TermFacts("years", 8), reason="仍有价值")
    factories.approve_all(document.item_key)
    after = row(document)
    moved = {name for name in after if after[name] != before[name]}
    assert "expires_on" in moved
    assert moved <= OF_THE_TERM | OF_THE_DECISION
    given.refresh_from_db()
    known.refresh_from_db()
    assert (given.until, known.until) == (date(2026, 5, 31), date(2026, 6, 30))


def test_d2_what_somebody_may_do_ends_by_its_own_date_and_moves_no_term(house, cast):
    document = factories.classified(cast)
    line = ScopeLine("person", cast.outsider.uid, "评审", date(2040, 1, 1))  # longer than the secret lasts
    actions.widen_scope(document.owner, document, house.sit(document.owner), (line,), "评审")
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    assert document.expires_on == date(2031, 3, 2)
    assert document.members.get(key=cast.outsider.uid, removed_at=None).until == date(2040, 1, 1)


def test_p4_1_the_end_of_secrecy_ends_no_delegation_and_the_end_of_a_delegation_no_secrecy(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(term=TermFacts("date", on=date(2026, 9, 30))))
    given = approvals.delegate(
        cast.deputy, cast.sales_deputy, act="classify", level_max=20, since=date(2026, 3, 16), until=date(2026, 10, 31), paper="出差"
    )
    with house.at(date(2026, 10, 1)):
        assert actions.expire(document.owner, document)
        given.refresh_from_db()
        assert (given.until, given.revoked_on) == (date(2026, 10, 31), None)
        found = {deadline.kind: deadline for deadline in room.deadlines(clock.now(), {"term", "delegation"})}
        assert (found["term"].last_day, found["delegation"].last_day) == (date(2026, 9, 30), date(2026, 10, 31))
    with house.at(date(2026, 11, 1)):
        assert "delegation" not in {deadline.kind for deadline in room.deadlines(clock.now())}
        document.refresh_from_db()
        assert (document.state, document.level) == ("expired_review", 20)


def test_each_of_the_terms_has_a_ladder_of_its_own_and_filing_is_none_of_them():
    kinds = ("term", "loan", "carry_out", "external_copy", "delegation", "appointment", "filing")
    told = {kind: ladders.ladder(kind) for kind in kinds}
    assert len({one.zh for one in told.values()}) == len(kinds)
    figures = [step.span.figure for one in told.values() for step in one.steps if step.span.figure]
    assert len(figures) == len(set(figures))  # none borrows the days of another
    # 存档期限 has no column yet: it comes with the archive and may not be put into the secrecy term's.
    assert not {field.name for field in Document._meta.get_fields() if "retention" in field.name or "archive" in field.name}
