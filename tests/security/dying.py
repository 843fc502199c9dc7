"""A process that does deeds until it is killed. For each line on stdin it forks a child that works in the house named.

    python -m tests.security.dying HOME KEYS

Says `child PID`, then one JSON line for each deed that has returned, and so is committed; everything else it was doing
when SIGKILL came nobody was told. Django is loaded once, before the forks, and no connection is open then.
"""

import itertools
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests import house_fixtures  # brings Django and the rooms up, once for all forks

# isort: split
from mifeng.base import clock, record, vault
from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Session
from mifeng.rooms.viewing import actions as viewing
from tests import factories
from tests.cast import Cast
from tests.house_fixtures import PASSPHRASE, START


def main(home: Path, keys: Path, work: Callable[[str], None]) -> None:
    """For each line a child that does `work` with it; tells who was forked and who has ended."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            house_fixtures.open_folders(home, keys)
            work(line.strip())
            os._exit(0)
        say({"child": pid})
        os.waitpid(pid, 0)
        say({"dead": pid})


def say(words: dict[str, Any]) -> None:
    """One write, so that lines of two processes never mix."""
    os.write(1, json.dumps(words).encode() + b"\n")


def round_and_round(turn: str) -> None:
    """Register, correct, appoint, be refused, read: round and round, each life beginning with another of them."""
    vault.unseal(PASSPHRASE)
    record.start()
    steps = (register, correct, appoint, refusal, read)
    with clock.played(START):
        for n in itertools.count(int(turn)):
            say(steps[n % len(steps)](Cast()))


def register(cast: Any) -> dict[str, Any]:
    everybody = (ScopeLine("all", ""),)
    told = {"category": "S8", "line": "notice", "scope": everybody, "term": TermFacts(), "reason": ""}
    paper = factories.new_document(cast.drafter, title="通知", proposed=factories.proposed(5, **told))
    document = documents.register(cast.drafter, paper)
    return {"act": "documents:register", "obj": document.item_key, "number": document.number}


def correct(cast: Any) -> dict[str, Any]:
    document = Document.objects.filter(level=5).last()
    documents.correct(cast.drafter, document, remark="补", reason="补注")
    return {"act": "documents:correct", "obj": document.item_key}


def entrusted(by: Any, to: Any) -> Any:
    day = date(2026, 3, 16)
    return people.appoint(by, to, acts=("mail",), level_max=5, since=day, until=day)


def appoint(cast: Any) -> dict[str, Any]:
    return {"act": "people:appoint", "number": entrusted(cast.office_head, cast.second_clerk).number}


def refusal(cast: Any) -> dict[str, Any]:
    try:
        entrusted(cast.outsider, cast.clerk)
    except Refused:
        return {"act": "refused"}
    raise AssertionError("anybody may appoint")


def read(cast: Any) -> dict[str, Any]:
    session = Session.objects.get(person=cast.insider, ended_at=None)
    reading, _file = viewing.open_document(cast.insider, session, Document.objects.get(level=20).uid)
    return {"act": "viewing:open_document", "reading": reading.uid}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), round_and_round)
