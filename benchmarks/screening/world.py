"""The made-up province of a scale, kept in a folder: its snapshot as Parquet, and as columns that peers like best.

Prepared columns are whole numbers and bits with nulls: places of a tree in preorder, places in a closed list, scaled
numbers, days, and one bit for each word that a list can hold. Nobody has to parse a text while it is timed.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.screening.conditions import Case, Holds, Translation, leaves
from benchmarks.screening.scales import SEED, Scale
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.rules import Program
from zhida.services.demonstration import generation
from zhida.services.demonstration.generation import province

HOME = Path(".zhida/benchmarks")
MAKERS = (Path(__file__), Path(__file__).with_name("conditions.py"))
ROWS_EACH = 65_536
Rows = npt.NDArray[np.int64]


def version_of(*sources: Path) -> str:
    """Eight hex digits over some sources, files or folders: what was made with others is made again."""
    state = hashlib.sha256()
    for source in sources:
        paths = sorted(source.rglob("*")) if source.is_dir() else [source]
        for path in (path for path in paths if path.suffix in (".py", ".yaml")):
            state.update(path.read_bytes())
    return state.hexdigest()[:8]


def keep_file(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(data)
    draft.rename(path)


@dataclass(frozen=True)
class World:
    """A scale's province. Files are made when first asked for."""

    scale: Scale

    @cached_property
    def folder(self) -> Path:
        """Where its files are kept."""
        folder = HOME / version_of(Path(generation.__file__).parent, *MAKERS) / self.scale.folder
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @cached_property
    def dictionary(self) -> Dictionary:
        """Its facts and trees."""
        return province.dictionary(SEED)

    @cached_property
    def programs(self) -> tuple[Program, ...]:
        """Its items, as reading its packs gives them."""
        return province.programs(self.scale.items, SEED)

    @cached_property
    def translation(self) -> Translation:
        """How its items become conditions."""
        return Translation(self.dictionary, province.AS_OF)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Its items in the neutral form, in the order of `programs`."""
        path = self.folder / "cases.pickle"
        if not path.exists():
            made = tuple(self.translation.case(program) for program in self.programs)
            keep_file(path, pickle.dumps(made))
        held: tuple[Case, ...] = pickle.loads(path.read_bytes())
        return held

    @property
    def people(self) -> Path:
        """The snapshot as Parquet, in row groups of 65,536."""
        path = self.folder.parent / f"people-{self.scale.organisations}.parquet"
        if not path.exists():
            draft = path.with_suffix(".draft")
            tables = province.tables(self.scale.organisations, SEED)
            first = next(tables)
            with pq.ParquetWriter(draft, first.schema, compression="zstd") as writer:
                writer.write_table(first)
                for table in tables:
                    writer.write_table(table)
            draft.rename(path)
        return path

    @property
    def prepared_path(self) -> Path:
        """The prepared columns as an Arrow file."""
        path = self.folder / "prepared.arrow"
        if not path.exists():
            self._prepare(path)
        return path

    @cached_property
    def prepared(self) -> pa.Table:
        """The prepared columns, mapped from their file; `row` counts them."""
        return pa.ipc.open_file(pa.memory_map(str(self.prepared_path))).read_all()

    def _prepare(self, path: Path) -> None:
        words = self._words()
        draft, writer, first = path.with_suffix(".draft"), None, 0
        snapshot = pq.ParquetFile(self.people)
        for group in range(snapshot.num_row_groups):
            table = snapshot.read_row_group(group)
            columns = {"row": pa.array(np.arange(first, first + table.num_rows, dtype=np.int32))}
            columns |= dict(self._columns(table, words))
            first += table.num_rows
            made = pa.table(columns)
            writer = writer or pa.ipc.new_file(str(draft), made.schema)
            writer.write_table(made)
        if writer is None:
            raise ValueError("a province without anybody")
        writer.close()
        draft.rename(path)

    def _words(self) -> Mapping[str, list[str]]:
        """The words of lists that any item asks for."""
        found: dict[str, set[str]] = {}
        for case in self.cases:
            for leaf in leaves(case.whole):
                if isinstance(leaf, Holds):
                    found.setdefault(leaf.column, set()).add(leaf.word)
        return {column: sorted(words) for column, words in sorted(found.items())}

    def _columns(self, table: pa.Table, words: Mapping[str, list[str]]) -> Iterator[tuple[str, pa.Array]]:
        for name in table.column_names:
            fact = self.dictionary.facts.get(name.partition("@")[0])
            if fact is None:
                continue
            column = table[name].combine_chunks()
            if fact.kind == "texts":
                for word in words.get(name, ()):
                    yield f"{name}:{word}", _holding(column, word)
            elif fact.kind == "text":
                yield name, self._coded(fact.code_tree, fact.values, column)
            else:
                yield name, column.cast(pa.int32()) if fact.kind == "date" else column

    def _coded(self, tree: str, values: tuple[str, ...], column: pa.DictionaryArray) -> pa.Array:
        place = self.translation.orders[tree].first if tree else {value: at for at, value in enumerate(values)}
        words = [place.get(word) for word in column.dictionary.to_pylist()]
        return pc.take(pa.array(words, pa.int16()), column.indices)

    def facts(self, rows: Sequence[int]) -> list[Mapping[str, Any]]:
        """What is known of some subjects, by written key, as rules read it."""
        return [self._known(row) for row in pq.read_table(self.people).take(rows).to_pylist()]

    def _known(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for name, value in row.items():
            fact = self.dictionary.facts.get(name.partition("@")[0])
            if fact is not None and value is not None:
                is_number = fact.kind == "number"
                found[name] = Decimal(value).scaleb(-fact.scale) if is_number else _frozen(value)
        return found

    def plain(self, rows: Sequence[int]) -> list[Mapping[str, Any]]:
        """Subjects as plain records of prepared values, lists as lists; None is unknown. Names have no `@`."""
        words = pq.read_table(self.people, columns=[*self._words()]).take(rows).to_pylist()
        numbered = [name for name in self.prepared.column_names if ":" not in name and name != "row"]
        prepared = self.prepared.select(numbered).take(rows).to_pylist()
        return [
            {spoken(name): value for name, value in {**one, **other}.items()}
            for one, other in zip(prepared, words, strict=True)
        ]

    def subjects(self, many: int) -> list[int]:
        """Rows spread evenly over everyone, those told too coarsely and those nowhere among them."""
        return np.linspace(0, self.scale.organisations - 1, many).astype(int).tolist()

    def rows_of(self, case: Case) -> list[tuple[int, int]]:
        """Where an item's region can be met: ranges of rows, first those inside, then those told too coarsely."""
        starts, tree = self.region_starts, self.translation.orders["region"]
        if not case.region:
            return [(0, self.scale.organisations)]
        test = tree.within("", (case.region,))
        nowhere = len(tree.first)
        spans = [test.ranges[0], *((place, place) for place in test.coarse), (nowhere, nowhere)]
        found = [(starts[low], starts[high + 1]) for low, high in spans]
        return [(start, stop) for start, stop in found if start < stop]

    @cached_property
    def region_starts(self) -> list[int]:
        """The first row of each region in preorder, which rows stand in; who is nowhere comes last, then the end."""
        nowhere = len(self.translation.orders["region"].first)
        codes = self.prepared["registered_region"]
        found = pc.fill_null(codes, pa.scalar(nowhere, pa.int16())).combine_chunks().to_numpy()
        if (np.diff(found) < 0).any():
            raise ValueError("the snapshot does not stand in the order of its regions")
        counts = np.bincount(found, minlength=nowhere + 1)
        return [0, *np.cumsum(counts).tolist()]


def spoken(column: str) -> str:
    """A column's name where only letters, digits and underscores may be written."""
    return column.replace("@", "_")


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _holding(column: pa.ListArray, word: str) -> pa.Array:
    """For each list whether it holds a word; unknown where the list is."""
    held = np.zeros(len(column), dtype=bool)
    hits = np.flatnonzero(pc.equal(column.flatten(), word).to_numpy(zero_copy_only=False))
    held[pc.list_parent_indices(column).to_numpy()[hits]] = True
    return pa.array(held, mask=~pc.is_valid(column).to_numpy(zero_copy_only=False))
