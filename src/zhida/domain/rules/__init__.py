"""The heart of Zhida: policy rules as a small, total, typed language, frozen programs, and engines that agree.

Read `nodes`, `schema` and `program` for what a rule is, `language` for how its text is read and checked, `engines.one`
for what it means; docs/reference/language.md documents it for authors.
"""

from zhida.domain.rules.answers import (
    UNKNOWN,
    AmountState,
    Answer,
    Assessment,
    Changes,
    FactUse,
    Met,
    Question,
    ReasonAnswer,
    Reserved,
    Unknown,
)
from zhida.domain.rules.engines.columns import Screened, Screening, screen
from zhida.domain.rules.engines.keys import keys_read
from zhida.domain.rules.engines.one import assess
from zhida.domain.rules.engines.questions import ask
from zhida.domain.rules.language.cells import parse_cell
from zhida.domain.rules.language.checking import check
from zhida.domain.rules.language.programs import bound_names, check_fact, check_names, check_program, check_table
from zhida.domain.rules.language.reading import Dialect, parse, parse_unary_tests
from zhida.domain.rules.language.types import BOOLEAN, DATE, NUMBER, TEXT, Type
from zhida.domain.rules.language.writing import write, write_constant
from zhida.domain.rules.nodes import Literal, Node, children, rebuild, walk
from zhida.domain.rules.places import Place, Spot
from zhida.domain.rules.program import Alternative, Program, Requirement
from zhida.domain.rules.schema import Amount, FactType, ParameterRow, ParameterSeries, RelationType, Schema
from zhida.domain.rules.tables import Input, Row, Table

__all__ = [
    "BOOLEAN",
    "DATE",
    "NUMBER",
    "TEXT",
    "UNKNOWN",
    "Alternative",
    "Amount",
    "AmountState",
    "Answer",
    "Assessment",
    "Changes",
    "Dialect",
    "FactType",
    "FactUse",
    "Input",
    "Literal",
    "Met",
    "Node",
    "ParameterRow",
    "ParameterSeries",
    "Place",
    "Program",
    "Question",
    "ReasonAnswer",
    "RelationType",
    "Requirement",
    "Reserved",
    "Row",
    "Schema",
    "Screened",
    "Screening",
    "Spot",
    "Table",
    "Type",
    "Unknown",
    "ask",
    "assess",
    "bound_names",
    "check",
    "check_fact",
    "check_names",
    "check_program",
    "check_table",
    "children",
    "keys_read",
    "parse",
    "parse_cell",
    "parse_unary_tests",
    "rebuild",
    "screen",
    "walk",
    "write",
    "write_constant",
]
