"""The same screening on a cluster of this machine: paths travel, digests are the same."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from tests.unit.adapters.screening.conftest import Province
from zhida.adapters.screening import FileScreener, cluster
from zhida.adapters.screening.parts import parts_of
from zhida.adapters.screening.working import Work
from zhida.domain.errors import ConflictError, InvariantBroken

pytest.importorskip("distributed", reason="dask is not installed: pip install zhida[cluster]")


def test_a_cluster_comes_to_the_same(two_chunks: Province, screener: FileScreener, tmp_path: Path) -> None:
    files = two_chunks.write(tmp_path / "rows", groups=(20_000, two_chunks.table.num_rows - 20_000))
    laid = two_chunks.table.slice(0, 3).set_column(0, "subject", two_chunks.table["subject"].slice(70_000, 3))
    task = two_chunks.task(*files, laid=laid.set_column(1, "region", laid["region"].cast(pa.string())))
    heard: list[tuple[int, int, str]] = []
    there = screener.screen(task, draft="dask", engine="dask", progress=lambda *words: heard.append(words))
    here = screener.screen(task, draft="local", engine="local")
    assert there.digests == here.digests
    assert replace(there, seconds={}) == replace(here, seconds={})
    assert heard == [(1, 2, "organisation: matching"), (2, 2, "organisation: matching")]


def test_what_goes_wrong_there_is_told_here(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    table = made_up.table
    for place, column in enumerate(table.schema):
        if column.type == pa.int64() and column.name != "subject":
            table = table.set_column(place, column.name, table[column.name].cast(pa.float64()))
    spoilt = Province(made_up.programs, table)
    with pytest.raises(InvariantBroken, match="column_of_wrong_type"):
        screener.screen(spoilt.task(*spoilt.write(tmp_path / "rows")), draft="dask", engine="dask")
    assert not (screener.home / "screenings/dask.draft/organisation/00000.arrow").exists()


def test_what_travels_is_small(made_up: Province, tmp_path: Path) -> None:
    work = Work(parts_of(made_up.write(tmp_path / "rows")), "plan.arrow", "packs", str(tmp_path), "made from")
    assert len(pickle.dumps(work)) < 1_000


def test_without_dask_the_cluster_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "dask.distributed", None)
    work = Work(parts_of(()), "plan.arrow", "packs", str(tmp_path), "made from")
    with pytest.raises(ConflictError, match="engine_not_installed"):
        list(cluster.worked(work, [0]))
