"""A condition as a form: lines of a fact, a comparison and a value, all of them or any, and back to the same nodes.

What a form cannot say (arithmetic, lists of records, nesting) stays an expression: `form_of` gives None for it, so that
nothing is lost by looking at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal as OneOf

from zhida.domain.errors import AuthorError
from zhida.domain.rules import Literal, Node, parse, write, write_constant
from zhida.domain.rules.nodes import And, Arithmetic, Call, Compare, In, Interval, ListOf, Name, Not, Or, Path
from zhida.domain.rules.schema import FactType

PERIODS = ("", "year", "year - 1", "year - 2", "month", "month - 1", "as_of")
"""The periods that a form offers; another one makes the condition an expression."""
OPERATORS = ("is", "not", "=", "!=", "<", "<=", ">", ">=", "between", "in", "within")
_TAILS = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "%": Decimal("0.01"), "％": Decimal("0.01")}
_WORDS = {
    "is": ("是", "is so"),
    "not": ("不是", "is not so"),
    "=": ("等于", "is"),
    "!=": ("不等于", "is not"),
    "<": ("小于（不含）", "is below"),
    "<=": ("不超过（含）", "is at most"),
    ">": ("大于（不含）", "is above"),
    ">=": ("不少于（含）", "is at least"),
    "between": ("在其间（两端都含）", "is from … to (both counted)"),
    "in": ("是其中之一", "is one of"),
    "within": ("在其范围内", "lies within"),
}
_PERIOD_WORDS = {
    "": ("", ""),
    "year": ("本年度", "this year"),
    "year - 1": ("上一年度", "last year"),
    "year - 2": ("前一年度", "the year before last"),
    "month": ("本月", "this month"),
    "month - 1": ("上个月", "last month"),
    "as_of": ("当天", "on the day"),
}


@dataclass(frozen=True)
class Line:
    """One comparison: a fact by name, the period that it is read for, and constants as rules write them."""

    fact: str
    period: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """Lines that hold all together (`and`), or of which one is enough (`or`)."""

    junction: OneOf["and", "or"]
    lines: tuple[Line, ...]


def form_of(node: Node) -> Form | None:
    """The form that says exactly what an expression says; None where none does."""
    junction: OneOf["and", "or"] = "or" if isinstance(node, Or) else "and"
    parts = node.operands if isinstance(node, And | Or) else (node,)
    lines = [_line(part) for part in parts]
    known = [line for line in lines if line is not None]
    if len(known) < len(lines):
        return None
    form = Form(junction, tuple(known))
    try:
        return form if parse(feel_of(form)) == node else None
    except AuthorError:
        return None


def feel_of(form: Form) -> str:
    """The expression that a form says. Raises AuthorError for a line whose fact or value is none."""
    written = [_feel(line) for line in form.lines]
    if len(written) == 1:
        return written[0]
    return f" {form.junction} ".join(written)


def words_of_operator(operator: str, lang: str) -> str:
    """What a comparison is called; whether its bound counts (含本数) is said with it."""
    return _WORDS[operator][lang == "en"]


def words_of_period(period: str, lang: str) -> str:
    """What a period is called."""
    return _PERIOD_WORDS[period][lang == "en"]


def constant(text: str, fact: FactType | None) -> str:
    """What a person typed as a constant that rules read: yuan become fen, per cent a share, 万 and 亿 what they stand
    for, texts are quoted.

    What is no number is read as an expression, a parameter above all. Raises AuthorError where it is none either.
    """
    typed = text.strip().replace(",", "").replace("，", "")
    if fact is None or fact.kind in ("text", "texts"):
        return write_constant(text.strip().strip('"'))
    if fact.kind == "date":
        return f'date("{typed}")'
    if fact.kind == "boolean":
        return "true" if typed in ("true", "是", "yes") else "false"
    tail = next((mark for mark in _TAILS if typed.endswith(mark)), "")
    try:
        number = Decimal(typed.removesuffix(tail)) * _TAILS.get(tail, Decimal(1))
    except InvalidOperation:
        return write(parse(typed))
    return write_constant(number * 100 if fact.unit == "fen" else number)


def shown(written: str, fact: FactType | None) -> str:
    """A constant as a person types it: fen as yuan, texts without quotes. `constant` gives the same constant back."""
    node = parse(written)
    if not isinstance(node, Literal):
        return written
    if isinstance(node.value, Decimal):
        number = node.value / 100 if fact is not None and fact.unit == "fen" else node.value
        return format(number.normalize() if number else Decimal(0), "f")
    return str(node.value) if node.kind in ("text", "date") else written


def _line(node: Node) -> Line | None:
    subject = _subject(node)
    if subject is not None:
        return Line(*subject, "is")
    if isinstance(node, Not):
        subject = _subject(node.operand)
        return Line(*subject, "not") if subject else None
    if isinstance(node, Compare):
        subject = _subject(node.left)
        return Line(*subject, node.operator, (write(node.right),)) if subject and _is_constant(node.right) else None
    if isinstance(node, Call) and node.name == "within" and len(node.arguments) == 2:
        subject, given = _subject(node.arguments[0]), node.arguments[1]
        codes = given.items if isinstance(given, ListOf) else (given,)
        is_plain = all(isinstance(code, Literal) for code in codes)
        return Line(*subject, "within", tuple(map(write, codes))) if subject and is_plain else None
    return _members(node) if isinstance(node, In) else None


def _members(node: In) -> Line | None:
    subject = _subject(node.value)
    if subject is None:
        return None
    test = node.tests[0]
    if isinstance(test, Interval):
        is_closed = test.includes_low and test.includes_high and len(node.tests) == 1
        if not is_closed or not isinstance(test.low, Literal) or not isinstance(test.high, Literal):
            return None
        return Line(*subject, "between", (write(test.low), write(test.high)))
    if all(isinstance(each, Literal) for each in node.tests):
        return Line(*subject, "in", tuple(write(each) for each in node.tests))
    return None


def _subject(node: Node) -> tuple[str, str] | None:
    """A fact, or a field of a record, and its period."""
    if isinstance(node, Name):
        return node.name, ""
    if isinstance(node, Path) and isinstance(node.source, Name) and node.source.name != "parameters":
        return f"{node.source.name}.{node.field}", ""
    if isinstance(node, Call) and len(node.arguments) == 1 and node.name != "within":
        argument = node.arguments[0]
        period = write(argument) if isinstance(argument, Name | Arithmetic) else ""
        return (node.name, period) if period in PERIODS[1:] else None
    return None


def _is_constant(node: Node) -> bool:
    is_parameter = isinstance(node, Path) and node.source == Name("parameters")
    return is_parameter or isinstance(node, Literal)


def _feel(line: Line) -> str:
    subject = f"{line.fact}({line.period})" if line.period else line.fact
    if line.operator == "is":
        return subject
    if line.operator == "not":
        return f"not({subject})"
    if line.operator == "within":
        codes = ", ".join(line.values)
        return f"within({subject}, {codes})" if len(line.values) == 1 else f"within({subject}, [{codes}])"
    if line.operator == "between":
        return f"{subject} in [{line.values[0]}..{line.values[1]}]"
    if line.operator == "in":
        return f"{subject} in ({', '.join(line.values)})"
    return f"{subject} {line.operator} {line.values[0]}"
