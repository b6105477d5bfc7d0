"""What each year's budget allows in every scenario, side by side: paid, cut, waiting, and all years together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhida.services.simulation.abreast import Allowed, abreast, in_all
from zhida.services.simulation.outcome import HIDDEN, Outcome
from zhida.surfaces.desk.presenters.resting import count, money
from zhida.surfaces.look.charts import Segment, bar
from zhida.surfaces.look.language import say


@dataclass(frozen=True)
class AllowedLine:
    """One scenario in one year, or in all of them (`is_sum`); `bar` shows what goes to claims begun before, to new ones
    and to nobody, every bar of an item against the longest."""

    name: str
    limit: str
    paid: str
    cut: str
    reached: str
    left: str
    bar: tuple[Segment, ...]
    is_sum: bool = False


@dataclass(frozen=True)
class SideBySide:
    """One item: its years with the scenarios below each other in every one, then what each pays in all."""

    key: str
    title: str
    lines: tuple[AllowedLine, ...]


def side_by_side(outcome: Outcome, titles: Mapping[str, str], worlds: Mapping[str, str]) -> tuple[SideBySide, ...]:
    """The years of a run that compares scenarios, item by item; none where it looked at one year or one scenario."""
    every = abreast(outcome.ahead)
    items = dict.fromkeys(one.item for one in every)
    return tuple(
        SideBySide(
            f"abreast-{at}",
            titles.get(item, item),
            tuple(_lines([one for one in every if one.item == item], worlds, outcome)),
        )
        for at, item in enumerate(items)
    )


def _lines(years: Sequence[Allowed], worlds: Mapping[str, str], outcome: Outcome) -> Iterator[AllowedLine]:
    most = max(sum(_parts(one)) for one in years)
    for one in years:
        carried, new, cut = _parts(one)
        yield AllowedLine(
            say("{year} 年　{name}", year=one.year, name=worlds.get(one.scenario, one.scenario)),
            _limit(one),
            money(one.paid_fen),
            money(one.cut_fen),
            count(one.begun, outcome),
            _left(one, outcome),
            bar(most, [("accent", carried), ("ink", new), ("hatch", cut)]),
        )
    last = max(one.year for one in years)
    for name in dict.fromkeys(one.scenario for one in years):
        own = [one for one in years if one.scenario == name]
        still = sum(max(0, one.waiting) for one in own if one.year == last)
        is_hidden = any(one.waiting == HIDDEN for one in own if one.year == last)
        waiting = say("{n} 户还在等", n=count(HIDDEN if is_hidden else still, outcome)) if still or is_hidden else ""
        words = say("{n} 年合计　{name}", n=len({one.year for one in own}), name=worlds.get(name, name))
        yield AllowedLine(words, "", money(in_all(own)), "", "", waiting, (), is_sum=True)


def _parts(one: Allowed) -> tuple[int, int, int]:
    """What a year's bar is made of, nothing where it would give somebody away."""
    if one.paid_fen == HIDDEN:
        return 0, 0, 0
    return one.carried_fen, one.paid_fen - one.carried_fen, max(0, one.cut_fen)


def _limit(one: Allowed) -> str:
    """What holds the year back, in words."""
    held = [] if one.limit_fen is None else [say("{money} 元", money=money(one.limit_fen))]
    held += [] if one.places is None else [say("{n} 个名额", n=f"{one.places:,}")]
    return say("、").join(held) or say("不限")


def _left(one: Allowed, outcome: Outcome) -> str:
    """Those who were not reached: waiting or refused; nothing where everybody was."""
    if one.waiting:
        return say("{n} 户等下一年", n=count(one.waiting, outcome))
    return say("{n} 户不再办", n=count(one.refused, outcome)) if one.refused else "0"
