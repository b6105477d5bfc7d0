"""Who is known and by which batch; values themselves stand in Parquet files, single changes in overlay rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

KINDS = ["organisation", "person", "household"]


class Subject(models.Model):
    """A firm, person or household. `key` names rows of columns; `id` (`subject_…`) is what everyone else says."""

    id = models.CharField(primary_key=True, max_length=40)
    key = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=12)
    region = models.CharField(max_length=12, blank=True, db_index=True)
    name = models.CharField(max_length=200, db_index=True)
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    code_state = models.CharField(max_length=10, blank=True)
    number_sealed = models.BinaryField(null=True)
    number_index = models.CharField(max_length=64, null=True, unique=True)
    status = models.CharField(max_length=10, default="active")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="subject_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "doubtful", "closed"]), name="subject_status_known"
            ),
            models.CheckConstraint(
                condition=Q(code_state__in=["", "sound", "asked", "confirmed", "denied", "old_form"]),
                name="subject_code_state_known",
            ),
            models.CheckConstraint(
                condition=Q(number_sealed=None, number_index=None)
                | Q(number_sealed__isnull=False, number_index__isnull=False),
                name="subject_number_sealed_and_indexed",
            ),
        ]


class Attribute(models.Model):
    """The registry's copy of one dictionary entry, so that values are checked and scaled where they enter."""

    name = models.CharField(primary_key=True, max_length=80)
    owner = models.CharField(max_length=120, db_index=True)
    field_class = models.CharField(max_length=12)
    entry = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(field_class__in=["public", "restricted", "personal", "sensitive"]),
                name="attribute_class_known",
            ),
        ]


class Batch(models.Model):
    """One source's facts of one date, in one Parquet file named by its root. A complete batch leaves nobody out."""

    id = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=120, db_index=True)
    observed_on = models.DateField()
    is_complete = models.BooleanField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="open")
    position = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    path = models.CharField(max_length=200, blank=True)
    root = models.CharField(max_length=64, blank=True)
    entry = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "content_hash"], name="batch_content_once_a_source"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="batch_kind_known"),
            models.CheckConstraint(
                condition=Q(state="open", received_at=None)
                | (Q(state="received", received_at__isnull=False) & ~Q(root="") & ~Q(entry="")),
                name="batch_received_with_root",
            ),
        ]


class RowNote(models.Model):
    """A line of an imported file that somebody should look at, and why."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="%(class)ss")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=60)

    class Meta:
        abstract = True


class QuarantinedRow(RowNote):
    """A line that did not land. `raw_sealed` is the whole line, encrypted, since nobody knows what stands in it."""

    raw_sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "line"], name="quarantine_line_once")]


class FlaggedRow(RowNote):
    """A line that landed with a doubt: a code asked of the register, an outdated place, a value left unknown."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "line", "field", "reason"], name="flag_once_a_line"),
        ]


class Overlay(models.Model):
    """A change of one fact of one subject. Positions follow commits, so a watermark leaves nothing behind it."""

    position = models.PositiveBigIntegerField(primary_key=True)
    subject = models.ForeignKey(Subject, models.PROTECT, to_field="key", related_name="overlays")
    fact_key = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    is_unknown = models.BooleanField(default=False)
    nature = models.CharField(max_length=12)
    source = models.CharField(max_length=120)
    observed_on = models.DateField()
    recorded_at = models.DateTimeField()
    account = models.CharField(max_length=40)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(nature__in=["correction", "declaration", "event"]), name="overlay_nature_known"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="overlay_position_from_one"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "position"], name="overlay_subject"),
            models.Index(fields=["position"], condition=Q(ended_by=""), name="overlay_in_force"),
        ]


class Dispute(models.Model):
    """Somebody says that a fact of theirs is wrong; the office that owns the fact answers, once."""

    id = models.CharField(primary_key=True, max_length=40)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="disputes")
    fact_key = models.CharField(max_length=120)
    office = models.CharField(max_length=120, db_index=True)
    held = models.CharField(max_length=200, blank=True)
    claimed = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    account = models.CharField(max_length=40)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "fact_key"], condition=Q(state="open"), name="one_open_dispute_a_fact"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | (Q(state__in=["corrected", "suspended", "upheld"], answered_at__isnull=False) & ~Q(answer="")),
                name="dispute_answered_with_words",
            ),
        ]


class Counter(models.Model):
    """The last subject key or overlay position given out; its row is locked until the taker's transaction ends."""

    name = models.CharField(primary_key=True, max_length=20)
    last = models.PositiveBigIntegerField(default=0)


class Tie(models.Model):
    """A record of one subject that names another (a household its member), so that a change of one marks both."""

    id = models.BigAutoField(primary_key=True)
    parent = models.ForeignKey(Subject, models.CASCADE, to_field="key", related_name="ties")
    member = models.ForeignKey(Subject, models.CASCADE, to_field="key", related_name="+")
    relation = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "member", "relation"], name="tie_once"),
            models.CheckConstraint(condition=~Q(parent=F("member")), name="tie_joins_two"),
        ]


class Snapshot(models.Model):
    """The join of the latest batches of a kind with the overlay up to a watermark: one immutable, sorted file."""

    id = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=12)
    path = models.CharField(max_length=200)
    root = models.CharField(max_length=64, unique=True)
    rows = models.PositiveBigIntegerField()
    watermark = models.PositiveBigIntegerField()
    sources = models.JSONField()
    dictionary_hash = models.CharField(max_length=80)
    as_of = models.DateTimeField()
    entry = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(kind__in=KINDS), name="snapshot_kind_known")]
        indexes: ClassVar = [models.Index(fields=["kind", "as_of"], name="snapshot_latest")]


class BankAccount(models.Model):
    """Where money for a subject goes, and when that was learned. Only the last four digits are ever shown."""

    id = models.CharField(primary_key=True, max_length=40)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="bank_accounts")
    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=64, blank=True, default="")
    tail = models.CharField(max_length=4)
    holder = models.CharField(max_length=200)
    bank = models.CharField(max_length=120)
    source = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject"], condition=Q(valid_to=None), name="one_open_account_a_subject"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")), name="bank_account_span_forward"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["number_index"], name="bank_account_number")]


class AccessNote(models.Model):
    """Somebody read restricted facts of a subject: who, for which purpose, which facts, when. The subject sees it."""

    id = models.CharField(primary_key=True, max_length=40)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="access_notes")
    account = models.CharField(max_length=40, blank=True)
    office = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=120)
    facts = models.JSONField()
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(purpose=""), name="access_names_purpose")]
        indexes: ClassVar = [models.Index(fields=["subject", "read_at"], name="access_of_subject")]
