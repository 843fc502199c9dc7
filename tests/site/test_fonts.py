"""The company's own typefaces: taken where they are, shipped ones for the rest, refused at start when they cannot be drawn."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from mifeng.base import papers
from mifeng.engines.watermark.lettering import FONTS
from mifeng.site import checks, env
from mifeng.site.start import CannotStart


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_house: object) -> Path:
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, fonts=tmp_path))
    papers.faces.cache_clear()
    monkeypatch.setattr(papers, "faces", papers.faces.__wrapped__)
    return tmp_path


def test_own_faces_stand_in_for_the_shipped_ones_by_name(folder: Path) -> None:
    shutil.copy(FONTS / "NotoSansSC-Regular.ttf", folder / "fang.ttf")
    (folder / "readme.txt").write_text("x")
    faces = papers.faces()
    assert (faces.fang, faces.song) == (folder / "fang.ttf", FONTS / "NotoSerifSC-Regular.ttf")
    checks._readable(folder)


def test_a_face_that_cannot_be_drawn_stops_the_start_and_is_named(folder: Path) -> None:
    (folder / "kai.ttf").write_bytes(b"no font")
    with pytest.raises(CannotStart, match=r"kai\.ttf"):
        checks._readable(folder)
    with pytest.raises(CannotStart, match="MIFENG_FONTS"):
        checks._readable(folder / "nowhere")


def test_the_setting_is_a_folder() -> None:
    assert env.read({"MIFENG_FONTS": "/srv/fonts"}).fonts == Path("/srv/fonts")
    assert env.read({}).fonts is None
