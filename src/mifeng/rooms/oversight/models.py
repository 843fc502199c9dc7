"""Checkpoints: signed notes on the log's head; the table is the log engine's own."""

from django.db import models


class Bundle(models.Model):
    """An evidence bundle that was handed out: when, by whom, how many entries, the root it ends in."""

    at = models.DateTimeField()
    person_key = models.BigIntegerField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
