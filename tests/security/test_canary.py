"""No secret lies in plain anywhere: what was planted in every place where secrets pass is found nowhere afterwards.

The house runs through its day: file, registration, classification, reading, refusals, crashes, sign-in. Then data folder,
key folder, temporary folder and log are searched for every planted text in every form in which it might lie. The same
search finds each of them in a control file.
"""

import base64
import logging
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pyotp
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mifeng.base import clock, deeds, jobs
from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import SavedPage
from mifeng.rooms.viewing.models import Reading
from tests import factories
from tests.antivirus import CLEAN
from tests.house_fixtures import PASSPHRASE, PASSWORD, contents

# Planted by hand, place -> text; tokens that the house itself draws are added on the way.
PLANTED = {
    "title": "雪豹衔枚计划七三一", "body": "canary-body-QX41", "file name": "雪鸮行程表七三二", "remark": "备注雪雁七三三",
    "interest": "利益雪貂七三四", "reason": "理由雪狐七三五", "search": "检索雪鹀七三六", "refused title": "被拒雪鼬七三七",
    "crash": "崩溃雪鹰七三八", "typed": "未存雪兔七三九", "briefing": "口传雪雀七四零", "mistake": "误知雪蚕七四一",
    "correction": "更正雪莲七四二", "password": "Neues-Kanarienvogel-2026",
    "scope purpose": "事由雪茶七四四", "appointment": "委托雪柳七四五", "rejected file": "被退雪梨七四六",
}  # fmt: skip


def forms(text: str) -> dict[str, bytes]:
    """Every form in which a text may lie in a file: four encodings, base64 at three offsets, hex, as in an address."""
    raw = text.encode()
    found = {
        "utf-8": raw, "utf-16-le": text.encode("utf-16-le"), "utf-16-be": text.encode("utf-16-be"),
        "gb18030": text.encode("gb18030"), "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode(),
        "address": quote(text).encode(), "json": text.encode("ascii", "backslashreplace"),
    }  # fmt: skip
    for offset in range(3):
        # The first signs mix with what stood before, the last with what follows: both are left out.
        coded = base64.b64encode(b"\0" * offset + raw)
        start, end = (0, 2, 3)[offset], len(coded) - (4 if (offset + len(raw)) % 3 else 0)
        found[f"base64 at {offset}"] = coded[start:end]
    return found


def hits(folders: list[Path], planted: dict[str, str]) -> set[tuple[str, str, str]]:
    """(place, form, file name) of whatever is found below the folders."""
    wanted = [(place, form, needle) for place, text in planted.items() for form, needle in forms(text).items()]
    found = set()
    for file, data in contents(folders):
        found |= {(place, form, file.name) for place, form, needle in wanted if needle in data}
    return found


@pytest.fixture
def folders(house, tmp_path, monkeypatch):
    """A temporary folder of its own for this process and its children, and a log file at the lowest level."""
    temporary, logs = tmp_path / "tmp", tmp_path / "logs"
    temporary.mkdir()
    logs.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    root = logging.getLogger()
    handler = logging.FileHandler(logs / "mifeng.log", encoding="utf-8")
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield [temporary, logs]
    root.setLevel(before)
    root.removeHandler(handler)
    handler.close()


def registered(client, cast):
    """A real PDF uploaded and the paper registered through the pages of the house."""
    pdf = factories.pdf(PLANTED["body"], "page two")
    file = SimpleUploadedFile(PLANTED["file name"] + ".pdf", pdf, content_type="application/pdf")
    upload = client.post("/documents/uploads/", {"file": file})
    assert upload.status_code == 200, upload.content.decode()
    answers = {
        "title": PLANTED["title"], "department": "YF", "owner": cast.drafter.uid, "category": "S2", "line": "plan_project",
        "harm": "harm", "interest": PLANTED["interest"], "term_kind": "years", "term_value": "5", "level": "10",
        "reason": PLANTED["reason"], "remark": PLANTED["remark"], "upload": upload.json()["uid"],
        "scope-0-who": cast.insider.login, "scope-0-purpose": PLANTED["scope purpose"], "scope-0-until": "",
    }  # fmt: skip
    made = client.post("/documents/new/", answers)
    assert made.status_code == 302, made.status_code
    document = Document.objects.get()
    assert document.title == PLANTED["title"]
    return document


def read_through(client, cast, document) -> str:
    """Both pages, by tickets; returns the last ticket."""
    client.get(f"/read/{document.uid}/")
    reading = Reading.objects.get(person=cast.insider)
    for page in (1, 2):
        ticket = client.post(f"/read/{document.uid}/ticket/{page}/", {"reading": reading.uid}).json()["ticket"]
        assert client.post(f"/read/{document.uid}/page/{ticket}/").content[:3] == b"\xff\xd8\xff"
    return ticket


