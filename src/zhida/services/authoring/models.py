"""Working copies of packs: their files as bytes, who had a hand in them, what was said about them, and roll-backs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

STATES = ("open", "proposed", "scheduled", "published", "dropped")


class Draft(models.Model):
    """One pack while it is written. `version` counts edits; `hands` are the accounts that made one."""

    id = models.CharField(primary_key=True, max_length=40)
    pack = models.CharField(max_length=160)
    office = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default="open")
    version = models.PositiveIntegerField(default=1)
    base = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    notes = models.JSONField(default=list)
    hands = models.JSONField(default=list)
    begun_by = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=40, blank=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_hash = models.CharField(max_length=80, blank=True)
    publish_on = models.DateField(null=True)
    confirmed_by = models.CharField(max_length=40, blank=True)
    confirmed_duty = models.CharField(max_length=12, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    revision = models.CharField(max_length=40, blank=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="draft_state_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="draft_version_from_one"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dropped"]) | ~Q(proposed_by=""), name="draft_proposed_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=models.F("proposed_by")), name="draft_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "published"]) | ~Q(confirmed_by=""), name="draft_confirmed"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["office", "state", "-changed_at"], name="draft_of_office")]


class DraftFile(models.Model):
    """One file of a draft, by its path from the pack root."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "path"], name="draft_path_once")]


class Remark(models.Model):
    """Something said about a place of a draft: a clause's anchor or an entry's name, "" for the whole."""

    id = models.CharField(primary_key=True, max_length=40)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="remarks")
    place = models.CharField(max_length=160, blank=True)
    words = models.TextField()
    account = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    settled_by = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(words=""), name="remark_says_something")]


class Rollback(models.Model):
    """A published revision that is to be taken out of force, so that the one before it is in force again."""

    id = models.CharField(primary_key=True, max_length=40)
    pack = models.CharField(max_length=160)
    office = models.CharField(max_length=120)
    revision = models.CharField(max_length=40)
    reason = models.TextField()
    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision"], condition=Q(ended_at=None), name="rollback_waits_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="rollback_with_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=models.F("proposed_by")), name="rollback_by_two"
            ),
        ]
