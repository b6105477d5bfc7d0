"""Run inside the installation: a draft that the demonstration leaves under way, so that its pages have something."""

from datetime import datetime
from pathlib import Path

from zhida.services.authoring import checking, working
from zhida.surfaces.cli.folders import read_files
from zhida.surfaces.cli.groundwork.drafts_begun import begin_drafts

PACKS = Path(__file__).parents[2] / "packs"


def drafted(as_of: datetime) -> dict[str, object]:
    """The oldest draft and an entry of each kind; a draft is begun where there is none."""
    if not working.drafts(None):
        begin_drafts(read_files(PACKS), as_of=as_of)
    draft = working.draft(working.drafts(None)[-1].id, None)
    pack = checking.read(draft).pack
    assert pack is not None
    found = {"requirements": pack.requirements, "items": pack.items, "tables": pack.schema.tables}
    entries = [[kind, next(iter(names))] for kind, names in found.items() if names]
    return {"draft": draft.id, "draft_entries": [*entries, ["words", "pack"]]}
