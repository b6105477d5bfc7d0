"""The same work on a dask cluster: what travels is paths, on files that all workers see, and chunk numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from zhida.adapters.screening.working import Work
from zhida.domain.errors import ConflictError

SCHEDULER = "ZHIDA_DASK"
"""The environment variable that names a running scheduler (tcp://host:8786); without it workers are started here."""


def worked(work: Work, chunks: Sequence[int]) -> Iterator[int]:
    """Does the chunks on the cluster; gives each as it is done. Raises ConflictError `engine_not_installed`."""
    try:
        from dask.distributed import as_completed
    except ImportError as error:
        words = "dask is not installed here"
        raise ConflictError("engine_not_installed", words, "pip install zhida[cluster]") from error
    with _client() as client:
        futures = client.map(work, list(chunks), pure=False)
        for _, done in as_completed(futures, with_results=True):
            yield done


@contextmanager
def _client() -> Iterator[Any]:
    from dask.distributed import Client, LocalCluster

    address = os.environ.get(SCHEDULER, "")
    if address:
        with Client(address) as client:
            yield client
        return
    workers = len(os.sched_getaffinity(0))
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as here, Client(here) as client:
        yield client
