"""What went wrong with a copy, as a draft that the office looks at: the room of incidents takes it from here."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.copies.models.ledger import Copy
from mifeng.rooms.people.models import Person


class IncidentDraft(SealedRow, CodedRow):
    """A neutral record, no finding: which copy, by which clause, what was seen, when, by whom. Never changed or deleted.

    `ref`: key of the row it came from (a carry-out, a stock-take); the same occasion is recorded once. The words stay
    readable when the item is destroyed, so they lie under the house's own key and name no title.
    """

    STATE = ("incident_draft", "id")
    CODED = ("uid", "copy_id", "clause", "ref", "at", "by_id", "taken_at")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="incident_drafts")
    clause = models.CharField(max_length=8)
    ref = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    why = SealedText()
    taken_at = models.DateTimeField(null=True)  # when the room of incidents opened a case for it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "clause", "ref"], name="incident_draft_once")]
        indexes = [models.Index(fields=["taken_at", "at"], name="incident_draft_waiting")]

    @property
    def item_key(self) -> str:
        return f"incidents:{self.uid}"
