"""The company's own lines of the 保密事项一览表 (S7): rows verified once, then followed by the log."""

from collections.abc import Collection
from datetime import date

from mifeng.base import clock, moment, vault
from mifeng.base.snapshots import Snapshot
from mifeng.clauses import catalogue
from mifeng.clauses.catalogue import HARM_LEVEL, Line, Term
from mifeng.engines.access import Level
from mifeng.rooms.documents.models import CatalogueLine

APPROVED, RETURNED = "approved", "returned"
Told = tuple[date, Line]  # in force since


def _load(keys: Collection[int]) -> dict[int, Told]:
    rows = CatalogueLine.objects.filter(pk__in=list(keys), decision=APPROVED)
    return {row.pk: (row.since, _line(row)) for row in rows if row.since}


def _line(row: CatalogueLine) -> Line:
    harm = next(harm for harm, level in HARM_LEVEL.items() if level == row.level)
    return Line(
        row.code, "S7", "S7", "S7", row.title, row.title, (), row.level, Term("years", row.years), harm,
        standing=row.level < Level.TOP_SECRET,
    )  # fmt: skip


_LINES = Snapshot("catalogue", _load)


def in_force() -> tuple[Line, ...]:
    """The lines in force today, the newest version of each; none beside a sealed vault. Raises codes.Tampered."""
    return moment.kept("own lines", _in_force) if vault.is_open() else ()


def _in_force() -> tuple[Line, ...]:
    today = clock.today()
    newest = {line.id: line for _pk, (since, line) in sorted(_LINES.now().items()) if since <= today}
    return tuple(newest.values())


def version() -> int:
    """The version of the catalogue as it was last decided; the regulation's own is the first."""
    decided = CatalogueLine.objects.exclude(version=None).order_by("-version").values_list("version", flat=True).first()
    return decided or catalogue.catalogue().version


def waiting() -> list[CatalogueLine]:
    """Proposed and not decided yet, oldest first."""
    return list(CatalogueLine.objects.filter(decision="").select_related("proposed_by").order_by("pk"))
