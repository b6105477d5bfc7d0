"""What of an item a population is asked: the conditions that facts decide, its amount, its limits.

Nobody can know today which evidence will convince a reviewer: those conditions count as met, and take-up carries the
doubt. Windows say in which year an item is open, and not on which day of it the question is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zhida.domain.packs import Group, Item, Quota, Schedule
from zhida.domain.rules import Literal, Program, Schema
from zhida.domain.rules.schema import FactType, Scalar
from zhida.domain.values import Span

_ALWAYS = Span()


@dataclass(frozen=True)
class Offer:
    """One item as a simulation sees it. `is_once` says that a subject gets it once in its life; `group` names the
    stacking group, "" for none; `budget_line` where the money comes from; `assumed` are requirements held to be met."""

    id: str
    program: Program
    quota: Quota | None = None
    group: str = ""
    schedule: Schedule | None = None
    is_once: bool = False
    budget_line: str = ""
    assumed: tuple[str, ...] = ()


def offer_of(item: Item) -> Offer:
    """The offer of an item."""
    program = item.program
    decided = tuple(one for one in program.requires if one.kind == "computed")
    asked = replace(program, requires=decided, quota=False, valid=_ALWAYS, window=_ALWAYS)
    assumed = tuple(one.name for one in program.requires if one.kind in ("evidenced", "judged"))
    is_once = any("subject" in key and not {"year", "month"} & {*key} for key in item.once_per)
    return Offer(item.id, asked, item.quota, item.group, item.schedule, is_once, item.budget_line, assumed)


def assuming(schema: Schema, assume: Mapping[str, Scalar]) -> Schema:
    """The schema, by which facts are what is assumed wherever nobody has told them."""
    facts = {name: _told(schema.facts[name], value) for name, value in assume.items() if name in schema.facts}
    return replace(schema, facts={**schema.facts, **facts}) if facts else schema


def held_as_of(schema: Schema, day: date) -> Schema:
    """The schema, each of whose parameters has on any date what it has on a day: rules laid on a time before them."""
    series = {
        name: replace(one, rows=tuple(replace(row, effective=date.min) for row in one.in_force(day).values()))
        for name, one in schema.parameters.items()
    }
    return replace(schema, parameters=series)


def _told(fact: FactType, value: Scalar) -> FactType:
    plain = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    kind = "boolean" if isinstance(plain, bool) else fact.kind
    return replace(fact, expression=Literal(kind, plain), derived="inlined", supplied_wins=True)  # type: ignore[arg-type]


def is_open(item: Item, year: int) -> bool:
    """Whether an item can be claimed on any day of a calendar year."""
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    spans = (item.window, item.program.valid)
    start = max([first, *(span.start for span in spans if span.start)])
    last = min([end, *(span.end for span in spans if span.end)])
    return start < last


def rule_of(group: Group | None) -> tuple[str, int | None]:
    """A group's rule and cap in fen."""
    return ("", None) if group is None else (group.rule, group.cap_fen)


def grouped(offers: Mapping[str, Offer]) -> dict[str, tuple[str, ...]]:
    """The offers of each group by id, of those groups that have more than one here or cap what one gives."""
    found: dict[str, tuple[str, ...]] = {}
    for name, offer in sorted(offers.items()):
        if offer.group:
            found[offer.group] = (*found.get(offer.group, ()), name)
    return found
