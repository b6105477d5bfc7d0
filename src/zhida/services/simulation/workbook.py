"""A run as a workbook (ECMA-376, XLSX): what it rests on, the comparison, the items, the years ahead, each cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import TypeAlias

from openpyxl import Workbook

from zhida.domain.values import safe_cell
from zhida.services.simulation.abreast import abreast
from zhida.services.simulation.outcome import HIDDEN, CellFigures, Outcome, Rationed

Row: TypeAlias = Sequence[str | int]
COMPARED = (
    *("scenario", "take_up", "subjects", "fen", "asked_low", "asked_middle", "asked_high", "short_permille"),
    *("winners", "gained_fen", "losers", "lost_fen", "newly", "dropped"),
)
ITEMS = (
    *("scenario", "item", "entitled", "possible", "unknown_amount", "asked_fen"),
    *("claims", "claimed_fen", "granted", "granted_fen"),
)
YEARS = (
    *("scenario", "item", "year", "entitled", "came_in", "dropped_out", "begun", "due_fen", "carried_fen"),
    *("limit_fen", "places", "order", "year_asked", "waited", "left", "left_over", "lapsed", "unmet_fen"),
)
ALLOWED = ("limit_fen", "places", "begun", "due_fen", "unmet_fen", "waiting", "refused")
WORDS = ("first_come", "pro_rata", "ranked", "wait", "refuse")
HEADS = frozenset(
    {"about", "compared", "items", "ahead", "abreast", "code", "name", *COMPARED, *ITEMS, *YEARS, *ALLOWED, *WORDS}
)
"""What a caller must have words for."""
_LONGEST_NAME = 31


def workbook(
    outcome: Outcome,
    names: Mapping[str, str],
    heads: Mapping[str, str],
    made_at: datetime,
    about: Sequence[str] = (),
) -> bytes:
    """The workbook's bytes. Sums are whole fen, as numbers; what was too small to keep is empty.

    `names` are what people call cuts and codes (by `key` and `key:code`), scenarios (by `scenario:name`) and items (by
    `item:id`), `heads` what they call the columns and sheets of HEADS; `about` says what the run rests on.
    """
    book = Workbook()
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    book.remove(book.active)
    _sheet(book, heads["compared"], _compared(outcome, names, heads))
    if len(outcome.ahead) > 1:
        _sheet(book, heads["abreast"], _abreast(outcome, names, heads))
    _sheet(book, heads["items"], _items(outcome, names, heads))
    if outcome.ahead:
        _sheet(book, heads["ahead"], _ahead(outcome, names, heads))
    for key, cell in outcome.breakdowns.items():
        _sheet(book, names.get(key, key), _cut(outcome, key, cell, names, heads))
    if about:
        _sheet(book, heads["about"], ([words] for words in about))
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _sheet(book: Workbook, name: str, rows: Iterator[Row]) -> None:
    sheet = book.create_sheet(name[:_LONGEST_NAME])
    for row in rows:
        sheet.append([_safe(value) for value in row])


def _safe(value: str | int) -> object:
    """No cell is a formula, whoever named it; what was too small to keep is empty."""
    return "" if value == HIDDEN else safe_cell(value)


def _compared(outcome: Outcome, names: Mapping[str, str], heads: Mapping[str, str]) -> Iterator[Row]:
    yield [heads[head] for head in COMPARED]
    for world in outcome.worlds:
        moved = () if world.shift is None else vars(world.shift).values()
        share = "–".join(dict.fromkeys(world.take_up))
        name = names[f"scenario:{world.name}"]
        yield [name, share, world.subjects, world.fen, *world.asked, world.short_permille, *moved]


def _items(outcome: Outcome, names: Mapping[str, str], heads: Mapping[str, str]) -> Iterator[Row]:
    yield [heads[head] for head in ITEMS]
    for world in outcome.worlds:
        for offer in world.offers:
            _, *figures = vars(offer).values()
            yield [names[f"scenario:{world.name}"], names.get(f"item:{offer.item}", offer.item), *figures]


def _ahead(outcome: Outcome, names: Mapping[str, str], heads: Mapping[str, str]) -> Iterator[Row]:
    """Every year of every item and scenario; what does not limit a year is an empty cell."""
    yield [heads[head] for head in YEARS]
    for world, years in outcome.ahead.items():
        for one in years:
            _, year, *figures, held = vars(one).values()
            begins = [names[f"scenario:{world}"], names.get(f"item:{one.item}", one.item), year]
            yield [*begins, *figures, *(_rationed(held, heads) if held else [""] * 9)]


def _abreast(outcome: Outcome, names: Mapping[str, str], heads: Mapping[str, str]) -> Iterator[Row]:
    """A row for each year of each item, scenarios beside each other; what does not limit a year is an empty cell."""
    worlds = [*outcome.ahead]
    titles = [names[f"scenario:{world}"] for world in worlds]
    yield [heads["item"], heads["year"], *(f"{title} {heads[head]}" for title in titles for head in ALLOWED)]
    rows: dict[tuple[str, int], dict[str, Row]] = {}
    for one in abreast(outcome.ahead):
        limits = ["" if each is None else each for each in (one.limit_fen, one.places)]
        figures = [*limits, one.begun, one.paid_fen, one.cut_fen, one.waiting, one.refused]
        rows.setdefault((one.item, one.year), {})[one.scenario] = figures
    for (item, year), found in rows.items():
        figures = [value for world in worlds for value in found.get(world, [""] * len(ALLOWED))]
        yield [names.get(f"item:{item}", item), year, *figures]


def _rationed(held: Rationed, heads: Mapping[str, str]) -> Row:
    limits = ["" if each is None else each for each in (held.limit_fen, held.places)]
    order, left = heads[held.order] if held.order else "", heads["wait" if held.waits else "refuse"]
    return [*limits, order, held.asked, held.waited, held.left, left, held.lapsed, held.unmet_fen]


def _cut(
    outcome: Outcome, key: str, top: CellFigures, names: Mapping[str, str], heads: Mapping[str, str]
) -> Iterator[Row]:
    scenarios = [names[f"scenario:{world.name}"] for world in outcome.worlds]
    yield [heads["code"], heads["name"], *(f"{one} {heads[head]}" for one in scenarios for head in ("subjects", "fen"))]
    for depth, cell in walk(top):
        name = names.get(f"{key}:{cell.code}", cell.code)
        figures = (figure for pair in zip(cell.counts, cell.fen, strict=True) for figure in pair)
        yield [cell.code, "　" * depth + name, *figures]


def walk(top: CellFigures, depth: int = 0) -> Iterator[tuple[int, CellFigures]]:
    """A cell and all below it, with how deep they stand."""
    yield depth, top
    for cell in top.below:
        yield from walk(cell, depth + 1)
