"""How many requests of one kind somebody made in the window that runs: one row each, shared by all workers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Pace(models.Model):
    """`who` is an account, or the keyed hash of an address; `began` is the second (Unix) at which the window began."""

    flow = models.CharField(max_length=20)
    who = models.CharField(max_length=64)
    began = models.BigIntegerField()
    taken = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["flow", "who"], name="pace_once"),
            models.CheckConstraint(condition=Q(taken__gt=0), name="pace_counts"),
        ]
        indexes: ClassVar = [models.Index(fields=["began"], name="pace_began")]
