"""Whoever can write the database gains nothing: what he wrote is refused, recorded and stands on three desks.

Each tampering is done as a database administrator would do it: another connection, triggers dropped, SQL. Each is
followed by the ordinary way of whoever would gain; the same way, untampered, works or is refused for the usual reason.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from mifeng.base import clock, codes, deeds, duties, record
from mifeng.base.codes import Tampered
from mifeng.base.fields import new_uid
from mifeng.base.models import Notice
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines import auditlog
from mifeng.engines.access import KIND_PERSON, key
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.models import DocumentFile, Upload
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import credentials
from mifeng.rooms.people.models import Company, Device, Person, new_token, token_hash
from mifeng.rooms.training import actions as training
from mifeng.rooms.viewing import actions as viewing
from mifeng.rooms.viewing.models import Reading
from tests import cluster, factories, prepared
from tests.house_fixtures import PASSWORD

KNOWN = "Known-2026-word!"


NEUTRAL = {"integer": 0, "bigint": 0, "smallint": 0, "bool": 0, "boolean": False, "BLOB": b"", "bytea": b""}


class Database(cluster.Administrator):
    """The database in the hands of its administrator."""

    def put(self, table: str, **columns: Any) -> None:
        """A new row; what is not named takes a neutral value, as somebody who knows the tables would choose it."""
        for name, kind in self.columns(table):
            columns.setdefault(name, NEUTRAL.get(kind, ""))
        marks = ", ".join("?" * len(columns))
        self.do(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *columns.values())


@pytest.fixture
def administrator(house: Any) -> Callable[[], Any]:
    """`with administrator() as db:` – no guard in the way, everything written and committed at the end."""

    @contextmanager
    def opened() -> Iterator[Database]:
        prepared.end()  # the house is no fresh one any more
        database = Database(house.home)
        yield database
        database.connection.commit()
        database.connection.close()

    return opened


@pytest.fixture
def alarmed(house: Any) -> Callable[..., Any]:
    """`with alarmed("person"):` – the block is refused as tampering; entry and desks say so, nothing was done."""

    @contextmanager
    def check(kind: str) -> Iterator[None]:
        size = len(house.log())
        with pytest.raises(Tampered) as caught:
            yield
        assert caught.value.kind == kind
        told(house, size)

    return check


def told(house: Any, size: int) -> None:
    """What was written since is one refused entry for the broken code; security administrator and auditor know."""
    new = house.log()[size:]
    assert [(entry["out"], entry["why"]) for entry in new] == [("refused", ["row_mac"])], new
    assert "st" not in new[0]
    for officer in (house.cast.secadmin, house.cast.auditor):
        assert "tampered" in [notice.kind for notice in duties.desk(officer.pk)], officer


def opens(person: Any, session: Any, document: Any) -> Reading:
    """The ordinary way to the first page."""
    reading, _file = viewing.open_document(person, session, document.uid)
    viewing.open_page(person, session, reading, 1)
    return reading


def cannot_open(person: Any, session: Any, document: Any) -> None:
    """Untampered, this person is refused by a rule: there is something to gain."""
    with pytest.raises((Refused, NotThere)):
        opens(person, session, document)


# --------------------------------------------------------------------------------------------- scope, clearance, level


def test_a_row_of_ones_own_in_the_scope(house, cast, administrator, alarmed):
    document = factories.readable(cast)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    cannot_open(thief, session, document)
    with administrator() as db:
        db.put("people_audiencerow", aset_id=document.aset_id, key=key(KIND_PERSON, thief.pk), since=0, until=2**40)
    with alarmed("aset"):
        opens(thief, session, document)


def test_a_scope_of_ones_own_under_the_item(house, cast, administrator, alarmed):
    mine = factories.readable(cast, proposed=factories.proposed(scope=factories.scope_of("yujs", "niezx")))
    document = factories.readable(cast)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    assert opens(thief, session, mine)
    cannot_open(thief, session, document)
    with administrator() as db:
        db.do("UPDATE documents_document SET aset_id = ? WHERE id = ?", mine.aset_id, document.pk)
    with alarmed("document"):
        opens(thief, session, document)


def test_ones_own_clearance_raised(house, cast, administrator, alarmed):
    document = factories.readable(cast)
    people.set_clearance(cast.secadmin, cast.insider, 10, "转岗")
    session = house.sit(cast.insider)
    cannot_open(cast.insider, session, document)
    with administrator() as db:
        db.do("UPDATE people_person SET clearance = 30 WHERE id = ?", cast.insider.pk)
    with alarmed("person"):
        opens(cast.insider, session, document)


def test_an_old_row_put_back(house, cast, administrator, alarmed):
    """The old bytes carry a code that was right when they were written; the digest in the log is of the new ones."""

    document, session = factories.readable(cast), house.sit(cast.insider)
    assert opens(cast.insider, session, document)
    with administrator() as db:
        old = db.rows("SELECT clearance, epoch, row_mac FROM people_person WHERE id = ?", cast.insider.pk)[0]
    people.set_clearance(cast.secadmin, cast.insider, 10, "转岗")
    cannot_open(cast.insider, session, document)
    with administrator() as db:
        db.do("UPDATE people_person SET clearance = ?, epoch = ?, row_mac = ? WHERE id = ?", *old, cast.insider.pk)
    with alarmed("person"):
        opens(cast.insider, session, document)


def test_the_level_lowered(house, cast, administrator, alarmed):
    document = factories.readable(cast)
    people.set_clearance(cast.secadmin, cast.insider, 5, "转岗")
    session = house.sit(cast.insider)
    cannot_open(cast.insider, session, document)
    with administrator() as db:
        db.do("UPDATE documents_document SET level = 5 WHERE id = ?", document.pk)
    with alarmed("document"):
        opens(cast.insider, session, document)


def test_the_department_changed(house, cast, administrator, alarmed):
    scope = (factories.ScopeLine("department", "YF"),)
    document = factories.readable(cast, proposed=factories.proposed(10, scope=scope))
    assert opens(cast.insider, house.sit(cast.insider), document)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    cannot_open(thief, session, document)
    with administrator() as db:
        db.do("UPDATE people_person SET department_id = ? WHERE id = ?", cast.insider.department_id, thief.pk)
    with alarmed("person"):
        opens(thief, session, document)


def test_a_post_inserted(house, cast, administrator, alarmed):
    scope = (factories.ScopeLine("post", "cfo"),)
    document = factories.readable(cast, proposed=factories.proposed(scope=scope))
    assert opens(cast.cfo, house.sit(cast.cfo), document)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    cannot_open(thief, session, document)
    with administrator() as db:
        db.put("people_postholding", person_id=thief.pk, post="cfo", since="2026-01-01")
    with alarmed("person"):
        opens(thief, session, document)


# --------------------------------------------------------------------------------------------------------- the embargo


def embargoed(cast: Any) -> Any:
    """An appointment under embargo; 褚建业 is concerned, 岑书平 handles it, 余 is in its scope only."""
    proposed = factories.proposed(
        10,
        category="S6",
        line="hr_appointment",
        scope=factories.scope_of("luyz", "censp", "dingxl", "chujy", "yujs"),
        reason="",
    )
    return factories.readable(
        cast, owner=cast.hr, title="中层人员任免方案", proposed=proposed, department=cast.hr.department,
        handlers=(cast.gm, cast.other_deputy, cast.hr), concerned=(cast.excluded,),
    )  # fmt: skip


def test_the_embargo_lifted(house, cast, administrator, alarmed):
    document = embargoed(cast)
    assert opens(cast.other_deputy, house.sit(cast.other_deputy), document)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    cannot_open(thief, session, document)
    with administrator() as db:
        db.do("UPDATE documents_document SET sealed = false WHERE id = ?", document.pk)
    with alarmed("document"):
        opens(thief, session, document)


def test_the_person_concerned_taken_off(house, cast, administrator, alarmed):
    document = embargoed(cast)
    thief, session = cast.excluded, house.sit(cast.excluded)
    cannot_open(thief, session, document)
    with administrator() as db:
        db.do("DELETE FROM documents_concerned WHERE person_id = ?", thief.pk)
    with alarmed("document"):
        opens(thief, session, document)


def test_a_handler_inserted(house, cast, administrator, alarmed):
    document = embargoed(cast)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    cannot_open(thief, session, document)
    with administrator() as db:
        db.put("documents_handler", document_id=document.pk, person_id=thief.pk)
    with alarmed("document"):
        opens(thief, session, document)


# ------------------------------------------------------------------------------------------------------------- sign-in


def signs_in(house: Any, person: Any, password: str, code: str = "") -> Any:
    device = people.meet_device(None, new_token(), "pc")
    return people.sign_in(None, person.login, password, code, device, "10.1.1.0/24")


def test_the_password_replaced_by_a_known_one(house, cast, administrator):
    assert signs_in(house, cast.insider, PASSWORD)
    with pytest.raises(Refused):
        signs_in(house, cast.insider, KNOWN)
    with administrator() as db:
        hashed = make_password(KNOWN)
        db.do("UPDATE people_credential SET secret_hash = ? WHERE person_id = ?", hashed, cast.insider.pk)
    device, size = people.meet_device(None, new_token(), "pc"), len(house.log())
    with pytest.raises(Tampered):
        people.sign_in(None, cast.insider.login, KNOWN, "", device, "10.1.1.0/24")
    told(house, size)


def test_the_password_of_a_colleague_copied_over(house, cast, administrator):
    """The thief knows his own password; its row, code and all, does not fit the other person."""

    with administrator() as db:
        own = db.rows("SELECT secret_hash, row_mac FROM people_credential WHERE person_id = ?", cast.outsider.pk)[0]
        db.do("UPDATE people_credential SET secret_hash = ?, row_mac = ? WHERE person_id = ?", *own, cast.gm.pk)
    device, size = people.meet_device(None, new_token(), "pc"), len(house.log())
    with pytest.raises(Tampered):
        people.sign_in(None, cast.gm.login, PASSWORD, "", device, "10.1.1.0/24")
    told(house, size)


def test_the_second_factor_replaced(house, cast, administrator):
    session = house.sit(cast.insider)
    secret = people.begin_totp(cast.insider)
    people.confirm_totp(cast.insider, session, pyotp.TOTP(secret).at(clock.now()))
    with house.at(timedelta(minutes=2)):
        assert signs_in(house, cast.insider, PASSWORD, pyotp.TOTP(secret).at(clock.now()))
    own = people.begin_totp(cast.outsider)
    with administrator() as db:
        theirs = db.rows("SELECT uid, secret FROM people_authenticator WHERE person_id = ?", cast.outsider.pk)[0]
        db.do("DELETE FROM people_authenticator WHERE person_id = ?", cast.outsider.pk)
        db.do("UPDATE people_authenticator SET uid = ?, secret = ? WHERE person_id = ?", *theirs, cast.insider.pk)
    with house.at(timedelta(minutes=4)):
        device, size = people.meet_device(None, new_token(), "pc"), len(house.log())
        with pytest.raises(Tampered):
            people.sign_in(None, cast.insider.login, PASSWORD, pyotp.TOTP(own).at(clock.now()), device, "10.1.1.0/24")
        told(house, size)


def test_the_second_factor_removed(house, cast, administrator):
    session = house.sit(cast.insider)
    secret = people.begin_totp(cast.insider)
    people.confirm_totp(cast.insider, session, pyotp.TOTP(secret).at(clock.now()))
    with pytest.raises(Refused):
        signs_in(house, cast.insider, PASSWORD)
    with administrator() as db:
        db.do("DELETE FROM people_authenticator WHERE person_id = ?", cast.insider.pk)
    device, size = people.meet_device(None, new_token(), "pc"), len(house.log())
    with pytest.raises(Tampered):
        people.sign_in(None, cast.insider.login, PASSWORD, "", device, "10.1.1.0/24")
    told(house, size)


@pytest.mark.parametrize("halves", ["hashed_without_the_key", "of_a_code_of_ones_own", "as_the_house_makes_them"])
def test_a_one_time_code_inserted(house, cast, administrator, halves):
    """Without the vault's key a half fits no code at all; halves that do fit stand in a row without its code."""
    made = {
        "hashed_without_the_key": (token_hash("AAAA"), token_hash("BBBB")),
        "of_a_code_of_ones_own": tuple(credentials.code_hash(text, cast.sysadmin, n) for n, text in enumerate(("AAAA", "BBBB"), 1)),
        "as_the_house_makes_them": tuple(credentials.code_hash(text, cast.gm, n) for n, text in enumerate(("AAAA", "BBBB"), 1)),
    }[halves]
    with administrator() as db:
        db.put(
            "people_enrolment", person_id=cast.gm.pk, kind="reset", half_one=made[0], half_two=made[1],
            until="2027-01-01 00:00:00", asked_by_id=cast.sysadmin.pk, signed_by_id=cast.secadmin.pk,
        )  # fmt: skip
    size = len(house.log())
    if halves != "as_the_house_makes_them":
        with pytest.raises(Refused):
            people.use_code(None, cast.gm.login, "aaaa", "bbbb", KNOWN)
        assert [entry["out"] for entry in house.log()[size:]] == ["refused"]
        return
    with pytest.raises(Tampered):
        people.use_code(None, cast.gm.login, "aaaa", "bbbb", KNOWN)
    told(house, size)


