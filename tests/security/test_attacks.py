"""The house seen by who wants in: an outsider with an account, an officer, a neighbour on the network, a database's master.

Each test first shows that there is something to gain, then that it is not gained.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mifeng.base import clock, deeds, record
from mifeng.base.codes import Tampered
from mifeng.base.fields import new_uid
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines import auditlog
from mifeng.engines.access import KIND_PERSON, key
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import credentials
from mifeng.rooms.people.models import Enrolment, Person, new_token
from mifeng.rooms.viewing import actions as viewing
from mifeng.site import anchor, verification
from tests import cluster, factories
from tests.house_fixtures import PASSWORD


@pytest.fixture
def administrator(house: Any) -> Callable[[], Any]:
    """`with administrator() as sql:` – another connection to the database, no guard in the way, committed at the end."""

    @contextmanager
    def opened() -> Iterator[Callable[..., list[Any]]]:
        with cluster.administrator(house.home) as other:
            yield other.rows

    return opened


def findings() -> list[str]:
    """What `mifeng verify` says, gaps of numbers aside."""
    return [line for line in verification.run() if "缺号" not in line]


# ------------------------------------------------------------------------------------------- the log, by whoever has it


def rebuilt(sql: Callable[..., Any]) -> None:
    """Leaves and head made to fit the entries again: whoever has the database can, no key is needed."""
    frontier: tuple[bytes, ...] = ()
    entries = sql("SELECT seq, entry FROM log ORDER BY seq")
    for seq, raw in entries:
        sql("UPDATE log SET leaf = ? WHERE seq = ?", auditlog.leaf(raw), seq)
        frontier = auditlog.push(frontier, seq, auditlog.leaf(raw))
    sql("UPDATE log_head SET size = ?, frontier = ?", len(entries), b"".join(frontier))


def read_by(house: Any, cast: Any) -> Any:
    """DOC-008, a page of it opened: the entry that somebody would like to have away."""
    document, session = factories.readable(cast), house.sit(cast.insider)
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    viewing.open_page(cast.insider, session, reading, 1)
    assert house.last()["act"] == "viewing:open_page"
    return document


def test_an_untouched_log_is_found_whole(house, cast):
    read_by(house, cast)
    assert findings() == []


def test_the_end_of_the_log_cut_off_while_the_house_runs(house, cast, administrator):
    document = read_by(house, cast)
    with administrator() as sql:
        sql("DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")
        sql("DELETE FROM base_logindex WHERE seq = (SELECT max(seq) FROM base_logindex)")
        rebuilt(sql)
    session = house.cast.insider.sessions.get(ended_at=None)
    with pytest.raises(record.LogUnavailable):
        viewing.open_document(cast.insider, session, document.uid)
    with pytest.raises(record.LogUnavailable):
        anchor.note()


def test_an_entry_rewritten_and_the_tree_made_to_fit(house, cast, administrator):
    read_by(house, cast)
    size = len(house.log())
    with administrator() as sql:
        old = sql("SELECT entry FROM log WHERE seq = ?", size - 1)[0][0]
        new = old.replace(cast.insider.uid.encode(), cast.deputy.uid.encode())
        sql("UPDATE log SET entry = ? WHERE seq = ?", new, size - 1)
        sql("UPDATE base_logindex SET actor = ? WHERE seq = ?", cast.deputy.uid, size - 1)
        rebuilt(sql)
    entry, *carried = findings()
    assert entry == f"留痕有1条不是由本系统写入,首条为第{size - 1}条"
    assert [found.split()[0] for found in carried] == ["knower"]  # what that entry told of who knows counts no more
    with pytest.raises(record.LogUnavailable):
        people.set_preferences(cast.insider, language="zh-hans", density="normal", idle_minutes=4)


def test_an_older_log_found_at_the_next_opening(house, cast, administrator):
    anchor.note()
    size = len(house.log())
    read_by(house, cast)
    anchor.note()
    with administrator() as sql:
        sql("DELETE FROM log WHERE seq >= ?", size)
        sql("DELETE FROM base_logindex WHERE seq >= ?", size)
        rebuilt(sql)
    record.start()  # another process begins and remembers nothing
    with pytest.raises(anchor.LogRolledBack):
        anchor.compare()


@pytest.mark.parametrize("how", ["taken away", "emptied", "typed by hand", "of another size"])
def test_the_note_beside_the_keys_is_authenticated_and_its_absence_is_noticed(house, cast, how):
    anchor.note()
    anchor.compare()
    file = house.keys / "log-head.json"
    noted = json.loads(file.read_text())
    if how == "taken away":
        file.unlink()
    else:
        changed = {"emptied": {}, "typed by hand": noted | {"code": "00" * 32}, "of another size": noted | {"size": 0}}[how]
        file.write_text(json.dumps(changed))
    with pytest.raises(anchor.LogRolledBack):
        anchor.compare()
    file.write_text(json.dumps(noted))  # put back from a backup of the keystore
    anchor.compare()


def test_the_index_that_the_auditor_searches_made_to_hide_a_reader(house, cast, administrator):
    read_by(house, cast)
    size = len(house.log())
    with administrator() as sql:
        sql("UPDATE base_logindex SET obj = '' WHERE seq = ?", size - 1)
    assert findings() == [f"留痕索引与留痕不符,相差1条,首条为第{size - 1}条"]


def test_an_object_deleted_with_all_its_rows(house, cast, administrator):
    factories.registered(cast)
    approval = Approval.objects.get(state="asked")
    with administrator() as sql:
        sql("DELETE FROM approvals_part")
        sql("DELETE FROM approvals_approval")
    assert findings() == [f"approval {approval.pk}:state 的校验码不符"]


# --------------------------------------------------------------------------------------------------- guessing and signing in


def guesses(count: int, guess: Callable[[], Any]) -> None:
    for _ in range(count):
        with pytest.raises(Refused):
            guess()


def test_the_second_half_of_a_code_guessed_by_whoever_holds_the_first(house, cast):
    """The system administrator asked for the reset and has one half; four signs are left."""
    holder, device = cast.insider, people.meet_device(None, new_token(), "pc")
    row, one = people.ask_reset(cast.sysadmin, holder, True)
    two = people.sign_reset(cast.secadmin, row, True)
    guesses(people.SIGN_IN_TRIES, lambda: people.use_code(None, holder.login, one, "2222", "Guessed-2026-word"))
    guesses(1, lambda: people.use_code(None, holder.login, one, two, "Guessed-2026-word"))
    guesses(1, lambda: people.sign_in(None, holder.login, "Guessed-2026-word", "", device, "10.1.1.0/24"))
    with house.at(timedelta(minutes=16)):
        guesses(1, lambda: people.use_code(None, holder.login, one, two, "Chosen-2026-word"))  # used up, not only locked
        row, one = people.ask_reset(cast.sysadmin, holder, True)
        two = people.sign_reset(cast.secadmin, row, True)
        assert people.use_code(None, holder.login, one, two, "Chosen-2026-word") == holder
    assert Enrolment.objects.get(pk=row.pk).used_at is not None


def test_the_code_of_an_authenticator_guessed_in_an_open_session(house, cast):
    import pyotp  # the authenticator in somebody's hand

    session = house.sit(cast.insider)
    secret = people.begin_totp(cast.insider)
    people.confirm_totp(cast.insider, session, pyotp.TOTP(secret).at(clock.now()))
    with house.at(timedelta(minutes=2)):
        guesses(people.SIGN_IN_TRIES, lambda: people.prove_again(cast.insider, session, "000000"))
        guesses(1, lambda: people.prove_again(cast.insider, session, pyotp.TOTP(secret).at(clock.now())))
    with house.at(timedelta(minutes=30)):
        people.prove_again(cast.insider, session, pyotp.TOTP(secret).at(clock.now()))


def test_the_password_guessed_where_it_is_changed(house, cast):
    house.sit(cast.insider)
    new = "Chosen-2026-word"
    guesses(people.SIGN_IN_TRIES, lambda: people.change_password(cast.insider, "wrong", new))
    guesses(1, lambda: people.change_password(cast.insider, PASSWORD, new))
    with house.at(timedelta(minutes=16)):
        people.change_password(cast.insider, PASSWORD, new)


@pytest.mark.parametrize("login", ["gexy", "nobody", "", "GEXY ", "xiazq'--"])
def test_a_sign_in_takes_one_comparison_whoever_is_named_and_none_inside_the_transaction(house, cast, login, monkeypatch):
    people.close_account(cast.hr, cast.leaver)
    made: list[bool] = []
    device = people.meet_device(None, new_token(), "pc")
    with monkeypatch.context() as patched:
        for name in ("encode", "verify"):
            patched.setattr(credentials.Argon2id, name, _noting(getattr(credentials.Argon2id, name), made))
        with pytest.raises(Refused) as refusal:
            people.sign_in(None, login, "Wrong-2026-word", "", device, "10.1.1.0/24")
    assert made == [False]
    assert [reason.rule for reason in refusal.value.decision.reasons] == ["sign_in"]


def _noting(act: Callable[..., Any], made: list[bool]) -> Callable[..., Any]:
    def done(self: Any, *args: Any, **kwargs: Any) -> Any:
        made.append(connection.in_atomic_block)
        return act(self, *args, **kwargs)

    return done


def test_every_name_gets_the_same_page(house, cast):
    def page(login: str) -> tuple[int, bytes, list[str]]:
        client = Client(headers={"accept": "text/html"})
        client.get("/account/login/")
        answer = client.post("/account/login/", {"login": login, "password": "Wrong-2026-word", "code": ""})
        return answer.status_code, without_token(answer.content).replace(login.encode(), b"?"), sorted(answer.headers)

    known, unknown = page("gexy"), page("zzzz")
    assert known[0] == 403
    assert known == unknown


def without_token(content: bytes) -> bytes:
    """The token of the forms differs from answer to answer."""
    return re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", content)


ELSEWHERE = (
    "//evil.example/", "https://evil.example/", "/\\evil.example", "///evil.example", "javascript:alert(1)",
    "\t//evil.example",
)  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_to_another_house(house, cast, wanted):
    client = Client(headers={"accept": "text/html"})
    told = {"login": "gexy", "password": PASSWORD, "code": "", "next": wanted}
    answer = client.post("/account/login/", told)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.post("/account/language/", {"language": "en", "next": wanted}).headers["Location"] == "/"


def test_a_token_that_was_there_before_the_sign_in_is_not_kept(house, cast):
    client = Client(headers={"accept": "text/html"})
    client.cookies["mf_session"] = "known-to-somebody-else"
    assert client.post("/account/login/", {"login": "gexy", "password": PASSWORD, "code": ""}).status_code == 302
    own = client.cookies["mf_session"].value
    assert own != "known-to-somebody-else"
    assert client.get("/me/").status_code == 200
    client.cookies["mf_session"] = "known-to-somebody-else"
    assert client.get("/me/").status_code == 302
    assert {client.cookies["mf_session"]["httponly"]} | {client.cookies["mf_session"]["samesite"]} <= {True, "Strict", ""}


# ------------------------------------------------------------------------------------------------------------ own rights


def test_nobody_gives_himself_a_post_or_a_deputation(house, cast):
    with pytest.raises(Refused):
        people.assign_post(cast.hr, cast.hr, "gm", clock.today())
    assert people.assign_post(cast.hr, cast.insider, "archivist", clock.today()).post == "archivist"
    told = {"acts": ("keep",), "level_max": 30, "since": clock.today(), "until": clock.today()}
    with pytest.raises(Refused):
        people.appoint(cast.office_head, cast.office_head, **told)
    assert people.appoint(cast.office_head, cast.insider, **told).acts == "keep"


def test_an_officer_and_a_business_post_do_not_meet_on_a_later_day(house, cast):
    later = clock.today() + timedelta(days=30)
    people.assign_post(cast.hr, cast.outsider, "auditor", later)
    with pytest.raises(Refused):
        people.assign_post(cast.hr, cast.outsider, "clerk", later + timedelta(days=1))
    until = later - timedelta(days=1)
    assert people.assign_post(cast.hr, cast.outsider, "clerk", clock.today(), until).until == until


def test_a_clearance_is_one_of_the_levels(house, cast):
    for clearance in (31, 99, -1, 25):
        with pytest.raises(Refused):
            people.set_clearance(cast.secadmin, cast.insider, clearance, "试")
    people.set_clearance(cast.secadmin, cast.insider, 30, "晋级")
    assert Person.objects.get(pk=cast.insider.pk).clearance == 30


# ------------------------------------------------------------------------------- rows that nobody looks at, until they count


def scope_member(sql: Callable[..., Any], document: Any, person: Person) -> None:
    sql(
        "INSERT INTO documents_scopemember (uid, document_id, kind, key, purpose, added_at, added_by_id) VALUES"
        " (?, ?, 'person', ?, x'', '2026-03-16 01:00:00', ?)", new_uid(), document.pk, person.uid, person.pk,
    )  # fmt: skip


def widen(cast: Any, document: Any, name: Person) -> None:
    line = ScopeLine("person", name.uid, "协作", date(2026, 6, 30))
    documents.widen_scope(cast.insider, document, cast.insider.sessions.get(ended_at=None), (line,), "协作")
    factories.approve_all(document.item_key)


def test_a_line_put_among_the_words_of_a_scope_comes_in_with_no_later_deed(house, cast, administrator):
    document = factories.readable(cast)
    house.sit(cast.insider)
    widen(cast, document, cast.engineer)
    document.refresh_from_db()
    thief, session = cast.outsider, house.sit(cast.outsider)
    with administrator() as sql:
        scope_member(sql, document, thief)
    with pytest.raises(Tampered):
        widen(cast, document, cast.second_clerk)
    with pytest.raises(Tampered):
        documents.narrow_scope(cast.drafter, document, (ScopeLine("person", cast.engineer.uid),), "离组")
    with pytest.raises(Refused):
        viewing.open_document(thief, session, document.uid)


def test_whoever_puts_himself_into_a_scope_reads_its_title_nowhere(house, cast, administrator):
    document, thief = factories.readable(cast), cast.other_deputy
    pages = ("/", "/documents/", "/documents/terms/", "/registers/F08/", f"/documents/{document.uid}/")
    insider, client = house.open_page_as(cast.insider), house.open_page_as(thief)
    assert factories.TITLE in insider.get("/documents/").content.decode()
    assert factories.TITLE in insider.post("/search/", {"q": "青鹭"}).content.decode()
    with administrator() as sql:
        sql(
            "INSERT INTO people_audiencerow (aset_id, key, since, until) VALUES (?, ?, 0, 9999999999)", document.aset_id,
            key(KIND_PERSON, thief.pk),
        )  # fmt: skip
    size = len(house.log())
    for answer in [*(client.get(page) for page in pages), client.post("/search/", {"q": "青鹭"})]:
        assert factories.TITLE not in answer.content.decode(), answer.request["PATH_INFO"]
    assert ["row_mac"] in [entry.get("why") for entry in house.log()[size:]]


def test_a_tampering_met_outside_a_deed_is_recorded_too(house, cast, administrator):
    document, thief = factories.readable(cast), cast.other_deputy
    client = house.open_page_as(thief)
    assert client.get("/").status_code == 200
    with administrator() as sql:
        sql(
            "INSERT INTO people_audiencerow (aset_id, key, since, until) VALUES (?, ?, 0, 9999999999)", document.aset_id,
            key(KIND_PERSON, thief.pk),
        )  # fmt: skip
    size = len(house.log())
    assert client.get("/").status_code == 403
    assert [(e["out"], e["why"]) for e in house.log()[size:]] == [("refused", ["row_mac"])]


def test_a_department_hung_under_another_reads_nothing_of_it(house, cast, administrator):
    scope = (ScopeLine("department", "YF"),)
    document = factories.readable(cast, proposed=factories.proposed(10, scope=scope))
    thief, session = cast.sales_head, house.sit(cast.sales_head)
    with pytest.raises(Refused):
        viewing.open_document(thief, session, document.uid)
    with administrator() as sql:
        sql("UPDATE people_department SET parent_id = ? WHERE id = ?", document.department_id, thief.department_id)
    with pytest.raises(Tampered):
        viewing.open_document(Person.objects.get(pk=thief.pk), session, document.uid)


@pytest.mark.parametrize("statement", [
    "UPDATE people_person SET active = false WHERE login = 'tianjz'",
    "DELETE FROM people_postholding WHERE person_id = (SELECT id FROM people_person WHERE login = 'tianjz')",
    "INSERT INTO people_officerpair (role, a_id, b_id, row_mac) SELECT 'dept_head', id, id, x'' FROM people_person WHERE login = 'wenqh'",
])  # fmt: skip
def test_whoever_makes_the_approver_vanish_does_not_decide_in_his_place(house, cast, administrator, statement):
    """Without the department's head the request would climb to his stand-in."""
    document = factories.registered(cast)
    approval = Approval.objects.get(item_key=document.item_key)
    with pytest.raises(Refused):
        approvals.approve(cast.deputy, approval)
    with administrator() as sql:
        sql(statement)
    with pytest.raises(Tampered):
        approvals.approve(cast.deputy, Approval.objects.get(pk=approval.pk))


