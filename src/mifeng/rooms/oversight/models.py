"""Checkpoints: signed notes on the log's head; the table is the log engine's own. Words on the clock."""

from django.db import models

from mifeng.base.codes import CodedRow


class Bundle(models.Model):
    """An evidence bundle that was handed out: when, by whom, how many entries, the root it ends in."""

    at = models.DateTimeField()
    person_key = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)


class ClockWord(CodedRow):
    """Somebody has said that the machine's clock was right when it showed `shown`. Two such words confirm a date."""

    STATE = ("clock_word", "id")
    CODED = ("person_key", "posts", "shown", "spent")
    person_key = models.BigIntegerField()
    posts = models.CharField(max_length=120)  # those of his posts that may confirm, by commas
    shown = models.DateTimeField()
    spent = models.BooleanField(default=False)  # it has done its part in a confirmation
