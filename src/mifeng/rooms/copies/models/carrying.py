"""携带外出: one trip under one approval, and the copies that went along."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.copies.models.ledger import Copy
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person


class CarryOut(SealedRow, CodedRow):
    """A line of F07: who carries copies of one item where, until when; counted at the door, counted when they are back.

    `destination` is a kind of approvals' DESTINATION_WORDS, `place` its words. Instants UTC; `back_planned` exclusive.
    """

    STATE = ("carry_out", "id")
    CODED = (
        "uid", "document_id", "approval_uid", "number", "applicant_id", "approver_id", "bearer_id", "companion_id", "destination",
        "level", "out_planned", "back_planned", "out_at", "out_by_id", "back_at", "back_by_id",
    )  # fmt: skip
    document = models.ForeignKey(Document, models.PROTECT, related_name="carry_outs")
    approval_uid = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=24)  # 携密〔2026〕0001
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    bearer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    companion = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    destination = models.CharField(max_length=16)
    level = models.IntegerField()
    out_planned = models.DateTimeField()
    back_planned = models.DateTimeField()
    out_at = models.DateTimeField()
    out_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    back_at = models.DateTimeField(null=True)
    back_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    place = SealedText()
    purpose = SealedText()
    route = SealedText()
    measures = SealedText()  # codes of facts.Measure, separated by a space
    difference = SealedText()

    class Meta:
        indexes = [models.Index(fields=["out_at", "id"], name="carry_out_by_day")]

    @property
    def item_key(self) -> str:
        return f"carry_outs:{self.uid}"


class Carried(CodedRow):
    """A copy that went along: its pages at the door, and when it was back (None = not yet)."""

    STATE = ("carry_out", "carry_out_id")
    CODED = ("carry_out_id", "copy_id", "pages_out", "pages_back")
    carry_out = models.ForeignKey(CarryOut, models.PROTECT, related_name="carried")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="+")
    pages_out = models.IntegerField()
    pages_back = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carry_out", "copy"], name="carried_once")]
