"""Scenarios side by side in every year to come: what each year's money and places allow, and whom that leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhida.services.simulation.outcome import HIDDEN, YearFigures


@dataclass(frozen=True)
class Allowed:
    """One scenario in one year of an item. `limit_fen` and `places` hold it back, None for what is not limited; `begun`
    claims are reached; of `paid_fen`, `carried_fen` go to claims begun before; `cut_fen` are asked for and not paid;
    of those not reached `waiting` wait for the next year, `refused` are out. HIDDEN where the year hides it."""

    scenario: str
    item: str
    year: int
    limit_fen: int | None
    places: int | None
    begun: int
    carried_fen: int
    paid_fen: int
    cut_fen: int
    waiting: int
    refused: int


def abreast(ahead: Mapping[str, Sequence[YearFigures]]) -> tuple[Allowed, ...]:
    """The years of a run, each year of an item with its scenarios one after the other, in the order of the run; none
    where fewer than two scenarios look ahead."""
    if len(ahead) < 2:
        return ()
    found = [_allowed(name, one) for name, years in ahead.items() for one in years]
    items = {item: place for place, item in enumerate(dict.fromkeys(one.item for one in found))}
    return tuple(sorted(found, key=lambda one: (items[one.item], one.year)))


def in_all(years: Iterable[Allowed]) -> int:
    """What a scenario's years pay of an item together, HIDDEN where one of them hides it."""
    paid = [one.paid_fen for one in years]
    return HIDDEN if HIDDEN in paid else sum(paid)


def _allowed(scenario: str, one: YearFigures) -> Allowed:
    held = one.rationed
    limits = (held.limit_fen, held.places) if held else (None, None)
    cut, left, waits = (held.unmet_fen, held.left, held.waits) if held else (0, 0, False)
    paid = (one.begun, one.carried_fen, one.due_fen, cut)
    return Allowed(scenario, one.item, one.year, *limits, *paid, left if waits else 0, 0 if waits else left)
