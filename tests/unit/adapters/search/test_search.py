"""Documents are found by what people type: words, sounds, first letters, numbers, and slips of these."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit.adapters.search.conftest import REFUND
from zhida.adapters.search import FolderIndex
from zhida.kernel.search.records import Hit, Marked, Way, Why

DAY = timedelta(days=1)


def marked(text: Marked) -> list[str]:
    """The marked parts of a text."""
    return [text.text[mark.start : mark.end] for mark in text.marks]


def ids(hits: Any) -> list[str]:
    """What was found, in its order."""
    return [hit.id for hit in hits.hits]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("稳岗返还", Why.TITLE),
        ("稳岗", Why.TITLE),
        ("险稳", Why.TITLE),
        ("返还 失业保险", Why.TITLE),
        ("wengang", Why.SOUND),
        ("wengangfanhuan", Why.SOUND),
        ("wgfh", Why.SOUND),
        ("WGFH", Why.SOUND),
        ("refunds", Why.TITLE),
        ("人力资源和社会保障厅", Why.NAMES),
        ("缴纳", Why.BODY),
        ("甲人社规〔2026〕8号", Why.NUMBER),
    ],
)
def test_every_word_answers(find: Any, typed: str, why: Why) -> None:
    found = find(typed)
    assert found.way is Way.EXACT
    assert found.hits[0].id == "a/refund"
    assert why in found.hits[0].why


@pytest.mark.parametrize(
    "typed",
    [
        "甲人社规[2026]8号",
        "甲人社规（2026）8 号",
        "甲人社规【2026】8号",
        "甲人社规 ［２０２６］ ８号",
        "甲人社规﹝2026﹞8",
        "甲人社规2026年第8号",
        "甲人社规20268号",
        "甲人社规 2026 8",
        "人社规〔2026〕008号",
        "请看甲人社规〔2026〕8号",
        "〔2026〕8号",
        "2026年8号",
    ],
)
def test_a_number_is_found_in_any_brackets(find: Any, typed: str) -> None:
    found = find(typed, facets={"kind": {"policy"}})
    assert (found.way, ids(found)) == (Way.EXACT, ["a/refund"])


def test_another_agencys_number_is_found_only_loosely(find: Any) -> None:
    found = find("丙科发〔2026〕8号", facets={"kind": {"policy"}})
    assert (found.way, ids(found)) == (Way.LOOSE, ["a/refund"])


def test_a_document_that_cites_a_number_is_found_by_it(find: Any) -> None:
    (hit,) = find("乙财发(2025)31号").hits
    assert hit.id == "a/refund"
    assert marked(hit.snippet) == ["依据乙财发〔2025〕31号"]


@pytest.mark.parametrize(
    "typed",
    [
        "refumd",
        "rteention",
        "wengangfanhaun",
        "稳刚返环",
        "穩崗返還",
        "退还保险费的办法有吗",
        "稳岗还返",
        "失业报销稳岗",
    ],
)
def test_slips_are_forgiven_where_nothing_answers_exactly(find: Any, typed: str) -> None:
    found = find(typed)
    assert found.way is Way.LOOSE
    assert "a/refund" in ids(found)[:2]


def test_a_title_that_looks_alike_is_the_last_resort(find: Any) -> None:
    found = find("髙龄聿贝占津")
    assert (found.way, [hit.why for hit in found.hits]) == (Way.SIMILAR, [])
    found = find("龄律贴")
    assert (found.way, ids(found), found.hits[0].why) == (Way.SIMILAR, ["a/old-age"], (Why.SIMILAR,))


def test_two_slips_are_too_many(find: Any) -> None:
    assert find("rexumq").total == 0


def test_everyday_words_stand_for_those_of_the_text(find: Any) -> None:
    found = find("长者补助")
    assert (found.way, ids(found)) == (Way.LOOSE, ["a/old-age"])
    assert marked(found.hits[0].title) == ["高龄津贴"]


def test_words_that_say_nothing_are_not_looked_for(find: Any) -> None:
    assert ids(find("我想要津贴可以吗")) == ["a/old-age"]
    assert find("津贴").total == find("的津贴").total == 1


def test_marks_are_places_in_the_very_text(find: Any) -> None:
    hit: Hit = find("裁员 返还", facets={"kind": {"clause"}}).hits[0]
    assert marked(hit.snippet) == ["裁员", "返还"]
    assert hit.snippet.text == "上年度裁员率不高于控制目标的单位，可以申请稳岗返还。"
    title = find("gaolingjintie").hits[0].title
    assert marked(title) == ["高龄津贴"]


def test_a_long_body_is_cut_around_what_answers(index: FolderIndex, find: Any, shelf: Any, now: datetime) -> None:
    shelf.documents_now = [replace(REFUND, body="甲乙丙丁。" * 60 + "这里写着水电气网。" + "戊己庚辛。" * 60)]
    index.rebuild(source=shelf, as_of=now)
    snippet = find("水电气网").hits[0].snippet
    assert snippet.text.startswith("…这里写着水电气网。")
    assert snippet.text.endswith("…")
    assert marked(snippet) == ["水电气网"]


def test_facets_narrow_and_count_what_each_other_choice_would_leave(find: Any) -> None:
    everything = find("")
    assert everything.facets["kind"] == {"policy": 2, "clause": 1}
    chosen = find("", facets={"audience": {"person"}})
    assert ids(chosen) == ["a/old-age"]
    assert chosen.facets["audience"] == {"organisation": 2, "person": 1}, "as if no audience were chosen"
    assert chosen.facets["region"] == {"990100": 1}
    both = find("", facets={"region": {"990000", "990100"}, "kind": {"policy"}})
    assert sorted(ids(both)) == ["a/old-age", "a/refund"]


def test_a_document_is_found_only_on_its_days(find: Any, now: datetime) -> None:
    assert find("加计扣除").total == 0
    assert find("加计扣除", now + 29 * DAY).total == 1
    assert find("加计扣除", now + 120 * DAY).total == 0


def test_pages_follow_each_other(find: Any) -> None:
    pages = [find("", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [len(page.hits) for page in pages] == [2, 1, 0]
    assert {page.total for page in pages} == {3}
    assert len({hit.id for page in pages for hit in page.hits}) == 3


@pytest.mark.parametrize("typed", ["？？", "。", "xyzzyq", "AND OR (", '"', "a:b*", "\x00", "鿿" * 300, "8" * 400])
def test_what_nobody_wrote_finds_nothing_and_is_no_error(find: Any, typed: str) -> None:
    assert find(typed).hits == ()


def test_before_the_first_index_there_is_nothing(index: FolderIndex, now: datetime) -> None:
    assert index.search("稳岗", as_of=now, facets={}, limit=20, offset=0).total == 0


def test_policies_stand_before_clauses_that_answer_as_well(find: Any) -> None:
    assert ids(find("稳岗返还")) == ["a/refund", "a/refund#a3"]
