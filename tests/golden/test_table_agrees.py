"""The table engine gives everyone of a made-up population what the exact one gives, for every item of every pack."""

from __future__ import annotations

from datetime import date
from functools import cache

import pyarrow as pa
import pytest

from tests.golden.province import FOLDER, province
from zhida.domain.rules import Answer, Program, assess
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.screening import facts_of_rows
from zhida.domain.values import SubjectKind
from zhida.services.demonstration.generation.portraits import read_portraits
from zhida.services.demonstration.generation.snapshots import Crowd

DAYS = (date(2026, 3, 15), date(2026, 6, 1))
MARKS = {"none": table.NO_AMOUNT, "unknown": table.AMOUNT_UNKNOWN}
SUBJECTS = 240


@cache
def snapshot(kind: SubjectKind) -> pa.Table:
    files = {f"_population/{path.name}": path.read_bytes() for path in (FOLDER / "_population").iterdir()}
    crowd = Crowd(kind, SUBJECTS, 11, DAYS[0], province().dictionary, read_portraits(files)[kind])
    return pa.concat_tables(crowd.tables())


def items_for(kind: SubjectKind) -> list[Program]:
    items = (item for pack in province().packs.values() for item in pack.items.values())
    return [item.program for item in items if item.audience == kind]


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("kind", list(SubjectKind))
def test_table_agrees_with_the_exact_engine(kind: SubjectKind, as_of: date, kernel: str) -> None:
    people, items = snapshot(kind), items_for(kind)
    plan = table.compile_plan(items, as_of)
    store = table.encode(people, plan)
    result = table.match(store, plan, table.kernel_named(kernel))
    assert store.fallbacks == {}
    facts = pa.table({name: people[name] for name in people.column_names if not name.startswith(("subject", "region"))})
    for program in items:
        rows = facts_of_rows(program, Columns(facts, as_of, {}))
        found = [assess(program, row, as_of) for row in rows]
        mine = result.item(program.item)
        entitled = [row for row, one in enumerate(found) if one.answer is Answer.ENTITLED]
        assert mine.entitled.tolist() == entitled, program.item
        assert mine.possible.tolist() == [row for row, one in enumerate(found) if one.answer is Answer.POSSIBLE]
        assert mine.fen.tolist() == [MARKS.get(found[row].amount, found[row].amount_fen) for row in entitled]
