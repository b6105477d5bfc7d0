"""What the simulated treasury does when it is asked to give a payment back: it gives, refuses, or takes its time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.domain.postings import RecallAnswer, RecallRequest, RecallWord
from zhida.domain.values import local_date

REFUSING_ACCOUNT_TAIL = "8888"
SLOW_ACCOUNT_TAIL = "7777"
_TABLE = """
CREATE TABLE IF NOT EXISTS recall (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL, word TEXT NOT NULL, reason TEXT NOT NULL, day TEXT NOT NULL,
    settles_from REAL NOT NULL);
"""


class RecallBook:
    """Recalls beside a treasury's book. `late_s` is how long a slow account's holder thinks it over.

    A recall known by its id is answered as before where the treasury de-duplicates; where it does not it is looked at
    anew, and refused because the money went back before.
    """

    def __init__(self, book: TreasuryBook, *, late_s: float = 2.0) -> None:
        self._book, self._late_s = book, late_s
        book.extend(_TABLE)

    def take(self, requests: Iterable[RecallRequest]) -> tuple[RecallAnswer, ...]:
        """Looks at each recall and answers it; what is accepted is sent back at once, under the payment's reference."""
        with self._book.writing() as database:
            return tuple(self._take(database, request) for request in requests)

    def ask(self, recall_ids: Iterable[str]) -> tuple[RecallAnswer, ...]:
        """What is known of each now; one that never came is left out."""
        with self._book.writing() as database:
            found = [self._known(database, recall_id) for recall_id in recall_ids]
        return tuple(answer for answer in found if answer is not None)

    def _take(self, database: sqlite3.Connection, request: RecallRequest) -> RecallAnswer:
        known = self._known(database, request.recall_id) if self._book.deduplicates else None
        if known is not None:
            return known
        now, day = self._book.now(), local_date(request.asked_at).isoformat()
        word, reason = self._judged(request)
        settles_from = now + (self._late_s if word is RecallWord.PENDING else 0)
        database.execute(
            "INSERT OR REPLACE INTO recall (id, reference, word, reason, day, settles_from) VALUES (?, ?, ?, ?, ?, ?)",
            (request.recall_id, request.reference, word, reason, day, settles_from),
        )
        if word is RecallWord.ACCEPTED:
            self._book.give_back(request.reference, "recalled", day)
        return RecallAnswer(request.recall_id, word, reason)

    def _judged(self, request: RecallRequest) -> tuple[RecallWord, str]:
        payment = self._book.known(request.reference)
        if payment is None or payment["amount_fen"] != request.amount_fen:
            return RecallWord.REFUSED, "no_such_payment"
        if payment["word"] != "paid":
            return RecallWord.REFUSED, "nothing_to_give_back"
        if payment["account_tail"] == REFUSING_ACCOUNT_TAIL:
            return RecallWord.REFUSED, "payee_refuses"
        return (RecallWord.PENDING if payment["account_tail"] == SLOW_ACCOUNT_TAIL else RecallWord.ACCEPTED), ""

    def _known(self, database: sqlite3.Connection, recall_id: str) -> RecallAnswer | None:
        row = database.execute("SELECT * FROM recall WHERE id = ?", (recall_id,)).fetchone()
        if row is None:
            return None
        if row["word"] == RecallWord.PENDING and row["settles_from"] <= self._book.now():
            database.execute("UPDATE recall SET word = ? WHERE id = ?", (RecallWord.ACCEPTED, recall_id))
            self._book.give_back(row["reference"], "recalled", row["day"])
            return RecallAnswer(recall_id, RecallWord.ACCEPTED)
        return RecallAnswer(recall_id, RecallWord(row["word"]), row["reason"])
