"""An old ledger that is taken over: the file, how it is read, who decided, and what came of each copy."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.copies.models.ledger import Copy
from mifeng.rooms.documents.models import Upload
from mifeng.rooms.people.models import Person


class OldLedger(SealedRow, CodedRow):
    """台账补登. `state`: read (being mapped) | asked | running | done | refused | undone. `plan`: columns and defaults as JSON."""

    STATE = ("old_ledger", "id")
    CODED = ("uid", "upload_id", "person_id", "state", "plan", "decided_by_id", "decided_at")
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="read")
    plan = SealedText()
    entries = models.IntegerField(default=0)
    faults = models.IntegerField(default=0)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = SealedText()

    @property
    def item_key(self) -> str:
        return f"old_ledgers:{self.uid}"


class ImportedCopy(CodedRow):
    """A copy that came out of an old ledger: which row, under which blind key of number and 份号; its state afterwards."""

    STATE = ("old_ledger", "ledger_id")
    CODED = ("ledger_id", "row", "key", "copy_id", "moves", "undone")
    ledger = models.ForeignKey(OldLedger, models.PROTECT, related_name="copies")
    row = models.IntegerField()
    key = models.CharField(max_length=32)
    copy = models.OneToOneField(Copy, models.PROTECT, related_name="imported")
    moves = models.IntegerField()
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], condition=models.Q(undone=False), name="imported_once")]
