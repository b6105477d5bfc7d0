"""What years to come have to spend: a budget and places for each, how they are shared out, what becomes of the rest.

    years:
      mingzhou/research-rebate/rebate:
        order: ranked                                     # first_come, pro_rata; left out: as the item's own quota
        by: [{value: staff_count(year - 1), first: high}] # what `ranked` goes by; left out: as the item's own quota
        ties: none_in                                     # at the line: none of the equals, or all_in
        left_over: wait                                   # or refuse
        2027: {total_yuan: 5000000, n: 200}
        2028: {total_yuan: 8000000}

A year that is not named has what the item's own quota gives, and nothing to hold it back where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from zhida.domain.packs import Item, Pack, Quota, Ranking
from zhida.domain.packs.checks.rules import gathered
from zhida.domain.packs.reading.expressions import parse_placed, place_of
from zhida.domain.packs.reading.items import ORDERS, TIES
from zhida.domain.packs.source.fields import Fields, as_number, nearest
from zhida.domain.packs.source.nodes import Problems
from zhida.domain.rules import NUMBER, Literal, bound_names, check
from zhida.domain.sentences import tell

WAIT, REFUSE = "wait", "refuse"
MOST_FEN, MOST_PLACES = 10**15, 10**9
_YEAR = re.compile(r"^(19|20|21)\d\d$")


@dataclass(frozen=True)
class Limit:
    """What one year has: so many fen, so many places; None for what is not limited."""

    total_fen: int | None = None
    n: int | None = None


@dataclass(frozen=True)
class Plan:
    """The years of one item. `order` "" is that of the item's own quota, and first come where it has none; `waits` says
    whether those who are not reached wait for the next year, or are refused."""

    limits: Mapping[int, Limit] = field(default_factory=dict)
    order: str = ""
    by: tuple[Ranking, ...] = ()
    ties: str = "none_in"
    waits: bool = True

    def quota(self, own: Quota | None, year: int) -> Quota | None:
        """What holds a year back: the plan over the item's own quota; None for nothing."""
        limit = self.limits.get(year, Limit())
        total_fen = own.total_fen if own and limit.total_fen is None else limit.total_fen
        n = own.n if own and limit.n is None else limit.n
        order = self.order or (own.order if own else "first_come")
        if order == "pro_rata":
            return Quota(None, (), "none_in", order, total_fen) if total_fen is not None else None
        by, ties = (self.by, self.ties) if self.by or own is None else (own.by, own.ties)
        if total_fen is None and n is None:
            return None
        return Quota(n, by if order == "ranked" else (), ties if order == "ranked" else "none_in", order, total_fen)


NO_PLAN = Plan()


def read_plans(top: Fields, packs: Mapping[str, Pack], problems: Problems) -> dict[str, Plan]:
    """The plans by item id that stand below `years`; mistakes go to `problems`."""
    items = {item.id: item for pack in packs.values() for item in pack.items.values()}
    found = {}
    for item_id, spot, node in top.record("years", required=False).rest():
        if item_id in items:
            found[item_id] = _plan(Fields(node, problems, item_id, spot), items[item_id])
        else:
            problems.add(spot, "unknown_name", tell("no item {name} here", name=item_id), nearest(item_id, [*items]))
    return found


def _plan(fields: Fields, item: Item) -> Plan:
    order = fields.choice("order", ORDERS, "") if "order" in fields else ""
    by = tuple(_ranking(below, item) for below in fields.records("by", required=False))
    ties = fields.choice("ties", TIES, "none_in")
    waits = fields.choice("left_over", (WAIT, REFUSE), WAIT) == WAIT
    order = order or ("ranked" if by else "")
    if by and order != "ranked":
        words = tell("{where}: {order} looks at no numbers", where=fields.where, order=order)
        fields.wrong(fields.spot_of("by"), "unknown_key", words, "order: ranked")
    if order == "ranked" and not by and not (item.quota and item.quota.by):
        words = tell("{item} says nothing to rank by", item=item.name)
        fields.wrong(fields.spot_of("by"), "missing_key", words, "by: [{value: staff_count, first: high}]")
    limits = {}
    for key, spot, node in fields.rest():
        below = Fields(node, fields.problems, f"{fields.where}.{key}", spot)
        if not _YEAR.match(key):
            words = tell("{key} is no year from {first} to {last}", key=key, first=1900, last=2199)
            fields.wrong(spot, "malformed", words)
            continue
        limits[int(key)] = _limit(below)
        if order == "pro_rata" and limits[int(key)].n is not None:
            words = tell("{where} limits nothing that it can share", where=below.where)
            below.wrong(spot, "quota_without_limit", words, "pro_rata shares out money, not places")
    return Plan(limits, order, by, ties, waits)


def _limit(fields: Fields) -> Limit:
    total = fields.typed("total_yuan", _fen, tell("a sum in yuan"), None, required=False)
    places = fields.typed("n", _places, tell("a whole number"), None, required=False)
    fields.close()
    return Limit(total, places)


def _fen(text: str) -> int | None:
    value = as_number(text)
    fen = value * 100 if value is not None else Decimal(-1)
    return int(fen) if fen == fen.to_integral_value() and 0 <= fen <= MOST_FEN else None


def _places(text: str) -> int | None:
    value = as_number(text)
    return int(value) if value is not None and value == int(value) and 0 <= value <= MOST_PLACES else None


def _ranking(fields: Fields, item: Item) -> Ranking:
    placed = fields.placed("value")
    node = parse_placed(placed, fields.problems)
    first = fields.choice("first", ("high", "low"))
    fields.close()
    if node is None or placed is None:
        return Ranking(Literal("number", Decimal(0)), "", True)
    names, place = bound_names(item.program), place_of(placed.spot)
    gathered(fields.problems, partial(check, node, item.program.schema, place, expects=NUMBER, bound=names))
    return Ranking(node, placed.text, first == "high")
