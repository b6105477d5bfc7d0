"""The simulated treasury's own books: payments taken and money moved, in one SQLite file that survives a crash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from zhida.adapters.treasury.messages import Statement
from zhida.domain.postings import StatementLine, Word
from zhida.kernel.funds.ports import PaymentOrder

_TABLES = """
CREATE TABLE IF NOT EXISTS payment (
    number INTEGER PRIMARY KEY, reference TEXT NOT NULL, digest TEXT NOT NULL, word TEXT NOT NULL,
    reason TEXT NOT NULL, amount_fen INTEGER NOT NULL CHECK (amount_fen > 0), account_tail TEXT NOT NULL,
    booked_on TEXT NOT NULL, visible_from REAL NOT NULL);
CREATE INDEX IF NOT EXISTS payment_reference ON payment (reference);
CREATE TABLE IF NOT EXISTS movement (
    number INTEGER PRIMARY KEY, payment INTEGER NOT NULL REFERENCES payment (number),
    word TEXT NOT NULL CHECK (word IN ('paid', 'returned')), booked_on TEXT NOT NULL, visible_from REAL NOT NULL);
CREATE INDEX IF NOT EXISTS movement_day ON movement (booked_on);
"""
_MOVEMENTS = (
    "SELECT m.number AS movement, m.word AS moved, m.booked_on AS moved_on, p.* FROM movement m"
    " JOIN payment p ON p.number = m.payment"
)
CLOSED_ACCOUNT_TAIL = "0000"
RETURNING_ACCOUNT_TAIL = "9999"


class ReferenceReused(Exception):
    """A known reference came with another order; nothing of its request was taken."""


class TreasuryBook:
    """Takes orders and tells what became of them. Safe to share between threads; each request is one transaction."""

    def __init__(self, path: Path, *, deduplicates: bool = True, clock: Callable[[], float] = time.time) -> None:
        self.deduplicates = deduplicates
        self._clock = clock
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)
        self._database.row_factory = sqlite3.Row

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._database.close()

    def take(self, orders: Iterable[PaymentOrder], *, delay_s: float = 0.0) -> list[dict[str, Any]]:
        """Pays each order and answers it; with a delay, nobody can see these payments until it has passed.

        A reference known already is answered as before where this treasury de-duplicates, and paid again where it
        does not. Raises ReferenceReused, before anything is taken.
        """
        with self._lock, self._writing():
            return [self._take(order, self._clock() + delay_s) for order in orders]

    def extend(self, tables: str) -> None:
        """Adds tables beside these, for what else this treasury keeps."""
        with self._lock:
            self._database.executescript(tables)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction around several calls of `known` and `give_back`, alone on the file until it ends."""
        with self._lock, self._writing():
            yield self._database

    def now(self) -> float:
        """The instant by this treasury's clock, in seconds since 1970."""
        return self._clock()

    def known(self, reference: str) -> sqlite3.Row | None:
        """The latest payment under a reference that can be seen now; for use within `writing`."""
        return self._latest(reference, self._clock())

    def give_back(self, reference: str, reason: str, on: str) -> None:
        """Returns a payment that was made, once, on a day not before its own; for use within `writing`."""
        row = self.known(reference)
        if row is not None and row["word"] == "paid":
            self._return(row["number"], reason, max(on, row["booked_on"]))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _take(self, order: PaymentOrder, visible_from: float) -> dict[str, Any]:
        digest = _digest_of(order)
        known = self._latest(order.reference, float("inf")) if self.deduplicates else None
        if known is not None:
            if known["digest"] != digest:
                raise ReferenceReused(order.reference)
            return _answer(known)
        account, booked_on = order.payee.account_number, order.requested_on.isoformat()
        is_closed = account.endswith(CLOSED_ACCOUNT_TAIL)
        word, reason = ("refused", "account_closed") if is_closed else ("paid", "")
        number = self._database.execute(
            "INSERT INTO payment (reference, digest, word, reason, amount_fen, account_tail, booked_on, visible_from)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (order.reference, digest, word, reason, order.amount_fen, account[-4:], booked_on, visible_from),
        ).lastrowid
        if not is_closed:
            self._move(number, "paid", booked_on, visible_from)
        latest = self._database.execute("SELECT * FROM payment WHERE number = ?", (number,)).fetchone()
        if account.endswith(RETURNING_ACCOUNT_TAIL):
            following = order.requested_on + timedelta(days=1)
            self._return(number, "account_rejects_credit", following.isoformat())
        return _answer(latest)

    def _move(self, number: int | None, word: str, booked_on: str, visible_from: float) -> None:
        self._database.execute(
            "INSERT INTO movement (payment, word, booked_on, visible_from) VALUES (?, ?, ?, ?)",
            (number, word, booked_on, visible_from),
        )

    def _return(self, number: int | None, reason: str, booked_on: str) -> None:
        self._database.execute("UPDATE payment SET word = 'returned', reason = ? WHERE number = ?", (reason, number))
        self._move(number, "returned", booked_on, self._clock())

    def _latest(self, reference: str, moment: float) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._database.execute(
            "SELECT * FROM payment WHERE reference = ? AND visible_from <= ? ORDER BY number DESC LIMIT 1",
            (reference, moment),
        ).fetchone()
        return row

    def ask(self, references: Iterable[str]) -> list[dict[str, Any]]:
        """What is known of each reference now; `absent` where nothing is, or nothing yet."""
        with self._lock:
            found = [(reference, self._latest(reference, self._clock())) for reference in references]
        return [_absent(reference) if row is None else _answer(row) for reference, row in found]

    def send_back(self, reference: str, reason: str, on: str) -> list[dict[str, Any]]:
        """Returns a payment that was made, on a day; one that was not made, or came back already, is left alone."""
        booked_on = date.fromisoformat(on).isoformat()
        with self._lock:
            row = self._latest(reference, self._clock())
            if row is not None and row["word"] == "paid":
                with self._writing():
                    self._return(row["number"], reason, booked_on)
        return self.ask([reference])

    def movements(self, references: Iterable[str]) -> tuple[StatementLine, ...]:
        """Every movement of some references that can be seen now, payments and returns."""
        query = f"{_MOVEMENTS} WHERE p.reference = ? AND m.visible_from <= ? ORDER BY m.number"
        with self._lock:
            found = [self._database.execute(query, (each, self._clock())).fetchall() for each in references]
        return tuple(_line(row) for rows in found for row in rows)

    def statement(self, day: date) -> Statement:
        """Every movement of a day in the order of its making, between two balances in fen that began at nothing."""
        query = f"{_MOVEMENTS} WHERE m.booked_on <= ? AND m.visible_from <= ? ORDER BY m.number"
        with self._lock:
            rows = self._database.execute(query, (day.isoformat(), self._clock())).fetchall()
        lines = [_line(row) for row in rows]
        before = _net(line for line in lines if line.booked_on < day)
        today = tuple(line for line in lines if line.booked_on == day)
        return Statement(day, before, before + _net(today), today)


