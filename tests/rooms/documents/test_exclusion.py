"""当事人回避 (A2, H2): above every role, on every way by which somebody could learn that the paper exists."""

from datetime import date
from typing import Any

import pytest

from mifeng.base import duties, record, room
from mifeng.base.refusals import NotThere, Refused
from mifeng.base.registers import Lines
from mifeng.rooms.approvals import actions as approval_deeds
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.viewing import actions as viewing
from mifeng.site import registers
from tests import factories

TITLE = "关于采购失职的处分决定"
POSTS = ["gm", "deputy", "office_head", "clerk", "hr_staff", "dept_head", "secadmin", "insider"]


def penalty(cast: Any, *concerned: Any, **changes: Any) -> Any:
    """A penalty of HR's; its scope and its handlers name those concerned, too: the exclusion stands above both."""
    scope = factories.scope_of("dingxl", "jianxh", *(person.login for person in concerned))
    proposed = factories.proposed(10, category="S6", line="hr_file", scope=scope, reason="")
    return factories.registered(
        cast, owner=cast.hr, title=TITLE, proposed=proposed, department=cast.hr.department,
        uploads=(factories.uploaded(cast.hr),), handlers=(cast.hr, cast.gm, cast.other_deputy, *concerned),
        concerned=concerned, **changes,
    )  # fmt: skip


@pytest.mark.parametrize("post", POSTS)
def test_a2_nobody_concerned_meets_the_paper_whatever_post_he_holds(house, cast, post):
    person = getattr(cast, post)
    document = penalty(cast, person)
    session = house.sit(person)
    who = queries.viewer(person, session)
    for act in ("read", "register_facts", "decide"):
        decision = queries.decided(who, document, act)
        assert (decision.allow, decision.knows) == (False, False), act
    assert document.pk not in queries.keys(queries.known(who))
    assert actions.look_up(person, session, TITLE) == []
    assert actions.list_register(person, session).rows == []
    for uid in (document.uid, "0" * 32):
        with pytest.raises((Refused, NotThere)) as caught:
            actions.open_card(person, session, uid)
        assert getattr(caught.value, "hidden", True)
        with pytest.raises((Refused, NotThere)) as caught:
            viewing.open_document(person, session, uid)
        assert getattr(caught.value, "hidden", True)
    assert document.item_key not in {notice.item_key for notice in duties.desk(person.pk)}
    told = " ".join(f"{duty.title}{item.text}{item.url}" for duty in room.duties(person) for item in duty.items)
    assert (TITLE in told, document.uid in told) == (False, False)
    with pytest.raises(Refused):
        actions.who_knows(person, document, session)
    assert actions.look_up(cast.hr, house.sit(cast.hr), TITLE) == [document]  # who handles it finds it


@pytest.mark.parametrize("post", POSTS)
def test_a2_no_page_of_the_house_tells_him_apart_from_what_is_not_there(house, cast, post):
    person = getattr(cast, post)
    document = penalty(cast, person)
    page = house.open_page_as(person)
    for rest in ("", "who/", "guard/", "scope/", "told/", "change/"):
        hidden, absent = page.get(f"/documents/{document.uid}/{rest}"), page.get(f"/documents/{'0' * 32}/{rest}")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.content.replace(document.uid.encode(), b"") == absent.content.replace(b"0" * 32, b"")
    for place in ("/", "/documents/", "/approvals/", "/notices/", "/me/", f"/documents/knowledge/{person.uid}/"):
        shown = page.get(place)
        assert TITLE not in shown.content.decode(), place
        assert document.uid not in shown.content.decode(), place


def test_a2_the_approver_whom_it_concerns_is_passed_over(house, cast):
    """The supervising deputy decides personnel matters of this department; concerned, he neither decides nor sees it."""
    for concerned in (cast.other_deputy, cast.gm):
        document = penalty(cast, concerned)
        request = Approval.objects.get(item_key=document.item_key)
        candidates = approvals.candidates(request)
        assert candidates  # somebody else decides
        assert concerned not in candidates
        assert request not in approvals.waiting_for(concerned)
        with pytest.raises((Refused, NotThere)):
            approval_deeds.approve(concerned, request, "同意")


