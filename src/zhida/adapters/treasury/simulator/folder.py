"""The simulated treasury's file face: fetches payment files, leaves reports, notifications and statements in return."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from zhida.adapters.treasury.messages import (
    Report,
    Unreadable,
    message_id_of,
    notification_message,
    orders_of,
    recalls_of,
    report_message,
    resolution_message,
    statement_message,
)
from zhida.adapters.treasury.simulator.anomalies import Anomalies
from zhida.adapters.treasury.simulator.book import ReferenceReused, TreasuryBook
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.adapters.treasury.simulator.recalls import RecallBook
from zhida.domain.postings import RecallAnswer, RecallRequest, RecallWord, Word
from zhida.domain.values import local_date
from zhida.kernel.funds.ports import Answer

_ACCOUNT = "0001"


class FolderBank:
    """Serves one folder of the file channel out of one book.

    Faults, drawn by file: LOST_REQUEST leaves the file for the next look, LOST_REPLY takes it and answers nothing but
    the statement, TWICE answers it twice under two names, GARBAGE answers with what nobody can read.
    """

    def __init__(self, folder: Path, book: TreasuryBook, faults: Faults, anomalies: Anomalies) -> None:
        self._folder, self._book, self._faults, self._anomalies = folder, book, faults, anomalies
        self._recalls, self._slow = RecallBook(book), dict[str, RecallRequest]()
        for name in ("out", "in", "fetched"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def watch(self, closing: threading.Event, every_s: float = 0.5) -> None:
        """Looks again and again until told to close."""
        while not closing.is_set():
            self.look()
            closing.wait(every_s)

    def look(self) -> int:
        """Works through every file that lies there; how many it took."""
        self._answer_the_slow()
        return sum(self._fetch(path) for path in sorted((self._folder / "out").glob("*.xml")))

    def _fetch(self, path: Path) -> bool:
        fault = self._faults.draw(path.name, is_paying=True)
        if fault is Fault.LOST_REQUEST:
            return False
        message = path.read_bytes()
        path.replace(self._folder / "fetched" / path.name)
        if b"camt.056." in message[:1000]:
            self._recall(fault, path.stem, message)
            return True
        number, days = path.stem[-32:], set[date]()
        try:
            number, orders = message_id_of(message), orders_of(message)
            answers = self._book.take(orders)
            days = {order.requested_on for order in orders}
        except (Unreadable, ReferenceReused) as error:
            self._leave(f"pain002-{number}.xml", _told(Report(f"R{number[:30]}", number, True, str(error)[:35], ())))
        else:
            self._answer(fault, number, answers)
        for day in sorted(days | {date.fromordinal(day.toordinal() + 1) for day in days}):
            self.state(day)
        return True

    def _answer(self, fault: Fault, number: str, answers: list[dict[str, Any]]) -> None:
        if fault in (Fault.LOST_REPLY, Fault.LATE, Fault.STALLED, Fault.ERROR_AFTER):
            return
        if fault is Fault.GARBAGE:
            self._leave(f"pain002-{number}.xml", b"\x00<Document")
            return
        told = tuple(_answer(each) for each in answers)
        report = _told(Report(f"R{number[:30]}", number, False, "", tuple(map(_reported, told))))
        for copy in ("", "-again") if fault is Fault.TWICE else ("",):
            self._leave(f"pain002-{number}{copy}.xml", report)
        moved = self._book.movements(each.reference for each in told)
        if moved:
            notice = notification_message(moved, message_id=f"N{number[:30]}", account=_ACCOUNT, made_at=_now())
            self._leave(f"camt054-{number}.xml", notice)

    def _recall(self, fault: Fault, stem: str, message: bytes) -> None:
        try:
            requests = recalls_of(message)
        except Unreadable:
            return  # a bank that cannot read a recall says nothing; it lapses, and a person looks
        answers = self._recalls.take(requests)
        for request, answer in zip(requests, answers, strict=True):
            if answer.word is RecallWord.PENDING:
                self._slow[request.recall_id] = request
        if fault not in (Fault.LOST_REPLY, Fault.LATE, Fault.STALLED, Fault.ERROR_AFTER):
            self._resolve(stem, answers, requests)

    def _resolve(self, stem: str, answers: tuple[RecallAnswer, ...], requests: tuple[RecallRequest, ...]) -> None:
        self._leave(f"camt029-{stem}.xml", resolution_message(answers, message_id="R1", made_at=_now(), sender="bank"))
        for request in requests:
            back = [each for each in self._book.movements([request.reference]) if each.word is Word.RETURNED]
            if back:
                notice = notification_message(back, message_id="N1", account=_ACCOUNT, made_at=_now())
                self._leave(f"camt054-{request.recall_id}.xml", notice)
                self.state(max(each.booked_on for each in back))
        self.state(max(local_date(request.asked_at) for request in requests))

    def _answer_the_slow(self) -> None:
        for answer in self._recalls.ask(tuple(self._slow)):
            if answer.word is not RecallWord.PENDING:
                self._resolve(f"{answer.recall_id}-later", (answer,), (self._slow.pop(answer.recall_id),))

    def state(self, day: date) -> None:
        """Leaves the statement of a day as it stands now; a later one of the same day takes its place."""
        statement = self._anomalies.bend(self._book.statement, day)
        if statement.lines:
            written = statement_message(statement, account=_ACCOUNT, made_at=_now())
            self._leave(f"camt053-{day:%Y%m%d}-{len(statement.lines):06d}.xml", written)

    def _leave(self, name: str, message: bytes) -> None:
        part = self._folder / "in" / f".{name}.part"
        part.write_bytes(message)
        part.replace(self._folder / "in" / name)


def _told(report: Report) -> bytes:
    return report_message(report, made_at=_now())


def _now() -> datetime:
    return datetime.now(UTC)


def _answer(told: dict[str, Any]) -> Answer:
    booked_on = date.fromisoformat(told["booked_on"]) if told["booked_on"] else None
    word, number = Word(told["word"]), told["treasury_reference"]
    return Answer(told["reference"], word, told["amount_fen"], number, told["reason"], booked_on)


def _reported(answer: Answer) -> Answer:
    """As a bank reports on taking a file: refused now, or taken; what moved is told by the notification."""
    word = Word.REFUSED if answer.word is Word.REFUSED else Word.PENDING
    return Answer(answer.reference, word, answer.amount_fen, answer.treasury_reference, answer.reason)
