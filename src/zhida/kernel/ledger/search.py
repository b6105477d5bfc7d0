"""Finding facts: by kind, by what they are about, by who acted for which office, by day. For auditors: no scope."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from zhida.kernel.ledger.models import Entry
from zhida.kernel.ledger.queries import RecordedFact, facts_of


class Wanted(NamedTuple):
    """What a fact must be to be found; an empty part asks nothing. `since` is included, `until` is not."""

    kind: str = ""
    about: str = ""
    account: str = ""
    office: str = ""
    since: datetime | None = None
    until: datetime | None = None


def search(wanted: Wanted, *, before: str = "", limit: int = 50) -> tuple[RecordedFact, ...]:
    """The facts that fit, the newest first, from before a fact's id on. Acts whose doer was erased are not found by it.

    Kind and about go by an index; who acted is read out of the fields, so name a kind or days with it in a large log.
    """
    rows = _rows(wanted).order_by("-id")
    rows = rows.filter(pk__lt=before) if before else rows
    return facts_of(rows[:limit])


def _rows(wanted: Wanted) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    if wanted.about.startswith("entry_"):
        rows = rows.filter(Q(about=wanted.about) | Q(pk=wanted.about))
    elif wanted.about:
        rows = rows.filter(about=wanted.about)
    rows = rows.filter(kind=wanted.kind) if wanted.kind else rows
    rows = rows.filter(at__gte=wanted.since) if wanted.since else rows
    rows = rows.filter(at__lt=wanted.until) if wanted.until else rows
    for name, value in (("account", wanted.account), ("office", wanted.office)):
        rows = rows.filter(payload__fields__contains=f'"{name}":"{value}"') if value else rows
    return rows
