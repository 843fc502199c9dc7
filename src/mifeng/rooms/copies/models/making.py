"""复制与印制: what was made under one approval, the copies that came of it, the marks in their sheets."""

import re
from typing import Any

from django.db import models

from mifeng.base import vault
from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.copies.models.ledger import Copy
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person


class Reproduction(SealedRow, CodedRow):
    """A line of F05: one approval carried out, from the first copy made to the last sheet of waste.

    `source`: the copy it was made from, None = the first print. `pages` as one writes them. `waste`: sheets spoiled
    besides those of void copies. `until`: the last local day of the copies' use, None = they stay with their custodian.
    """

    STATE = ("reproduction", "id")
    CODED = (
        "uid", "document_id", "source_id", "approval_uid", "number", "act", "method", "pages", "count", "applicant_id", "approver_id",
        "operator_id", "made_at", "until", "waste", "stamped", "finished_at",
    )  # fmt: skip
    document = models.ForeignKey(Document, models.PROTECT, related_name="reproductions")
    source = models.ForeignKey(Copy, models.PROTECT, null=True, related_name="reproductions")
    approval_uid = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=24)  # 复密〔2026〕0001
    act = models.CharField(max_length=12)  # copy | first_print
    method = models.CharField(max_length=12)
    pages = models.CharField(max_length=200)
    count = models.IntegerField()  # copies granted
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateField(null=True)
    waste = models.IntegerField(default=0)
    stamped = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)
    purpose = SealedText()
    place = SealedText()  # where, on which machine
    waste_how = SealedText()

    class Meta:
        indexes = [models.Index(fields=["made_at", "id"], name="reproduction_by_day")]

    @property
    def item_key(self) -> str:
        return f"reproductions:{self.uid}"

    @property
    def serial(self) -> int:
        """Its place in the book of its year, from 1 on: the last figure of its number."""
        return int(re.findall(r"\d+", self.number)[-1])


class Reproduced(CodedRow):
    """One copy made: for whom, under which grant, whether its sheets were printed, how many were spoiled when it went void."""

    STATE = ("reproduction", "reproduction_id")
    CODED = ("reproduction_id", "copy_id", "grant_uid", "recipient_id", "printed_at", "spoiled")
    reproduction = models.ForeignKey(Reproduction, models.PROTECT, related_name="made")
    copy = models.OneToOneField(Copy, models.PROTECT, related_name="made_by")
    grant_uid = models.CharField(max_length=32)
    recipient = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    printed_at = models.DateTimeField(null=True)
    spoiled = models.IntegerField(null=True)


class Mark(SealedRow, CodedRow):
    """A mark that was drawn into pixels: its 48-bit id and for whom it was made are sealed. Never deleted."""

    COMPARTMENT = "marks"
    mark = SealedText()
    reader = SealedText()
    epoch = models.CharField(max_length=12)
    codec = models.IntegerField(default=1)
    edge = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def vault_field_key(self) -> Any:
        return vault.opened().register_key(self.COMPARTMENT)


class SheetMark(Mark):
    """The mark in the sheets of one printed copy."""

    STATE = ("reproduction", "reproduction_id")
    CODED = ("uid", "reproduction_id", "copy_id", "mark", "reader", "epoch", "codec", "edge", "at")
    reproduction = models.ForeignKey(Reproduction, models.PROTECT, related_name="marks")
    copy = models.OneToOneField(Copy, models.PROTECT, related_name="sheet_mark")


class CoverSheet(CodedRow):
    """红头首页: the first sheet that was set for one copy, once; `plain`: without the red head. It counts as no page."""

    STATE = ("reproduction", "reproduction_id")
    CODED = ("reproduction_id", "copy_id", "plain", "by_id", "at")
    reproduction = models.ForeignKey(Reproduction, models.PROTECT, related_name="covers")
    copy = models.OneToOneField(Copy, models.PROTECT, related_name="cover")
    plain = models.BooleanField(default=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