def test_a_standing_decision_put_into_the_table_classifies_nothing(house, cast, administrator):
    proposed = factories.proposed(standing=True)
    with pytest.raises(Refused):
        factories.registered(cast, proposed=proposed)
    with administrator() as sql:
        sql(
            "INSERT INTO documents_standingdecision (uid, line, version, department_id, level, term_kind, term_value, since,"
            " decided_by_id, row_mac) VALUES (?, 'plan_project', 1, ?, 20, 'years', 5, '2026-01-01', ?, x'')",
            new_uid(), cast.drafter.department_id, cast.gm.pk,
        )  # fmt: skip
    with pytest.raises(Tampered):
        factories.registered(cast, proposed=proposed)


# --------------------------------------------------------------------------------------- an outsider with an account asks


def answer_of(client: Client, method: str, address: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    answer = getattr(client, method)(address, headers=headers)
    return answer.status_code, answer.content, dict(answer.headers)


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}, {"accept": "application/json"}])
def test_a_hidden_paper_and_an_absent_one_are_the_same_at_every_address(house, cast, headers):
    document = factories.readable(cast)
    approval = Approval.objects.get(item_key=document.item_key)
    insider, outsider = house.open_page_as(cast.insider), house.open_page_as(cast.outsider)
    assert insider.get(f"/documents/{document.uid}/").status_code == 200
    absent, answers = new_uid(), set()
    for address in (
        "/documents/{}/", "/documents/{}/classify/", "/documents/{}/change/", "/documents/{}/scope/", "/documents/{}/who/",
        "/documents/{}/correct/", "/documents/{}/told/", "/read/{}/", "/read/{}/ticket/1/", "/read/{}/page/x/",
        "/read/{}/acknowledge/",
    ):  # fmt: skip
        for method in ("get", "post", "head"):
            hidden = answer_of(outsider, method, address.format(document.uid), **headers)
            assert hidden == answer_of(outsider, method, address.format(absent), **headers), (method, address)
            answers.add(hidden[0])
    hidden = answer_of(outsider, "get", f"/approvals/{approval.uid}/", **headers)
    assert hidden == answer_of(outsider, "get", f"/approvals/{absent}/", **headers)
    assert answers <= {404, 405}


