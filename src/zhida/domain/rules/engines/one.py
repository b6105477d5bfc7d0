"""One item for one subject, with the reason for every requirement: the engine that judges the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.answers import (
    AmountState,
    Answer,
    Assessment,
    FactUse,
    Met,
    ReasonAnswer,
    Reserved,
    Unknown,
)
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.kleene import any_of, matches
from zhida.domain.rules.engines.needs import Needs, needs_in, written_need
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.engines.values import NONE, Code, Members, unknown_of
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.program import Program, Requirement
from zhida.domain.values import FactKey, Facts

NOTHING: Mapping[str, Any] = {}
NO_NEEDS: Needs = {}
MOST_FEN = 2**63


def assess(
    program: Program,
    facts: Facts,
    as_of: date,
    *,
    rulings: Mapping[str, bool] = NOTHING,
    held: Mapping[str, str] = NOTHING,
) -> Assessment:
    """Whether a subject may have an item on a date, how much in fen, why, and which missing facts could change that.

    `rulings` are a reviewer's decisions by requirement (and "quota" by the selection); `held` are reserved reasons
    already decided elsewhere, each with a note. Raises InvariantBroken for a fact of the wrong type, a unique table
    without a row, or an amount that is no whole number of fen from 0 up.
    """
    subject = Subject(program.schema, facts, as_of)
    return _Assessing(program, subject, rulings, held).assessment()


class _Assessing:
    def __init__(
        self, program: Program, subject: Subject, rulings: Mapping[str, bool], held: Mapping[str, str]
    ) -> None:
        self.program = program
        self.subject = subject
        self.rulings = rulings
        self.evaluation = Evaluation(subject, program.within)
        self.reserved = tuple(self._reserved(held))

    def assessment(self) -> Assessment:
        if not self.program.for_each:
            return self._of(self.evaluation)
        relation = self.program.schema.relations[self.program.for_each]
        self.subject.touched = {}
        records = self.evaluation.named(relation.name)
        if not isinstance(records, Members):
            reason = self._reason(relation.name, "relation", records)
            amount = NONE if self.program.amount is None else unknown_of(records)
            return self._closed((*self.reserved, reason), amount, ())
        if not records.items:
            none = ReasonAnswer(Reserved.NO_RECORD, "reserved", Met.NOT_MET, uses=self._uses())
            return self._closed((*self.reserved, none), NONE, ())
        each = []
        for index, (record, _) in enumerate(records.items):
            self.subject.memory = {}
            each.append((index, self._of(Evaluation(self.subject, self.program.within, {relation.singular: record}))))
        return _together(self.program.item, tuple(each))

    def _of(self, evaluation: Evaluation) -> Assessment:
        reasons = tuple(self._requirement(requirement, evaluation) for requirement in self.program.requires)
        self.subject.touched = {}
        amount = NONE if self.program.amount is None else evaluation.value(self.program.amount)
        return self._closed((*self.reserved, *reasons), amount, self._uses())

    def _closed(self, reasons: tuple[ReasonAnswer, ...], amount: Any, uses: tuple[FactUse, ...]) -> Assessment:
        answer = _answer_of(reasons)
        state, fen = _fen_of(self.program.item, amount)
        doubts = unknown_of(amount).missing
        missing: tuple[FactKey, ...] = ()
        if answer is not Answer.NOT:
            missing = _distinct(*(reason.missing for reason in reasons), doubts)
        return Assessment(self.program.item, answer, state, fen, reasons, missing, (), doubts, uses)

    def _requirement(self, requirement: Requirement, evaluation: Evaluation) -> ReasonAnswer:
        if requirement.kind != "computed":
            return self._ruled(requirement)
        self.subject.touched = {}
        values = [evaluation.value(alternative.when) for alternative in requirement.alternatives]
        total = any_of(values)
        alternatives = tuple(
            (alternative.name, _met(value), alternative.cites)
            for alternative, value in zip(requirement.alternatives, values, strict=True)
        )
        uses = self._uses(needs_in(tuple(alternative.when for alternative in requirement.alternatives)))
        of_alternatives = {clause for alternative in requirement.alternatives for clause in alternative.cites}
        answer, cites = _met(total), tuple(each for each in requirement.cites if each not in of_alternatives)
        deciding = (cited for _, met, cited in alternatives if met is answer)
        clauses, missing = _distinct(cites, *deciding), unknown_of(total).missing
        return ReasonAnswer(requirement.name, requirement.kind, answer, alternatives, clauses, uses, missing)

    def _reason(self, name: str, kind: str, value: Any) -> ReasonAnswer:
        return ReasonAnswer(name, kind, _met(value), uses=self._uses(), missing=unknown_of(value).missing)

    def _uses(self, needs: Needs = NO_NEEDS) -> tuple[FactUse, ...]:
        """What was read since `touched` was emptied, each with what was needed of it."""
        keys = tuple(self.subject.touched)
        return tuple(self.subject.use(key, self._needed(needs.get(key.attribute))) for key in keys)

    def _needed(self, need: tuple[str, Node] | None) -> str:
        return written_need(need, self.evaluation.value) if need else ""

    def _ruled(self, requirement: Requirement) -> ReasonAnswer:
        ruling = self.rulings.get(requirement.name, True if requirement.kind == "undertaken" else None)
        return ReasonAnswer(requirement.name, requirement.kind, _met(ruling), clauses=requirement.cites)

    def _reserved(self, held: Mapping[str, str]) -> Iterable[ReasonAnswer]:
        as_of, program = self.subject.as_of, self.program
        if as_of not in program.valid or as_of not in program.window:
            yield ReasonAnswer(Reserved.OUT_OF_FORCE, "reserved", Met.NOT_MET)
        if program.within and program.region:
            yield from self._region_reason()
        for name, note in held.items():
            yield ReasonAnswer(name, "reserved", Met.NOT_MET, note=note)
        selected = _met(self.rulings.get(Reserved.QUOTA))
        if program.quota and Reserved.QUOTA not in held and selected is not Met.MET:
            yield ReasonAnswer(Reserved.QUOTA, "reserved", selected)

    def _region_reason(self) -> Iterable[ReasonAnswer]:
        self.subject.touched = {}
        code = self.evaluation.region()
        value = matches(code, self.program.region) if isinstance(code, Code) else code
        if value is not True:
            yield self._reason(Reserved.WRONG_REGION, "reserved", value)


def _met(value: Any) -> Met:
    if isinstance(value, bool):
        return Met.MET if value else Met.NOT_MET
    return Met.UNKNOWN


def _answer_of(reasons: tuple[ReasonAnswer, ...]) -> Answer:
    answers = {reason.answer for reason in reasons}
    if Met.NOT_MET in answers:
        return Answer.NOT
    return Answer.POSSIBLE if Met.UNKNOWN in answers else Answer.ENTITLED


def _fen_of(item: str, amount: Any) -> tuple[AmountState, int | None]:
    if amount is NONE:
        return AmountState.NONE, None
    if isinstance(amount, Unknown):
        return AmountState.UNKNOWN, None
    if not isinstance(amount, Decimal) or not 0 <= amount < MOST_FEN or amount != amount.to_integral_value():
        raise InvariantBroken("amount_not_in_fen", f"{item} gives {amount}, no whole number of fen from 0 to 2^63")
    return AmountState.KNOWN, int(amount)


def _distinct(*groups: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(member for group in groups for member in group))


def _together(item: str, each: tuple[tuple[int, Assessment], ...]) -> Assessment:
    """The claims of all records as one: entitled if any is, with the amounts of the entitled ones together.

    The reasons are those of the first record with the best answer.
    """
    found = [assessment for _, assessment in each]
    answer = next(answer for answer in Answer if any(one.answer is answer for one in found))
    best = [one for one in found if one.answer is answer]
    fen = [one.amount_fen for one in best if one.amount_fen is not None]
    state, total = AmountState.NONE, None
    some_unknown = any(one.amount is AmountState.UNKNOWN for one in best)
    if answer is not Answer.NOT and (some_unknown or (fen and answer is Answer.POSSIBLE)):
        state = AmountState.UNKNOWN
    elif answer is Answer.ENTITLED and fen:
        state, total = _fen_of(item, Decimal(sum(fen)))
    missing = _distinct(*(one.missing for one in found))
    doubts = _distinct(*(one.amount_missing for one in found))
    return Assessment(item, answer, state, total, best[0].reasons, missing, each, doubts, best[0].amount_uses)
