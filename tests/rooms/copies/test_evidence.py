"""影像 of a destruction (F10): photographs by those who were there, shown to whoever may read the list, marked."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mifeng.base import vault
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, sheets
from mifeng.rooms.copies.models import EvidenceMark
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import files, work
from mifeng.rooms.documents.models import Upload
from tests import holdings
from tests.rooms.copies.test_destroying import approved, destroyed, entrust


def photograph() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def brought(person: Any, data: bytes | None = None, name: str = "bag.jpg") -> Upload:
    uid = Upload._meta.get_field("uid").default()
    return documents.receive_file(person, uid, files.receive(data or photograph(), name, uid, demo=True))


def test_g4_5_who_destroyed_or_watched_adds_a_photograph_once_it_is_done(house, cast, refused):
    entrust(cast)
    made = approved(cast, holdings.entered(cast, 1))
    with pytest.raises(NotThere):  # he does not know of the list yet
        actions.add_evidence(cast.drafter, made.uid, brought(cast.drafter))
    actions.destroy(cast.second_clerk, made.uid, [cast.office_head, cast.insider])
    with refused("G4.5"):  # the lister was not there
        actions.add_evidence(cast.clerk, made.uid, brought(cast.clerk))
    with refused("G4.5"):  # somebody else's upload
        actions.add_evidence(cast.insider, made.uid, brought(cast.second_clerk))
    with refused("G4.5"):
        actions.add_evidence(cast.insider, made.uid, brought(cast.insider, b"no picture", "note.txt"))
    row = actions.add_evidence(cast.insider, made.uid, brought(cast.insider))
    row.upload.refresh_from_db()
    assert (row.upload.state, row.destruction, row.by) == ("attached", made, cast.insider)
    assert (house.last()["act"], house.last()["obj"]) == ("copies:add_evidence", made.document.item_key)
    with refused("G4.5"):  # once
        actions.add_evidence(cast.insider, made.uid, row.upload)


def test_a_photograph_is_shown_marked_to_whoever_may_read_the_list_and_to_nobody_else(house, cast):
    made = destroyed(cast, holdings.entered(cast, 1))
    row = actions.add_evidence(cast.insider, made.uid, brought(cast.insider))
    with pytest.raises(NotThere):
        actions.see_evidence(cast.outsider, made.uid, row.uid)
    with pytest.raises(NotThere):
        actions.see_evidence(cast.clerk, made.uid, "0" * 32)
    found, issue = actions.see_evidence(cast.clerk, made.uid, row.uid)
    mark = EvidenceMark.objects.get()
    assert (mark.mark, mark.evidence, cast.clerk.uid in mark.reader) == (f"{issue.mark:012x}", row, True)
    assert sheets.picture(found, issue)[:3] == b"\xff\xd8\xff"
    assert cast.clerk.name in issue.footer


def test_it_outlives_the_item_and_the_daily_sweep(house, cast):
    made = destroyed(cast, holdings.entered(cast, 1))
    row = actions.add_evidence(cast.insider, made.uid, brought(cast.insider))
    with house.at(factories_day(3)):
        work.drop_uploads()
        work.sweep()
        data = vault.opened().withdraw(bytes.fromhex(row.upload.original), doc_id=bytes.fromhex(row.upload.uid), version=1, part=0,
                                       kind=files.ORIGINAL)  # fmt: skip
    assert data == photograph()


def factories_day(days: int) -> Any:
    from datetime import timedelta

    return timedelta(days=days)


def test_the_page_takes_photographs_and_register_and_form_say_how_many(house, cast):
    made = destroyed(cast, holdings.entered(cast, 2))
    address = f"/copies/destructions/{made.uid}/"
    watcher, clerk = house.open_page_as(cast.insider), house.open_page_as(cast.clerk)
    assert 'value="evidence"' in watcher.get(address).content.decode()
    assert 'value="evidence"' not in clerk.get(address).content.decode()
    assert watcher.post(address, {"do": "evidence"}).status_code == 422
    sent = {"do": "evidence", "files": SimpleUploadedFile("bag.jpg", photograph(), "image/jpeg")}
    answer = watcher.post(address, sent)  # no antivirus looks at it in this house (I9.3)
    assert answer.status_code == 422 and "bag.jpg" in answer.content.decode()
    assert watcher.post(address, {"do": "evidence", "upload": brought(cast.insider).uid}).status_code == 302
    uid = made.evidence.get().uid
    answer = clerk.post(address, {"do": "picture", "picture": uid})
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/jpeg", "no-store")
    page = clerk.get("/registers/F10/")
    assert [str(line.cells[-1]) for line in page.context["lines"]] == ["1", "1"]