def test_a2_an_embargo_opened_while_a_request_runs_takes_it_from_the_approver_it_concerns(house, cast):
    proposed = factories.proposed(10, category="S6", line="hr_file", scope=factories.scope_of("dingxl", "luyz"), reason="")
    document = factories.registered(cast, owner=cast.hr, title=TITLE, proposed=proposed, department=cast.hr.department)
    request = Approval.objects.get(item_key=document.item_key)
    approver = approvals.candidates(request)[0]
    assert request in approvals.waiting_for(approver)
    actions.open_embargo(cast.hr, document, (cast.hr,), (approver,))
    document.refresh_from_db()
    assert request not in approvals.waiting_for(approver)
    assert not queries.decided(queries.viewer(approver, house.sit(approver)), document, "read").allow


def test_a2_whoever_is_criticised_in_passing_is_concerned_too(house, cast):
    document = penalty(cast, cast.excluded)
    actions.open_embargo(cast.hr, document, (cast.hr, cast.hr_staff), (cast.hr_staff,))
    decision = queries.decided(queries.viewer(cast.hr_staff, house.sit(cast.hr_staff)), document, "read")
    assert (decision.allow, decision.clause, {row.person for row in document.concerned.all()}) == (
        False, "A2", {cast.excluded, cast.hr_staff},
    )  # fmt: skip


def test_h2_a_publication_that_is_withdrawn_keeps_the_embargo_and_an_issued_paper_ends_it(house, cast, refused):
    document = penalty(cast, cast.excluded)
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    with refused("H2"):
        actions.withdraw_sealed(cast.hr, document, "不再任命")
    with refused("H2"):
        actions.withdraw_sealed(cast.gm, document, " ")
    actions.withdraw_sealed(cast.gm, document, "不再任命")
    document.refresh_from_db()
    assert (document.state, document.sealed) == ("withdrawn", True)
    assert not queries.decided(queries.viewer(cast.excluded, house.sit(cast.excluded)), document, "read").allow
    assert not queries.decided(queries.viewer(cast.outsider, house.sit(cast.outsider)), document, "read").allow
    assert queries.decided(queries.viewer(cast.hr, house.sit(cast.hr)), document, "read").allow


def test_h2_a_handler_cannot_send_it_to_somebody_whom_it_concerns(house, cast):
    document, session = penalty(cast, cast.hr_staff), house.sit(cast.hr)
    with pytest.raises(Refused):
        actions.share(cast.hr, document, session, cast.hr_staff)
    assert duties.desk(cast.hr_staff.pk) == []


def test_a2_even_a_neutral_notice_does_not_reach_the_owner_whom_it_concerns(house, cast):
    document = penalty(cast, cast.hr)
    before = duties.desk(cast.hr.pk)
    actions.enter_mistake(cast.clerk, document, cast.sales_head, "误送", pledged=True)
    actions.freeze(cast.office_head, document, (), "疑似外泄")
    assert duties.desk(cast.hr.pk) == before
    assert "mistaken" in {notice.kind for notice in duties.desk(cast.office_head.pk)}


def test_a2_no_register_and_no_duty_shows_it_to_the_office_whom_it_concerns(house, cast):
    """With everybody of its scope gone it would be an orphan on the desk of the office's head."""
    document = penalty(cast, cast.office_head)
    factories.approve_all(document.item_key)
    number = document.__class__.objects.get(pk=document.pk).number
    assert number
    assert queries.orphaned() == []
    class Asked:
        person = cast.office_head

    for register in registers._allowed(Asked):
        lines = register.rows(cast.office_head)
        found = lines.found if isinstance(lines, Lines) else lines
        rows = [[column.value(row) for column in register.columns] for row in found]
        assert number not in str(rows), register.form
        assert TITLE not in str(rows), register.form


def test_d5_a_page_on_an_unregistered_device_is_recorded_as_such(house, cast):
    document = factories.readable(cast)
    for registered in (False, True):
        session = house.sit(cast.insider, registered=registered)
        reading, _file = viewing.open_document(cast.insider, session, document.uid)
        viewing.open_page(cast.insider, session, reading, 1)
        assert ("unregistered_device" in house.last()["n"]) is not registered


def test_d5_once_the_devices_are_registered_nothing_levelled_opens_on_another(house, cast):
    from mifeng.clauses import parameters

    document, session = factories.readable(cast), house.sit(cast.insider, registered=False)
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    enforced = parameters.Own("D5", "device_policy", date(2026, 1, 1), "enforce", "设备登记完毕")
    with parameters.adopted([enforced]):
        with pytest.raises(Refused) as caught:
            viewing.open_page(cast.insider, session, reading, 1)
        assert caught.value.clauses == ["D5"]
        registered = house.sit(cast.insider)
        reading, _file = viewing.open_document(cast.insider, registered, document.uid)
        assert viewing.open_page(cast.insider, registered, reading, 1)
    assert record.head()[0]
