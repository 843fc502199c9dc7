"""A process killed between any two steps leaves every live row openable and nothing half-destroyed readable."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import mifeng.engines.vault
from mifeng.engines.vault import Orphans, Prepared, RootKey

from .conftest import House, build
from .dying import CONDEMNED, PAPER, ROOT

SOURCE = Path(mifeng.engines.vault.__file__).parents[3]
DAY = 86400.0


@pytest.fixture
def lived_in(tmp_path: Path) -> House:
    """Five live rows and a condemned document of three objects and a key."""
    house = build(tmp_path / "house", RootKey(ROOT))
    rows = [house.put(b"text", doc=PAPER) for _ in range(5)]
    for part in range(3):
        house.put(b"text", doc=CONDEMNED, part=part)
    house.fields(CONDEMNED)
    (house.home / "rows.txt").write_text("".join(f"{row.object_id.hex()}\n" for row in rows))
    house.keys.close()
    return house


def die(house: House, act: str, step: str) -> None:
    """Run the act in a process of its own and make sure that it died where it should."""
    path = os.pathsep.join([str(SOURCE), str(Path(__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-m", "vault.dying", str(house.home), act, step],
        env=os.environ | {"PYTHONPATH": path}, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    expected = 0 if step == "never" else -signal.SIGKILL
    assert done.returncode == expected, done.stderr.decode()


def rows(house: House) -> list[Prepared]:
    lines = (house.home / "rows.txt").read_text().split()
    return [Prepared(bytes.fromhex(line), 4, b"") for line in lines]


def unreadable_rows(house: House) -> list[Prepared]:
    return [row for row in rows(house) if not house.readable(row, doc=PAPER)]


def sweep(house: House) -> None:
    house.now += 10 * 365 * DAY
    known = [row.object_id for row in rows(house)] + [holding.object_id for holding in house.vault.holdings(CONDEMNED)]
    house.vault.sweep(house.vault.orphans(known, DAY), DAY)
    assert house.vault.orphans(known, DAY) == Orphans((), (), ())
    assert len(list(house.blobs.path.glob("*/*"))) + len(list(house.blobs.path.glob("*/.*"))) >= len(rows(house))
    assert [path for path in house.blobs.path.rglob("*") if path.suffix == ".part"] == []


@pytest.mark.parametrize(
    "step,slots,blobs,partial,row",
    [
        ("slot durable", 1, 0, 0, 0),
        ("partial written", 1, 0, 1, 0),
        ("renamed", 1, 1, 0, 0),
        ("blob durable", 1, 1, 0, 0),
        ("row written", 1, 1, 0, 1),
    ],
)
def test_killed_while_preparing(lived_in: House, step: str, slots: int, blobs: int, partial: int, row: int) -> None:
    house = lived_in
    before = len(house.keys.slot_ids()), len(list(house.blobs.names()))
    house.keys.close()
    die(house, "prepare", step)
    assert (len(house.keys.slot_ids()), len(list(house.blobs.names()))) == (before[0] + slots, before[1] + blobs)
    assert len([path for path in house.blobs.path.rglob("*") if path.suffix == ".part"]) == partial
    assert (len(rows(house)), unreadable_rows(house)) == (5 + row, [])
    sweep(house)
    assert (len(house.keys.slot_ids()), len(list(house.blobs.names()))) == (before[0] + row, before[1] + row)
    assert unreadable_rows(house) == []
    house.keys.close()


@pytest.mark.parametrize("step", ["slots deleted", "journal cut", "blobs deleted"])
def test_killed_while_shredding(lived_in: House, step: str) -> None:
    house = lived_in
    condemned = [(holding.object_id, holding.kind) for holding in house.vault.holdings(CONDEMNED)]
    objects = [Prepared(object_id, 4, b"") for object_id, kind in condemned if kind]
    assert sum(house.readable(made, doc=CONDEMNED, part=part) for made in objects for part in range(3)) == 3
    house.keys.close()
    die(house, "shred", step)
    assert unreadable_rows(house) == []
    assert not any(house.readable(made, doc=CONDEMNED, part=part) for made in objects for part in range(3))
    assert house.vault.holdings(CONDEMNED) == ()
    receipt = house.vault.shred(object_id for object_id, _ in condemned)
    assert {note.object_id for note in receipt.shredded} == {object_id for object_id, _ in condemned}
    assert {bytes.fromhex(name) for name in house.blobs.names()} == {row.object_id for row in rows(house)}
    assert unreadable_rows(house) == []
    house.keys.close()


@pytest.mark.parametrize("step", ["new key", "batch moved", "old key destroyed"])
def test_killed_while_rotating(lived_in: House, step: str) -> None:
    house = lived_in
    die(house, "rotate", step)
    assert unreadable_rows(house) == []
    assert house.readable(house.put(b"new", doc=PAPER), doc=PAPER)
    rotation = house.vault.rotate("20:YF")
    finished = "20:YF#3" if step == "old key destroyed" else "20:YF#2"
    assert [state.kek_id for state in house.vault.key_states()] == [rotation.kek_id] == [finished]
    assert unreadable_rows(house) == []
    house.keys.close()


def test_acts_that_nobody_kills_run_to_their_end(lived_in: House) -> None:
    """Positive control: the helper does what its name says when it is left alone."""
    house = lived_in
    for act in ("prepare", "rewrap", "rotate", "shred"):
        die(house, act, "never")
    assert len(rows(house)) == 6
    assert unreadable_rows(house) == []
    assert {(holding.compartment) for holding in house.vault.holdings(PAPER)} == {"10:YF"}
    assert house.vault.holdings(CONDEMNED) == ()
    assert {state.kek_id for state in house.vault.key_states()} == {"10:YF#1", "20:YF#2"}
    house.keys.close()
