"""Whom an issuer knows by which name, and which account is theirs here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Identity(models.Model):
    """`subject_name` is the issuer's `sub`: never given to another, and nothing is read out of it; `provider` is
    what the installation calls the issuer."""

    id = models.CharField(primary_key=True, max_length=40)
    issuer = models.CharField(max_length=200)
    provider = models.CharField(max_length=30)
    subject_name = models.CharField(max_length=255)
    account = models.CharField(max_length=40, db_index=True)
    linked_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject_name"], name="identity_is_one_account"),
            models.CheckConstraint(condition=~Q(subject_name=""), name="identity_has_a_name"),
        ]
