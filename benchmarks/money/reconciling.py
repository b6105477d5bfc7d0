"""Reconciliation: 1,000 anomalies planted among 100,000 lines, named three ways, and no fen moved but by a person."""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from benchmarks.money.statements import DAY, Day, make_day
from zhida.domain.postings import FindingKind, compare

LINES, ANOMALIES, SEED = 100_000, 1_000, 20260303
_NOISE = (FindingKind.MATCHED, FindingKind.UNSETTLED)
"""What is no anomaly: agreement, and news that we had not heard; both name no difference."""


def compare_day(seed: int, *, payments: int = LINES, anomalies: int = ANOMALIES) -> dict[str, Any]:
    """Names everything in a seeded day. `false` counts what was called odd and is not, `missed` the reverse."""
    day = make_day(seed, payments=payments, anomalies=anomalies)
    began = time.perf_counter()
    found = [
        (each.line.treasury_reference if each.line else each.expected.reference, each.kind)
        for each in compare(day.lines, day.expected, (), DAY, day.listed)
        if each.line or each.expected
    ]
    took_s = time.perf_counter() - began
    return {"seed": seed, **_judged(day, found), "compare_s": round(took_s, 2)}


def _judged(day: Day, found: list[tuple[str, FindingKind]]) -> dict[str, Any]:
    named = dict(found)
    odd = day.odd
    right = [all(named.get(name) is kind for name in names) for kind, names in day.planted]
    false = [name for name, kind in found if kind not in _NOISE and name not in odd]
    kinds = Counter(str(kind) for kind, _ in day.planted)
    return {
        "lines": len(day.lines),
        "anomalies": len(day.planted),
        "classified": sum(right),
        "missed": sorted(name for name, kind in odd.items() if named.get(name) is not kind)[:10],
        "false": len(false),
        "kinds": dict(sorted(kinds.items())),
    }


def measure(seed: int, *, payments: int = LINES, anomalies: int = ANOMALIES) -> dict[str, Any]:
    """The same through the kernel, in the database that Django has open: what `moved` without a person must be 0.

    Gives {seed, lines, anomalies, classified, missed, false, kinds, reconcile_s, moved}.
    """
    from django.db import transaction

    from zhida.domain.values import Actor, new_id
    from zhida.kernel.funds import actions
    from zhida.kernel.funds.models import Disbursement, Finding, Posting

    now = datetime(2026, 3, 3, 14, tzinfo=UTC)
    day = make_day(seed, payments=payments, anomalies=anomalies)
    by = Actor("bench", "operator")
    with transaction.atomic():
        _write(day, now)
        before = (Posting.objects.count(), _states())
        began = time.perf_counter()
        number = new_id("reconcile")
        listed = _answers(day)
        actions.reconcile(reconciliation_id=number, day=DAY, lines=day.lines, listed=listed, by=by, as_of=now)
        took_s = time.perf_counter() - began
        rows = Finding.objects.filter(reconciliation=number).values_list("treasury_reference", "reference", "kind")
        found = [(moved or reference, FindingKind(kind)) for moved, reference, kind in rows.iterator()]
        after = (Posting.objects.count(), _states())
        judged = _judged(day, found)
        transaction.set_rollback(True)
    moved = abs(after[0] - before[0]) + sum((Counter(before[1]) - Counter(after[1])).values())
    assert Disbursement.objects.filter(purpose="bench").count() == 0
    return {"seed": seed, **judged, "reconcile_s": round(took_s, 1), "moved": moved}


def _states() -> dict[str, int]:
    from zhida.kernel.funds.models import Disbursement

    return dict(Counter(Disbursement.objects.values_list("state", flat=True)))


def _answers(day: Day) -> list[Any]:
    from zhida.kernel.funds.ports import Answer

    return [Answer(reference, told.word, told.amount_fen) for reference, told in day.listed.items()]


def _write(day: Day, now: datetime) -> None:
    """Our books of the day, as rows: paid out of one line under one release."""
    from zhida.domain.values import Actor, Span, new_id
    from zhida.kernel.funds import actions
    from zhida.kernel.funds.models import Disbursement

    line, release = f"bench/{new_id('line').lower()}", new_id("release")
    by = Actor("bench", "operator")
    words = {"name": "bench", "office": "office-bench", "region": "990100", "year": 2026}
    actions.open_line(line=line, total_fen=1, by=by, as_of=now, **words)
    valid = Span(DAY.replace(month=1, day=1), DAY.replace(month=12))
    actions.prepare_release(
        release_id=release, line=line, cap_fen=1, valid=valid, by=Actor("maker", "maker"), as_of=now
    )
    fixed = {"line_id": line, "release_id": release, "purpose": "bench", "reserved_at": now, "changed_at": now}
    rows = (
        Disbursement(
            id=ours.id,
            reference=ours.reference,
            grant_id=ours.id,
            subject_id=ours.account,
            account_ref=ours.account,
            account_tail=ours.account_tail,
            amount_fen=ours.amount_fen,
            state=ours.state,
            requested_on=ours.requested_on,
            booked_on=ours.booked_on,
            sent_times=1,
            **fixed,
        )
        for ours in day.expected.values()
    )
    Disbursement.objects.bulk_create(rows, batch_size=1_000)


if __name__ == "__main__":
    first = int(sys.argv[1]) if len(sys.argv) > 1 else SEED
    sys.stdout.write(f"compared alone: {compare_day(first)}\n")
    from benchmarks.money.stage import set_up

    set_up()
    sys.stdout.write(f"through the kernel: {measure(first)}\n")
