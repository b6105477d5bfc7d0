"""A question as the index understands it: every word exactly, or most words with slips forgiven."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from tantivy import FieldType, Occur, Query, Searcher

from zhida.adapters.search.index_shape import facet_term, schema
from zhida.adapters.search.numbers import DocumentNumber, find_numbers
from zhida.adapters.search.sounds import spoken
from zhida.adapters.search.words import asked_words, characters, everyday_words, fold, is_han, pairs, stem

_HALF = 0.5
_LONGEST = 200
_SHORTEST_SOUND = 3
_SHORTEST_SLIP = 4
_SHORTEST_SOUND_SLIP = 5
_LETTERS = range(2, 13)
_BOOSTS = (1, 2, 3)


@dataclass(frozen=True)
class Question:
    """What was asked: the words that say something, and the document numbers among them."""

    text: str
    words: tuple[str, ...]
    numbers: tuple[DocumentNumber, ...]


def understand(text: str) -> Question:
    """Reads a question; beyond 200 characters nothing counts."""
    folded = fold(text.strip()[:_LONGEST])
    numbers = find_numbers(folded)
    rest = folded
    for number in reversed(numbers):
        rest = f"{rest[: number.start]} {rest[number.end :]}"
    return Question(folded, asked_words(rest), numbers)


def exact(question: Question, searcher: Searcher) -> Query:
    """Every word and every number must answer, each in any field."""
    parts = [_number(number, searcher) for number in question.numbers]
    return _all([*parts, *(_word(word) for word in question.words)])


def loose(question: Question, searcher: Searcher) -> Query:
    """Half of the words must answer; everyday words and words that sound alike stand for them, one slip is forgiven."""
    return _some(question, searcher, ceil(_HALF * (len(question.words) + len(question.numbers))))


def loosest(question: Question, searcher: Searcher) -> Query:
    """One word must answer, as loosely."""
    return _some(question, searcher, 1)


def _some(question: Question, searcher: Searcher, least: int) -> Query:
    parts = [_one_of([_number(number, searcher), _bare(number)]) for number in question.numbers]
    parts += [_one_of([_word(word), *_slips(word)]) for word in question.words]
    return Query.boolean_query([(Occur.Should, part) for part in parts], least)


def alike(question: Question) -> Query:
    """Titles that share half of the Chinese characters: what may look alike."""
    shared = [(Occur.Should, _term("characters", one, 1)) for one in characters(question.text)]
    return Query.boolean_query(shared, ceil(_HALF * len(shared))) if shared else Query.empty_query()


def within(query: Query, facets: Mapping[str, Collection[str]], on: date) -> Query:
    """Only what is shown on a day and has, for each facet, one of its values; documents with a boost come earlier."""
    day = on.toordinal()
    filters = [_shown("shown_from", upper=day), _shown("shown_to", lower=day + 1)]
    filters += [
        Query.term_set_query(schema(), "facets", [facet_term(name, value) for value in sorted(values)])
        for name, values in sorted(facets.items())
    ]
    lifts = [Query.const_score_query(_term("boost", boost, 1), 2.5 * boost) for boost in _BOOSTS]
    musts = [(Occur.Must, must) for must in (query, *(_boosted(one, 0) for one in filters))]
    return Query.boolean_query([*musts, *((Occur.Should, lift) for lift in lifts)])


def named(ids: Iterable[str]) -> Query:
    """Documents by id."""
    return Query.term_set_query(schema(), "id", list(ids))


def _shown(field: str, *, lower: int | None = None, upper: int | None = None) -> Query:
    return Query.range_query(schema(), field, FieldType.Integer, lower_bound=lower, upper_bound=upper)


def _word(word: str) -> Query:
    return _one_of(_han(word) if is_han(word) else _latin(word))


def _han(word: str) -> list[Query]:
    found = [_term("title", word, 6), _term("names", word, 2), _term("body", word, 1)]
    if len(word) > 1:
        found += [_all_pairs("title_pairs", word, 3), _all_pairs("body_pairs", word, 0.5)]
    return found


def _latin(word: str) -> list[Query]:
    found = [_term("title", stem(word), 5), _term("names", stem(word), 2), _term("body", stem(word), 1)]
    if word.isalpha():
        found += _begins("sounds", word, 4) if len(word) >= _SHORTEST_SOUND else []
        found += _begins("letters", word, 3) if len(word) in _LETTERS else []
    return found


def _slips(word: str) -> list[Query]:
    if is_han(word):
        others = [_boosted(_one_of(_han(other)), 0.5) for other in everyday_words(word)]
        return [*others, *(_begins("sounds", spoken(word), 2) if len(word) > 1 else [])]
    found = []
    if word.isalpha() and len(word) >= _SHORTEST_SLIP:
        found += [_boosted(_near("title", word), 2), _boosted(_near("body", word), 0.5)]
    if word.isalpha() and len(word) >= _SHORTEST_SOUND_SLIP:
        found += [_boosted(_near("sounds", word, is_prefix=True), 2)]
    return found


def _number(number: DocumentNumber, searcher: Searcher) -> Query:
    """By the fullest form that some document has: what stands before an agency's word is no part of it."""
    for field in ("number", "cited"):
        term = next((one for one in number.terms if searcher.doc_freq(field, one)), None)
        if term is not None and (term != number.terms[-1] or not number.agency):
            return _one_of([_term("number", term, 20), _term("cited", term, 2)])
    return Query.empty_query() if number.agency else _bare(number)


def _bare(number: DocumentNumber) -> Query:
    return _one_of([_term("number", number.terms[-1], 5), _term("cited", number.terms[-1], 1)])


def _term(field: str, word: str | int, boost: float) -> Query:
    return _boosted(Query.term_query(schema(), field, word, index_option="freq"), boost)


def _all_pairs(field: str, word: str, boost: float) -> Query:
    return _boosted(_all([_term(field, pair, 1) for pair in pairs(word)]), boost)


def _begins(field: str, word: str, boost: float) -> list[Query]:
    return [_boosted(Query.fuzzy_term_query(schema(), field, word, distance=0, prefix=True), boost)]


def _near(field: str, word: str, *, is_prefix: bool = False) -> Query:
    return Query.fuzzy_term_query(schema(), field, word, distance=1, prefix=is_prefix)


def _boosted(query: Query, boost: float) -> Query:
    return Query.boost_query(query, boost)


def _one_of(queries: list[Query]) -> Query:
    return Query.disjunction_max_query(queries, 0.1)


def _all(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])
