"""The simulated treasury's own books: payments taken and money moved, in one SQLite file that survives a crash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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
_ORDER_FIELDS = {"reference", "account", "name", "amount_fen", "purpose", "requested_on"}
CLOSED_ACCOUNT_TAIL = "0000"
RETURNING_ACCOUNT_TAIL = "9999"


class MalformedOrder(ValueError):
    """An order that the treasury cannot read; nothing of its request was taken."""


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

    def take(self, orders: Iterable[Mapping[str, Any]], *, delay_s: float = 0.0) -> list[dict[str, Any]]:
        """Pays each order and answers it; with a delay, nobody can see these payments until it has passed.

        A reference known already is answered as before where this treasury de-duplicates, and paid again where it
        does not. Raises MalformedOrder and ReferenceReused, before anything is taken.
        """
        read = [_read(order) for order in orders]
        with self._lock, self._writing():
            return [self._take(order, self._clock() + delay_s) for order in read]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _take(self, order: Mapping[str, Any], visible_from: float) -> dict[str, Any]:
        digest = hashlib.sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()
        known = self._latest(order["reference"], float("inf")) if self.deduplicates else None
        if known is not None:
            if known["digest"] != digest:
                raise ReferenceReused(order["reference"])
            return _answer(known)
        is_closed = order["account"].endswith(CLOSED_ACCOUNT_TAIL)
        word, reason = ("refused", "account_closed") if is_closed else ("paid", "")
        number = self._database.execute(
            "INSERT INTO payment (reference, digest, word, reason, amount_fen, account_tail, booked_on, visible_from)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                order["reference"],
                digest,
                word,
                reason,
                order["amount_fen"],
                order["account"][-4:],
                order["requested_on"],
                visible_from,
            ),
        ).lastrowid
        if word == "paid":
            self._move(number, "paid", order["requested_on"], visible_from)
        latest = self._database.execute("SELECT * FROM payment WHERE number = ?", (number,)).fetchone()
        if word == "paid" and order["account"].endswith(RETURNING_ACCOUNT_TAIL):
            following = date.fromisoformat(order["requested_on"]) + timedelta(days=1)
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

    def statement(self, day: str) -> dict[str, Any]:
        """Every movement of a day in the order of its making, with their number and the net sum paid out in fen."""
        booked_on = date.fromisoformat(day).isoformat()
        with self._lock:
            rows = self._database.execute(
                "SELECT m.number AS movement, m.word AS moved, m.booked_on AS moved_on, p.* FROM movement m"
                " JOIN payment p ON p.number = m.payment WHERE m.booked_on = ? AND m.visible_from <= ?"
                " ORDER BY m.number",
                (booked_on, self._clock()),
            ).fetchall()
        lines = [
            {
                "treasury_reference": f"M{row['movement']:012d}",
                "reference": row["reference"],
                "word": row["moved"],
                "amount_fen": row["amount_fen"],
                "account_tail": row["account_tail"],
                "booked_on": row["moved_on"],
            }
            for row in rows
        ]
        total = sum(line["amount_fen"] * (1 if line["word"] == "paid" else -1) for line in lines)
        return {"day": booked_on, "count": len(lines), "total_fen": total, "lines": lines}


def _read(order: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(order, dict) or set(order) != _ORDER_FIELDS:
        raise MalformedOrder(f"an order has exactly the fields {sorted(_ORDER_FIELDS)}")
    texts = [order[field] for field in sorted(_ORDER_FIELDS - {"amount_fen"})]
    if not all(isinstance(text, str) and text for text in texts):
        raise MalformedOrder("every field but amount_fen is a text that is not empty")
    amount = order["amount_fen"]
    if type(amount) is not int or not 0 < amount < 10**15:
        raise MalformedOrder("amount_fen is a whole number of fen above 0 and below 10^15")
    try:
        date.fromisoformat(order["requested_on"])
    except ValueError as error:
        raise MalformedOrder("requested_on is a date") from error
    return dict(order)


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
