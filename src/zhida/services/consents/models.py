"""One consent a row: who may see which facts of whom, for what, until when; taken back, it stays to be read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Consent(models.Model):
    """`attributes` are names of the dictionary; `until_on` is the first day on which it no longer holds."""

    id = models.CharField(primary_key=True, max_length=40)
    subject = models.CharField(max_length=40, db_index=True)
    receiver = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    attributes = models.JSONField()
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="consent_ends"),
            models.CheckConstraint(condition=~Q(receiver="") & ~Q(purpose=""), name="consent_says_for_whom"),
        ]
