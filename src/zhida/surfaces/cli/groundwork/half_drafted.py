"""A draft half done, for the demonstration's author: from `_drafts/<office>/<slug>.txt` of a pack root."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zhida.domain.packs.proposals import State
from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.services.authoring import working
from zhida.surfaces.desk.presenters.readings import SURE
from zhida.surfaces.desk.presenters.settling import ACCEPT, proposals_of
from zhida.surfaces.desk.settlement import settle
from zhida.surfaces.desk.taking_in import take_in

FOLDER = "_drafts/"
AUTHOR = "author"


def begin_drafts(files: Mapping[str, bytes], *, as_of: datetime) -> int:
    """Begins a draft of every text below `_drafts/` and settles the first half of what is sure in it; how many."""
    account = accounts.account_named(AUTHOR)
    texts = {path: data for path, data in files.items() if path.startswith(FOLDER)}
    if account is None:
        return 0
    for path, data in texts.items():
        _, office, name = path.split("/")
        by = Actor(account.id, "author", office=office)
        taken = take_in(name, data, offices=[office], slug=name.partition(".")[0], as_of=as_of, where="file")
        draft_id = new_id("draft")
        working.begin(
            draft_id=draft_id, pack_id=taken.pack_id, title=taken.title, files=taken.files, by=by, as_of=as_of,
            base=taken.base, source=taken.source, sha256=taken.sha256, notes=taken.notes,
        )  # fmt: skip
        _settle_half(draft_id, by, as_of)
    return len(texts)


def _settle_half(draft_id: str, by: Actor, as_of: datetime) -> None:
    draft = working.draft(draft_id, None)
    sure = [one.id for one in proposals_of(draft) if one.state is State.OPEN and one.confidence >= SURE]
    words = dict.fromkeys(sure[: len(sure) // 2], ACCEPT)
    settled = settle(draft, words, {})
    told = {"accepted": list(settled.accepted)}
    working.write(
        draft_id=draft_id, version=draft.version, files=settled.files, by=by, as_of=as_of, why="draft.settled",
        told=told,
    )  # fmt: skip