def test_a_closed_account_opened_again(house, cast, administrator):
    people.close_account(cast.hr, cast.leaver)
    with pytest.raises(Refused):
        signs_in(house, cast.leaver, PASSWORD)
    with administrator() as db:
        db.do("UPDATE people_person SET active = true, left_on = NULL WHERE id = ?", cast.leaver.pk)
        db.do("UPDATE people_account SET state = 'active' WHERE person_id = ?", cast.leaver.pk)
    device, size = people.meet_device(None, new_token(), "pc"), len(house.log())
    with pytest.raises(Tampered):
        people.sign_in(None, cast.leaver.login, PASSWORD, "", device, "10.1.1.0/24")
    told(house, size)


def browser(token: str) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.cookies["mf_session"] = token
    return client


def asks_for_a_ticket(client: Client, reading: Reading, document: Any) -> Any:
    return client.post(f"/read/{document.uid}/ticket/1/", {"reading": reading.uid})


def test_a_session_inserted(house, cast, administrator):
    document = factories.readable(cast)
    session, known = house.sit(cast.insider), new_token()
    reading = opens(cast.insider, session, document)
    assert browser(known).get("/").status_code == 302  # nobody yet
    with administrator() as db:
        db.put(
            "people_session", token_hash=token_hash(known), person_id=cast.insider.pk, device_id=session.device_id,
            created_at="2026-03-16 01:00:00", second_factor_at="2026-03-16 01:00:00", epoch=cast.insider.epoch,
        )  # fmt: skip
        made = db.rows("SELECT id FROM people_session WHERE token_hash = ?", token_hash(known))[0][0]
        db.put("people_sessionpulse", session_id=made, last_activity="2026-03-16 01:00:00")
        db.do("UPDATE viewing_reading SET session_id = ? WHERE id = ?", made, reading.pk)
    size = len(house.log())
    assert asks_for_a_ticket(browser(known), reading, document).status_code == 403
    told(house, size)


