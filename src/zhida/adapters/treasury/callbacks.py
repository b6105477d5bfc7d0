"""News that a bank sends by itself: believed only where its HMAC-SHA256 over the raw body and its time hold.

The header reads `t=<seconds since 1970>,v1=<hexadecimal>`; what is signed is `<seconds>.` followed by the raw body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import date, datetime, timedelta
from typing import Any

from zhida.domain.errors import AccessError, RetryableOutside
from zhida.domain.postings import Word
from zhida.domain.values import utc
from zhida.kernel.funds.ports import Answer

SIGNATURE_HEADER = "Zhida-Signature"
_SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def signature_of(body: bytes, *, secret: bytes, at: datetime) -> str:
    """What the header holds for a raw body that is sent at an instant."""
    seconds = int(utc(at).timestamp())
    return f"t={seconds},v1={_mac(body, secret, seconds)}"


def _mac(body: bytes, secret: bytes, seconds: int) -> str:
    return hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


class SignedNews:
    """A NewsPort: opens what banks send. A signature older than `tolerance` is a replay, however true it once was."""

    def __init__(self, secret: bytes, *, tolerance: timedelta = timedelta(minutes=5)) -> None:
        if len(secret) < 16:
            raise AccessError("weak_secret", "the secret of callbacks has 16 bytes or more", "agree on a longer one")
        self._secret, self._tolerance = secret, tolerance

    def news(self, body: bytes, signature: str, *, as_of: datetime) -> tuple[Answer, ...]:
        """The answers in a body. Raises AccessError `forged_news` where the signature does not hold or is too old,
        RetryableOutside `unreadable_news` where what was truly signed is not as agreed."""
        found = _SIGNATURE.fullmatch(signature)
        seconds = int(found[1]) if found else 0
        is_true = found is not None and hmac.compare_digest(found[2], _mac(body, self._secret, seconds))
        if not is_true or abs(utc(as_of).timestamp() - seconds) > self._tolerance.total_seconds():
            raise AccessError("forged_news", "this message is not the bank's, or is too old", "look at who sends it")
        return answers_of(body)


def answers_of(body: bytes) -> tuple[Answer, ...]:
    """The answers of a reply or of news, `{"answers": [...]}`. Raises RetryableOutside `unreadable_news`."""
    try:
        return tuple(dict.fromkeys(_answer(entry) for entry in json.loads(body)["answers"]))
    except (KeyError, TypeError, ValueError) as error:
        raise RetryableOutside("unreadable_news", "the treasury's words have another shape than agreed") from error


def _answer(entry: dict[str, Any]) -> Answer:
    reference, number, reason = entry["reference"], entry["treasury_reference"], entry["reason"]
    if not all(isinstance(text, str) for text in (reference, number, reason)):
        raise TypeError("references and reasons are text")
    if type(entry["amount_fen"]) is not int:
        raise TypeError("money is a whole number of fen")
    booked_on = None if entry["booked_on"] is None else date.fromisoformat(entry["booked_on"])
    return Answer(reference, Word(entry["word"]), entry["amount_fen"], number, reason, booked_on)
