"""The simulated treasury's HTTP face: ISO 20022 and JSON, one thread a connection, faults where a seed asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from zhida.adapters.treasury.messages import (
    Unreadable,
    orders_of,
    recalls_of,
    resolution_message,
    statement_message,
)
from zhida.adapters.treasury.simulator.anomalies import Anomalies
from zhida.adapters.treasury.simulator.book import ReferenceReused, TreasuryBook
from zhida.adapters.treasury.simulator.callbacks import Callbacks
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.adapters.treasury.simulator.recalls import RecallBook
from zhida.domain.postings import RecallAnswer

ACCOUNT = "0001"
_LARGEST_BODY = 16 * 1024 * 1024
_SILENT = frozenset({Fault.LOST_REQUEST, Fault.LOST_REPLY, Fault.LATE})


class TreasuryServer(ThreadingHTTPServer):
    """Serves one book on one port of this machine. `stall_s` is how long a stalled reply waits, `late_s` how long a
    late payment stays out of sight."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        port: int,
        book: TreasuryBook,
        faults: Faults,
        *,
        stall_s: float = 15.0,
        late_s: float = 2.0,
        anomalies: Anomalies | None = None,
        callbacks: Callbacks | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", port), TreasuryHandler)
        self.book = book
        self.recalls = RecallBook(book, late_s=late_s)
        self.faults = faults
        self.stall_s = stall_s
        self.late_s = late_s
        self.anomalies = anomalies or Anomalies()
        self.callbacks = callbacks
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        """Where it is reached, such as `http://127.0.0.1:8461`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def shutdown(self) -> None:
        """Stops serving and lets go of stalled replies."""
        self.closing.set()
        super().shutdown()


class TreasuryHandler(BaseHTTPRequestHandler):
    """One connection."""

    server: TreasuryServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Says nothing: references and accounts do not belong in a console."""

    def do_GET(self) -> None:
        """Statements, and what kind of treasury this is."""
        if self.path == "/about":
            self._reply(200, {"deduplicates": self.server.book.deduplicates})
        elif self.path.startswith("/statements/"):
            self._state(self.path.removeprefix("/statements/"))
        else:
            self._reply(404, {"error": "no_such_page"})

    def do_POST(self) -> None:
        """Payments, questions and returns."""
        content = self._content()
        if content is None:
            return
        if self.path in ("/payments", "/recalls"):
            (self._pay if self.path == "/payments" else self._recall)(content)
            return
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        match self.path, body:
            case "/payments/query", {"references": [str(first), *_] as references}:
                self._ask(first, references)
            case "/recalls/query", {"recalls": [str(first), *_] as recall_ids}:
                fault = self.server.faults.draw(first, is_paying=False)
                self._resolve_with(fault, self.server.recalls.ask(recall_ids))
            case "/returns", {"reference": str(reference), "reason": str(reason), "on": str(on)}:
                self._send_back(reference, reason, on)
            case _:
                self._reply(400, {"error": "unknown_request"})

    def _pay(self, message: bytes) -> None:
        try:
            orders = orders_of(message)
        except Unreadable as error:
            self._reply(400, {"error": "unreadable_message", "words": str(error)})
            return
        fault = self.server.faults.draw(orders[0].reference, is_paying=True) if orders else Fault.NONE
        if fault is Fault.LOST_REQUEST:
            self.close_connection = True
            return
        delay = self.server.late_s if fault is Fault.LATE else 0.0
        try:
            answers = self.server.book.take(orders, delay_s=delay)
        except ReferenceReused as error:
            self._reply(409, {"error": "reference_reused", "words": f"{error} came before with another order"})
            return
        if self.server.callbacks is not None and fault is not Fault.LATE:
            self.server.callbacks.tell(answers)
        self._reply_with(fault, answers)

    def _recall(self, message: bytes) -> None:
        try:
            requests = recalls_of(message)
        except Unreadable as error:
            self._reply(400, {"error": "unreadable_message", "words": str(error)})
            return
        fault = self.server.faults.draw(requests[0].recall_id, is_paying=True)
        if fault is Fault.LOST_REQUEST:
            self.close_connection = True
            return
        answers = self.server.recalls.take(requests)
        if self.server.callbacks is not None:
            self.server.callbacks.tell(self.server.book.ask(each.reference for each in requests))
        self._resolve_with(fault, answers)

    def _resolve_with(self, fault: Fault, answers: tuple[RecallAnswer, ...]) -> None:
        if fault in _SILENT:
            self.close_connection = True
            return
        if fault is Fault.STALLED:
            self.server.closing.wait(self.server.stall_s)
        told = {Fault.TWICE: answers + answers, Fault.PARTIAL: answers[1::2]}.get(fault, answers)
        message = resolution_message(told, message_id="R1", made_at=datetime.now(UTC), sender="treasury")
        if fault is Fault.ERROR_AFTER:
            self._reply(500, {"error": "internal"})
        else:
            self._send(200, b"\x00<Document" if fault is Fault.GARBAGE else message, "application/xml")

    def _state(self, written: str) -> None:
        try:
            day = date.fromisoformat(written)
        except ValueError:
            self._reply(400, {"error": "malformed_day"})
            return
        statement = self.server.anomalies.bend(self.server.book.statement, day)
        self._send(200, statement_message(statement, account=ACCOUNT, made_at=datetime.now(UTC)), "application/xml")

    def _send_back(self, reference: str, reason: str, on: str) -> None:
        try:
            self._reply(200, {"answers": self.server.book.send_back(reference, reason, on)})
        except ValueError:
            self._reply(400, {"error": "malformed_day"})

    def _ask(self, first: str, references: list[str]) -> None:
        fault = self.server.faults.draw(first, is_paying=False)
        self._reply_with(fault, self.server.book.ask(references))

    def _reply_with(self, fault: Fault, answers: list[dict[str, Any]]) -> None:
        if fault in _SILENT:
            self.close_connection = True
            return
        if fault is Fault.STALLED:
            self.server.closing.wait(self.server.stall_s)
        if fault is Fault.ERROR_AFTER:
            self._reply(500, {"error": "internal"})
        elif fault is Fault.GARBAGE:
            self._send(200, b"\x00{answers:")
        else:
            self._reply(200, {"answers": _bend(fault, answers)})

    def _content(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._reply(413, {"error": "length_required_up_to_16_MiB"})
            return None
        return self.rfile.read(int(length))

    def _reply(self, status: int, content: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(content, ensure_ascii=False).encode())

    def _send(self, status: int, content: bytes, kind: str = "application/json") -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()
        except ConnectionError:
            self.close_connection = True


def _bend(fault: Fault, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if fault is Fault.TWICE:
        return answers + answers
    if fault is Fault.PARTIAL:
        return answers[1::2]
    if fault is Fault.WRONG_AMOUNT:
        return [{**answer, "amount_fen": answer["amount_fen"] + 1} for answer in answers]
    return answers
