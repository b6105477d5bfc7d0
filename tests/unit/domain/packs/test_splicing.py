"""One entry changes; every other byte of the file stays."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from zhida.domain.errors import AuthorError
from zhida.domain.packs.source.splicing import Bare, Rows, flow, with_entry, without_entry

FILE = b"""# head
a:
  b: {x: 1, y: "2"}  # keep
  # own
  c:
    - {low: 1}
    - {low: 2}
  d: text   # t
e: |
  block
  more
f: last
"""


def read(data: bytes) -> object:
    return YAML(typ="safe", pure=True).load(data.decode())


def lines(data: bytes) -> set[str]:
    return {*data.decode().splitlines()}


@pytest.mark.parametrize(
    ("path", "value", "gone", "there"),
    [
        ("a.b.x", 5, {'  b: {x: 1, y: "2"}  # keep'}, {'  b: {x: 5, y: "2"}  # keep'}),
        ("a.b.z", "new", {'  b: {x: 1, y: "2"}  # keep'}, {'  b: {x: 1, y: "2", z: new}  # keep'}),
        ("a.c", ["p", "q"], {"  c:", "    - {low: 1}", "    - {low: 2}"}, {"  c: [p, q]"}),
        ("a.c", Rows([{"low": 3}]), {"    - {low: 1}", "    - {low: 2}"}, {"    - {low: 3}"}),
        ("a.d", "x: y", {"  d: text   # t"}, {'  d: "x: y"   # t'}),
        ("e", "one", {"e: |", "  block", "  more"}, {"e: one"}),
        ("a.q.r", Bare("true"), set(), {"  q:", "    r: true"}),
        ("g", {"k": "v"}, set(), {"g: {k: v}"}),
    ],
)
def test_an_entry_is_set_and_nothing_else(path: str, value: object, gone: set[str], there: set[str]) -> None:
    made = with_entry("f.yaml", FILE, path.split("."), value)
    assert lines(FILE) - lines(made) == gone
    assert lines(made) - lines(FILE) == there
    assert read(made)


TABLE = b"""t:
  rows:
    # the least
    - {low: 1}  # one
    - {low: 2}
    # the most
    - low: 3
      high: 4
  hit: first
"""
ONE, TWO, THREE, FOUR = {"low": 1}, {"low": 2}, {"low": 3, "high": "4"}, {"low": "4"}


@pytest.mark.parametrize(
    ("rows", "gone", "there"),
    [
        ([ONE, TWO, THREE], set(), set()),
        ([ONE, FOUR, TWO, THREE], set(), {'    - {low: "4"}'}),
        ([FOUR, ONE, TWO, THREE], set(), {'    - {low: "4"}'}),
        ([ONE, TWO, THREE, FOUR], set(), {'    - {low: "4"}'}),
        ([ONE, FOUR, THREE], {"    - {low: 2}"}, {'    - {low: "4"}'}),
        ([ONE, TWO], {"    - low: 3", "      high: 4"}, set()),
        ([TWO, THREE], {"    - {low: 1}  # one"}, set()),
    ],
)
def test_rows_that_stay_keep_their_bytes(rows: list[object], gone: set[str], there: set[str]) -> None:
    made = with_entry("f.yaml", TABLE, ["t", "rows"], Rows(rows))
    assert lines(TABLE) - lines(made) == gone
    assert lines(made) - lines(TABLE) == there
    told = read(made)
    assert isinstance(told, dict)
    assert str(told["t"]["rows"]).replace("'4'", "4") == str(rows).replace("'4'", "4")


def test_rows_of_a_table_that_is_not_there_are_written_one_to_a_line() -> None:
    made = with_entry("f.yaml", b"a: 1\n", ["t", "x", "rows"], Rows([ONE, TWO]))
    assert made == b"a: 1\nt:\n  x:\n    rows:\n      - {low: 1}\n      - {low: 2}\n"
    assert read(with_entry("f.yaml", TABLE, ["t", "rows"], Rows())) == {"t": {"rows": [], "hit": "first"}}


@pytest.mark.parametrize("path", ["a.b.x", "a.b.y", "a.c", "a.d", "e", "f"])
def test_an_entry_is_taken_away_and_nothing_else(path: str) -> None:
    keys = path.split(".")
    made = without_entry("f.yaml", FILE, keys)
    expected = read(FILE)
    below = expected
    for key in keys[:-1]:
        below = below[key]
    del below[keys[-1]]
    assert read(made) == expected


def test_what_is_not_there_is_not_taken_away() -> None:
    assert without_entry("f.yaml", FILE, ["a", "zz"]) == FILE
    assert without_entry("f.yaml", b"", ["a"]) == b""


def test_an_empty_file_begins_with_the_entry() -> None:
    assert with_entry("f.yaml", b"", ["a", "b"], 1) == b"a:\n  b: 1\n"


def test_a_path_through_a_text_is_refused() -> None:
    with pytest.raises(AuthorError, match="not_an_entry"):
        with_entry("f.yaml", FILE, ["f", "x"], 1)
    with pytest.raises(AuthorError, match="not_an_entry"):
        with_entry("f.yaml", b"a: [", ["a"], 1)


@pytest.mark.parametrize("text", ["yes", "null", "007", ">= 5", "a: b", " x", "#1", "[1", "是，不是", "-", "1e3", '"'])
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    made = with_entry("f.yaml", FILE, ["a", "d"], text)
    told = read(made)
    assert isinstance(told, dict)
    assert str(told["a"]["d"]) == text, flow(text)
