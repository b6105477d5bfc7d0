"""The Django app of feedback."""

from __future__ import annotations

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """What people said of pages, and what they were answered."""

    name = "zhida.services.feedback"
    label = "feedback"
