"""A form asks what no registry holds, typed as facts and as JSON Schema."""

from __future__ import annotations

import jsonschema_rs
import pytest

from tests.unit.domain.packs.small_root import PACK, edited, root_of
from zhida.domain.packs import Form, read_root

FORM = """questions:
  rooms: {kind: number, maximum: 500}
  height: {kind: number, scale: 1}
  style: {kind: text, values: [old, new], optional: true}
  heated_since: {kind: date, optional: true}
papers: {large: {formats: [pdf, jpg], max_mb: 5, cites: [a2]}}
confirm: [bank_account]
"""
WORDS = """questions: {rooms: 房间数, height: 层高, style: 样式, heated_since: 起始日}
papers: {large: 面积证明}
choices: {old: 旧式, new: 新式}
"""


def form() -> Form:
    files = edited("rules.yaml", "kind: computed, when: heated_area(year - 1) >= 100", "kind: evidenced")
    files[f"{PACK}/form.yaml"] = FORM.encode()
    files[f"{PACK}/items.yaml"] = files[f"{PACK}/items.yaml"].replace(b"claim: automatic", b"claim: applied")
    files[f"{PACK}/words/zh.yaml"] += WORDS.encode()
    files[f"{PACK}/words/zh.yaml"] = files[f"{PACK}/words/zh.yaml"].replace(b"{heated_area}", b"")
    return root_of(files).packs[PACK].form


def test_questions_become_facts() -> None:
    found = form()
    assert found.facts["rooms"].kind == "number"
    assert found.facts["style"].values == ("old", "new")
    assert found.papers["large"].formats == ("pdf", "jpg")
    assert found.confirm == ("bank_account",)


@pytest.mark.parametrize(
    ("answers", "is_valid"),
    [
        ({"rooms": 3, "height": 2.5}, True),
        ({"rooms": 3, "height": 2.5, "style": "new", "heated_since": "2026-01-01"}, True),
        ({"rooms": 3}, False),
        ({"rooms": 3.5, "height": 2}, False),
        ({"rooms": 501, "height": 2}, False),
        ({"rooms": -1, "height": 2}, False),
        ({"rooms": 1, "height": 2, "style": "odd"}, False),
        ({"rooms": 1, "height": 2, "more": 1}, False),
    ],
)
def test_the_schema_takes_what_the_form_asks(answers: dict[str, object], is_valid: bool) -> None:
    schema = form().json_schema({"rooms": "房间数"})
    assert schema["properties"]["rooms"]["title"] == "房间数"
    assert jsonschema_rs.validator_for(schema).is_valid(answers) is is_valid


def test_a_paper_that_proves_nothing() -> None:
    files = edited("items.yaml", "claim: automatic", "claim: applied")
    files[f"{PACK}/form.yaml"] = b"papers: {photo: {formats: [pdf, exe], cites: [a2]}}\n"
    codes = {problem.code for problem in read_root(files).problems}
    assert {"paper_for_nothing", "not_one_of", "words_missing"} <= codes
