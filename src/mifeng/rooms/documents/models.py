"""Tables of the room: items, their files, their histories. Texts are sealed under each document's own key."""

import json
from typing import Any

from django.db import models

from mifeng.base import clock, codes, moment, vault
from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.engines.access import Item, Term
from mifeng.rooms.documents.facts import State
from mifeng.rooms.people.models import AudienceSet, Department, Person


class DocumentRow(models.Model):
    """A row with sealed texts that belong to one document: under that document's key, gone with it."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)

    class Meta:
        abstract = True

    def vault_field_key(self) -> Any:
        return self.document.vault_field_key()  # type: ignore[attr-defined]


LISTED = ("level", "live", "sealed", "frozen", "excl")


class Document(CodedRow):
    """An item: number and title sealed, everything a decision rests on coded. `aset` None = nobody (never when levelled)."""

    STATE = ("document", "id")
    CODED = (
        "uid", "compartment", "level", "proposed", "state", "department_id", "aset_id", "excl_id", "sealed", "frozen",
        "live", "no_copy", "expires_on", "owner_id", "drafter_id", "decider_id", "decider_rank",
    )  # fmt: skip
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    compartment = models.CharField(max_length=24)  # level:department at registration, rewrapped when it moves
    title = SealedText()
    number = SealedText()  # 发文字号, drawn at issue; empty before
    kind = models.CharField(max_length=12, default="paper")  # paper | notice | volume | state_secret
    origin = models.CharField(max_length=12, default="own")  # own | partner | state | taken_over
    level = models.IntegerField()
    proposed = models.BooleanField(default=False)
    state = models.CharField(max_length=16, default=State.PROPOSED)
    department = models.ForeignKey(Department, models.PROTECT, related_name="documents")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="owned_documents")
    drafter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    registered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    issued_on = models.DateField(null=True)
    pages = models.IntegerField(default=0)
    copies = models.IntegerField(default=0)
    volume = models.ForeignKey("self", models.PROTECT, null=True, related_name="papers")
    category = models.CharField(max_length=4, blank=True)
    line = models.CharField(max_length=24, blank=True)
    harm = models.CharField(max_length=12, blank=True)
    interest = SealedText()
    basis = SealedText()
    project = models.CharField(max_length=24, blank=True)
    remark = SealedText()
    override = SealedText()
    term_kind = models.CharField(max_length=12, blank=True)
    term_value = models.IntegerField(default=0)
    term_on = models.DateField(null=True)
    term_event = SealedText()
    term_start = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    aset = models.ForeignKey(AudienceSet, models.PROTECT, null=True, related_name="+")
    excl = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    sealed = models.BooleanField(default=False)
    frozen = models.BooleanField(default=False)
    live = models.BooleanField(default=True)
    no_copy = models.BooleanField(default=False)
    decider = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decider_rank = models.IntegerField(default=0)
    declassified_on = models.DateField(null=True)
    marked_from_level = models.IntegerField(null=True)  # the struck-out mark beside the new one
    struck_mark = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            # Both hold every column that the condition of a list looks at, so that a list reads no row it does not show.
            models.Index(fields=["-registered_at", "-id", "aset", *LISTED], name="document_newest"),
            models.Index(fields=["aset", "-registered_at", "-id", *LISTED], name="document_of_set"),
            models.Index(fields=["state", "expires_on"], name="document_expiry"),
            models.Index(
                fields=["department", "state", "expires_on"], condition=models.Q(live=True, sealed=False), name="document_review"
            ),
            models.Index(fields=["term_kind", "term_start"], name="document_open_ended"),
        ]

    @property
    def item_key(self) -> str:
        return f"documents:{self.uid}"

    @property
    def doc_id(self) -> bytes:
        """The vault's 16-byte id of this document."""
        return bytes.fromhex(self.uid)

    def vault_field_key(self) -> Any:
        """The document's own key: one deletion covers all its texts. Fetched once for a page that shows several of them."""
        return moment.kept(("document key", self.uid, self.compartment), self._fetched_key)

    def _fetched_key(self) -> Any:
        return vault.opened().document_key(self.doc_id, self.compartment)

    def facts(self) -> Item:
        """The item as the access engine sees it; its rows' codes are checked first. Raises Tampered."""
        codes.verify("document", [self.pk])
        return self.unchecked_facts()

    def unchecked_facts(self) -> Item:
        """The same without the check: for lists that verified all their rows at once."""
        return Item(
            id=self.pk, level=self.level, aset=self.aset_id or 0, live=int(self.live), frozen=int(self.frozen),
            sealed=int(self.sealed), excl=self.excl_id, dept=self.department_id, no_copy=int(self.no_copy), kind=0,
        )  # fmt: skip

    def term(self) -> Term | None:
        """The term; None when the item has none (内部 and 公开)."""
        if not self.term_kind:
            return None
        return Term(self.term_kind, value=self.term_value, on=self.term_on, event=self.term_event)

    def days_left(self) -> int | None:
        """Days until the term's last day; negative when it is over; None without a date."""
        return (self.expires_on - clock.today()).days if self.expires_on else None


