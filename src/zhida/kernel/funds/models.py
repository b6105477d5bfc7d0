"""Budget lines with their running standing and append-only postings; who released what; disbursements; findings.

What a database can hold is a constraint here: a line is never over-committed, a release never exceeded, three
signatures are three persons, a grant has one live disbursement. Triggers keep postings append-only (migration 0002).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhida.domain.postings import Kind, State, Word

_KINDS = sorted(kind.value for kind in Kind)
_STATES = sorted(state.value for state in State)
_WORDS = ["", *sorted(word.value for word in Word)]
_ENDED = [State.VOIDED.value, State.RETURNED.value]
_UNRELEASED = [State.PLANNED.value, State.RESERVED.value, State.VOIDED.value]


def three_persons(name: str) -> list[models.BaseConstraint]:
    """Maker, checker, releaser: signed in this order, by three different persons."""
    return [
        models.CheckConstraint(condition=~Q(maker=""), name=f"{name}_maker"),
        models.CheckConstraint(condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name=f"{name}_checker"),
        models.CheckConstraint(
            condition=Q(releaser__isnull=True)
            | (Q(checker__isnull=False) & ~Q(releaser=F("maker")) & ~Q(releaser=F("checker"))),
            name=f"{name}_releaser",
        ),
    ]


class BudgetLine(models.Model):
    """Public money for one purpose and year, owned by an office; its id is a slug such as `jobs/retention-2026`."""

    id = models.CharField(primary_key=True, max_length=100)
    name = models.CharField(max_length=200)
    office = models.CharField(max_length=100, db_index=True)
    region = models.CharField(max_length=12, db_index=True)
    year = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    frozen_reason = models.CharField(max_length=200, blank=True)


class Standing(models.Model):
    """A line's figures in fen after its last posting: a running row, locked for each movement."""

    line = models.OneToOneField(BudgetLine, on_delete=models.PROTECT, primary_key=True)
    total = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(default=0)
    in_flight = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(total=F("available") + F("committed") + F("in_flight") + F("paid") - F("returned")),
                name="standing_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(available__gte=0, committed__gte=0, in_flight__gte=0, returned__gte=0),
                name="standing_never_negative",
            ),
            models.CheckConstraint(condition=Q(returned__lte=F("paid")), name="standing_returned_of_paid"),
        ]


class StandingRelease(models.Model):
    """Three signatures under which the system may pay from a line by itself, up to a cap, in a span of days."""

    id = models.CharField(primary_key=True, max_length=39)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="releases")
    cap_fen = models.BigIntegerField()
    used_fen = models.BigIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField()
    maker = models.CharField(max_length=39)
    made_at = models.DateTimeField()
    checker = models.CharField(max_length=39, null=True)
    checked_at = models.DateTimeField(null=True)
    releaser = models.CharField(max_length=39, null=True)
    released_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *three_persons("release"),
            models.CheckConstraint(
                condition=Q(cap_fen__gt=0, used_fen__gte=0, used_fen__lte=F("cap_fen")), name="release_within_cap"
            ),
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="release_valid_span"),
        ]


class PaymentBatch(models.Model):
    """Disbursements that three persons release together; `digest` fixes what they saw (payees, amounts, accounts)."""

    id = models.CharField(primary_key=True, max_length=39)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="batches")
    digest = models.CharField(max_length=64)
    payments = models.PositiveIntegerField()
    total_fen = models.BigIntegerField()
    maker = models.CharField(max_length=39)
    made_at = models.DateTimeField()
    checker = models.CharField(max_length=39, null=True)
    checked_at = models.DateTimeField(null=True)
    releaser = models.CharField(max_length=39, null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *three_persons("batch"),
            models.CheckConstraint(condition=Q(total_fen__gt=0, payments__gt=0), name="batch_pays_something"),
        ]


class Disbursement(models.Model):
    """One payment to one account for one grant; `reference` is what the treasury knows it by, made before sending."""

    id = models.CharField(primary_key=True, max_length=39)
    reference = models.CharField(max_length=35, unique=True)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="disbursements")
    release = models.ForeignKey(StandingRelease, on_delete=models.PROTECT, null=True, related_name="disbursements")
    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, null=True, related_name="disbursements")
    grant_id = models.CharField(max_length=39)
    subject_id = models.CharField(max_length=39, db_index=True)
    channel = models.CharField(max_length=40, blank=True, default="")
    account_ref = models.CharField(max_length=39)
    account_tail = models.CharField(max_length=4, blank=True)
    amount_fen = models.BigIntegerField()
    recovered_fen = models.BigIntegerField(default=0)
    purpose = models.CharField(max_length=140)
    state = models.CharField(max_length=10)
    reserved_at = models.DateTimeField()
    requested_on = models.DateField(null=True)
    sent_times = models.PositiveSmallIntegerField(default=0)
    treasury_reference = models.CharField(max_length=64, blank=True)
    booked_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grant_id"], condition=~Q(state__in=_ENDED), name="disbursement_one_live_per_grant"
            ),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="disbursement_state"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, recovered_fen__gte=0, recovered_fen__lte=F("amount_fen")),
                name="disbursement_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNRELEASED) | Q(release__isnull=False) | Q(batch__isnull=False),
                name="disbursement_sent_under_release",
            ),
            models.CheckConstraint(
                condition=Q(release__isnull=True) | Q(batch__isnull=True), name="disbursement_one_release"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["line", "state"], name="disbursement_line_state"),
            models.Index(fields=["state", "requested_on"], name="disbursement_open"),
        ]


class Posting(models.Model):
    """One movement of money on a line, from the credited to the debited account; never changed, never removed."""

    id = models.CharField(primary_key=True, max_length=39)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="postings")
    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT, null=True, related_name="postings")
    debit = models.CharField(max_length=10)
    credit = models.CharField(max_length=10)
    amount_fen = models.BigIntegerField()
    why = models.CharField(max_length=100)
    posted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="posting_amount_positive"),
            models.CheckConstraint(
                condition=Q(debit__in=_KINDS, credit__in=_KINDS) & ~Q(debit=F("credit")), name="posting_two_accounts"
            ),
        ]


class Reconciliation(models.Model):
    """One day's statement of one channel compared with our books, by a person, at an instant."""

    id = models.CharField(primary_key=True, max_length=39)
    channel = models.CharField(max_length=40, blank=True, default="")
    day = models.DateField(db_index=True)
    lines = models.PositiveIntegerField()
    net_fen = models.BigIntegerField()
    by = models.CharField(max_length=39)
    made_at = models.DateTimeField()


class Finding(models.Model):
    """What one statement line, or the want of one, says of a disbursement; closed by nothing or by a person."""

    id = models.CharField(primary_key=True, max_length=39)
    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, null=True, related_name="findings")
    channel = models.CharField(max_length=40, blank=True, default="")
    day = models.DateField(db_index=True)
    kind = models.CharField(max_length=20)
    proposal = models.CharField(max_length=10, blank=True)
    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT, null=True, related_name="findings")
    reference = models.CharField(max_length=64, db_index=True)
    treasury_reference = models.CharField(max_length=64, blank=True)
    word = models.CharField(max_length=10, blank=True)
    stated_fen = models.BigIntegerField(default=0)
    expected_fen = models.BigIntegerField(default=0)
    resolution = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=200, blank=True)
    resolved_by = models.CharField(max_length=39, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "treasury_reference"],
                condition=~Q(treasury_reference=""),
                name="finding_one_per_movement",
            ),
            models.CheckConstraint(condition=Q(word__in=_WORDS), name="finding_word"),
        ]
