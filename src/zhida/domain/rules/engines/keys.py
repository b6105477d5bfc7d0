"""Which facts, of which periods, a program may read on a date: the columns of a screening, the needs of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from zhida.domain.rules.engines.evaluation import Evaluation, dates_in, period_of
from zhida.domain.rules.engines.subject import Subject, day_span
from zhida.domain.rules.nodes import Call, Name, Node, walk
from zhida.domain.rules.program import Program
from zhida.domain.rules.schema import Schema
from zhida.domain.values import FactKey, Facts, Period, Span


def keys_read(programs: Iterable[Program], as_of: date) -> tuple[FactKey, ...]:
    """Every key that the programs may read at as_of, in the order of first use. An interval fact is named by the one
    day it is looked at; a derived fact by itself where it may be stored, and by what it is made of."""
    found: dict[FactKey, None] = {}
    for program in programs:
        reading = _Reading(program.schema, as_of, found)
        if program.within:
            reading.name(program.within, reading.evaluation.scope)
        for requirement in program.requires:
            for alternative in requirement.alternatives:
                reading.expression(alternative.when, reading.evaluation.scope)
        if program.for_each:
            reading.name(program.for_each, reading.evaluation.scope)
        if program.amount is not None:
            reading.expression(program.amount, reading.evaluation.scope)
    return tuple(found)


def period_called(call: Call, schema: Schema, dates: Mapping[str, Any]) -> Period | Span | None:
    """The period that a fact's call names, where `dates` binds `year`, `month` and `as_of`."""
    evaluation = Evaluation(Subject(schema, Facts(), dates["as_of"]))
    arguments = [evaluation.value(argument, dates) for argument in call.arguments]
    return period_of(schema.facts[call.name].period, arguments, dates)


class _Reading:
    def __init__(self, schema: Schema, as_of: date, found: dict[FactKey, None]) -> None:
        self.schema = schema
        self.found = found
        self.evaluation = Evaluation(Subject(schema, Facts(), as_of))
        self.seen: set[object] = set()

    def expression(self, node: Node, scope: Mapping[str, Any]) -> None:
        for part in walk(node):
            if isinstance(part, Name):
                self.name(part.name, scope)
            elif isinstance(part, Call) and part.name in self.schema.facts:
                self.fact(part.name, period_called(part, self.schema, scope), scope)

    def name(self, name: str, scope: Mapping[str, Any]) -> None:
        fact = self.schema.facts.get(name)
        if fact is not None or name in self.schema.relations:
            is_interval = fact is not None and fact.period == "interval"
            self.fact(name, day_span(scope["as_of"]) if is_interval else None, scope)
        elif name in self.schema.expressions and name not in self.seen:
            self.seen.add(name)
            for part in self.schema.expressions[name]:
                self.expression(part, self.evaluation.scope)

    def fact(self, name: str, period: Period | Span | None, scope: Mapping[str, Any]) -> None:
        key = FactKey(name, period)
        if key in self.seen:
            return
        self.seen.add(key)
        fact = self.schema.facts.get(name)
        if fact is None or fact.reads_stored:
            self.found[key] = None
        if fact is not None and fact.expression is not None:
            self.expression(fact.expression, {**self.evaluation.scope, **dates_in(period)})
