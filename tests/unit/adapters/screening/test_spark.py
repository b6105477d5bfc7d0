"""The code of docs/how-to/screen-on-a-cluster.md on a Spark of this machine: the same sets and amounts."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.adapters.screening.conftest import Province
from zhida.domain.rules.engines.table import CHUNK, compile_plan, encode, match

for name in ("pyspark", "pandas"):
    pytest.importorskip(name, reason=f"{name} is not installed: pip install 'pyspark[sql]'")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),  # Spark's own, on every import
]
PAGE = Path(__file__).parents[4] / "docs/how-to/screen-on-a-cluster.md"


def test_spark_comes_to_the_same(two_chunks: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    page: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), page)
    files = two_chunks.write(tmp_path / "rows", groups=(CHUNK, two_chunks.table.num_rows - CHUNK))
    plan = compile_plan(two_chunks.programs, two_chunks.day)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        found = page["screen_on_spark"](spark, list(files), plan.to_bytes())
    finally:
        spark.stop()
    expected = match(encode(two_chunks.table, plan), plan)
    for item in plan.items:
        assert found.digest(item.id) == expected.digest(item.id)
    assert found.by_region() == expected.by_region()
    assert sum(total.entitled for total in found.by_item().values()) > 1_000