class TermReview(DocumentRow, CodedRow):
    """长期的年度复核: what was decided of an item without an end, by whom, on which local day (P4.1)."""

    STATE = ("review", "document_id")
    CODED = ("document_id", "person_id", "on", "outcome")
    document = models.ForeignKey(Document, models.PROTECT, related_name="reviews")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField()
    outcome = models.CharField(max_length=12)  # keep | limit; one that was released is no secret any more
    approval_uid = models.CharField(max_length=32)


class Handler(CodedRow):
    """经办: who may see a sealed item while the embargo lasts."""

    STATE = ("document", "document_id")
    CODED = ("document_id", "person_id")
    document = models.ForeignKey(Document, models.PROTECT, related_name="handlers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["document", "person"], name="handler_of_item")]


class Concerned(CodedRow):
    """当事人: who is shut out of a sealed item, above every role."""

    STATE = ("document", "document_id")
    CODED = ("document_id", "person_id")
    document = models.ForeignKey(Document, models.PROTECT, related_name="concerned")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["document", "person"], name="concerned_of_item")]


WAITING = ("waiting", "converting")  # states of a file that a conversion may still end


class DocumentFile(DocumentRow, CodedRow):
    """A file of an item: original, rendition and text as objects of the vault; the original is never shown.

    Coded with its item: hung under another one, its pages would be shown to whoever may read that.
    """

    STATE = ("document", "document_id")
    CODED = ("uid", "document_id", "vault_doc", "version", "kind", "state", "scan", "original", "rendition", "text")
    document = models.ForeignKey(Document, models.PROTECT, related_name="files")
    vault_doc = models.CharField(max_length=32)  # the vault's document id of its objects: the upload's uid
    version = models.IntegerField(default=1)
    name = SealedText()
    note = SealedText()  # why it cannot be shown, fonts that were replaced
    kind = models.CharField(max_length=8)
    size = models.BigIntegerField()
    state = models.CharField(max_length=12, default="waiting")  # waiting | converting | ready | unviewable | replaced
    scan = models.CharField(max_length=12, default="unchecked")  # clean | unchecked | found
    scan_engine = models.CharField(max_length=80, blank=True)
    pages = models.IntegerField(default=0)
    original = models.CharField(max_length=32)
    rendition = models.CharField(max_length=32, blank=True)
    text = models.CharField(max_length=32, blank=True)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()


class PageText(models.Model):
    """A page of a file that holds no text of its own: what was recognised on it, or why nothing. Page 0: the whole file.

    What a recogniser read lies in the vault under a kind of its own: it is never taken for the file's text, never quoted.
    """

    file = models.ForeignKey(DocumentFile, models.PROTECT, related_name="page_texts")
    page = models.IntegerField()
    state = models.CharField(max_length=10, default="waiting")  # waiting | read | doubtful | none
    why = models.CharField(max_length=12, blank=True)  # of none: the engine's code, or many
    words = models.CharField(max_length=32, blank=True)  # the object: lines, confidence, place of each
    confidence = models.IntegerField(default=0)  # thousandths, the mean by signs

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "page"], name="page_text_once")]


