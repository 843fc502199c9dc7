from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mifeng.engines.intake import Inspection, children, inspect
from mifeng.engines.intake.ask import WorkerLost, ask
from mifeng.engines.intake.limits import MIB, READER

from . import samples


def test_locked_in_the_worker_can_do_nothing_but_compute(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    readable = tmp_path / "register.txt"
    readable.write_text("x", "utf-8")
    readable.chmod(0o644)
    told = ask("layers", b"canary", write_to=str(tmp_path / "out")).told
    # Kernels without Landlock still refuse to write; what everybody may read stays readable there.
    assert told["escaped"] == ([] if "landlock" in told["layers"] else ["read"])
    assert told["uid"] != 0 or os.geteuid() != 0
    assert list(tmp_path.iterdir()) == [readable]


def test_a_worker_out_of_memory_is_lost_and_the_next_one_works() -> None:
    with pytest.raises(WorkerLost) as lost:
        ask(
            "text",
            b"a" * 80_000_000,
            bounds=replace(READER, memory=200 * MIB),
            prepare={"kind": "txt"},
            kind="txt",
            encoding="",
            limits={},
        )
    assert lost.value.too_costly
    assert isinstance(inspect(samples.pdf(), "a.pdf", policy="off"), Inspection)


def test_a_worker_out_of_time_is_lost() -> None:
    with pytest.raises(WorkerLost) as lost:
        ask("layers", b"", bounds=replace(READER, wall=0.01))
    assert lost.value.cause == "time"


def test_of_a_failure_only_the_class_name_leaves() -> None:
    with pytest.raises(WorkerLost) as lost:
        ask("text", b"canary", prepare={"kind": "docx"}, kind="docx", encoding="", limits={"canary": 1})
    assert str(lost.value) == "TypeError"


def test_two_workers_at_once_do_not_meet() -> None:
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(inspect(samples.word(), "a.docx", policy="off"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(each) for each in found] == [Inspection] * 3


def test_memory_without_a_name_is_sealed() -> None:
    fd = children.memory_file(b"secret")
    try:
        assert os.read(fd, 100) == b"secret"
        with pytest.raises(OSError):
            os.write(fd, b"x")
    finally:
        os.close(fd)


def test_a_child_that_reads_nothing_and_says_nothing_is_ended() -> None:
    began = time.monotonic()
    ended = children.run(["/bin/sleep", "30"], environment={}, feed=b"x" * 1_000_000, wall=0.3, output=10)
    assert ended.timed_out and time.monotonic() - began < 2


def test_a_program_that_is_not_there_is_an_error() -> None:
    with pytest.raises(OSError):
        children.run(["/nowhere/program"], environment={}, wall=1, output=10)
