"""What was typed and chosen for an application that is not handed in; nothing of it has been said to an office."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DraftField(models.Model):
    """One field as it was last typed, right or wrong."""

    subject = models.CharField(max_length=40)
    item = models.CharField(max_length=200)
    name = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "item", "name"], name="draft_field_once"),
        ]


class DraftPaper(models.Model):
    """One document chosen for a requirement: uploaded, or taken from what the subject holds already (`origin`)."""

    subject = models.CharField(max_length=40)
    item = models.CharField(max_length=200)
    requirement = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    origin = models.CharField(max_length=40, blank=True)
    body = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "item", "requirement"], name="draft_paper_once"),
        ]
