"""摘录: what was taken out of an item under an approval, and the item that it became."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person


class Excerpt(SealedRow, CodedRow):
    """A line of F06. `pages` as one writes them; `fingerprint`: SHA-256 of the text that was taken, hex, sealed."""

    STATE = ("excerpt", "id")
    CODED = (
        "uid", "document_id", "made_id", "approval_uid", "number", "pages", "level", "applicant_id", "approver_id", "executor_id",
        "made_at",
    )  # fmt: skip
    document = models.ForeignKey(Document, models.PROTECT, related_name="excerpts")
    made = models.OneToOneField(Document, models.PROTECT, related_name="excerpt_of")
    approval_uid = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=24)  # 摘密〔2026〕0001
    pages = models.CharField(max_length=200)
    level = models.IntegerField()  # of the source when it was taken
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    executor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    passage = SealedText()
    fingerprint = SealedText()
    purpose = SealedText()
    target = SealedText()  # for which paper
    notebook = SealedText()

    class Meta:
        indexes = [models.Index(fields=["made_at", "id"], name="excerpt_by_day")]

    @property
    def item_key(self) -> str:
        return f"excerpts:{self.uid}"
