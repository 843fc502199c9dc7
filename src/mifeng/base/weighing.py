"""A hidden item and an absent one cost the same work (P0.3): where nothing bears a uid, another row is weighed in its place."""

from typing import TypeVar

from django.db.models import Model, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mifeng.base.fields import new_uid

Row = TypeVar("Row", bound=Model)


def row_or_another(table: QuerySet[Row], uid: str) -> Row | None:
    """The row of this uid; else one drawn at random, by the same statement; None while the table is empty.

    Whoever asks compares the row's uid and refuses what he was not asked for, after having done the work of refusing it.
    At random: a row that somebody chose, as the newest one, could be made to cost more or less than a hidden one.
    """
    rows = table.order_by()
    mine = rows.filter(uid=uid).values("pk")[:1]
    drawn = rows.filter(uid__gt=new_uid()).order_by("uid").values("pk")[:1]
    newest = rows.order_by("-pk").values("pk")[:1]
    return rows.filter(pk=Coalesce(Subquery(mine), Subquery(drawn), Subquery(newest))).first()
