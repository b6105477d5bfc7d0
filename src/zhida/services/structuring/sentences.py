"""The sentences of a clause that each give something, and those beside them that bound or narrow what was given.

A clause may say several sums in as many sentences. Each is read alone; one that gives nothing itself and speaks of the
others (不超过企业实际支出) bounds them where it is understood, else what was read of them is marked as doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from zhida.services.structuring.amount_cases import by_case
from zhida.services.structuring.amount_lists import stretches
from zhida.services.structuring.amount_rules import rule_of, up_to_spent
from zhida.services.structuring.sums import AmountRule, Question, Sums
from zhida.services.structuring.terms import spent_in

_SENTENCE = re.compile(r"[^。\n]+")
_PIECE = re.compile(r"[^；;]+")
_FURTHER = re.compile(r"[，,](?=[^，,。；;]*的，(?:再|额外)[^，,。；;]{0,10}(?:给予|奖励))")
_FORMULA = re.compile(r"=[^。；;]*[×*✕]")
_NARROWS = re.compile(
    r"上述|以上标准|前款|叠加|就高|最高级别|总额|合计|累计|两项|限额|限制|不得?超过|不低于|增量|原则上|不受|重复|面积|多个"
    r"|只[^，。；;]{0,8}一次"
)
_WHOLE = re.compile(r"总额|合计|总计|共计|两项")
_SO_FAR = re.compile(r"(?P<of>[^，。；;\d内]{2,12}?)累计(?:最高)?不得?超过\s*$")


@dataclass(frozen=True)
class Said:
    """The words of one sentence or of a part of it, and the rule that was made of them, None where none was."""

    sums: Sums
    rule: AmountRule | None


def sentences_of(paragraphs: Sequence[Sums]) -> list[Said]:
    """What paragraphs that belong together say of money, sentence by sentence and in order; every figure of theirs is
    in one that is returned."""
    found: list[Said] = []
    for sentence in (each for paragraph in paragraphs for each in _cut(_SENTENCE, paragraph)):
        alone = sum(
            _bears(each) for one in paragraphs if one.clause is sentence.clause for each in _cut(_SENTENCE, one)
        )
        if not _bears(sentence):
            found = _narrowed(found, sentence)
            continue
        number = 1 + max((each.sums.part for each in found if each.sums.clause is sentence.clause), default=0)
        found = _with(found, replace(sentence, part=0 if alone == 1 else number), number)
    return _within_totals(found)


def beside(rule: AmountRule, whole: Sums) -> AmountRule:
    """The rule of a whole clause, bounded by those of its sentences that give nothing, or doubtful because of them."""
    found = [Said(whole, rule)]
    for sentence in _cut(_SENTENCE, whole):
        found = found if _bears(sentence) else _narrowed(found, sentence)
    return found[0].rule or rule


def _within_totals(found: list[Said]) -> list[Said]:
    """What was found, doubtful wherever another part of its clause bounds the whole (总额不超过300万元)."""
    bounds = [
        each for each in found if _WHOLE.search(each.sums.text) and any(one.role == "cap" for one in each.sums.amounts)
    ]
    return [
        _changed(each, _doubted, None)
        if any(one is not each and one.sums.clause is each.sums.clause for one in bounds)
        else each
        for each in found
    ]


def _doubted(rule: AmountRule, _: str) -> AmountRule:
    return replace(rule, has_doubt=True)


def _cut(form: re.Pattern[str], sums: Sums) -> Iterator[Sums]:
    for match in form.finditer(sums.text):
        if match.group(0).strip():
            yield sums.cut(match.start(), match.end())


def _bears(sums: Sums) -> bool:
    return bool(sums.amounts or sums.rates or _FORMULA.search(sums.text))


def _with(found: list[Said], sentence: Sums, number: int) -> list[Said]:
    """What was found so far, and one more sentence: whole where a rule accounts for it, else its parts."""
    pieces = [one for piece in _cut(_PIECE, sentence) for one in _apart(piece)]
    bearing = [each for each in pieces if _bears(each)]
    rule = rule_of(sentence, is_sentence=True) or by_case(sentence, bearing)
    if rule is None and len(bearing) == len(pieces):
        rule = stretches(sentence.name, pieces, (sentence.clause.anchor,))
    if rule is not None:
        return [*found, Said(sentence, rule)]
    if len(pieces) == 1:
        return _with_piece(found, sentence, None)
    for piece in pieces:
        if not _bears(piece):
            found = _narrowed(found, piece)
            continue
        told = replace(piece, part=number)
        found, number = _with_piece(found, told, rule_of(told, is_sentence=True)), number + 1
    return found


def _apart(piece: Sums) -> Iterator[Sums]:
    """给予150万元奖励，成功进入创新层的，额外给予200万元奖励: the first sum, and the further one."""
    places = [match.end() for match in _FURTHER.finditer(piece.text)]
    begin, end = piece.start, len(piece.text)
    for place in (*places, end):
        yield piece.cut(begin, place)
        begin = place


def _with_piece(found: list[Said], piece: Sums, rule: AmountRule | None) -> list[Said]:
    """One more part. Where no rule was made of it and it only bounds, it may bound what stands before it."""
    if rule is None and not any(each.role in ("fixed", "per_unit") for each in piece.amounts):
        found = _narrowed(found, piece)
        if piece.amounts and any(each.rule and piece.clause.anchor in each.rule.cites for each in found):
            is_kept = len(piece.amounts) == 1 and _SO_FAR.search(piece.text[: piece.amounts[0].start])
            if is_kept and not piece.rates:
                return found
    return [*found, Said(piece, rule)]


def _narrowed(found: list[Said], words: Sums) -> list[Said]:
    """What was found, bounded by words that speak of it: up to what was spent, or what is left of a bound over several
    times. What is not understood makes it doubtful."""
    spent, so_far = spent_in(words.text), _so_far(words)
    if spent is not None and not _bears(words):
        return [_changed(each, lambda one, name: up_to_spent(one, name, spent), words) for each in found]
    if so_far is not None:
        cap, told = so_far
        return [_changed(each, lambda one, name: _left_of(one, name, cap, told), words) for each in found]
    if _NARROWS.search(words.text):
        return [_changed(each, _doubted, None) for each in found]
    return found


def _so_far(words: Sums) -> tuple[int, str] | None:
    """救助金额累计最高不得超过5万元: the bound in fen, and what is counted together."""
    if len(words.amounts) != 1 or words.rates or words.amounts[0].currency != "CNY":
        return None
    match = _SO_FAR.search(words.text[: words.amounts[0].start])
    return (words.amounts[0].fen, match["of"].strip()) if match else None


def _left_of(rule: AmountRule, name: str, cap: int, told: str) -> AmountRule:
    question = Question(f"so_far_{name}_fen", "number", "fen", f"此前已得的{told}（元）")
    return rule.at_most(f"max(0, {cap} - {question.name})", question)


def _changed(said: Said, change: Callable[[AmountRule, str], AmountRule], words: Sums | None) -> Said:
    if said.rule is None:
        return said
    rule = change(said.rule, said.sums.name)
    if words is not None and words.clause.anchor not in rule.cites:
        rule = replace(rule, cites=(*rule.cites, words.clause.anchor))
    return replace(said, rule=rule)
