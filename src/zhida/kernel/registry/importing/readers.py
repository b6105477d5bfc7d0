"""Rows of a file as texts by column, with the line each stands on: CSV in three encodings, XLSX, Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

from zhida.domain.errors import ConflictError
from zhida.domain.uploads import check_table

Row = Mapping[str, str]
ENCODINGS = ("utf-8-sig", "utf-8", "gb18030")
BROKEN = "broken_row"
UNDECODABLE = "undecodable"
TOO_MANY = "too_many_cells"
TOO_FEW = "too_few_cells"
_EXTRA = "\0extra"


def rows_of(path: Path, encoding: str = "") -> Iterator[tuple[int, Row, str]]:
    """Each row: the line it begins on (the file's first is 1), its cells, and why it cannot be read ("" if it can).

    Raises ConflictError for a kind of file that nobody reads, or one without a heading.
    """
    match path.suffix.lower():
        case ".csv" | ".txt":
            yield from _csv_rows(path, encoding or encoding_of(path))
        case ".xlsx":
            yield from _xlsx_rows(path)
        case ".parquet":
            yield from _parquet_rows(path)
        case other:
            raise ConflictError("unknown_file_kind", f"{other} is not read", "save it as CSV, XLSX or Parquet")


def encoding_of(path: Path) -> str:
    """utf-8-sig with its mark, else utf-8 unless most lines beyond ASCII are not UTF-8, then gb18030.

    One spoilt line does not change the encoding of all the others: it alone will be told as undecodable.
    """
    beyond = spoilt = 0
    with path.open("rb") as file:
        for number, line in enumerate(file):
            if number == 0 and line.startswith(b"\xef\xbb\xbf"):
                return "utf-8-sig"
            if line.isascii():
                continue
            beyond += 1
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                spoilt += 1
    return "gb18030" if spoilt * 2 > beyond else "utf-8"


def _csv_rows(path: Path, encoding: str) -> Iterator[tuple[int, Row, str]]:
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        reader = csv.DictReader(file, restkey=_EXTRA, restval=_EXTRA)
        _need(reader.fieldnames, path)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield line, {}, BROKEN
                continue
            yield line, *_judged(row)


def _judged(row: dict[Any, Any]) -> tuple[Row, str]:
    if _EXTRA in row:
        extra = row.pop(_EXTRA)
        return {**row, "": " | ".join(extra)}, TOO_MANY
    cells = {name: "" if text is _EXTRA else text for name, text in row.items()}
    if len([text for text in row.values() if text is _EXTRA]):
        return cells, TOO_FEW
    try:
        "".join(cells.values()).encode()
    except UnicodeEncodeError:
        return {name: text.encode("utf-8", "backslashreplace").decode() for name, text in cells.items()}, UNDECODABLE
    return cells, ""


def _xlsx_rows(path: Path) -> Iterator[tuple[int, Row, str]]:
    check_table(path.name, path.read_bytes())
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        heading = [text_of(cell).strip() for cell in next(lines, ())]
        _need(heading, path)
        for line, cells in enumerate(lines, start=2):
            if any(cell is not None for cell in cells):
                yield line, dict(zip(heading, map(text_of, cells), strict=False)), ""
    finally:
        book.close()


def _parquet_rows(path: Path) -> Iterator[tuple[int, Row, str]]:
    line = 1
    try:
        file = pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise ConflictError("broken_table", f"{path.name} is no Parquet", "export it anew") from error
    for batch in file.iter_batches(batch_size=10_000):
        for row in batch.to_pylist():
            yield line, {name: text_of(cell) for name, cell in row.items()}, ""
            line += 1


def text_of(cell: Any) -> str:
    """A typed cell as the text it shows: dates in ISO 8601, whole numbers without a point, nothing for an empty one."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case float():
            return f"{Decimal(repr(cell)):f}"
        case datetime() | date():
            return cell.isoformat()[:10]
    return str(cell)


def _need(heading: Any, path: Path) -> None:
    if not heading or not any(heading):
        raise ConflictError("no_heading", f"{path.name} has no heading", "put the columns' names on the first line")
