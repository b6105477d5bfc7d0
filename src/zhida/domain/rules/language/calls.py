"""The checks of calls: built-in functions with their arguments, and facts with their period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from zhida.domain.rules import nodes
from zhida.domain.rules.language.builtins import BUILTINS, NAMES_FROM_DATE, Builtin
from zhida.domain.rules.language.guards import is_surely_filled
from zhida.domain.rules.language.interfaces import Checks, Guards, Scope
from zhida.domain.rules.language.types import ANY, DATE, NUMBER, TEXT, WHOLE, Type, decimals_of, type_of_fact
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.schema import FactType
from zhida.domain.sentences import tell

_MAX_DIGITS = 34


def builtin_type(checker: Checks, node: nodes.Call, scope: Scope, guards: Guards) -> Type:
    """The result type of a built-in; notes arguments that do not fit it."""
    builtin = BUILTINS[node.name]
    most = len(builtin.parameters)
    if builtin.parameters == ("numbers",):
        return _over_numbers(checker, node, scope, guards)
    if not most - builtin.optional <= len(node.arguments) <= most:
        words = tell(
            "`{name}` takes {most} argument(s), {given} given", name=node.name, most=most, given=len(node.arguments)
        )
        return checker.refuse(node, "wrong_arguments", words)
    found = [
        _PARAMETERS[kind](checker, argument, scope, guards)
        for kind, argument in zip(builtin.parameters, node.arguments, strict=False)
    ]
    if node.name == "list contains":
        checker.fits(found[1], found[0].item or ANY, node.arguments[1])
    if node.name == "within":
        for place in nodes.walk(node.arguments[1]):
            checker.listed(place, found[0])
    return _result(builtin, found, node)


def _result(builtin: Builtin, found: list[Type], node: nodes.Call) -> Type:
    if builtin.result != "number":
        return Type("boolean") if builtin.result == "boolean" else DATE
    if builtin.whole:
        return replace(WHOLE, unit=builtin.unit)
    scale = found[0].scale
    if "digits" in builtin.parameters:
        digits = node.arguments[1] if len(node.arguments) > 1 else None
        value = digits.value if isinstance(digits, nodes.Literal) else Decimal(0)
        scale = max(0, int(value)) if isinstance(value, Decimal) else 0
    return Type("number", found[0].unit, scale, gapped=found[0].gapped)


def _over_numbers(checker: Checks, node: nodes.Call, scope: Scope, guards: Guards) -> Type:
    if not node.arguments:
        words = tell("`{name}` takes a list, or one and more numbers", name=node.name)
        return checker.refuse(node, "wrong_arguments", words)
    found = [checker.type_of(argument, scope, guards) for argument in node.arguments]
    if len(found) == 1 and found[0].kind == "list":
        if node.name != "sum" and not is_surely_filled(node.arguments[0], guards):
            hint = tell("guard it: if count(…) > 0 then {name}(…) else …", name=node.name)
            checker.refuse(node, "list_may_be_empty", tell("an empty list has no {name}", name=node.name), hint)
        found = [found[0].item or ANY]
    total = found[0] if checker.fits(found[0], NUMBER, node.arguments[0]) else ANY
    for other, argument in zip(found[1:], node.arguments[1:], strict=True):
        total = checker.together(total, other, argument)
    return total if total.kind == "any" else replace(total, low=None, high=None)


def _plain(wanted: Type) -> Callable[[Checks, Node, Scope, Guards], Type]:
    return lambda checker, argument, scope, guards: checker.sure(argument, scope, guards, wanted)


def _number(checker: Checks, argument: Node, scope: Scope, guards: Guards) -> Type:
    return checker.number(argument, scope, guards)


def _whole(checker: Checks, argument: Node, scope: Scope, guards: Guards) -> Type:
    found = checker.sure(argument, scope, guards, NUMBER)
    if found.kind == "number" and not found.whole:
        checker.refuse(argument, "not_whole", "expected a whole number", "round it: floor(…)")
    return found


def _digits(checker: Checks, argument: Node, scope: Scope, guards: Guards) -> Type:
    value = argument.value if isinstance(argument, nodes.Literal) else None
    if not isinstance(value, Decimal) or decimals_of(value) or abs(value) > _MAX_DIGITS:
        return checker.refuse(argument, "digits_not_constant", "digits are a constant whole number such as 0 or -2")
    return WHOLE


def _list(checker: Checks, argument: Node, scope: Scope, guards: Guards) -> Type:
    found = checker.type_of(argument, scope, guards)
    if found.kind not in ("list", "any"):
        return checker.refuse(argument, "wrong_type", tell("expected a list, found {found}", found=found.told))
    return found


def _code(checker: Checks, argument: Node, scope: Scope, guards: Guards) -> Type:
    found = checker.sure(argument, scope, guards, TEXT)
    if found.kind == "text" and not found.code_tree:
        return checker.refuse(argument, "not_a_code", "this text is no code of a tree", "the dictionary names the tree")
    return found


def _codes(checker: Checks, argument: Node, scope: Scope, guards: Guards) -> Type:
    items = argument.items if isinstance(argument, nodes.ListOf) else (argument,)
    if not items or not all(isinstance(item, nodes.Literal) and isinstance(item.value, str) for item in items):
        words = 'places are written out: "51", or ["61", "62"]'
        return checker.refuse(argument, "places_not_constant", words)
    return ANY


_PARAMETERS: dict[str, Callable[[Checks, Node, Scope, Guards], Type]] = {
    "number": _number,
    "digits": _digits,
    "whole": _whole,
    "date": _plain(DATE),
    "text": _plain(TEXT),
    "member": _plain(ANY),
    "list": _list,
    "code": _code,
    "codes": _codes,
}


def period_type(checker: Checks, node: nodes.Call, fact: FactType, scope: Scope) -> Type:
    """The type of a fact with its period; notes a period that is not fixed by as_of alone."""
    found = type_of_fact(fact, checker.schema.relations.get(fact.name))
    if fact.period == "none":
        words = tell("`{fact}` has no period", fact=fact.name)
        hint = tell("write {fact}, or declare its period", fact=fact.name)
        return checker.refuse(node, "period_not_expected", words, hint)
    most = 2 if fact.period == "month" else 1
    if not 1 <= len(node.arguments) <= most:
        words = tell("`{fact}` takes one {period}", fact=fact.name, period=tell(fact.period))
        return checker.refuse(node, "wrong_arguments", words)
    wanted = DATE if fact.period == "interval" else NUMBER
    for argument in node.arguments:
        period = checker.sure(argument, scope, frozenset(), wanted)
        constant = all(_is_of_date(part, scope) for part in nodes.walk(argument))
        if not constant or (wanted is NUMBER and period.kind == "number" and not period.whole):
            words = tell(
                "a {period} is written with `year`, `month`, `as_of` and constants only", period=tell(fact.period)
            )
            hint = tell("such as {fact}({example})", fact=fact.name, example=_EXAMPLES[fact.period])
            checker.refuse(argument, "period_not_constant", words, hint)
    return found


_EXAMPLES = {"year": "year - 1", "month": "month - 1", "interval": "as_of"}
_DATE_FUNCTIONS = ("add_months", "year", "month", "day")


def _is_of_date(node: Node, scope: Scope) -> bool:
    if isinstance(node, nodes.Name):
        return node.name in NAMES_FROM_DATE and node.name not in scope
    if isinstance(node, nodes.Call):
        return node.name in _DATE_FUNCTIONS
    return isinstance(node, nodes.Literal | nodes.Negate) or (
        isinstance(node, nodes.Arithmetic) and node.operator in ("+", "-")
    )
