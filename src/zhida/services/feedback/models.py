"""What was said of a page or of a case and what was answered: no name, no cookie, only what its writer left."""

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
    case = models.CharField(max_length=40, blank=True)
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
            models.UniqueConstraint(fields=["case", "kind"], condition=~Q(case=""), name="feedback_once_a_case"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "answered_at", "received_at"], name="feedback_waiting"),
            models.Index(fields=["received_at"], name="feedback_received"),
        ]


class Picture(models.Model):
    """What a page looked like, as its sender left it after covering what is nobody's business."""

    message = models.OneToOneField(Feedback, models.CASCADE, primary_key=True, related_name="picture")
    media_type = models.CharField(max_length=20)
    body = models.BinaryField()


class Rating(models.Model):
    """How a case was served, from 1 to 5; said once. `aspects` are what was good or bad about it."""

    case = models.CharField(primary_key=True, max_length=40)
    item = models.CharField(max_length=200, db_index=True)
    office = models.CharField(max_length=120)
    grade = models.PositiveSmallIntegerField()
    aspects = models.JSONField(default=list)
    words = models.TextField(blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(grade__range=(1, 5)), name="rating_of_five")]
