"""Stops, holds, limits of signing, transfers between lines, recalls, set-offs, and days closed under two signatures.

Ids of funds (lines, disbursements) are kept as text: the tables of funds are its own.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhida.domain.postings import RecallState

_RECALL_STATES = sorted(state.value for state in RecallState)
_RECALL_ENDED = [RecallState.REFUSED.value, RecallState.RETURNED.value, RecallState.WITHDRAWN.value]


def two_persons(name: str) -> list[models.BaseConstraint]:
    """What one person makes another confirms, unless it is withdrawn before."""
    return [
        models.CheckConstraint(
            condition=~Q(maker="") & (Q(checker__isnull=True) | ~Q(checker=F("maker"))), name=f"{name}_two_persons"
        ),
        models.CheckConstraint(condition=Q(checker=None) | Q(withdrawn_at=None), name=f"{name}_withdrawn_unsigned"),
    ]


class Proposal(models.Model):
    """What one person proposes and another confirms, unless it is withdrawn before; nothing of it changes meanwhile."""

    id = models.CharField(primary_key=True, max_length=39)
    maker = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    checker = models.CharField(max_length=40, null=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Stop(models.Model):
    """A stop button that was pressed; until it is lifted nothing that it covers is sent."""

    id = models.CharField(primary_key=True, max_length=39)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200)
    stopped_by = models.CharField(max_length=40)
    stopped_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(lifted_at=None), name="stop_pressed_once"),
            models.CheckConstraint(condition=Q(kind__in=["all", "channel", "policy", "item"]), name="stop_kind"),
        ]


class Hold(models.Model):
    """Why one payment is not sent: until a person lifts it, or until an instant; past that it is a flag for the eye."""

    id = models.CharField(primary_key=True, max_length=39)
    disbursement = models.CharField(max_length=39)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=40, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disbursement", "reason", "detail"], name="hold_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_says_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["lifted_at", "held_at"], name="hold_open")]


class DeclaredTie(models.Model):
    """Somebody an officer stands aside from. Who it is stands sealed; `mark` finds the same declaration again.

    It ends by the hand of another person than the officer.
    """

    id = models.CharField(primary_key=True, max_length=39)
    account = models.CharField(max_length=40)
    mark = models.CharField(max_length=64)
    sealed = models.BinaryField()
    source = models.CharField(max_length=10)
    declared_by = models.CharField(max_length=40)
    declared_at = models.DateTimeField()
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "mark"], condition=Q(ended_at=None), name="tie_declared_once"),
            models.CheckConstraint(condition=Q(source__in=["own", "personnel"]), name="tie_source"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="") & ~Q(ended_by=F("account")) & ~Q(end_reason="")),
                name="tie_ended_by_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "ended_at"], name="tie_of_officer")]


class SigningLimit(models.Model):
    """How much a duty may sign for, on one line or (line "") on all that have no limit of their own.

    `per` says whether it counts for each signature or for all that one person signs in a day.
    """

    line = models.CharField(max_length=100, blank=True)
    duty = models.CharField(max_length=20)
    per = models.CharField(max_length=10, default="signature")
    up_to_fen = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "duty", "per"], name="signing_limit_once"),
            models.CheckConstraint(condition=Q(up_to_fen__gte=0), name="signing_limit_amount"),
            models.CheckConstraint(condition=Q(per__in=["signature", "day"]), name="signing_limit_per"),
        ]


class SignedToday(models.Model):
    """How much one person has signed for in one duty on a day (Asia/Shanghai), by line; line "" is only locked."""

    account = models.CharField(max_length=40)
    duty = models.CharField(max_length=20)
    line = models.CharField(max_length=100, blank=True)
    signed_on = models.DateField()
    sum_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "duty", "signed_on", "line"], name="signed_today_once"),
            models.CheckConstraint(condition=Q(sum_fen__gte=0), name="signed_today_amount"),
        ]


class LimitChange(Proposal):
    """A limit of signing that one person proposes and another confirms; `up_to_fen` is None where it is to end."""

    line = models.CharField(max_length=100, blank=True)
    duty = models.CharField(max_length=20)
    per = models.CharField(max_length=10, default="signature")
    up_to_fen = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            *two_persons("limit_change"),
            models.UniqueConstraint(
                fields=["line", "duty", "per"],
                condition=Q(checker=None, withdrawn_at=None),
                name="limit_change_one_open",
            ),
            models.CheckConstraint(
                condition=(Q(up_to_fen=None) | Q(up_to_fen__gte=0)) & ~Q(reason=""), name="limit_change_says_what"
            ),
        ]


class Lifting(Proposal):
    """A stop, a held payment or a frozen line that one person wants to let go, and another confirms."""

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=100)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            *two_persons("lifting"),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(checker=None, withdrawn_at=None), name="lifting_one_open"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["line", "stop", "hold"]) & ~Q(reason=""), name="lifting_says_why"
            ),
        ]


class LineTransfer(models.Model):
    """Money that three persons move from what is available on one line to another."""

    id = models.CharField(primary_key=True, max_length=39)
    source = models.CharField(max_length=100)
    target = models.CharField(max_length=100)
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    maker = models.CharField(max_length=40)
    made_at = models.DateTimeField(null=True)
    checker = models.CharField(max_length=40, null=True)
    releaser = models.CharField(max_length=40, null=True)
    moved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) & ~Q(source=F("target")) & ~Q(maker=""), name="transfer_moves_something"
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name="transfer_checker_is_another"
            ),
            models.CheckConstraint(
                condition=Q(releaser__isnull=True)
                | (Q(checker__isnull=False) & ~Q(releaser=F("maker")) & ~Q(releaser=F("checker"))),
                name="transfer_releaser_is_another",
            ),
            models.CheckConstraint(
                condition=Q(releaser=None, moved_at=None)
                | (Q(releaser__isnull=False, moved_at__isnull=False, withdrawn_at=None)),
                name="transfer_moves_once_signed",
            ),
        ]


class Debt(Proposal):
    """An order to recover: how much of a payment its payee has to give back, and on what basis; two persons sign it.

    `recovered_before_fen` is what had come back of the payment when the order was made.
    """

    disbursement = models.CharField(max_length=39)
    amount_fen = models.BigIntegerField()
    recovered_before_fen = models.BigIntegerField()
    basis = models.CharField(max_length=200)
    obligation = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            *two_persons("debt"),
            models.UniqueConstraint(fields=["disbursement"], condition=Q(withdrawn_at=None), name="debt_one_a_payment"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, recovered_before_fen__gte=0) & ~Q(basis=""), name="debt_says_what"
            ),
        ]


class Recall(Proposal):
    """A payment that its bank is asked to give back; one at a time, ordered by one person and confirmed by another."""

    disbursement = models.CharField(max_length=39)
    reason = models.CharField(max_length=4)
    basis = models.CharField(max_length=105)
    state = models.CharField(max_length=10)
    sent_times = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(maker="") & (Q(checker__isnull=True) | ~Q(checker=F("maker"))), name="recall_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(sent_times=0, sent_at=None)
                | Q(sent_times__gt=0, sent_at__isnull=False, checker__isnull=False, withdrawn_at=None),
                name="recall_sent_once_signed",
            ),
            models.CheckConstraint(condition=Q(state__in=_RECALL_STATES) & ~Q(basis=""), name="recall_says_what"),
            models.UniqueConstraint(
                fields=["disbursement"], condition=~Q(state__in=_RECALL_ENDED), name="recall_one_a_payment"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "changed_at"], name="recall_open")]


class SetOff(models.Model):
    """A debt taken out of a payment: `payment` is reserved anew as `rest` and `part`, the part answers for `debt`.

    `debt` is the payment that has to be paid back. Until the checker confirms there is neither rest nor part.
    """

    id = models.CharField(primary_key=True, max_length=39)
    payment = models.CharField(max_length=39)
    debt = models.CharField(max_length=39)
    rest = models.CharField(max_length=39, blank=True)
    part = models.CharField(max_length=39, unique=True, null=True)
    amount_fen = models.BigIntegerField()
    maker = models.CharField(max_length=40)
    made_at = models.DateTimeField(null=True)
    checker = models.CharField(max_length=40, null=True)
    withdrawn_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *two_persons("set_off"),
            models.UniqueConstraint(fields=["payment"], condition=Q(withdrawn_at=None), name="set_off_one_a_payment"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0) & ~Q(payment=F("debt")), name="set_off_of_another"),
            models.CheckConstraint(
                condition=Q(checker=None, part=None, settled_at=None) | Q(checker__isnull=False, part__isnull=False),
                name="set_off_parts_once_signed",
            ),
        ]


class DayClose(models.Model):
    """A day of one channel as two persons signed it; `digest` fixes the `summary`: counts, sums, what stays open."""

    id = models.CharField(primary_key=True, max_length=39)
    day = models.DateField()
    channel = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    summary = models.JSONField()
    maker = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    checker = models.CharField(max_length=40, null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(maker="") & (Q(checker__isnull=True) | ~Q(checker=F("maker"))), name="day_closed_by_two"
            ),
            models.UniqueConstraint(
                fields=["day", "channel"], condition=Q(checker__isnull=False), name="day_closed_once"
            ),
        ]
