"""Amounts in words: expressions with their facts called as people call them, and what an item gives in a sentence."""

from __future__ import annotations

import re
from collections import Counter

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.sentences import form_of, shown
from zhida.domain.packs.sentences import words_of_period as period_words
from zhida.domain.rules import FactType, ParameterSeries, parse, write
from zhida.domain.values import yuan
from zhida.services.authoring.giving import STANDARD as BY_STANDARD
from zhida.services.authoring.giving import TABLE, Giving
from zhida.services.authoring.quotas import FIRST_COME, OPEN, PRO_RATA, Rank, Rationing
from zhida.services.authoring.sheets import STANDARD
from zhida.surfaces.desk.presenters.saying import known_facts, name_of
from zhida.surfaces.look.language import say, spoken

_NAMES = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")
_YUAN = {"fen": "元"}
TIES = {"all_in": "最后一名有并列的，都选上", "none_in": "最后一名有并列的，都不选"}


def said_of(giving: Giving, pack: Pack, dictionary: Dictionary) -> str:
    """What an item gives, in a sentence."""
    cap = say("，最高 {sum} 元", sum=yuan(giving.cap_fen)) if giving.cap_fen else ""
    floor = say("，不低于 {sum} 元", sum=yuan(giving.floor_fen)) if giving.floor_fen else ""
    of, by = _named(giving.of, pack, dictionary), _named(giving.by, pack, dictionary)
    each = say("，每档给{of}的百分之几", of=of) if of else ""
    told = {
        "service": lambda: say("不给钱"),
        "fixed": lambda: say("{sum} 元", sum=yuan(giving.fen)),
        "per_unit": lambda: say("{sum} 元 × {what}", sum=yuan(giving.fen), what=of),
        "share": lambda: say("{what} 的 {rate} %", what=of, rate=format((giving.rate * 100).normalize(), "f")),
        "bands": lambda: say("按{by}分 {n} 档", by=by, n=len(giving.rows)) + each,
        TABLE: lambda: _looked_up(giving, of, pack, dictionary),
        BY_STANDARD: lambda: in_words(giving.standard, pack, dictionary) + (f" × {of}" if of else ""),
    }.get(giving.shape, lambda: in_words(giving.feel, pack, dictionary))()
    return f"{told}{cap}{floor}"


def rationing_said(rationing: Rationing, pack: Pack, dictionary: Dictionary) -> str:
    """For how many an item is and who comes first, in a sentence."""
    if rationing.order == OPEN:
        return say("符合的都给")
    limits = [say("{n} 个名额", n=rationing.n)] if rationing.n else []
    limits += [say("总共 {sum} 元", sum=yuan(rationing.total_yuan * 100))] if rationing.total_yuan else []
    told = say("、").join(limits)
    if rationing.order in (FIRST_COME, PRO_RATA):
        return told + (say("，先到先得") if rationing.order == FIRST_COME else say("，按各人该得的比例分"))
    keys = [_key_said(one, pack, dictionary) for one in rationing.by]
    return told + say("，{keys}；", keys=say("，再看").join(keys)) + say(TIES[rationing.ties])


def _key_said(rank: Rank, pack: Pack, dictionary: Dictionary) -> str:
    what = _named(rank.feel, pack, dictionary)
    what = in_words(what, pack, dictionary) if what == rank.feel else what
    return say("{what}高的在前", what=what) if rank.is_high else say("{what}低的在前", what=what)


def _looked_up(giving: Giving, of: str, pack: Pack, dictionary: Dictionary) -> str:
    columns = [_named(write(column.value), pack, dictionary) for column in pack.schema.tables[giving.table].by]
    told = say("按{by}查表", by=say("、").join(columns))
    times = say("，给{of}的这么多", of=of) if of else ""
    return told + times + (say("，最高也查表") if giving.most else "")


def in_words(feel: str, pack: Pack, dictionary: Dictionary) -> str:
    """An expression with its facts called as people call them; those that share their words keep their names."""
    known = known_facts(pack, dictionary)
    times = Counter(words for _, words in known)
    called = {name: words for name, words in known if times[words] == 1}
    for name, series in pack.schema.parameters.items():
        if name.startswith(STANDARD):
            called[f"parameters.{name}"] = standard_words(name, series) + _its_only_value(series)
    return _NAMES.sub(lambda found: called.get(found.group(0), found.group(0)), feel)


def standard_words(name: str, series: ParameterSeries) -> str:
    """What a parameter is called: one that the desk's forms write by how its source begins, another by its name."""
    return series.rows[0].source.partition("，")[0] if name.startswith(STANDARD) and series.rows else name


def _its_only_value(series: ParameterSeries) -> str:
    """The value of a series behind its name, where it has one only: so it can be changed where it is used."""
    if len(series.rows) != 1 or series.rows[0].region:
        return ""
    unit = FactType(series.name, "number", unit=series.unit)
    return f"（{shown(str(series.rows[0].value), unit)}{_YUAN.get(series.unit, '')}）"


def _named(feel: str, pack: Pack, dictionary: Dictionary) -> str:
    """An expression of one fact as people call it, with its period; any other as it is."""
    name, period = fact_and_period(feel)
    if not name:
        return feel
    return f"{period_words(period, spoken()) if period else ''}{name_of(name, pack, dictionary)}"


def fact_and_period(feel: str) -> tuple[str, str]:
    """The one fact that an expression is, and its period; two empty texts for any other."""
    try:
        form = form_of(parse(f"{feel} >= 0")) if feel else None
    except AuthorError:
        form = None
    return (form.lines[0].fact, form.lines[0].period) if form else ("", "")
