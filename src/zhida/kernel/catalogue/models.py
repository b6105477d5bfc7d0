"""Policies and their revisions. Content is stored once by its hash; a revision names its files, never copies them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Content(models.Model):
    """The bytes of a file, under their SHA-256: the same dictionary entry of a thousand packs stands here once."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    body = models.BinaryField()


class Policy(models.Model):
    """One pack's identity over all its revisions; the id is the pack's `<region>/<slug>`."""

    id = models.CharField(primary_key=True, max_length=160)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(id=""), name="policy_has_id")]


class PackRevision(models.Model):
    """A pack as it was published, whole. `number` counts within the policy; the highest that is valid is in force."""

    id = models.CharField(primary_key=True, max_length=40)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=80, unique=True)
    tier = models.CharField(max_length=8)
    region = models.CharField(max_length=12, db_index=True)
    owner_office = models.CharField(max_length=120, db_index=True)
    issuer_office = models.CharField(max_length=120)
    replaces = models.CharField(max_length=160, blank=True, db_index=True)
    document_number = models.CharField(max_length=160, blank=True)
    document_title = models.CharField(max_length=300, blank=True, default="")
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    plain_zh = models.TextField(blank=True)
    plain_en = models.TextField(blank=True)
    topics = models.JSONField(default=list)
    issued_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=40)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_one"),
            models.CheckConstraint(condition=Q(tier__in=["bronze", "silver", "gold"]), name="revision_tier_known"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
                name="revision_valid_some_day",
            ),
            models.CheckConstraint(
                condition=(Q(withdrawn_at=None) & Q(withdrawn_because=""))
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="revision_withdrawn_with_reason",
            ),
        ]


class RevisionFile(models.Model):
    """One file of a revision, by its path from the pack root."""

    revision = models.ForeignKey(PackRevision, models.PROTECT, related_name="files")
    path = models.CharField(max_length=300)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["revision", "path"], name="revision_path_once")]


class Clause(models.Model):
    """A clause of the issued text, under its anchor, in the order of the text."""

    revision = models.ForeignKey(PackRevision, models.PROTECT, related_name="clauses")
    place = models.PositiveIntegerField()
    anchor = models.CharField(max_length=40)
    number = models.CharField(max_length=40, blank=True)
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["revision", "anchor"], name="clause_anchor_once")]


class ItemRow(models.Model):
    """The searchable face of one item of a revision; the item itself is read from the revision's files."""

    revision = models.ForeignKey(PackRevision, models.PROTECT, related_name="items")
    item = models.CharField(max_length=200, db_index=True)
    name = models.CharField(max_length=80)
    audience = models.CharField(max_length=16)
    claim = models.CharField(max_length=16)
    benefit = models.CharField(max_length=24)
    region = models.CharField(max_length=12, db_index=True)
    owner_office = models.CharField(max_length=120, db_index=True)
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    how_much_zh = models.TextField(blank=True)
    how_much_en = models.TextField(blank=True)
    group = models.CharField(max_length=120, blank=True)
    measure = models.CharField(max_length=80, null=True, db_index=True)
    budget_line = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["revision", "item"], name="item_once_a_revision")]
        indexes: ClassVar = [models.Index(fields=["audience", "claim"], name="item_audience_claim")]


class SignOff(models.Model):
    """The owner office has read this revision: a fact that gold rests on, said by a named officer.

    `reading` is the digest of what was read, so that it holds for a later revision that says the same.
    """

    revision = models.OneToOneField(PackRevision, models.PROTECT, related_name="sign_off")
    reading = models.CharField(max_length=64, db_index=True)
    office = models.CharField(max_length=120)
    account = models.CharField(max_length=40)
    signed_at = models.DateTimeField()


class Replay(models.Model):
    """Past decisions run through a revision: how many came out the same, and how many differences are explained."""

    revision = models.ForeignKey(PackRevision, models.PROTECT, related_name="replays")
    decisions = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()
    explained = models.PositiveIntegerField()
    source = models.CharField(max_length=300)
    digest = models.CharField(max_length=80)
    ran_at = models.DateTimeField()
    account = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decisions__gte=F("agreed") + F("explained")) & Q(decisions__gte=1),
                name="replay_counts_agree",
            ),
            models.UniqueConstraint(fields=["revision", "digest"], name="replay_once"),
        ]


class Shared(models.Model):
    """A published state of what packs share (`_attributes/`, `_groups/`); the newest is in force."""

    number = models.PositiveIntegerField(primary_key=True)
    hash = models.CharField(max_length=80, unique=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=40)


class SharedFile(models.Model):
    """One file of a shared state, by its path from the pack root."""

    shared = models.ForeignKey(Shared, models.PROTECT, related_name="files")
    path = models.CharField(max_length=300)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shared", "path"], name="shared_path_once")]
