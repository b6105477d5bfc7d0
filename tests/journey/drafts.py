"""Run inside the installation: a draft that the demonstration leaves under way, so that its pages have something."""

from datetime import datetime
from pathlib import Path

from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.services.authoring import checking, working
from zhida.surfaces.cli.folders import read_files
from zhida.surfaces.cli.groundwork.drafts_begun import begin_drafts

PACKS = Path(__file__).parents[2] / "packs"
LOOKED_UP = "mingzhou/job-retention-refund"


def drafted(as_of: datetime) -> dict[str, object]:
    """The oldest draft and an entry of each kind; a draft is begun where there is none."""
    if not working.drafts(None):
        begin_drafts(read_files(PACKS), as_of=as_of)
    draft = working.draft(working.drafts(None)[-1].id, None)
    pack = checking.read(draft).pack
    assert pack is not None
    found = {"requirements": pack.requirements, "items": pack.items, "tables": pack.schema.tables}
    entries = [[kind, next(iter(names))] for kind, names in found.items() if names]
    looked_up = _looked_up(draft.office, as_of)
    return {"draft": draft.id, "draft_entries": [*entries, ["words", "pack"]], "looked_up": looked_up}


def _looked_up(office: str, as_of: datetime) -> list[str]:
    """A draft of a pack with a table and a value by date, and the names of the two."""
    known = [one for one in working.drafts(None) if one.pack_id == LOOKED_UP]
    draft_id = known[0].id if known else new_id("draft")
    if not known:
        by = Actor(accounts.account_named("author").id, "author", office=office)
        files = {path: body for path, body in read_files(PACKS).items() if path.startswith(f"{LOOKED_UP}/")}
        working.begin(draft_id=draft_id, pack_id=LOOKED_UP, title="稳岗返还", files=files, by=by, as_of=as_of)
    pack = checking.read(working.draft(draft_id, None)).pack
    assert pack is not None
    return [draft_id, next(iter(pack.schema.tables)), "layoff_target"]
