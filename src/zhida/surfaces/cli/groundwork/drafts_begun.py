"""Drafts under way, for the demonstration's author: from `_drafts/<office>/<slug>.txt` of a pack root.

One named `<slug>.settled.txt` has come nearly the whole way: all of it settled, its examples taken, its cost seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zhida.domain.packs import reading_digest
from zhida.domain.packs.example_files import ACCEPTED, accepted, write_examples
from zhida.domain.packs.proposals import State
from zhida.domain.values import Actor, Scope, local_date, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring import checking, working
from zhida.services.simulation.unpublished import kinds_of, run_unpublished
from zhida.surfaces.desk.presenters.readings import SURE
from zhida.surfaces.desk.presenters.settling import ACCEPT, CHANGE, proposals_of
from zhida.surfaces.desk.settlement import settle
from zhida.surfaces.desk.taking_in import take_in

FOLDER = "_drafts/"
AUTHOR = "author"
SETTLED = ".settled."


def begin_drafts(files: Mapping[str, bytes], *, as_of: datetime) -> int:
    """Begins a draft of every text below `_drafts/` and settles the first half of what is sure in it, or nearly all;
    how many."""
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
        if SETTLED in name:
            _go_far(draft_id, by, as_of)
        else:
            _settle_half(draft_id, by, as_of)
    return len(texts)


def _go_far(draft_id: str, by: Actor, as_of: datetime) -> None:
    """Accepts what was read, pays from the office's own budget line, takes the examples, and sees the cost."""
    draft = working.draft(draft_id, None)
    lines = {name: one for name, one in catalogue.root().dictionary.budget_lines.items() if one.owner == by.office}
    waiting = [one for one in proposals_of(draft) if one.state is State.OPEN]
    changed = {one.id: next(iter(lines)) for one in waiting if one.kind == "budget_line" and lines}
    words = {one.id: CHANGE if one.id in changed else ACCEPT for one in waiting}
    _write(draft_id, settle(draft, words, changed).files, by, as_of, "draft.settled")
    draft = working.draft(draft_id, None)
    report = checking.check(draft, local_date(as_of))
    pack, offered = report.reading.pack, [each for one in report.coverage for each in one.proposed]
    if pack is None or not offered:
        return
    _, whole = accepted(write_examples(offered), "", range(1, len(offered) + 1))
    _write(draft_id, {f"{pack.id}/{ACCEPTED}": whole.encode()}, by, as_of, "draft.examples_taken")
    for audience in kinds_of(pack):
        run_unpublished(
            report.reading.root, pack, audience, simulation_id=new_id("sim"), by=by, as_of=as_of,
            scope=Scope(frozenset({by.office}), None, None, "costing"), told={"reading": reading_digest(pack)},
        )  # fmt: skip


def _write(draft_id: str, files: Mapping[str, bytes | None], by: Actor, as_of: datetime, why: str) -> None:
    version = working.draft(draft_id, None).version
    working.write(draft_id=draft_id, version=version, files=files, by=by, as_of=as_of, why=why)


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
