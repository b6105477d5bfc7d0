"""Bits of stored rows turned, one at a time: is each found, are record and field right, and is nothing else accused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from random import Random

from zhida.domain.proofs import leaf_hash
from zhida.domain.proofs.rows import Row, check_row
from zhida.domain.proofs.tiles import WIDTH, ReadFile, bundle_path, entries_of

_COLUMNS = ("entry_id", "id", "kind", "about", "at", "digests", "fields")
_NAMES = {"entry_id": {"leaf.entry_id"}, "id": {"id", "leaf.entry_id"}}


def flip_rows(read: ReadFile, rows: Sequence[Row], positions: Iterable[int] | None = None) -> dict[str, int]:
    """Turns every single bit of the rows at `positions` (all where none are named) against the log's files.

    `{flips, located, false_alarms}`: located means that the record is named and the column or the fact's own field (for
    a flip inside a field's text that very one, or the column where the text no longer says which); a false alarm is a
    fault of a row as it stands, unturned.
    """
    flips = located = 0
    wanted = range(len(rows)) if positions is None else positions
    entries = [entry for at in range(0, len(rows), WIDTH) for entry in _entries(read, at // WIDTH, len(rows) - at)]
    alarms = sum(bool(check_row(row, leaf_hash(entry), entry)[0]) for row, entry in zip(rows, entries, strict=True))
    for position in wanted:
        for column, at, turned in _turned(rows[position]):
            flips += 1
            located += _is_located(rows[position], turned, column, at, entries[position])
    return {"flips": flips, "located": located, "false_alarms": alarms}


def flip_at_random(read: ReadFile, rows: Sequence[Row], flips: int, seed: int) -> dict[str, int]:
    """As `flip_rows`, with so many single bits drawn by the seed from a large log's rows."""
    random, located = Random(seed), 0
    entries = [entry for at in range(0, len(rows), WIDTH) for entry in _entries(read, at // WIDTH, len(rows) - at)]
    alarms = sum(bool(check_row(row, leaf_hash(entry), entry)[0]) for row, entry in zip(rows, entries, strict=True))
    for _ in range(flips):
        position = random.randrange(len(rows))
        row, column = rows[position], random.choice(_COLUMNS)
        data = str(getattr(row, column)).encode()
        at = random.randrange(len(data))
        turned = _with(row, column, data, at, random.randrange(8))
        located += _is_located(row, turned, column, at, entries[position])
    return {"flips": flips, "located": located, "false_alarms": alarms}


def _entries(read: ReadFile, index: int, left: int) -> list[bytes]:
    return entries_of(read(bundle_path(index, min(WIDTH, left))) or b"")


def _turned(row: Row) -> Iterable[tuple[str, int, Row]]:
    for column in _COLUMNS:
        data = str(getattr(row, column)).encode()
        for at in range(len(data)):
            for bit in range(8):
                yield column, at, _with(row, column, data, at, bit)


def _with(row: Row, column: str, data: bytes, at: int, bit: int) -> Row:
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    turned = row._replace(**{column: changed.decode(errors="replace")})
    if column == "entry_id":  # a leaf that points elsewhere finds no entry and no fields
        return turned._replace(id=None, kind=None, about=None, at=None, digests=None, fields=None)
    return turned._replace(kind=None, about=None, at=None, digests=None, id=None) if column == "id" else turned


def _is_located(row: Row, turned: Row, column: str, at: int, entry: bytes) -> bool:
    faults, _ = check_row(turned, leaf_hash(entry), entry)
    named = {(fault.first, fault.record) for fault in faults}
    if not faults or named != {(row.position, row.entry_id)}:
        return False
    fields = {fault.field for fault in faults}
    if column == "fields":
        return fields in ({_field_at(row, at)}, {"fields"})
    return fields <= _NAMES.get(column, {column})


def _field_at(row: Row, at: int) -> str:
    """The fact's field whose text holds this byte of the stored fields; those before it end where it begins."""
    text, end = (row.fields or "").encode(), 1
    for name, kept in json.loads(text).items():
        piece = json.dumps({name: kept}, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()[1:-1]
        if at < end + len(piece):
            return str(name)
        end += len(piece) + 1
    return "fields"
