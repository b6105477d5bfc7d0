"""Credentials as issued, what a composite one is made of, and the positions of the status lists."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class StatusList(models.Model):
    """One published list; its row is locked while a position of it is taken."""

    number = models.PositiveIntegerField(primary_key=True)
    next_position = models.PositiveIntegerField(default=0)


class Credential(models.Model):
    """One licence or certificate. Everything but its revocation is fixed at issue."""

    id = models.CharField(primary_key=True, max_length=39)
    kind = models.CharField(max_length=100)
    case_id = models.CharField(max_length=39, db_index=True)
    subject_id = models.CharField(max_length=39, db_index=True)
    office = models.CharField(max_length=100, blank=True)
    claims = models.JSONField()
    token = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT)
    status_position = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["status_list", "status_position"], name="credential_status_position"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")), name="credential_valid_span"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="credential_revoked_with_reason",
            ),
        ]


class Component(models.Model):
    """One credential that a composite one opens, in its place among the others."""

    composite = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="components")
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="composites")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["composite", "credential"], name="component_once"),
            models.UniqueConstraint(fields=["composite", "position"], name="component_position"),
            models.CheckConstraint(condition=~Q(composite=F("credential")), name="component_not_itself"),
        ]
