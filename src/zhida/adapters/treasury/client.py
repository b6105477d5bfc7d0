"""The treasury over HTTP: orders and statements as ISO 20022, and every doubt about a reply told as doubt."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any

import httpx

from zhida.adapters.treasury.callbacks import answers_of
from zhida.adapters.treasury.messages import (
    Unreadable,
    payment_message,
    recall_message,
    resolution_of,
    statement_of,
)
from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.domain.postings import RecallAnswer, RecallRequest, StatementLine
from zhida.kernel.funds.ports import Answer, Payee, PaymentOrder

# Nothing of the request has left this host in these cases; in all others the treasury may have taken it.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_LARGEST_REPLY = 256 * 1024 * 1024
_DEBTOR = Payee("直达", "NOTPROVIDED")


class HttpTreasury:
    """A TreasuryPort at one address, paying out of the `debtor`'s account.

    Calls wait `timeout_s` for the next byte and twice as long for the whole of a reply's body, so that a treasury that
    drips holds nobody up. The client is safe to share between threads. `clock` dates the messages only.
    """

    def __init__(
        self,
        address: str,
        *,
        debtor: Payee = _DEBTOR,
        timeout_s: float = 10.0,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = httpx.Client(
            base_url=address, timeout=timeout_s, transport=transport, trust_env=False, follow_redirects=False
        )
        self._longest_s = 2 * timeout_s
        self._debtor = debtor
        self._clock = clock
        self._deduplicates: bool | None = None

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

    @property
    def deduplicates(self) -> bool:
        """What the treasury declares at /about, asked once. Raises RetryableOutside where it cannot be asked."""
        if self._deduplicates is None:
            self._deduplicates = _object(self._call("GET", "/about")).get("deduplicates") is True
        return self._deduplicates

    def instruct(self, orders: Sequence[PaymentOrder]) -> tuple[Answer, ...]:
        """Sends orders in one request. Raises RetryableOutside `not_sent`, or `no_answer` where it may have paid."""
        if not orders:
            return ()
        message = payment_message(orders, debtor=self._debtor, made_at=self._clock())
        return _told(self._call("POST", "/payments", message), {order.reference for order in orders})

    def ask(self, references: Collection[str]) -> tuple[Answer, ...]:
        """What became of each reference. Raises RetryableOutside where the treasury does not say."""
        if not references:
            return ()
        content = json.dumps({"references": list(references)}).encode()
        return _told(self._call("POST", "/payments/query", content), set(references))

    def recall(self, requests: Sequence[RecallRequest]) -> tuple[RecallAnswer, ...]:
        """Asks for payments back, in one camt.056. Raises RetryableOutside as `instruct` does."""
        if not requests:
            return ()
        message = recall_message(requests, sender=self._debtor.name, message_id=requests[0].recall_id)
        return _resolved(self._call("POST", "/recalls", message), {request.recall_id for request in requests})

    def ask_recalls(self, recall_ids: Collection[str]) -> tuple[RecallAnswer, ...]:
        """What became of each recall; one that the treasury does not know is left out."""
        if not recall_ids:
            return ()
        content = json.dumps({"recalls": list(recall_ids)}).encode()
        return _resolved(self._call("POST", "/recalls/query", content), set(recall_ids))

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        """The movements of a day. Raises RetryableOutside where the statement is of another day or does not add up."""
        try:
            statement = statement_of(self._call("GET", f"/statements/{day.isoformat()}").content)
        except Unreadable as error:
            raise RetryableOutside("broken_statement", f"{day}: {error}", "fetch it again") from error
        if statement.day != day:
            raise RetryableOutside("broken_statement", f"asked for {day}, got {statement.day}", "fetch it again")
        return statement.lines

    def _call(self, method: str, path: str, content: bytes | None = None) -> httpx.Response:
        try:
            response = self._replied(method, path, content)
        except _NEVER_SENT as error:
            raise RetryableOutside("not_sent", f"the treasury cannot be reached: {error}") from error
        except httpx.HTTPError as error:
            raise RetryableOutside("no_answer", f"the treasury did not answer: {type(error).__name__}") from error
        if response.status_code in {400, 409, 413}:
            raise FinalOutside("treasury_rejects_request", f"{method} {path}: {response.text[:200]}", "mend the client")
        if response.status_code != httpx.codes.OK:
            raise RetryableOutside("no_answer", f"the treasury answered {response.status_code}")
        return response

    def _replied(self, method: str, path: str, content: bytes | None) -> httpx.Response:
        ends = time.monotonic() + self._longest_s
        body = bytearray()
        with self._client.stream(method, path, content=content) as response:
            for part in response.iter_bytes():
                body += part
                if time.monotonic() > ends or len(body) > _LARGEST_REPLY:
                    raise httpx.ReadTimeout(f"its reply did not end within {self._longest_s:g} s")
        return httpx.Response(response.status_code, content=bytes(body))


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError as error:
        raise RetryableOutside("no_answer", "the treasury's reply cannot be read") from error
    if not isinstance(body, dict):
        raise RetryableOutside("no_answer", "the treasury's reply is no object")
    return body


def _told(response: httpx.Response, asked: set[str]) -> tuple[Answer, ...]:
    try:
        answers = answers_of(response.content)
    except RetryableOutside as error:
        raise RetryableOutside("no_answer", error.words) from error
    return tuple(answer for answer in answers if answer.reference in asked)


def _resolved(response: httpx.Response, asked: set[str]) -> tuple[RecallAnswer, ...]:
    try:
        answers = resolution_of(response.content)
    except Unreadable as error:
        raise RetryableOutside("no_answer", f"the treasury's answer to a recall cannot be read: {error}") from error
    return tuple(answer for answer in dict.fromkeys(answers) if answer.recall_id in asked)
