"""Copies, the lines of their ledgers, the places they lie in."""

from typing import Any

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.rooms.copies.facts import CopyFacts, Event, PlaceFacts, PlaceKind, State
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Department, Person

CODE_LENGTH = 16


def new_code() -> str:
    """What a label bears: 64 random bits as 16 hex characters, short enough for a small square."""
    return new_uid()[:CODE_LENGTH]


class Place(SealedRow, CodedRow):
    """存放位置: a cupboard or safe. What it is called is sealed: a list of safes is a map for thieves."""

    STATE = ("place", "id")
    CODED = ("uid", "code", "kind", "department_id", "since", "closed_on", "combination_on")
    code = models.CharField(max_length=16, unique=True)  # BX-01, on its door and in the registers
    kind = models.CharField(max_length=20)
    name = SealedText()
    room = SealedText()
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    label = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    since = models.DateField()
    closed_on = models.DateField(null=True)
    combination_on = models.DateField()  # last change of combination or lock

    @property
    def item_key(self) -> str:
        return f"places:{self.uid}"

    def facts(self) -> PlaceFacts:
        """The place as the rules see it."""
        return PlaceFacts(PlaceKind(self.kind), self.closed_on is None)


class PlaceHolder(CodedRow):
    """Who knows the combination or has a key of a place, from when to when (until None = still).

    `replaced_on`: the day on which the combination was changed that he knew when he ceased to hold it.
    """

    STATE = ("place", "place_id")
    CODED = ("place_id", "person_id", "since", "until", "replaced_on")
    place = models.ForeignKey(Place, models.PROTECT, related_name="holders")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    replaced_on = models.DateField(null=True)


class PlaceOpening(SealedRow, CodedRow):
    """开柜记录: who opened a place when, and what for."""

    STATE = ("place", "place_id")
    CODED = ("uid", "place_id", "person_id", "at")
    place = models.ForeignKey(Place, models.PROTECT, related_name="openings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = SealedText()


STANDS = ("state", "custodian_id", "holder_id", "place_id", "pages", "due_at", "level")


class Standing(models.Model):
    """Where a copy stands: what a line of its ledger leaves behind, and so what the copy's own row repeats.

    `level` is the one that its sheets bear; the item's may have changed since (改标志 is a task then).
    """

    state = models.CharField(max_length=12)
    custodian = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # No index of its own: SQLite took it before copy_of_holder, and walked all that a clerk has ever held.
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    pages = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)  # instant at which it is to be back; end exclusive
    level = models.IntegerField()

    class Meta:
        abstract = True

    def standing(self) -> dict[str, Any]:
        """The columns of STANDS."""
        return {name: getattr(self, name) for name in STANDS}


class Copy(Standing, CodedRow):
    """份: one numbered copy. Its row is the last line of its ledger; nothing writes it but `_ledger.move`.

    `n`: 份号 of the item, from 1 (or as the issuer gave it: `given`); `rep` > 0: reproduction 复01 … of the copy `n`.
    """

    STATE = ("copy", "id")
    CODED = ("uid", "code", "document_id", "n", "rep", "given", "moves", *STANDS)
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)  # on its label
    document = models.ForeignKey(Document, models.PROTECT, related_name="numbered_copies")
    n = models.IntegerField()
    rep = models.IntegerField(default=0)
    given = models.BooleanField(default=False)
    moves = models.IntegerField(default=0)  # lines of its ledger

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "n", "rep"], name="copy_number_once")]
        indexes = [
            models.Index(fields=["custodian", "state", "id"], name="copy_of_custodian"),
            models.Index(fields=["holder", "state", "id"], name="copy_of_holder"),
            models.Index(fields=["state", "due_at"], name="copy_due"),
            models.Index(fields=["place", "id"], name="copy_in_place"),
            models.Index(fields=["custodian", "state", "id"], condition=models.Q(place=None), name="copy_unplaced"),
        ]

    @property
    def item_key(self) -> str:
        return f"copies:{self.uid}"

    @property
    def number(self) -> str:
        """份号 as on the sheets: 000003, a reproduction 000003复01."""
        return f"{self.n:06d}" + (f"复{self.rep:02d}" if self.rep else "")

    def facts(self) -> CopyFacts:
        """The copy as the rules see it."""
        return CopyFacts(
            level=self.document.level, state=State(self.state), rep=self.rep, custodian=self.custodian_id,
            holder=self.holder_id, pages=self.pages, placed=self.place_id is not None, has_due=self.due_at is not None,
        )  # fmt: skip


class Movement(Standing, CodedRow):
    """A line of a copy's ledger: what happened, who recorded it, who gave and who took, and where the copy stands since.

    `signer` signs for it on his own screen (`signed_at`); `register_no` is its number in a customary register (借密…);
    `ref` the key of the row of that register; `corrects` the line that a correction or a take-back speaks of.
    """

    STATE = ("copy", "copy_id")
    CODED = (
        "uid", "copy_id", "no", "event", "at", "by_id", "signer_id", "signed_at", "register_no", "ref", "approval_uid",
        "corrects_id", *STANDS,
    )  # fmt: skip
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="ledger")
    no = models.IntegerField()  # 1, 2, 3 … of this copy
    event = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    signer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    register_no = models.CharField(max_length=24, blank=True)
    ref = models.CharField(max_length=64, blank=True)
    approval_uid = models.CharField(max_length=32, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    outside = SealedText()  # the outsider, the meeting, the destination
    note = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "no"], name="movement_once")]
        indexes = [
            models.Index(fields=["event", "at"], name="movement_of_event"),
            models.Index(fields=["signer", "signed_at"], name="movement_to_sign"),
        ]

    def vault_field_key(self) -> Any:
        return self.copy.document.vault_field_key()

    @property
    def word(self) -> Event:
        return Event(self.event)
