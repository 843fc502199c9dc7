"""T4: one person brings so much in a day and no more; what he brought before, and what he typed, stays."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mifeng.clauses.parameters import Own, adopted
from mifeng.rooms.documents.models import Upload
from tests import factories
from tests.antivirus import CLEAN
from tests.house_fixtures import START
from tests.rooms.documents.test_registering_pages import TYPED


def file(kilobytes):
    text = "".join(f"line {n} of a plain paper\n" for n in range(kilobytes * 40))
    return SimpleUploadedFile("paper.txt", text.encode(), "text/plain")


@pytest.fixture
def one_megabyte(antivirus):
    """The company lets each bring one megabyte a day; a scanner finds nothing."""
    antivirus(CLEAN)
    with adopted([Own("T4", "upload_mb_a_day", START.date(), 1, "test")]):
        yield


def test_t4_beyond_the_day_s_share_a_file_is_not_taken_and_the_others_stay(house, cast, one_megabyte):
    client = house.open_page_as(cast.drafter)
    first = client.post("/documents/uploads/", {"file": file(700)})
    second = client.post("/documents/uploads/", {"file": file(700)})
    assert (first.status_code, second.status_code) == (200, 422)
    assert "今天上传已满 1 MB" in second.json()["text"]
    kept = Upload.objects.get(person=cast.drafter, state="accepted")
    assert kept.uid == first.json()["uid"]
    refused = Upload.objects.get(person=cast.drafter, state="rejected")
    assert (refused.code, refused.original) == ("too-much-today", "")


def test_t4_what_was_turned_away_does_not_count_and_others_have_their_own(house, cast, one_megabyte):
    client = house.open_page_as(cast.drafter)
    assert client.post("/documents/uploads/", {"file": file(1200)}).status_code == 422
    assert client.post("/documents/uploads/", {"file": file(300)}).status_code == 200
    assert house.open_page_as(cast.insider).post("/documents/uploads/", {"file": file(700)}).status_code == 200


def test_t4_the_next_day_begins_anew(house, cast, one_megabyte):
    client = house.open_page_as(cast.drafter)
    assert client.post("/documents/uploads/", {"file": file(700)}).status_code == 200
    with house.at(timedelta(days=1)):
        again = house.open_page_as(cast.drafter)
        assert again.post("/documents/uploads/", {"file": file(700)}).status_code == 200


def test_t4_what_was_typed_stays_on_the_form(house, cast, one_megabyte):
    client = house.open_page_as(cast.drafter)
    kept = client.post("/documents/uploads/", {"file": file(700)}).json()["uid"]
    answer = client.post("/documents/new/", TYPED | {"upload": kept, "files": file(700)})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert TYPED["title"] in text and kept in text and "今天上传已满" in text
    assert not factories.Approval.objects.exists()
