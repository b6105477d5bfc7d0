"""The Django app of search."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Public documents, found by words, sounds and numbers."""

    name = "zhida.kernel.search"
    label = "search"
