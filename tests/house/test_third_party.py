"""THIRD_PARTY.md is what the generator writes, and no licence gets by that may not be carried."""

import importlib.util
import sys
from email.message import Message
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("third_party", ROOT / "tools" / "third_party.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["third_party"] = module  # dataclasses look their module up by its name
    spec.loader.exec_module(module)
    return module


def test_the_page_is_the_generated_one(tool: ModuleType) -> None:
    assert tool.PAGE.read_text("utf-8") == tool.page()


def test_every_locked_and_every_carried_part_is_named(tool: ModuleType) -> None:
    page = tool.PAGE.read_text("utf-8")
    pins = {name: version for lock in tool.KINDS.values() for name, version in tool.locked(lock).items()}
    assert len(pins) > 50
    assert [name for name, version in pins.items() if f"| {name} | {version} |" not in page] == []
    manifest = (ROOT / "vendor" / "MANIFEST").read_text("utf-8").splitlines()
    names = {line.split("  ")[2].rsplit("@", 1)[0] for line in manifest}
    assert {name for name in names if f"| {name} |" not in page} == set()


@pytest.mark.parametrize(
    "licence",
    ["GPL-3.0-only", "AGPL-3.0-or-later", "GPL", "MIT OR GPL-2.0-only", "Commercial", "", "MIT AND Beerware"],
)
def test_a_licence_that_may_not_be_carried_is_refused(tool: ModuleType, licence: str) -> None:
    with pytest.raises(tool.UnusableLicence):
        tool.judged("part", licence)


@pytest.mark.parametrize("licence", ["MIT", "LGPL-3.0", "MPL-2.0", "Apache-2.0 OR BSD-3-Clause", "BSD AND Zlib"])
def test_a_licence_that_may_be_carried_is_kept(tool: ModuleType, licence: str) -> None:
    assert tool.judged("part", licence) == licence


def test_the_expression_goes_before_the_field_and_the_field_before_the_classifiers(tool: ModuleType) -> None:
    fields = Message()
    fields["Classifier"] = "License :: OSI Approved :: BSD License"
    assert tool.licence_of(fields) == "BSD"
    fields["License"] = "Apache 2.0"
    assert tool.licence_of(fields) == "Apache-2.0"
    fields["License-Expression"] = "MIT"
    assert tool.licence_of(fields) == "MIT"


def test_the_texts_that_must_go_along_do() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert "SIL Open Font License" in (ROOT / "NOTICE").read_text("utf-8")
    assert (ROOT / "src" / "mifeng" / "engines" / "watermark" / "fonts" / "OFL.txt").is_file()
