"""Tables of the room: the lines of the customary books of circulation."""

from typing import Any

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.rooms.circulation.facts import Envelope, Handled, Inbox, LoanState, Origin, Sent, SlipState, Urgency, Via
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents.models import Document, DocumentRow
from mifeng.rooms.people.models import Person


class Incoming(SealedRow, CodedRow):
    """收文: an envelope that arrived at the counter, and what became of it; once registered, a line of F01.

    `marked`: the level that stands on it, 0 = none. `personal`: 亲启, the addressee opens it himself.
    """

    COMPARTMENT = "mail"
    STATE = ("incoming", "id")
    CODED = (
        "uid", "at", "by_id", "via", "origin", "marked", "personal", "addressee_id", "envelope", "state", "number",
        "document_id", "copy_numbers", "deadline", "handled_by_id", "handled_at",
    )  # fmt: skip
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    via = models.CharField(max_length=20)
    origin = models.CharField(max_length=8)
    marked = models.IntegerField(default=0)
    personal = models.BooleanField(default=False)
    addressee = models.ForeignKey(Person, models.PROTECT, related_name="+")
    envelope = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default=Inbox.ARRIVED)
    number = models.CharField(max_length=24, blank=True)  # 收密〔2026〕0001
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="arrivals")
    copy_numbers = models.CharField(max_length=200, blank=True)  # as registered: 000003、000004
    deadline = models.DateField(null=True)
    handled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    sender = SealedText()
    remark = SealedText()

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="incoming_of_state"),
            models.Index(fields=["document", "handled_at", "id"], name="incoming_of_item"),
            models.Index(fields=["handled_at", "id"], name="incoming_by_day"),
        ]

    @property
    def item_key(self) -> str:
        return f"receipts:{self.uid}"

    @property
    def route(self) -> Via:
        return Via(self.via)

    @property
    def source(self) -> Origin:
        return Origin(self.origin)

    @property
    def cover(self) -> Envelope:
        return Envelope(self.envelope)


class Amendment(SealedRow, CodedRow):
    """更正 of a line of a book: what stood there and what stands now; the line itself keeps what was first written (G4.4)."""

    COMPARTMENT = "mail"
    STATE = ("incoming", "incoming_id")
    CODED = ("uid", "incoming_id", "field", "by_id", "at")
    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="amendments")
    field = models.CharField(max_length=16)  # sender | deadline | return_on | remark
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = SealedText()
    after = SealedText()
    reason = SealedText()


class Particulars(CodedRow):
    """What stands beside the mark of a receipt: how urgent it is, its attachments, until when it goes back (local day)."""

    STATE = ("incoming", "incoming_id")
    CODED = ("incoming_id", "urgency", "attachments", "return_on")
    incoming = models.OneToOneField(Incoming, models.PROTECT, related_name="particulars")
    urgency = models.CharField(max_length=8, default=Urgency.PLAIN)
    attachments = models.IntegerField(default=0)
    return_on = models.DateField(null=True)


class Handling(SealedRow, CodedRow):
    """拟办, 批示 or 办结 of a receipt: who, when, what he wrote; a step is added and none is changed (F01).

    `to`: the leader to whom it is submitted, of a 批示 the person who handles it; `due_on`: 办结期限, local day. `answered_at`:
    when that person had done what the step asks of him. `taken_back_at`: within ten minutes, by its writer.
    """

    STATE = ("incoming", "incoming_id")
    CODED = ("uid", "incoming_id", "step", "by_id", "at", "to_id", "due_on", "answered_at", "taken_back_at")
    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="handlings")
    step = models.CharField(max_length=12)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    words = SealedText()

    class Meta:
        indexes = [
            models.Index(fields=["to", "answered_at", "id"], name="handling_waits_for"),
            models.Index(fields=["incoming", "id"], name="handling_of_receipt"),
        ]

    def vault_field_key(self) -> Any:
        document = self.incoming.document
        if document is None:
            raise ValueError("an arrival without an item has no steps")
        return document.vault_field_key()

    @property
    def word(self) -> Handled:
        return Handled(self.step)


