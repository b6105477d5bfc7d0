"""A whole made-up population: subjects of each kind, and one table for each source that speaks of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pyarrow as pa

from zhida.domain.registers.columns import arrow_field
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import CHINA, CodeTree, SubjectKind
from zhida.services.demonstration.generation.codes import citizen_numbers, credit_codes, distinct, ids
from zhida.services.demonstration.generation.draws import Values, coarsened, leaves
from zhida.services.demonstration.generation.portraits import Portrait
from zhida.services.demonstration.generation.relations import Ledgers, column_of, draw_records, settle
from zhida.services.demonstration.generation.sittings import Sitting


@dataclass(frozen=True)
class SourceTable:
    """What one source says of one kind on one date: `subject` (id), then facts by written key. It leaves nobody out."""

    source: str
    kind: SubjectKind
    observed_on: date
    table: pa.Table


@dataclass(frozen=True)
class Population:
    """`subjects` by kind: id, region, name, credit_code, number. `tables`: all that their sources say."""

    subjects: Mapping[SubjectKind, pa.Table]
    tables: tuple[SourceTable, ...]


def generate(
    *,
    seed: int,
    organisations: int,
    persons: int,
    households: int,
    shapes: Mapping[str, Shape],
    trees: Mapping[str, CodeTree],
    portraits: Mapping[SubjectKind, Portrait],
    observed_on: date,
) -> Population:
    """Draws a population. The same arguments give the same tables; counts are subjects, not rows.

    Every attribute of `shapes` that a source supplies gets a value, by its portrait or else by its kind. `trees` holds
    the dictionary's code trees, `region` among them. Codes and numbers have right check digits and made-up places.
    """
    counts = {
        SubjectKind.ORGANISATION: organisations,
        SubjectKind.PERSON: persons,
        SubjectKind.HOUSEHOLD: households,
    }
    sitters: dict[SubjectKind, Sitting] = {}
    for kind, count in counts.items():
        portrait = portraits.get(kind, Portrait(kind))
        places = _places(portrait, trees["region"], count, seed)
        sitters[kind] = Sitting(portrait, shapes, trees, seed=seed, observed_on=observed_on, places=places)
    books = {kind: _records(sitter, sitters) for kind, sitter in sitters.items()}
    for kind, ledgers in books.items():
        for ledger in ledgers:
            settle(sitters[kind], ledger)
    moment = datetime.combine(observed_on, time(), CHINA)
    named = {kind: ids("subject", sitter.count, moment, sitter.rng("id")) for kind, sitter in sitters.items()}
    names: dict[SubjectKind, Values] = {}
    for kind in (SubjectKind.PERSON, SubjectKind.ORGANISATION, SubjectKind.HOUSEHOLD):
        names[kind] = _names(sitters[kind], books[kind], names, trees["region"])
    subjects = {kind: _identities(sitter, named[kind], names[kind]) for kind, sitter in sitters.items()}
    tables = [table for kind in sitters for table in _tables(sitters[kind], books[kind], named)]
    return Population(subjects, tuple(tables))


def _places(portrait: Portrait, tree: CodeTree, count: int, seed: int) -> Values:
    rng = np.random.default_rng([seed, len(portrait.kind)])
    codes, odds = leaves(
        tree, {str(code): float(weight) for code, weight in portrait.region.get("weights", {}).items()}
    )
    if not portrait.region.get("weights"):
        odds = rng.lognormal(0.0, 0.6, len(codes))
        odds /= odds.sum()
    drawn = codes[rng.choice(len(codes), size=count, p=odds)]
    return coarsened(drawn, tree, 1 - float(portrait.region.get("precise", 0.9)), rng)


def _records(sitter: Sitting, sitters: Mapping[SubjectKind, Sitting]) -> list[Ledgers]:
    relations = [shape for shape in sitter.shapes.values() if shape.kind == "relation"]
    asked = [shape for shape in relations if sitter.portrait.facts.get(shape.name) != "nothing"]
    return [draw_records(sitter, shape, sitters) for shape in asked]


def _names(sitter: Sitting, ledgers: list[Ledgers], names: Mapping[SubjectKind, Values], regions: CodeTree) -> Values:
    """Texts put together from the portrait's parts, one for each subject."""
    written = sitter.portrait.name
    parts = written if isinstance(written, list) else [written or f"{sitter.kind}"]
    result = np.full(sitter.count, "", dtype=object)
    for place, part in enumerate(parts):
        result = result + _part(part, f"name/{place}", sitter, ledgers, names, regions)
    if not written:
        result = result + np.arange(1, sitter.count + 1).astype(str).astype(object)
    return result


