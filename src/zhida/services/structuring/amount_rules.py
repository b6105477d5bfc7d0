"""What a clause gives, as a rule that packs compute: a sum, a share of a fact, a sum per unit, a table of bands, a cap.

A rule is made only where it accounts for every sum and rate of the words that it is made of; words that say more stay a
proposal with their figures. What the dictionary does not hold (how many months, how much was spent) the form asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from zhida.services.structuring.amount_cases import kinds, ladder, levels, steps
from zhida.services.structuring.amount_formulas import contribution, formula, interest
from zhida.services.structuring.amounts import Amount
from zhida.services.structuring.counting import ONE, capped, counted_by, gives, whole_cap
from zhida.services.structuring.sums import AmountRule, Question, Sums
from zhida.services.structuring.terms import Bound, Term, spent_in, term_in, without

_BASE = re.compile(r"(?:按照?|按其|给予(?:其)?|对其?|标准为)(?:其|企业|该企业)?(?P<base>[^，。；;:按]{2,48}?)的?\s*$")
_OF_OTHERS = re.compile(r"员工|高管|个人|人才|股东|团队|项目")
"""Who else than the firm itself 其 may mean."""
_BUDGET = re.compile(r"安排|经费支持|贷款|合计|包括")
_UP_TO = re.compile(r"(?:给予|提供|资助|奖励|补助|补贴|支持)[^，。；;不总累额]{0,10}(?:最高|不超过)(?:不超过)?\s*$")
_DOUBT = re.compile(
    r"员工个人|个人因|低于补贴标准|孰低|差额|累计|每增加|除|上不封顶|期限|最长|连续|不超过\s*\d+\s*个月|超基数|可选择"
)
_WORKED = re.compile(r"连续(?=就业|经营|缴|参保|居住|工作|服务|运营|实际)|期限内")
_FOR_EACH = re.compile(
    r"每(?:成功|新|推荐|引进|培育|招|吸纳|完成|举办|组织)[^，。；;\d每]{0,8}(?:\d+|一)\s*(?:人|名|个|家|件|户|项|次|场)"
)
_IN_A_RUN = re.compile(r"\d\s*、\s*$")
_PLACES = re.compile(
    r"分阶段|分期|分批|(?:数量|名额|家数|户数|总数)[^，。；;\d]{0,6}(?:不超过|最多|限|为)[^，。；;\d]{0,4}\d"
)
_MORE = re.compile(r"其中|首次|再给予|额外")
_EACH_TIME = re.compile(r"每年|年度|逐年")
_ANYONE = re.compile(r"(?<![一二三四五六七八九十\d])前\s*\d")


def rule_of(sums: Sums, *, is_sentence: bool = False) -> AmountRule | None:
    """The rule that accounts for every sum and rate of a clause or of one sentence; None where none does, or where
    words such as 其中 or 差额 speak of more cases. A sentence may say for how long, and up to what was spent."""
    if any(each.currency != "CNY" for each in sums.amounts):
        return None
    made = formula(sums) or interest(sums) or steps(sums) if is_sentence else None
    if made is not None:
        return made
    term, spent = (term_in(sums.text), spent_in(sums.text)) if is_sentence else (None, None)
    said = replace(sums, text=without(sums.text, term, spent))
    if _DOUBT.search(_WORKED.sub("", said.text) if is_sentence else said.text) or _speaks_of_more(
        said, is_sentence=is_sentence
    ):
        return None
    makers: tuple[Callable[[Sums], AmountRule | None], ...] = (_fixed, levels, _share)
    late: tuple[Callable[[Sums], AmountRule | None], ...] = (_at_most,)
    if is_sentence:
        makers = (_given_once, levels, ladder, _share, contribution)
        late = (_given_up_to,)
    rule = next((rule for make in makers if (rule := make(said)) is not None), None)
    rule = rule or per_unit(said, term, spent) or (kinds(said) if is_sentence else None)
    rule = rule or next((rule for make in late if (rule := make(said)) is not None), None)
    if rule is not None and _PLACES.search(said.text):
        rule = replace(rule, has_doubt=True)
    return _bounded(said, rule, term, spent) if rule is not None else None


def _speaks_of_more(sums: Sums, *, is_sentence: bool) -> bool:
    """Whether 其中, 首次 and the like add a case to one that was told before: not where a sentence has but one sum, or
    begins its sums with them."""
    if not is_sentence:
        return bool(_MORE.search(sums.text))
    figures = [each.start for each in sums.amounts if each.role != "cap"] + [each.start for each in sums.rates]
    return bool(_ANYONE.search(sums.text)) or any(
        match.start() > min(figures, default=0) for match in _MORE.finditer(sums.text)
    )


def _fixed(sums: Sums) -> AmountRule | None:
    """One sum; a threshold beside it belongs to the case, which the item asks a person about."""
    given = [each for each in sums.amounts if each.role != "threshold"]
    is_one = len(given) == 1 and given[0].role == "fixed" and not sums.rates and not sums.bands
    if not is_one or _FOR_EACH.search(sums.text) or _IN_A_RUN.search(sums.text[: given[0].start]):
        return None  # 每招用一人1500元; 分别给予300、600万元, of which only the last figure has a unit.
    return AmountRule("fixed", str(given[0].fen), (sums.clause.anchor,))


def _given_once(sums: Sums) -> AmountRule | None:
    """The same of one sentence, where its own words give the sum."""
    rule = _fixed(sums)
    given = next((each for each in sums.amounts if each.role == "fixed"), None)
    return rule if given is not None and gives(sums.text, given) and not _BUDGET.search(sums.text) else None


def _at_most(sums: Sums) -> AmountRule | None:
    """最高500万元 and no more: what is claimed, up to the cap."""
    cap = whole_cap(sums)
    if not cap or len(sums.amounts) != 1 or sums.rates or _BUDGET.search(sums.text):
        return None
    question = Question(f"claimed_{sums.name}_fen", "number", "fen", "申请金额（元）")
    return AmountRule("cap", capped(question.name, cap), (sums.clause.anchor,), (question,))


def _given_up_to(sums: Sums) -> AmountRule | None:
    """The same of one sentence; a bound on what other words give is none (奖励额度每年最高不超过10万元)."""
    is_given = len(sums.amounts) == 1 and bool(_UP_TO.search(sums.text[: sums.amounts[0].start]))
    return _at_most(sums) if is_given else None


def _share(sums: Sums) -> AmountRule | None:
    """按其研发费用的10%给予奖励，最高100万元."""
    others = [each for each in sums.amounts if each.role != "cap"]
    cap = whole_cap(sums)
    if len(sums.rates) != 1 or sums.rates[0].role != "share" or others or cap is None:
        return None
    rate = sums.rates[0]
    base = _BASE.search(sums.text[: rate.start])
    if base is None or rate.value >= 1:
        return None
    words = base.group("base")
    if words.startswith(("不低于", "不少于", "不超过", "不高于")):
        return None
    said = sums.facts.of_number(words, "元", "last_year" if re.search(r"上一?年", sums.text[: rate.start]) else "")
    if said.attribute is not None and said.confidence >= 50 and not said.is_foreign:
        feel = capped(f"floor({said.feel} * {rate.value})", cap)
        is_guess = said.why == "period_not_said" or bool(_OF_OTHERS.search(sums.text[: rate.start]))
        return AmountRule("share", feel, (sums.clause.anchor,), has_doubt=is_guess)
    question = Question(f"base_{sums.name}_fen", "number", "fen", f"{words}（元）")
    return AmountRule(
        "share", capped(f"floor({question.name} * {rate.value})", cap), (sums.clause.anchor,), (question,)
    )


def per_unit(sums: Sums, term: Term | None = None, spent: Bound | None = None) -> AmountRule | None:
    """每人每月800元，最高不超过50万元; 每平方米每月最高40元 up to what was spent."""
    each_one = [each for each in sums.amounts if _is_each(each)]
    others = [each for each in sums.amounts if each not in each_one and each.role != "cap"]
    cap = whole_cap(replace(sums, amounts=tuple(each for each in sums.amounts if each not in each_one)))
    if len(each_one) != 1 or others or sums.rates or cap is None or not gives(sums.text):
        return None
    if each_one[0].per in (("家",), ("企业",)) and re.search(r"每(?:家|个企业)", sums.text):
        return AmountRule("per_unit", capped(str(each_one[0].fen), cap), (sums.clause.anchor,))
    counted = counted_by(sums, each_one[0].per, term=term, has_cap=bool(cap))
    if counted is None:
        return None
    feel, questions = str(each_one[0].fen), counted.questions
    if counted.factors:
        feel = f"floor({' * '.join([feel, *counted.factors])})"
    rule = AmountRule("per_unit", feel, (sums.clause.anchor,), questions, every=counted.every, times=counted.times)
    rule = replace(rule, feel=capped(feel, cap))
    return _claimed(rule, sums.name) if each_one[0].role == "cap" and spent is None else rule


def _is_each(amount: Amount) -> bool:
    is_up_to = amount.role == "cap" and {*amount.per} - {*ONE, "企业", "家", "人", "户"}
    return amount.role == "per_unit" or bool(is_up_to)


def _bounded(sums: Sums, rule: AmountRule, term: Term | None, spent: Bound | None) -> AmountRule | None:
    """A rule with the term and the bound of its sentence. A sum that may be meant once or for each year is doubtful."""
    if spent is not None:
        rule = up_to_spent(rule, sums.name, spent)
    if (
        term is None
        or rule.every
        or (rule.shape == "per_unit" and any("months_" in each.name for each in rule.questions))
    ):
        return rule
    if not term.in_years:
        return None
    is_told = rule.shape == "share" or _EACH_TIME.search(sums.text)
    has_cap = any(each.role == "cap" for each in sums.amounts) and not _EACH_TIME.search(sums.text)
    return replace(rule, every="year", times=term.months // 12, has_doubt=rule.has_doubt or not is_told or has_cap)


def _claimed(rule: AmountRule, name: str) -> AmountRule:
    """A rule that is a bound for each (每平方米最高50元): no more than what is claimed."""
    question = Question(f"claimed_{name}_fen", "number", "fen", "申请金额（元）")
    return rule.at_most(question.name, question)


def up_to_spent(rule: AmountRule, name: str, spent: Bound) -> AmountRule:
    """A rule that never pays more than was spent, which the form asks."""
    question, claimed = Question(f"spent_{name}_fen", "number", "fen", f"{spent.words}（元）"), f"claimed_{name}_fen"
    if any(each.name == claimed for each in rule.questions):
        asked = tuple(question if each.name == claimed else each for each in rule.questions)
        return replace(rule, feel=rule.feel.replace(claimed, question.name), questions=asked)
    return rule.at_most(question.name, question)
