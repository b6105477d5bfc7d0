"""A population laid out for workers: paths of its rows, and beside them what is laid over them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhida.adapters.screening.folders import write_table
from zhida.adapters.screening.parts import ROW, Parts, parts_of
from zhida.kernel.entitlements.ports import Population


def laid_out(population: Population, folder: Path) -> Parts:
    """The rows, and in a folder what is laid over them and what was granted."""
    parts = replace(parts_of(population.files), stale=population.stale)
    if population.granted is not None:
        write_table(folder / "granted.arrow", population.granted)
        parts = replace(parts, granted=str(folder / "granted.arrow"))
    if population.laid is None or not population.laid.num_rows:
        return parts
    laid, rows = _numbered(population.laid, parts)
    write_table(folder / "laid.arrow", laid)
    return replace(parts, laid=str(folder / "laid.arrow"), rows=rows)


def root_of_rows(population: Population) -> str:
    """What identifies the rows without those laid over them: the snapshot, what was too old, and past grants."""
    granted = None if population.granted is None else population.granted.to_pydict()
    state = repr((population.root, sorted(population.stale.items()), granted))
    return hashlib.sha256(state.encode()).hexdigest()


def _numbered(laid: pa.Table, parts: Parts) -> tuple[pa.Table, int]:
    """The laid rows with their numbers, ascending: those of the subjects that the files hold, then new ones behind; and
    how many rows that makes."""
    keys = np.asarray(laid["subject"].to_numpy())
    held = np.asarray(parts.column("subject").to_numpy())
    at = np.flatnonzero(np.isin(held, keys))
    row_of = dict(zip(held[at].tolist(), at.tolist(), strict=True))
    fresh = iter(range(parts.rows, parts.rows + len(keys)))
    rows = np.array([row_of[key] if key in row_of else next(fresh) for key in keys.tolist()], dtype=np.int64)
    numbered = laid.append_column(ROW, pa.array(rows)).take(pa.array(np.argsort(rows)))
    return numbered, parts.rows + len(keys) - len(at)