class Slip(DocumentRow, CodedRow):
    """传阅单: an item that goes round, one reader after the other, as its list was approved. `n`: -传01 of the item.

    `copy` None = electronic: the readers open the marked pages. `clerk`: who sends it out and takes it in.
    """

    STATE = ("slip", "id")
    CODED = ("uid", "document_id", "n", "copy_id", "electronic", "approval_uid", "state", "asked_by_id", "clerk_id", "opened_at", "done_at")
    document = models.ForeignKey(Document, models.PROTECT, related_name="slips")
    n = models.IntegerField()
    copy = models.ForeignKey(Copy, models.PROTECT, null=True, related_name="slips")
    electronic = models.BooleanField(default=False)
    approval_uid = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=12, default=SlipState.ASKED)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    clerk = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "n"], name="slip_number_once")]
        indexes = [
            models.Index(fields=["state", "id"], name="slip_of_state"),
            models.Index(fields=["document", "asked_at", "id"], name="slip_of_item"),
            models.Index(fields=["asked_at", "id"], name="slip_by_day"),
        ]

    @property
    def item_key(self) -> str:
        return f"slips:{self.uid}"

    @property
    def mark(self) -> str:
        """Its number within the item: 传01."""
        return f"传{self.n:02d}"


class SlipLine(DocumentRow, CodedRow):
    """A reader on a slip: when it went to him, until when, when he had read it, when it came back, what he noted.

    `instruction`: his note is a 批示, from which the paper's filing is counted (D1). `skipped_at`: passed over, and why.
    """

    STATE = ("slip", "slip_id")
    CODED = ("uid", "slip_id", "no", "reader_id", "out_at", "due_at", "read_at", "in_at", "skipped_at", "instruction")
    slip = models.ForeignKey(Slip, models.PROTECT, related_name="lines")
    no = models.IntegerField()
    reader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    out_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    in_at = models.DateTimeField(null=True)
    taken_in_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    skipped_at = models.DateTimeField(null=True)
    instruction = models.BooleanField(default=False)
    opinion = SealedText()
    skipped = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slip", "no"], name="slip_line_once")]
        indexes = [models.Index(fields=["reader", "in_at", "out_at"], name="slip_line_of_reader")]

    def vault_field_key(self) -> Any:
        return self.slip.document.vault_field_key()

    @property
    def item_key(self) -> str:
        return f"slip_lines:{self.uid}"

    @property
    def waits(self) -> bool:
        """It is not with him yet."""
        return self.out_at is None and self.skipped_at is None

    @property
    def away(self) -> bool:
        """It is with him, or open to him, and he has not given it back."""
        return self.out_at is not None and self.in_at is None and self.skipped_at is None


class Loan(DocumentRow, CodedRow):
    """借阅: who asked for which paper, where it is read, when it went out and is due, when and how it came back."""

    STATE = ("loan", "id")
    CODED = (
        "uid", "document_id", "copy_id", "borrower_id", "approval_uid", "number", "state", "where", "lent_at", "due_at",
        "lender_id", "pages_out", "renewals", "back_at", "pages_in", "intact", "receiver_id",
    )  # fmt: skip
    document = models.ForeignKey(Document, models.PROTECT, related_name="loans")
    copy = models.ForeignKey(Copy, models.PROTECT, null=True, related_name="loans")
    borrower = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approval_uid = models.CharField(max_length=32, blank=True)
    number = models.CharField(max_length=24)  # 借密〔2026〕0001
    state = models.CharField(max_length=12, default=LoanState.ASKED)
    where = models.CharField(max_length=16)  # reading_room | own_site
    asked_at = models.DateTimeField()
    lent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # end exclusive
    lender = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    pages_out = models.IntegerField(default=0)
    renewals = models.IntegerField(default=0)
    back_at = models.DateTimeField(null=True)
    pages_in = models.IntegerField(null=True)
    intact = models.BooleanField(null=True)
    receiver = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    purpose = SealedText()
    note = SealedText()

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="loan_due"),
            models.Index(fields=["state", "id"], name="loan_of_state"),
            models.Index(fields=["borrower", "state"], name="loan_of_borrower"),
            models.Index(fields=["document", "asked_at", "id"], name="loan_of_item"),
            models.Index(fields=["asked_at", "id"], name="loan_by_day"),
        ]

    @property
    def item_key(self) -> str:
        return f"loans:{self.uid}"


