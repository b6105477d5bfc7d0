"""What years ahead are asked for and what each has to spend: the questions, and what was typed as a plan."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.rules import keys_read
from zhida.domain.scenarios import TakeUp
from zhida.domain.scenarios.plans import MOST_FEN, MOST_PLACES, REFUSE, WAIT
from zhida.domain.values import FactKey, Period
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.services.simulation.yearly import MOST_YEARS
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling import facts as fact_words

YEARS, SHARES, BUDGET = "years", "years_take_up", "years_budget"
ORDER, RANKED_BY, LEFT = "years_order", "years_by", "years_left"
TOTAL, PLACES = "total_yuan", "n"
ORDER_WORDS = {"": "照事项自己的，没有就先到先得", "first_come": "先到先得", "pro_rata": "按比例分", "ranked": "按排名"}
LEFT_WORDS = {WAIT: "顺延到下一年", REFUSE: "不再办"}
_SHORTEST, _OPEN_ROWS = 2, 3
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ROW = re.compile(rf"y(\d{{4}}):({TOTAL}|{PLACES})")
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class PlanForm:
    """What one plan asks: how it is shared out, then for each year its two questions; `later` are the years that stand
    folded away. `is_open` where something is typed in what is folded."""

    how: tuple[Question, ...]
    years: tuple[tuple[Question, ...], ...]
    later: tuple[tuple[Question, ...], ...]
    is_open: bool


def number_typed(text: str, most: int, decimals: int = 0) -> Decimal:
    """A number from 0 on as somebody types it, in wide figures or with commas too. Raises NotTaken."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").strip().removesuffix("元")
    if not _NUMBER.fullmatch(plain):
        raise NotTaken(say("请只写数字"))
    if plain.startswith("-"):
        raise NotTaken(say("不能小于 0"))
    if len(plain.partition(".")[2]) > decimals:
        raise NotTaken(say("请写到 {n} 位小数为止", n=decimals) if decimals else say("请写整数"))
    if len(plain) > 20 or Decimal(plain) > most:
        raise NotTaken(say("这个数超出了可能的范围"))
    return Decimal(plain)