def test_a_search_for_a_hidden_title_is_a_search_for_nothing(house, cast):
    factories.readable(cast)
    outsider = house.open_page_as(cast.outsider)
    hidden, nothing = (
        without_token(outsider.post("/search/", {"q": words}).content).replace(words.encode(), b"?") for words in ("青鹭", "鹭青")
    )
    assert hidden == nothing
    assert factories.TITLE in house.open_page_as(cast.insider).post("/search/", {"q": "青鹭"}).content.decode()


def test_the_job_of_somebody_else_is_not_there(house, cast):
    from mifeng.base.models import Job  # the table of work

    factories.readable(cast)
    job = Job.objects.get(kind="documents:convert")
    assert house.open_page_as(cast.drafter).get(f"/jobs/{job.uid}/").status_code == 200
    outsider = house.open_page_as(cast.outsider)
    assert answer_of(outsider, "get", f"/jobs/{job.uid}/") == answer_of(outsider, "get", f"/jobs/{new_uid()}/")


# ----------------------------------------------------------------------------------------------------------------- pages


def opened(house: Any, person: Person, document: Any) -> tuple[Client, Any]:
    """A browser of this person and an occasion of reading in it."""
    client = house.open_page_as(person)
    session = person.sessions.get(ended_at=None)
    return client, viewing.open_document(person, session, document.uid)[0]


