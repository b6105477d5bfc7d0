"""What to ask next: the unknown facts that can still change an answer or an amount, the most settling first.

The order is greedy. An undecided requirement or amount with n unknown facts is taken to be settled by any one answer
with a chance of 1 in 2^(n-1), and surely by the last. The next question is the fact with the greatest expected number
settled over all programs; it then counts as answered. Ties go to the fact met first, so the order is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from zhida.domain.rules.answers import Answer, Assessment, Changes, Question
from zhida.domain.rules.engines.one import NOTHING, assess
from zhida.domain.rules.program import Program
from zhida.domain.values import FactKey, Facts

_FINEST = 64


@dataclass
class _Undecided:
    """A requirement or an amount, with the facts that it still waits for."""

    changes: Changes
    waits_for: set[FactKey]


def ask(
    programs: Iterable[Program],
    facts: Facts,
    as_of: date,
    *,
    rulings: Mapping[str, bool] = NOTHING,
    held: Mapping[str, str] = NOTHING,
) -> tuple[Question, ...]:
    """The questions worth asking for these items, in the order that settles soonest. Items already refused ask none.

    Raises InvariantBroken as `assess` does.
    """
    return tuple(worth_asking(assess(program, facts, as_of, rulings=rulings, held=held) for program in programs))


def worth_asking(assessments: Iterable[Assessment]) -> Iterator[Question]:
    """`ask` for items that were assessed already; each question is looked for when it is asked for."""
    undecided: list[_Undecided] = []
    keys: dict[FactKey, None] = {}
    for assessment in assessments:
        keys.update(dict.fromkeys(assessment.missing))
        undecided += _undecided_in(assessment)
    changes = {key: _changes_of(key, undecided) for key in keys}
    waiting = list(keys)
    while waiting:
        key = max(waiting, key=lambda candidate: _expected(candidate, undecided))
        waiting.remove(key)
        settled = sum(one.waits_for == {key} for one in undecided)
        for one in undecided:
            one.waits_for.discard(key)
        yield Question(key, changes[key], settled)


def _undecided_in(assessment: Assessment) -> list[_Undecided]:
    """The open parts of an item that is not refused; each record of a `for_each` item counts on its own."""
    if assessment.answer is Answer.NOT:
        return []
    if assessment.each:
        return [one for _, record in assessment.each for one in _undecided_in(record)]
    open_parts = [_Undecided(Changes.ANSWER, set(reason.missing)) for reason in assessment.reasons if reason.missing]
    if assessment.amount_missing:
        open_parts.append(_Undecided(Changes.AMOUNT, set(assessment.amount_missing)))
    return open_parts


def _changes_of(key: FactKey, undecided: list[_Undecided]) -> Changes:
    kinds = {one.changes for one in undecided if key in one.waits_for}
    return kinds.pop() if len(kinds) == 1 else Changes.BOTH


def _expected(key: FactKey, undecided: list[_Undecided]) -> int:
    """The expected number settled, in units of 2^-_FINEST so that it stays a whole number."""
    counts = (len(one.waits_for) for one in undecided if key in one.waits_for)
    return sum(1 << max(0, _FINEST - count) for count in counts)
