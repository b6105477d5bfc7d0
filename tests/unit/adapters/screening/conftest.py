"""A made-up province of some thousand organisations in Parquet, its items, and a screener with a home of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhida.adapters.screening import FileScreener
from zhida.adapters.screening.kept import Kept
from zhida.domain.registers.columns import value_of
from zhida.domain.rules import Program
from zhida.domain.values import Facts
from zhida.kernel.entitlements.ports import Findings, Population, Task
from zhida.services.demonstration.generation import province

ROWS, MORE_ROWS, ITEMS, SEED = 2_000, 70_500, 150, 7
Screen = Callable[..., Findings]


@dataclass(frozen=True)
class Province:
    """Programs, and the organisations as one table."""

    programs: Sequence[Program]
    table: pa.Table
    day: date = field(default=province.AS_OF)

    def task(self, *files: Path, **more: Any) -> Task:
        """Everything over the organisations in some files."""
        root = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
        population = Population("organisation", root, files, **more)
        return Task(population, "packs of a test", self.day, lambda: [(program, "office") for program in self.programs])

    def write(self, folder: Path, *, groups: Sequence[int] = (ROWS,)) -> tuple[Path, ...]:
        """The organisations in files, each with one row group of the rows named."""
        folder.mkdir(exist_ok=True)
        files, at = [], 0
        for place, rows in enumerate(groups):
            files.append(folder / f"part-{place:05d}.parquet")
            pq.write_table(self.table.slice(at, rows), files[-1])
            at += rows
        return tuple(files)


@pytest.fixture(scope="session")
def made_up() -> Province:
    """Organisations and items of a province that nobody lives in."""
    return made_up_of(ROWS)


@pytest.fixture(scope="session")
def two_chunks() -> Province:
    """So many organisations that they are two chunks."""
    return made_up_of(MORE_ROWS)


def made_up_of(rows: int) -> Province:
    """So many organisations, and the items."""
    return Province(province.programs(ITEMS, seed=SEED), pa.concat_tables(province.tables(rows, seed=SEED)))


@pytest.fixture
def screener(tmp_path: Path) -> FileScreener:
    """A screener with a home of its own."""
    return FileScreener(tmp_path / "home")


def rows_to_facts(made_up: Province) -> Callable[[int], Facts]:
    """What a row says, as the facts of a subject."""
    fields = [field for field in made_up.table.schema if field.name not in ("subject", "region")]

    def of_row(row: int) -> Facts:
        values = {field: made_up.table[field.name][row].as_py() for field in fields}
        return Facts.of({field.name: value_of(field, value) for field, value in values.items() if value is not None})

    return of_row


def standing(kept: Kept) -> Mapping[str, Any]:
    """All that a run says, by item."""
    found = {}
    for item in kept.items:
        outcome = kept.item(item)
        found[item] = (outcome.subjects.tolist(), outcome.is_entitled.tolist(), outcome.amount_fen.tolist())
    return found
