"""Platforms that log in through us, what each person lets them be told, and every single log-in until it is over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Client(models.Model):
    """A platform. `secret_hash` is empty where it can keep no secret; `salt` makes the names it knows people by."""

    id = models.CharField(primary_key=True, max_length=40)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120)
    office = models.CharField(max_length=64)
    redirects = models.JSONField()
    scopes = models.JSONField()
    secret_hash = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title_zh="") & ~Q(title_en=""), name="client_has_titles"),
            models.CheckConstraint(condition=~Q(salt=""), name="client_has_a_salt"),
        ]


class Permission(models.Model):
    """What one account lets one platform be told: `scopes` of those `asked`, acting for `subject` (empty: nobody)."""

    id = models.CharField(primary_key=True, max_length=40)
    client = models.ForeignKey(Client, models.PROTECT)
    account = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=40, blank=True)
    asked = models.JSONField()
    scopes = models.JSONField()
    given_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "account"], name="permission_once")]


class SignOn(models.Model):
    """One log-in at a platform: a code that is taken once, then a token to ask with; both kept as hashes only."""

    id = models.CharField(primary_key=True, max_length=40)
    permission = models.ForeignKey(Permission, models.PROTECT)
    redirect = models.CharField(max_length=500)
    nonce = models.CharField(max_length=255, blank=True)
    challenge = models.CharField(max_length=43)
    proven_s = models.BigIntegerField()
    code_hash = models.CharField(max_length=64, unique=True)
    code_until = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    token_until = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(token_hash=None) | Q(taken_at__isnull=False), name="sign_on_token_has_its_code"
            ),
        ]
