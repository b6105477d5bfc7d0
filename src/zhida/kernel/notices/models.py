"""Notices and the messages that carry them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class NoticeBatch(models.Model):
    """One mass outreach: every notice of it is proven by the one root in the ledger."""

    id = models.CharField(primary_key=True, max_length=40)
    item = models.CharField(max_length=200)
    office = models.CharField(max_length=120, blank=True)
    template = models.CharField(max_length=40)
    root = models.CharField(max_length=80)
    notices = models.PositiveIntegerField()
    entry_id = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=40)


class Notice(models.Model):
    """What a subject (or an officer's account) is told, in both languages, from the day it is due.

    `key` is what it is about; the same news never reaches the same reader twice.
    """

    id = models.CharField(primary_key=True, max_length=40)
    key = models.CharField(max_length=320, unique=True)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, null=True, db_index=False, related_name="+")
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, db_index=False, related_name="+")
    template = models.CharField(max_length=40)
    item = models.CharField(max_length=200, blank=True)
    case_id = models.CharField(max_length=40, blank=True)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    body_zh = models.TextField()
    body_en = models.TextField()
    batch = models.ForeignKey(NoticeBatch, models.PROTECT, null=True, related_name="rows")
    written_at = models.DateTimeField()
    due_on = models.DateField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(subject=None, account__isnull=False) | Q(subject__isnull=False, account=None),
                name="notice_has_one_reader",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "due_on"], name="notice_subject_day"),
            models.Index(fields=["account", "due_on"], name="notice_account_day"),
        ]


class Message(models.Model):
    """A notice on its way over a channel outside, and how it went."""

    id = models.CharField(primary_key=True, max_length=40)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=8)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=8)
    reference = models.CharField(max_length=120, blank=True)
    failure = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notice_message_once_a_channel"),
            models.CheckConstraint(condition=Q(channel__in=["email", "sms"]), name="notice_message_channel_known"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "failed"]), name="notice_message_state_known"
            ),
            models.CheckConstraint(condition=~Q(address=""), name="notice_message_has_address"),
        ]