def test_a_session_turned_to_another_person(house, cast, administrator):
    document = factories.readable(cast)
    reader = house.open_page_as(cast.insider)
    reading = opens(cast.insider, cast.insider.sessions.get(ended_at=None), document)
    assert asks_for_a_ticket(reader, reading, document).status_code == 200
    thief = house.open_page_as(cast.outsider)
    with administrator() as db:
        old, new = (person.sessions.get(ended_at=None).pk for person in (cast.insider, cast.outsider))
        db.do("UPDATE people_session SET person_id = ? WHERE id = ?", cast.insider.pk, new)
        db.do("UPDATE viewing_reading SET session_id = ? WHERE session_id = ?", new, old)
    size = len(house.log())
    assert asks_for_a_ticket(thief, reading, document).status_code == 403
    told(house, size)


def test_a_real_company_turned_into_a_demonstration(house, cast, administrator):
    """选择人物 would sign anybody in as anybody."""

    device = people.meet_device(None, new_token(), "pc")
    with pytest.raises(Refused):
        people.enter_demo(None, cast.gm, device, "10.1.1.0/24")
    with administrator() as db:
        db.do("UPDATE people_company SET instance = 'demo'")
    assert Company.objects.get().instance == "demo"
    size = len(house.log())
    with pytest.raises(Tampered):
        people.enter_demo(None, cast.gm, device, "10.1.1.0/24")
    told(house, size)
    assert browser("nobody").post("/demo/", {"person": cast.gm.uid}).status_code == 403


