"""Keeping a draft, opening it again on any device, and letting it go.

A draft belongs to a subject and an item, so that whoever may apply for the subject goes on where another stopped. It is
no fact: nothing is written into the ledger until it is handed in, and then it is dropped. Who may read or write it is
the surface's to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from zhida.domain.values import utc
from zhida.services.drafts.models import DraftField, DraftPaper

KEPT_FOR = timedelta(days=90)
LONGEST = 4_000
"""Characters of one field that are kept; more than any question takes."""


@dataclass(frozen=True)
class KeptPaper:
    """A document of a draft; `origin` is the id of what it was taken from, "" where it was uploaded."""

    requirement: str
    name: str
    media_type: str
    origin: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Draft:
    """What stands in a draft: texts by field, documents by requirement, and when it was last touched."""

    fields: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, KeptPaper] = field(default_factory=dict)
    kept_at: datetime | None = None


def draft(subject_id: str, item_id: str, *, as_of: datetime) -> Draft:
    """The draft of a subject for an item, an empty one where there is none or it is older than KEPT_FOR."""
    since = utc(as_of) - KEPT_FOR
    fields = DraftField.objects.filter(subject=subject_id, item=item_id, kept_at__gte=since)
    papers = DraftPaper.objects.filter(subject=subject_id, item=item_id, kept_at__gte=since)
    touched = [row.kept_at for row in (*fields, *papers)]
    return Draft({row.name: row.text for row in fields}, {row.requirement: _kept(row) for row in papers},
                 max(touched, default=None))  # fmt: skip


def drafts_of(subject_ids: Collection[str], *, as_of: datetime) -> dict[tuple[str, str], datetime]:
    """The drafts of some subjects: when each was last touched, by subject and item."""
    found: dict[tuple[str, str], datetime] = {}
    for table in (DraftField, DraftPaper):
        rows = table.objects.filter(subject__in=list(subject_ids), kept_at__gte=utc(as_of) - KEPT_FOR)
        for subject, item, kept_at in rows.values_list("subject", "item", "kept_at"):
            found[subject, item] = max(found.get((subject, item), kept_at), kept_at)
    return found


@transaction.atomic
def keep(*, subject_id: str, item_id: str, fields: Mapping[str, str], as_of: datetime) -> None:
    """Keeps fields as they were typed, each over what it held before; what has grown old is let go."""
    _forget_old(as_of)
    for name, text in fields.items():
        place = {"subject": subject_id, "item": item_id, "name": name[:80]}
        DraftField.objects.update_or_create(**place, defaults={"text": text[:LONGEST], "kept_at": utc(as_of)})


@transaction.atomic
def keep_paper(*, subject_id: str, item_id: str, paper: KeptPaper, as_of: datetime) -> None:
    """Keeps a document for a requirement in place of the one before."""
    _forget_old(as_of)
    place = {"subject": subject_id, "item": item_id, "requirement": paper.requirement[:80]}
    told = {"name": paper.name[-200:], "media_type": paper.media_type[:100], "origin": paper.origin}
    DraftPaper.objects.update_or_create(**place, defaults={**told, "body": paper.body, "kept_at": utc(as_of)})


@transaction.atomic
def drop(*, subject_id: str, item_id: str) -> None:
    """Lets the whole draft go."""
    for table in (DraftField, DraftPaper):
        table.objects.filter(subject=subject_id, item=item_id).delete()


def _forget_old(as_of: datetime) -> None:
    for table in (DraftField, DraftPaper):
        table.objects.filter(kept_at__lt=utc(as_of) - KEPT_FOR).delete()


def _kept(row: DraftPaper) -> KeptPaper:
    return KeptPaper(row.requirement, row.name, row.media_type, row.origin, bytes(row.body))
