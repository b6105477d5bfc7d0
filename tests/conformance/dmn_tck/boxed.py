"""The value of boxed expressions (DMN 1.5, clause 10.2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.conformance.dmn_tck import model
from tests.conformance.dmn_tck.closures import Closure
from tests.conformance.dmn_tck.evaluation import FeelEvaluation, Scope
from tests.conformance.dmn_tck.iteration import rounds
from tests.conformance.dmn_tck.model import Box
from tests.conformance.dmn_tck.tables import table_value
from tests.conformance.dmn_tck.values import Function
from zhida.domain.rules.engines.kleene import all_of, any_of


def box_value(box: Box | None, evaluation: FeelEvaluation, scope: Scope) -> Any:
    """The value of a boxed expression, coerced to its type; null where there is none."""
    if box is None:
        return None
    value = _RULES[type(box)](box, evaluation, scope)
    return evaluation.types.coerced(value, evaluation.types.read(box.type_ref))


def closure_of(definition: model.Definition, evaluation: FeelEvaluation, scope: Callable[[], Scope]) -> Closure:
    """A boxed function; its scope is read when it is called, so that it may call itself."""
    parameters = tuple((name, evaluation.types.read(kind)) for name, kind in definition.parameters)

    def run(bound: Scope) -> Any:
        return box_value(definition.body, evaluation, {**scope(), **bound})

    return Closure(parameters, evaluation.types.read(""), run, evaluation.types)


def _text(box: model.Text, evaluation: FeelEvaluation, scope: Scope) -> Any:
    return evaluation.text(box.text, scope)


def _context(box: model.Context, evaluation: FeelEvaluation, scope: Scope) -> Any:
    found: dict[str, Any] = {}
    inner = dict(scope)
    for entry in box.entries:
        value = box_value(entry.value, evaluation, inner)
        if not entry.name:
            return value
        found[entry.name] = inner[entry.name] = evaluation.types.coerced(value, evaluation.types.read(entry.type_ref))
    return found


def _items(box: model.Items, evaluation: FeelEvaluation, scope: Scope) -> Any:
    return [box_value(item, evaluation, scope) for item in box.items]


def _relation(box: model.Relation, evaluation: FeelEvaluation, scope: Scope) -> Any:
    return [
        {name: box_value(cell, evaluation, scope) for name, cell in zip(box.columns, row, strict=False)}
        for row in box.rows
    ]


def _invocation(box: model.Invocation, evaluation: FeelEvaluation, scope: Scope) -> Any:
    function = box_value(box.function, evaluation, scope)
    if not isinstance(function, Function):
        return None
    names = [name for name, _ in box.arguments]
    return function.call([box_value(argument, evaluation, scope) for _, argument in box.arguments], names)


def _definition(box: model.Definition, evaluation: FeelEvaluation, scope: Scope) -> Any:
    return closure_of(box, evaluation, lambda: scope)


def _conditional(box: model.Conditional, evaluation: FeelEvaluation, scope: Scope) -> Any:
    condition = box_value(box.condition, evaluation, scope)
    if condition is not None and not isinstance(condition, bool):
        return None
    return box_value(box.then if condition else box.otherwise, evaluation, scope)


def _filter(box: model.FilterOf, evaluation: FeelEvaluation, scope: Scope) -> Any:
    source = box_value(box.source, evaluation, scope)
    matches: list[Any] = []

    def match(bound: Scope) -> Any:
        matches.append(box_value(box.match, evaluation, bound))
        return matches[-1]

    kept = evaluation.filtered(source, scope, match)
    return kept if all(isinstance(one, bool | Decimal) for one in matches) or source == [] else None


def _walk(box: model.Walk, evaluation: FeelEvaluation, scope: Scope) -> Any:
    found = rounds([(box.variable, lambda inner: box_value(box.source, evaluation, inner))], scope)
    if found is None:
        return None
    results: list[Any] = []
    for bound in found:
        results.append(box_value(box.result, evaluation, {**bound, "partial": list(results)}))
    if box.quantifier == "for":
        return results
    judged = (any_of if box.quantifier == "some" else all_of)(results)
    return judged if all(isinstance(one, bool) for one in results) else None


def _table(box: model.Table, evaluation: FeelEvaluation, scope: Scope) -> Any:
    return table_value(box, evaluation, scope)


_RULES: dict[type[Box], Callable[[Any, FeelEvaluation, Scope], Any]] = {
    model.Text: _text,
    model.Context: _context,
    model.Items: _items,
    model.Relation: _relation,
    model.Invocation: _invocation,
    model.Definition: _definition,
    model.Conditional: _conditional,
    model.FilterOf: _filter,
    model.Walk: _walk,
    model.Table: _table,
}
