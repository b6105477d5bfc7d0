"""Years ahead asked for in a shell: what each has to spend, and what came out year by year in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhida.domain.scenarios import TakeUp
from zhida.domain.values import CHINA, Scope, new_id, yuan
from zhida.surfaces.cli.groundwork.installation import load, start
from zhida.surfaces.cli.groundwork.simulating import Asked, items_of, question_on, tell
from zhida.surfaces.cli.saying import both

if TYPE_CHECKING:
    from zhida.services.simulation.abreast import Allowed
    from zhida.services.simulation.outcome import Rationed, YearFigures


@dataclass(frozen=True)
class Found:
    """Years by scenario; `id` and `digest` of a run that was kept, "" of one that was not."""

    years: Mapping[str, Sequence[YearFigures]]
    id: str = ""
    digest: str = ""


def plan_of(
    *, budgets: Sequence[str], places: Sequence[str], order: str | None, rank_by: str, rank_first: str, left_over: str
) -> dict[str, Any]:
    """What the options say that years have, as a scenario's `years` say it of an item; empty where they say nothing."""
    plan: dict[str, Any] = {}
    for name, texts in (("total_yuan", budgets), ("n", places)):
        for text in texts:
            year, _, value = text.partition("=")
            if not year.strip().isdigit() or not value.strip():
                raise click.BadParameter(both(f"{text} 要写成 2027=5000000 这样", f"{text} is not like 2027=5000000"))
            plan.setdefault(year.strip(), {})[name] = value.replace(",", "").strip()
    plan |= {"order": order} if order else {}
    plan |= {"by": [{"value": rank_by, "first": rank_first}]} if rank_by else {}
    return plan | ({"left_over": left_over} if plan or left_over != "wait" else {})


def look_ahead(
    asked: Asked, take_up: Sequence[TakeUp], plan: Mapping[str, Any], rows: Path | None, packs: Path
) -> Found:
    """Several years, one for each take-up: on a Parquet file against a pack root, or on the registry's snapshot, and
    then kept."""
    if rows is None or asked.on is None:
        return _kept(asked, take_up, plan)
    load()
    from zhida.services.simulation.rows import Rows
    from zhida.services.simulation.yearly import ahead_of

    root, ids = items_of(asked, packs)
    question = question_on(asked, root, ids, asked.on, _plans(ids, plan))
    return Found(ahead_of(question, Rows(rows, str(rows)), take_up))


def _kept(asked: Asked, take_up: Sequence[TakeUp], plan: Mapping[str, Any]) -> Found:
    by, as_of = start()
    from zhida.services.simulation import keeping
    from zhida.services.simulation.asking import chosen

    at = datetime.combine(asked.on, time(23, 59, 59), CHINA) if asked.on else as_of
    ids = [one.item.id for one in chosen(asked.item_ids, at)]
    wish = keeping.Wish(asked.item_ids, asked.files, at, asked.take_up, asked.assume, asked.seed, asked.bound)
    wish = replace(wish, years=tuple(take_up), plans=_plans(ids, plan))
    scope = Scope.system("simulation")
    kept = keeping.run(wish, simulation_id=new_id("sim"), by=by, as_of=as_of, scope=scope, progress=tell)
    return Found(kept.outcome.ahead, kept.id, kept.digest)


def _plans(ids: Sequence[str], plan: Mapping[str, Any]) -> bytes:
    if not plan:
        return b""
    if len(ids) > 1:
        zh = "--budget 和 --places 只说一个事项；几个事项的写进 --scenario 的 years"
        en = "say --budget and --places of one item; those of several stand in the years of a --scenario"
        raise click.UsageError(both(zh, en))
    return json.dumps({"years": {ids[0]: plan}}, ensure_ascii=False, indent=1).encode()


def record(found: Found) -> dict[str, Any]:
    """The years as JSON, with what is held fixed."""
    years = [{"scenario": name, **asdict(one)} for name, each in found.years.items() for one in each]
    side_by_side = [asdict(one) for one in _abreast(found)]
    return {"id": found.id, "digest": found.digest, "years": years, "abreast": side_by_side, "held_fixed": FIXED}


def _abreast(found: Found) -> tuple[Allowed, ...]:
    from zhida.services.simulation.abreast import abreast

    return abreast(found.years)


