"""Benefits granted, the keys that make each of them happen once, and the runs that looked for who is entitled."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Entitlement(models.Model):
    """One benefit of one subject, granted by a decision. A row never changes: what undoes it is a Revocation."""

    id = models.CharField(primary_key=True, max_length=40)
    case_id = models.CharField(max_length=40, db_index=True)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, db_index=False, related_name="+")
    item = models.CharField(max_length=200)
    group = models.CharField(max_length=120, blank=True)
    revision = models.ForeignKey("catalogue.PackRevision", models.PROTECT, related_name="+")
    owner_office = models.CharField(max_length=120, db_index=True)
    region = models.CharField(max_length=12, blank=True, db_index=True)
    amount_fen = models.BigIntegerField(null=True)
    period = models.CharField(max_length=24, blank=True)
    keys = models.JSONField(default=list)
    granted_at = models.DateTimeField()
    granted_on = models.DateField()
    granted_by = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen=None) | Q(amount_fen__gte=0), name="grant_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "granted_on"], name="grant_subject_day"),
            models.Index(fields=["item", "period"], name="grant_item_period"),
        ]


class Uniqueness(models.Model):
    """What may happen once: the primary key is the promise. A key is held by one grant that has not been revoked."""

    key = models.CharField(primary_key=True, max_length=400)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="held_keys")


class Revocation(models.Model):
    """A grant undone, once, with its reason; what was paid is recovered by funds."""

    entitlement = models.OneToOneField(Entitlement, models.PROTECT, related_name="revocation")
    reason = models.TextField()
    revoked_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="revoked_with_reason")]


class ScreeningRun(models.Model):
    """One look over the population: what went in, the root of what came out, and where the results stand."""

    id = models.CharField(primary_key=True, max_length=40)
    as_of_on = models.DateField()
    inputs = models.JSONField()
    root = models.CharField(max_length=80)
    folder = models.CharField(max_length=300)
    subjects = models.PositiveBigIntegerField()
    items = models.PositiveIntegerField()
    entitled = models.PositiveBigIntegerField()
    possible = models.PositiveBigIntegerField()
    overlaid = models.PositiveIntegerField()
    fallbacks = models.JSONField(default=dict)
    ran_at = models.DateTimeField(db_index=True)
    ran_by = models.CharField(max_length=40)
    entry_id = models.CharField(max_length=40)


class ScreeningItem(models.Model):
    """An item of a run: its revision, and the digest of its result that the run's root is made of."""

    run = models.ForeignKey(ScreeningRun, models.PROTECT, related_name="item_rows")
    item = models.CharField(max_length=200)
    place = models.PositiveIntegerField()
    audience = models.CharField(max_length=16)
    owner_office = models.CharField(max_length=120)
    revision = models.ForeignKey("catalogue.PackRevision", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "item"], name="screened_item_once"),
            models.UniqueConstraint(fields=["run", "place"], name="screened_place_once"),
        ]
