"""Publishing packs from a folder into the catalogue of an installation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.packs import Pack, revision_of
from zhida.domain.packs.proposals import PROPOSALS, open_proposals
from zhida.domain.values import Actor
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.catalogue import queries
from zhida.surfaces.cli.folders import open_root, read_files, sound_pack


def publish_folder(folder: Path, only: Iterable[str], *, by: Actor, as_of: datetime) -> Iterator[dict[str, Any]]:
    """Publishes what a pack root shares, regions and offices included, then the packs named; tells of each.

    Without names all that are sound are published. `is_new` is False for a revision that was there already. Raises
    AuthorError for a pack below bronze, and, before anything is published, for drafts with open proposals, all named.
    """
    root = open_root(folder)
    names = list(only)
    chosen = [sound_pack(root, name) for name in names or root.packs]
    _refuse_open_proposals(chosen)
    catalogue.publish_shared(files=read_files(folder), by=by, as_of=as_of)
    for pack in chosen:
        known = {record.id for record in queries.revisions(pack.id)}
        identity = catalogue.publish(revision=revision_of(root, pack), by=by, as_of=as_of)
        record = queries.revision_record(identity)
        yield {
            "pack": pack.id,
            "revision": identity,
            "number": record.number,
            "hash": record.hash,
            "tier": record.tier,
            "is_new": identity not in known,
        }


def _refuse_open_proposals(packs: list[Pack]) -> None:
    hint = "zhida pack settle tells and settles them; or name the packs that are to be published"
    found = [
        Problem(f"{pack.id}/{PROPOSALS}", 0, 0, "open_proposal", each.told, hint, each.anchor)
        for pack in packs
        for each in open_proposals(pack.files)
    ]
    if found:
        raise AuthorError(found)
