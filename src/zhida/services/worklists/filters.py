"""Filters of the worklist that an officer keeps by name."""

from __future__ import annotations

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.services.worklists.models import SavedFilter

MOST, LONGEST = 12, 300


@transaction.atomic
def save_filter(*, account: str, name: str, query: str) -> None:
    """Keeps a filter; one of the same name is replaced.

    Raises ConflictError `filter_malformed` or `too_many_filters`.
    """
    words = name.strip()[:40]
    if not words or not query or len(query) > LONGEST:
        raise ConflictError("filter_malformed", "a filter has a name and says what it keeps", "choose one, name it")
    rows = SavedFilter.objects.filter(account=account)
    if rows.exclude(name=words).count() >= MOST:
        raise ConflictError("too_many_filters", f"{MOST} filters are kept", "remove one first")
    SavedFilter.objects.update_or_create(account=account, name=words, defaults={"query": query})


def remove_filter(*, account: str, name: str) -> None:
    """Forgets a filter; one that is not there is forgotten already."""
    SavedFilter.objects.filter(account=account, name=name).delete()


def filters_of(account: str) -> tuple[tuple[str, str], ...]:
    """An officer's filters, by name: the name and the query that it stands for."""
    return tuple(SavedFilter.objects.filter(account=account).order_by("name").values_list("name", "query"))
