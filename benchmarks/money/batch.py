"""Posting in bulk: reserved, instructed, sent and settled, beside raw inserts of the same rows."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.money.stage import NOW, Effort

WHOLE, CHUNK = 60_000, 1_000
_TABLES = ("funds_disbursement", "funds_posting", "ledger_entry", "ledger_payload", "ledger_waiting")


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Lines a second: reserving alone (the batch that enters the books), and each line's whole life (3 postings)."""
    from django.db import connection

    from tests.simulation import paying

    now = datetime.fromisoformat(NOW)
    paying.open_line(now, total_fen=10**14)
    system = paying.sign_release(now, cap_fen=10**14)
    chunks = max(2, effort.of(WHOLE) // CHUNK)
    reserve_s, life_s = 0.0, 0.0
    for _ in range(chunks):
        new = [paying.new_disbursement(1_234) for _ in range(CHUNK)]
        reserve_s += _timed(lambda new=new: _reserve(new, system, now))
        life_s += _timed(lambda new=new: _live(new, system, now))
    lines = chunks * CHUNK
    with connection.cursor() as cursor:
        raw_s = sum(_raw(cursor, table, CHUNK) for table in _TABLES) * chunks
    return {
        "lines": lines,
        "batch_per_s": round(lines / reserve_s),
        "whole_life_per_s": round(lines / (reserve_s + life_s)),
        "postings_per_s": round(3 * lines / (reserve_s + life_s)),
        "raw_inserts_per_s": round(lines / raw_s),
        "batch_to_raw": round(reserve_s / raw_s, 2),
    }


def _timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _reserve(new: Any, system: Any, now: datetime) -> None:
    from tests.simulation import paying
    from zhida.kernel.funds import actions

    actions.reserve_many(line=paying.LINE, disbursements=new, by=system, as_of=now)


def _live(new: Any, system: Any, now: datetime) -> None:
    """Instructed, marked as sent, settled."""
    from tests.simulation import paying
    from zhida.domain.postings import Word
    from zhida.kernel.funds import actions
    from zhida.kernel.funds.ports import Answer

    ids = [each.disbursement_id for each in new]
    actions.instruct_many(disbursement_ids=ids, by=system, as_of=now)
    opened = paying.OpenPayees().payees({each.account_ref for each in new})
    orders = actions.mark_sent(disbursement_ids=ids, payees=opened, deduplicates=True, by=paying.TREASURY, as_of=now)
    answers = [Answer(each.reference, Word.PAID, each.amount_fen, "T", "", date(2026, 3, 3)) for each in orders]
    actions.record_answers(answers=answers, by=paying.TREASURY, as_of=now)


def _raw(cursor: Any, table: str, rows: int) -> float:
    """The last rows of a table once more, as one executemany into a copy with its indexes and constraints."""
    cursor.execute(f"CREATE TEMPORARY TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
    cursor.execute(f"SELECT * FROM {table} LIMIT {rows}")
    kept = [tuple(_written(value) for value in row) for row in cursor.fetchall()]
    holes = ", ".join(["%s"] * len(kept[0]))
    began = time.perf_counter()
    cursor.executemany(f"INSERT INTO raw_{table} VALUES ({holes})", kept)
    return time.perf_counter() - began


def _written(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        from psycopg.types.json import Jsonb

        return Jsonb(value)
    return value
