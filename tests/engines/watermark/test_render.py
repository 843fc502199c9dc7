"""Raster workers: right pictures of good files, named refusals of bad ones, and a living pool afterwards."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from mifeng.engines.watermark import (
    NotEncodable,
    PageNotThere,
    PdfBroken,
    PdfEncrypted,
    PdfTooLarge,
    PoolClosed,
    RasterPool,
    RasterRefused,
    RasterTimeout,
    RasterWorkerLost,
    encode_jpeg,
    render,
)
from tests.engines.watermark.papers import endless, one_page, paper, raw_pdf

SOURCE = render.SOURCE


def test_pages_are_counted_and_rendered_at_the_resolution_asked_for(pool: RasterPool, pdf: bytes) -> None:
    assert pool.page_count(pdf) == 2
    assert pool.page(pdf, 1, 150).shape == (1754, 1241, 3)
    raster = pool.render(pdf, 2, 300)
    assert (raster.image.shape, raster.image.dtype, raster.dpi) == ((3508, 2481, 3), np.uint8, 300)


def test_colours_come_in_the_order_blue_green_red(pool: RasterPool) -> None:
    red = one_page("0 0 72 72", "/Contents 4 0 R", "<</Length 25>> stream\n1 0 0 rg 0 0 72 72 re f\nendstream")
    assert pool.page(red, 1, 72)[30, 30].tolist() == [0, 0, 255]


def test_a_drawing_too_large_for_the_resolution_is_rendered_lower_and_says_so(pool: RasterPool) -> None:
    raster = pool.render(one_page("0 0 6000 6000"), 1, 300)
    assert 70 < raster.dpi < 73
    assert 35e6 < raster.image.size / 3 <= 36e6


@pytest.mark.parametrize(
    ("pdf", "error"),
    [
        (b"", PdfBroken),
        (b"%PDF-1.7 and nothing else", PdfBroken),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), PdfBroken),
        (one_page("0 0 20000 100"), PdfTooLarge),
        (raw_pdf("<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count 2001/Kids[{'3 0 R ' * 2001}]>>",
                 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"), PdfTooLarge),
    ],
    ids=["empty", "cut off", "picture", "edge above 5 m", "2001 pages"],
)  # fmt: skip
def test_files_that_are_not_rendered_say_why(pdf: bytes, error: type[RasterRefused], pool: RasterPool) -> None:
    with pytest.raises(error):
        pool.page(pdf, 1)


def test_a_file_with_a_password_is_named_as_such(pool: RasterPool) -> None:
    with pytest.raises(PdfEncrypted):
        pool.page_count(paper(1, password="lock"))


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_outside_the_document_is_named_as_such(number: int, pool: RasterPool, pdf: bytes) -> None:
    with pytest.raises(PageNotThere):
        pool.page(pdf, number)
    assert pool.page(pdf, 2, 20).any()


def test_more_than_256_megabytes_are_not_even_sent(
    pool: RasterPool, monkeypatch: pytest.MonkeyPatch, pdf: bytes
) -> None:
    monkeypatch.setattr(render, "MOST_BYTES", 100)
    with pytest.raises(PdfTooLarge):
        pool.page_count(pdf)


def test_an_endless_page_is_cut_off_and_its_worker_replaced(pdf: bytes) -> None:
    with RasterPool(seconds=0.8) as pool:  # after 1.5 s such a page would reach the limit of memory
        pool.warm()
        assert pool.page_count(pdf) == 2
        first = worker_of(pool)
        began = time.monotonic()
        with pytest.raises(RasterTimeout):
            pool.page(endless(), 1)
        assert time.monotonic() - began < 3
        assert not Path(f"/proc/{first}").exists()
        assert pool.page(pdf, 1, 50).any()
        assert worker_of(pool) != first


def test_a_request_gets_its_whole_time_however_much_was_used_before_it() -> None:
    """A part of a second that was used already is not taken off the next request: it would be killed before its deadline."""
    told = "import resource, time\nfrom mifeng.engines.watermark import confine\nwhile time.process_time() < 0.6:\n    pass\n"
    told += "confine.limit_cpu(1)\nprint(resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert 1 <= float(done.stdout) <= 2


def worker_of(pool: RasterPool) -> int:
    worker = pool._free.queue[-1]
    assert worker is not None
    return worker.process.pid


def test_a_worker_that_died_is_replaced_without_anybody_noticing(pdf: bytes) -> None:
    with RasterPool() as pool:
        pool.warm()
        os.kill(worker_of(pool), 9)
        time.sleep(0.1)
        assert pool.page_count(pdf) == 2


def test_an_answer_that_lies_about_its_length_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pdf: bytes
) -> None:
    liar = tmp_path / "liar"
    liar.write_text("#!/bin/sh\nprintf '\\377\\377\\377\\377'\nexec cat >/dev/null\n")
    liar.chmod(0o700)
    with RasterPool() as pool:
        monkeypatch.setattr(sys, "executable", str(liar))
        with pytest.raises(RasterWorkerLost, match="at most"):
            pool.page_count(pdf)


def test_a_worker_gets_no_environment_but_path_and_language(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> None:
    seen: list[dict[str, str]] = []
    real = subprocess.Popen

    def spy(*args: object, **more: object) -> object:
        seen.append(dict(more["env"]))
        return real(*args, **more)

    monkeypatch.setenv("MIFENG_KEYS", "secret")
    monkeypatch.setattr(subprocess, "Popen", spy)
    with RasterPool() as pool:
        assert pool.page_count(pdf) == 2
    assert set().union(*seen) <= {"PATH", "LANG"}


def test_a_worker_is_renewed_after_its_share_of_pages(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> None:
    monkeypatch.setattr(render, "PAGES_A_WORKER", 1)
    with RasterPool() as pool:
        assert pool.page_count(pdf) == 2
        first = worker_of(pool)
        assert pool.page_count(pdf) == 2
        assert worker_of(pool) != first


def test_threads_share_a_pool(pool: RasterPool, pdf: bytes) -> None:
    shapes: list[tuple[int, ...]] = []
    threads = [threading.Thread(target=lambda: shapes.append(pool.page(pdf, 1, 40).shape)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shapes == [(468, 331, 3)] * 6


def test_a_closed_pool_says_so(pdf: bytes) -> None:
    pool = RasterPool()
    pool.close()
    with pytest.raises(PoolClosed):
        pool.page_count(pdf)


ESCAPES = """
import os, socket, sys
from mifeng.engines.watermark.confine import confine
confine()
def tried(act):
    try:
        act()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "allowed"
