"""Proposed examples as a file that an author reads and accepts from: YAML of golden cases, one block each.

The file stands outside the pack (`_proposed/<region>/<slug>.yaml` in its root): nothing counts as a case, and no
revision changes, before a person has accepted it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.packs.cases import Expectation
from zhida.domain.packs.examples import Example

ACCEPTED = "golden/boundaries.yaml"
_CASE = "  - name: "


def proposed_path(pack_id: str) -> str:
    """Where a pack's proposed examples stand in its root."""
    return f"_proposed/{pack_id}.yaml"


def write_examples(examples: Iterable[Example]) -> str:
    """The file: what is expected is what the rules say now, for the author to hold against the text."""
    blocks = [_block(each) for each in examples]
    return "cases:\n" + "".join(blocks) if blocks else ""


def blocks_in(text: str) -> tuple[str, ...]:
    """The cases of such a file, each as it is written."""
    body = text.partition("cases:\n")[2]
    parts = body.split(_CASE)
    return tuple(f"{_CASE}{part}" for part in parts[1:])


def accepted(proposed: str, there: str, chosen: Sequence[int]) -> tuple[str, str]:
    """The proposed file without the chosen cases (from 1), and the golden file with them behind what is there."""
    blocks = blocks_in(proposed)
    taken = [block for number, block in enumerate(blocks, start=1) if number in chosen]
    left = [block for number, block in enumerate(blocks, start=1) if number not in chosen]
    rest = "cases:\n" + "".join(left) if left else ""
    return rest, (there or "cases:\n") + "".join(taken)


def without(there: str, names: Collection[str]) -> tuple[str, int]:
    """A golden file of such blocks without the cases of these names, "" where none is left; and how many went."""
    blocks = blocks_in(there)
    left = [block for block in blocks if not block.startswith(tuple(f"{_CASE}{_text(name)}\n" for name in names))]
    return ("cases:\n" + "".join(left) if left else ""), len(blocks) - len(left)


def _block(example: Example) -> str:
    case = example.case
    lines = [f"{_CASE}{_text(case.name)}", f"    as_of: {case.as_of}"]
    facts = {str(key): fact.value for key, fact in case.facts.known.items()}
    lines.append(f"    facts: {_written(facts)}")
    if case.rulings:
        lines.append(f"    rulings: {_written(case.rulings)}")
    lines.append(f"    {example.item}: {_written(_expectation(case.expected[example.item]))}")
    return "\n".join(lines) + "\n"


def _expectation(expected: Expectation) -> dict[str, Any]:
    told: dict[str, Any] = {"answer": _Word(expected.answer)}
    if expected.amount is not None:
        told["amount"] = _Word(expected.amount)
    if expected.amount_fen is not None:
        told["amount_fen"] = expected.amount_fen
    if expected.because is not None:
        told["because"] = tuple(_Word(each) for each in expected.because)
    if expected.missing is not None:
        told["missing"] = tuple(_Word(each) for each in expected.missing)
    return told


class _Word(str):
    """A text that is written without quotes."""


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, int | date | _Word) else _text(str(value))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
