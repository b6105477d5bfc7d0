"""What a run came to: sums alone, nobody in particular. As records for code and as JSON for keeping."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from zhida.domain.proofs import canonical_json


@dataclass(frozen=True)
class OfferFigures:
    """One item in one world. `entitled` by the rules alone, `unknown_amount` of them with an amount that facts do not
    tell; `asked_fen` after stacking, were all to claim; `granted` who gets it after take-up and quota; sums in fen."""

    item: str
    entitled: int
    possible: int
    unknown_amount: int
    asked_fen: int
    claims: int
    claimed_fen: int
    granted: int
    granted_fen: int


@dataclass(frozen=True)
class Shift:
    """A world against the first: how many subjects gain and lose and how many fen, who comes in and who falls out."""

    winners: int
    gained_fen: int
    losers: int
    lost_fen: int
    newly: int
    dropped: int


@dataclass(frozen=True)
class WorldFigures:
    """One world: its items, how many subjects get anything and how many fen, the forecast of what is asked for
    (`claims`, `fen`: low, middle, high; `short_permille` years of a thousand in which the budget does not suffice),
    and the shift against the first world."""

    name: str
    words: Mapping[str, str]
    take_up: tuple[str, str, str]
    offers: tuple[OfferFigures, ...]
    subjects: int
    fen: int
    claims: tuple[int, int, int]
    asked: tuple[int, int, int]
    short_permille: int
    shift: Shift | None


@dataclass(frozen=True)
class CellFigures:
    """A cell of a breakdown, as `domain.scenarios.Cell`: one count and one sum a world."""

    code: str
    counts: tuple[int, ...]
    fen: tuple[int, ...]
    below: tuple[CellFigures, ...] = ()
    folded: int = 0


@dataclass(frozen=True)
class Outcome:
    """A whole run. `years` gives for each world the fen that fall due year by year, the first being `year`;
    `breakdowns` give for each dimension its top cell; cells of fewer subjects than `bound` are folded."""

    year: int
    subjects: int
    bound: int
    worlds: tuple[WorldFigures, ...]
    breakdowns: Mapping[str, CellFigures]
    years: tuple[tuple[int, ...], ...] = ()
    assumed: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """As JSON; without the shifts that are too small to show, and all that they would give away."""
        told = asdict(self)
        told["worlds"] = [{**world, "shift": _shown(world["shift"], self.bound)} for world in told["worlds"]]
        return told

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the record."""
        return hashlib.sha256(canonical_json(self.record())).hexdigest()


def _shown(shift: dict[str, int] | None, bound: int) -> dict[str, int] | None:
    """A shift, its small counts as -1; where one is, the sums too: the one could be told from the other."""
    if shift is None:
        return None
    counts = ("winners", "losers", "newly", "dropped")
    small = {name for name in counts if 0 < shift[name] < bound}
    hidden = small | ({"gained_fen", "lost_fen"} if small else set())
    return {name: -1 if name in hidden else value for name, value in shift.items()}


def read_outcome(record: Mapping[str, Any]) -> Outcome:
    """What `record` wrote; -1 stands for what was too small to keep."""
    return Outcome(
        record["year"],
        record["subjects"],
        record["bound"],
        tuple(map(_world, record["worlds"])),
        {name: _cell(cell) for name, cell in record["breakdowns"].items()},
        tuple(tuple(fen) for fen in record["years"]),
        tuple(record["assumed"]),
    )


def _world(record: Mapping[str, Any]) -> WorldFigures:
    offers = tuple(OfferFigures(**offer) for offer in record["offers"])
    triples = {name: tuple(record[name]) for name in ("take_up", "claims", "asked")}
    shift = None if record["shift"] is None else Shift(**record["shift"])
    return WorldFigures(**{**record, **triples, "offers": offers, "shift": shift})


def _cell(record: Mapping[str, Any]) -> CellFigures:
    below = tuple(map(_cell, record["below"]))
    return CellFigures(record["code"], tuple(record["counts"]), tuple(record["fen"]), below, record["folded"])