def test_the_company_s_code_and_short_name_changed(house, cast, administrator, alarmed):
    with administrator() as db:
        db.do("UPDATE people_company SET code = '他司', short = '他司'")
    with alarmed("company"):
        factories.classified(cast)


def test_a_version_of_the_rules_taken_away(house, cast, administrator, alarmed):
    """Without it nobody would have anything to acknowledge, and nothing would be shut (G1)."""

    document = factories.readable(cast)
    training.issue_rules(cast.office_head, "公司保密制度")
    with house.at(date(2026, 4, 1)):
        session = house.sit(cast.insider)
        cannot_open(cast.insider, session, document)
        with administrator() as db:
            db.do("DELETE FROM training_ruleversion")
        with alarmed("rules"):
            opens(cast.insider, session, document)


def test_a_lock_out_is_not_cleared_by_emptying_the_index(house, cast, administrator):
    def refused(password: str) -> None:
        with pytest.raises(Refused):
            signs_in(house, cast.insider, password)

    for _guess in range(people.SIGN_IN_TRIES):
        refused("a guess")
    refused(PASSWORD)
    with administrator() as db:
        db.do("DELETE FROM base_logindex")
    refused(PASSWORD)
    with house.at(timedelta(minutes=16)):
        assert signs_in(house, cast.insider, PASSWORD)


