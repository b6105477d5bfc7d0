"""How near two short Chinese texts are in meaning: word by word, by vectors of words that came with the program.

The vectors (`vectors/README.md` says whose they are) are whole numbers, so that every machine finds the same. A word
that they lack counts by its parts. No network, no model, nothing is learnt here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import rjieba

_HERE = Path(__file__).parent / "vectors"
_LONGEST = 4
_LENGTH = 254
"""How long every vector is; two of one direction give its square."""
_FAR = 0.35
"""Below this, two words have little to do with each other."""
_PART = 0.8
"""How alike a word and a part of it are at least."""
_SOUND = re.compile(r"\w")


@dataclass(frozen=True)
class Nearness:
    """How near a name is to a phrase, from 0 to 1, and the pair of words that says so most."""

    degree: float
    said: str
    named: str


def words_of(text: str) -> tuple[str, ...]:
    """The telling words of a text as the vectors know them; all of its words where none of them tells."""
    found = _cut(text)
    return tuple(word for word in found if word not in _silent()) or found


def nearness(phrase: str, name: str, weight: Callable[[str], float]) -> Nearness:
    """How near a name is to a phrase; `weight` says how much each word tells."""
    said, named = words_of(phrase), words_of(name)
    if not said or not named:
        return Nearness(0.0, "", "")
    alike = [[_alike(one, other) for other in named] for one in said]
    there = _mean([max(row) for row in alike], [weight(one) for one in said])
    back = _mean([max(column) for column in zip(*alike, strict=True)], [weight(one) for one in named])
    best = max(
        ((alike[at][to], weight(one) + weight(other), one, other) for at, one in enumerate(said)
         for to, other in enumerate(named)),
        key=lambda each: (round(each[0] * each[1], 6), each[2], each[3]),
    )  # fmt: skip
    return Nearness(round(0.6 * there + 0.4 * back, 4), best[2], best[3])


def _mean(degrees: list[float], weights: list[float]) -> float:
    return sum(degree * weight for degree, weight in zip(degrees, weights, strict=True)) / sum(weights)


@lru_cache(maxsize=65_536)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    part = _PART if one in other or other in one else 0.0
    places = _places()
    if one not in places or other not in places:
        return part
    table = _table()
    degree = int(table[places[one]].astype(np.int32) @ table[places[other]].astype(np.int32)) / _LENGTH**2
    return max(part, degree if degree > _FAR else degree / 2)


@lru_cache(maxsize=16_384)
def _cut(text: str) -> tuple[str, ...]:
    """Words that the vectors know, the longest first where the cutter's own word is none of them."""
    for short, full in _short():
        text = text.replace(short, full)
    found: list[str] = []
    for word in _cutter().cut(text):
        while word := word.lstrip():
            size = next((n for n in range(min(_LONGEST, len(word)), 1, -1) if word[:n] in _places()), 1)
            size = len(word) if word in _places() else size
            found += [word[:size]] if _SOUND.match(word) else []
            word = word[size:]
    return tuple(found)


@cache
def _cutter() -> rjieba.Jieba:
    return rjieba.Jieba()


def _lines(name: str) -> list[list[str]]:
    lines = (_HERE / name).read_text("utf-8").splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


@cache
def _silent() -> frozenset[str]:
    return frozenset(word for line in _lines("silent.txt") for word in line)


@cache
def _short() -> tuple[tuple[str, str], ...]:
    return tuple((line[0], line[1]) for line in _lines("short.txt"))


@cache
def _places() -> dict[str, int]:
    return {word: at for at, word in enumerate((_HERE / "words.txt").read_text("utf-8").split())}


@cache
def _table() -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    table: np.ndarray[tuple[int, int], np.dtype[np.int8]] = np.load(_HERE / "vectors.npy", allow_pickle=False)
    return table
