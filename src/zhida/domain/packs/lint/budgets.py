"""Budgets and quotas that cannot carry what the rules promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhida.domain.packs.items import Item
from zhida.domain.packs.lint.conditions import Conditions
from zhida.domain.packs.lint.findings import Finding, at_spot
from zhida.domain.packs.lint.places import spot_of
from zhida.domain.packs.lint.solving import Can
from zhida.domain.packs.pack import Pack
from zhida.domain.values import yuan


@dataclass(frozen=True)
class Load:
    """What a screening or a simulation counted: by item id, how many are entitled and to how much in fen (None where
    it was only counted); by budget line, how much there is, in fen."""

    entitled: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)


def budget_findings(pack: Pack, load: Load, fixed: Mapping[str, int]) -> Iterator[Finding]:
    """Lines of the pack that hold less than its items come to. `fixed` are amounts that are the same for everybody, for
    items that were only counted. A quota on the sum limits what an item comes to."""
    needed: dict[str, int] = {}
    last: dict[str, Item] = {}
    for item in pack.items.values():
        count, fen = load.entitled.get(item.id, (0, None))
        sum_fen = fen if fen is not None else count * fixed.get(item.name, 0)
        sum_fen = min(sum_fen, _limit_fen(item, sum_fen, count))
        needed[item.budget_line] = needed.get(item.budget_line, 0) + sum_fen
        last[item.budget_line] = item
    for line, sum_fen in needed.items():
        held = load.budgets.get(line)
        if line and held is not None and sum_fen > held:
            spot = spot_of(pack, "items.yaml", last[line].name, "budget_line")
            zh = (
                f"预算科目 {line} 只有 {yuan(held)} 元，符合条件的共需 {yuan(sum_fen)} 元，缺 {yuan(sum_fen - held)} 元"
            )
            en = f"{line} holds {yuan(held)} yuan, those entitled come to {yuan(sum_fen)}: {yuan(sum_fen - held)} short"
            yield at_spot(spot, "budget_too_small", zh, en, last[line].name)


def _limit_fen(item: Item, sum_fen: int, count: int) -> int:
    """What a quota leaves of a sum: the total said, or the share of the places."""
    if item.quota is None:
        return sum_fen
    limits = [item.quota.total_fen] if item.quota.total_fen is not None else []
    if item.quota.n is not None and count > item.quota.n:
        limits.append(sum_fen * item.quota.n // count)
    return min([sum_fen, *limits])


def quota_findings(pack: Pack, item: Item, conditions: Conditions | None) -> Iterator[Finding]:
    """Quotas of nothing, and places that the total cannot pay even at the lowest amount."""
    quota = item.quota
    if quota is None:
        return
    spot = spot_of(pack, "items.yaml", item.name, "quota")
    if 0 in (quota.n, quota.total_fen):
        zh, en = f"{item.name} 的名额或总额为零", f"the quota of {item.name} is nothing"
        yield at_spot(spot, "quota_zero", zh, en, item.name)
    elif conditions is not None and quota.n and quota.total_fen and item.program.amount is not None:
        amount = conditions.terms.term(item.program.amount)
        if conditions.never(conditions.entitled, amount * quota.n <= quota.total_fen):
            zh = f"{quota.n} 个名额，按最低金额也超过总额 {yuan(quota.total_fen)} 元"
            en = f"{quota.n} places come to more than {yuan(quota.total_fen)} yuan even at the lowest amount"
            yield at_spot(spot, "quota_above_total", zh, en, item.name)


def fixed_fen(conditions: Conditions) -> int | None:
    """The amount that everybody entitled gets, in fen; None where it differs, or nobody can tell."""
    amount: Any = conditions.item.program.amount
    if amount is None:
        return None
    term = conditions.terms.term(amount)
    found, model = conditions.solver.model(conditions.entitled)
    value = model.eval(term, model_completion=True) if found is Can.YES else None
    if value is None or not conditions.never(conditions.entitled, term != value):
        return None
    return int(str(value)) if str(value).isdigit() else None