class Filing(CodedRow):
    """归档入柜: a copy that has been read and noted, until when it must lie in its cupboard, or be kept out by name (D1)."""

    STATE = ("filing", "id")
    CODED = ("uid", "copy_id", "slip_id", "since", "due_at", "filed_at", "filed_by_id", "kept_until", "kept_by_id")
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="filings")
    slip = models.ForeignKey(Slip, models.PROTECT, null=True, related_name="filings")
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    kept_until = models.DateField(null=True)  # last local day of a recorded retention
    kept_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = SealedText()

    class Meta:
        indexes = [models.Index(fields=["filed_at", "due_at"], name="filing_open")]

    def vault_field_key(self) -> Any:
        return self.copy.document.vault_field_key()

    @property
    def item_key(self) -> str:
        return f"filings:{self.uid}"


class Dispatch(DocumentRow, CodedRow):
    """发文: copies of an item that went out together, how, and by whose hands. `return_on`: 清退期限, local day."""

    STATE = ("dispatch", "id")
    CODED = ("uid", "document_id", "number", "by_id", "at", "via", "carrier_id", "second_id", "return_on")
    document = models.ForeignKey(Document, models.PROTECT, related_name="dispatches")
    number = models.CharField(max_length=24)  # 发密〔2026〕0001
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    via = models.CharField(max_length=12)
    carrier = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    return_on = models.DateField(null=True)
    remark = SealedText()

    class Meta:
        indexes = [
            models.Index(fields=["document", "at", "id"], name="dispatch_of_item"),
            models.Index(fields=["at", "id"], name="dispatch_by_day"),
        ]

    @property
    def item_key(self) -> str:
        return f"dispatches:{self.uid}"

    @property
    def way(self) -> Sent:
        return Sent(self.via)


class DraftsSettled(SealedRow, CodedRow):
    """底稿处理 of a dispatch: filed or destroyed, how many sheets, where or how; `witness`: who saw them destroyed."""

    COMPARTMENT = "mail"
    STATE = ("dispatch", "dispatch_id")
    CODED = ("uid", "dispatch_id", "how", "sheets", "by_id", "witness_id", "at")
    dispatch = models.OneToOneField(Dispatch, models.PROTECT, related_name="drafts")
    how = models.CharField(max_length=12)
    sheets = models.IntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    witness = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = SealedText()


class Parcel(CodedRow):
    """A line of a dispatch: which copy for whom, under which envelope and seal, and how it arrived.

    `ended_at`: it came back undelivered, or its sending was taken back.
    """

    STATE = ("dispatch", "dispatch_id")
    CODED = ("uid", "dispatch_id", "copy_id", "recipient_id", "envelope", "seal", "delivered_at", "seal_found", "ended_at")
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="parcels")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="parcels")
    recipient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    envelope = models.CharField(max_length=40, blank=True)
    seal = models.CharField(max_length=40, blank=True)
    delivered_at = models.DateTimeField(null=True)
    seal_found = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "delivered_at"], name="parcel_to_come"),
            models.Index(fields=["dispatch"], condition=models.Q(delivered_at=None, ended_at=None), name="parcel_under_way"),
        ]

    @property
    def item_key(self) -> str:
        return f"parcels:{self.uid}"

    @property
    def under_way(self) -> bool:
        """It has left and has neither arrived nor come back."""
        return self.delivered_at is None and self.ended_at is None

    @property
    def seal_told(self) -> str:
        """The number of its seal, once it is not under way any more: whoever carries or expects it must read it on the seal (M2.2)."""
        return "" if self.under_way and self.dispatch.way is Sent.CARRIED else self.seal
