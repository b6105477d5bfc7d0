"""Reading the log's tables many rows at a time, without objects: for verifying, publishing and repairing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, connection

from zhida.domain.proofs.rows import Row

_ROWS = """
SELECT l.position, l.entry_id, e.id, e.kind, e.about, {at}, e.digests, p.fields
FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_payload p ON p.entry_id = l.entry_id
WHERE l.position >= %s AND l.position < %s ORDER BY l.position
"""
_UTC = """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_WHOLE_SECOND, _WITH_MICROSECONDS = 19, 26


def rows_between(first: int, until: int) -> list[Row]:
    """The leaves at [first, until) with their entries and fields, by position; those that are there."""
    if connection.vendor == "postgresql":
        return [Row._make(row) for row in select(_ROWS.format(at=_UTC), [first, until])]
    try:
        found = select(_ROWS.format(at="e.at || ''"), [first, until])
        if all(row[3] is None or type(row[3]) is type(row[4]) is type(row[6]) is str for row in found):
            return [Row._make((*row[:5], _instant(row[5]), *row[6:])) for row in found]
    except DatabaseError:
        pass
    return [_decoded(row) for row in select(_as_bytes(), [first, until])]


def nodes_between(first: int, until: int) -> dict[int, bytes]:
    """The stored nodes at places [first, until)."""
    found = select("SELECT place, hash FROM ledger_node WHERE place >= %s AND place < %s", [first, until])
    return {place: value if type(value) is bytes else _bytes(value) for place, value in found}


def select(statement: str, parameters: Sequence[int | str] = ()) -> list[Any]:
    """All rows of a plain statement, as tuples."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return list(cursor.fetchall())


def _instant(text: str | None) -> str | None:
    """SQLite's way of writing an instant as a leaf writes it; any other text stays what it is, and so fits no leaf."""
    if (
        text is None
        or len(text) not in {_WHOLE_SECOND, _WITH_MICROSECONDS}
        or text[10] != " "
        or text[-7:] == ".000000"
    ):
        return text
    return f"{text[:10]}T{text[11:]}{'.000000' if len(text) == _WHOLE_SECOND else ''}Z"


def _as_bytes() -> str:
    """SQLite keeps what it is given in any column: read as bytes, nothing is unreadable."""
    columns = ["e.id", "e.kind", "e.about", "e.at", "e.digests", "p.fields"]
    plain = ", ".join(f"CAST({column} AS BLOB)" for column in columns)
    return "SELECT l.position, CAST(l.entry_id AS BLOB), " + plain + _ROWS[_ROWS.index("\nFROM") :]


def _decoded(row: Sequence[Any]) -> Row:
    texts = [None if value is None else _bytes(value).decode(errors="replace") for value in row[1:]]
    return Row._make((row[0], texts[0] or "", *texts[1:4], _instant(texts[4]), *texts[5:]))


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value) if isinstance(value, bytes | memoryview) else b""
