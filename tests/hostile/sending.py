"""How hostile cases are sent, and what holds of every answer whatever was sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.hanging import HUNG_S

_EDGE = "hostileedge"


def multipart(field: str, name: str, body: bytes) -> tuple[bytes, str]:
    """An upload as raw bytes, so that no client tidies the name: the body, and its content type."""
    told = name.encode("utf-8", "surrogateescape")
    head = b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: text/html\r\n\r\n' % (
        _EDGE.encode(), field.encode(), told,
    )  # fmt: skip
    return head + body + b"\r\n--" + _EDGE.encode() + b"--\r\n", f"multipart/form-data; boundary={_EDGE}"


def timed(send: Callable[..., Any], *given: Any, **named: Any) -> tuple[Any, list[str]]:
    """The answer, and what is wrong with it by itself: a server error, a hang, a type that may be guessed."""
    began = time.process_time()
    answer = send(*given, **named)
    took = time.process_time() - began
    wrong = []
    if answer.status_code >= 500:
        wrong.append(f"status {answer.status_code}")
    if took > HUNG_S:
        wrong.append(f"took {took:.1f} s")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("its type may be guessed")
    return answer, wrong
