"""Finding facts: by kind, by what they are about, by who acted for which office, by day. For auditors: no scope."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from zhida.kernel.ledger.models import Entry
from zhida.kernel.ledger.queries import RecordedFact, facts_of

LOOKED_AT = 20_000
"""So many facts one search reads through for what no index knows: who acted, for which office, on which day."""


class Wanted(NamedTuple):
    """What a fact must be to be found; an empty part asks nothing. `since` is included, `until` is not."""

    kind: str = ""
    about: str = ""
    account: str = ""
    office: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Found(NamedTuple):
    """What a search found; `reached` is the id to go on before, where it read through as many as one search may."""

    facts: tuple[RecordedFact, ...]
    reached: str


def search(wanted: Wanted, *, before: str = "", limit: int = 50) -> Found:
    """The facts that fit, the newest first, from before a fact's id on. Acts whose doer was erased are not found by it.

    Kind and about go by an index. Who acted, the office and the days do not: they are looked for among the newest
    LOOKED_AT facts of that kind and about, and `reached` says how far that was.
    """
    indexed = _indexed(wanted).order_by("-id")
    indexed = indexed.filter(pk__lt=before) if before else indexed
    floor = ""
    if any((wanted.account, wanted.office, wanted.since, wanted.until)):
        floor = indexed.values_list("pk", flat=True)[LOOKED_AT - 1 : LOOKED_AT].first() or ""
    rows = _narrowed(indexed, wanted)
    found = facts_of(rows.filter(pk__gte=floor)[:limit] if floor else rows[:limit])
    return Found(found, floor if len(found) < limit else "")


def _indexed(wanted: Wanted) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    if wanted.about.startswith("entry_"):
        rows = rows.filter(Q(about=wanted.about) | Q(pk=wanted.about))
    elif wanted.about:
        rows = rows.filter(about=wanted.about)
    return rows.filter(kind=wanted.kind) if wanted.kind else rows


def _narrowed(rows: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    rows = rows.filter(at__gte=wanted.since) if wanted.since else rows
    rows = rows.filter(at__lt=wanted.until) if wanted.until else rows
    for name, value in (("account", wanted.account), ("office", wanted.office)):
        rows = rows.filter(payload__fields__contains=f'"{name}":"{value}"') if value else rows
    return rows
