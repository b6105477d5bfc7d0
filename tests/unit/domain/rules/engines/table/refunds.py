"""The refund over many made-up firms: three chunks, so that bitmaps, blocks and chunks all meet their edges."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from tests.unit.domain.rules.refund import AS_OF, program, requirement
from zhida.domain.rules import Program, parse
from zhida.domain.rules.engines import table

ROWS = 2 * 65_536 + 5_000
CODES = ["98", "99", "9901", "990102", "9902", None]


def plain(name: str, condition: str, amount: str = "", **changes: Any) -> Program:
    """An item of one condition, everywhere."""
    base = {"requires": (requirement("r", condition),), "region": "", "amount": parse(amount) if amount else None}
    return replace(program(**{**base, **changes}), item=f"jobs/{name}")


@cache
def items() -> tuple[Program, ...]:
    """Dense, sparse, negated and regional items."""
    return (
        program(),
        plain("many", "staff >= 2", "staff * 150", region="9901"),
        plain("nearly_all", "staff >= 0", "700"),
        plain("few", "staff = 997 and not(discredited)"),
        plain("either", 'discredited or size in ("large", "small")', "floor(insurance_paid(year - 1) * 0.125)"),
        plain("nobody", "staff > 1 and false"),
        plain("talks", 'list contains(topics, "a") and not(list contains(topics, "b"))'),
    )


@cache
def firms() -> pa.Table:
    """Firms sorted by region, a tenth of each fact unknown."""
    rng = np.random.default_rng(5)

    def known(values: Any, kind: Any) -> pa.Array:
        return pa.array(values, kind, mask=rng.random(ROWS) < 0.1)

    regions = [CODES[place] for place in sorted(rng.integers(0, len(CODES), ROWS).tolist())]
    topics = [list("abc"[:length]) for length in rng.integers(0, 4, ROWS).tolist()]
    return pa.table(
        {
            "subject": np.arange(ROWS, dtype=np.int64) * 3 + 10,
            "region": pa.array(regions).dictionary_encode(),
            "discredited": known(rng.random(ROWS) < 0.3, pa.bool_()),
            "size": known(rng.choice(["large", "medium", "small", "micro"], ROWS).tolist(), pa.string()),
            "staff": known(rng.integers(0, 1000, ROWS), pa.int64()),
            "topics": pa.array(topics, pa.list_(pa.string())),
            "insurance_months@2025": known(rng.integers(9, 14, ROWS), pa.int64()),
            "insurance_paid@2025": known(rng.integers(0, 10**9, ROWS), pa.int64()),
            "layoff_rate@2025": known(rng.integers(0, 1500, ROWS), pa.int64()),
            "heads@2025": known(rng.integers(1, 60, ROWS), pa.int64()),
        }
    )


@cache
def plan() -> table.Plan:
    return table.compile_plan(items(), AS_OF, packs="p1", owners={"jobs/few": "office-2", "jobs/refund": "office-1"})


@cache
def store() -> table.Store:
    return table.encode(firms(), plan())


@cache
def result(kernel: str) -> table.Result:
    return table.match(store(), plan(), table.kernel_named(kernel))