def _part(
    part: Any,
    stream: str,
    sitter: Sitting,
    ledgers: list[Ledgers],
    names: Mapping[SubjectKind, Values],
    regions: CodeTree,
) -> Values:
    if isinstance(part, str):
        return np.full(sitter.count, part, dtype=object)
    rng = sitter.rng(stream)
    match part:
        case {"pick": list(words)}:
            return np.array(words, dtype=object)[rng.integers(0, len(words), sitter.count)]
        case {"place": int(digits)}:
            called = [regions.names.get(code[:digits].ljust(6, "0"), "") for code in sitter.places]
            return np.array(called, dtype=object)
        case {"by": str(name), **lists}:
            return _by(sitter.quantity(name), lists, rng)
        case {"first": str(relation)}:
            return _first(relation, sitter, ledgers, names)
    raise ValueError(f"no such part of a name: {part}")


def _by(keys: Values, lists: Mapping[Any, Any], rng: np.random.Generator) -> Values:
    chosen = rng.random(len(keys))
    words = [lists[key][int(share * len(lists[key]))] for key, share in zip(keys, chosen, strict=True)]
    return np.array(words, dtype=object)


def _first(relation: str, sitter: Sitting, ledgers: list[Ledgers], names: Mapping[SubjectKind, Values]) -> Values:
    """The name of the first subject that a relation's records name, "" where there is none."""
    result = np.full(sitter.count, "", dtype=object)
    book = next(one for one in ledgers if one.shape.name == relation)
    if book.linked is not None:
        parents, first = np.unique(book.parents, return_index=True)
        result[parents] = names[book.linked.kind][book.members[first]]
    return result


def _identities(sitter: Sitting, named: Values, names: Values) -> pa.Table:
    places = np.array([int(code[:6]) for code in sitter.places], dtype=np.int64)
    rng = sitter.rng("code")
    codes = numbers = pa.nulls(sitter.count, pa.string())
    if sitter.kind is SubjectKind.ORGANISATION:
        codes = pa.array(credit_codes(places, distinct(rng, sitter.count, 10**8)), type=pa.string())
    if sitter.kind is SubjectKind.PERSON and sitter.portrait.number:
        born_on = sitter.quantity(sitter.portrait.number["born_on"])
        numbers = pa.array(_numbers(places, born_on, rng), type=pa.string())
    columns = [pa.array(named, type=pa.string()), pa.array(sitter.places, type=pa.string())]
    names_of = ["id", "region", "name", "credit_code", "number"]
    return pa.table([*columns, pa.array(names, type=pa.string()), codes, numbers], names=names_of)


def _numbers(places: Values, born_on: Values, rng: np.random.Generator) -> Values:
    """Citizen numbers, each person of one place and day with a serial of their own."""
    days = born_on.astype("datetime64[D]").astype(np.int64)
    order = np.lexsort((days, places))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (places[order][1:] != places[order][:-1]) | (days[order][1:] != days[order][:-1])
    starts = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    serials = np.empty(len(order), dtype=np.int64)
    serials[order] = np.arange(len(order)) - starts
    return citizen_numbers(places, born_on, serials + 1)


def _tables(sitter: Sitting, ledgers: list[Ledgers], named: Mapping[SubjectKind, Values]) -> Iterator[SourceTable]:
    gathered: dict[str, list[tuple[str, Shape, pa.Array]]] = {}
    for shape, key, values in sitter.columns():
        gathered.setdefault(shape.owner, []).append((str(key), shape, values))
    for ledger in ledgers:
        values = column_of(sitter, ledger, named)
        gathered.setdefault(ledger.shape.owner, []).append((ledger.shape.name, ledger.shape, values))
    subjects = pa.array(named[sitter.kind], type=pa.string())
    for source, columns in sorted(gathered.items()):
        fields = [pa.field("subject", pa.string()), *(arrow_field(key, shape) for key, shape, _ in columns)]
        table = pa.table([subjects, *(values for _, _, values in columns)], schema=pa.schema(fields))
        yield SourceTable(source, sitter.kind, sitter.observed_on, table)
