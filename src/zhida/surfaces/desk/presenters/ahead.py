"""The years ahead of a simulation: how they are asked for, and each year's sum as a bar with its table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from zhida.domain.scenarios import TakeUp
from zhida.domain.values import yuan
from zhida.services.simulation.keeping import Kept
from zhida.services.simulation.outcome import HIDDEN, YearFigures
from zhida.services.simulation.yearly import MOST_YEARS
from zhida.surfaces.desk.acts import AMOUNT
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.charts import Segment, bar
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Question

YEARS, SHARES, BUDGET = "years", "years_take_up", "years_budget"
_SHORTEST = 2


@dataclass(frozen=True)
class YearLine:
    """One year: its figures in words, what falls due as a bar (begun before, begun now), and what the budget lacks."""

    year: str
    entitled: str
    came_in: str
    dropped_out: str
    begun: str
    due: str
    carried: str
    told: str
    is_short: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Ahead:
    """One item in one scenario, year by year."""

    key: str
    title: str
    lines: tuple[YearLine, ...]


def ahead_questions(answers: Mapping[str, str], faults: Mapping[str, str]) -> tuple[Question, ...]:
    """What is asked to look several years ahead; left empty, this year alone is simulated."""
    asked = (
        (YEARS, say("看几年"), say("2 到 {most} 的整数；不填只算这一年。", most=MOST_YEARS)),
        (
            SHARES,
            say("逐年参与率"),
            say("每年一个 0 到 1 的数，用逗号隔开，后面的年份按最后一个算；不填按上面的参与率。"),
        ),
        (BUDGET, say("每年预算，元"), say("不填就当每年和今年预算一样多。")),
    )
    return tuple(
        Question(
            name, label, "text", why=why, value=answers.get(name, ""), fault=faults.get(name, ""), is_optional=True
        )
        for name, label, why in asked
    )


def years_asked(
    answers: Mapping[str, str], usual: TakeUp, faults: dict[str, str]
) -> tuple[tuple[TakeUp, ...], int | None]:
    """The take-up of each year asked for, none where no years are, and what each year is to have in fen; what was
    typed wrong is told in `faults`."""
    text = answers.get(YEARS, "").strip()
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
    if text and not _SHORTEST <= count <= MOST_YEARS:
        faults[YEARS] = say("写 2 到 {most} 的整数", most=MOST_YEARS)
        return (), None
    shares, budget = _shares(answers.get(SHARES, ""), usual, faults), _budget(answers.get(BUDGET, ""), faults)
    return tuple(shares[min(at, len(shares) - 1)] for at in range(count)), budget


def _shares(text: str, usual: TakeUp, faults: dict[str, str]) -> Sequence[TakeUp]:
    if not text.strip():
        return [usual]
    try:
        shares = [Decimal(part.strip()) for part in text.replace("，", ",").split(",")]
    except InvalidOperation:
        shares = []
    if not shares or not all(one.is_finite() and 0 <= one <= 1 for one in shares):
        faults[SHARES] = say("每年写一个 0 到 1 的数，用逗号隔开")
        return [usual]
    return [TakeUp(one, one, one) for one in shares]


def _budget(text: str, faults: dict[str, str]) -> int | None:
    if not text.strip():
        return None
    try:
        return int(Decimal(str(taken(text, AMOUNT))))
    except NotTaken as problem:
        faults[BUDGET] = problem.words
        return None


def ahead(kept: Kept, titles: Mapping[str, str], worlds: Mapping[str, str]) -> tuple[Ahead, ...]:
    """The years of a run, an item of a scenario after another; none where it asked for one year."""
    found = kept.outcome.ahead
    every = [one for years in found.values() for one in years]
    budget = kept.inputs.get("yearly_fen") if len(kept.items) == 1 else None
    most = max([one.due_fen for one in every] + ([budget] if budget else []), default=0)
    return tuple(
        Ahead(
            f"ahead-{place}-{number}",
            say("{world}：{item}", world=worlds.get(world, world), item=titles.get(item, item)),
            tuple(_line(one, most, budget, kept.outcome.bound) for one in years if one.item == item),
        )
        for place, (world, years) in enumerate(found.items())
        for number, item in enumerate(dict.fromkeys(one.item for one in years))
    )


def _line(one: YearFigures, most: int, budget: int | None, bound: int) -> YearLine:
    new = max(0, one.due_fen - one.carried_fen) if one.due_fen != HIDDEN else 0
    over = one.due_fen - budget if budget is not None and one.due_fen != HIDDEN else 0
    return YearLine(
        year=str(one.year),
        entitled=_count(one.entitled, bound),
        came_in=_count(one.came_in, bound),
        dropped_out=_count(one.dropped_out, bound),
        begun=_count(one.begun, bound),
        due=_money(one.due_fen),
        carried=_money(one.carried_fen),
        told=say("；").join(_told(one, over, bound)),
        is_short=over > 0,
        segments=bar(most, [("accent", max(0, one.carried_fen)), ("ink", new)]),
    )


def _told(one: YearFigures, over: int, bound: int) -> Iterator[str]:
    """In a line: who comes and goes, how much goes on from before, how far the budget falls short."""
    came, gone = _count(one.came_in, bound), _count(one.dropped_out, bound)
    yield say("{n} 户符合，新进 {came}，退出 {gone}", n=_count(one.entitled, bound), came=came, gone=gone)
    if one.carried_fen > 0:
        yield say("以往开始的 {money} 元", money=_money(one.carried_fen))
    if over > 0:
        yield say("超预算 {money} 元", money=yuan(over))


def _count(value: int, bound: int) -> str:
    return say("不足 {n}", n=bound) if value == HIDDEN else f"{value:,}"


def _money(fen: int) -> str:
    return "—" if fen == HIDDEN else yuan(fen)
