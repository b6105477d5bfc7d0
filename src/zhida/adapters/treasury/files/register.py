"""What a file channel has written and taken: one SQLite file beside its folders, so that nothing counts twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from zhida.domain.postings import RecallAnswer, RecallWord, Word
from zhida.kernel.funds.ports import Answer

_TABLES = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS written (
    reference TEXT PRIMARY KEY, digest TEXT NOT NULL, file TEXT NOT NULL, amount_fen INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS written_file ON written (file);
CREATE TABLE IF NOT EXISTS taken (digest TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS news (
    number INTEGER PRIMARY KEY, reference TEXT NOT NULL, word TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    treasury_reference TEXT NOT NULL, reason TEXT NOT NULL, booked_on TEXT);
CREATE INDEX IF NOT EXISTS news_reference ON news (reference);
CREATE TABLE IF NOT EXISTS recall (id TEXT PRIMARY KEY, file TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS recall_news (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, word TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS statement (digest TEXT PRIMARY KEY, day TEXT NOT NULL, number INTEGER NOT NULL);
"""
_WEIGHT = {Word.PENDING: 0, Word.REFUSED: 1, Word.PAID: 2, Word.RETURNED: 3}
"""Which of several words on one reference stands: files may be read in any order, so time does not decide."""

_RECALL_WEIGHT = {RecallWord.PENDING: 0, RecallWord.ACCEPTED: 1, RecallWord.REFUSED: 2}


class FileRegister:
    """One channel's memory. Each method is one transaction; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._database.executescript(_TABLES)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction around several of the methods below, alone on the file until it ends."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def digests_of(self, references: Collection[str]) -> dict[str, str]:
        """The digest of each order written before, by reference."""
        query = "SELECT digest FROM written WHERE reference = ?"
        found = {reference: self._one(query, reference) for reference in references}
        return {reference: str(digest) for reference, digest in found.items() if digest is not None}

    def note_written(self, file: str, orders: Mapping[str, tuple[str, int]]) -> None:
        """Notes the orders of a file: reference to digest and fen."""
        rows = [(reference, digest, file, amount_fen) for reference, (digest, amount_fen) in orders.items()]
        self._database.executemany("INSERT INTO written VALUES (?, ?, ?, ?)", rows)

    def is_written(self, file: str) -> bool:
        """Whether orders, or a recall, were noted as written in this file."""
        query = "SELECT 1 FROM written WHERE file = ?1 UNION ALL SELECT 1 FROM recall WHERE file = ?1 LIMIT 1"
        return self._one(query, file) is not None

    def orders_of(self, message_id: str) -> dict[str, int]:
        """The references and fen of a file, by the start of its hash, which is its message's id."""
        rows = self._database.execute(
            "SELECT reference, amount_fen FROM written WHERE file LIKE ?", (f"%-{message_id}.xml",)
        )
        return {str(reference): int(amount_fen) for reference, amount_fen in rows}

    def note_taken(self, digest: str, name: str) -> bool:
        """Notes a file as taken; False where the same content was taken before, under whatever name."""
        row = self._database.execute("INSERT OR IGNORE INTO taken VALUES (?, ?)", (digest, name))
        return row.rowcount == 1

    def note_news(self, answers: Sequence[Answer]) -> None:
        """Keeps what a file said."""
        rows = [
            (each.reference, each.word, each.amount_fen, each.treasury_reference, each.reason, _written(each.booked_on))
            for each in answers
        ]
        self._database.executemany(
            "INSERT INTO news (reference, word, amount_fen, treasury_reference, reason, booked_on)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )

    def note_recall(self, recall_id: str, file: str) -> bool:
        """Notes a recall as written in a file; False where it was written before."""
        row = self._database.execute("INSERT OR IGNORE INTO recall VALUES (?, ?)", (recall_id, file))
        return row.rowcount == 1

    def note_recall_news(self, answers: Sequence[RecallAnswer]) -> None:
        """Keeps what a file said of recalls."""
        rows = [(each.recall_id, each.word, each.reason) for each in answers]
        self._database.executemany("INSERT INTO recall_news (id, word, reason) VALUES (?, ?, ?)", rows)

    def word_on_recall(self, recall_id: str) -> RecallAnswer | None:
        """The weightiest word that any file said of a recall; PENDING once it was written, None before."""
        with self._lock:
            query = "SELECT word, reason FROM recall_news WHERE id = ? ORDER BY number"
            rows = self._database.execute(query, (recall_id,)).fetchall()
        if rows:
            said = [RecallAnswer(recall_id, RecallWord(word), reason) for word, reason in rows]
            return max(said, key=lambda answer: _RECALL_WEIGHT[answer.word])
        is_written = self._one("SELECT 1 FROM recall WHERE id = ?", recall_id) is not None
        return RecallAnswer(recall_id, RecallWord.PENDING) if is_written else None

    def note_statement(self, digest: str, day: date) -> None:
        """Keeps which file states a day; a later one of the same day takes its place."""
        number = self._one("SELECT COUNT(*) FROM statement")
        self._database.execute("INSERT OR IGNORE INTO statement VALUES (?, ?, ?)", (digest, day.isoformat(), number))

    def statement_of(self, day: date) -> str | None:
        """The hash of the latest file that states a day."""
        query = "SELECT digest FROM statement WHERE day = ? ORDER BY number DESC LIMIT 1"
        found = self._one(query, day.isoformat())
        return None if found is None else str(found)

    def word_on(self, reference: str) -> Answer | None:
        """What stands of a reference: the weightiest word any file said; PENDING once it was written, None before."""
        with self._lock:
            rows = self._database.execute(
                "SELECT word, amount_fen, treasury_reference, reason, booked_on FROM news WHERE reference = ?"
                " ORDER BY number",
                (reference,),
            ).fetchall()
            amount_fen = self._one("SELECT amount_fen FROM written WHERE reference = ?", reference)
        said = [
            Answer(reference, Word(word), fen, number, reason, date.fromisoformat(day) if day else None)
            for word, fen, number, reason, day in rows
        ]
        if not said:
            return None if amount_fen is None else Answer(reference, Word.PENDING, int(str(amount_fen)))
        return max(said, key=lambda answer: _WEIGHT[answer.word])

    def _one(self, query: str, *values: str) -> object | None:
        with self._lock:
            row = self._database.execute(query, values).fetchone()
        return None if row is None else row[0]


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
