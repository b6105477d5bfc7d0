"""Made-up identifying codes with right check digits, thousands at a time."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

Texts = npt.NDArray[np.object_]
_CREDIT = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))
_CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_BODY = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_NUMBER_WEIGHTS = np.array([pow(2, 17 - place, 11) for place in range(17)])
_NUMBER_ENDS = np.array(list("10X98765432"))
_ULID = np.array(list("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))


def joined(letters: npt.NDArray[np.str_]) -> Texts:
    """Rows of single letters as texts."""
    width = letters.shape[1]
    return np.ascontiguousarray(letters).view(f"<U{width}").reshape(-1).astype(object)


def digits(numbers: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.int64]:
    """Numbers as rows of decimal digits, padded with zeros."""
    return (numbers[:, None] // 10 ** np.arange(width - 1, -1, -1)) % 10


def credit_codes(places: npt.NDArray[np.int64], serials: npt.NDArray[np.int64]) -> Texts:
    """Unified social credit codes (GB 32100-2015) of class 91 for six-digit places; one serial below 10^8, one code.

    The body is an organisation code of GB 11714 with its own check letter.
    """
    body = digits(serials, 8)
    rest = (11 - (body * _BODY_WEIGHTS).sum(axis=1) % 11) % 11
    check = np.where(rest == 10, _BODY.tolist().index("X"), rest)
    kind = np.tile([9, 1], (len(places), 1))
    letters = np.concatenate([_BODY[np.hstack([kind, digits(places, 6), body])], _BODY[check][:, None]], axis=1)
    order = {letter: value for value, letter in enumerate(_CREDIT)}
    values = np.vectorize(order.__getitem__, otypes=[np.int64])(letters)
    last = (31 - (values * _CREDIT_WEIGHTS).sum(axis=1) % 31) % 31
    return joined(np.concatenate([letters, _CREDIT[last][:, None]], axis=1))


def citizen_numbers(
    places: npt.NDArray[np.int64], born_on: npt.NDArray[np.datetime64], serials: npt.NDArray[np.int64]
) -> Texts:
    """Citizen numbers (GB 11643-1999) for six-digit places and dates of birth; serials are below 1,000."""
    days = np.datetime_as_string(born_on, unit="D")
    dates = np.array([int(day.replace("-", "")) for day in days], dtype=np.int64)
    body = np.hstack([digits(places, 6), digits(dates, 8), digits(serials, 3)])
    last = _NUMBER_ENDS[(body * _NUMBER_WEIGHTS).sum(axis=1) % 11]
    return joined(np.concatenate([_BODY[body], last[:, None]], axis=1))


def ids(prefix: str, count: int, moment: datetime, rng: np.random.Generator) -> Texts:
    """Distinct ids `<prefix>_<ULID>` of one moment, the same for the same generator."""
    head = np.full((count, 10), "0")
    milliseconds = int(moment.timestamp() * 1000)
    for place in range(9, -1, -1):
        head[:, place] = _ULID[milliseconds & 31]
        milliseconds >>= 5
    tails = _ULID[rng.integers(0, 32, size=(count, 16))]
    texts: Texts = f"{prefix}_" + joined(np.concatenate([head, tails], axis=1))
    return texts


def distinct(rng: np.random.Generator, count: int, below: int) -> npt.NDArray[np.int64]:
    """`count` different integers below a bound, spread over it, in random order."""
    step = below // max(count, 1)
    spread = np.arange(count, dtype=np.int64) * step + rng.integers(0, max(step, 1), size=count)
    rng.shuffle(spread)
    return spread
