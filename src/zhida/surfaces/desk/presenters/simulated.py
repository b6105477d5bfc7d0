"""A run as the desk shows it: scenarios side by side, what each cut of the population gets, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhida.domain.scenarios.instalments import YEARS
from zhida.domain.values import new_id, yuan
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.simulation.converting import scenarios_in
from zhida.services.simulation.keeping import Kept
from zhida.services.simulation.outcome import CellFigures, Outcome, WorldFigures
from zhida.services.simulation.workbook import walk, workbook
from zhida.surfaces.desk.presenters.abreast import SideBySide, side_by_side
from zhida.surfaces.desk.presenters.ahead import Ahead, ahead
from zhida.surfaces.desk.presenters.resting import count, money, notes_of
from zhida.surfaces.look.charts import Segment, bar
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question

REST = "~"
_MOST_ROWS = 400
_MANY = 12
_HEADS = {
    "about": "凭什么",
    "ahead": "往后几年",
    "year": "年份",
    "came_in": "新进户数",
    "dropped_out": "退出户数",
    "begun": "当年开始",
    "due_fen": "应付，分",
    "carried_fen": "其中以往开始，分",
    "limit_fen": "预算，分",
    "places": "名额，个",
    "order": "不够时怎么分",
    "year_asked": "申请户数",
    "waited": "上年等来",
    "left": "没轮到",
    "left_over": "没轮到的",
    "lapsed": "等着又不再符合",
    "unmet_fen": "没有付的，分",
    "first_come": "先到先得",
    "pro_rata": "按比例分",
    "ranked": "按排名",
    "wait": "顺延到下一年",
    "refuse": "不再办",
    "abreast": "方案逐年对比",
    "waiting": "等下一年",
    "refused": "不再办",
    "compared": "方案对比",
    "items": "各事项",
    "code": "代码",
    "name": "名称",
    "scenario": "方案",
    "take_up": "参与率",
    "subjects": "户数",
    "fen": "金额，分",
    "asked_low": "申请额低，分",
    "asked_middle": "申请额中，分",
    "asked_high": "申请额高，分",
    "short_permille": "预算不够的年份，‰",
    "winners": "受益户数",
    "gained_fen": "多得，分",
    "losers": "受损户数",
    "lost_fen": "少得，分",
    "newly": "新进户数",
    "dropped": "退出户数",
    "item": "事项",
    "entitled": "符合条件",
    "possible": "可能符合",
    "unknown_amount": "金额未知",
    "asked_fen": "应付，分",
    "claims": "申请户数",
    "claimed_fen": "申请额，分",
    "granted": "获批",
    "granted_fen": "获批额，分",
}


@dataclass(frozen=True)
class WorldLine:
    """A scenario in the comparison: figures in words, and its bar against the largest."""

    name: str
    subjects: str
    fen: str
    bar: tuple[Segment, ...]
    asked: str
    short: str
    winners: str
    losers: str


@dataclass(frozen=True)
class OfferLine:
    """An item in a scenario."""

    world: str
    item: str
    entitled: str
    possible: str
    unknown: str
    asked: str
    granted: str
    granted_fen: str


@dataclass(frozen=True)
class CellLine:
    """A cell: its name under its parent's, and for each scenario how many, how much and a bar."""

    name: str
    depth: int
    figures: tuple[tuple[str, str, tuple[Segment, ...]], ...]

    @property
    def indent(self) -> str:
        """What stands before its name, so that it stands under its parent's."""
        return "　" * (self.depth - 1)


@dataclass(frozen=True)
class Cut:
    """One breakdown: `first` are its lines down to the first level where there are many, `lines` all that a page holds;
    `more` are below those, and stand in the workbook alone."""

    key: str
    title: str
    first: tuple[CellLine, ...]
    lines: tuple[CellLine, ...]
    more: int


@dataclass(frozen=True)
class SimulatedPage:
    """The page of a run."""

    id: str
    headline: str
    lead: str
    notes: tuple[str, ...]
    worlds: tuple[WorldLine, ...]
    offers: tuple[OfferLine, ...]
    years: tuple[str, ...]
    due: tuple[tuple[str, tuple[str, ...]], ...]
    cuts: tuple[Cut, ...]
    files: tuple[tuple[str, str], ...]
    on: date
    made_at: datetime
    fact: str
    digest: str
    token: str
    revision: tuple[Question, ...]
    ahead: tuple[Ahead, ...]
    abreast: tuple[SideBySide, ...]
    yearly: str

    @property
    def is_rationed(self) -> bool:
        """Whether anything held any year back."""
        return any(one.is_rationed for one in self.ahead)


