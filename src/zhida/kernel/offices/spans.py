"""Dated rows: half-open spans of dates, null for open, and the condition that one is in force."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Dated(models.Model):
    """A row that holds from `valid_from` up to, not including, `valid_to`; null is open on that side."""

    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
                name="%(class)s_span_not_empty",
            )
        ]


def in_force(on: date) -> Q:
    """The rows that hold on a date."""
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gt=on))
