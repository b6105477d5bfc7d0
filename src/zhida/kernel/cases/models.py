"""A case, its steps, what was answered and ruled in it, and the facts it was decided on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhida.domain.packs import Claim
from zhida.domain.process import Finding, Outcome, State

STATES = sorted(State)
OUTCOMES = ["", *sorted(Outcome)]
CLAIMS = sorted(Claim)
TO_DECIDE = Q(awaits_decision=True, wake_at=None)
OPEN_STATES = [state for state in STATES if state != State.CLOSED]


class Case(models.Model):
    """One claim. The revision is pinned when the case is opened; `version` grows with every action on it."""

    id = models.CharField(primary_key=True, max_length=40)
    item = models.CharField(max_length=200, db_index=True)
    claim = models.CharField(max_length=12)
    revision = models.ForeignKey("catalogue.PackRevision", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, to_field="id", related_name="+")
    region = models.CharField(max_length=12, db_index=True)
    office = models.CharField(max_length=120, db_index=True)
    record = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=24, blank=True)
    state = models.CharField(max_length=12, default="draft", db_index=True)
    outcome = models.CharField(max_length=12, blank=True)
    awaits_decision = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True, db_index=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True, db_index=True)
    is_automatic = models.BooleanField(default=False)
    amount_fen = models.BigIntegerField(null=True)
    allotted_fen = models.BigIntegerField(null=True)
    bank_account = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="case_outcome_known"),
            models.CheckConstraint(condition=Q(claim__in=CLAIMS), name="case_claim_known"),
            models.CheckConstraint(condition=Q(amount_fen=None) | Q(amount_fen__gte=0), name="case_amount_sane"),
            models.CheckConstraint(
                condition=Q(allotted_fen=None)
                | Q(allotted_fen__gte=0) & (Q(amount_fen=None) | Q(amount_fen__lte=F("allotted_fen"))),
                name="case_within_allotment",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(outcome=""), name="closed_case_has_outcome"),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(submitted_at__isnull=False), name="decided_case_was_submitted"
            ),
            models.UniqueConstraint(
                fields=["item", "subject", "record", "period"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_case_a_claim",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "state"], name="case_subject_state"),
            models.Index(fields=["office", "state"], name="case_office_state"),
            models.Index(fields=["office", "due_on", "id"], condition=TO_DECIDE, name="case_to_decide_by_day"),
        ]


class Step(models.Model):
    """A step of the case's process that was opened: for which office (or `system`), until when, what it found."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    office = models.CharField(max_length=120)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, db_index=True)
    finding = models.CharField(max_length=8, blank=True)
    done_on = models.DateField(null=True)
    done_by = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "position", "office"], name="step_once"),
            models.CheckConstraint(condition=Q(finding__in=["", *sorted(Finding)]), name="step_finding_known"),
            models.CheckConstraint(
                condition=Q(done_on=None, finding="") | (Q(done_on__isnull=False) & ~Q(finding="")),
                name="done_step_has_finding",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "done_on"], name="step_open_at_office"),
            models.Index(fields=["office", "due_on", "id"], condition=Q(done_on=None), name="step_open_by_day"),
        ]


class Pause(models.Model):
    """Working days that do not count: from when the clock stopped, why, and until when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    reason = models.TextField()
    paused_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(resumed_at=None), name="one_open_pause"),
        ]


class Answer(models.Model):
    """What the applicant said for a fact the registry does not hold; the latest row of a key stands."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    key = models.CharField(max_length=160)
    value = models.JSONField()
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=40)


class Evidence(models.Model):
    """A document handed in for a requirement; its bytes are named by their hash."""

    id = models.CharField(primary_key=True, max_length=40)
    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    requirement = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    attached_at = models.DateTimeField()
    attached_by = models.CharField(max_length=40)


class Ruling(models.Model):
    """An officer's finding on an evidenced or judged requirement, or the applicant's undertaking; the latest stands."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="rulings")
    requirement = models.CharField(max_length=80)
    is_met = models.BooleanField()
    reason = models.TextField(blank=True)
    ruled_at = models.DateTimeField()
    ruled_by = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_met=True) | ~Q(reason=""), name="adverse_ruling_has_reason"),
        ]


class Freeze(models.Model):
    """The facts and the assessment a case was decided on, or one of its instalments granted, to be run again."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="freezes")
    moment = models.CharField(max_length=8)
    period = models.CharField(max_length=24, blank=True, default="")
    as_of_on = models.DateField()
    facts = models.JSONField()
    assessment = models.JSONField()
    digest = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "moment", "period"], name="frozen_once_a_period"),
            models.CheckConstraint(condition=Q(moment__in=["decision", "payment"]), name="freeze_moment_known"),
        ]


class Objection(models.Model):
    """A member of the public against a case on public notice; the step cannot end while one is open."""

    id = models.CharField(primary_key=True, max_length=40)
    case = models.ForeignKey(Case, models.PROTECT, related_name="objections")
    words = models.TextField()
    contact = models.CharField(max_length=120, blank=True)
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=40, blank=True)
    is_upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(resolved_at=None) | (Q(is_upheld__isnull=False) & ~Q(answer="")),
                name="resolved_objection_is_answered",
            ),
        ]


class Grant(models.Model):
    """What a granted case set in motion: an entitlement, and its payment or its credential. One row an instalment."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="grants")
    entitlement = models.OneToOneField("entitlements.Entitlement", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24, blank=True)
    due_on = models.DateField()
    disbursement = models.CharField(max_length=40, blank=True, db_index=True)
    credential = models.CharField(max_length=40, blank=True)
    fulfilled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "period"], name="one_grant_a_period")]
