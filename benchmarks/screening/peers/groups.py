"""Items in groups: of one region and few enough to be asked at once, cheap regions first."""

from __future__ import annotations

from benchmarks.screening.world import World


def by_region(world: World, most: int) -> list[list[int]]:
    """Groups of at most `most` items of one region, in the order of how many rows the region spans."""
    held: dict[str, list[int]] = {}
    for place, case in enumerate(world.cases):
        held.setdefault(case.region, []).append(place)
    rows = {name: sum(stop - start for start, stop in world.rows_of(world.cases[held[name][0]])) for name in held}
    ordered = sorted(held, key=lambda name: (rows[name], name))
    return [held[name][at : at + most] for name in ordered for at in range(0, len(held[name]), most)]


def by_pack(world: World, most: int) -> list[list[int]]:
    """Groups of `most` items in the order of their packs, whose items share requirements."""
    return [[*range(at, min(at + most, len(world.cases)))] for at in range(0, len(world.cases), most)]
