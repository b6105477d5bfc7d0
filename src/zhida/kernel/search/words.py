"""Cutting text into words: Chinese by a dictionary with the field's own words, Latin letters and digits by runs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import rjieba
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

_HERE = Path(__file__).parent
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:\.[0-9]+)?")
_HAN = re.compile(r"[\u3400-\u9fff]")


def fold(text: str) -> str:
    """The text with full-width and upper-case letters made plain, character by character: places stay as they were."""
    whole = unicodedata.normalize("NFKC", text).lower()
    return whole if len(whole) == len(text) and text.isascii() else "".join(map(_folded, text))


@lru_cache(maxsize=16_384)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character


def is_han(word: str) -> bool:
    """Whether a word is written in Chinese characters."""
    return _HAN.match(word) is not None


def runs(folded: str) -> list[re.Match[str]]:
    """The unbroken stretches of Chinese characters, or of letters and digits, with their places."""
    return list(_RUN.finditer(folded))


def index_terms(text: str) -> list[str]:
    """Every term under which a text is found: words, and the words within long words; English also by its stem."""
    found: list[str] = []
    for run in runs(fold(text)):
        if is_han(run[0]):
            found += _cutter().cut_for_search(run[0])
        else:
            found += dict.fromkeys((run[0], stem(run[0])))
    return found


def pairs(text: str) -> list[str]:
    """Every two Chinese characters that stand side by side: what finds a word that the dictionary cut otherwise."""
    return [run[0][at : at + 2] for run in runs(fold(text)) if is_han(run[0]) for at in range(len(run[0]) - 1)]


def asked_words(text: str) -> tuple[str, ...]:
    """The words of a question without those that say nothing; all of them where nothing else is left.

    Single characters side by side are one word that the dictionary does not know.
    """
    found: list[str] = []
    for run in runs(fold(text)):
        found += _rejoined(_cutter().cut(run[0])) if is_han(run[0]) else [run[0]]
    telling = [word for word in found if word not in _silent()]
    return tuple(dict.fromkeys(telling or found))


def _rejoined(words: list[str]) -> list[str]:
    joined: list[str] = []
    is_open = False
    for word in words:
        is_single = len(word) == 1 and word not in _silent()
        if is_single and is_open:
            joined[-1] += word
        else:
            joined.append(word)
        is_open = is_single
    return joined


def everyday_words(word: str) -> tuple[str, ...]:
    """What texts may say where people say this word; nothing for most words."""
    return _everyday().get(word, ())


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """An English word without its ending: subsidies and subsidy are one."""
    stems = _stemmer().analyze(word)
    return str(stems[0]) if stems else word


@cache
def _stemmer() -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer("english")).build()


@cache
def _cutter() -> rjieba.Jieba:
    cutter = rjieba.Jieba()
    for word in _lines("words.txt"):
        cutter.add_word(word, None, None)
    return cutter


@cache
def _silent() -> frozenset[str]:
    return frozenset(_lines("silent_words.txt"))


@cache
def _everyday() -> dict[str, tuple[str, ...]]:
    lines = [line.split() for line in _lines("everyday_words.txt")]
    return {word: tuple(other for other in line if other != word) for line in lines for word in line}


def _lines(name: str) -> list[str]:
    text = (_HERE / name).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def word_list() -> bytes:
    """The list by which texts are cut: an index made with another must be made again."""
    return (_HERE / "words.txt").read_bytes()
