"""The locks: everything by hash, from wheels, naming no place; and the three of them agree."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock", "requirements-ocr.lock")
PINNED = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;]+)( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def faults(text: str) -> list[str]:
    """The lines a lock may not have, and the requirements without a hash."""
    found, open_requirement = [], ""
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            found += [line] if "://" in line else []
        elif HASH.match(line):
            open_requirement = ""
        elif open_requirement or not PINNED.match(line):
            found.append(open_requirement or line)
        else:
            open_requirement = line
    return found + ([open_requirement] if open_requirement else [])


def pins(lock: str) -> dict[str, str]:
    """Name -> version."""
    matches = (PINNED.match(line) for line in (ROOT / lock).read_text("utf-8").splitlines())
    return {match["name"]: match["version"] for match in matches if match}


def asked_for(file: str) -> set[str]:
    """The names of an .in file, as a lock spells them."""
    lines = [line.partition("#")[0].strip() for line in (ROOT / file).read_text("utf-8").splitlines()]
    names = [re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line and not line.startswith("-")]
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_a_version_and_hashes_and_no_line_is_anything_else(lock: str) -> None:
    assert faults((ROOT / lock).read_text("utf-8")) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_place_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert [word for word in ("://", "index", "find-links", "file:", " @ ") if word in text] == []


@pytest.mark.parametrize(
    "line",
    [
        "--extra-" + "index-url https://example.org/simple",
        "--find-links wheels",
        "django==5.2.19",
        "django>=5.2 \\\n    --hash=sha256:" + "0" * 64,
        "django @ https://example.org/django.whl \\\n    --hash=sha256:" + "0" * 64,
        "django==5.2.19 \\\n    --hash=md5:" + "0" * 32,
        "    # from https://example.org",
    ],
)
def test_a_lock_with_a_place_a_range_or_a_missing_hash_is_found_out(line: str) -> None:
    assert faults(line) != []


def test_every_other_lock_holds_all_of_production_in_the_same_versions() -> None:
    production = pins("requirements.lock")
    assert len(production) > 20
    for lock in LOCKS[1:]:
        theirs = pins(lock)
        assert {name: theirs.get(name) for name in production} == production


def test_what_is_asked_for_is_locked() -> None:
    for lock in LOCKS:
        assert asked_for(lock.replace(".lock", ".in")) - pins(lock).keys() == set()


def test_no_development_tool_reaches_production() -> None:
    assert asked_for("requirements-dev.in") & pins("requirements.lock").keys() == set()
