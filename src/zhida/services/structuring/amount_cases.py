"""Sums of several cases: by level or kind, by how much something has grown, a share and cap for each, steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from zhida.services.structuring.amounts import Amount
from zhida.services.structuring.characters import FIGURE
from zhida.services.structuring.counting import UNITS, capped, counted_by, gives, whole_cap
from zhida.services.structuring.sums import TABLE, AmountRule, Question, Sums

_LEVELS = re.compile(r"级|奖|型|类|等|区|居民|职工|^[A-Z]|^“")
_WHICH = "属于下列哪一种情形"
_TIMES = {"次", "餐", "人次"}
_LIST = re.compile(r"[、和及与]|以及")
_STEPS = re.compile(
    rf"(?P<what>[^，。；;:对]{{2,24}}?)\s*(?P<from>{FIGURE})\s*(?P<unit>件|人|名|家|个|项|次|台)(?:\(含\))?以上"
    rf".{{0,80}}?每增加\s*(?P<more>{FIGURE})\s*(?P=unit)"
)
_CASE = re.compile(r"对(?P<case>[^，。；;:对]{2,20}?)的?(?:，)?(?:给予|予以|按照?)")
_PER_UNIT = re.compile(
    r"(?:每[人名位件个项台家次餐天日月]+|(?:费用)?(?:限额|补贴|补助|资助|奖励)?标准(?:为|按)?|资助|奖励|给予|补助)+\s*$"
)
_GROWS = re.compile(r"(?:达到|超过|为|在)\s*$")


def levels(sums: Sums) -> AmountRule | None:
    """国家级、省级、市级分别给予300万元、200万元、50万元; each case its row."""
    given = [each.fen for each in sums.bands]
    is_whole = len(sums.bands) == len(sums.amounts) >= 2 and not sums.rates and sums.text.count("分别") == 1
    if not is_whole or any(fen is None for fen in given) or not all(_LEVELS.search(band.case) for band in sums.bands):
        return None
    if len({band.case for band in sums.bands}) < len(sums.bands):
        return None
    return _table(sums, [(band.case, str(fen)) for band, fen in zip(sums.bands, given, strict=True)])


def _table(sums: Sums, cases: Sequence[tuple[str, str]], feel: str = TABLE) -> AmountRule:
    """A table that gives a figure by the kind that the form asks."""
    question = _kind(sums, [case for case, _ in cases])
    rows = tuple((value, given) for (value, _), (_, given) in zip(question.values, cases, strict=True))
    return AmountRule("bands", feel, (sums.clause.anchor,), (question,), (question.name,), rows, "unique")


def _kind(sums: Sums, cases: Sequence[str]) -> Question:
    name = f"kind_{sums.name}"
    values = tuple((f"{name}_{number}", case) for number, case in enumerate(cases, start=1))
    return Question(name, "text", "", _WHICH, values)


def kinds(sums: Sums) -> AmountRule | None:
    """博士每人8万元、硕士每人5万元: each kind is counted, and its sum added; where whoever applies is the one person,
    or the times are all of one kind, the kind is asked, and its row counts."""
    each_one = [each for each in sums.amounts if each.role == "per_unit"]
    cap = whole_cap(sums)
    others = [each for each in sums.amounts if each.role not in ("per_unit", "cap")]
    if len(each_one) < 2 or others or sums.rates or cap is None or not gives(sums.text):
        return None
    names = [_of_kind(sums, each) for each in each_one]
    if len({each.per for each in each_one}) > 1 or len({*names}) < len(names) or not all(names):
        return None
    per = each_one[0].per
    if sums.is_own or {*per} & _TIMES:
        counted = counted_by(sums, per, term=None, has_cap=bool(cap))
        if counted is None:
            return None
        cases = [(name, str(each.fen)) for name, each in zip(names, each_one, strict=True)]
        rule = _table(sums, cases, f"floor({' * '.join([TABLE, *counted.factors])})" if counted.factors else TABLE)
        asked = (*rule.questions, *counted.questions)
        return AmountRule("bands", capped(rule.feel, cap), rule.cites, asked, rule.by, rule.rows, rule.hit)
    return _added(sums, names, each_one, cap)


def _added(sums: Sums, names: Sequence[str], each_one: Sequence[Amount], cap: int) -> AmountRule | None:
    unit = each_one[0].per[-1]
    if len(each_one[0].per) != 1 or unit not in UNITS:
        return None
    name, label = UNITS[unit]
    asked = tuple(
        Question(f"{name}_{sums.name}_{number}", "number", "", f"{words}的{label}")
        for number, words in enumerate(names, start=1)
    )
    told = " + ".join(f"{each.fen} * {question.name}" for each, question in zip(each_one, asked, strict=True))
    return AmountRule("per_unit", capped(f"floor({told})", cap), (sums.clause.anchor,), asked)


def _of_kind(sums: Sums, amount: Amount) -> str:
    """The kind that a sum is for: the words before it, up to the sum before; one that begins with what was reached
    (获得授权后) goes on with the first words of its part of the sentence."""
    ends = [each.end for each in sums.amounts if each.end <= amount.start]
    part = max(sums.text.rfind(sign, 0, amount.start) for sign in "；;:。") + 1
    before = sums.text[max([*ends, part]) : amount.start].rstrip()
    words = next((tidy for each in reversed(re.split(r"[，。；;、:]", before)) if (tidy := _tidied(each))), "")
    if re.match(r"获得?|取得|通过|提交|申请费", words):
        head = next(
            (tidy for each in re.split(r"[，,]", sums.text[part : amount.start]) if (tidy := _tidied(each))), ""
        )
        words = words if head.endswith(words) else f"{head}{words}"
    return words


def _tidied(words: str) -> str:
    words = _PER_UNIT.sub("", words.strip())
    return re.sub(
        r"^(?:(?:元|万元)?/[人件个项台家次月](?:的?标准)?|补贴标准为|标准为|其中|按照?|给予|对)+", "", words
    ).strip()


def ladder(sums: Sums) -> AmountRule | None:
    """增长达到10%、20%以上的，分别按贡献的5%、8%给予奖励: the higher the growth, the higher the share."""
    given = [each.rate for each in sums.bands]
    if len(sums.bands) < 2 or not all(given) or sums.text.count("分别") != 1:
        return None
    steps_at = sums.text.index("分别")
    before = [each for each in sums.rates if each.end <= steps_at]
    behind = [each for each in sums.rates if each.start > steps_at]
    limits = [each for each in sums.amounts if each.role in ("threshold", "band") and each.end <= steps_at]
    if len(before) != len(behind) != len(given) or len(limits) != len(sums.amounts):
        return None
    if len(before) != len(given) or any(each.role == "cap" for each in behind):
        return None
    rises = [each.value for each in before]
    what = re.split(r"[，。；;:]", sums.text[: before[0].start])[-1]
    base = re.search(
        r"(?:按照?|给予)(?:其|企业|该企业)?(?P<base>[^，。；;:]{2,30}?)的?\s*$", sums.text[: behind[0].start]
    )
    if rises != sorted(rises) or not _GROWS.search(what) or base is None or "以上" not in sums.text[:steps_at]:
        return None
    words = re.sub(r"^(?:且|并)", "", _GROWS.sub("", what).strip())
    grown = Question(f"growth_{sums.name}", "number", "", f"{words}（写成小数，10%是0.1）")
    asked = Question(f"base_{sums.name}_fen", "number", "fen", f"{base['base']}（元）")
    rows = [(f">= {rise}", rate) for rise, rate in zip(rises, given, strict=True)]
    feel = f"floor({asked.name} * {TABLE})"
    return AmountRule(
        "bands", feel, (sums.clause.anchor,), (grown, asked), (grown.name,), tuple(reversed(rows)), "first"
    )


def by_case(sums: Sums, pieces: Sequence[Sums]) -> AmountRule | None:
    """对国家级的给予100%的配套，最高500万元;对省级的给予70%的配套，最高300万元: the share and the cap of each case."""
    told = [_one_case(piece) for piece in pieces]
    cases = [each for each in told if each is not None]
    if (
        len(cases) < 2
        or len(cases) < len(told)
        or "配套" not in sums.text
        or len({case for case, _, _ in cases}) < len(cases)
    ):
        return None
    kind = _kind(sums, [case for case, _, _ in cases])
    base = Question(f"base_{sums.name}_fen", "number", "fen", "已获得的、按它配套的资金（元）")
    feel = "0"
    for (value, _), (_, rate, cap) in reversed([*zip(kind.values, cases, strict=True)]):
        feel = f'if {kind.name} = "{value}" then {capped(f"floor({base.name} * {rate})", cap)} else {feel}'
    return AmountRule("bands", feel, (sums.clause.anchor,), (kind, base))


def _one_case(piece: Sums) -> tuple[str, Decimal, int] | None:
    match, cap = _CASE.search(piece.text), whole_cap(piece)
    if match is None or len(piece.rates) != 1 or cap is None or len(piece.amounts) != bool(cap):
        return None
    is_share = piece.rates[0].role == "share" and piece.rates[0].value <= 1
    return (match["case"], piece.rates[0].value, cap) if is_share else None


def steps(sums: Sums) -> AmountRule | None:
    """30件以上的给予3万元，每增加30件，增加3万元."""
    match = _STEPS.search(sums.text)
    if match is None or len(sums.amounts) != 2 or sums.rates:
        return None
    first, more = sums.amounts
    if first.end > match.start("more") or more.start < match.end("more"):
        return None
    begins, step, unit = match["from"], match["more"], match["unit"]
    words = re.sub(r"^\s*(?:的|在|达到)", "", match["what"]).strip()
    asked = Question(f"counted_{sums.name}", "number", "", f"{words}{UNITS[unit][1]}")
    rest = f"floor(({asked.name} - {begins}) / {step}) * {more.fen}"
    if begins == step and first.fen == more.fen:
        feel = f"floor({asked.name} / {step}) * {more.fen}"
    else:
        feel = f"if {asked.name} >= {begins} then {first.fen} + {rest} else 0"
    return AmountRule("per_unit", feel, (sums.clause.anchor,), (asked,))
