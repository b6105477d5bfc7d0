"""Every sentence that tells an author what is wrong has its Chinese, with the same values, and no Chinese is idle."""

import re
from pathlib import Path

from tests.unit.surfaces.look.sentences import HAN, told_to_authors
from zhida.domain.errors import Problem
from zhida.domain.packs import read_root
from zhida.domain.rules.language.types import TypeKind
from zhida.domain.sentences import Sentence, called, in_chinese, tell
from zhida.surfaces.look.telling.problems import all_told, as_line, as_record, chinese, told, words_and_hint

BLANK = re.compile(r"\{(\w+)\}")
WORDS_OF_VALUES = {*TypeKind.__args__, "fen", "year", "month", "interval", "below", "above"}
"""What stands within a sentence: kinds of values, units, periods, and a table without any bound."""
PACKS = Path(__file__).parents[4] / "packs"


def test_every_sentence_has_its_chinese() -> None:
    assert {words: place for words, place in told_to_authors().items() if words not in chinese()} == {}


def test_no_chinese_stands_without_a_sentence() -> None:
    assert sorted(chinese().keys() - told_to_authors().keys() - WORDS_OF_VALUES) == []


def test_chinese_fills_only_the_blanks_there_are() -> None:
    wrong = {en: zh for en, zh in chinese().items() if set(BLANK.findall(zh)) - set(BLANK.findall(en))}
    assert wrong == {}


def test_chinese_is_chinese_unless_it_is_what_to_write() -> None:
    """What an author is to type, and lines made of values alone, hold no Chinese words; nothing else does not."""
    bare = {en for en, zh in chinese().items() if not HAN.search(zh)}
    assert {en for en in bare if re.search(r"[a-z]{2,} [a-z]{2,}", re.sub(r"`[^`]*`", "", BLANK.sub("", en)))} == set()


def test_values_that_are_sentences_are_told_too() -> None:
    found = tell(
        "expected {wanted}, found {found}", wanted=tell("number"), found=tell("list of {item}", item=tell("date"))
    )
    assert str(found) == "expected number, found list of date"
    assert told(found, "zh") == "这里要数字，写的是日期列表"
    assert told(found, "en") == str(found)


def test_lists_are_joined_as_each_language_does() -> None:
    many = tell("known: {known}", known=("a", "b"))
    assert (str(many), told(many, "zh")) == ("known: a, b", "可以写：a、b")
    both = tell("golden case fails: {case}: {differences}", case="x", differences=["a", "b"])
    assert str(both).endswith("a; b")
    assert told(both, "zh").endswith("a；b")


def test_a_sentence_that_no_table_knows_stands_as_it_is() -> None:
    assert in_chinese(tell("nobody {n} knows", n=1), {}) == "nobody 1 knows"
    assert isinstance(tell("x"), Sentence)


def test_a_broken_pack_is_told_in_chinese_whole() -> None:
    """A pack with many mistakes: not one English sentence is left in what its author reads."""
    files = {path.relative_to(PACKS).as_posix(): path.read_bytes() for path in PACKS.rglob("*") if path.is_file()}
    own = next(name for name in sorted(files) if name.endswith("/rules.yaml"))
    folder = own.removesuffix("rules.yaml")
    files[own] = files[own].replace(b">= ", b">= nobody + ").replace(b"kind:", b"knd:", 1)
    files[f"{folder}items.yaml"] = files[f"{folder}items.yaml"].replace(b"claim:", b"clam:", 1) + b"  stray: 1\n"
    files[f"{folder}words/zh.yaml"] = b"title: x\n"
    problems = read_root(files).problems
    assert len(problems) >= 3
    for one in problems:
        words = told(one.words, "zh")
        assert HAN.search(words), one
        assert not one.hint or told(one.hint, "zh") != one.hint or not re.search(r"[a-z]{3,} [a-z]{3,}", one.hint), one


def test_a_line_and_a_record_hold_place_code_words_and_hint() -> None:
    hint = "remove it, or name it in items.yaml"
    one = Problem("a/rules.yaml", 3, 7, "used_by_nothing", tell("no item uses {name}", name="old"), hint, "a1")
    assert as_line(one, "en") == str(one)
    assert (
        as_line(one, "zh")
        == "a/rules.yaml:3:7: used_by_nothing: 没有事项用到 old 〔a1〕\n    → 删去，或在 items.yaml 里用上"
    )
    record = as_record(one)
    assert (record["words"], record["zh"], record["hint_zh"]) == (
        "no item uses old",
        "没有事项用到 old",
        "删去，或在 items.yaml 里用上",
    )
    assert words_and_hint(one, "zh") == "没有事项用到 old。删去，或在 items.yaml 里用上"
    assert all_told([one, one], "en") == "no item uses old. remove it, or name it in items.yaml"


def test_chinese_says_titles_for_code_names_and_english_the_names() -> None:
    table = {"{name} is {claim}: {rules}": "{name} 是 {claim}：{rules}"}
    words = tell("{name} is {claim}: {rules}", name="met_a1", claim="applied", rules=("staff >= 3", "other"))
    told = called(words, {"met_a1": "人数够", "staff": "职工人数"})
    assert in_chinese(told, table) == "“人数够” 是 applied：“职工人数” >= 3、other"
    assert str(told) == "met_a1 is applied: staff >= 3, other"
