"""Telling people what changed for them between two runs, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import groupby

from zhida.domain.packs import Pack
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements.records import Change, Difference
from zhida.kernel.entitlements.runs import differences, screened
from zhida.kernel.notices import actions as notices
from zhida.kernel.notices.records import Addressee
from zhida.kernel.notices.templates import amount_words

_NOT_KNOWN = ("尚待确定", "not yet known")
_ALL = Scope.system("telling what changed")


def tell_differences(*, run_id: str, previous_id: str, by: Actor, as_of: datetime) -> dict[Change, int]:
    """Sends a notice to everyone whose standing in a run is another than in the run before; how many by change.

    Each item's notices are one batch with one root. Telling the same run again tells nobody twice, and what was cut off
    goes on. Raises ConflictError `no_such_run`.
    """
    revisions = {one.item_id: one.revision_id for run in (previous_id, run_id) for one in screened(run, scope=_ALL)}
    told: dict[Change, int] = defaultdict(int)
    found = differences(run_id, previous_id, scope=_ALL)
    for (item_id, change), some in groupby(found, key=lambda one: (one.item_id, one.change)):
        report = notices.send_batch(
            batch_id=new_id("outreach"),
            item_id=item_id,
            template=change.value,
            occasion=run_id,
            item_words=item_words(catalogue.revision(revisions[item_id]), item_id),
            addressees=[Addressee(one.subject_id, values=_values(one)) for one in some],
            by=by,
            as_of=as_of,
        )
        told[change] += report.sent
    return dict(told)


def item_words(pack: Pack, item_id: str) -> dict[str, tuple[str, str]]:
    """What a notice says of an item, in both languages."""
    name = item_id.rpartition("/")[2]
    zh = pack.words["zh"].items[name]
    en = pack.words["en"].items[name] if "en" in pack.words else zh
    return {"item": (zh.title, en.title), "how_much": (zh.how_much, en.how_much)}


def _values(one: Difference) -> dict[str, str | tuple[str, str]]:
    if one.change is not Change.AMOUNT_CHANGED:
        return {}
    amounts = {"amount": one.amount_fen, "amount_before": one.amount_before_fen}
    return {name: _NOT_KNOWN if fen is None else amount_words(fen) for name, fen in amounts.items()}
