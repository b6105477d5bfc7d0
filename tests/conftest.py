"""Fixtures that every test may ask for, and the clean-up of the run's home."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from tests.guards import lifted
from zhida.domain.values import Actor, new_id

# No property test is held to a clock: on a machine that pauses, an example may take any time and still be right.
settings.register_profile("zhida", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zhida")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes the home that tests.settings made, once all parallel workers are done."""
    if not hasattr(config, "workerinput") and "ZHIDA_TEST_HOME" in os.environ:
        shutil.rmtree(os.environ["ZHIDA_TEST_HOME"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `postgres` run only where ZHIDA_DATABASE_URL names a PostgreSQL server."""
    if os.environ.get("ZHIDA_DATABASE_URL", "").startswith("postgres"):
        return
    reason = pytest.mark.skip(reason="a promise that only PostgreSQL makes: set ZHIDA_DATABASE_URL")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(reason)


@pytest.fixture(scope="session", autouse=True)
def _emptied_with_guards_lifted() -> Iterator[None]:
    """A test with transaction=True ends by emptying every table, which append-only tables refuse to anybody else."""
    empty = TransactionTestCase._fixture_teardown

    def empty_unguarded(case: TransactionTestCase) -> None:
        with lifted():
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_unguarded)
        yield


@pytest.fixture(autouse=True)
def _no_log_left_behind() -> Iterator[None]:
    """The database forgets what a test wrote; so do the log's files beside it."""
    yield
    shutil.rmtree(Path(os.environ["ZHIDA_HOME"], "log"), ignore_errors=True)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """A process keeps pages while its catalogue stands, and sums while its tally does; those of two tests may look
    alike."""
    kept = sys.modules.get("zhida.surfaces.look.kept_pages")
    if kept is not None:
        kept.pages.clear()
    for store in getattr(sys.modules.get("zhida.services.figures.reading"), "KEPT", ()):
        store.cache_clear()


@pytest.fixture
def now() -> datetime:
    """The instant at which tests act unless they say otherwise: Tuesday 2026-03-03, 10:00 in Asia/Shanghai."""
    return datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def actor() -> Actor:
    """Somebody acting as an operator."""
    return Actor(account=new_id("account"), duty="operator")