def grow():
    with open("/dev/shm/mifeng-" + str(os.getpid()), "wb", 0) as file:
        file.write(b"x")
print(tried(socket.socket), tried(os.fork), tried(lambda: os.execv("/bin/true", ["true"])), tried(grow),
      tried(lambda: bytearray(2_000_000_000)), 0 in os.getresuid())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's own")
def test_a_confined_process_has_no_network_no_children_no_files_no_memory_to_waste_and_no_root() -> None:
    done = subprocess.run([sys.executable, "-c", ESCAPES], cwd=SOURCE, capture_output=True, text=True, check=False)
    socket, fork, program, file, memory, root = done.stdout.split()
    assert (socket, program, memory, root) == ("PermissionError", "PermissionError", "MemoryError", "False")
    assert fork in ("PermissionError", "BlockingIOError")
    assert file == "OSError"


def test_jpeg_holds_pixels_and_nothing_else() -> None:
    data = encode_jpeg(np.full((64, 64, 3), 200, np.uint8))
    segments, at = [], 2
    while data[at + 1] != 0xDA:
        segments.append(data[at + 1])
        if data[at + 1] == 0xC0:
            assert [data[at + 11 + 3 * i] for i in range(3)] == [0x11, 0x11, 0x11], "4:4:4"
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    assert set(segments) == {0xE0, 0xDB, 0xC0, 0xC4}
    assert b"Exif" not in data


def test_a_picture_longer_than_jpeg_allows_is_refused() -> None:
    with pytest.raises(NotEncodable):
        encode_jpeg(np.zeros((65_501, 4), np.uint8))
    assert encode_jpeg(np.zeros((400, 4), np.uint8))[:2] == b"\xff\xd8"
