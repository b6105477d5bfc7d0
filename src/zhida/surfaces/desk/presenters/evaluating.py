"""A policy's yearly evaluation (政策评估) as the desk shows it: on the page, as JSON and on paper, the same figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Pack
from zhida.domain.scenarios import Cell
from zhida.domain.values import local_date, yuan
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import queries as offices
from zhida.services.evaluation.evaluating import evaluate
from zhida.services.evaluation.records import HIDDEN, Evaluation, Forecast, ItemYear, Speaks, Voices
from zhida.services.feedback import desk as feedback
from zhida.services.feedback import rating
from zhida.services.papers.report import Part, Table, report_pdf
from zhida.services.simulation import keeping
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.simulated import REST
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import requirement_title

_MOST = 100_000
_SPEAKS = {Speaks.ALIVE: "有数据", Speaks.OLD: "有数据，部分过期", Speaks.NONE: "没有数据"}
_KINDS = {
    "wrong": "内容有误",
    "unclear": "看不明白",
    "broken": "打不开、用不了",
    "idea": "建议",
    "rating": "差评",
    "review": "申请复核",
}


@dataclass(frozen=True)
class PolicyLine:
    """A policy in the list of those that can be evaluated."""

    pack_id: str
    title: Text
    number: str
    ends_on: date | None


@dataclass(frozen=True)
class PlaceLine:
    """A place: how many were granted and how much."""

    name: str
    depth: int
    count: str
    yuan: str


@dataclass(frozen=True)
class ItemLines:
    """One item of the page: its figures in words."""

    id: str
    title: str
    figures: tuple[tuple[str, str], ...]
    forecast: str
    places: tuple[PlaceLine, ...]
    refusals: tuple[tuple[str, str], ...]
    days: str


@dataclass(frozen=True)
class EvaluationPage:
    """The page of one policy and year."""

    pack_id: str
    title: str
    headline: str
    lead: str
    year: int
    years: tuple[int, ...]
    items: tuple[ItemLines, ...]
    voices: tuple[tuple[str, str], ...]
    rating: str
    sources: tuple[tuple[str, str, str, str], ...]
    review: str
    is_due: bool
    revision: str
    digest: str


def policies(officer: Officer, as_of: datetime) -> tuple[PolicyLine, ...]:
    """The policies in force that the officer's offices own; for who looks after all, all of them."""
    places, found = _places_of(officer), catalogue.policies(as_of=as_of, limit=_MOST)
    mine = [one for one in found if places is None or one.owner_office in places]
    return tuple(
        PolicyLine(
            one.pack_id,
            Text(one.title_en, "en") if spoken() == "en" and one.title_en else Text(one.title_zh),
            one.document_number,
            one.valid_to,
        )
        for one in mine
    )


def _places_of(officer: Officer) -> Collection[str] | None:
    """The offices whose policies an officer sees; None for who looks after all of them."""
    return None if officer.role in ("operator", "auditor", "supervisor") else officer.scope.offices or officer.offices


def evaluated(pack_id: str, year: int, officer: Officer, as_of: datetime) -> Evaluation:
    """The evaluation within what the officer may see, of a policy that has ended too.

    Raises ConflictError `not_published` where it is none of theirs.
    """
    places, faces = _places_of(officer), catalogue.revisions(pack_id)
    if not faces or (places is not None and faces[0].owner_office not in places):
        raise ConflictError("not_published", f"{pack_id} is no policy of your offices", "look at the list again")
    return evaluate(
        pack_id,
        year,
        scope=officer.scope,
        as_of=as_of,
        forecasts=_forecasts(pack_id, year),
        voices=_voices(pack_id, year),
    )


