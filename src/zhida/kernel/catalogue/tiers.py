"""The tier of a revision, computed anew from its pack and from the facts that others have recorded about it."""

from __future__ import annotations

from django.db.models import Sum

from zhida.domain import packs
from zhida.kernel.catalogue import shelf
from zhida.kernel.catalogue.models import PackRevision, SignOff


def tier_of(revision_id: str) -> packs.Tier:
    """The tier with what is missing for the next one."""
    root = shelf.root_of(revision_id)
    (pack,) = root.packs.values()
    replays = PackRevision.objects.filter(id=revision_id).aggregate(
        cases=Sum("replays__cases"), agreed=Sum("replays__agreed")
    )
    evidence = packs.ReplayEvidence(replays["cases"], replays["agreed"]) if replays["cases"] else None
    is_read = SignOff.objects.filter(revision_id=revision_id).exists()
    return packs.tier_of(root, pack, replayed=evidence, read_by_owner=is_read)


def tier_now(row: PackRevision) -> str:
    """The name of the tier."""
    return str(tier_of(row.id).tier)
