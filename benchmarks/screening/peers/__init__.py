"""The peers: each a real released package, in the best shape that we found for this work.

A peer that is not installed is named as not measured. `offered` makes them one by one, so that only one of them holds
its copy of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from benchmarks.screening.engine import Engine
from benchmarks.screening.trials import Peer

PEERS: Mapping[str, str] = {
    "numpy": "numpy_kernels:NumpyKernels",
    "polars_all": "polars_all:PolarsAll",
    "polars_slices": "polars_slices:PolarsSlices",
    "polars_items": "polars_slices:PolarsItems",
    "polars": "polars_slices:PolarsWhole",
    "duckdb_all": "duckdb_all:DuckdbAll",
    "duckdb": "duckdb_ranges:DuckdbRanges",
    "openfisca": "openfisca:Openfisca",
    "zen": "zen:Zen",
    "cel": "cel:Cel",
    "cel_python": "cel_python:CelPython",
    "tree": "tree:Tree",
}
"""Each peer's name in the figures, and where its class is."""

_WHOLE = frozenset({"polars_all", "duckdb_all", "numpy"})


def gives(name: str) -> str:
    """What a peer is timed for."""
    return "all outputs" if name in _WHOLE else "answers only"


def offered(name: str) -> Callable[[Engine], Peer]:
    """The class of a peer. Raises ModuleNotFoundError where its package is not installed."""
    module, _, kind = PEERS[name].partition(":")
    made: Callable[[Engine], Peer] = getattr(import_module(f"{__name__}.{module}"), kind)
    return made
