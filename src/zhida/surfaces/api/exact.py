"""Reading JSON exactly: fractions as decimals, never as floats, and no number so large that it costs to compute."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

_MOST_DIGITS = 30
_SMALLEST = -400
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


class ExactParser(Parser):
    """Bodies of requests. A malformed one is answered with 400 by the framework."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's JSON."""
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """JSON with numbers as int or Decimal. Raises ValueError for other text, NaN, numbers beyond 30 digits, and half a
    character (`\\ud800`), which nothing can store or answer."""
    found = json.loads(body, parse_float=_fraction, parse_int=_whole, parse_constant=_refuse)
    if _HALF.search(body):
        json.dumps(found, ensure_ascii=False, default=str).encode()
    return found


def _fraction(text: str) -> Decimal:
    number = Decimal(text)
    if len(text.lstrip("-")) > _MOST_DIGITS or not _SMALLEST <= number.adjusted() < _MOST_DIGITS:
        _refuse(text)
    return number


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > _MOST_DIGITS:
        _refuse(text)
    return int(text)


def _refuse(text: str) -> None:
    raise ValueError(f"{text[:40]} is no number that is taken here")
