"""How much is measured: a small province in a few minutes, or a whole one."""

from __future__ import annotations

import re
from dataclasses import dataclass

SEED = 1


@dataclass(frozen=True)
class Scale:
    """So many organisations and items; `budget_s` is what one peer may take for one round, of `rounds`."""

    name: str
    organisations: int
    items: int
    budget_s: float
    rounds: int

    @property
    def folder(self) -> str:
        """What belongs to it is kept under this name."""
        return f"{self.organisations}x{self.items}"

    @property
    def pairs(self) -> int:
        """Decisions, regions not considered."""
        return self.organisations * self.items


SCALES = {
    "small": Scale("small", 200_000, 2_000, 1.5, 2),
    "tiny": Scale("tiny", 20_000, 1_000, 1.0, 2),
    "province": Scale("province", 4_300_000, 18_857, 60.0, 3),
}


def scale_of(name: str) -> Scale:
    """A scale by its name, or one written like 500000x4000. Raises KeyError for anything else."""
    if found := re.fullmatch(r"(\d+)x(\d+)", name):
        return Scale(name, int(found[1]), int(found[2]), 20.0, 2)
    return SCALES[name]
