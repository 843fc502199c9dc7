"""Book I: accounts, passwords, sessions, files from outside."""

import io
import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops

from mifeng.base import clock, deeds, duties, jobs
from mifeng.base.refusals import Refused
from mifeng.clauses.parameters import Own, adopted
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import files, queries
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import DocumentFile, Upload
from mifeng.rooms.people import actions, rules
from mifeng.rooms.people import room as people_room
from mifeng.rooms.people.models import Credential, Enrolment, Person, Session, new_token
from mifeng.rooms.training import actions as training
from mifeng.rooms.training import queries as training_queries
from mifeng.rooms.training import room as training_room
from mifeng.rooms.viewing import actions as viewing
from mifeng.rooms.viewing import pages
from mifeng.rooms.viewing import rules as viewing_rules
from mifeng.rooms.viewing.facts import Leaving
from tests import factories
from tests.engines.intake import samples
from tests.house_fixtures import PASSWORD
from tests.journeys import inventory
from tests.security.test_probe_walk import filled

scenario = pytest.mark.scenario
CHANGED = date(2026, 3, 2)  # when the fixtures set everybody's password


@scenario("I5.2/1")
def test_i5_2_the_system_administrator_resets_nothing_alone(house, cast, refused):
    enrolment, _half = actions.ask_reset(cast.sysadmin, cast.insider, identity_checked=True)
    with refused("I5.2"):
        actions.sign_reset(cast.sysadmin, enrolment, identity_checked=True)
    with refused("I5.2"):
        actions.sign_reset(cast.secadmin, enrolment, identity_checked=False)
    assert Enrolment.objects.get(pk=enrolment.pk).signed_by is None


@scenario("I5.2/2")
def test_i5_2_after_a_reset_a_new_password_must_be_set_and_its_holder_is_told(house, cast):
    enrolment, one = actions.ask_reset(cast.sysadmin, cast.insider, identity_checked=True)
    two = actions.sign_reset(cast.secadmin, enrolment, identity_checked=True)
    assert "account" in [notice.kind for notice in duties.desk(cast.insider.pk)]
    device = actions.meet_device(None, new_token(), "pc")
    with pytest.raises(Refused):  # the code signs nobody in
        actions.sign_in(None, cast.insider.login, one + two, "", device, "10.1.1.0/24")
    with pytest.raises(Refused):  # and takes no password that was used before
        actions.use_code(None, cast.insider.login, one, two, PASSWORD)
    actions.use_code(None, cast.insider.login, one, two, "Neues-Wort-2026")
    assert actions.sign_in(None, cast.insider.login, "Neues-Wort-2026", "", device, "10.1.1.0/24")
    with pytest.raises(Refused):
        actions.sign_in(None, cast.insider.login, PASSWORD, "", device, "10.1.1.0/24")


@scenario("I5.2/3")
def test_i5_2_two_administrators_reset_together_after_an_identity_check(house, cast):
    enrolment, one = actions.ask_reset(cast.sysadmin, cast.insider, identity_checked=True)
    two = actions.sign_reset(cast.secadmin, enrolment, identity_checked=True)
    assert actions.use_code(None, cast.insider.login, one, two, "Neues-Wort-2026") == cast.insider


def stuck_up(cast):
    """The security administrator finds the insider's password beside his screen."""
    return actions.note_exposed(cast.secadmin, cast.insider, "显示器旁的便签")


