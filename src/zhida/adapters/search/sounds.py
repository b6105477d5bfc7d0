"""How Chinese is said: syllables without tones, and what somebody types who writes by sound or by first letters."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pypinyin import lazy_pinyin

from zhida.adapters.search.words import fold, is_han

_SYLLABLES = 8
_LETTERS = 12


def syllables(title: str) -> tuple[str, ...]:
    """One entry a character: its syllable as it is said in this title, "" where the character has none."""
    folded = fold(title)
    said = lazy_pinyin(folded, errors=_silent, v_to_u=False)
    return tuple(one if is_han(character) else "" for character, one in zip(folded, said, strict=True))


def _silent(other: str) -> Any:
    """Nothing for each character that is not Chinese, so that places stay as they were."""
    return [""] * len(other)


@lru_cache(maxsize=4_096)
def spoken(word: str) -> str:
    """A Chinese word as one types it by sound: 稳岗 is wengang."""
    return "".join(syllables(word))


def sound_terms(said: tuple[str, ...]) -> list[str]:
    """From every character on, the next syllables in one: a beginning of any of these is a hit."""
    return ["".join(part) for part in _parts(said, _SYLLABLES)]


def letter_terms(said: tuple[str, ...]) -> list[str]:
    """The same of first letters only: 稳岗返还 is found by wgfh, gfh, fh."""
    return ["".join(one[0] for one in part) for part in _parts(said, _LETTERS)]


def _parts(said: tuple[str, ...], most: int) -> list[tuple[str, ...]]:
    spoken_only = tuple(one for one in said if one)
    return [spoken_only[at : at + most] for at in range(len(spoken_only))]