FIXED = {
    "zh": "只有日子在走：年龄、年限按每年同一天算，参数用当年公布的；"
    "收入、人数等按现有数据不变，没有人新生、新设、迁移或注销。",
    "en": "Only the calendar moves: ages and years are those of the same day of each year, parameters those "
    "published for it; incomes, staff and the like stay as they are, nobody is born, founded, moved or "
    "dissolved.",
}
YEAR = {
    "zh": "{item} {year}：{entitled} 符合（新进 {came_in}，退出 {dropped_out}），"
    "{begun} 新开始，应付 {due} 元（其中以往开始的 {carried} 元）",
    "en": "{item} {year}: {entitled} entitled ({came_in} came in, {dropped_out} dropped out), "
    "{begun} begin, {due} yuan fall due ({carried} of them of claims begun before)",
}
FEW = {"zh": "不足 {bound}", "en": "fewer than {bound}"}


RATIONED = {
    "zh": "    {limit}：申请 {asked}（上年等来 {waited}），没轮到 {left}，{left_over}；没有付的 {unmet} 元",
    "en": "    {limit}: {asked} claim ({waited} waiting from before), {left} not reached, {left_over}; "
    "{unmet} yuan not paid",
}
ABREAST = {"zh": "方案对比　{item} {year}", "en": "Side by side: {item} {year}"}
ALLOWED = {
    "zh": "    {name}：{limit}；付 {paid} 元，没有付的 {cut} 元；没轮到 {left}",
    "en": "    {name}: {limit}; {paid} yuan paid, {cut} not paid; {left} not reached",
}
AND = {"zh": "，", "en": ", "}
LIMIT = {"zh": ("预算 {} 元", "名额 {} 个", "不限"), "en": ("{} yuan", "{} places", "no limit")}
LEFT_OVER = {"zh": ("不再办", "顺延"), "en": ("refused", "who wait")}
RULE = {
    "zh": "以往批准的分期先付，剩下的预算才给新申请；当年没用完的不结转。",
    "en": "Instalments granted before are paid first, what is left goes to new claims; what a year does not spend is "
    "not carried over.",
}


def told_by_year(found: Found, bound: int, lang: str) -> str:
    """A line for each item and year, one more where a budget or places held it back, and what is held fixed."""
    lines = [f"{found.id} {found.digest}"] if found.id else []
    for name, years in found.years.items():
        lines += [name] if len(found.years) > 1 else []
        for one in years:
            lines += _year(one, bound, lang)
    lines += _side_by_side(_abreast(found), bound, lang)
    is_rationed = any(one.rationed for years in found.years.values() for one in years)
    return "\n".join([*lines, *([RULE[lang]] if is_rationed else []), FIXED[lang]])


def _year(one: YearFigures, bound: int, lang: str) -> list[str]:
    told = YEAR[lang].format(
        item=one.item, year=one.year, entitled=_count(one.entitled, bound, lang),
        came_in=_count(one.came_in, bound, lang), dropped_out=_count(one.dropped_out, bound, lang),
        begun=_count(one.begun, bound, lang), due=_money(one.due_fen), carried=_money(one.carried_fen),
    )  # fmt: skip
    return [told, *([_rationed(one.rationed, bound, lang)] if one.rationed else [])]


def _side_by_side(every: Sequence[Allowed], bound: int, lang: str) -> Iterator[str]:
    """What each year allows in every scenario, a line each below the year of an item."""
    at = None
    for one in every:
        if at != (one.item, one.year):
            at = (one.item, one.year)
            yield ABREAST[lang].format(item=one.item, year=one.year)
        told = [
            (count, LEFT_OVER[lang][waits]) for count, waits in ((one.waiting, True), (one.refused, False)) if count
        ]
        left = [AND[lang].join((_count(count, bound, lang), words)) for count, words in told]
        yield ALLOWED[lang].format(
            name=one.scenario, limit=_limit(one.limit_fen, one.places, lang), paid=_money(one.paid_fen),
            cut=_money(one.cut_fen), left="".join(left) or "0",
        )  # fmt: skip


def _rationed(held: Rationed, bound: int, lang: str) -> str:
    return RATIONED[lang].format(
        limit=_limit(held.limit_fen, held.places, lang),
        asked=_count(held.asked, bound, lang), waited=_count(held.waited, bound, lang),
        left=_count(held.left, bound, lang), left_over=LEFT_OVER[lang][held.waits], unmet=_money(held.unmet_fen),
    )  # fmt: skip


def _limit(limit_fen: int | None, places: int | None, lang: str) -> str:
    """What holds a year back, in words."""
    money, number, none = LIMIT[lang]
    limits = [money.format(yuan(limit_fen))] if limit_fen is not None else []
    limits += [number.format(f"{places:,}")] if places is not None else []
    return AND[lang].join(limits) or none


def _count(value: int, bound: int, lang: str) -> str:
    return FEW[lang].format(bound=bound) if value < 0 else f"{value:,}"


def _money(fen: int) -> str:
    return "…" if fen < 0 else yuan(fen)