def asks_who_knows(cast, session, document):
    return documents.who_knows(cast.dept_head, document, session)


def test_a_knower_made_up(house, cast, administrator, alarmed):
    document, session = factories.readable(cast), house.sit(cast.dept_head)
    with administrator() as db:
        db.put(
            "documents_knower", uid="0" * 32, document_id=document.pk, person_id=cast.insider.pk, way="told",
            since=clock.now().isoformat(), shelf=document.pk * 64 + cast.insider.pk % 64,
        )  # fmt: skip
    with alarmed("knower"):
        asks_who_knows(cast, session, document)


def test_a_knower_made_up_on_another_shelf(house, cast, administrator, alarmed):
    document, session = factories.readable(cast), house.sit(cast.dept_head)
    with administrator() as db:
        db.put(
            "documents_knower", uid="0" * 32, document_id=document.pk, person_id=cast.insider.pk, way="told",
            since=clock.now().isoformat(), shelf=7,
        )  # fmt: skip
    with alarmed("knower"):
        asks_who_knows(cast, session, document)


@pytest.mark.parametrize(
    "done",
    ["DELETE FROM documents_knower WHERE person_id = ?", "UPDATE documents_knower SET way = 'title' WHERE person_id = ?",
     "UPDATE documents_knower SET document_id = document_id + 1 WHERE person_id = ?"],
    ids=["taken away", "as if he had seen the title only", "hung under another item"],
)  # fmt: skip
def test_a_knower_falsified(house, cast, administrator, alarmed, done):
    document, other = factories.readable(cast), factories.registered(cast, title="工时汇总")
    opens(cast.insider, house.sit(cast.insider), document)
    session, own = house.sit(cast.dept_head), house.sit(cast.insider)
    assert cast.insider in [line.person for line in asks_who_knows(cast, session, document).known]
    assert other.pk == document.pk + 1
    with administrator() as db:
        db.do(done, cast.insider.pk)
    with alarmed("knower"):
        asks_who_knows(cast, session, document)
    with pytest.raises(Tampered):
        documents.what_knows(cast.insider, cast.insider, own)


@pytest.mark.scenario("P0.3/2")
def test_p0_3_refusals_of_a_day_are_counted_from_the_log_and_not_from_its_index(house, cast, administrator):
    """Whoever may write the database and guesses at addresses cannot keep the security administrator from hearing of it."""
    guesser = house.open_page_as(cast.outsider)
    for _guess in range(4):
        assert guesser.get(f"/documents/{new_uid()}/").status_code == 404
        with administrator() as db:
            db.do("DELETE FROM base_logindex WHERE out = 'refused'")
    told = Notice.objects.filter(kind="denied_often")
    assert not told.exists()
    guesser.get(f"/documents/{new_uid()}/")
    assert {notice.person_key for notice in told} >= {cast.secadmin.pk}


def test_a_wall_taken_away(house, cast, administrator, alarmed):
    mine, other = factories.readable(cast), factories.readable(cast)
    for document, side in ((mine, "甲公司"), (other, "乙公司")):
        documents.declare_side(cast.deputy, document, "轴承招标", side)
    session = house.sit(cast.insider)
    assert opens(cast.insider, session, mine)
    cannot_open(cast.insider, session, other)
    with administrator() as db:
        db.do("DELETE FROM documents_wall WHERE person_id = ?", cast.insider.pk)
    with alarmed("person"):
        opens(cast.insider, session, other)