class Change(DocumentRow):
    """密级、期限、范围的变更经过: one row a change, old and new beside each other, who decided and why.

    `approval_uid`: the request that decided it; of a change of the scheme the uid of that switch.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=16)  # registered | classified | level | term | scope | released | corrected …
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    before = SealedText()
    after = SealedText()
    reason = SealedText()
    number = models.CharField(max_length=24, blank=True)
    approval_uid = models.CharField(max_length=32, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at", "id"], name="change_by_day")]


class ScopeMember(DocumentRow):
    """A line of the present scope in words: whom it names, for what purpose, until when, who added it."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="members")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=40)
    purpose = SealedText()
    until = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)


class ScopePeriod(CodedRow):
    """From when to when an item pointed at an audience set: "who could know it on that day" is read from here."""

    STATE = ("scope", "document_id")
    CODED = ("document_id", "aset_id", "since", "until")
    document = models.ForeignKey(Document, models.PROTECT, related_name="scope_periods")
    aset = models.ForeignKey(AudienceSet, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class TeamMember(CodedRow):
    """专案人员: who may still see a frozen item (M7.1)."""

    STATE = ("document", "document_id")
    CODED = ("document_id", "person_id")
    document = models.ForeignKey(Document, models.PROTECT, related_name="team")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["document", "person"], name="team_of_item")]


class Freeze(DocumentRow, CodedRow):
    """冻结: by whom and why, until when unless it is confirmed, how it ended (M7.1)."""

    STATE = ("freeze", "document_id")
    CODED = ("document_id", "by_id", "at", "until", "confirmed_at", "ended_at")
    document = models.ForeignKey(Document, models.PROTECT, related_name="freezes")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = SealedText()


class Custody(DocumentRow, CodedRow):
    """专人保管: the chain of a sole custody. In force once whoever takes it over has signed, too (G4.1)."""

    STATE = ("custody", "document_id")
    CODED = ("document_id", "giver_id", "taker_id", "offered_at", "accepted_at", "ended_at", "opening_id")
    document = models.ForeignKey(Document, models.PROTECT, related_name="custodies")
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # ended, or an offer that was taken back
    opening = models.ForeignKey("Opening", models.PROTECT, null=True, related_name="taken")
    reason = SealedText()


class Opening(SealedRow, CodedRow):
    """应急开柜: the general manager decided, two open and count, an interim custodian signs, the finding is reviewed."""

    COMPARTMENT = "house"
    STATE = ("opening", "id")
    CODED = (
        "uid", "holder_id", "decided_by_id", "decided_at", "office_id", "witness_id", "counted", "counted_at", "witnessed_at",
        "interim_id", "ended_at", "review_by", "reviewed_by_id", "reviewed_at",
    )  # fmt: skip
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    office = models.ForeignKey(Person, models.PROTECT, related_name="+")
    witness = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = SealedText()
    counted = models.IntegerField(null=True)
    seal = SealedText()  # number of the seal put on, and what was found
    counted_at = models.DateTimeField(null=True)
    witnessed_at = models.DateTimeField(null=True)
    interim = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    review_by = models.DateField()
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = SealedText()

    @property
    def item_key(self) -> str:
        return f"openings:{self.uid}"


class WallSide(CodedRow):
    """The side an item belongs to in a class of papers that must not be read together, as two bidders' (P1.1)."""

    STATE = ("document", "document_id")
    CODED = ("document_id", "class_name", "side")
    document = models.OneToOneField(Document, models.PROTECT, related_name="wall_side")
    class_name = models.CharField(max_length=40)  # one tender, one deal
    side = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["class_name", "side"], name="wall_side_of_group")]


