"""盘点、季度清理、年终清退清理: one sheet per custodian, a line per copy of his book, and what lay there besides."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.rooms.copies.models.ledger import Copy, Place
from mifeng.rooms.people.models import Department, Person


class Count(CodedRow):
    """One sheet: the copies of a custodian's book as it stood at the opening, each to be seen with one's own eyes.

    `kind`: stock | quarter | year. `place`: only what lies there. `second`: who signs it beside the counter (of a year's
    sheet any other department's secrecy officer). `number`: 盘〔2026〕0001, of a year 清〔2026〕YF, YF-2.
    """

    STATE = ("count", "id")
    CODED = (
        "uid", "kind", "number", "year", "by_id", "custodian_id", "department_id", "place_id", "second_id", "opened_at",
        "crossed_by_id", "crossed_at", "closed_by_id", "closed_at",
    )  # fmt: skip
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    kind = models.CharField(max_length=8)
    number = models.CharField(max_length=24)
    year = models.IntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    custodian = models.ForeignKey(Person, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    crossed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    crossed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "custodian", "closed_at"], name="count_of_custodian")]

    @property
    def item_key(self) -> str:
        return f"counts:{self.uid}"


class CountLine(SealedRow, CodedRow):
    """A copy of the sheet: where it should be, when and where it was seen, by whom; what becomes of it (`decision`)."""

    STATE = ("count_line", "id")
    CODED = (
        "uid", "count_id", "number", "at", "copy_id", "expected_place_id", "expected_holder_id", "seen_at", "seen_by_id", "seen_place_id",
        "decision", "decided_by_id", "decided_at",
    )  # fmt: skip
    count = models.ForeignKey(Count, models.PROTECT, related_name="lines")
    number = models.CharField(max_length=24)  # of the sheet, as registers find their lines
    at = models.DateTimeField()  # when the sheet was opened
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="+")
    expected_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    expected_holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    seen_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=8, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["count", "copy"], name="counted_once")]
        indexes = [models.Index(fields=["at", "id"], name="count_line_at")]


class CountStray(CodedRow):
    """A label that was scanned and is not of this sheet: a copy of another book, or none that the counter may know."""

    STATE = ("count_stray", "id")
    CODED = ("count_id", "code", "copy_id", "by_id", "at")
    count = models.ForeignKey(Count, models.PROTECT, related_name="strays")
    code = models.CharField(max_length=16)
    copy = models.ForeignKey(Copy, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["count", "code"], name="stray_once")]
