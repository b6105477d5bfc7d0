"""What the pages that lay places side by side show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.surfaces.look.language import Text


@dataclass(frozen=True)
class MeasureLine:
    """A measure that several places have."""

    name: Text
    href: str
    places: str
    count: int


@dataclass(frozen=True)
class Place:
    """One place's item of a measure."""

    item: str
    region: str
    title: Text
    href: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Aspect:
    """One row of a comparison: for each place its words and where they lead; `differs` says that they are not alike."""

    name: str
    cells: tuple[tuple[Text | str, str], ...]
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Items of one measure side by side, as they stand on a day."""

    name: Text
    as_of: date
    offered: tuple[Place, ...]
    places: tuple[Place, ...]
    aspects: tuple[Aspect, ...]
    calculator_href: str

    @property
    def rows(self) -> tuple[tuple[Aspect, tuple[tuple[Place, Text | str, str], ...]], ...]:
        """Each aspect with its cells named by their place, as a table on a phone needs them."""
        return tuple(
            (aspect, tuple((place, *cell) for place, cell in zip(self.places, aspect.cells, strict=True)))
            for aspect in self.aspects
        )

    @property
    def differences(self) -> int:
        """How many aspects differ."""
        return sum(aspect.differs for aspect in self.aspects)
