"""The worlds that one run compares: the chosen items of each scenario, and the programs that all of them need once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Group, Item
from zhida.domain.rules import Program, Schema
from zhida.domain.scenarios import Offer, Scenario, TakeUp, offer_of
from zhida.domain.scenarios.offers import assuming, held_as_of, is_open


@dataclass(frozen=True)
class World:
    """One scenario's offers by item id, as they stand in one year; `place` tells the worlds of a run apart."""

    place: int
    name: str
    words: Mapping[str, str]
    take_up: TakeUp
    offers: Mapping[str, Offer]
    groups: Mapping[str, Group]


def worlds_of(
    scenarios: Sequence[Scenario], item_ids: Sequence[str], year: int, rules_on: date | None = None
) -> tuple[World, ...]:
    """A world for each scenario, the first what others are measured against; items that are shut all year are out.
    With `rules_on` windows and parameters are those of that day, whichever day the population is asked on.

    Raises ConflictError `no_such_item` for an item that a scenario's packs do not hold, `kinds_differ` where the items
    are not all for one kind of subject.
    """
    kinds = {_item(scenarios[0], item_id).audience for item_id in item_ids}
    if len(kinds) != 1:
        words = f"the items are for {', '.join(sorted(kinds)) or 'nobody'}"
        raise ConflictError("kinds_differ", words, "simulate the items of one kind of subject at a time")
    found, schemas = [], dict[object, Schema]()
    for place, scenario in enumerate(scenarios):
        items = [_item(scenario, item_id) for item_id in sorted(item_ids)]
        open_items = [item for item in items if is_open(item, rules_on.year if rules_on else year)]
        offers = {item.id: _offer(item, scenario, schemas, rules_on) for item in open_items}
        found.append(World(place, scenario.name, scenario.words, scenario.take_up, offers, scenario.groups))
    return tuple(found)


def _offer(item: Item, scenario: Scenario, schemas: dict[object, Schema], rules_on: date | None) -> Offer:
    """The item's offer; those that assume the same of one pack share one schema."""
    offer, held = offer_of(item), item.program.schema
    key = (id(held), tuple(sorted(scenario.assume.items(), key=str)))
    if key not in schemas:
        schema = assuming(held, scenario.assume)
        schemas[key] = held_as_of(schema, rules_on) if rules_on else schema
    return replace(offer, program=replace(offer.program, schema=schemas[key]))


def _item(scenario: Scenario, item_id: str) -> Item:
    pack_id, _, name = item_id.rpartition("/")
    pack = scenario.packs.get(pack_id)
    if pack is None or name not in pack.items:
        raise ConflictError("no_such_item", f"no item {item_id} in {scenario.name}", "look at the items in force")
    return pack.items[name]


@dataclass(frozen=True)
class Asked:
    """The programs of all worlds, each once: `of` gives the place of the program of a world's offer."""

    programs: tuple[Program, ...]
    of: Mapping[tuple[int, str], int]


def asked_by(worlds: Sequence[World]) -> Asked:
    """What a population is asked. Worlds that leave an item alone share its program, and are answered at once."""
    places: dict[object, int] = {}
    programs: list[Program] = []
    of = {}
    for world, offer in _offers(worlds):
        key = (offer.id, id(offer.program.schema), offer.program.amount, offer.program.requires)
        if key not in places:
            places[key] = len(programs)
            programs.append(replace(offer.program, item=f"{world.place}:{offer.id}"))
        of[world.place, offer.id] = places[key]
    return Asked(tuple(programs), of)


def _offers(worlds: Sequence[World]) -> Iterator[tuple[World, Offer]]:
    for world in worlds:
        for offer in world.offers.values():
            yield world, offer
