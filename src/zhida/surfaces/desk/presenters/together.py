"""Cases of one kind decided together: those that can, those that cannot and why, their sum, and what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from zhida.domain.values import Actor, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.registry import queries as registry
from zhida.services.controls.kinship import apart_from
from zhida.services.worklists import batches
from zhida.services.worklists.batches import BatchRecord, Candidate
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.worklist import name_of
from zhida.surfaces.desk.records import BatchDesk, BatchLine
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.policies import title_of

WHY: Mapping[str, str] = {
    "own": "与您或您申报的人有关，要回避",
    "not_entitled": "按规则不能同意，或还缺信息",
    "amount_unknown": "金额还算不出",
    "step_failed": "有一步没有通过",
    "changed": "刚刚有人办过",
}


def to_hold(item: str, position: int, by: Actor, officer: Officer, as_of: datetime, batch_id: str = "") -> BatchDesk:
    """What could go into a batch now; its id draws those that are looked at first."""
    found = batches.candidates(
        item, position, by.office, scope=officer.scope, by=by, as_of=as_of, apart=apart_from(by.account, as_of=as_of)
    )
    return _page(batch_id or new_id("together"), item, position, found, officer, is_held=False, ended="")


def held(record: BatchRecord, officer: Officer, as_of: datetime) -> BatchDesk:
    """A batch that was made: what of it can still go."""
    by = Actor(officer.account, officer.role, office=record.office)
    found = batches.candidates(
        record.item, record.position, record.office, scope=officer.scope, by=by, as_of=as_of,
        apart=apart_from(by.account, as_of=as_of),
    )  # fmt: skip
    mine = [one for one in found if one.case.id in record.case_ids]
    ended = ""
    if record.ended_at is not None:
        ended = say("已撤回，什么也没有办") if record.done is None else say("已办 {n} 件", n=record.done)
    return _page(record.id, record.item, record.position, mine, officer, is_held=True, ended=ended)


def _page(
    batch_id: str, item: str, position: int, found: list[Candidate], officer: Officer, *, is_held: bool, ended: str
) -> BatchDesk:
    fit = [one for one in found if not one.exception]
    drawn = batches.sample_of([one.case.id for one in fit], batch_id)
    names = registry.subjects([one.case.subject_id for one in found], scope=officer.scope)
    lines = {
        one.case.id: BatchLine(
            one.case.id,
            one.case.version,
            reverse("desk:case", args=[one.case.id]),
            name_of(names, one.case.subject_id),
            one.amount_fen,
            one.case.id in drawn,
            say(WHY[one.exception]) if one.exception else "",
        )
        for one in found
    }
    pinned = catalogue.pinned_item(found[0].case.revision_id, item) if found else None
    return BatchDesk(
        id=batch_id,
        item=title_of(pinned.pack, pinned.item) if pinned else Text(item, "en"),
        step=say("决定") if position == batches.DECISION else say("审核"),
        lines=tuple(sorted((lines[one.case.id] for one in fit), key=lambda line: (not line.is_sample, line.id))),
        exceptions=tuple(lines[one.case.id] for one in found if one.exception),
        total_fen=sum(one.amount_fen or 0 for one in fit),
        is_held=is_held,
        ended=ended,
    )
