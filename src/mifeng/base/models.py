"""Tables of the house itself: log index, numbers, jobs, notices. The log's own tables are the log engine's DDL."""

from django.db import models

from mifeng.base import rows  # noqa: F401 - before the first table: it gives all of them their manager
from mifeng.base.fields import SealedRow, SealedText, new_uid


class LogIndex(models.Model):
    """Who did what to which object, by sequence number: derived from the log, for finding entries, never for proof."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=32, blank=True)
    act = models.CharField(max_length=64)
    obj = models.CharField(max_length=64, blank=True)
    out = models.CharField(max_length=8)
    why = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["obj", "seq"], name="logindex_obj"),
            models.Index(fields=["actor", "seq"], name="logindex_actor"),
            models.Index(fields=["actor", "at", "act", "out"], name="logindex_own"),  # a desk counts one's own week
            models.Index(fields=["out", "at"], name="logindex_out"),
            models.Index(fields=["act", "obj"], name="logindex_deed"),  # when somebody came: among his entries, not all that were allowed
        ]


class Counter(models.Model):
    """The last number given out in a series and year."""

    series = models.CharField(max_length=24)
    year = models.IntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="counter_once")]


class Issued(SealedRow):
    """A number that was given out; a void one stays, with its reason."""

    series = models.CharField(max_length=24)
    year = models.IntegerField()
    n = models.IntegerField()
    void = models.BooleanField(default=False)
    void_reason = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year", "n"], name="issued_once")]


class Notice(models.Model):
    """One line on one desk. Carries a kind from a fixed list and an item key, never a title, level or name."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    person_key = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    item_key = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    dedupe = models.CharField(max_length=120, unique=True)

    class Meta:
        indexes = [models.Index(fields=["person_key", "seen_at"], name="notice_desk")]


class Job(models.Model):
    """Work that outlives a request: ids only, no secret text. Claimed by a lease, fenced by its token."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        DEAD = "dead"
        DROPPED = "dropped"

    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    kind = models.CharField(max_length=40)
    dedupe = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=120)
    person_key = models.BigIntegerField(null=True)
    run_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    step = models.CharField(max_length=40, blank=True)
    attempts = models.IntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    last_error_class = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)  # done, dead or given up

    class Meta:
        indexes = [models.Index(fields=["state", "run_at"], name="job_due")]
