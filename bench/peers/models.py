"""One table three times: without history, under django-auditlog, under django-simple-history."""

from auditlog.registry import auditlog
from django.db import models
from simple_history.models import HistoricalRecords


class Work(models.Model):
    """The columns of the house's own job table."""

    uid = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=40)
    dedupe = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=120)
    person_key = models.BigIntegerField(null=True)
    run_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="due")
    step = models.CharField(max_length=40, blank=True)
    attempts = models.IntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    last_error_class = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


class Bare(Work):
    """Nothing but the row."""


class Audited(Work):
    """django-auditlog writes what changed, as JSON, into its own table."""


class Historied(Work):
    """django-simple-history writes a copy of the row into a table beside it."""

    history = HistoricalRecords()


auditlog.register(Audited)
