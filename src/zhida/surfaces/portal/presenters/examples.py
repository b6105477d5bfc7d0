"""A worked example of an item: the first of its pack's own cases that comes to an amount, run as the item is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhida.domain.packs import Dictionary, Item, Pack
from zhida.domain.packs.golden import run_case, with_own_past
from zhida.domain.rules import FactUse
from zhida.surfaces.look.language import Text, spoken
from zhida.surfaces.look.parts import FactLine
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.amounts import equation
from zhida.surfaces.portal.records import Example

MOST_LINES = 8
HAN = re.compile(r"[\u3400-\u9fff]")


def worked_example(item: Item, pack: Pack, dictionary: Dictionary) -> Example | None:
    """The first case that is entitled to an amount, one whose formula can be written out before others; or None."""
    first = None
    for one in _examples(item, pack, dictionary):
        if one.equation:
            return one
        first = first or one
    return first


def _examples(item: Item, pack: Pack, dictionary: Dictionary) -> Iterator[Example]:
    for case in pack.golden:
        expected = case.expected.get(item.name)
        if expected is None or expected.answer != "entitled" or case.held:
            continue
        actual = run_case(case, item, item.program).actual
        if actual is None or not actual.amount_fen:
            continue
        facts = with_own_past(case.facts, item.program.schema)
        formula = equation(item.program, facts, case.as_of, actual.amount_fen, pack, dictionary)
        uses = [*(use for reason in actual.reasons for use in reason.uses), *actual.amount_uses]
        lines = tuple(_lines(uses, pack, dictionary))[:MOST_LINES]
        yield Example(Text(case.name), case.as_of, lines, formula, actual.amount_fen)


def _lines(uses: list[FactUse], pack: Pack, dictionary: Dictionary) -> Iterator[FactLine]:
    """The facts that the answer leans on, without who says so, and only those that the page's language can name."""
    plain = [use for use in uses if not isinstance(use.value, tuple | list)]
    told = (FactLine(one.label, one.value) for one in fact_words.used_lines(plain, dictionary, pack))
    return (one for one in told if spoken() == "zh" or not HAN.search(one.value))