def ticket(client: Client, document: Any, reading: Any) -> str:
    return client.post(f"/read/{document.uid}/ticket/1/", {"reading": reading.uid}).json()["ticket"]


def test_a_ticket_opens_one_page_once_in_its_own_session_for_half_a_minute(house, cast):
    document = factories.readable(cast)
    client, reading = opened(house, cast.insider, document)
    other, _reading = opened(house, cast.engineer, document)
    address = f"/read/{document.uid}/page/{{}}/"
    first = ticket(client, document, reading)
    assert other.post(address.format(first)).status_code == 404  # another reader of the same paper
    assert client.post(address.format(first)).headers["Content-Type"] == "image/jpeg"
    assert client.post(address.format(first)).status_code == 404  # a second time
    stolen, late = ticket(client, document, reading), ticket(client, document, reading)
    with house.at(timedelta(seconds=31)):
        assert client.post(address.format(late)).status_code == 404
    again, _ = opened(house, cast.insider, document)  # the same person signs in anew: another session
    assert again.post(address.format(stolen)).status_code == 404
    assert other.post(f"/read/{document.uid}/ticket/1/", {"reading": reading.uid}).status_code == 404


def test_the_pages_that_were_judged_are_shut_with_the_decision(house, cast):
    upload = factories.uploaded(cast.drafter)
    document = factories.registered(cast, uploads=(upload,), proposed=factories.proposed(scope=factories.scope_of("niezx")))
    from mifeng.base import jobs  # the conversion of the file

    jobs.run_all()
    approval = Approval.objects.get(item_key=document.item_key)
    session = house.sit(cast.dept_head)
    reading, _file = viewing.open_document(cast.dept_head, session, document.uid)
    viewing.open_page(cast.dept_head, session, reading, 1)
    approvals.approve(cast.dept_head, approval, "同意")
    with pytest.raises(Refused):
        viewing.open_page(cast.dept_head, session, reading, 1)


