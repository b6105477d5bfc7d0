"""Cutting text into words: Chinese by a dictionary with the field's own words, Latin letters and digits by runs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from operator import add
from pathlib import Path

import rjieba
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

_HERE = Path(__file__).parent
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:\.[0-9]+)?")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?")


class _Plain(dict[int, str]):
    """Each character's plain form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character).lower()
        self[code] = plain if len(plain) == 1 else character
        return self[code]


_PLAIN = _Plain()


def fold(text: str) -> str:
    """The text with full-width and upper-case letters made plain, character by character: places stay as they were."""
    return text.translate(_PLAIN)


def is_han(word: str) -> bool:
    """Whether a word is written in Chinese characters."""
    return _HAN_RUN.match(word) is not None


def runs(folded: str) -> list[str]:
    """The unbroken stretches of Chinese characters, or of letters and digits."""
    return _RUN.findall(folded)


def latin_runs(folded: str) -> list[re.Match[str]]:
    """The stretches of letters and digits alone, with their places."""
    return list(_LATIN_RUN.finditer(folded))


def index_terms(text: str) -> list[str]:
    """Every term under which a text is found: words, and the words within long words; English also by its stem."""
    found: list[str] = []
    for run in runs(fold(text)):
        found += _cutter().cut_for_search(run) if is_han(run) else dict.fromkeys((run, stem(run)))
    return found


def pairs(text: str) -> list[str]:
    """Every two Chinese characters that stand side by side: what finds a word that the dictionary cut otherwise."""
    found: list[str] = []
    for run in _HAN_RUN.findall(fold(text)):
        found += map(add, run, run[1:])
    return found


def characters(text: str) -> tuple[str, ...]:
    """Every Chinese character of a text, once."""
    return tuple(dict.fromkeys("".join(_HAN_RUN.findall(fold(text)))))


def asked_words(text: str) -> tuple[str, ...]:
    """The words of a question without those that say nothing; all of them where nothing else is left.

    Single characters side by side are one word that the dictionary does not know.
    """
    found: list[str] = []
    for run in runs(fold(text)):
        found += _rejoined(_cutter().cut(run)) if is_han(run) else [run]
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
