"""Every sentence that a page speaks has its English, and nothing else stands in the tables."""

import re

import pytest
from django.utils import translation
from django.utils.html import format_html

from tests.unit.surfaces.look.sentences import spoken_sentences
from zhida.surfaces.look.language import english, say, say_html

BLANK = re.compile(r"\{(\w+)\}")


def test_every_sentence_has_its_english() -> None:
    spoken = set().union(*spoken_sentences().values())
    assert sorted(spoken - set(english())) == []


def test_no_english_stands_without_a_sentence() -> None:
    spoken = set().union(*spoken_sentences().values())
    assert sorted(set(english()) - spoken) == []


def test_english_fills_the_same_blanks() -> None:
    for chinese, entry in english().items():
        for words in [entry] if isinstance(entry, str) else entry.values():
            left_out = set(BLANK.findall(chinese)) - set(BLANK.findall(words))
            assert not set(BLANK.findall(words)) - set(BLANK.findall(chinese)), chinese
            assert left_out <= ({"n"} if isinstance(entry, dict) else set()), chinese


@pytest.mark.parametrize(("n", "words"), [(1, "1 day"), ("1", "1 day"), (2, "2 days"), ("1,200", "1,200 days")])
def test_english_counts(n: object, words: str) -> None:
    with translation.override("en"):
        assert say("{n} 天", n=n) == words


def test_chinese_is_its_own_key() -> None:
    with translation.override("zh-hans"):
        assert say("{n} 天", n=3) == "3 天"


def test_values_are_escaped_unless_they_are_markup() -> None:
    with translation.override("zh-hans"):
        assert say_html("查“{text}”", text="<b>") == "查“&lt;b&gt;”"
        assert say_html("查“{text}”", text=format_html("<b>{}</b>", "a")) == "查“<b>a</b>”"
