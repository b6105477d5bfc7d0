"""The outbox's one table: messages, from waiting to done or parked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Message(models.Model):
    """An effect to be carried out. While `lease` is set, one pump has it; an expired lease brings it back."""

    class State(models.TextChoices):
        """Where a message stands; parked is the dead-letter box: a person must look."""

        WAITING = "waiting"
        DONE = "done"
        PARKED = "parked"

    id = models.CharField(primary_key=True, max_length=39)
    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    payload = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=39, blank=True)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    enqueued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="message_key_once"),
            models.CheckConstraint(
                condition=models.Q(lease="", leased_until=None)
                | ~models.Q(lease="") & models.Q(leased_until__isnull=False),
                name="message_lease_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "done", "parked"]), name="message_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state="waiting"), name="message_waiting"),
        ]
