"""Filters that an officer saved, and batches of cases of one kind that wait for their release."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SavedFilter(models.Model):
    """One officer's filter of the worklist, by the name they gave it."""

    account = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="filter_once_a_name"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="filter_says_what"),
        ]


class HeldBatch(models.Model):
    """Cases of one item at one step, to be passed or granted together; `versions` are those that were shown."""

    id = models.CharField(primary_key=True, max_length=40)
    office = models.CharField(max_length=120)
    account = models.CharField(max_length=40)
    item = models.CharField(max_length=200)
    position = models.SmallIntegerField()
    versions = models.JSONField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(done=None) | Q(ended_at__isnull=False), name="batch_done_has_ended"),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "ended_at"], name="batch_waiting")]
