"""The tier of a pack, computed anew from the pack and from the facts that others have recorded about its revision."""

from __future__ import annotations

from django.db.models import Sum

from zhida.domain import packs
from zhida.kernel.catalogue.models import PackRevision, SignOff


def tier_of(root: packs.Root) -> packs.Tier:
    """The tier of a revision's one pack, with what is missing for the next one.

    The owner's reading counts for every revision in which what it read is the same; a replay counts for its own alone.
    """
    (pack,) = root.packs.values()
    sums = PackRevision.objects.filter(hash=pack.hash).aggregate(
        decisions=Sum("replays__decisions"), agreed=Sum("replays__agreed"), explained=Sum("replays__explained")
    )
    evidence = None
    if sums["decisions"]:
        evidence = packs.ReplayEvidence(sums["decisions"], sums["agreed"] + sums["explained"])
    reading = packs.reading_digest(pack)
    is_read = SignOff.objects.filter(reading=reading, revision__policy=pack.id).exists()
    return packs.tier_of(root, pack, replayed=evidence, read_by_owner=is_read)