def simulated_page(kept: Kept, asked: Mapping[str, str] | None = None, fault: str = "") -> SimulatedPage:
    """The page of a run that was kept; `asked` is what was typed to revise the policy by it, `fault` what was wrong."""
    outcome = kept.outcome
    names, titles = names_of(outcome), titles_of(kept)
    worlds = {world.name: title_of(world) for world in outcome.worlds}
    most = max((world.fen for world in outcome.worlds), default=0)
    first = outcome.worlds[0]
    return SimulatedPage(
        id=kept.id,
        headline=_headline(first, outcome, say("、").join(titles.values())),
        lead=_lead(kept),
        notes=tuple(notes_of(kept, titles)),
        worlds=tuple(_world(world, most, outcome) for world in outcome.worlds),
        offers=tuple(_offers(outcome, titles)),
        years=tuple(str(outcome.year + at) for at in range(YEARS)) if _is_bound(outcome) else (),
        due=tuple((title_of(world), tuple(map(money, world.due))) for world in outcome.worlds if world.due),
        cuts=tuple(_cut(key, cell, names, outcome) for key, cell in outcome.breakdowns.items()),
        files=tuple((name, text) for name, text in kept.files.items()),
        on=date.fromisoformat(kept.inputs["day"]),
        made_at=kept.ran_at,
        fact=kept.entry_id,
        digest=kept.digest,
        token=new_id("draft"),
        revision=_revision(kept, asked or {}, fault),
        ahead=ahead(kept, titles, worlds),
        abreast=side_by_side(outcome, titles, worlds),
        yearly=_yearly(kept),
    )


def _lead(kept: Kept) -> str:
    """What was asked: whose rules, on which day, of how many."""
    day, many = kept.inputs["day"], f"{kept.outcome.subjects:,}"
    rules_on = kept.inputs.get("rules_on")
    if rules_on:
        words = "回看：{rules} 的规则，放到 {on} 那一天，对 {n} 个对象逐个计算。只有合计，不出现任何一户。"
        return say(words, rules=rules_on, on=day, n=many)
    return say("按 {on} 的数据和版本，对 {n} 个对象逐个计算。只有合计，不出现任何一户。", on=day, n=many)


def _yearly(kept: Kept) -> str:
    """What each year is compared with: what the budget lines hold now, where no plan says what years have."""
    is_planned = any(one.rationed for years in kept.outcome.ahead.values() for one in years)
    budget = kept.inputs.get("yearly_fen")
    return yuan(budget) if budget is not None and not is_planned else ""


def _revision(kept: Kept, asked: Mapping[str, str], fault: str) -> tuple[Question, ...]:
    """What is asked to make a scenario into a revision of the policy; nothing where no scenario changes it."""
    able = set(scenarios_in(kept))
    worlds = [world for world in kept.outcome.worlds if world.name in able]
    if not worlds:
        return ()
    chosen = asked.get("scenario", worlds[-1].name)
    choices = tuple(Choice(world.name, title_of(world), world.name == chosen) for world in worlds)
    why = say("新的数从这一天起算；以前的照旧。不填就是今天。")
    day = Question("effective", say("哪天起执行"), "date", why, value=asked.get("effective", ""), fault=fault)
    return Question("scenario", say("按哪个方案"), "select", choices=choices), replace(day, is_optional=True)


def _is_bound(outcome: Outcome) -> bool:
    """Whether anything falls due after the year itself."""
    return any(any(world.due[1:]) for world in outcome.worlds)


def _headline(first: WorldFigures, outcome: Outcome, item: str) -> str:
    people, fen = count(first.subjects, outcome), money(first.fen)
    return say("{item}：{n} 户共得 {money} 元", item=item, n=people, money=fen)


