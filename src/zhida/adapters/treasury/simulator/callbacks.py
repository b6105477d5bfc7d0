"""The simulated treasury calls back: signed, and where a seed asks twice, out of order, late, or forged."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx

from zhida.adapters.treasury.callbacks import SIGNATURE_HEADER, signature_of

_WRONG_SECRET = b"not the secret of anybody"
_LIES = {"paid": "refused", "refused": "paid", "returned": "paid", "pending": "refused"}


class Callbacks:
    """Posts what became of payments to one address. `rate` of the messages come twice and after the next one; `forged`
    of them are followed by a lie under a wrong signature. What the other side answers is counted by status."""

    def __init__(self, address: str, secret: bytes, *, seed: int = 0, rate: float = 0.0, forged: float = 0.0) -> None:
        self._address, self._secret, self._rate, self._forged = address, secret, rate, forged
        self._chance = Random(seed)
        self._waiting: queue.Queue[tuple[bytes, bool] | None] = queue.Queue()
        self._client = httpx.Client(timeout=10, trust_env=False)
        self.answered: dict[int, int] = {}
        self._thread = threading.Thread(target=self._post_all, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Posts what waits, and ends."""
        self._waiting.put(None)
        self._thread.join(timeout=15)
        self._client.close()

    def tell(self, answers: Sequence[Mapping[str, Any]]) -> None:
        """Queues news of some payments."""
        body = json.dumps({"answers": list(answers)}, ensure_ascii=False).encode()
        lie = json.dumps({"answers": [_lie(each) for each in answers]}, ensure_ascii=False).encode()
        copies = 2 if self._chance.random() < self._rate else 1
        told = [(body, True)] * copies
        if self._chance.random() < self._forged:
            told.append((lie, False))
        self._chance.shuffle(told)
        for each in told:
            self._waiting.put(each)

    def _post_all(self) -> None:
        while (told := self._waiting.get()) is not None:
            body, is_true = told
            secret = self._secret if is_true else _WRONG_SECRET
            header = {SIGNATURE_HEADER: signature_of(body, secret=secret, at=datetime.now(UTC))}
            try:
                status = self._client.post(self._address, content=body, headers=header).status_code
            except httpx.HTTPError:
                status = 0
            self.answered[status] = self.answered.get(status, 0) + 1


def _lie(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {**answer, "word": _LIES.get(str(answer["word"]), "refused"), "reason": "forged"}