def fen_typed(text: str) -> int:
    """A sum in yuan as fen. Raises NotTaken."""
    return int(number_typed(text, MOST_FEN // 100, 2) * 100)


def shares_typed(text: str) -> tuple[Decimal, ...]:
    """Shares from 0 to 1 with commas between. Raises NotTaken."""
    return tuple(number_typed(part, 1, _MOST_DECIMALS) for part in unicodedata.normalize("NFKC", text).split(","))


def take_up_typed(text: str) -> TakeUp:
    """One share, or the lowest, the likely and the highest; everybody where nothing is typed. Raises NotTaken."""
    try:
        shares = shares_typed(text.strip() or "1")
    except NotTaken:
        shares = ()
    shares = shares * 3 if len(shares) == 1 else shares
    if len(shares) != 3 or [*shares] != sorted(shares):
        raise NotTaken(say("写一个 0 到 1 的数，或从小到大的三个，用逗号隔开"))
    return TakeUp(*shares)


def years_questions(answers: Mapping[str, str], faults: Mapping[str, str]) -> tuple[Question, ...]:
    """What is asked to look several years ahead; left empty, this year alone is simulated."""
    asked = (
        (YEARS, say("看几年"), say("2 到 {most} 的整数；不填只算这一年。", most=MOST_YEARS)),
        (
            SHARES,
            say("逐年参与率"),
            say("每年一个 0 到 1 的数，用逗号隔开，后面的年份按最后一个算；不填按上面的参与率。"),
        ),
        (BUDGET, say("每年预算，元"), say("下面没有单写的年份都按这个；不填就照事项自己的限额，没有就不限。")),
    )
    return tuple(
        Question(
            name, label, "text", why=why, value=answers.get(name, ""), fault=faults.get(name, ""), is_optional=True
        )
        for name, label, why in asked
    )


def years_asked(answers: Mapping[str, str], usual: TakeUp, faults: dict[str, str]) -> tuple[TakeUp, ...]:
    """The take-up of each year asked for, none where no years are; what was typed wrong is told in `faults`."""
    text = answers.get(YEARS, "").strip()
    try:
        count = int(number_typed(text, 99)) if text else 0
    except NotTaken:
        count = -1
    if text and not _SHORTEST <= count <= MOST_YEARS:
        faults[YEARS] = say("写 2 到 {most} 的整数", most=MOST_YEARS)
        return ()
    shares = _shares(answers.get(SHARES, ""), usual, faults)
    return tuple(shares[min(at, len(shares) - 1)] for at in range(count))


def _shares(text: str, usual: TakeUp, faults: dict[str, str]) -> Sequence[TakeUp]:
    if not text.strip():
        return [usual]
    try:
        return [TakeUp(one, one, one) for one in shares_typed(text)]
    except NotTaken:
        faults[SHARES] = say("每年写一个 0 到 1 的数，用逗号隔开")
        return [usual]


def plan_form(
    published: PublishedItem, prefix: str, first: int, answers: Mapping[str, str], faults: Mapping[str, str]
) -> PlanForm:
    """The questions of one plan, the general one ("") or a scenario's ("a:"), from a first year on."""
    rows = [_row(f"{prefix}y{first + at}:", first + at, answers, faults) for at in range(MOST_YEARS)]
    folded = [one for row in (rows if prefix else rows[_OPEN_ROWS:]) for one in row]
    how = tuple(_how(published, prefix, first, answers, faults))
    folded += how if prefix else ()
    is_open = any(answers.get(one.name) or one.fault for one in folded)
    return PlanForm(how, tuple(rows[:_OPEN_ROWS]), tuple(rows[_OPEN_ROWS:]), is_open)


def _row(start: str, year: int, answers: Mapping[str, str], faults: Mapping[str, str]) -> tuple[Question, ...]:
    asked = ((TOTAL, say("{year} 年预算，元", year=year)), (PLACES, say("{year} 年名额，个", year=year)))
    return tuple(
        Question(f"{start}{name}", label, "number", value=answers.get(f"{start}{name}", ""),
                 fault=faults.get(f"{start}{name}", ""))
        for name, label in asked
    )  # fmt: skip


def _how(
    published: PublishedItem, prefix: str, first: int, answers: Mapping[str, str], faults: Mapping[str, str]
) -> Iterator[Question]:
    above = {"": say("同上")} if prefix else {}
    orders = {value: say(words) for value, words in ORDER_WORDS.items()}
    yield _select(prefix + ORDER, say("不够时怎么分"), orders | above, answers, faults)
    ranks = {"": say("照事项自己的排名")} | above | rankings_of(published, first)
    yield _select(prefix + RANKED_BY, say("按什么排名"), ranks, answers, faults)
    left = {value: say(words) for value, words in LEFT_WORDS.items()}
    yield _select(prefix + LEFT, say("没轮到的"), above | left, answers, faults)


def _select(
    name: str, label: str, words: Mapping[str, str], answers: Mapping[str, str], faults: Mapping[str, str]
) -> Question:
    chosen = answers.get(name, "")
    choices = tuple(Choice(value, each, value == chosen) for value, each in words.items())
    return Question(name, label, "select", choices=choices, value=chosen, fault=faults.get(name, ""))


def rankings_of(published: PublishedItem, year: int) -> dict[str, str]:
    """What claims can be ranked by: the numbers that the item reads of a subject, the higher or the lower first, each
    as rules write it and in words."""
    pack, dictionary = published.pack, catalogue.root(published.revision_id).dictionary
    found = {}
    held = {name: pack.schema.facts[name] for name in published.item.reads if name in pack.schema.facts}
    plain = {FactKey(name) for name, fact in held.items() if fact.period == "none"}
    for key in sorted(plain | {*keys_read([published.item.program], date(year, 1, 1))}, key=str):
        fact = pack.schema.facts.get(key.attribute)
        if fact is None or fact.kind != "number" or "." in key.attribute:
            continue
        value, words = key.attribute, fact_words.label(dictionary, FactKey(key.attribute), pack)
        if isinstance(key.period, Period) and not key.period.month:
            value, words = _of_year(value, words, year - key.period.year)
        elif key.period is not None:
            continue
        found[f"{value}|high"] = say("{name}，高的在前", name=words)
        found[f"{value}|low"] = say("{name}，低的在前", name=words)
    return found


def _of_year(name: str, words: str, back: int) -> tuple[str, str]:
    """A yearly fact so many years back, as rules write it and in words."""
    if back == 0:
        return f"{name}(year)", say("当年{name}", name=words)
    written = f"{name}(year - {back})"
    return written, say("上一年{name}", name=words) if back == 1 else say("{n} 年前的{name}", n=back, name=words)


def plan_typed(
    published: PublishedItem,
    prefix: str,
    years: range,
    answers: Mapping[str, str],
    faults: dict[str, str],
    general: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What was typed, as a scenario's `years` say it of an item: a scenario's over the general plan, empty where
    nothing is typed. What cannot be is told in `faults`, beside its field."""
    own: dict[str, Any] = {}
    order, ranked, left = (answers.get(prefix + name, "") for name in (ORDER, RANKED_BY, LEFT))
    own |= {"order": order} if order in ORDER_WORDS and order else {}
    own |= {"left_over": left} if left in LEFT_WORDS and (prefix or left != WAIT) else {}
    by, _, first = ranked.partition("|")
    if ranked and ranked in rankings_of(published, years.start):
        own["by"] = [{"value": by, "first": first}]
    rows = _rows_typed(prefix, years, answers, faults)
    if prefix and not own and not rows:
        return {}
    if not prefix:
        rows = _with_budget(rows, years, answers, faults)
    plan = {**(general or {}), **own}
    for year, row in rows.items():
        plan[year] = {**plan.get(year, {}), **row}
    if "by" in own:
        plan["order"] = own.get("order", "ranked")
    _check(published, prefix, plan, own, rows, faults)
    return plan if len(years) else {}


def _check(
    published: PublishedItem,
    prefix: str,
    plan: dict[str, Any],
    own: Mapping[str, Any],
    rows: Mapping[str, Any],
    faults: dict[str, str],
) -> None:
    """What does not go together: a ranking by nothing, one that is not looked at, places that are to be shared out."""
    order, quota = plan.get("order", ""), published.item.quota
    if order != "ranked" and "by" in own:
        faults[prefix + RANKED_BY] = say("要按这个排名，上面就选“按排名”")
    if order != "ranked":
        plan.pop("by", None)
    if order == "ranked" and "by" not in plan and not (quota and quota.by):
        faults[prefix + RANKED_BY] = say("按排名分，要选按什么排名")
    if order == "pro_rata":
        for year, row in rows.items():
            if PLACES in row:
                faults[f"{prefix}y{year}:{PLACES}"] = say("按比例分的是钱，不要写名额")
        for year in [year for year, row in plan.items() if str(year).isdigit() and PLACES in row]:
            plan[year] = {name: value for name, value in plan[year].items() if name != PLACES}


def _rows_typed(
    prefix: str, years: range, answers: Mapping[str, str], faults: dict[str, str]
) -> dict[str, dict[str, str]]:
    """The years of which something is typed, with what a scenario's file says of them."""
    found: dict[str, dict[str, str]] = {}
    for field, text in answers.items():
        at = _ROW.fullmatch(field.removeprefix(prefix)) if field.startswith(prefix) else None
        if at is None or not text.strip():
            continue
        year, name = at.groups()
        if YEARS not in faults and int(year) not in years:
            if len(years):
                faults[field] = say("只看到 {year} 年为止；删掉这一格，或者多看几年", year=years[-1])
            else:
                faults.setdefault(YEARS, say("写了逐年的预算或名额，先写看几年"))
        try:
            value = number_typed(text, MOST_PLACES) if name == PLACES else Decimal(fen_typed(text)) / 100
        except NotTaken as problem:
            faults[field] = problem.words
            continue
        found.setdefault(year, {})[name] = f"{value:f}"
    return found


def _with_budget(
    rows: Mapping[str, dict[str, str]], years: range, answers: Mapping[str, str], faults: dict[str, str]
) -> dict[str, dict[str, str]]:
    """The rows, and in every year without a budget of its own the one that is typed for all."""
    text = answers.get(BUDGET, "")
    if not text.strip():
        return dict(rows)
    try:
        every = {TOTAL: f"{Decimal(fen_typed(text)) / 100:f}"}
    except NotTaken as problem:
        faults[BUDGET] = problem.words
        return dict(rows)
    if not len(years):
        faults.setdefault(YEARS, say("写了逐年的预算或名额，先写看几年"))
    return {str(year): {**every, **rows.get(str(year), {})} for year in years}
