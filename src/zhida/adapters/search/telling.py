"""Telling why a document was found: the places that answer, the best part of its body, the fields."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA

from zhida.adapters.search.asking import Question
from zhida.adapters.search.numbers import find_numbers
from zhida.adapters.search.sounds import spoken
from zhida.adapters.search.words import everyday_words, fold, is_han, latin_runs, stem
from zhida.kernel.search.records import Hit, Mark, Marked, Way, Why

_SNIPPET = 90
_SENTENCE = 40
_LEAD = 12
_SHORTEST_SLIP = 4
_MOST_MARKS = 200


def hit_of(face: Mapping[str, Any], question: Question, way: Way) -> Hit:
    """One stored document as a hit."""
    is_loose = way is not Way.EXACT
    title = _marks(face["title"], question, is_loose=is_loose)
    heard = _merged([*title, *_sound_marks(face["said"], question.words, is_loose=is_loose)])
    title_en = _marks(face["title_en"], question, is_loose=is_loose)
    bodies = [(text, _marks(text, question, is_loose=is_loose)) for text in (face["body"], face["body_en"])]
    body, marks = max(bodies, key=lambda one: len({_said(one[0], mark) for mark in one[1]}))
    answers = {
        Why.NUMBER: _has_number(face["number"], question),
        Why.TITLE: bool(title or title_en),
        Why.SOUND: heard != title,
        Why.NAMES: bool(_marks(face["names"], question, is_loose=is_loose)),
        Why.BODY: bool(marks),
    }
    return Hit(
        id=face["id"],
        kind=face["kind"],
        parent=face["parent"],
        title=Marked(face["title"], heard),
        title_en=Marked(face["title_en"], title_en),
        number=face["number"],
        snippet=_snippet(body or face["body_en"], marks),
        why=(Why.SIMILAR,) if way is Way.SIMILAR else tuple(why for why, is_so in answers.items() if is_so),
    )


def _marks(text: str, question: Question, *, is_loose: bool) -> tuple[Mark, ...]:
    folded = fold(text)
    found = []
    for word in question.words:
        if is_han(word):
            said = (word, *everyday_words(word)) if is_loose else (word,)
            found += [place for one in said for place in _places(folded, one)]
    latin = [word for word in question.words if not is_han(word)]
    if latin:
        found += [
            Mark(*run.span())
            for run in latin_runs(folded)
            if any(_is_word(run[0], word, is_loose=is_loose) for word in latin)
        ]
    if question.numbers:
        wanted = {number.terms[-1] for number in question.numbers}
        found += [Mark(one.start, one.end) for one in find_numbers(text) if one.terms[-1] in wanted]
    return _merged(found)


def _places(folded: str, word: str) -> list[Mark]:
    found, start = [], folded.find(word)
    while start >= 0:
        found.append(Mark(start, start + len(word)))
        start = folded.find(word, start + len(word))
    return found


@lru_cache(maxsize=4_096)
def _is_word(here: str, word: str, *, is_loose: bool) -> bool:
    if here == word or stem(here) == stem(word):
        return True
    return is_loose and len(word) >= _SHORTEST_SLIP and word.isalpha() and OSA.distance(here, word, score_cutoff=1) <= 1


def _sound_marks(said: Sequence[str], words: Iterable[str], *, is_loose: bool) -> tuple[Mark, ...]:
    whole, letters = "".join(said), "".join(one[:1] for one in said)
    found = []
    for word in words:
        sound = _typed_sound(word, is_loose=is_loose)
        is_near = is_loose and not is_han(word) and len(sound) > _SHORTEST_SLIP
        if sound and (is_near or sound in whole or sound in letters):
            found += [mark for at in range(len(said)) if (mark := _said_from(said, at, sound, is_near=is_near))]
    return _merged(found)


def _typed_sound(word: str, *, is_loose: bool) -> str:
    """What a word may be the sound of: a Latin one of itself, a Chinese one of its like where slips are forgiven."""
    if is_han(word):
        return spoken(word) if is_loose and len(word) > 1 else ""
    return word if word.isalpha() and len(word) > 1 else ""


def _said_from(said: Sequence[str], at: int, sound: str, *, is_near: bool) -> Mark | None:
    """The characters from one on whose syllables, or first letters, are what was typed."""
    if not said[at] or not (is_near or sound[0] == said[at][0]):
        return None
    whole = letters = ""
    for end in range(at, len(said)):
        whole, letters = whole + said[end], letters + said[end][:1]
        if letters == sound:
            return Mark(at, end + 1)
        if len(whole) >= len(sound) > 2 and _is_sound(whole[: len(sound)], sound, is_near=is_near):
            return Mark(at, end + 1)
        if len(letters) > len(sound):
            return None
    return None


def _is_sound(here: str, sound: str, *, is_near: bool) -> bool:
    return here == sound or (is_near and OSA.distance(here, sound, score_cutoff=1) <= 1)


def _has_number(number: str, question: Question) -> bool:
    wanted = {one.terms[-1] for one in question.numbers}
    return any(one.terms[-1] in wanted for one in find_numbers(number))


def _said(text: str, mark: Mark) -> str:
    return fold(text[mark.start : mark.end])


def _merged(marks: list[Mark]) -> tuple[Mark, ...]:
    merged: list[Mark] = []
    for mark in sorted(marks):
        if merged and mark.start <= merged[-1].end:
            merged[-1] = Mark(merged[-1].start, max(merged[-1].end, mark.end))
        else:
            merged.append(mark)
    return tuple(merged)


def _snippet(text: str, marks: tuple[Mark, ...]) -> Marked:
    """The stretch of a text that holds the most different answers; … stands where something was left out."""
    said = [_said(text, mark) for mark in marks[:_MOST_MARKS]]
    best, most = 0, 0
    for first, mark in enumerate(marks[:_MOST_MARKS]):
        last = bisect(marks, mark.start + _SNIPPET, key=lambda one: one.end)
        near = len(set(said[first:last]))
        if near > most:
            best, most = mark.start, near
    start = _sentence_start(text, best)
    end = min(len(text), start + _SNIPPET + _LEAD)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    kept = tuple(Mark(one.start + shift, one.end + shift) for one in marks if start <= one.start and one.end <= end)
    return Marked(f"{before}{text[start:end]}{after}", kept)


def _sentence_start(text: str, at: int) -> int:
    """Where the sentence around a place begins, if it is near; else a word a few characters before the place."""
    for stops, most in (("。；;\n", _SENTENCE), ("，、, ", _LEAD)):
        first = max(0, at - most)
        ends = [text.rfind(stop, first, at) for stop in stops]
        if first == 0 or max(ends) >= 0:
            return max(ends) + 1
    return max(0, at - _LEAD)