def test_the_side_of_an_item_changed(house, cast, administrator, alarmed):
    mine, other = factories.readable(cast), factories.readable(cast)
    for document, side in ((mine, "甲公司"), (other, "乙公司")):
        documents.declare_side(cast.deputy, document, "轴承招标", side)
    session = house.sit(cast.insider)
    assert opens(cast.insider, session, mine)
    with administrator() as db:
        db.do("UPDATE documents_wallside SET side = '甲公司' WHERE document_id = ?", other.pk)
    with alarmed("document"):
        opens(cast.insider, session, other)


def test_oneself_put_into_the_team_of_a_frozen_item(house, cast, administrator, alarmed):
    document, session = factories.readable(cast), house.sit(cast.insider)
    documents.freeze(cast.office_head, document, (), "疑似外泄")
    cannot_open(cast.insider, session, document)
    with administrator() as db:
        db.put("documents_teammember", document_id=document.pk, person_id=cast.insider.pk)
    with alarmed("document"):
        opens(cast.insider, session, document)


def test_an_emergency_opening_made_up(house, cast, administrator, alarmed):
    document = factories.classified(cast)
    documents.accept_custody(cast.clerk, documents.offer_custody(cast.drafter, document, cast.clerk, "保管").uid)
    session = house.sit(cast.sales_head)
    cannot_open(cast.sales_head, session, document)
    with administrator() as db:
        db.put(
            "documents_opening", uid="0" * 32, holder_id=cast.clerk.pk, decided_by_id=cast.gm.pk, office_id=cast.sales_head.pk,
            witness_id=cast.cfo.pk, decided_at="2026-03-16 01:00:00", review_by="2026-03-23",
        )  # fmt: skip
    with alarmed("opening"):
        documents.open_card(cast.sales_head, session, document.uid)


# -------------------------------------------------------------------------------------- devices, entrusting, approvals


def test_what_a_device_may_show_raised(house, cast, administrator, alarmed):
    document, session = factories.readable(cast), house.sit(cast.insider, cap=10)
    cannot_open(cast.insider, session, document)
    assert opens(cast.deputy, house.sit(cast.deputy), document)
    with administrator() as db:
        db.do("UPDATE people_device SET level_cap = 30 WHERE id = ?", session.device_id)
    session.refresh_from_db()
    session.device = Device.objects.get(pk=session.device_id)
    with alarmed("device"):
        opens(cast.insider, session, document)


def test_an_appointment_extended(house, cast, administrator, alarmed):
    document = factories.classified(cast)
    session = house.sit(cast.clerk)
    assert documents.open_card(cast.clerk, session, document.uid)[2].allow
    with house.at(date(2027, 1, 4)):
        session = house.sit(cast.clerk)
        with pytest.raises(Refused):
            documents.open_card(cast.clerk, session, document.uid)
        with administrator() as db:
            db.do("UPDATE people_appointment SET until = '2027-12-31' WHERE person_id = ?", cast.clerk.pk)
        with alarmed("person"):
            documents.open_card(cast.clerk, session, document.uid)


def test_a_grant_inserted(house, cast, administrator, alarmed):
    document = factories.readable(cast)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    cannot_open(thief, session, document)
    with administrator() as db:
        approval = Approval.objects.get(item_key=document.item_key)
        db.put(
            "approvals_grant", uid="0" * 32, approval_id=approval.pk, item_key=document.item_key, person_id=thief.pk,
            act="show", since="2026-01-01 00:00:00", until="2027-01-01 00:00:00", state="approved",
        )  # fmt: skip
    with alarmed("grant"):
        opens(thief, session, document)


def waiting(cast: Any) -> tuple[Any, Approval]:
    """DOC-008 with its request at its first step."""
    document = factories.registered(cast)
    return document, Approval.objects.get(item_key=document.item_key)


def test_a_signature_forged(house, cast, administrator, alarmed):
    """The head's signature inserted and the step counted on: the deputy would decide alone."""

    document, approval = waiting(cast)
    with administrator() as db:
        db.put(
            "approvals_steptaken", uid="0" * 32, approval_id=approval.pk, no=0, post="owning_dept_head",
            person_id=cast.dept_head.pk, decision="approved", at="2026-03-16 01:00:00",
        )  # fmt: skip
        db.do("UPDATE approvals_approval SET step_no = 1 WHERE id = ?", approval.pk)
    approval.refresh_from_db()
    with alarmed("approval"):
        approvals.approve(cast.deputy, approval)
    document.refresh_from_db()
    assert document.proposed


