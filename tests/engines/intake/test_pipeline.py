from __future__ import annotations

import doctest
import hashlib
import importlib

import pytest

from mifeng.engines import intake
from mifeng.engines.intake import (
    Inspection,
    NoText,
    Rejected,
    Unviewable,
    capabilities,
    inspect,
    read_text,
    render,
)
from mifeng.engines.intake.kinds import KINDS

from . import samples


@pytest.mark.parametrize("module", ["", ".kinds", ".names"])
def test_the_examples_of_the_manual_run(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"mifeng.engines.intake{module}"))
    assert (outcome.failed, outcome.attempted > 0) == (0, True)


def test_an_inspection_holds_what_the_register_needs() -> None:
    stages: list[str] = []
    data = samples.pdf(pages=2)
    found = inspect(data, "C:\\scan\\计划\u202e.pdf", policy="off", stage=stages.append)
    assert isinstance(found, Inspection)
    assert (found.name.text, found.name.changed, found.kind.name, found.pages) == (
        "计划.pdf",
        ("path", "bidi"),
        "pdf",
        2,
    )
    assert (found.size, found.sha256, stages) == (len(data), hashlib.sha256(data).digest(), ["type"])


@pytest.mark.parametrize("kind", ["pdf", "png", "ofd"])
def test_no_content_makes_a_step_raise(kind: str) -> None:
    """Every refusal is a value: a job that raises would be tried again for nothing."""
    for data in (b"%PDF-1.4 %%EOF", b"PK\3\4" + bytes(range(256))):
        made, read = render(data, KINDS[kind]), read_text(data, KINDS[kind])
        assert isinstance(made, Unviewable) and made.reason.endswith("。")
        assert isinstance(read, NoText) and read.reason.endswith("。")
        assert isinstance(inspect(data, f"a.{kind}", policy="off"), Rejected)


def test_neither_reason_nor_progress_holds_the_name_or_a_word_of_the_content() -> None:
    stages: list[str] = []
    refusal = inspect(b"<html>canary</html>", "canary.docx", policy="off", stage=stages.append)
    assert isinstance(refusal, Rejected)
    assert "canary" not in refusal.sentence() + refusal.advice() + "".join(stages)


def test_each_part_of_the_machine_is_named_with_what_follows_without_it() -> None:
    parts = {part.name: part for part in capabilities()}
    assert next(iter(parts)) == "readers" and parts["readers"].present
    assert {"clamd", "bubblewrap", "seccomp", "cgroup", "libreoffice-writer", "libreoffice-calc", "fonts"} <= set(parts)
    assert all(part.consequence_zh.endswith("。") for part in parts.values() if not part.present)
    assert all(part.consequence_zh == "" for part in parts.values() if part.present)


def test_the_package_names_what_it_offers() -> None:
    assert [name for name in intake.__all__ if not hasattr(intake, name)] == []
