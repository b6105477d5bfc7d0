"""The open figures: how much of what people are entitled to has reached them, where, and in how many days.

Counted from the same rows that officers work on. A count below five is not shown, so that nobody is recognised in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from zhida.domain.values import Scope, local_date, yuan
from zhida.kernel.cases import tallies
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.funds import queries as funds
from zhida.kernel.notices import queries as notices
from zhida.kernel.offices import queries as offices
from zhida.surfaces.look.charts import bar, kept, tile_map
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import in_words, item_href, state_of, window_of
from zhida.surfaces.portal.records.figures import Bar, Figures, Fund, ItemFigures, OfficeLine, PlaceLine

ALL = Scope.system("open figures")
FEWEST = 5
STAGES = {
    "entitled": "应享",
    "told": "已告知",
    "claimed": "已申领",
    "decided": "已决定",
    "granted": "已同意",
    "paid": "已经到账",
}


@dataclass
class Reach:
    """Counts by stage, and what was paid in fen."""

    stages: Counter[str] = field(default_factory=Counter)
    paid_fen: int = 0


@dataclass(frozen=True)
class Counted:
    """Everything counted: by item, and by the place below the top that a region belongs to."""

    items: Mapping[str, Reach]
    places: Mapping[str, Reach]

    def total(self, stage: str) -> int:
        """The sum over all items."""
        return sum(reach.stages[stage] for reach in self.items.values())


def figures(as_of: datetime) -> Figures:
    """Everything that the page shows."""
    cards = {card.item_id: card for card in catalogue.item_cards(as_of=as_of)}
    counted = count(as_of)
    entitled, paid = counted.total("entitled"), counted.total("paid")
    fen = sum(reach.paid_fen for reach in counted.items.values())
    shares = _shares(counted)
    days = _offices(tallies.promises(scope=ALL))
    return Figures(
        as_of=local_date(as_of),
        headline=_headline(entitled, paid),
        lead=say("应享 {entitled} 户（人）次，{paid} 户（人）次到账，共 {amount} 元。",
                 entitled=f"{entitled:,}", paid=f"{paid:,}", amount=yuan(fen)),
        policies=_policies(cards, as_of),
        people=_bars([(say(name), counted.total(stage)) for stage, name in STAGES.items()]),
        map=tile_map([(name, share) for name, share in shares]) if shares else None,
        map_heading=_map_heading(shares),
        places=tuple(_place(code, reach) for code, reach in sorted(counted.places.items())),
        offices=days,
        days_heading=_days_heading(days),
        items=tuple(_item(cards[one], reach) for one, reach in counted.items.items() if one in cards),
        funds=tuple(_funds()),
    )  # fmt: skip


def count(as_of: datetime) -> Counted:
    """Screening, notices and cases put together; who claimed is entitled to, told or not."""
    items: dict[str, Reach] = defaultdict(Reach)
    places: dict[str, Reach] = defaultdict(Reach)
    tops = _place_of(as_of)
    run = entitlements.latest_run()
    for each in entitlements.counts(run.id, scope=ALL) if run else ():
        for reach in (items[each.item_id], places[tops.get(each.region, each.region)]):
            reach.stages["entitled"] += each.entitled
    for tally in tallies.tallies(scope=ALL):
        for reach in (items[tally.item], places[tops.get(tally.region, tally.region)]):
            reach.paid_fen += tally.paid_fen
            for stage in ("claimed", "decided", "granted", "paid"):
                reach.stages[stage] += getattr(tally, stage)
    for (item, region), told in notices.told().items():
        for reach in (items[item], places[tops.get(region, region)]):
            reach.stages["told"] += told
    for reach in (*items.values(), *places.values()):
        reach.stages["entitled"] = max(reach.stages["entitled"], reach.stages["claimed"])
    return Counted(items, places)


def past_of(item_id: str) -> tuple[tuple[str, str], ...]:
    """What became of the claims of one item until now, each with its name; nothing while there are too few."""
    found = tallies.tallies(scope=ALL, item=item_id)
    decided, granted = (sum(getattr(one, stage) for one in found) for stage in ("decided", "granted"))
    if decided < FEWEST:
        return ()
    told = [(say("已决定"), f"{decided:,}"), (say("同意的"), f"{Decimal(granted) / decided:.0%}")]
    paid_fen = sum(one.paid_fen for one in found)
    told += [(say("已付，元"), yuan(paid_fen))] if paid_fen else []
    kept_days = tallies.promises(scope=ALL, item=item_id)
    steps = sum(one.steps for one in kept_days)
    if steps >= FEWEST:
        promised = Decimal(sum(one.promised_days for one in kept_days)) / steps
        real = Decimal(sum(one.real_days for one in kept_days)) / steps
        told.append(
            (say("平均一步"), say("{real} 天，承诺 {promised} 天", real=f"{real:.1f}", promised=f"{promised:.1f}"))
        )
    return tuple(told)


def _place_of(as_of: datetime) -> dict[str, str]:
    """Each region to the one right below the top that it lies in; the top itself stays."""
    tree = offices.region_tree(local_date(as_of))
    tops = {code for code, parent in tree.parents.items() if not parent}
    found = {}
    for code in tree.parents:
        here = code
        while tree.parents[here] and tree.parents[here] not in tops:
            here = tree.parents[here]
        found[code] = here
    return found


def _headline(entitled: int, paid: int) -> str:
    if not entitled:
        return say("还没有可以公开的数字")
    return say("每 100 份该享的，{n} 份已经到账", n=round(100 * paid / entitled))


def _policies(cards: Mapping[str, ItemCard], as_of: datetime) -> tuple[Bar, ...]:
    today = local_date(as_of)
    is_open = sum(state_of(window_of(card), today)[0] == "yes" for card in cards.values())
    automatic = sum(card.claim == "automatic" for card in cards.values())
    issued = len({card.pack_id for card in cards.values()})
    return (
        Bar(say("现行政策"), issued, "", ()),
        *_bars([(say("拆成事项"), len(cards)), (say("现在可办"), is_open), (say("免申即享"), automatic)]),
    )


def _bars(counts: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    whole = max(counts[0][1], 1)
    return tuple(
        Bar(name, number, f"{Decimal(number) / whole:.1%}", bar(whole, [("ink", min(number, whole))]))
        for name, number in counts
    )


def _shown(number: int) -> str:
    return f"{number:,}" if number == 0 or number >= FEWEST else say("少于 {n}", n=FEWEST)


def _share(reach: Reach) -> Decimal | None:
    entitled = reach.stages["entitled"]
    return Decimal(reach.stages["paid"]) / entitled if entitled >= FEWEST else None


def _shares(counted: Counted) -> list[tuple[str, Decimal]]:
    found = ((region_name(code), _share(reach)) for code, reach in sorted(counted.places.items()))
    return [(name, share) for name, share in found if share is not None]


def _map_heading(shares: Sequence[tuple[str, Decimal]]) -> str:
    if not shares:
        return say("各地到账率")
    name, lowest = min(shares, key=lambda one: one[1])
    return say("各地到账率：{place}最低，{share}", place=name, share=f"{lowest:.1%}")


def _place(code: str, reach: Reach) -> PlaceLine:
    share, stages = _share(reach), reach.stages
    return PlaceLine(
        region_name(code),
        _shown(stages["entitled"]),
        _shown(stages["claimed"]),
        _shown(stages["paid"]),
        say("人数少，不显示") if share is None else f"{share:.1%}",
    )


def _offices(found: Iterable[tallies.Kept]) -> tuple[OfficeLine, ...]:
    by_office: dict[str, list[tallies.Kept]] = defaultdict(list)
    for each in found:
        by_office[each.office].append(each)
    averages = {}
    for office, group in by_office.items():
        steps = sum(one.steps for one in group)
        if steps >= FEWEST:
            promised = Decimal(sum(one.promised_days for one in group)) / steps
            real = Decimal(sum(one.real_days for one in group)) / steps
            averages[office] = (steps, promised, real, sum(one.late for one in group))
    longest = max((max(promised, real) for _, promised, real, _ in averages.values()), default=Decimal(1))
    lines = [
        OfficeLine(office_name(office), steps, f"{promised:.1f}", f"{real:.1f}", late, kept(promised, real, longest))
        for office, (steps, promised, real, late) in averages.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.late, line.name)))


def _days_heading(lines: Sequence[OfficeLine]) -> str:
    late = sum(line.late > 0 for line in lines)
    return say("办理天数：{n} 个部门有超期", n=late) if late else say("办理天数：都在承诺之内")


def _item(card: ItemCard, reach: Reach) -> ItemFigures:
    cells = [(say(name), _shown(reach.stages[stage])) for stage, name in STAGES.items()]
    sum_shown = yuan(reach.paid_fen) if reach.stages["paid"] == 0 or reach.stages["paid"] >= FEWEST else ""
    return ItemFigures(
        in_words(card.title_zh, card.title_en),
        item_href(card.item_id),
        (*cells, (say("已付，元"), sum_shown)),
    )


def _funds() -> Iterable[Fund]:
    names = catalogue.root().dictionary.budget_lines
    for line in funds.lines(scope=ALL):
        words = dict(names[line.id].words) if line.id in names else {"zh": line.name}
        paid = line.paid - line.returned
        parts = [("ink", paid), ("accent", line.committed + line.in_flight)]
        yield Fund(_worded(words), line.total, paid, line.available, bar(line.total, parts))


def _worded(words: Mapping[str, str]) -> Text:
    return in_words(words["zh"], words.get("en", ""))
