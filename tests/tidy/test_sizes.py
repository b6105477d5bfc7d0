"""Budgets of size. They are ratchets: they may be lowered, never raised."""

from __future__ import annotations

from statistics import median

from tests.tidy.sources import ROOT, functions, sources

FUNCTION_LINES = 60
FILE_LINES = 400
MEDIAN_LINES = 120
KERNEL_LINES = 15_000


def test_no_function_is_long() -> None:
    long = {
        f"{source.path}:{node.lineno} {node.name}"
        for source in sources()
        for node in functions(source)
        if (node.end_lineno or node.lineno) - node.lineno >= FUNCTION_LINES
    }
    assert not long


def test_no_file_is_long() -> None:
    assert {source.path: source.lines for source in sources() if source.lines > FILE_LINES} == {}


def test_no_file_beside_the_source_is_long() -> None:
    files = (path for room in ("tests", "benchmarks", "docs") for path in (ROOT / room).rglob("*.py"))
    lines = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in files}
    assert {path: count for path, count in lines.items() if count > FILE_LINES} == {}


def test_most_files_are_short() -> None:
    assert median(source.lines for source in sources()) <= MEDIAN_LINES


def test_the_kernel_stays_small() -> None:
    assert sum(source.lines for source in sources("kernel")) <= KERNEL_LINES
