"""kill -9 in the middle of deeds: what was acknowledged is there, and log and registers say the same.

A child does deeds in a loop and tells through a pipe what has returned; it is killed at thirty-six random moments, each
time in the house that the last one left behind.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mifeng.rooms.documents.models import Change, Document
from mifeng.rooms.people.models import Appointment
from mifeng.rooms.viewing.models import MarkIssue, Reading
from mifeng.site import verification
from tests import factories

ROOT = Path(__file__).parents[2]
KILLS = 36


class Worker:
    """The process that forks the children, and what they have said."""

    MODULE = "tests.security.dying"

    def __init__(self, home: Path, keys: Path) -> None:
        environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.MODULE, str(home), str(keys)], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def heard(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        assert line, "the worker itself has died"
        return json.loads(line)

    def ask(self, line: str) -> None:
        """Have a child do this."""
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def whole_life(self, line: str) -> list[dict[str, Any]]:
        """What a child said from its birth to its own end."""
        self.ask(line)
        said = []
        while "dead" not in (words := self.heard()):
            said += [words] if "act" in words else []
        return said

    def life(self, turn: int | str, delay: float, deeds: int = 1) -> list[dict[str, Any]]:
        """One child, until its death `delay` seconds after so many deeds; what it acknowledged."""
        self.ask(str(turn))
        said, pid = [], None
        while pid is None or len(said) < deeds:
            words = self.heard()
            pid = words.get("child", pid)
            said += [words] if "act" in words else []
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        while "dead" not in (words := self.heard()):
            said.append(words)
        return said

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


@pytest.fixture
def worker(house, cast):
    """Started beside a house in which one secret paper can be read and its reader sits at his device."""
    factories.readable(cast)
    house.sit(cast.insider)
    connection.close()
    started = Worker(house.home, house.keys)
    yield started
    started.close()


def allowed(house: Any, act: str) -> list[dict[str, Any]]:
    return [entry for entry in house.log() if entry["act"] == act and entry["out"] == "allowed"]


def test_thirty_six_deaths_lose_nothing_that_was_acknowledged(house, cast, worker):
    before = {act: len(allowed(house, act)) for act in ("people:appoint", "documents:correct", "viewing:open_document")}
    there = Appointment.objects.count()
    connection.close()
    moments, said = random.Random(20260316), []
    for turn in range(KILLS):
        said += worker.life(turn, moments.uniform(0, 0.12))

    done = Counter(words["act"] for words in said)
    assert len(done) == 5 and sum(done.values()) > KILLS  # every kind of deed was interrupted and acknowledged

    # Nothing acknowledged is lost.
    notices = {document.item_key: document.number for document in Document.objects.filter(level=5)}
    for words in said:
        if words["act"] == "documents:register":
            assert notices[words["obj"]] == words["number"]
    numbers = set(Appointment.objects.values_list("number", flat=True))
    assert {words["number"] for words in said if words["act"] == "people:appoint"} <= numbers
    readings = set(Reading.objects.values_list("uid", flat=True))
    assert {words["reading"] for words in said if words["act"] == "viewing:open_document"} <= readings
    refused = [entry for entry in house.log() if entry["out"] == "refused" and entry["act"] == "people:appoint"]
    assert len(refused) >= done["refused"]

    # No act without its line, no line without its act.
    entries = [entry["obj"] for entry in allowed(house, "documents:register")]
    assert sorted(entries) == sorted(document.item_key for document in Document.objects.all())
    assert len(allowed(house, "documents:correct")) - before["documents:correct"] == Change.objects.filter(what="corrected").count()
    assert len(allowed(house, "people:appoint")) - before["people:appoint"] == Appointment.objects.count() - there
    opened = len(allowed(house, "viewing:open_document"))
    assert opened == Reading.objects.count() == MarkIssue.objects.count()
    # At most one deed a life was committed and not yet acknowledged when the end came.
    assert 0 <= len(entries) - 1 - done["documents:register"] <= KILLS

    # The house is what its log says: tree, codes, states, gapless numbers, every object of the vault.
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pending_entry")
        assert cursor.fetchone() == (0,)
    assert verification.run() == []


def test_the_house_goes_on_after_a_death(house, cast, worker):
    assert worker.life(0, 0.03)
    assert factories.registered(cast, title="下一件").state == "proposed"
    assert verification.run() == []
