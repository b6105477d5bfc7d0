"""What an author calls the code names of a draft: the titles of its items and conditions, the words of its facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from zhida.domain.errors import Problem
from zhida.domain.packs import Dictionary
from zhida.domain.sentences import called
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import WORDS, Sheet


def titles_of(draft: DraftRecord, dictionary: Dictionary) -> Mapping[str, str]:
    """The Chinese title of each name that has one, whether the draft is sound or not."""
    facts = {name: each.words["zh"] for name, each in dictionary.attributes.items() if each.words.get("zh")}
    return {**facts, **dict(_own(Sheet(draft).get(WORDS) or {}))}


def _own(words: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for section in ("questions", "choices", "papers", "requirements", "items"):
        told = words.get(section)
        for name, each in told.items() if isinstance(told, dict) else ():
            title = each.get("title") if isinstance(each, dict) else each
            if isinstance(title, str) and title:
                yield name, title


def in_their_words(problems: Iterable[Problem], titles: Mapping[str, str]) -> tuple[Problem, ...]:
    """Problems that say titles in Chinese where they would say code names."""
    return tuple(replace(each, words=called(each.words, titles), hint=called(each.hint, titles)) for each in problems)