@scenario("I6.1/1")
def test_i6_1_a_password_on_a_sticker_is_noted_and_must_be_changed_before_anything_else(house, cast):
    document, session = factories.classified(cast), house.sit(cast.insider)
    assert queries.decided(queries.viewer(cast.insider, session), document, "read").allow
    client, other = house.open_page_as(cast.insider), house.open_page_as(cast.engineer)
    assert client.get("/").status_code == 200
    finding = stuck_up(cast)
    assert (house.last()["act"], house.last()["obj"], finding.rectified_at) == ("people:note_exposed", cast.insider.item_key, None)
    assert [notice.kind for notice in duties.desk(cast.insider.pk)] == ["password"]
    assert [client.get(place).headers["Location"] for place in ("/", f"/documents/{document.uid}/")] == ["/account/password/"] * 2
    seen = queries.decided(queries.viewer(cast.insider, session), document, "read")
    assert (seen.allow, seen.clauses) == (False, ("I6.3",))  # not by any other way either
    page = client.get("/account/password/")
    assert "检查发现您的口令外露" in page.content.decode()
    assert other.get("/").status_code == 200  # nobody else is concerned
    with house.at(timedelta(minutes=1)):
        kept = {"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}
        assert client.post("/account/password/", kept).status_code == 403  # the same password is no change
        assert client.get("/").status_code == 302
        changed = kept | {"new": "Neues-Wort-2026", "again": "Neues-Wort-2026"}
        assert client.post("/account/password/", changed).status_code == 200
        assert client.get("/").status_code == 200
        finding.refresh_from_db()
        assert finding.rectified_at == clock.now()
    assert [notice.kind for notice in duties.desk(cast.secadmin.pk)] == ["rectified"]


@scenario("I6.1/1")
def test_i6_1_who_inspects_notes_it_against_others_and_the_auditor_does_nothing(house, cast, refused):
    keeper = Person.objects.get(login="douq")  # secrecy officer of the insider's department
    assert keeper.department_id == cast.insider.department_id
    for nobody in (cast.auditor, cast.sysadmin, cast.dept_head, cast.engineer, cast.gm):
        with refused("I6.1"):
            actions.note_exposed(nobody, cast.insider, "键盘下面")
    with refused("I6.1"):  # the secrecy officer of a department looks at its desks only
        actions.note_exposed(keeper, cast.hr, "键盘下面")
    with refused("I6.1"):
        actions.note_exposed(cast.secadmin, cast.secadmin, "键盘下面")
    assert not Credential.objects.filter(must_change=True).exists()
    for inspector in (cast.office_head, cast.secadmin, keeper):
        assert actions.note_exposed(inspector, cast.insider, "键盘下面").noted_by == inspector


@scenario("I6.1/1")
def test_i6_1_a_reset_by_two_settles_it_and_a_sign_in_alone_does_not(house, cast):
    finding = stuck_up(cast)
    client = house.open_page_as(cast.insider)  # signs in with the password from the sticker
    assert client.get("/me/").headers["Location"] == "/account/password/"
    enrolment, one = actions.ask_reset(cast.sysadmin, cast.insider, identity_checked=True)
    two = actions.sign_reset(cast.secadmin, enrolment, identity_checked=True)
    actions.use_code(None, cast.insider.login, one, two, "Neues-Wort-2026")
    finding.refresh_from_db()
    assert finding.rectified_at is not None and not Credential.objects.get(person=cast.insider).must_change


def sits(person, *, device=None, network="10.1.1.0/24"):
    device = device or actions.meet_device(None, new_token(), "pc")
    return actions.sign_in(None, person.login, PASSWORD, "", device, network).session


@scenario("I6.2/1")
def test_i6_2_a_second_place_closes_the_first_and_the_security_administrator_is_told(house, cast):
    first = sits(cast.insider)
    sits(cast.insider, network="10.9.9.0/24")
    first.refresh_from_db()
    assert first.end_reason == "superseded"
    assert [notice.kind for notice in duties.desk(cast.secadmin.pk)] == ["second_session"]


@scenario("I6.2/1")
def test_i6_2_between_two_own_registered_devices_on_one_network_nobody_is_alarmed(house, cast):
    first = house.sit(cast.insider)
    house.sit(cast.insider)
    first.refresh_from_db()
    assert (first.end_reason, duties.desk(cast.secadmin.pk)) == ("moved", [])


@scenario("I6.2/2")
def test_i6_2_the_same_device_again_is_no_event(house, cast):
    first = sits(cast.insider)
    again = sits(cast.insider, device=first.device)
    first.refresh_from_db()
    assert (first.end_reason, Session.objects.get(pk=again.pk).ended_at) == ("renewed", None)
    assert duties.desk(cast.secadmin.pk) == []


def test_i6_2_a_stale_second_factor_opens_no_highly_confidential_page(house, cast):
    document, session = factories.classified(cast), house.sit(cast.insider)
    with house.at(timedelta(hours=8)):
        refused = queries.decided(queries.viewer(cast.insider, session), document, "read")
    assert refused.clauses == ("I6.2",)


@pytest.mark.parametrize(
    ("level", "after", "opens"),
    [
        (20, timedelta(hours=8, seconds=-1), True), (20, timedelta(hours=8), False),
        (30, timedelta(minutes=30, seconds=-1), True), (30, timedelta(minutes=30), False), (10, timedelta(hours=9), True),
    ],
    ids=["8 hours less a second", "8 hours", "30 minutes less a second", "30 minutes", "confidential needs none"],
)  # fmt: skip
def test_i6_2_the_second_factor_is_fresh_for_eight_hours_and_for_half_an_hour_at_top_secret(house, cast, level, after, opens):
    told = {"category": "S1", "line": "decision_merger", "scope": factories.scope_of("luyz")} if level == 30 else {}
    reader = cast.gm if level == 30 else cast.insider
    document, session = factories.classified(cast, proposed=factories.proposed(level, **told)), house.sit(reader)
    with house.at(after):
        decision = queries.decided(queries.viewer(reader, session), document, "read")
    assert decision.allow is opens
    assert decision.knows  # the item is not hidden: the next step is to prove again
    assert opens or decision.clauses == ("I6.2",)


@pytest.mark.parametrize(
    ("kind", "registered", "cap", "level", "opens"),
    [
        ("phone", True, 10, 10, True), ("phone", True, 10, 20, False), ("phone", True, 30, 20, True), ("phone", True, 30, 30, False),
        ("pc", True, 20, 20, True), ("pc", True, 20, 30, False), ("pc", True, 30, 30, True), ("pc", False, 0, 20, True),
        ("pc", False, 0, 30, False), ("phone", False, 0, 20, False),
    ],
)  # fmt: skip
def test_d5_a_device_shows_up_to_its_level_and_a_telephone_never_top_secret(house, cast, kind, registered, cap, level, opens):
    told = {"category": "S1", "line": "decision_merger", "scope": factories.scope_of("luyz")} if level == 30 else {}
    reader = cast.gm if level == 30 else cast.insider
    document = factories.classified(cast, proposed=factories.proposed(level, **told))
    session = house.sit(reader, kind=kind, registered=registered, cap=cap)
    decision = queries.decided(queries.viewer(reader, session), document, "read")
    assert (decision.allow, decision.knows) == (opens, True)
    assert opens or decision.clauses == ("D5",)


def internal(cast):
    everybody = (factories.ScopeLine("all", ""),)
    proposed = factories.proposed(5, category="S8", line="notice", scope=everybody, term=factories.TermFacts(), reason="")
    return factories.registered(cast, title="食堂通知", proposed=proposed)


def read(house, person, document):
    return queries.decided(queries.viewer(person, house.sit(person)), document, "read")


@scenario("I6.3/1")
def test_i6_3_a_password_of_sixty_one_days_opens_internal_papers_only(house, cast):
    secret, notice = factories.classified(cast, proposed=factories.proposed(10)), internal(cast)
    with house.at(CHANGED + timedelta(days=60)):
        assert read(house, cast.insider, secret).allow
        assert rules.password_good(CHANGED, clock.today()).allow
    with house.at(CHANGED + timedelta(days=61)):
        refused = read(house, cast.insider, secret)
        assert (refused.allow, refused.clauses) == (False, ("I6.3",))
        assert refused.reasons[0].zh == "口令须更换(已满两个月,或检查发现外露),涉密内容暂停"
        assert not rules.password_good(CHANGED, clock.today()).allow
        assert read(house, cast.insider, notice).allow


@scenario("I6.3/2")
def test_i6_3_none_of_the_last_five_passwords_comes_back(house, cast, refused):
    words = [PASSWORD, *(f"Neues-Wort-{n}-2026" for n in range(1, 6))]
    for old, new in itertools.pairwise(words):
        actions.change_password(cast.insider, old, new)
    with refused("I6.3"):
        actions.change_password(cast.insider, words[-1], words[1])
    actions.change_password(cast.insider, words[-1], PASSWORD)  # the sixth one back may be used again


@scenario("I6.3/3")
def test_i6_3_at_fifty_eight_days_it_opens_and_reminds(house, cast):
    secret = factories.classified(cast, proposed=factories.proposed(10))
    with house.at(CHANGED + timedelta(days=30)):
        house.sit(cast.insider)
        assert duties.desk(cast.insider.pk) == []
        assert people_room._password(cast.insider) == []
    with house.at(CHANGED + timedelta(days=58)):
        assert read(house, cast.insider, secret).allow
        assert [duty.count for duty in people_room._password(cast.insider)] == [1]
        assert [notice.kind for notice in duties.desk(cast.insider.pk)] == ["password"]


@scenario("I7.1/1")
def test_i7_1_half_an_hour_idle_ends_the_session(house, cast):
    client = house.open_page_as(cast.insider)
    session = cast.insider.sessions.get(ended_at=None)
    with house.at(timedelta(minutes=29, seconds=59)):
        assert client.get("/jobs/none/").status_code == 423  # locked, not ended
    with house.at(timedelta(minutes=30)):
        assert client.get("/jobs/none/").status_code == 401
        session.refresh_from_db()
        assert session.end_reason == "idle"
        assert client.get("/jobs/none/").status_code == 302  # a new sign-in is needed


def prefers(person, minutes):
    actions.set_preferences(person, language="zh-hans", density="normal", idle_minutes=minutes)


@scenario("I7.2/1")
@pytest.mark.parametrize("minutes", [0, 6, 10])
def test_i7_2_nobody_waits_longer_than_five_minutes(house, cast, refused, minutes):
    with refused("I7.2"):
        prefers(cast.insider, minutes)
    assert cast.insider.idle_minutes == 5


@scenario("I7.2/2")
def test_i7_2_at_five_minutes_sharp_the_session_locks_and_the_page_is_emptied(house, cast):
    client, document = house.open_page_as(cast.insider), factories.readable(cast)
    session = cast.insider.sessions.get(ended_at=None)
    with house.at(timedelta(minutes=5)):
        assert client.post(f"/read/{document.uid}/ticket/1/").status_code == 423
        session.pulse.refresh_from_db()
        assert session.pulse.locked_at == clock.now()
        assert viewing_rules.must_blank(20, Leaving(0, locked=True), clock.today())
    other = house.open_page_as(cast.engineer)
    with house.at(timedelta(minutes=4, seconds=59)):
        assert other.get("/jobs/none/").status_code == 404


@scenario("I7.2/3")
def test_i7_2_a_shorter_time_is_ones_own_choice(house, cast):
    prefers(cast.insider, 3)
    assert cast.insider.idle_minutes == 3
    client = house.open_page_as(cast.insider)
    with house.at(timedelta(minutes=3)):
        assert client.get("/jobs/none/").status_code == 423


# The regulation insists on a scanner; a company may be content with one when there is one, and then a file is 未检.
WHEN_PRESENT = [Own("I9.3", "av", date(2026, 1, 1), "when_present", "decided")]


def brought(client, data, name):
    """The file as the form's script brings it."""
    return client.post("/documents/uploads/", {"file": SimpleUploadedFile(name, data)}).json()


@scenario("I9.3/1")
def test_i9_3_an_office_file_that_nobody_scanned_is_opened_by_no_program_and_for_nobody(house, cast):
    client = house.open_page_as(cast.drafter)
    told = brought(client, samples.word(), "立项.docx")
    assert "uid" not in told  # by the regulation's own figure it does not even come in
    with adopted(WHEN_PRESENT):
        told = brought(client, samples.word(), "立项.docx")
        assert told["text"] == "已收到，未检"
        document = factories.classified(cast, uploads=(Upload.objects.get(uid=told["uid"]),))
        jobs.run_all()
    file = DocumentFile.objects.get(document=document)
    assert (file.scan, file.state, file.rendition, file.text) == ("unchecked", "unviewable", "", "")
    answer = client.get(f"/read/{document.uid}/")
    assert (answer.status_code, "未经病毒检查" in answer.content.decode()) == (403, True)
    assert (house.last()["act"], house.last()["out"], house.last()["why"]) == ("viewing:open_document", "refused", ["I9.3"])


@scenario("I9.3/1")
def test_i9_3_pages_of_an_unscanned_file_say_so_and_no_address_hands_the_file_out(house, cast):
    original = factories.pdf("page one") + b"%the-original-itself"
    client = house.open_page_as(cast.drafter)
    with adopted(WHEN_PRESENT):
        told = brought(client, original, "qinglu.pdf")
        document = factories.classified(cast, uploads=(Upload.objects.get(uid=told["uid"]),))
        jobs.run_all()
    file = DocumentFile.objects.get(document=document)
    session = cast.drafter.sessions.get(ended_at=None)
    house.prove(session, clock.now())
    reading, _file = viewing.open_document(cast.drafter, session, document.uid)
    issue = viewing.open_page(cast.drafter, session, reading, 1)
    assert issue.footer.endswith(" · 未检")
    clean = replace(issue, footer=issue.footer.removesuffix(" · 未检"))
    drawn = [Image.open(io.BytesIO(pages.page_image(file, 1, one))).convert("L") for one in (issue, clean)]
    differs = ImageChops.difference(*drawn).point(lambda grey: 255 * (grey > 60)).getbbox()
    assert differs and differs[1] > drawn[0].height * 0.9  # the words stand in the pixels of the foot
    found = []
    for turn, address in enumerate(one for one in inventory.patterns() if "<str:" in one):
        for uid in (document.uid, (file.uid, file.original, told["uid"])[turn % 3]):
            answer = client.get(filled(address, uid))
            assert b"the-original-itself" not in answer.content and b"%PDF" not in answer.content, address
            found.append(answer.status_code)
    assert found.count(200) > 3 and found.count(404) > 10


@scenario("I9.3/3")
def test_i9_3_a_checked_file_opens_and_engine_and_version_are_kept(house, cast, antivirus):
    antivirus(b"stream: OK\0")
    document, session = factories.readable(cast), house.sit(cast.insider)
    file = DocumentFile.objects.get(document=document)
    assert (file.scan, file.scan_engine) == ("clean", "ClamAV 1.4.2 27581")
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    assert "未检" not in viewing.open_page(cast.insider, session, reading, 1).footer


def test_i9_3_an_infected_file_is_turned_away(house, cast, antivirus):
    antivirus(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
    received = files.receive(factories.pdf(), "virus.pdf", "0" * 32, demo=True)
    assert (received.accepted, received.original) == (False, "")


@scenario("I10.6/1")
def test_i10_6_two_hundred_pages_in_ten_minutes_pause_the_reader(house, cast, refused):
    document, session = factories.readable(cast), house.sit(cast.insider)
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    for _page in range(200):
        viewing.open_page(cast.insider, session, reading, 1)
    assert [notice.kind for notice in duties.desk(cast.secadmin.pk)] == ["viewing_paused"]
    with refused("I10.6"):
        viewing.open_page(cast.insider, session, reading, 2)
    with house.at(timedelta(minutes=10, seconds=1)):
        assert viewing.open_page(cast.insider, session, reading, 2)


@scenario("I10.6/2")
def test_i10_6_thirty_pages_in_ten_minutes_are_ordinary_work(house, cast):
    document, session = factories.readable(cast), house.sit(cast.insider)
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    for _page in range(30):
        assert viewing.open_page(cast.insider, session, reading, 1)
    assert duties.desk(cast.secadmin.pk) == []


def up_to_date(*people):
    """Pledge and password are of today: what stands in the way is the test alone."""
    for person in people:
        training.sign_pledge(person)
    rows = list(Credential.objects.filter(person__in=people))

    def act():
        for row in rows:
            row.changed_at = clock.now()
            row.save()

    deeds._do("people:test_passwords", None, None, act)


def let_in(cast, person, document, session):
    """The leave for somebody to know the paper for a week, asked for by who knows it."""
    line = ScopeLine("person", person.uid, until=clock.today() + timedelta(days=7))
    return documents.widen_scope(cast.insider, document, session, (line,), "工艺评审")


@scenario("I12/1")
def test_i12_thirteen_months_after_the_last_pass_nothing_highly_confidential_is_newly_shown(house, cast, refused):
    """Everybody's test is of 2026-01-05: it holds to 2027-01-05."""
    document, lower = factories.readable(cast), factories.readable(cast, title="工时汇总", proposed=factories.proposed(10))
    with house.at(date(2027, 2, 5)):
        up_to_date(cast.insider)
        session = house.sit(cast.insider)
        seen = queries.decided(queries.viewer(cast.insider, session), document, "read")
        assert (seen.allow, [flag.clause for flag in seen.flags]) == (True, ["I12"])  # an old right: flagged, not shut
        with refused("I12"):
            let_in(cast, cast.leaver, document, session)
        assert let_in(cast, cast.leaver, lower, session).state == "asked"  # 秘密 asks for no test of this year
        assert "培训考核" in [item.text for duty in training_room._own(cast.insider) for item in duty.items]
        assert cast.insider in training_queries.untrained()
        assert [duty.count > 0 for duty in training_room._over(cast.hr)] == [True]


@scenario("I12/1")
def test_i12_a_test_that_ends_while_it_is_asked_shuts_the_decision_as_well(house, cast, refused):
    document = factories.readable(cast)
    with house.at(date(2027, 1, 5)):  # the last day
        up_to_date(cast.insider)
        asked = let_in(cast, cast.leaver, document, house.sit(cast.insider))
    with house.at(date(2027, 1, 6)), refused("I12"):
        approvals.approve(approval_queries.candidates(asked)[0], asked, "同意")


@scenario("I12/2")
def test_i12_seventy_nine_is_not_passed_and_there_is_one_resit(house, cast, refused):
    day = date(2027, 1, 20)
    with house.at(day):
        training.record_test(cast.hr, cast.engineer, 79, day)
        assert cast.engineer in training_queries.untrained()
        training.record_test(cast.hr, cast.engineer, 79, day)  # the resit
        with refused("I12"):
            training.record_test(cast.hr, cast.engineer, 100, day)
        training.record_test(cast.hr, cast.insider, 79, day)
        training.record_test(cast.hr, cast.insider, 80, day)
        assert training_queries.trained_until(cast.insider) == date(2028, 1, 20)
        assert cast.insider not in training_queries.untrained()
    with house.at(date(2028, 1, 21)):  # the next period
        assert training.record_test(cast.hr, cast.engineer, 80, date(2028, 1, 21))


@scenario("I12/3")
def test_i12_with_eighty_five_within_the_year_one_is_let_in(house, cast):
    document = factories.readable(cast)
    with house.at(date(2027, 2, 5)):
        training.record_test(cast.hr, cast.leaver, 85, date(2027, 2, 5))
        up_to_date(cast.insider, cast.leaver)
        let_in(cast, cast.leaver, document, house.sit(cast.insider))
        factories.approve_all(document.item_key)
        document.refresh_from_db()
        seen = queries.decided(queries.viewer(cast.leaver, house.sit(cast.leaver)), document, "read")
        assert (seen.allow, seen.clauses, seen.flags) == (True, ("P0.2",), ())


def test_nothing_of_a_password_stands_in_a_row_that_signs_in(house, cast):
    hashed = Credential.objects.get(person=cast.insider).secret_hash
    assert hashed.startswith("argon2$argon2id")
    device = actions.meet_device(None, new_token(), "pc")
    with pytest.raises(Refused):
        actions.sign_in(None, cast.insider.login, hashed, "", device, "10.1.1.0/24")
