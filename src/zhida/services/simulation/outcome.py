"""What a run came to: sums alone, nobody in particular. As records for code and as JSON for keeping."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from zhida.domain.proofs import canonical_json

HIDDEN = -1


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
    (`claims`, `asked`: low, middle, high; `short_permille` years of a thousand in which the budget does not suffice),
    what falls `due` of it year by year in fen, and the shift against the first world."""

    name: str
    words: Mapping[str, str]
    take_up: tuple[str, str, str]
    offers: tuple[OfferFigures, ...]
    subjects: int
    fen: int
    claims: tuple[int, int, int]
    asked: tuple[int, int, int]
    short_permille: int
    due: tuple[int, ...]
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
class Granted:
    """What was really granted of an item in the year: to how many subjects, and how many fen."""

    item: str
    subjects: int
    fen: int


@dataclass(frozen=True)
class Rationed:
    """What held an item back in one year (`limit_fen`, `places`, None for neither; `order` "" then) and what that did:
    claims made, of them `waited` from a year before, `left` without, who wait for the next year where `waits`, or are
    refused; `lapsed` waited and are not entitled any more; `unmet_fen` is what was asked of the year and not paid."""

    limit_fen: int | None
    places: int | None
    order: str
    waits: bool
    asked: int
    waited: int
    left: int
    lapsed: int
    unmet_fen: int


@dataclass(frozen=True)
class YearFigures:
    """One item in one year: who is entitled, who came in and who dropped out since the year before, how many claims
    begin, and the fen that fall due, of claims begun earlier too. Counts below the bound are HIDDEN. `rationed` is None
    where nothing holds the item back in any year."""

    item: str
    year: int
    entitled: int
    came_in: int
    dropped_out: int
    begun: int
    due_fen: int
    carried_fen: int
    rationed: Rationed | None = None


@dataclass(frozen=True)
class Outcome:
    """A whole run. `breakdowns` give for each dimension its top cell; cells of fewer subjects than `bound` are folded.
    `granted` is what was really granted in the year, to lay beside it; `assumed` are requirements held to be met;
    `ahead` are the years to come by world, where they were asked for."""

    year: int
    subjects: int
    bound: int
    worlds: tuple[WorldFigures, ...]
    breakdowns: Mapping[str, CellFigures]
    assumed: tuple[str, ...] = ()
    granted: tuple[Granted, ...] = ()
    ahead: Mapping[str, tuple[YearFigures, ...]] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As JSON; -1 stands for what is told of fewer subjects than the bound, and for all that would give it away."""
        told = asdict(self)
        if not self.ahead:
            del told["ahead"]  # so that the digest of a run of one year is what it ever was
        for one in (one for years in told.get("ahead", {}).values() for one in years if one["rationed"] is None):
            del one["rationed"]  # and that of years which nothing holds back
        is_small = [0 < world.subjects < self.bound for world in self.worlds]
        told["worlds"] = [
            _hidden(world, self.bound, gives_away=is_small[0] or small)
            for world, small in zip(told["worlds"], is_small, strict=True)
        ]
        told["granted"] = [_few(one, self.bound) for one in told["granted"]]
        told["breakdowns"] = {name: _top(cell, self.bound) for name, cell in told["breakdowns"].items()}
        return told

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the record."""
        return hashlib.sha256(canonical_json(self.record())).hexdigest()


def _hidden(world: dict[str, Any], bound: int, *, gives_away: bool) -> dict[str, Any]:
    """A world without its small figures; its shift `gives_away` them where it or the first world has such."""
    offers = [_offer(offer, bound) for offer in world["offers"]]
    told = {**world, "offers": offers, "shift": _shown(world["shift"], bound, gives_away)}
    is_small = 0 < world["subjects"] < bound
    claims_small = any(0 < count < bound for count in world["claims"])
    told |= {"subjects": HIDDEN, "fen": HIDDEN, "due": []} if is_small else {}
    return told | ({"claims": [HIDDEN] * 3, "asked": [HIDDEN] * 3} if is_small or claims_small else {})


def _few(one: dict[str, Any], bound: int) -> dict[str, Any]:
    return one | ({"subjects": HIDDEN, "fen": HIDDEN} if 0 < one["subjects"] < bound else {})


def _offer(offer: dict[str, Any], bound: int) -> dict[str, Any]:
    """An item's figures without the small counts, and without the sums that stand on them."""
    pairs = (("entitled", "asked_fen"), ("claims", "claimed_fen"), ("granted", "granted_fen"))
    small = [name for pair in pairs if 0 < offer[pair[0]] < bound for name in pair]
    small += [name for name in ("possible", "unknown_amount") if 0 < offer[name] < bound]
    return offer | dict.fromkeys(small, HIDDEN)


def _top(cell: dict[str, Any], bound: int) -> dict[str, Any]:
    """The cell of everybody; what is below it has no small cells already, but where it is small itself."""
    small = [0 < count < bound for count in cell["counts"]]
    if not any(small):
        return cell
    shown = {
        name: [HIDDEN if hide else value for value, hide in zip(cell[name], small, strict=True)]
        for name in ("counts", "fen")
    }
    return {**cell, **shown, "below": []}


def _shown(shift: dict[str, int] | None, bound: int, gives_away: bool) -> dict[str, int] | None:
    """A shift, its small counts hidden; where one is, the sums too: the one could be told from the other."""
    if shift is None:
        return None
    counts = ("winners", "losers", "newly", "dropped")
    small = {name for name in counts if 0 < shift[name] < bound}
    hidden = small | ({"gained_fen", "lost_fen"} if small or gives_away else set())
    return {name: HIDDEN if name in hidden else value for name, value in shift.items()}


def read_outcome(record: Mapping[str, Any]) -> Outcome:
    """What `record` wrote; HIDDEN stands for what was too small to keep."""
    return Outcome(
        record["year"],
        record["subjects"],
        record["bound"],
        tuple(map(_world, record["worlds"])),
        {name: _cell(cell) for name, cell in record["breakdowns"].items()},
        tuple(record["assumed"]),
        tuple(Granted(**one) for one in record["granted"]),
        _ahead(record),
    )


def _ahead(record: Mapping[str, Any]) -> dict[str, tuple[YearFigures, ...]]:
    """The years to come in the order of the worlds, which a database's JSON does not keep."""
    found = record.get("ahead", {})
    names = [world["name"] for world in record["worlds"] if world["name"] in found]
    return {name: tuple(map(_year, found[name])) for name in names}


def _year(record: Mapping[str, Any]) -> YearFigures:
    held = record.get("rationed")
    return YearFigures(**{**record, "rationed": None if held is None else Rationed(**held)})


def _world(record: Mapping[str, Any]) -> WorldFigures:
    offers = tuple(OfferFigures(**offer) for offer in record["offers"])
    triples = {name: tuple(record[name]) for name in ("take_up", "claims", "asked", "due")}
    shift = None if record["shift"] is None else Shift(**record["shift"])
    return WorldFigures(**{**record, **triples, "offers": offers, "shift": shift})


def _cell(record: Mapping[str, Any]) -> CellFigures:
    below = tuple(map(_cell, record["below"]))
    return CellFigures(record["code"], tuple(record["counts"]), tuple(record["fen"]), below, record["folded"])