def _forecasts(pack_id: str, year: int) -> dict[str, Forecast]:
    """Of each item the newest run of the year that tells its figures: the version in force, were all to claim alike."""
    found: dict[str, Forecast] = {}
    for kept in reversed(keeping.newest(None, _MOST)):
        if kept.outcome.year != year or not any(item.startswith(f"{pack_id}/") for item in kept.items):
            continue
        first = kept.outcome.worlds[0]
        for offer in first.offers:
            if offer.granted != HIDDEN and offer.granted_fen != HIDDEN:
                low, _, high = first.asked if len(first.offers) == 1 else (HIDDEN,) * 3
                day = local_date(kept.ran_at)
                found[offer.item] = Forecast(kept.id, day, offer.granted, offer.granted_fen, low, high)
    return {item: one for item, one in found.items() if item.startswith(f"{pack_id}/")}


def _voices(pack_id: str, year: int) -> Voices:
    """What was said of the policy's pages in the year; ratings of its items so far, where there are enough."""
    waiting = feedback.messages_at(None, is_open=True, limit=_MOST)
    said = [
        one
        for one in (*waiting, *feedback.messages_at(None, is_open=False, limit=_MOST))
        if f"/{pack_id}/" in f"{one.page}/" and local_date(one.received_at).year == year
    ]
    rated = [found for item, found in rating.averages().items() if item.startswith(f"{pack_id}/")]
    number = sum(n for n, _ in rated)
    mean = sum(n * mean for n, mean in rated) / number if number else 0.0
    kinds = Counter(str(one.kind) for one in said)
    open_ones = sum(one.answered_at is None for one in said)
    return Voices(dict(sorted(kinds.items())), open_ones, number, round(mean, 1))


def evaluation_page(found: Evaluation) -> EvaluationPage:
    """The page of an evaluation."""
    pack = catalogue.revision(found.revision)
    title = found.titles.get(spoken()) or found.titles["zh"]
    granted = sum(max(0, item.came.granted_fen) for item in found.items)
    return EvaluationPage(
        pack_id=found.pack_id,
        title=title,
        headline=say("{year} 年政策评估：{title}", year=found.year, title=title),
        lead=say("{number}。这一年提出的申请，至今获批 {money} 元。", number=found.number, money=yuan(granted)),
        year=found.year,
        years=tuple(range(found.on.year, found.on.year - 3, -1)),
        items=tuple(_item(item, pack, found) for item in found.items),
        voices=tuple((say(_KINDS[kind]), _count(n, found)) for kind, n in found.voices.kinds.items()),
        rating=say("{n} 次评价，平均 {mean} 分（满分 5 分）", n=found.voices.ratings, mean=found.voices.mean)
        if found.voices.ratings
        else "",
        sources=tuple(_sources(found)),
        review=_review(found),
        is_due=found.review.is_due,
        revision=found.revision,
        digest=found.digest,
    )


def _count(value: int, found: Evaluation) -> str:
    return say("不足 {n} 或不便显示", n=found.bound) if value == HIDDEN else f"{value:,}"


def _money(fen: int) -> str:
    return "—" if fen == HIDDEN else yuan(fen)


def _item(item: ItemYear, pack: Pack, found: Evaluation) -> ItemLines:
    came, pays = item.came, pack.items[item.item.rpartition("/")[2]].program.amount is not None
    counts = (
        *(("申请", came.claims), ("获批", came.granted), ("不予兑现", came.refused), ("在办或未办结", came.running)),
        *(("无人工干预作出的决定", came.automatic), ("已兑现", came.paid)),
    )
    figures = [(say(words), _count(value, found)) for words, value in counts]
    sums = (("获批，元", came.granted_fen), ("已兑现，元", came.paid_fen)) if pays else ()
    figures += [(say(words), _money(fen)) for words, fen in sums]
    return ItemLines(
        id=item.item,
        title=item.titles.get(spoken()) or item.titles["zh"],
        figures=tuple(figures),
        forecast=_forecast(item),
        places=tuple(_places(item.places, found, pays=pays)),
        refusals=tuple((str(requirement_title(pack, one.requirement)), _count(one.count, found))
                       for one in item.refusals),
        days=_days(item, found),
    )  # fmt: skip


