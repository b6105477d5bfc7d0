"""YAML is read strictly: what could surprise a reader is refused with its place, and nothing makes the reader fall."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hanging import HUNG_S
from zhida.domain.packs.source import strict
from zhida.domain.packs.source.nodes import Problems, RecordNode, Spot, TextNode
from zhida.domain.packs.source.strict import MAX_BYTES, read_yaml


def read(text: str | bytes) -> tuple[object, list[str]]:
    problems = Problems()
    node = read_yaml("f.yaml", text.encode() if isinstance(text, str) else text, problems)
    return node, [problem.code for problem in problems.all()]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2", "duplicate_key"),
        ("a: {b: 1, b: 2}", "duplicate_key"),
        ("a: &x 1\nb: *x", "yaml_alias"),
        ("a: !!str 1", "yaml_tag"),
        ("%YAML 1.1\n---\na: 1", "yaml_directive"),
        ("a: 1\n---\nb: 2", "several_documents"),
        ("a:\t1", "tab"),
        ("? [a]\n: b", "key_not_text"),
        ("<<: {a: 1}", "yaml_merge"),
        ("a:", "null"),
        ("a: ~", "null"),
        ("a: null", "null"),
        ("a: {b: one, two}", "null"),
        ("[" * 40, "too_deep"),
        ("a: [b, c", "yaml_syntax"),
        ("a: 'b", "yaml_syntax"),
        ("a\0b: 1", "yaml_syntax"),
        ("", "empty_file"),
        ("# only a comment", "empty_file"),
        (b"a: \xff", "not_utf8"),
        (b"a" * (MAX_BYTES + 1), "file_too_large"),
    ],
)
def test_what_is_refused(text: str | bytes, code: str) -> None:
    node, codes = read(text)
    assert node is None
    assert codes == [code]


def test_scalars_stay_text() -> None:
    node, codes = read("a: on\nb: 045\nc: 1.0\nd: yes\ne: 2026-01-01\nf: ''")
    assert codes == []
    assert isinstance(node, RecordNode)
    texts = {key: value.text for key, value in node.values.items() if isinstance(value, TextNode)}
    assert texts == {"a": "on", "b": "045", "c": "1.0", "d": "yes", "e": "2026-01-01", "f": ""}


def test_places_point_at_the_first_character() -> None:
    node, _ = read('a: x\nb: "y"\nc: |\n   z\n   w\nd: {e: v}\n')
    assert isinstance(node, RecordNode)
    spots = {key: value.spot for key, value in node.values.items()}
    assert spots["a"] == Spot("f.yaml", 1, 4)
    assert spots["b"] == Spot("f.yaml", 2, 5)
    assert spots["c"] == Spot("f.yaml", 4, 4)
    assert node.keys["d"] == Spot("f.yaml", 6, 1)


@pytest.mark.parametrize("text", ["[" * 200_000, "- " * 100_000, "{a: " * 60_000, "a: " + "x" * 200_000, "? " * 90_000])
def test_hostile_files_are_refused_in_bounded_time(text: str) -> None:
    began = time.perf_counter()
    read(text)
    assert time.perf_counter() - began < HUNG_S


@given(
    st.one_of(st.text(max_size=60), st.binary(max_size=60), st.text(alphabet="a:-[]{}&*!|>'\"%@`?,# \n", max_size=40))
)
def test_nothing_makes_the_reader_fall(text: str | bytes) -> None:
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogatepass")
    node, codes = read(text)
    assert (node is None) == bool(codes)


@given(st.text(alphabet="ab1:-[]{}|>'\"?,#年 \n", max_size=60))
@example("a: {b:c}")
@example("a: >-\n  年 月\n\n  b\n")
@example("? a\n: b")
def test_what_the_fast_parser_reads_the_exact_one_reads_alike(text: str) -> None:
    fast, problems = strict._at_once("f.yaml", text), Problems()
    if fast is not None:
        assert strict._Builder("f.yaml", text, problems, is_exact=True).document() == fast
        assert not problems.all()
