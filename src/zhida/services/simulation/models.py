"""What was simulated: the question, its sums, and the fact in the ledger that proves both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Simulation(models.Model):
    """One run that was kept; it never changes. `files` are the scenarios as they were written, by name."""

    id = models.CharField(primary_key=True, max_length=40)
    office = models.CharField(max_length=120, blank=True)
    items = models.JSONField()
    inputs = models.JSONField()
    files = models.JSONField()
    outcome = models.JSONField()
    digest = models.CharField(max_length=64)
    entry_id = models.CharField(max_length=40)
    ran_by = models.CharField(max_length=40)
    ran_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(digest=""), name="simulation_proved")]
        indexes: ClassVar = [models.Index(fields=["office", "-ran_at"], name="simulation_newest")]
