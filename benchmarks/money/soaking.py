"""A long time at seventy per cent of what this machine carries, with a bank that fails at times: nothing may drift.

First it is seen how many payments go the whole way a second. Then orders arrive at that share of it, for `--minutes`
(eight hours where none are named), are carried to the bank, and are asked after; a reader looks at the books. Looked at
is what wears out: memory of each process, connections to the database, and how slow the slowest hundredth became
between the first third and the last.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from statistics import median
from typing import Any

from benchmarks.money.conservation import IDENTITY
from benchmarks.money.stage import NOW, Effort, in_processes, share_of

LINES, MOST, FAULT_RATE, OF_WHOLE = 20, 50, 0.05, 0.7
WHOLE_MIN, TRIAL_S, ENDS_S = 480, 20, 600
_WINDOWS, _REST_S, _ASK_EACH_S = 30, 0.01, 2
_TWICE = "SELECT count(*) FROM (SELECT payment FROM movement WHERE word = 'paid' GROUP BY payment HAVING count(*) > 1)"


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """What was carried, what was wrong, and what drifted."""
    minutes = effort.minutes or WHOLE_MIN * effort.share
    trial = Stretch(home, effort.seed, "trial", TRIAL_S, rate=0)
    carried = trial.run()[1]["in_time"] / TRIAL_S
    stretch = Stretch(home, effort.seed, "soak", minutes * 60, rate=OF_WHOLE * carried)
    ordered, sent, read = stretch.run()
    return {
        "minutes": round(minutes, 1),
        "carried_per_s": round(carried, 1),
        "offered_per_s": round(stretch.rate, 1),
        "payments": ordered["orders"],
        "settled": sent["settled"],
        "faults": sent["faults"],
        "violations": read["violations"] + stretch.wrong(),
        "p99_ms": [round(each * 1000) for each in _thirds(ordered["p99_s"])],
        "memory_mib": [[round(each) for each in _thirds(told["mib"])] for told in (ordered, sent)],
        "connections": [min(read["connections"]), read["connections"][-1]],
        "left": max(0, round(WHOLE_MIN * effort.share - minutes)),
    }


def _thirds(values: list[float]) -> tuple[float, float]:
    """The middle value of the second sixth (the first warms up) and of the last third."""
    number = len(values)
    return median(values[number // 6 : max(number // 3, number // 6 + 1)]), median(values[-max(1, number // 3) :])


class Stretch:
    """Some lines and a bank, and three processes that work on them for so many seconds."""

    def __init__(self, home: Path, seed: int, name: str, seconds: float, *, rate: float) -> None:
        from tests.simulation import paying

        self.seed, self.seconds, self.rate = seed, seconds, rate
        self.bank, self.ended = home / f"{name}.sqlite3", home / f"{name}.ended"
        self.systems = {}
        for number in range(LINES):
            line = f"{name}/{number}"
            paying.open_line(self.now(0), line=line, total_fen=10**14)
            self.systems[line] = paying.sign_release(self.now(0), line=line, cap_fen=10**14)

    def run(self) -> list[dict[str, Any]]:
        """What ordering, carrying and reading told."""
        self.began = time.monotonic()
        return in_processes([self.order, self.carry, self.read])

    def now(self, elapsed_s: float) -> datetime:
        """The instant at which the program acts so many seconds after the beginning."""
        return datetime.fromisoformat(NOW) + timedelta(seconds=elapsed_s)

    def windows(self, step: Callable[[float], bool], at_end: Callable[[], None]) -> Iterator[float]:
        """Steps until the time is over, resting where one had nothing to do; the memory in MiB after each window."""
        for number in range(1, _WINDOWS + 1):
            until = self.began + self.seconds * number / _WINDOWS
            while (instant := time.monotonic()) < until:
                if not step(instant - self.began):
                    time.sleep(_REST_S)
            at_end()
            yield int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def order(self) -> dict[str, Any]:
        """Orders arrive, over the lines in turn, and are reserved and instructed; with no rate, as fast as may be."""
        from tests.simulation import paying
        from zhida.kernel.funds import actions

        lines, found = list(self.systems), {"orders": 0, "p99_s": []}
        waits: list[float] = []
        turn = [0]

        def step(elapsed: float) -> bool:
            due = int(elapsed * self.rate) - found["orders"] if self.rate else MOST
            if due <= 0:
                return False
            line, number = lines[turn[0] % LINES], min(due, MOST)
            turn[0] += 1
            new = [paying.new_disbursement(1_234) for _ in range(number)]
            by = {"by": self.systems[line], "as_of": self.now(elapsed)}
            actions.reserve_and_instruct(line=line, disbursements=new, **by)
            arrived = [(found["orders"] + each) / self.rate if self.rate else elapsed for each in range(number)]
            waits.extend(time.monotonic() - self.began - at for at in arrived)
            found["orders"] += number
            return True

        def at_end() -> None:
            found["p99_s"].append(share_of(waits, 0.99))
            waits.clear()

        mib = list(self.windows(step, at_end))
        self.ended.touch()
        return {**found, "mib": mib}

    def carry(self) -> dict[str, Any]:
        """Orders are sent, and the bank is asked; at the end until nothing is open."""
        from tests.simulation import paying
        from zhida.adapters.treasury.simulator.book import TreasuryBook
        from zhida.adapters.treasury.simulator.faults import Faults
        from zhida.domain.errors import RetryableOutside
        from zhida.kernel.funds import actions, sending
        from zhida.kernel.outbox.pump import pump

        book, faults = TreasuryBook(self.bank), Faults(self.seed, rate=FAULT_RATE)
        treasury, payees, asked = paying.BookTreasury(book, faults), paying.OpenPayees(), [0.0]
        handler = sending.instruct_handler(treasury=lambda: treasury, payees=lambda: payees, by=paying.TREASURY)

        def step(elapsed: float) -> bool:
            if elapsed - asked[0] > _ASK_EACH_S:
                asked[0] = elapsed
                try:
                    sending.ask_after_open(treasury=treasury, by=paying.TREASURY, as_of=self.now(elapsed))
                except RetryableOutside:
                    return True
            return pump({actions.INSTRUCT: handler}, as_of=self.now(elapsed)).handled > 0

        mib, in_time = list(self.windows(step, lambda: None)), self.settled()
        until = time.monotonic() + ENDS_S
        while self.open() and time.monotonic() < until:
            step(time.monotonic() - self.began)
        book.close()
        wrong = sum(times for fault, times in faults.drawn.items() if fault != "none")
        return {"settled": self.settled(), "in_time": in_time, "faults": wrong, "mib": mib}

    def read(self) -> dict[str, Any]:
        """The books' identity each second, and how many connections there are."""
        from django.db import connection

        found: dict[str, Any] = {"violations": 0, "connections": []}
        while not self.ended.exists():
            with connection.cursor() as cursor:
                cursor.execute(IDENTITY)
                found["violations"] += cursor.fetchone()[0]
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
                found["connections"].append(cursor.fetchone()[0])
            time.sleep(1)
        return found

    def settled(self) -> int:
        """How many payments of these lines were settled."""
        return self._rows().filter(state="settled").count()

    def open(self) -> int:
        """How many have not come to an end."""
        return self._rows().exclude(state__in=("settled", "voided", "returned")).count()

    def _rows(self) -> Any:
        from zhida.kernel.funds.models import Disbursement

        return Disbursement.objects.filter(line_id__in=list(self.systems))

    def wrong(self) -> int:
        """Discrepancies of the books, payments without an end, what was paid twice, or paid and not settled."""
        from tests.audit import audit_books

        with connect(self.bank) as bank:
            twice = bank.execute(_TWICE).fetchone()[0]
            paid = bank.execute("SELECT count(DISTINCT payment) FROM movement WHERE word = 'paid'").fetchone()[0]
        bank.close()
        wrong = sum(map(len, map(audit_books, self.systems)))
        return wrong + twice + self.open() + abs(paid - self.settled())