def _line(row: sqlite3.Row) -> StatementLine:
    return StatementLine(
        treasury_reference=f"M{row['movement']:012d}",
        reference=row["reference"],
        word=Word(row["moved"]),
        amount_fen=row["amount_fen"],
        account_tail=row["account_tail"],
        booked_on=date.fromisoformat(row["moved_on"]),
        reason=row["reason"] if row["moved"] == "returned" else "",
    )


def _net(lines: Iterable[StatementLine]) -> int:
    return sum(line.amount_fen if line.word is Word.RETURNED else -line.amount_fen for line in lines)


def _digest_of(order: PaymentOrder) -> str:
    told = [order.reference, order.payee.name, order.payee.account_number, order.amount_fen, order.purpose]
    return hashlib.sha256(json.dumps([*told, order.requested_on.isoformat()]).encode()).hexdigest()


def _answer(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "reference": row["reference"],
        "word": row["word"],
        "amount_fen": row["amount_fen"],
        "treasury_reference": f"T{row['number']:012d}",
        "reason": row["reason"],
        "booked_on": row["booked_on"],
    }


def _absent(reference: str) -> dict[str, Any]:
    return {
        "reference": reference,
        "word": "absent",
        "amount_fen": 0,
        "treasury_reference": "",
        "reason": "",
        "booked_on": None,
    }
