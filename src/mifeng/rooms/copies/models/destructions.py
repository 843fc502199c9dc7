"""销毁清册: the copies that are destroyed together, paper by paper, who confirmed, approved, destroyed and watched."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.rooms.copies.models.ledger import Copy
from mifeng.rooms.copies.models.making import Mark
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.people.models import Department, Person


class Destruction(SealedRow, CodedRow):
    """One paper of a list for destruction. Kept for ever; what it says of the item (`what`) lies under the house's own key,
    so that it can be read when the item's content is gone.

    Who listed, confirmed, sealed, destroyed and watched stands alike in every paper of a list; `approval_uid` is the paper's own.
    `electronic`: the item's files go, too; `shredded_at`: their keys are destroyed. `number` is given when it is done.
    """

    STATE = ("destruction", "id")
    CODED = (
        "uid", "number", "document_id", "level", "department_id", "state", "by_id", "made_at", "method", "electronic",
        "archivist_id", "archived_at", "approval_uid", "carrier1_id", "carrier2_id", "bagged_at", "executor_id", "executed_at",
        "watcher1_id", "watcher2_id", "watched1_at", "watched2_at", "done_at", "shredded_at",
    )  # fmt: skip
    number = models.CharField(max_length=24, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    level = models.IntegerField()
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    what = SealedText()
    reason = SealedText()
    method = models.CharField(max_length=12)
    place = SealedText()
    electronic = models.BooleanField(default=False)
    archivist = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    archived_at = models.DateTimeField(null=True)
    approval_uid = models.CharField(max_length=32, blank=True)
    bags = SealedText()
    carrier1 = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    carrier2 = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    bagged_at = models.DateTimeField(null=True)
    executor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    executed_at = models.DateTimeField(null=True)
    watcher1 = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    watcher2 = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    watched1_at = models.DateTimeField(null=True)
    watched2_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["made_at", "id"], name="destruction_made"),
            models.Index(fields=["state", "id"], name="destruction_of_state"),
        ]

    @property
    def item_key(self) -> str:
        return f"destructions:{self.uid}"

    @property
    def list_uid(self) -> str:
        """The uid of the list on which it stands: its own where it is the only paper. Load `joined` with the row."""
        joined = getattr(self, "joined", None)
        return str(joined.batch) if joined else self.uid


class Joined(CodedRow):
    """A paper that stands on a list with others; whatever is struck off the list loses this row. A list of one paper has none."""

    STATE = ("destruction", "destruction_id")
    CODED = ("destruction_id", "batch")
    destruction = models.OneToOneField(Destruction, models.PROTECT, related_name="joined")
    batch = models.CharField(max_length=32, db_index=True)  # uid of the list


class DestructionLine(CodedRow):
    """A copy of the list, with its pages as they stood."""

    STATE = ("destruction", "destruction_id")
    CODED = ("destruction_id", "number", "at", "copy_id", "pages")
    destruction = models.ForeignKey(Destruction, models.PROTECT, related_name="lines")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="+")
    number = models.CharField(max_length=24, blank=True)  # of the list once it is done, as registers find their lines
    at = models.DateTimeField()  # when it was listed; once it is done, when that was
    pages = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["destruction", "copy"], name="destroyed_once_a_list")]
        indexes = [models.Index(fields=["at", "id"], name="destruction_line_at")]


class Evidence(CodedRow):
    """影像: a photograph of the destruction, by whoever destroyed or watched; its bytes lie in the vault under the upload."""

    STATE = ("destruction", "destruction_id")
    CODED = ("uid", "destruction_id", "upload_id", "by_id", "at")
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    destruction = models.ForeignKey(Destruction, models.PROTECT, related_name="evidence")
    upload = models.OneToOneField(Upload, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class EvidenceMark(Mark):
    """The mark in a photograph as it was shown to one person."""

    STATE = ("destruction", "destruction_id")
    CODED = ("uid", "destruction_id", "evidence_id", "mark", "reader", "epoch", "codec", "edge", "at")
    destruction = models.ForeignKey(Destruction, models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="marks")
