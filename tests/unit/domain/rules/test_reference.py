"""The reference page shows only what the language reads, and names every function and limit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhida.domain.rules import parse, write
from zhida.domain.rules.chains import MAX_TOTAL_DEPTH
from zhida.domain.rules.engines.evaluation import MAX_STEPS
from zhida.domain.rules.language import lexer, parser
from zhida.domain.rules.language.builtins import BUILTINS
from zhida.domain.rules.language.coverage import MAX_CELLS

PAGE = (Path(__file__).parents[4] / "docs/reference/language.md").read_text("utf-8")
EXAMPLES = [line for block in re.findall(r"```feel\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_read(example: str) -> None:
    assert parse(write(parse(example))) == parse(example)


def test_every_function_has_its_row() -> None:
    rows = PAGE.split("## Functions")[1].split("\n## ")[0]
    assert {name for name in BUILTINS if f"`{name}(" not in rows} == set()


def test_every_limit_is_told() -> None:
    of_text = (lexer.MAX_CHARACTERS, parser.MAX_NODES, parser.MAX_DEPTH, parser.MAX_DIGITS, parser.MAX_EXPONENT)
    limits = (*of_text, MAX_CELLS, MAX_STEPS, MAX_TOTAL_DEPTH)
    assert [limit for limit in limits if f"{limit:,}" not in PAGE and f"±{limit}" not in PAGE] == []
