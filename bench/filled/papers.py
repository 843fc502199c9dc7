"""Papers like the company's own, each with its own key, number, files and lines of F08 and F09."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from filled import rows
from mifeng.base import clock
from mifeng.base.fields import new_uid
from mifeng.rooms.documents.facts import State
from mifeng.rooms.documents.models import Change, Document, DocumentFile

UNDECIDED = 0.002  # of the papers whose term is over


def enter(papers: list[Any], count: int, chance: random.Random) -> list[Any]:
    """So many, written in bulk and coded as a deed would."""
    made = [like(chance.choice(papers), chance) for _ in range(count)]
    rows.numbered(Document, made)
    rows.write(Document, made)
    rows.write(DocumentFile, rows.flat(files_of(paper) for paper in made))
    rows.write(Change, rows.flat(lines_of(paper) for paper in made))
    return made


def like(paper: Any, chance: random.Random) -> Any:
    """A paper like this one, registered on another day of ten years; released when its term was over, but for a few."""
    days = timedelta(days=chance.randrange(1, 3600), minutes=chance.randrange(1440))
    made = rows.like(paper, uid=new_uid(), registered_at=paper.registered_at - days)
    made.title, made.number = f"{paper.title} {days.days}", f"{paper.number[:-1]}-{days.days}号"
    if made.expires_on:
        made.expires_on += timedelta(days=chance.randrange(-3600, 3600))
        if made.expires_on < clock.today():
            _over(made, undecided=chance.random() < UNDECIDED)
    if made.term_start:
        made.term_start = clock.today() - timedelta(days=chance.randrange(1, 300))  # reviewed within the year
    made.source = paper
    return made


def _over(paper: Any, *, undecided: bool) -> None:
    if undecided:
        paper.expires_on, paper.state = clock.today() - timedelta(days=1), State.EXPIRED_REVIEW
        return
    paper.marked_from_level, paper.level, paper.state = paper.level, 5, State.DECLASSIFIED
    paper.declassified_on = paper.expires_on


def files_of(paper: Any) -> Iterator[Any]:
    """It has the pages of its original."""
    for file in paper.source.kept_files:
        made = rows.like(file, uid=new_uid(), document_id=paper.pk)
        made.document = paper
        yield made


def lines_of(paper: Any) -> Iterator[Any]:
    """Its lines of the registers F08 and F09, as old as it."""
    for line in paper.source.kept_lines:
        made = rows.like(line, uid=new_uid(), document_id=paper.pk, at=paper.registered_at)
        made.document = paper
        yield made
