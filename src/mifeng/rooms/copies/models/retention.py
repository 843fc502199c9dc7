"""保管期限: how long an archived copy is kept, apart from how long its item is secret."""

from django.db import models

from mifeng.base.codes import CodedRow
from mifeng.rooms.copies.models.ledger import Copy
from mifeng.rooms.people.models import Person


class Retention(CodedRow):
    """An archived copy is kept until this day (included); None = 永久."""

    STATE = ("retention", "id")
    CODED = ("copy_id", "years", "since", "until", "by_id")
    copy = models.OneToOneField(Copy, models.PROTECT, related_name="retention")
    years = models.IntegerField()  # 0 = for ever
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