def test_a_file_that_was_replaced_is_shown_no_more(house, cast):
    """The wrong file went up: whoever has it open on his screen turns no further page of it."""
    proposed = factories.proposed(scope=factories.scope_of("niezx", "gexy"))
    document = factories.registered(cast, uploads=(factories.uploaded(cast.drafter),), proposed=proposed)
    from mifeng.base import jobs  # the conversion of the file

    jobs.run_all()
    session = house.sit(cast.insider)
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    viewing.open_page(cast.insider, session, reading, 1)
    documents.attach_version(cast.drafter, document, factories.uploaded(cast.drafter, factories.pdf("right")), "传错文件")
    reading.refresh_from_db()
    with pytest.raises((Refused, NotThere)):
        viewing.open_page(cast.insider, session, reading, 2)


# --------------------------------------------------------------------------------------------------------------- uploads


def test_whoever_has_not_signed_in_fills_no_disk(house, cast):
    from django.core.files.uploadedfile import SimpleUploadedFile  # what a browser sends

    client, own = Client(headers={"accept": "text/html"}), house.open_page_as(cast.drafter)

    def sent(by: Client, address: str, name: str) -> Any:
        return by.post(address, {"login": "x", "password": "x", name: SimpleUploadedFile("a.pdf", factories.pdf())})

    taken = []
    from mifeng.base import uploads  # whose spool is watched

    class Watched(uploads.Spooled):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            taken.append(self)

    real, uploads.Spooled = uploads.Spooled, Watched  # type: ignore[misc]
    try:
        for address in ("/account/login/", "/account/invitation/", "/account/language/", "/demo/"):
            sent(client, address, "file")
        assert taken == []
        assert sent(own, "/documents/uploads/", "file").status_code in (200, 422)  # 422: no antivirus on this machine
        assert len(taken) == 1
        sent(own, "/me/preferences/", "file")
    finally:
        uploads.Spooled = real  # type: ignore[misc]
    assert [file.spooled._sealed.closed for file in taken] == [True, True]


def test_the_file_of_somebody_else_is_not_attached_by_its_number(house, cast):
    theirs = factories.uploaded(cast.drafter)
    with pytest.raises((Refused, NotThere)):
        factories.registered(cast, owner=cast.insider, uploads=(theirs,))
    assert factories.registered(cast, uploads=(theirs,)).files.count() == 1


def test_looking_changes_nothing_but_what_looking_is(house, cast):
    """No change of state by GET: whatever a page is asked for, only deeds of reading follow."""
    from tests.house.test_second_company import routes  # every address of the URL table

    factories.readable(cast)
    seen = set()
    for person in (cast.gm, cast.clerk, cast.insider, cast.sysadmin, cast.secadmin, cast.auditor, cast.hr):
        client, size = house.open_page_as(person), len(house.log())
        for route in routes():
            if "<" not in route:
                client.get(route)
        seen |= {entry["act"] for entry in house.log()[size:]}
    assert len(seen) > 3
    assert {act for act in seen if not deeds.REGISTERED[act].reads} == set()