def refusals(house, cast, drafter, outsider, document) -> None:
    """What was refused, returned, typed but not saved, and what broke."""
    bad = factories.proposed(scope=(), interest=PLANTED["refused title"])
    with pytest.raises(Refused):
        documents.register(cast.drafter, factories.new_document(cast.drafter, title=PLANTED["refused title"], proposed=bad))
    drafter.post("/documents/new/", {"title": PLANTED["refused title"], "category": PLANTED["refused title"]})
    exe = SimpleUploadedFile(PLANTED["rejected file"] + ".exe", b"MZ\x90\x00" + PLANTED["rejected file"].encode())
    assert drafter.post("/documents/uploads/", {"file": exe}).status_code == 422
    outsider.post("/search/", {"q": PLANTED["title"]})
    outsider.post("/search/", {"q": PLANTED["search"]})
    outsider.get(f"/documents/{document.uid}/")

    def crash():
        raise ValueError(PLANTED["crash"])

    with pytest.raises(ValueError):
        deeds._do("people:test_crash", cast.insider, document, crash)
    drafter.post(f"/documents/{PLANTED['crash']}/told/", {"place": PLANTED["crash"]})


def words(cast, document) -> None:
    """Every deed that takes a free text."""
    documents.record_briefing(cast.clerk, document, cast.insider, cast.drafter, PLANTED["briefing"])
    documents.record_mistake(cast.leaver, document, PLANTED["mistake"], pledged=True)
    documents.correct(cast.drafter, document, remark=PLANTED["correction"], reason=PLANTED["correction"])
    people.appoint(
        cast.office_head, cast.second_clerk, acts=("mail",), level_max=10, since=clock.today(), until=clock.today(),
        reason=PLANTED["appointment"],
    )  # fmt: skip


def drawn(house, cast) -> dict[str, str]:
    """Secrets that the house draws itself: second factor, one-time code, a changed password."""
    session = house.sit(cast.deputy)
    secret = people.begin_totp(cast.deputy)
    people.confirm_totp(cast.deputy, session, pyotp.TOTP(secret).at(clock.now()))
    enrolment, one = people.ask_reset(cast.sysadmin, cast.leaver, identity_checked=True)
    two = people.sign_reset(cast.secadmin, enrolment, identity_checked=True)
    people.use_code(None, cast.leaver.login, one, two, PLANTED["password"])
    return {"second factor": secret, "one-time code": one + two}


def test_what_was_planted_is_found_nowhere(house, cast, folders, antivirus, tmp_path):
    antivirus(CLEAN)
    drafter, reader, outsider = (house.open_page_as(person) for person in (cast.drafter, cast.insider, cast.outsider))
    planted = dict(PLANTED)
    document = registered(drafter, cast)
    factories.approve_all(document.item_key)
    jobs.run_all()
    document.refresh_from_db()
    assert (document.state, document.files.get().state) == ("valid", "ready")
    planted["ticket"] = read_through(reader, cast, document)
    refusals(house, cast, drafter, outsider, document)
    words(cast, document)
    planted |= drawn(house, cast)
    planted |= {f"cookie of {n}": c.cookies["mf_session"].value for n, c in enumerate((drafter, reader, outsider))}
    planted |= {"passphrase": PASSPHRASE, "password of the cast": PASSWORD}
    with house.at(timedelta(minutes=6)):
        drafter.post(f"/documents/{document.uid}/told/", {"place": PLANTED["typed"]})  # meets the lock
    assert PLANTED["typed"] in SavedPage.objects.get().typed or quote(PLANTED["typed"]) in SavedPage.objects.get().typed

    assert hits([*house.disk(), *folders], planted) == set()
    place = {"document": document.uid}
    assert hits(house.disk(), place) != set()  # this is where everything lies
    control = tmp_path / "tmp" / "control"
    control.write_bytes(b"\n".join(needle for text in planted.values() for needle in forms(text).values()))
    assert hits(folders, planted) == {(place, form, "control") for place, text in planted.items() for form in forms(text)}


def test_the_search_sees_a_text_at_every_offset_of_base64(tmp_path):
    for offset in range(4):
        (tmp_path / "coded").write_bytes(base64.b64encode(b"x" * offset + "雪豹衔枚计划七三一".encode() + b"yz"))
        assert {place for place, _form, _file in hits([tmp_path], {"title": "雪豹衔枚计划七三一"})} == {"title"}