def test_the_steps_of_a_request_shortened(house, cast, administrator, alarmed):
    document, approval = waiting(cast)
    with administrator() as db:
        db.do("""UPDATE approvals_approval SET steps = '[["owning_dept_head"]]' WHERE id = ?""", approval.pk)
    approval.refresh_from_db()
    with alarmed("approval"):
        approvals.approve(cast.dept_head, approval)
    document.refresh_from_db()
    assert document.proposed


def test_the_supervisor_of_a_department_replaced(house, cast, administrator, alarmed):
    document, approval = waiting(cast)
    approvals.approve(cast.dept_head, approval)
    approval.refresh_from_db()
    with pytest.raises(Refused):
        approvals.approve(cast.other_deputy, approval)
    with administrator() as db:
        db.do("UPDATE people_department SET supervisor_id = ? WHERE id = ?", cast.other_deputy.pk, document.department_id)
    approval.refresh_from_db()
    with alarmed("department"):
        approvals.approve(cast.other_deputy, approval)


def test_the_person_concerned_taken_off_a_request(house, cast, administrator, alarmed):
    """About 温启航 himself: his department's papers go past him, unless somebody makes the request forget it."""

    document = factories.registered(cast, concerned=(cast.deputy,), handlers=(cast.gm, cast.deputy, cast.dept_head))
    approval = approvals.approve(cast.dept_head, Approval.objects.get(item_key=document.item_key))
    with pytest.raises(Refused):
        approvals.approve(cast.deputy, approval)
    with administrator() as db:
        db.do("DELETE FROM approvals_part WHERE role = 'concerned'")
    with alarmed("approval"):
        approvals.approve(cast.deputy, approval)


def test_a_request_that_was_not_touched_is_approved(house, cast, administrator):
    document, _approval = waiting(cast)
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    assert not document.proposed


# --------------------------------------------------------------------------------------------------------------- files


def paper_of_the_thief(cast: Any) -> Any:
    """A paper that 于 of sales reads himself, and nobody else."""
    proposed, department = factories.proposed(scope=factories.scope_of("yujs")), cast.sales_head.department
    return factories.readable(cast, owner=cast.sales_head, proposed=proposed, department=department)


def test_the_file_of_another_item_hung_under_ones_own(house, cast, administrator, alarmed):
    secret = factories.readable(cast)
    mine = paper_of_the_thief(cast)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    assert opens(thief, session, mine)
    cannot_open(thief, session, secret)
    with administrator() as db:
        db.do("DELETE FROM viewing_markissue")
        db.do("DELETE FROM viewing_reading")
        db.do("DELETE FROM documents_documentfile WHERE document_id = ?", mine.pk)
        db.do("UPDATE documents_documentfile SET document_id = ? WHERE document_id = ?", mine.pk, secret.pk)
    with alarmed("document"):
        opens(thief, session, mine)


def test_an_open_reading_turned_to_the_file_of_another_item(house, cast, administrator):
    secret = factories.readable(cast)
    mine = paper_of_the_thief(cast)
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    reading = opens(thief, session, mine)
    with administrator() as db:
        other = DocumentFile.objects.get(document=secret).pk
        db.do("UPDATE viewing_reading SET file_id = ? WHERE id = ?", other, reading.pk)
    reading = Reading.objects.get(pk=reading.pk)
    size = len(house.log())
    with pytest.raises(Tampered):
        viewing.open_page(thief, session, reading, 1)
    told(house, size)


def test_an_upload_of_ones_own_turned_to_the_bytes_of_another(house, cast, administrator):
    secret = factories.readable(cast)
    mine = factories.uploaded(cast.sales_head)
    file = DocumentFile.objects.get(document=secret)
    with administrator() as db:
        db.do("UPDATE documents_upload SET uid = 'x' || substr(uid, 2) WHERE uid = ?", file.vault_doc)
        db.do(
            "UPDATE documents_upload SET uid = ?, original = ?, name = x'' WHERE id = ?",
            file.vault_doc,
            file.original,
            mine.pk,
        )
    paper = factories.new_document(
        cast.sales_head, proposed=factories.proposed(scope=factories.scope_of("yujs")),
        department=cast.sales_head.department, uploads=(Upload.objects.get(pk=mine.pk),),
    )  # fmt: skip
    size = len(house.log())
    with pytest.raises(Tampered):
        documents.register(cast.sales_head, paper)
    told(house, size)


