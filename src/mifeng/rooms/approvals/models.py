"""Tables of the room: requests, the steps taken, who played which part, the grants that came out of them."""

import json
from typing import Any

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.approvals.facts import GrantFacts, Wanted
from mifeng.rooms.people.models import Department, Person


class Approval(SealedRow, CodedRow):
    """A request on its way through the matrix; keeps the edition it began under. `item_key` = room:uid."""

    STATE = ("approval", "id")
    CODED = (
        "uid", "matter", "act", "item_key", "level", "state", "steps", "step_no", "applicant_id", "department_id", "until",
        "payload", "case", "chair_id", "leader_id", "classifier_id", "site_department_id", "wanted", "granted", "decided_at",
        "matrix_version", "verbal_by_id",
    )  # fmt: skip
    matter = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    item_key = models.CharField(max_length=64)
    level = models.IntegerField()
    state = models.CharField(max_length=12)  # asked approved returned withdrawn lapsed revoked
    edition = models.CharField(max_length=64)
    steps = models.TextField()  # JSON: [["owning_dept_head"], ["deputy_gm", "gm"]]
    step_no = models.IntegerField(default=0)
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    case = models.CharField(max_length=16, blank=True)  # above_limit | officer: the column that replaced `any`
    chair = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    leader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    classifier = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    site_department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    matrix_version = models.IntegerField(default=0)  # of the table of approvals it began under; 0 = as shipped
    verbal_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # who gave leave by word (D2)
    purpose = SealedText()
    payload = SealedText()
    wanted = SealedText()
    granted = SealedText()  # what the approvers granted of it so far; never more than what is wanted
    number = models.CharField(max_length=24, blank=True)
    urgent = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ver = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="approval_open"),
                   models.Index(fields=["applicant", "state"], name="approval_of_applicant"),
                   models.Index(fields=["item_key", "state"], name="approval_item")]  # fmt: skip

    @property
    def steps_list(self) -> list[list[str]]:
        return json.loads(self.steps)

    @property
    def payload_data(self) -> dict[str, Any]:
        """What was asked for, as the matter's room wrote it."""
        return json.loads(self.payload or "{}")

    @property
    def granted_now(self) -> Wanted:
        """What stands: what was asked for, cut down by every approver who limited it."""
        return Wanted.of(json.loads(self.granted or self.wanted or "{}"))


class StepTaken(SealedRow, CodedRow):
    """One signature: which step, which post, who, for whom (代), what, why."""

    STATE = ("approval", "approval_id")
    CODED = ("approval_id", "no", "post", "person_id", "on_behalf_of_id", "decision", "at")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="taken")
    no = models.IntegerField()
    post = models.CharField(max_length=24)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=12)  # approved returned passed_over merged
    at = models.DateTimeField()
    note = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "no", "decision"], name="step_once")]


class Part(CodedRow):
    """Which part a person plays; roles that the act separates exclude each other by person, in the database.

    `concerned` is a part, too: the person the matter is about, who never decides it.
    """

    STATE = ("approval", "approval_id")
    CODED = ("approval_id", "role", "person_id", "separated")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    separated = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "person"], condition=models.Q(separated=True), name="part_separated"
            ),
            models.UniqueConstraint(fields=["approval", "role", "person"], name="part_once"),
        ]


class Grant(SealedRow, CodedRow):
    """准予: what an approval allows: one person, one executor post, one item, one act, so often, until then.

    `state` approved | revoked | lapsed; that it is used up or over is seen from `uses_left` and `until`. A `replaces`
    grant stands for uses that were spent on spoiled sheets.
    """

    STATE = ("grant", "id")
    CODED = (
        "approval_id", "item_key", "person_id", "act", "since", "until", "uses_left", "uses", "state", "pages", "level",
        "executor_post", "replaces_id",
    )  # fmt: skip
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="grants")
    item_key = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    act = models.CharField(max_length=24)
    level = models.IntegerField(default=0)
    executor_post = models.CharField(max_length=24, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    uses = models.IntegerField(default=1)
    uses_left = models.IntegerField(null=True)
    pages = models.TextField(blank=True)  # numbers, separated by a space
    state = models.CharField(max_length=12, default="approved")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements")
    reason = SealedText()
    ver = models.IntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(uses_left__gte=0), name="grant_uses")]
        indexes = [models.Index(fields=["person", "item_key", "act"], name="grant_of_person")]

    def facts(self) -> GrantFacts:
        """The grant as the rules see it."""
        return GrantFacts(
            item_key=self.item_key, act=self.act, state=self.state, uses_left=self.uses_left or 0, since=self.since,
            until=self.until, pages=frozenset(map(int, self.pages.split())),
        )  # fmt: skip


class MatrixVersion(SealedRow, CodedRow):
    """One edition of the table of approvals: proposed by the security administrator, decided by the GM, dated."""

    STATE = ("matrix", "id")
    CODED = ("no", "since", "digest", "decision", "proposed_by_id", "decided_by_id")
    no = models.IntegerField(null=True, unique=True)  # given at the decision
    since = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=12, blank=True)  # "" = waits for the GM | approved | refused
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = SealedText()
    note = SealedText()


class MatrixRow(CodedRow):
    """One cell of a version: act, column (a level, any, a case), steps as JSON, what it rests on."""

    STATE = ("matrix", "version_id")
    CODED = ("version_id", "act", "column", "steps", "basis")
    version = models.ForeignKey(MatrixVersion, models.PROTECT, related_name="rows")
    act = models.CharField(max_length=40)
    column = models.CharField(max_length=24)
    steps = models.TextField()
    basis = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "act", "column"], name="matrix_cell_once")]