def _forecast(item: ItemYear) -> str:
    """What was forecast beside what came, and the share of it that came."""
    told, came = item.forecast, item.came
    if told is None:
        return say("这一年没有推演过，没有预测可比。")
    words = say("{day} 推演预测 {n} 户、{money} 元。", day=told.made_on.isoformat(), n=f"{told.subjects:,}",
                money=yuan(told.fen))  # fmt: skip
    if told.low_fen != HIDDEN and told.low_fen != told.high_fen:
        words += say("申请额预计在 {low} 到 {high} 元之间。", low=yuan(told.low_fen), high=yuan(told.high_fen))
    if came.granted_fen != HIDDEN and told.fen > 0:
        words += say("实际获批是预测的 {share}%。", share=f"{came.granted_fen * 100 / told.fen:.1f}")
    return words


def _days(item: ItemYear, found: Evaluation) -> str:
    if item.days is None:
        return say("作出决定的不足 {n} 件，不统计时长。", n=found.bound)
    words = say("从提交到决定，一半不超过 {half} 个工作日，九成不超过 {most} 个。", half=item.days.half,
                most=item.days.most)  # fmt: skip
    late = _count(item.days.late, found)
    return words + say("有期限的环节共 {steps} 个，逾期：{late}。", steps=f"{item.days.steps:,}", late=late)


def _places(top: Cell, found: Evaluation, depth: int = 0, *, pays: bool) -> Iterator[PlaceLine]:
    names = offices.region_names(spoken())
    name = say("合计") if depth == 0 else say("其余") if top.code in ("", REST) else names.get(top.code, top.code)
    yield PlaceLine(name, depth, _count(top.counts[0], found), _money(top.fen[0]) if pays else "")
    for below in top.below:
        yield from _places(below, found, depth + 1, pays=pays)


def _sources(found: Evaluation) -> Iterator[tuple[str, str, str, str]]:
    dictionary = catalogue.root(found.revision).dictionary
    for one in found.sources:
        share = f"{one.known * 100 / one.subjects:.1f}%" if one.subjects else "—"
        named = dictionary.named(one.attribute, spoken())
        yield (
            named,
            say("{office}：{source}", office=office_name(one.owner), source=one.source),
            say(_SPEAKS[one.speaks]),
            share,
        )


def _review(found: Evaluation) -> str:
    review = found.review
    ends = (
        say("有效至 {day}（不含）。", day=review.ends_on.isoformat()) if review.ends_on else say("没有写明失效日期。")
    )
    due = say("已到复审时间。") if review.is_due else ""
    return ends + say("应在 {day} 前复审。", day=review.review_by.isoformat()) + due


def paper(page: EvaluationPage) -> bytes:
    """The evaluation on paper."""
    parts: list[Part] = []
    for item in page.items:
        rows = (*item.figures,)
        parts.append(Part(item.title, (item.forecast, item.days), Table((say("项目"), say("数量")), rows, (3, 2))))
        if item.refusals:
            parts.append(Part(say("不予兑现的原因"), (), Table((say("条件"), say("件数")), item.refusals, (5, 2))))
        lines = [("　" * line.depth + line.name, line.count, line.yuan) for line in item.places]
        parts.append(Part(say("各地"), (), Table((say("地区"), say("户数"), say("获批，元")), lines, (4, 2, 3))))
    parts.append(Part(say("群众意见"), [page.rating] if page.rating else (),
                      Table((say("类别"), say("条数")), page.voices, (4, 2))))  # fmt: skip
    heads = (say("事实"), say("来源"), say("状况"), say("覆盖面"))
    parts.append(Part(say("数据来源"), (), Table(heads, page.sources, (4, 6, 4, 2))))
    parts.append(Part(say("复审"), (page.review,)))
    foot = say("版本 {revision}，摘要 {digest}", revision=page.revision, digest=page.digest[:16])
    return report_pdf(page.headline, [page.lead], parts, foot=foot)
