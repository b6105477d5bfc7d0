"""Postings under load with faults, and an independent reader that checks the identity twenty times a second.

Writers are processes that take payments through their lives on several lines; transactions are broken off in the middle
and writers are killed. The reader is plain SQL in a snapshot of its own: every line's identity each time, and, line by
line in turn, all six figures computed anew from the postings. Lines are changed for fresh ones.
"""

from __future__ import annotations

import os
import signal
import time
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.money.stage import NOW, Effort, in_processes

WHOLE, PORTION, WRITERS, AT_ONCE, ROUNDS = 1_000_000, 50_000, 2, 200, 12
_COUNTS = ("postings", "violations", "readings", "broken_off", "killed_writers")
_HZ = 20
IDENTITY = "SELECT count(*) FROM funds_standing WHERE total <> available + committed + in_flight + paid - returned"
_LINES = "SELECT s.line_id, total, available, committed, in_flight, paid, returned FROM funds_standing s ORDER BY 1"
_ANEW = """
SELECT coalesce(sum(-f) FILTER (WHERE k = 'budget'), 0), coalesce(sum(f) FILTER (WHERE k = 'available'), 0),
       coalesce(sum(f) FILTER (WHERE k = 'committed'), 0), coalesce(sum(f) FILTER (WHERE k = 'in_flight'), 0),
       coalesce(sum(f) FILTER (WHERE k = 'paid'), 0),
       coalesce(sum(-f) FILTER (WHERE k IN ('returned', 'recovered')), 0), coalesce(sum(f), 0)
FROM (SELECT debit k, amount_fen f FROM funds_posting WHERE line_id = %s
      UNION ALL SELECT credit, -amount_fen FROM funds_posting WHERE line_id = %s) both_sides
"""


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """Writes until the whole or the time is reached, reads all the while, and audits everything after each portion."""
    until, wanted = effort.until(), effort.of(WHOLE)
    found = {**dict.fromkeys(_COUNTS, 0), "writers": WRITERS, "seconds": 0.0, **effort.before}
    while found["postings"] < wanted and time.monotonic() < until:
        portion = min(PORTION, wanted - found["postings"])
        for name, more in _portion(f"{effort.seed}|{found['postings']}", portion, home).items():
            found[name] += more
        effort.keep(_told(found, wanted))
    return _told(found, wanted)


def _portion(seed: str, wanted: int, home: Path) -> dict[str, float]:
    """So many postings at least, by writers, beside a reader; what was seen, the audit of all books with it."""
    from tests.audit import audit_books

    done, before = home / "done", _postings()
    done.unlink(missing_ok=True)
    works = [lambda n=n: _keep_writing(f"{seed}|{n}", -(-wanted // WRITERS), done) for n in range(WRITERS)]
    *written, read = in_processes([*works, lambda: _read(done)])
    found = read | {name: sum(each[name] for each in written) for name in ("broken_off", "killed_writers")}
    found["violations"] += len(audit_books())
    return {**found, "postings": _postings() - before}


def _postings() -> int:
    from zhida.kernel.funds.models import Posting

    return Posting.objects.count()


def _told(found: dict[str, Any], wanted: int) -> dict[str, Any]:
    per_s = round(found["readings"] / max(found["seconds"], 1e-9), 1)
    return {**found, "readings_per_s": per_s, "left": max(0, wanted - found["postings"])}


def _keep_writing(seed: str, wanted: int, done: Path) -> dict[str, int]:
    """A writer's parent: starts one after the other, each of which may be killed; says when all is written."""
    chance, found, written = Random(seed), {"broken_off": 0, "killed_writers": 0}, 0
    while written < wanted:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _write(Random(chance.random()), writing)
            os._exit(0)
        os.close(writing)
        chance.random()
        is_killed = chance.random() < 0.2
        if is_killed:
            time.sleep(chance.uniform(0.5, 2))
            os.kill(child, signal.SIGKILL)
        with os.fdopen(reading) as pipe:
            told = pipe.read().split()
        os.waitpid(child, 0)
        found["killed_writers"] += is_killed
        found["broken_off"] += told.count("x")
        written += sum(int(each) for each in told if each != "x")
    with done.open("a") as file:
        file.write(".")
    return found


def _write(chance: Random, writing: int) -> None:
    """One fresh line and some rounds of payments on it; each transaction may be broken off in its middle."""
    from tests.simulation import paying
    from zhida.domain.values import new_id

    now = datetime.fromisoformat(NOW)
    line = f"load/{new_id('line')}"
    paying.open_line(now, line=line, total_fen=10**12)
    system = paying.sign_release(now, line=line, cap_fen=10**12)
    for _ in range(ROUNDS):
        new = [paying.new_disbursement(chance.randint(1, 10_000), chance=chance) for _ in range(AT_ONCE)]
        for act in _acts(new, system, line, chance, now):
            broken = _perhaps_broken_off(act, chance)
            os.write(writing, b"x " if broken else f"{AT_ONCE} ".encode())
            if broken:
                break


class _BrokenOff(Exception):
    """A transaction that ends in its middle."""


def _perhaps_broken_off(act: Any, chance: Random) -> bool:
    from django.db import transaction

    try:
        with transaction.atomic():
            act()
            if chance.random() < 0.05:
                raise _BrokenOff
    except _BrokenOff:
        return True
    return False


def _acts(new: Any, system: Any, line: str, chance: Random, now: datetime) -> list[Any]:
    from tests.simulation import paying
    from zhida.domain.postings import Word
    from zhida.kernel.funds import actions
    from zhida.kernel.funds.ports import Answer

    ids = [each.disbursement_id for each in new]
    opened = paying.OpenPayees().payees({each.account_ref for each in new})
    words = [chance.choices([Word.PAID, Word.REFUSED, Word.RETURNED], [8, 1, 1])[0] for _ in new]
    answers = [
        Answer(each.disbursement_id.removeprefix("disbursement_"), word, each.amount_fen, "T", "", date(2026, 3, 3))
        for each, word in zip(new, words, strict=True)
    ]
    by = paying.TREASURY
    return [
        lambda: actions.reserve_many(line=line, disbursements=new, by=system, as_of=now),
        lambda: actions.instruct_many(disbursement_ids=ids, by=system, as_of=now),
        lambda: actions.mark_sent(disbursement_ids=ids, payees=opened, deduplicates=True, by=by, as_of=now),
        lambda: actions.record_answers(answers=answers, by=by, as_of=now),
    ]


def _read(done: Path) -> dict[str, Any]:
    """Twenty times a second, in a snapshot: nothing may be wrong at any instant."""
    from django.db import connection, transaction

    began, readings, violations, turn = time.monotonic(), 0, 0, 0
    while not done.exists() or len(done.read_text()) < WRITERS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(IDENTITY)
            violations += cursor.fetchone()[0]
            cursor.execute(_LINES)
            lines = cursor.fetchall()
            if lines:
                turn += 1
                line, *figures = lines[-1 - turn % min(len(lines), 2 * WRITERS)]
                cursor.execute(_ANEW, [line, line])
                *anew, balance = (int(each) for each in cursor.fetchone())
                violations += anew != figures or balance != 0
        readings += 1
        time.sleep(max(0.0, began + readings / _HZ - time.monotonic()))
    return {"readings": readings, "violations": violations, "seconds": time.monotonic() - began}
