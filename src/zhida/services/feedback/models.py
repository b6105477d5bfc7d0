"""What was said of a page and what was answered: no name, no cookie, only what its writer chose to leave."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Feedback(models.Model):
    """One message about one page; `office` answers for what the page shows, "" is whoever runs the site."""

    id = models.CharField(primary_key=True, max_length=40)
    page = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    words = models.TextField()
    contact = models.CharField(max_length=120, blank=True)
    shown_as = models.CharField(max_length=60, blank=True)
    office = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="feedback_says_something"),
            models.CheckConstraint(
                condition=(Q(answered_at=None) & Q(answer=""))
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answered_by="")),
                name="feedback_answered_in_words",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["office", "answered_at", "received_at"], name="feedback_waiting")]
