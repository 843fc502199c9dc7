"""Each part of .ci/parts is not only there, it answers: its own tests would otherwise be skipped unseen."""

import subprocess
from pathlib import Path

import pytest

from tests.parts_plugin import PARTS

ROOT = Path(__file__).resolve().parents[2]


def answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.part("chromium")
def test_chromium_and_its_driver_are_of_one_version() -> None:
    browser, driver = answer("chromium", "--version"), answer("chromedriver", "--version")
    assert browser.split()[1].split(".")[0] == driver.split()[1].split(".")[0]


@pytest.mark.part("libreoffice")
def test_libreoffice_answers() -> None:
    assert "LibreOffice" in answer("soffice", "--version")


@pytest.mark.part("bubblewrap")
def test_bubblewrap_makes_a_sandbox_without_a_network() -> None:
    sandbox = ("bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
    inside = answer(*sandbox, "cat", "/proc/net/dev")
    names = {line.split(":")[0].strip() for line in inside.splitlines() if ":" in line}
    assert names == {"lo"}


@pytest.mark.part("clamd")
def test_clamd_answers() -> None:
    assert "ClamAV" in answer("clamd", "--version")


@pytest.mark.part("fonts")
def test_the_system_has_a_chinese_font() -> None:
    assert answer("fc-list", ":lang=zh-cn").strip() != ""


def test_every_listed_part_has_a_probe() -> None:
    lines = (ROOT / ".ci" / "parts").read_text("utf-8").splitlines()
    listed = {line for line in lines if line and not line.startswith("#")}
    assert {"chromium", "libreoffice", "bubblewrap", "clamd", "fonts"} <= listed <= PARTS.keys()