def names_of(outcome: Outcome) -> dict[str, str]:
    """What people call the cuts and their codes, by `key` and `key:code`."""
    dictionary, lang = catalogue.root().dictionary, spoken()
    found = {"region": say("地区"), "region:": say("合计")}
    for key, top in outcome.breakdowns.items():
        attribute = dictionary.attributes.get(key)
        tree = dictionary.code_trees.get(attribute.fact.code_tree if attribute else key)
        if attribute is not None:
            found[key] = attribute.words.get(lang) or attribute.words["zh"]
        values = dictionary.value_words.get(key, {})
        for _, cell in walk(top):
            words = values.get(cell.code, {})
            named = words.get(lang) or words.get("zh", "")
            found[f"{key}:{cell.code}"] = named or (tree.named(cell.code, lang) if tree else cell.code)
        found |= {f"{key}:": say("合计"), f"{key}:{REST}": say("其余（含合并的和不详的）")}
    return found | {f"scenario:{world.name}": title_of(world) for world in outcome.worlds}


def workbook_of(kept: Kept) -> bytes:
    """The run as a workbook, in the page's words."""
    titles = titles_of(kept)
    names = names_of(kept.outcome) | {f"item:{item}": title for item, title in titles.items()}
    page = simulated_page(kept)
    rules = (f"{each.title}：{each.rule}" for each in page.ahead if each.rule)
    where = (say("{id}，账本里的事实 {fact}，摘要 {digest}", id=kept.id, fact=kept.entry_id, digest=kept.digest),)
    return workbook(kept.outcome, names, heads(), kept.ran_at, (page.headline, page.lead, *page.notes, *rules, *where))


def heads() -> dict[str, str]:
    """The words of a workbook's sheets and columns."""
    return {name: say(words) for name, words in _HEADS.items()}


def title_of(world: WorldFigures) -> str:
    """What a scenario is called in the page's language."""
    return world.words.get(spoken()) or world.words["zh"]


def titles_of(kept: Kept) -> dict[str, str]:
    """What the items of a run are called: as published when it ran, those of a draft as kept with the run."""
    cards = {card.item_id: card for card in catalogue.item_cards(as_of=kept.ran_at)}
    found = {}
    for item in kept.items:
        card = cards.get(item)
        told = kept.inputs.get("titles", {}).get(item, {})
        unpublished = told.get(spoken()) or told.get("zh", item)
        found[item] = ((card.title_en if spoken() == "en" else "") or card.title_zh) if card else unpublished
    return found


def _world(world: WorldFigures, most: int, outcome: Outcome) -> WorldLine:
    low, _, high = world.asked
    shift = world.shift
    pairs = [] if shift is None else [(shift.winners, shift.gained_fen), (shift.losers, shift.lost_fen)]
    moved = [say("{n} 户，{money} 元", n=count(n, outcome), money=money(fen)) for n, fen in pairs]
    asked = money(low) if low == high else f"{money(low)} – {money(high)}"
    return WorldLine(
        title_of(world),
        count(world.subjects, outcome),
        money(world.fen),
        bar(most, [("ink", max(0, world.fen))]),
        asked,
        f"{world.short_permille / 10:g} %",
        *(moved or ["", ""]),
    )


def _offers(outcome: Outcome, titles: Mapping[str, str]) -> Iterator[OfferLine]:
    for world in outcome.worlds:
        for one in world.offers:
            yield OfferLine(
                title_of(world),
                titles.get(one.item, one.item),
                count(one.entitled, outcome),
                count(one.possible, outcome),
                count(one.unknown_amount, outcome),
                money(one.asked_fen),
                count(one.granted, outcome),
                money(one.granted_fen),
            )


def _cut(key: str, top: CellFigures, names: Mapping[str, str], outcome: Outcome) -> Cut:
    every = [*walk(top)]
    depths = [depth for depth, _ in every]
    shown_depth = next(
        (deep for deep in range(max(depths), 0, -1) if sum(depth <= deep for depth in depths) <= _MOST_ROWS), 1
    )
    shown = [(depth, cell) for depth, cell in every if depth <= shown_depth]
    most = max((max(cell.fen, default=0) for depth, cell in shown if depth), default=0)
    lines = [
        CellLine(
            names.get(f"{key}:{cell.code}", cell.code),
            depth,
            tuple(
                (count(n, outcome), money(fen), bar(most, [("ink", max(0, fen))]) if depth else ())
                for n, fen in zip(cell.counts, cell.fen, strict=True)
            ),
        )
        for depth, cell in shown
    ]
    first = lines if len(lines) <= _MANY else [line for line in lines if line.depth < min(2, shown_depth)]
    return Cut(key, names.get(key, key), tuple(first or lines), tuple(lines), len(every) - len(shown))
