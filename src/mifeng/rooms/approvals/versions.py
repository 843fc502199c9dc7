"""The table of approvals as dated, versioned data: what is in force, what was, what a change would do.

Version 0 is the regulation's own file and needs no row; version 1 is the same, entered when the company is founded or
at its first change. A request keeps the steps and the version it began under.
"""

import json
from hashlib import sha256

from django.db.models import QuerySet

from mifeng.base import clock, codes
from mifeng.clauses import matrix
from mifeng.clauses.matrix import Steps
from mifeng.rooms.approvals import changes
from mifeng.rooms.approvals.changes import Cell, Change
from mifeng.rooms.approvals.models import Approval, MatrixRow, MatrixVersion

RUNNING = ("opinion", "asked", "approved", "executing")


def in_force() -> MatrixVersion | None:
    """The version in force now, verified; None while the file alone holds. Raises Tampered."""
    codes.verify("matrix", codes.objects("matrix"))
    return present()


def present() -> MatrixVersion | None:
    """The same as it stands in the tables, unverified: for showing, and for doctor beside a sealed vault."""
    found = MatrixVersion.objects.filter(decision="approved", since__lte=clock.now())
    return found.order_by("-no").first()


def number() -> int:
    """The number of the version in force; 0 = the file."""
    version = in_force()
    return version.no or 0 if version else 0


def table_of(version: MatrixVersion | None) -> dict[Cell, Steps]:
    """Every cell of a version: what its rows say, the file's for an act that is newer than the version."""
    told = version.rows.values_list("act", "column", "steps") if version else ()
    rows = {(act, column): tuple(map(tuple, json.loads(steps))) for act, column, steps in told}
    return {cell: rows.get(cell, steps) for cell, steps in changes.shipped().items()}


def steps(act: str, level: int | str, case: str = "") -> list[list[str]]:
    """The steps in force for an act and level, as `matrix.steps` has them. Empty = nobody can approve. Raises UnknownAct."""
    column = matrix.act(act).column(level, case)
    if column is None:
        return []
    version = in_force()
    row = version.rows.filter(act=act, column=column).first() if version else None
    return json.loads(row.steps) if row else matrix.steps(act, level, case)


def write(version: MatrixVersion, table: dict[Cell, Steps]) -> None:
    """The rows of a new version. Inside a deed."""
    for (act, column), found in table.items():
        text = json.dumps(found)
        MatrixRow.objects.create(version=version, act=act, column=column, steps=text, basis=matrix.act(act).basis)


def digest(table: dict[Cell, Steps]) -> str:
    """SHA-256 over the whole table, in one order."""
    return sha256(json.dumps(sorted((*cell, found) for cell, found in table.items())).encode()).hexdigest()


def before(version: MatrixVersion) -> dict[Cell, Steps]:
    """The table that this version replaces: the approved version before it, else the file."""
    earlier = MatrixVersion.objects.filter(decision="approved", pk__lt=version.pk)
    return table_of(earlier.order_by("-no").first())


def differences(version: MatrixVersion) -> list[Change]:
    """What a version changes against the one it replaces."""
    return changes.compared(before(version), table_of(version))


def overtaken(version: MatrixVersion) -> QuerySet[Approval]:
    """Running requests that began under an older version where this one asks for more: for the GM to revoke."""
    cells = {(change.act, change.column) for change in differences(version) if change.tightens}
    older = Approval.objects.filter(state__in=RUNNING, matrix_version__lt=version.no or 0)
    hit = [a.pk for a in older if (a.act, matrix.act(a.act).column(a.level, a.case)) in cells]
    return Approval.objects.filter(pk__in=hit).select_related("applicant").order_by("asked_at", "pk")
