"""Tables of the room: occasions of reading, issues of marks, tickets of pages, receipts."""

from typing import Any

from django.db import models

from mifeng.base import vault
from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.rooms.documents.models import Document, DocumentFile
from mifeng.rooms.people.models import Person, Session


class Reading(models.Model):
    """One occasion of reading one file: whoever turns its pages in one sitting carries one mark."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    document = models.ForeignKey(Document, models.PROTECT, related_name="readings")
    file = models.ForeignKey(DocumentFile, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, related_name="+")  # whose pages may be turned now
    purpose = models.CharField(max_length=8, default="view")
    opened_at = models.DateTimeField()
    last_page_at = models.DateTimeField(null=True)
    farthest = models.IntegerField(default=0)


class MarkIssue(SealedRow, CodedRow):
    """An issued mark: the 48-bit id and for whom it was made are sealed; the row's code is in the entry. Never deleted."""

    COMPARTMENT = "marks"
    STATE = ("reading", "reading_id")
    CODED = ("reading_id", "mark", "reader", "epoch", "codec", "edge", "at")
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="issues")
    mark = SealedText()
    reader = SealedText()
    epoch = models.CharField(max_length=12)
    codec = models.IntegerField(default=1)
    edge = models.IntegerField(default=32)
    copy_number = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()

    def vault_field_key(self) -> Any:
        return vault.opened().register_key(self.COMPARTMENT)


class PageTicket(models.Model):
    """A one-time ticket for one page, stored hashed; bound to reading and page, good for 30 seconds."""

    token_hash = models.CharField(max_length=64, unique=True)
    reading = models.ForeignKey(Reading, models.CASCADE, related_name="+")
    page = models.IntegerField()
    until = models.DateTimeField()
    used = models.BooleanField(default=False)


class Receipt(models.Model):
    """已阅: somebody acknowledged the last page of a version."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    document = models.ForeignKey(Document, models.PROTECT, related_name="receipts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    version = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "person", "version"], name="receipt_once")]
