"""A stand-in for an SMS gate: each message becomes one JSON line of a file, for tests and demonstrations."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from zhida.domain.errors import FinalOutside

_MOBILE = re.compile(r"^(\+86)?1[3-9]\d{9}$")


class SmsFile:
    """Implements `notices.ports.MessagePort`; refuses what is no mobile number of mainland China."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, *, reference: str, address: str, title: str, body: str) -> str:
        """Appends one line; gives the reference back. Raises FinalOutside for a malformed number."""
        if not _MOBILE.match(address):
            raise FinalOutside("sms_refused", f"{address!r} is no mobile number", "correct the number")
        line = json.dumps({"reference": reference, "to": address, "text": f"【{title}】{body}"}, ensure_ascii=False)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # One write to a file opened for appending: lines of two processes never mix.
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (line + "\n").encode())
        finally:
            os.close(handle)
        return reference
