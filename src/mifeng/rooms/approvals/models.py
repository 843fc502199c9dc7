"""Tables of the room: requests, the steps taken, who played which part, the grants that came out of them."""

import json
from typing import Any

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.people.models import Department, Person


class Approval(SealedRow, CodedRow):
    """A request on its way through the matrix; keeps the edition it began under. `item_key` = room:uid."""

    STATE = ("approval", "id")
    CODED = (
        "uid", "matter", "act", "item_key", "level", "state", "steps", "step_no", "applicant_id", "department_id", "until",
        "payload",
    )  # fmt: skip
    matter = models.CharField(max_length=40)
    act = models.CharField(max_length=40)
    item_key = models.CharField(max_length=64)
    level = models.IntegerField()
    state = models.CharField(max_length=12)  # asked approved returned withdrawn lapsed revoked
    edition = models.CharField(max_length=64)
    steps = models.TextField()  # JSON: [["owning_dept_head"], ["deputy_gm", "gm"]]
    step_no = models.IntegerField(default=0)
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    purpose = SealedText()
    payload = SealedText()
    number = models.CharField(max_length=24, blank=True)
    urgent = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ver = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="approval_open"),
                   models.Index(fields=["item_key", "state"], name="approval_item")]  # fmt: skip

    @property
    def steps_list(self) -> list[list[str]]:
        return json.loads(self.steps)

    @property
    def payload_data(self) -> dict[str, Any]:
        """What was asked for, as the matter's room wrote it."""
        return json.loads(self.payload or "{}")


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
    """准予: what an approval allows: one person, one item, one act, so often, until then."""

    STATE = ("grant", "id")
    CODED = ("approval_id", "item_key", "person_id", "act", "since", "until", "uses_left", "state", "pages")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="grants")
    item_key = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    act = models.CharField(max_length=24)
    since = models.DateTimeField()
    until = models.DateTimeField()
    uses_left = models.IntegerField(null=True)
    pages = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, default="approved")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(uses_left__gte=0), name="grant_uses")]
        indexes = [models.Index(fields=["person", "item_key", "act"], name="grant_of_person")]
