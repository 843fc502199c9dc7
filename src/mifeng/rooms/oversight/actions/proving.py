"""Deeds of reading and proving the log."""

import io
import time
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from mifeng.base import clock, deeds, record
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines import auditlog
from mifeng.engines.access import Decision
from mifeng.rooms.oversight import queries, signing
from mifeng.rooms.oversight.facts import Question
from mifeng.rooms.oversight.models import Bundle
from mifeng.rooms.people.models import Person


@dataclass(frozen=True)
class Proof:
    """What a verification found: entries, root in hex, findings (none = whole), when, and how long it took."""

    size: int
    root: str
    findings: list[str]
    at: datetime
    seconds: str


_last: list[Proof] = []  # of this process only: a claim is worth what was re-computed since the start


def last_proof() -> Proof | None:
    """The last verification since this process started; None when there was none."""
    return _last[-1] if _last else None


def _auditor(person: Person) -> None:
    if "auditor" not in person.posts():
        raise Refused(Decision.refuse("auditor_reads", "M1.2", "留痕由安全审计员查阅", knows=False))


@deed("oversight:search", reads=True)
def search_log(person: Person, question: Question, before: int | None = None) -> list[queries.Line]:
    """Ask the log; the question and the number of lines stand in the log, too."""
    _auditor(person)
    lines = queries.page(queries.found(question), before)
    deeds.note(counts={"lines": len(lines)}, question=question.__dict__)
    return lines


@deed("oversight:verify", reads=True)
def verify_log(person: Person) -> tuple[int, str, list[str]]:
    """Re-hash every entry and rebuild the tree: (entries, root in hex, findings)."""
    _auditor(person)
    began, frontier = time.monotonic(), ()
    entries = record.raw_entries()
    for seq, raw in enumerate(entries):
        frontier = auditlog.push(frontier, seq, auditlog.leaf(raw))
    size, root = record.head()
    whole = size == len(entries) and root == auditlog.root(frontier)
    deeds.note(counts={"entries": len(entries)})
    findings = [] if whole else [gettext_noop("树根与逐条重算的结果不符")]
    _last[:] = [Proof(size, root.hex(), findings, clock.now(), f"{time.monotonic() - began:.2f}")]
    return size, root.hex(), findings


@deed("oversight:export")
def export_bundle(person: Person) -> bytes:
    """The bundle that an outsider verifies with tools/verify_log.py: entries, a signed checkpoint, the public key."""
    _auditor(person)
    out, note = io.BytesIO(), signing.note()
    entries = record.raw_entries()
    size, root = record.head()
    auditlog.export_bundle(entries[:size], [*signing.kept_notes(size), note], signing.public_key() + "\n", out)
    Bundle.objects.create(at=clock.now(), person_key=person.pk, size=size, root=root.hex())
    deeds.note(counts={"entries": size})
    return out.getvalue()


@deed("oversight:open_entry", reads=True)
def open_entry(person: Person, seq: int) -> dict[str, object]:
    """One entry as it was recorded, its sealed part closed."""
    _auditor(person)
    found = record.entries(seq, seq + 1)
    if not found:
        raise NotThere
    deeds.note(counts={"entry": seq})
    return found[0][1]
