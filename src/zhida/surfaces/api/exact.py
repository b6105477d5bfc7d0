"""Reading JSON exactly: fractions as decimals, never as floats, and no number so large that it costs to compute."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

_MOST_DIGITS = 30


class ExactParser(Parser):
    """Bodies of requests. A malformed one is answered with 400 by the framework."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's JSON."""
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """JSON with numbers as int or Decimal. Raises ValueError for other text, NaN, and numbers beyond 30 digits."""
    return json.loads(body, parse_float=_fraction, parse_int=_whole, parse_constant=_refuse)


def _fraction(text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
        _refuse(text)
    return number


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        _refuse(text)
    return int(text)


def _refuse(text: str) -> None:
    raise ValueError(f"{text[:40]} is no number that is taken here")
