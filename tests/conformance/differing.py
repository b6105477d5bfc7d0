"""In what a policy written anew decides otherwise than the hand-written pack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.conformance.rebuilding import Rebuilder
from zhida.domain.packs import Item, Pack
from zhida.domain.packs.golden import run_case
from zhida.domain.rules import Assessment, write


def differing(before: Pack, now: Pack, names: Rebuilder) -> list[str]:
    """The golden cases of a pack that another one, written anew, answers otherwise, and the quotas that differ."""
    pairs = [(one, now.items[names.items[name]]) for name, one in before.items.items()]
    found = [
        f"{one.name}: {_rationed(one, names)}" for one, other in pairs if _rationed(one, names) != _rationed(other)
    ]
    for case in before.golden:
        rulings = {names.requirements.get(name, name): told for name, told in case.rulings.items()}
        for name, expected in case.expected.items():
            item = now.items[names.items[name]]
            mine = replace(case, rulings=rulings, expected={item.name: expected})
            old = run_case(case, before.items[name], before.items[name].program).actual
            new = run_case(mine, item, item.program).actual
            if _told(old) != _told(new):
                found.append(f"{name}, {case.name}: {_told(old)} → {_told(new)}")
    return found


def _rationed(item: Item, names: Rebuilder | None = None) -> Any:
    """For how many an item is and who comes first, by the desk's names: no golden case ranks."""
    one = item.quota
    by = [(write(names.renamed(key.value) if names else key.value), key.high_first) for key in one.by] if one else []
    return one and (one.n, one.total_fen, one.order, one.ties, by)


def _told(one: Assessment | None) -> Any:
    """What a subject is told and gets, record by record too."""
    return one and (one.answer, one.amount, one.amount_fen, [(at, _told(each)) for at, each in one.each])
