"""Before gunicorn makes its processes the packs in force are read, as long as there is time, and no connection left."""

from __future__ import annotations

import logging
import time
from types import SimpleNamespace

import pytest

from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.config import serving
from zhida.domain.errors import ConflictError
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue import shelf
from zhida.kernel.ports import clock

__all__ = ["Place", "place", "published"]
pytestmark = pytest.mark.django_db


def test_packs_in_force_are_read_while_there_is_time(place: Place) -> None:
    shelf.root_of.cache_clear()
    in_force = catalogue.policies(as_of=clock().now())
    assert serving.read_packs(time.monotonic() - 1) == shelf.root_of.cache_info().currsize == 0
    assert serving.read_packs(time.monotonic() + 60) == shelf.root_of.cache_info().currsize == len(in_force) > 0


def test_whatever_stands_in_the_way_the_server_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []

    def broken(until: float) -> int:
        raise ConflictError("revision_unreadable", "it does not read")

    monkeypatch.setattr(serving, "read_packs", broken)
    monkeypatch.setattr("django.db.connections.close_all", lambda: closed.append("all"))
    monkeypatch.setattr(serving, "gc", SimpleNamespace(collect=int, freeze=int, enable=int, disable=int))
    serving.when_ready(SimpleNamespace(log=logging.getLogger("test")))
    assert closed == ["all"]
