"""Cases over which somebody above urged an office: why, and what the office answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Urge(models.Model):
    """One case urged on one day; `office` is whose turn it was."""

    id = models.CharField(primary_key=True, max_length=40)
    case_id = models.CharField(max_length=40)
    office = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)
    urged_by = models.CharField(max_length=40)
    urged_at = models.DateTimeField()
    urged_on = models.DateField()
    answer = models.CharField(max_length=200, blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "office", "urged_on"], name="urged_once_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="urge_says_why"),
            models.CheckConstraint(
                condition=(Q(answered_at=None) & Q(answer="")) | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="urge_answered_in_words",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["office", "answered_at"], name="urge_waiting")]
