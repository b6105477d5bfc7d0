"""Small frozen values that every room shares: ids, money in fen, periods, coded places, who acts and may see what."""

from zhida.domain.values.actor import Actor, Scope
from zhida.domain.values.cells import safe_cell
from zhida.domain.values.codes import CodeTree
from zhida.domain.values.facts import Fact, FactKey, Facts
from zhida.domain.values.ids import new_id, once, prefix_of
from zhida.domain.values.moments import CHINA, local_date, utc
from zhida.domain.values.money import capital_words, fen_of, yuan
from zhida.domain.values.period import Period, Span
from zhida.domain.values.subject import SubjectKind

__all__ = [
    "CHINA",
    "Actor",
    "CodeTree",
    "Fact",
    "FactKey",
    "Facts",
    "Period",
    "Scope",
    "Span",
    "SubjectKind",
    "capital_words",
    "fen_of",
    "local_date",
    "new_id",
    "once",
    "prefix_of",
    "safe_cell",
    "utc",
    "yuan",
]
