"""Decision tables (DMN 1.5, clause 8): cells as unary tests, and the hit policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck.comparison import equal
from tests.conformance.dmn_tck.evaluation import FeelEvaluation, Scope
from tests.conformance.dmn_tck.functions import BUILTINS
from tests.conformance.dmn_tck.model import Column, Rule, Table

Hits = list[Any]


def table_value(table: Table, evaluation: FeelEvaluation, scope: Scope) -> Any:
    """What the rules that match give together by the hit policy; the default outputs where none matches."""
    values = []
    for column in table.inputs:
        value = evaluation.types.coerced(evaluation.text(column.name, scope), evaluation.types.read(column.type_ref))
        if value is not None and column.values and not _is_listed(column.values, value, evaluation, scope):
            return None
        values.append(value)
    matching = [rule for rule in table.rules if _matches(rule, values, evaluation, scope)]
    if not matching and any(column.default for column in table.outputs):
        return _output(table, [column.default for column in table.outputs], evaluation, scope)
    outputs = [_output(table, rule.outputs, evaluation, scope) for rule in matching]
    policy = table.hit_policy.replace("_", " ")
    if policy in ("PRIORITY", "OUTPUT ORDER"):
        ranks = {id(output): _rank(table, output, evaluation, scope) for output in outputs}
        outputs = sorted(outputs, key=lambda output: ranks[id(output)])
    return _POLICIES[policy](outputs, table.aggregation)


def _is_listed(tests: str, value: Any, evaluation: FeelEvaluation, scope: Scope) -> bool:
    """Whether a value, or each member of a list, is one that the column allows."""
    if evaluation.passes(tests, value, scope):
        return True
    return isinstance(value, list) and all(evaluation.passes(tests, member, scope) for member in value)


def _matches(rule: Rule, values: Sequence[Any], evaluation: FeelEvaluation, scope: Scope) -> bool:
    return all(
        not tests or evaluation.passes(tests, value, scope) for tests, value in zip(rule.tests, values, strict=False)
    )


def _output(table: Table, texts: Sequence[str], evaluation: FeelEvaluation, scope: Scope) -> Any:
    values = [
        evaluation.types.coerced(evaluation.text(text, scope), evaluation.types.read(column.type_ref)) if text else None
        for text, column in zip(texts, table.outputs, strict=False)
    ]
    if len(table.outputs) == 1:
        return values[0]
    return {column.name: value for column, value in zip(table.outputs, values, strict=False)}


def _rank(table: Table, output: Any, evaluation: FeelEvaluation, scope: Scope) -> list[int]:
    """Where an output stands among the values of its columns, the first column weighing most."""
    parts = [output] if len(table.outputs) == 1 else [output[column.name] for column in table.outputs]
    return [_place(column, part, evaluation, scope) for column, part in zip(table.outputs, parts, strict=True)]


def _place(column: Column, value: Any, evaluation: FeelEvaluation, scope: Scope) -> int:
    listed = evaluation.text(f"[{column.values}]", scope) or []
    return next((index for index, one in enumerate(listed) if equal(one, value) is True), len(listed))


def _unique(outputs: Hits, aggregation: str) -> Any:
    return outputs[0] if len(outputs) == 1 else None


def _any(outputs: Hits, aggregation: str) -> Any:
    return outputs[0] if outputs and all(equal(outputs[0], output) is True for output in outputs) else None


def _first(outputs: Hits, aggregation: str) -> Any:
    return outputs[0] if outputs else None


def _all(outputs: Hits, aggregation: str) -> Any:
    return outputs


def _collect(outputs: Hits, aggregation: str) -> Any:
    if not aggregation:
        return outputs
    if aggregation == "COUNT":
        return Decimal(len(outputs))
    return BUILTINS[aggregation.lower()].call([outputs])


_POLICIES: dict[str, Callable[[Hits, str], Any]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _first,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _all,
    "COLLECT": _collect,
}
