"""Looks at desks (离室上锁抽查) and the slips of whoever gave everything back (清退单)."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText
from mifeng.rooms.people.models import Person


class DeskCheck(SealedRow, CodedRow):
    """One desk that was drawn for a look (C4.3). `locked`: None = not looked at yet; `rectify_by`: last day, for a finding."""

    STATE = ("desk", "id")
    CODED = ("uid", "person_id", "drawn_on", "by_id", "looked_at", "locked", "rectify_by", "rectified_at")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drawn_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    locked = models.BooleanField(null=True)
    where = SealedText()
    rectify_by = models.DateField(null=True)
    rectified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["rectified_at", "rectify_by"], name="desk_to_rectify")]

    @property
    def item_key(self) -> str:
        return f"desks:{self.uid}"

    @property
    def open_finding(self) -> bool:
        """A drawer stood open and nobody has said yet that this was put right."""
        return self.locked is False and self.rectified_at is None


class SignOff(CodedRow):
    """清退单: on that day this person held no copy and answered for none, as somebody else confirms (C5.1)."""

    STATE = ("sign_off", "id")
    CODED = ("person_id", "by_id", "at", "occasion")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    occasion = models.CharField(max_length=12)