class Wall(CodedRow):
    """Somebody learnt the contents of a paper of one side: from then on every other side of the class is closed to him."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "class_name", "side", "since")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    class_name = models.CharField(max_length=40)
    side = models.CharField(max_length=40)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "class_name", "side"], name="wall_once")]


SHELVES = 64  # of one item: a notice to all staff has thousands of knowers, and each new one meets those of his shelf


class Knower(DocumentRow, CodedRow):
    """知悉人员: the first time somebody knew, by which way.

    viewed, title, told (口头传达), mistaken (误知), approval (审批), drafted, custody (专人保管), handled (经办).
    Rows of an item lie on shelves, by person: each shelf is an object of its own, so that a row taken away is missed.
    """

    STATE = ("knower", "shelf")
    CODED = ("uid", "shelf", "document_id", "person_id", "way", "since", "by_id", "words")
    shelf = models.BigIntegerField(db_index=True, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="knowers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    way = models.CharField(max_length=12)
    since = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    words = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "person", "way"], name="knower_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.shelf = shelf(self.document_id, self.person_id)
        super().save(*args, **kwargs)


def shelf(document: int, person: int) -> int:
    """The shelf on which an item's rows about a person lie."""
    return document * SHELVES + person % SHELVES


class StandingDecision(DocumentRow, CodedRow):
    """系列定密: a catalogue line fixed by the GM for a series; version counts up with each change."""

    STATE = ("standing", "id")
    CODED = ("line", "version", "department_id", "level", "term_kind", "term_value", "since", "until", "decided_by_id")
    line = models.CharField(max_length=24)
    version = models.IntegerField(default=1)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    level = models.IntegerField()
    term_kind = models.CharField(max_length=12)
    term_value = models.IntegerField(default=0)
    since = models.DateField()
    until = models.DateField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def vault_field_key(self) -> Any:
        return vault.opened().register_key("house")


class SchemeSwitch(SealedRow, CodedRow):
    """切换密级方案: from which scheme to which, by which mapping, who proposed it and who decided (K1.0).

    `mapping`: JSON pairs of old and new rank, highest first. `since` None = not in force; the items are taken over first.
    """

    STATE = ("scheme", "id")
    CODED = ("uid", "before", "scheme", "mapping", "digest", "decision", "proposed_by_id", "decided_by_id", "decided_at", "since")
    before = models.CharField(max_length=24)
    scheme = models.CharField(max_length=24)
    mapping = models.TextField()
    digest = models.CharField(max_length=64)  # SHA-256 over the schemes and the mapping: what was signed
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = SealedText()
    decision = models.CharField(max_length=12, blank=True)  # "" = waits for the GM | approved | refused
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = SealedText()
    since = models.DateTimeField(null=True)

    @property
    def pairs(self) -> dict[int, int]:
        """Old rank -> new rank."""
        return dict(json.loads(self.mapping))

    @property
    def running(self) -> bool:
        """Decided, and items are still being taken over."""
        return self.decision == "approved" and self.since is None


class CatalogueLine(CodedRow):
    """A matter that the company itself put into the 保密事项一览表 (S7); of several rows of a code the newest decided counts."""

    STATE = ("catalogue", "id")
    CODED = ("uid", "code", "version", "title", "level", "years", "proposed_by_id", "decision", "decided_by_id", "since")
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    code = models.CharField(max_length=24)
    version = models.IntegerField(null=True)  # of the catalogue as a whole, once it is decided
    title = models.CharField(max_length=40)
    level = models.IntegerField()
    years = models.IntegerField()
    basis = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=8, blank=True)  # approved | returned
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateField(null=True)


class Upload(CodedRow):
    """A file that has arrived and waits for its registration: bytes sealed in the vault, name sealed, verdict noted.

    `uid` is the vault's document id of its objects, also after it was attached to an item.
    """

    STATE = ("upload", "id")
    CODED = ("uid", "person_id", "kind", "original", "state", "scan")
    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = SealedText()
    kind = models.CharField(max_length=8, blank=True)
    size = models.BigIntegerField(default=0)
    original = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=10)  # accepted | rejected | attached
    code = models.CharField(max_length=32, blank=True)
    reason = SealedText()
    scan = models.CharField(max_length=12, default="unchecked")
    scan_engine = models.CharField(max_length=80, blank=True)

    @property
    def item_key(self) -> str:
        return f"uploads:{self.uid}"

    def vault_field_key(self) -> Any:
        return vault.opened().register_key("uploads")
