"""Scanned pages are read by their looks, behind the same walls as everything else, and never taken for text."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from mifeng.engines import intake
from mifeng.engines.intake import NoText, Recognised, limits, ocr, pipeline
from mifeng.engines.intake.ask import PACKAGE_ROOT

from . import samples
from .scans import regulation, right, scan, signs, stored, words
from .test_nothing_on_disk import holders

recogniser = pytest.mark.part("ocr")


def rendition(data: bytes, name: str) -> bytes:
    """Through the whole intake, as a file that somebody brings."""
    found = intake.inspect(data, name, policy="off")
    assert isinstance(found, intake.Inspection)
    read = intake.read_text(data, found.kind)
    assert isinstance(read, NoText) and read.code == "scan"
    shown = intake.render(data, found.kind)
    assert isinstance(shown, intake.Rendition)
    return shown.pdf


def read(pdf: bytes, page: int = 1) -> Recognised:
    found = intake.recognise(pdf, page)
    assert isinstance(found, Recognised)
    return found


@recogniser
def test_a_full_chinese_page_is_read_right() -> None:
    text = regulation(1150)
    pdf = stored(scan(text, share=1), "PDF")
    assert intake.scanned_pages(pdf) == (1,)
    found = read(pdf)
    assert right(words(found), text) >= 0.995
    assert not found.doubtful
    assert found.confidence > 970
    assert all(0 <= edge <= 1000 for line in found.lines for edge in line.box)
    assert [line.box[1] for line in found.lines] == sorted(line.box[1] for line in found.lines)


@recogniser
@pytest.mark.parametrize(("form", "name"), [("JPEG", "扫描.jpg"), ("TIFF", "扫描.tif"), ("PDF", "扫描.pdf")])
def test_a_scan_of_each_kind_is_read(form: str, name: str) -> None:
    text = "\n".join(samples.PASSAGE)
    assert right(words(read(rendition(stored(scan(text), form), name))), text) >= 0.97


@recogniser
def test_a_page_that_lies_wrong_is_turned() -> None:
    """By three quarters: it is set upright by one, stands on its head then, and is turned over."""
    text = regulation(260)
    assert right(words(read(stored(scan(text, turn=270), "PDF"))), text) >= 0.98


@recogniser
def test_what_nobody_could_read_is_told_as_doubtful() -> None:
    found = intake.recognise(stored(scan(regulation(260), noise=25, coarse=7), "PDF"), 1)
    assert isinstance(found, NoText) or found.doubtful


@recogniser
def test_an_empty_sheet_a_page_that_is_not_there_and_no_pdf_have_no_text() -> None:
    empty = stored(Image.new("L", (400, 560), 255), "PDF")
    assert intake.recognise(empty, 1) == NoText("文件里没有文字。", "empty")
    assert [intake.recognise(data, page).code for data, page in ((empty, 2), (b"%PDF-1.4 rubbish", 1))] == ["unread"] * 2


@recogniser
def test_a_page_beyond_its_time_has_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = stored(scan("\n".join(samples.PASSAGE)), "PDF")
    monkeypatch.setattr(pipeline, "RECOGNISER", limits.Bounds(wall=0.2))
    assert intake.recognise(pdf, 1).code == "too_costly"


LOCKED_IN = """
import json, os, sys
from mifeng.engines.intake import children, ocr, selftest
from mifeng.engines.intake.confine import confine
from mifeng.engines.intake.limits import RECOGNISER
ocr.prepare()
layers = confine(RECOGNISER, children.job_uid(), os.getppid(), ocr.settle)
told, _ = selftest.layers(b"", write_to=sys.argv[1])
print(json.dumps([layers, told["escaped"], told["uid"]]), flush=True)
sys.stdin.read()
"""


@recogniser
def test_every_thread_of_the_recogniser_stands_inside_the_walls(tmp_path: Path) -> None:
    """It starts some of its own when it is imported: one that began outside could open what the others cannot."""
    tmp_path.chmod(0o777)
    child = subprocess.Popen(
        [sys.executable, "-B", "-c", LOCKED_IN, str(tmp_path / "out")],
        env={"PYTHONPATH": PACKAGE_ROOT, "PATH": os.defpath}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None and child.stdin is not None
    layers, escaped, uid = json.loads(child.stdout.readline())
    threads = [status.read_text("ascii").splitlines() for status in Path(f"/proc/{child.pid}/task").glob("*/status")]
    child.communicate(timeout=10)
    assert escaped == ([] if "landlock" in layers else ["read"])
    assert list(tmp_path.iterdir()) == []
    assert threads
    for lines in threads:
        told = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        assert (told["Seccomp"], told["NoNewPrivs"]) == ("2", "1")
        assert set(told["Uid"].split()) == {str(uid)}


def test_a_process_with_a_second_thread_does_not_pretend_to_be_locked_in() -> None:
    script = LOCKED_IN.replace("ocr.prepare()", "import threading; threading.Thread(target=sys.stdin.read, daemon=True).start()")
    done = _with_open_stdin(script)
    assert done[0] != 0
    assert "threads" in done[1]


def _with_open_stdin(script: str) -> tuple[int, str]:
    """Run it with its standard input held open, so that the second thread lives."""
    child = subprocess.Popen(
        [sys.executable, "-B", "-c", script, "/tmp/none"], env={"PYTHONPATH": PACKAGE_ROOT, "PATH": os.defpath},
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stderr is not None and child.stdin is not None
    said = child.stderr.read()
    child.communicate(timeout=10)
    return child.returncode, said


@recogniser
def test_nothing_of_a_scan_reaches_a_disk() -> None:
    since, word = time.time(), "".join(secrets.choice("23456789") for _ in range(12))
    picture = stored(scan(f"{samples.PASSAGE[0]}\n{word}"), "PNG")
    pdf = rendition(picture, "扫描.png")
    assert word in signs(words(read(pdf)))
    assert holders(word, since, picture, pdf) == []


def test_without_the_extra_the_page_says_so_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None)
    assert not intake.can_recognise()
    missing = ocr.capability()
    assert (missing.name, missing.present, missing.command) == ("ocr", False, "./mifeng add ocr")
    pdf = rendition(stored(scan("\n".join(samples.PASSAGE)), "JPEG"), "扫描.jpg")
    assert intake.scanned_pages(pdf) == (1,)
    assert intake.recognise(pdf, 1) == NoText("这种格式没有读取文字的工具。", "no_reader")


def test_only_pages_that_are_pictures_without_text_are_scans() -> None:
    assert intake.scanned_pages(samples.pdf(pages=2)) == ()
    assert intake.read_text(samples.pdf(pages=2), intake.KINDS["pdf"]).scans == ()
    pictures = stored(Image.new("L", (120, 170), 250), "PDF")
    assert intake.read_text(pictures, intake.KINDS["pdf"]) == NoText("页面是图像,没有文字层;未作文字识别。", "scan", (1,))
    assert intake.scanned_pages(b"no pdf") == ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([["样机的减速比为一百零一比一", 990]], False),
        ([["样机的减速比为一百零一比一" * 5, 990], ["第三条", 400]], False),
        ([["样机的减速比为一百零一比一" * 2, 990], ["第三条", 899]], True),
        ([["龘靐齉爩鱻麤龗灪吁厵滟麣癵骉驫麷" * 2, 999]], True),
    ],
    ids=["sure", "one weak word", "too many weak signs", "no text"],
)
def test_a_page_is_doubtful_by_its_weak_lines_and_by_what_it_says(lines: list[list[object]], told: bool) -> None:
    assert ocr.doubtful(lines) is told
