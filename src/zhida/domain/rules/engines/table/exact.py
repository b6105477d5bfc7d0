"""Expressions that engine `columns` leaves to engine one: row by row, slow, and counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.answers import Unknown
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.screening import facts_of_rows
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.rules.engines.table.amounts import BROKEN, LOWEST, NONE, UNKNOWN
from zhida.domain.rules.engines.table.coding import UNKNOWN_CODE, Coding, Numbering
from zhida.domain.rules.engines.table.meanings import Source
from zhida.domain.rules.engines.values import NONE as NONE_GIVEN
from zhida.domain.rules.language.writing import write
from zhida.domain.rules.numbers import FEEL
from zhida.domain.rules.program import Alternative, Program, Requirement
from zhida.domain.values import SubjectKind

_EPOCH = date(1970, 1, 1).toordinal()


def name_of(source: Source) -> str:
    """The expression as its author wrote it, for the count of what is slow."""
    return write(source.node)


def values(source: Source, columns: Columns) -> list[Any]:
    """What engine one finds for each row."""
    asked = Requirement("", alternatives=(Alternative("", source.node),))
    program = Program("", SubjectKind.ORGANISATION, source.schema, within=source.within, requires=(asked,))
    subjects = (Subject(source.schema, facts, columns.as_of) for facts in facts_of_rows(program, columns))
    return [Evaluation(subject, source.within).value(source.node) for subject in subjects]


def code(coding: Coding, value: Any) -> int:
    """The code of a value as engine one holds it."""
    if isinstance(value, str):
        return UNKNOWN_CODE if isinstance(coding, Numbering) else coding.code(str(value))
    if isinstance(value, date):
        value = Decimal(value.toordinal() - _EPOCH)
    if isinstance(value, Decimal) and isinstance(coding, Numbering):
        return coding.of_exact(value)
    return UNKNOWN_CODE


def number(value: Any, scale: int | None) -> int:
    """A number times 10^-scale, or (scale None) whole fen, with the marks for what is neither."""
    if value is NONE_GIVEN:
        return NONE
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, date):
        return value.toordinal() - _EPOCH
    if scale is None:
        return int(value) if 0 <= value < 2**63 and value == value.to_integral_value() else BROKEN
    return scaled(value, None, scale)


def scaled(value: Any, before: int | None, scale: int) -> int:
    """A number in int64 with `scale` decimals, from one with `before` (None: a Decimal). Raises InvariantBroken
    `number_too_large` where 64 bits do not hold it."""
    exact = value if before is None else FEEL.scaleb(Decimal(value), -before)
    if not LOWEST <= exact.scaleb(scale) < 2**63:
        raise InvariantBroken("number_too_large", f"{exact} with {scale} decimals is past 64 bits")
    return int(FEEL.scaleb(exact, scale))
