"""A back-test asked for in a shell: which day of the past, and what the answer rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from zhida.services.simulation.keeping import Kept


class Past(click.ParamType):
    """A day as 2025-06-30, or a year for its last day."""

    name = "YYYY[-MM-DD]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        text = str(value)
        try:
            return date.fromisoformat(f"{text}-12-31" if len(text) == 4 else text)
        except ValueError:
            self.fail(
                f"{text} 要写成 2025，或 2025-06-30；{text} is no year like 2025 or day like 2025-06-30", param, ctx
            )


def day_of(on: datetime | None, back: date | None) -> date | None:
    """The day that is asked for, by either option; None for now."""
    if on is not None and back is not None:
        words = "--on（那天的规则）和 --back-test（现在的规则）只写一个；say --on or --back-test, not both"
        raise click.UsageError(words)
    return back or (on.date() if on else None)


def told_back(kept: Kept) -> Iterator[str]:
    """What a kept run rests on that laid today's rules on a day of the past, and where nothing was granted in its year;
    nothing of any other run."""
    inputs, back = kept.inputs, kept.inputs.get("back")
    if back is None:
        return
    day, made = inputs["day"], back["made_on"]
    yield f"  回看：{inputs['rules_on']} 的规则，放到 {day}；looking back: the rules of {inputs['rules_on']} on {day}"
    if made > day:
        yield f"  用 {made} 的数据，取当时的年份；data of {made}, of the years then"
    if back["undated"]:
        names = ", ".join(back["undated"])
        yield f"  不分年份、当时可能不同：{names}；without a year, perhaps different then: {names}"
    if back["missing"]:
        names = ", ".join(back["missing"])
        yield f"  没有数据：{names}；not known: {names}"
    paid, year = {one.item for one in kept.outcome.granted}, kept.outcome.year
    for item in (one for one in kept.items if one not in paid):
        words = f"{year} 年没有实际发放；nothing was really granted in {year}"
        if item in back["unpublished"]:
            words = f"{year} 年底还没有发布，没有发放可比；not published by the end of {year}, nothing to compare with"
        yield f"  {item}：{words}"
