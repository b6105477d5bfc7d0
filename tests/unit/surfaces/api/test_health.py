"""Proxies and monitors are told the truth: alive, ready or why not, and figures that move with what they count."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from zhida.kernel.outbox import actions as outbox
from zhida.surfaces.api import health

TOKEN = "x" * 40


@pytest.fixture
def guarded(settings: Any, tmp_path: Path) -> dict[str, str]:
    """A home with a token for monitors; the header that shows it."""
    settings.HOME = tmp_path
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "metrics.token").write_text(f"{TOKEN}\n", "utf-8")
    return {"Authorization": f"Bearer {TOKEN}"}


def test_a_process_is_alive_without_its_database() -> None:
    answer = Client().get("/alive")
    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.django_db
class TestReady:
    """`/ready`."""

    def test_all_is_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "_migrated", set())
        answer = Client().get("/ready")
        assert (answer.status_code, answer.json()) == (200, {"database": "ok", "migrations": "ok"})

    def test_a_missing_migration_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "_migrated", set())
        monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, leaves: ["one", "two"])
        answer = Client().get("/ready")
        assert answer.status_code == 503
        assert answer.json()["database"] == "ok"
        assert answer.json()["migrations"].startswith("2 migrations are missing")

    def test_a_database_that_is_gone_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone() -> str:
            raise DatabaseError("no route to host db.internal as zhida_app")

        monkeypatch.setattr(health, "_database", gone)
        answer = Client().get("/ready")
        assert answer.status_code == 503
        assert answer.json()["database"] == "the database does not answer"
        assert "db.internal" not in answer.content.decode()


@pytest.mark.django_db
class TestMetrics:
    """`/metrics`."""

    def test_nobody_reads_them_without_the_token(self, guarded: dict[str, str]) -> None:
        assert Client().get("/metrics").status_code == 404
        assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
        assert Client().get("/metrics", headers=guarded).status_code == 200

    def test_no_token_opens_a_home_that_has_none(self, settings: Any, tmp_path: Path) -> None:
        settings.HOME = tmp_path
        for shown in ("", "Bearer ", "Bearer None"):
            assert Client().get("/metrics", headers={"Authorization": shown}).status_code == 404

    def test_they_are_what_a_monitor_reads(self, guarded: dict[str, str]) -> None:
        answer = Client().get("/metrics", headers=guarded)
        assert answer["Content-Type"].startswith("text/plain")
        assert "# TYPE zhida_ledger_sealing_lag_seconds gauge" in answer.content.decode()
        assert "\nzhida_outbox_parked 0.0\n" in answer.content.decode()

    def test_they_move_with_what_they_count(self, now: datetime) -> None:
        before = health.gauges(now)
        outbox.enqueue(kind="notice", key="k", payload={}, as_of=now)
        after = health.gauges(now + timedelta(seconds=90))
        assert after["outbox_waiting"][1] == before["outbox_waiting"][1] + 1
        assert after["outbox_oldest_seconds"][1] == 90
