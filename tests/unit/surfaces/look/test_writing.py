"""Money, dates, marks and clauses as a page writes them, in both languages."""

from datetime import UTC, date, datetime

from django.utils import translation

from zhida.domain.packs import Dictionary
from zhida.domain.rules import FactType
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Clause
from zhida.surfaces.look.telling.amounts import holds, needed
from zhida.surfaces.look.telling.facts import source_words, written
from zhida.surfaces.look.templatetags import look

NIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


def test_money_has_two_decimals_and_its_unit_behind_it() -> None:
    with translation.override("zh-hans"):
        assert look.money(5688750) == '<span class="money">56,887.50<small> 元</small></span>'
        assert look.sum_of(10**14).startswith('<span class="sum sum--long">')
        assert "金额待算" in look.money(None)


def test_moments_are_told_in_the_time_of_the_place() -> None:
    with translation.override("zh-hans"):
        assert look.stamp(NIGHT) == '<time datetime="2026-03-03T00:30+08:00">2026-03-03 00:30</time>'
        assert look.when(NIGHT) == '<time datetime="2026-03-03">2026年3月3日</time>'
    with translation.override("en"):
        assert look.when(date(2026, 3, 3)) == '<time datetime="2026-03-03">3 March 2026</time>'


def test_a_mark_always_has_its_word() -> None:
    with translation.override("zh-hans"):
        assert look.mark("yes", hide=True) == '<span class="mark mark--yes"><span class="vh">符合：</span></span>'


def test_chinese_on_an_english_page_says_so() -> None:
    with translation.override("en"):
        assert look.own(Text("稳岗返还")) == '<span lang="zh-CN">稳岗返还</span>'
        assert 'lang="zh-CN"' in look.clause(Clause("第四条", "/x#a4"))
    with translation.override("zh-hans"):
        assert look.own(Text("稳岗返还")) == "稳岗返还"


def test_what_was_needed_is_told_in_words() -> None:
    months, rate = FactType("m", "number", unit="months"), FactType("r", "number", scale=4)
    with translation.override("zh-hans"):
        assert needed(">= 12", months, Dictionary()) == "不少于 12 个月"
        assert needed("<= 0.052", rate, Dictionary()) == "不多于 5.2%"
        assert needed('!= "none"', None, Dictionary(), {"none": "无"}) == "不是无"
        assert needed("true", None, Dictionary()) == "是"
    assert holds(">= 12", 12)
    assert not holds("> 12", 12)
    assert not holds("true", True)


def test_an_empty_list_and_our_own_records_have_words() -> None:
    with translation.override("zh-hans"):
        assert written((), None, Dictionary()) == "没有记录"
        assert source_words("zhida") == "本系统的办理记录"
