"""Who is selected where places or money are limited, and with how much: by rank, by arrival, or each a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.items import Item, Quota
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.values import Facts

LAST = (1, Decimal(0))


@dataclass(frozen=True)
class Claimed:
    """One who waits for selection: what is known of it, when it was handed in, and what it would get by itself."""

    facts: Facts
    handed_in_at: datetime
    asked_fen: int = 0


@dataclass(frozen=True)
class Place:
    """What a round gives a claim: its place from 1 (equals share one), whether it is in, and with how many fen.

    `allotted_fen` is None where the quota limits places and not money.
    """

    place: int
    is_selected: bool
    allotted_fen: int | None = None


def release(
    item: Item, claims: Mapping[str, Claimed], as_of: date, *, places_taken: int = 0, allotted_fen: int = 0
) -> dict[str, Place]:
    """Who gets what in a round, best first, after what earlier rounds have given.

    Nobody overtakes: once a claim does not fit, none after it is in. Compared number by number as the quota says; an
    unknown number comes last. Raises InvariantBroken for an item without a quota.
    """
    quota = item.quota
    if quota is None:
        raise InvariantBroken("no_quota", f"{item.id} has no quota to rank for")
    left = None if quota.total_fen is None else max(0, quota.total_fen - allotted_fen)
    if quota.order == "pro_rata" and left is not None:
        shares = share_out({name: claim.asked_fen for name, claim in claims.items()}, left)
        return {name: Place(1, shares[name] > 0, shares[name]) for name in sorted(claims)}
    found: dict[str, Place] = {}
    is_open = True
    for equals in _ordered(item, quota, claims, as_of):
        place = len(found) + 1
        asked_fen = sum(claims[name].asked_fen for name in equals)
        is_open = is_open and _fits(quota, places_taken + place, len(equals))
        is_open = is_open and (left is None or asked_fen <= left)
        left = left - asked_fen if left is not None and is_open else left
        for name in equals:
            given = claims[name].asked_fen if is_open else 0
            found[name] = Place(place, is_open, None if left is None else given)
    return found


def _fits(quota: Quota, first: int, equals: int) -> bool:
    """Whether so many equals fit from a place on; at the line, `ties` decides."""
    last = first if quota.ties == "all_in" else first + equals - 1
    return quota.n is None or last <= quota.n


def _ordered(item: Item, quota: Quota, claims: Mapping[str, Claimed], as_of: date) -> list[list[str]]:
    """The claims in order, equals together; of those handed in at one instant none is before another but by its id."""
    if quota.order == "first_come":
        return [[name] for name in sorted(claims, key=lambda name: (claims[name].handed_in_at, name))]
    keys = {name: _key(item, quota, claim.facts, as_of) for name, claim in claims.items()}
    return [
        list(equals) for _, equals in groupby(sorted(claims, key=lambda name: (keys[name], name)), keys.__getitem__)
    ]


def share_out(asked: Mapping[str, int], total_fen: int) -> dict[str, int]:
    """A total shared out by what each asked for, to the fen: nobody gets more than asked, and nothing of it is left.

    Where all fits, each gets what was asked. Else shares are cut to whole fen, and what remains goes fen by fen to
    those who lost most by the cut, equals in the order of their names.
    """
    sum_fen = sum(asked.values())
    if sum_fen <= total_fen:
        return dict(asked)
    shares = {name: divmod(fen * total_fen, sum_fen) for name, fen in asked.items()}
    rest = total_fen - sum(whole for whole, _ in shares.values())
    first = frozenset(sorted(asked, key=lambda name: (-shares[name][1], name))[:rest])
    return {name: shares[name][0] + (name in first) for name in asked}


def _key(item: Item, quota: Quota, facts: Facts, as_of: date) -> tuple[tuple[int, Decimal], ...]:
    evaluation = Evaluation(Subject(item.program.schema, facts, as_of), item.within)
    values = [(evaluation.value(ranking.value), ranking.high_first) for ranking in quota.by]
    return tuple((0, -value if high else value) if isinstance(value, Decimal) else LAST for value, high in values)