# ---------------------------------------------------------------------------------------------------- washing it clean


def test_a_later_deed_does_not_wash_a_changed_row_clean(house, cast, administrator, alarmed):
    """A deed writes codes anew: it must not do so over a row that somebody changed before it."""

    with administrator() as db:
        db.do("UPDATE people_person SET clearance = 30 WHERE id = ?", cast.outsider.pk)
    with alarmed("person"):
        people.end_post(cast.hr, Person.objects.get(pk=cast.outsider.pk), "employee")
    with pytest.raises(Tampered):
        codes.verify("person", [cast.outsider.pk])


def lowered_and_put_back(house: Any, cast: Any, administrator: Any, entry_of: Callable[[Any, str], bytes]) -> None:
    """A clearance is lowered by deed; the old row is put back, with an entry that says this is the present state."""

    with administrator() as db:
        old = db.rows("SELECT clearance, epoch, row_mac FROM people_person WHERE id = ?", cast.insider.pk)[0]
    digest = codes.digests("person", [cast.insider.pk])[cast.insider.pk]
    people.set_clearance(cast.secadmin, cast.insider, 10, "转岗")
    with administrator() as db:
        db.do("UPDATE people_person SET clearance = ?, epoch = ?, row_mac = ? WHERE id = ?", *old, cast.insider.pk)
        entry, head = entry_of(db, digest), record.TABLES.head()
        leaf = auditlog.leaf(entry)
        frontier = auditlog.push(head.frontier, head.size, leaf)
        db.do("INSERT INTO log (seq, entry, leaf) VALUES (?, ?, ?)", head.size, entry, leaf)
        db.do("UPDATE log_head SET size = size + 1, frontier = ?", b"".join(frontier))
    assert codes.digests("person", [cast.insider.pk])[cast.insider.pk] == digest  # each row by itself is right
    with pytest.raises(Tampered):
        codes.verify("person", [cast.insider.pk])


def test_an_entry_made_up_does_not_bring_an_old_state_back(house, cast, administrator):
    """An entry written past the deeds carries no code of the vault: the states it names do not count."""

    def made_up(db: Any, digest: str) -> bytes:
        told = {"v": 1, "t": house.last()["t"], "act": "people:set_clearance", "out": "allowed"}
        return auditlog.canonical(told | {"st": {f"person:{cast.insider.pk}": digest}, "m": "0" * 32})

    house.sit(cast.insider)
    lowered_and_put_back(house, cast, administrator, made_up)


def test_an_old_entry_written_again_does_not_bring_an_old_state_back(house, cast, administrator):
    """A true entry with a true code, copied to the head: its code holds for its old place only."""

    def copied(db: Any, digest: str) -> bytes:
        entries = db.rows("SELECT entry FROM log ORDER BY seq DESC")
        return next(bytes(entry) for (entry,) in entries if digest.encode() in bytes(entry))

    house.sit(cast.insider)
    lowered_and_put_back(house, cast, administrator, copied)


def test_nothing_is_alarmed_while_nobody_tampers(house, cast):
    """The positive control of all above: a paper's whole way, and no desk knows of a broken code."""

    document = factories.readable(cast)
    reader = house.open_page_as(cast.insider)
    reading = opens(cast.insider, cast.insider.sessions.get(ended_at=None), document)
    ticket = asks_for_a_ticket(reader, reading, document).json()["ticket"]
    page = reader.post(f"/read/{document.uid}/page/{ticket}/")
    assert (page.status_code, page.headers["Content-Type"], page.content[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    kinds = {notice.kind for person in Person.objects.all() for notice in duties.desk(person.pk)}
    assert "tampered" not in kinds
    assert not [entry for entry in house.log() if entry.get("why") == ["row_mac"]]
    assert deeds.occasion() == deeds.Occasion()


def test_a_proposed_line_of_the_catalogue_rewritten_before_it_is_decided(house, cast, administrator, alarmed):
    row = documents.propose_line(cast.dept_head, "供暖系统改造方案", 20, 4, "合同约定须保密")
    with administrator() as db:
        db.do("UPDATE documents_catalogueline SET level = 10 WHERE id = ?", row.pk)
    with alarmed("catalogue"):
        documents.decide_line(cast.gm, row, True)
