"""The years ahead of a simulation: each year's sum as a bar, what held it back in words, and its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhida.domain.values import yuan
from zhida.services.simulation.keeping import Kept
from zhida.services.simulation.outcome import HIDDEN, Rationed, YearFigures
from zhida.surfaces.look.charts import Segment, bar
from zhida.surfaces.look.language import say, spoken

ORDERED = {
    "first_come": "先到先得",
    "pro_rata": "按比例分",
    "ranked": "按排名，每年重新排",
}


@dataclass(frozen=True)
class RationLine:
    """What a year had to spend and whom that left out, in words; `told` says it in sentences."""

    limit: str
    places: str
    asked: str
    waited: str
    begun: str
    left: str
    unmet: str
    told: str


@dataclass(frozen=True)
class YearLine:
    """One year: its figures in words, what falls due as a bar (begun before, begun now), what the budget lacks; and how
    it was rationed, None where nothing was in that item's years."""

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
    rationed: RationLine | None


@dataclass(frozen=True)
class Ahead:
    """One item in one scenario, year by year; `rule` says by which rule its money and places were shared out."""

    key: str
    title: str
    rule: str
    lines: tuple[YearLine, ...]

    @property
    def is_rationed(self) -> bool:
        """Whether anything held any of its years back."""
        return bool(self.rule)


def ahead(kept: Kept, titles: Mapping[str, str], worlds: Mapping[str, str]) -> tuple[Ahead, ...]:
    """The years of a run, an item of a scenario after another; none where it asked for one year."""
    found = kept.outcome.ahead
    every = [one for years in found.values() for one in years]
    is_planned = any(one.rationed for one in every)
    budget = kept.inputs.get("yearly_fen") if len(kept.items) == 1 and not is_planned else None
    most = max([sum(_parts(one)) for one in every] + ([budget] if budget else []), default=0)
    return tuple(
        _item(f"ahead-{place}-{number}", say("{world}：{item}", world=worlds.get(world, world),
              item=titles.get(item, item)), [one for one in years if one.item == item], most, budget,
              kept.outcome.bound)
        for place, (world, years) in enumerate(found.items())
        for number, item in enumerate(dict.fromkeys(one.item for one in years))
    )  # fmt: skip


def _item(key: str, title: str, years: Sequence[YearFigures], most: int, budget: int | None, bound: int) -> Ahead:
    last = years[-1].year
    return Ahead(key, title, _rule(years), tuple(_line(one, most, budget, bound, last) for one in years))


def _rule(years: Sequence[YearFigures]) -> str:
    """By which rule years were held back, in a sentence; nothing where none was."""
    held = [one.rationed for one in years if one.rationed and one.rationed.order]
    if not held:
        return ""
    orders = [*dict.fromkeys(each.order for each in held)]
    order = say("、").join(say(ORDERED[one]) for one in orders)
    left = say("没轮到的不再办")
    if held[0].waits:
        left = say("没轮到的顺延到下一年，排在新申请前面") if orders == ["first_come"] else say("没轮到的顺延到下一年")
    words = "{order}。以往批准的分期先付，剩下的预算才给新申请；{left}；当年没用完的不结转。"
    return say(words, order=order, left=left)


def _line(one: YearFigures, most: int, budget: int | None, bound: int, last: int) -> YearLine:
    carried, new, unmet = _parts(one)
    held = one.rationed
    set_fen = held.limit_fen if held else budget
    over = one.due_fen - set_fen if set_fen is not None and one.due_fen != HIDDEN else 0
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
        segments=bar(most, [("accent", carried), ("ink", new), ("hatch", unmet)]),
        rationed=_ration(one, held, bound, last) if held else None,
    )


def _parts(one: YearFigures) -> tuple[int, int, int]:
    """What a year's bar is made of: fen of claims begun before, of those begun in it, and asked for and not paid."""
    if one.due_fen == HIDDEN:
        return 0, 0, 0
    return one.carried_fen, one.due_fen - one.carried_fen, max(0, one.rationed.unmet_fen) if one.rationed else 0


def _ration(one: YearFigures, held: Rationed, bound: int, last: int) -> RationLine:
    return RationLine(
        limit=say("不限") if held.limit_fen is None else yuan(held.limit_fen),
        places=say("不限") if held.places is None else f"{held.places:,}",
        asked=_count(held.asked, bound),
        waited=_count(held.waited, bound),
        begun=_count(one.begun, bound),
        left=_count(held.left, bound),
        unmet=_money(held.unmet_fen),
        told=(" " if spoken() == "en" else "").join(_rationing(one, held, bound, last)),
    )


def _rationing(one: YearFigures, held: Rationed, bound: int, last: int) -> Iterator[str]:
    """What a year had, whom it reached, and what became of the rest."""
    if held.limit_fen is None and held.places is None:
        yield say("不限预算和名额。")
    if held.limit_fen is not None:
        yield from _budget_told(one, held.limit_fen)
    if held.places is not None:
        yield say("名额 {n} 个。", n=f"{held.places:,}")
    asked, waited, begun = (_count(n, bound) for n in (held.asked, held.waited, one.begun))
    if held.waited:
        yield say(
            "申请 {n} 户，其中 {waited} 户是上年等到今年的；轮到 {begun} 户。", n=asked, waited=waited, begun=begun
        )
    else:
        yield say("申请 {n} 户，轮到 {begun} 户。", n=asked, begun=begun)
    if held.order == "pro_rata" and held.unmet_fen > 0 and one.due_fen > one.carried_fen:
        paid = one.due_fen - one.carried_fen
        share = f"{Decimal(paid) / (paid + held.unmet_fen) * 100:.2f}"
        yield say("钱不够，每户按应得的 {share}% 发。", share=share)
    if held.left:
        yield _left_told(one, held, _count(held.left, bound), last)
    if held.lapsed:
        yield say("等着的里有 {n} 户不再符合。", n=_count(held.lapsed, bound))
    if held.unmet_fen > 0:
        yield say("当年没有付的 {money} 元。", money=yuan(held.unmet_fen))


def _budget_told(one: YearFigures, limit_fen: int) -> Iterator[str]:
    limit, carried = yuan(limit_fen), one.carried_fen
    if carried == HIDDEN:
        yield say("预算 {limit} 元，先付以往批准的。", limit=limit)
    elif carried > limit_fen:
        yield say(
            "预算 {limit} 元，以往批准的分期就要 {carried} 元，差 {short} 元要另筹；当年没有钱给新申请。",
            limit=limit, carried=yuan(carried), short=yuan(carried - limit_fen),
        )  # fmt: skip
    elif carried:
        rest = yuan(limit_fen - carried)
        yield say(
            "预算 {limit} 元，先付以往批准的 {carried} 元，剩 {rest} 元给新申请。",
            limit=limit,
            carried=yuan(carried),
            rest=rest,
        )
    else:
        yield say("预算 {limit} 元。", limit=limit)


def _left_told(one: YearFigures, held: Rationed, left: str, last: int) -> str:
    if not held.waits:
        return say("{n} 户没轮到，不再办。", n=left)
    if one.year == last:
        return say("{n} 户到 {year} 年底还在等。", n=left, year=one.year)
    return say("{n} 户顺延到 {year} 年。", n=left, year=one.year + 1)


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
