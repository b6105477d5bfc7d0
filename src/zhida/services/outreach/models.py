"""Rounds of calls or visits, and whom each is to reach; who somebody is stands in the registry alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

KINDS = ["call", "visit"]
RESULTS = ["reached", "not_at_home", "refused", "applied", "wrong_number"]


class Round(models.Model):
    """One list for one worker: those of a place (perhaps of one `building`, a code of the address register) who are
    entitled to an item and had not claimed when it was made."""

    id = models.CharField(primary_key=True, max_length=40)
    item = models.CharField(max_length=200)
    place = models.CharField(max_length=12)
    building = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=5)
    purpose = models.CharField(max_length=120)
    office = models.CharField(max_length=120)
    worker = models.CharField(max_length=40)
    entitled = models.PositiveIntegerField()
    unclaimed = models.PositiveIntegerField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="round_kind_known"),
            models.CheckConstraint(condition=~Q(purpose=""), name="round_says_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["worker", "made_at"], name="round_of_worker")]


class Contact(models.Model):
    """One subject of a round; `result` is that of the last attempt, "" before the first."""

    id = models.CharField(primary_key=True, max_length=40)
    round = models.ForeignKey(Round, models.PROTECT, related_name="contacts")
    subject_id = models.CharField(max_length=40)
    region = models.CharField(max_length=12)
    building = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)
    call_back_on = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "subject_id"], name="contact_once_a_round"),
            models.CheckConstraint(condition=Q(result__in=["", *RESULTS]), name="contact_result_known"),
            models.CheckConstraint(
                condition=Q(result="", attempts=0, last_at=None) | (~Q(result="") & Q(last_at__isnull=False)),
                name="contact_tried_has_result",
            ),
        ]
