"""The treasury over HTTP: funds.ports.TreasuryPort, with every doubt about a reply told as doubt, never as refusal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import httpx

from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.kernel.funds.ports import Answer, PaymentOrder, StatementLine, Word

# Nothing of the request has left this host in these cases; in all others the treasury may have taken it.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class HttpTreasury:
    """One treasury at one address. Calls wait `timeout_s` at most; the client is safe to share between threads."""

    def __init__(self, address: str, *, timeout_s: float = 10.0, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            base_url=address, timeout=timeout_s, transport=transport, trust_env=False, follow_redirects=False
        )
        self._deduplicates: bool | None = None

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

    @property
    def deduplicates(self) -> bool:
        """What the treasury declares at /about, asked once. Raises RetryableOutside where it cannot be asked."""
        if self._deduplicates is None:
            self._deduplicates = self._call("GET", "/about").get("deduplicates") is True
        return self._deduplicates

    def instruct(self, orders: Sequence[PaymentOrder]) -> tuple[Answer, ...]:
        """Sends orders in one request. Raises RetryableOutside `not_sent`, or `no_answer` where it may have paid."""
        if not orders:
            return ()
        content = {
            "payments": [
                {
                    "reference": order.reference,
                    "account": order.payee.account_number,
                    "name": order.payee.name,
                    "amount_fen": order.amount_fen,
                    "purpose": order.purpose,
                    "requested_on": order.requested_on.isoformat(),
                }
                for order in orders
            ]
        }
        return _answers(self._call("POST", "/payments", content), {order.reference for order in orders})

    def ask(self, references: Collection[str]) -> tuple[Answer, ...]:
        """What became of each reference. Raises RetryableOutside where the treasury does not say."""
        if not references:
            return ()
        content = {"references": list(references)}
        return _answers(self._call("POST", "/payments/query", content), set(references))

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        """The movements of a day. Raises RetryableOutside where the count or the sum does not fit its own lines."""
        content = self._call("GET", f"/statements/{day.isoformat()}")
        lines = _lines(content)
        net = sum(line.amount_fen if line.word is Word.PAID else -line.amount_fen for line in lines)
        if (content.get("count"), content.get("total_fen")) != (len(lines), net):
            raise RetryableOutside("broken_statement", f"the statement of {day} does not add up", "fetch it again")
        return lines

    def _call(self, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, json=content)
        except _NEVER_SENT as error:
            raise RetryableOutside("not_sent", f"the treasury cannot be reached: {error}") from error
        except httpx.HTTPError as error:
            raise RetryableOutside("no_answer", f"the treasury did not answer: {type(error).__name__}") from error
        if response.status_code in {400, 409, 413}:
            raise FinalOutside("treasury_rejects_request", f"{method} {path}: {response.text[:200]}", "mend the client")
        if response.status_code != httpx.codes.OK:
            raise RetryableOutside("no_answer", f"the treasury answered {response.status_code}")
        try:
            body = response.json()
        except ValueError as error:
            raise RetryableOutside("no_answer", "the treasury's reply cannot be read") from error
        if not isinstance(body, dict):
            raise RetryableOutside("no_answer", "the treasury's reply is no object")
        return body


def _answers(body: dict[str, Any], asked: set[str]) -> tuple[Answer, ...]:
    try:
        answers = [
            Answer(
                reference=entry["reference"],
                word=Word(entry["word"]),
                amount_fen=_whole(entry["amount_fen"]),
                treasury_reference=entry["treasury_reference"],
                reason=entry["reason"],
                booked_on=_day(entry["booked_on"]),
            )
            for entry in body["answers"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise RetryableOutside("no_answer", "the treasury's reply has another shape than agreed") from error
    return tuple(answer for answer in dict.fromkeys(answers) if answer.reference in asked)


def _lines(body: dict[str, Any]) -> tuple[StatementLine, ...]:
    try:
        return tuple(
            StatementLine(
                treasury_reference=entry["treasury_reference"],
                reference=entry["reference"],
                word=Word(entry["word"]),
                amount_fen=_whole(entry["amount_fen"]),
                account_tail=entry["account_tail"],
                booked_on=date.fromisoformat(entry["booked_on"]),
            )
            for entry in body["lines"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RetryableOutside("no_answer", "the statement has another shape than agreed") from error


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("money is a whole number of fen")
    return value


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)
