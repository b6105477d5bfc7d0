"""What a proxy and a monitor ask of an installation: is a process alive, can it serve, and do things keep up.

None of it tells of anybody: counts and ages alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.ports import channels
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.outbox import queries as outbox
from zhida.kernel.ports import clock
from zhida.services.controls.stops import stops_in_force

_migrated: set[bool] = set()
"""Holds True once this process has seen that no migration is missing: they are never taken back while it runs."""


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 from a process that answers at all; it asks nobody else."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where requests may be sent here, else 503; which check failed stands in the answer, as `ok` or why not."""
    checks: Mapping[str, Callable[[], str]] = {"database": _database, "migrations": _migrations}
    told = {name: _safely(check) for name, check in checks.items()}
    answer = JsonResponse(told, status=200 if set(told.values()) == {"ok"} else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges as Prometheus reads them, for whoever shows the token in the home's `keys/metrics.token`.

    404 to everybody else, and to all where there is no such file.
    """
    path = settings.HOME / "keys" / "metrics.token"
    token = path.read_text("utf-8").strip() if path.exists() else ""
    if not token or not compare_digest(f"Bearer {token}", request.headers.get("Authorization", "")):
        raise Http404
    registry = CollectorRegistry()
    for name, (words, value) in gauges(clock().now()).items():
        Gauge(f"zhida_{name}", words, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def gauges(as_of: datetime) -> dict[str, tuple[str, float]]:
    """What keeps up and what does not, by name: its words, and its value in counts or seconds."""
    queue, log = outbox.standing(as_of), ledger.standing()
    in_flight = [one for channel in {"", *channels().names} for one in funds.unanswered(channel)]
    runs = ledger.entries_of_kind("screening.run", limit=1)
    return {
        "outbox_waiting": ("Messages that wait to be sent", queue.waiting),
        "outbox_parked": ("Messages given up, which wait for a person", queue.parked),
        "outbox_oldest_seconds": ("How long the oldest message has been due", _seconds(queue.oldest_due, as_of)),
        "ledger_entries": ("Facts in the log", log.entries),
        "ledger_sealing_lag_seconds": (
            "How long facts have stood without a cosigned checkpoint; paying stops at ZHIDA_SEALING_LAG",
            ledger.sealing_lag(as_of).total_seconds(),
        ),
        "payments_unanswered": ("Payments in flight without a final answer", len(in_flight)),
        "payments_unanswered_oldest_seconds": (
            "How long the oldest of them has waited",
            _seconds(min((one.changed_at for one in in_flight), default=None), as_of),
        ),
        "stops_in_force": ("Stop buttons that are pressed", len(stops_in_force())),
        "screening_age_seconds": (
            "How old the newest screening is (0 where there is none)",
            _seconds(runs[0].at if runs else None, as_of),
        ),
    }


def _seconds(since: datetime | None, as_of: datetime) -> float:
    return max(as_of - since, timedelta()).total_seconds() if since else 0.0


def _safely(check: Callable[[], str]) -> str:
    try:
        return check()
    except DatabaseError:
        return "the database does not answer"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return "ok"


def _migrations() -> str:
    if not _migrated:
        executor = MigrationExecutor(connection)
        if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return f"{len(missing)} migrations are missing: run django-admin migrate as the owner of the tables"
        _migrated.add(True)
    return "ok"
