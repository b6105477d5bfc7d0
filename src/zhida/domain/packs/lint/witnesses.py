"""A subject that the solver proposes, made of real facts and put before the judge engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.golden import with_own_past
from zhida.domain.packs.lint.terms import Code, FactTerm, Terms
from zhida.domain.rules import AmountState, Answer, FactType, Schema, assess
from zhida.domain.rules.engines.evaluation import Evaluation, period_of
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.values import Fact, FactKey, Facts, Period, Span

_SHOWN = 6


@dataclass(frozen=True)
class Witness:
    """What the judge engine says of a proposed subject. `is_refused` where the engine stops at the amount; `told` are
    its facts in a line."""

    facts: Facts
    as_of: date
    answer: Answer | None
    state: AmountState | None
    fen: int | None
    is_refused: bool

    @property
    def told(self) -> str:
        """The facts in a line, and the day."""
        pairs = [f"{key}={_shown(fact.value)}" for key, fact in self.facts.known.items() if fact.value != ()]
        return f"{self.as_of}, {', '.join(pairs[:_SHOWN])}{' …' if len(pairs) > _SHOWN else ''}"


def witness_of(terms: Terms, model: Any) -> Witness | None:
    """The subject of a model, assessed; None where the model says nothing that facts can hold."""
    program = terms.program
    try:
        as_of = _day(_number(terms, model, terms.calendar.as_of))
        facts = with_own_past(Facts(_facts(terms, model, as_of)), program.schema)
    except (ValueError, OverflowError, InvariantBroken):
        return None
    rulings = {each.name: True for each in program.requires if each.kind != "computed"} | {"quota": True}
    try:
        found = assess(program, facts, as_of, rulings=rulings)
    except InvariantBroken as error:
        return Witness(facts, as_of, None, None, None, error.code == "amount_not_in_fen")
    return Witness(facts, as_of, found.answer, found.amount, found.amount_fen, False)


def _facts(terms: Terms, model: Any, as_of: date) -> dict[FactKey, Fact]:
    found: dict[FactKey, Fact] = {}
    bound = {f"{name}.": record for name, record in terms.bound.items()}
    record: dict[str, Any] = {}
    for key, chosen in terms.facts.items():
        prefix = next((each for each in bound if key.startswith(each)), "")
        if "." in key and not prefix:
            continue  # A record of a list that the solver only supposed; no facts are made of it.
        value = _value(terms, model, chosen)
        if prefix:
            record[key.removeprefix(prefix)] = value
        elif not isinstance(value, tuple):
            found[FactKey(chosen.fact.name, _period(terms.schema, chosen, as_of))] = Fact(value, "lint")
    if record:
        found[FactKey(terms.program.for_each)] = Fact((record,), "lint")
    return found


def _period(schema: Schema, chosen: FactTerm, as_of: date) -> Period | Span | None:
    kind = chosen.fact.period
    if kind == "none":
        return None
    evaluation = Evaluation(Subject(schema, Facts({}), as_of))
    arguments = [evaluation.value(each) for each in chosen.arguments] or [as_of]
    return period_of(kind, arguments, evaluation.scope)


def _value(terms: Terms, model: Any, chosen: FactTerm) -> Any:
    if isinstance(chosen.term, Code):
        return _code(terms, model, chosen.term)
    if not hasattr(chosen.term, "sort"):
        return ()
    if chosen.fact.kind == "boolean":
        return bool(terms.z3.is_true(model.eval(chosen.term, model_completion=True)))
    number = _number(terms, model, chosen.term)
    if chosen.fact.kind == "date":
        return _day(number)
    return _decimal(number, chosen.fact) if chosen.fact.kind == "number" else _text(terms, int(number))


def _number(terms: Terms, model: Any, term: Any) -> Fraction:
    found = model.eval(term, model_completion=True)
    if terms.z3.is_algebraic_value(found):
        raise ValueError("no fraction")
    return Fraction(str(found))


def _decimal(number: Fraction, fact: FactType) -> Decimal:
    shifted = number * 10**fact.scale
    if shifted.denominator != 1:
        raise ValueError("more decimals than the fact keeps")
    return Decimal(int(shifted)).scaleb(-fact.scale)


def _day(number: Fraction) -> date:
    return date.fromordinal(int(number))


def _text(terms: Terms, number: int) -> str:
    return next((text for text, held in terms.texts.items() if held == number), f"other {number}")


def _code(terms: Terms, model: Any, code: Code) -> str:
    """A code within every place that the model says, outside every other, and fine enough to tell."""
    tree = terms.schema.code_trees[code.tree]
    held = {
        p: terms.z3.is_true(model.eval(t, model_completion=True)) for p, t in terms.places.get(code.name, {}).items()
    }
    for candidate in tree.parents:
        if all(tree.within(candidate, place) is inside for place, inside in held.items()):
            return candidate
    raise ValueError("no such code")


def _shown(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
