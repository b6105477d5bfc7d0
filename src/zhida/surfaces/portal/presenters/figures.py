"""The open figures: how much of what people are entitled to has reached them, where, and in how many days.

Counted behind the pages from the same rows that officers work on, and told with the time of counting. A count below
five is not shown, so that nobody is recognised in it, nor is what would give it away: a share of it, its sum in yuan,
or so much of its column that the total less the rest is below five.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from zhida.domain.values import Scope, local_date, yuan
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.funds import queries as funds
from zhida.kernel.offices import queries as offices
from zhida.services.figures import reading
from zhida.services.figures.keeping import current
from zhida.services.figures.reading import ItemFace, Sums
from zhida.surfaces.look.charts import bar, kept, tile_map
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.offices import office_names, region_name
from zhida.surfaces.look.telling.policies import in_words, item_href
from zhida.surfaces.portal.records.figures import Bar, Figures, Fund, ItemFigures, OfficeLine, PlaceLine

ALL = Scope.system("open figures")
FEWEST = 5
ITEMS = 50
STAGES = {
    "matched": "应享",
    "told": "已告知",
    "claimed": "已申领",
    "decided": "已决定",
    "granted": "已同意",
    "paid": "已兑现",
}

Back = Mapping[str, frozenset[str]]


def figures(as_of: datetime, after: str = "") -> Figures:
    """Everything that the page shows; the items with most entitled first, from the one after `after` on."""
    tally = current(as_of)
    whole, by_office = reading.open_all(tally), reading.sums_by("office", tally, scope=ALL)
    found = reading.open_items(tally, after=after, most=ITEMS + 1)
    faces = reading.faces(tally, found)
    places = _places(reading.open_places(tally), as_of)
    back, back_of_items = _back_of(places), reading.held_back(tally, STAGES, FEWEST)
    shares = _shares(places, back)
    days = _offices(by_office)
    entitled, paid = whole["matched"], whole["paid"]
    return Figures(
        as_of=tally.as_of,
        headline=_headline(entitled, paid),
        lead="" if _is_few(entitled) or _is_few(paid) else say(
            "应享 {entitled} 户（人）次，{paid} 户（人）次已兑现，付出 {amount} 元。",
            entitled=f"{entitled:,}", paid=f"{paid:,}", amount=yuan(whole["paid_fen"])),
        policies=_policies(reading.total(by_office.values())),
        people=_bars([(say(name), whole[stage]) for stage, name in STAGES.items()], fewest=FEWEST),
        map=tile_map([(name, share) for name, share in shares]) if shares else None,
        map_heading=_map_heading(shares),
        places=tuple(_place(code, sums, back) for code, sums in sorted(places.items())),
        offices=days,
        days_heading=_days_heading(days),
        items=tuple(_item(faces[one], sums, back_of_items) for one, sums in list(found.items())[:ITEMS]),
        more=f"{reverse('portal:figures')}?after={list(found)[ITEMS - 1]}" if len(found) > ITEMS else "",
        funds=tuple(_funds()),
    )  # fmt: skip


def every_item(as_of: datetime) -> Iterable[ItemFigures]:
    """All items, for a file."""
    tally = current(as_of)
    found = reading.open_items(tally, most=None)
    faces = reading.faces(tally)
    back = reading.held_back(tally, STAGES, FEWEST)
    return (_item(faces[one], sums, back) for one, sums in found.items())


def past_of(item_id: str, as_of: datetime) -> tuple[tuple[str, str], ...]:
    """What became of the claims of one item until now, each with its name; nothing while there are too few."""
    found = reading.open_item(current(as_of), item_id)
    if found["decided"] < FEWEST:
        return ()
    told = [(say("已决定"), f"{found['decided']:,}")]
    if not _is_few(found["granted"]) and not _is_few(found["decided"] - found["granted"]):
        told.append((say("同意的"), f"{Decimal(found['granted']) / found['decided']:.0%}"))
    if found["paid_fen"] and not _is_few(found["paid"]):
        told.append((say("已付，元"), yuan(found["paid_fen"])))
    if found["steps"] >= FEWEST:
        promised, real = (f"{days:.1f}" for days in found.average_days)
        words = "当天办完，承诺 {promised} 天" if real == "0.0" else "{real} 天，承诺 {promised} 天"
        told.append((say("平均一步"), say(words, real=real, promised=promised)))
    return tuple(told)


def _places(found: Mapping[str, Sums], as_of: datetime) -> dict[str, Sums]:
    """By the place below the top that a region belongs to; who claimed is entitled, told or not."""
    tops, groups = _place_of(as_of), defaultdict(list)
    for region, sums in found.items():
        groups[tops.get(region, region)].append(sums)
    totals = {place: reading.total(group).counts for place, group in groups.items()}
    return {place: Sums({**sums, "matched": max(sums["matched"], sums["claimed"])}) for place, sums in totals.items()}


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
    if not entitled or _is_few(entitled) or _is_few(paid):
        return say("还没有可以公开的数字")
    return say("每 100 份该享的，{n} 份已经兑现", n=round(100 * paid / entitled))


def _policies(whole: Sums) -> tuple[Bar, ...]:
    counts = (("拆成事项", "itemised"), ("现在可办", "open"), ("免申即享", "automatic"))
    return (
        Bar(say("现行政策"), whole["issued"], "", ()),
        *_bars([(say(words), whole[name]) for words, name in counts]),
    )


def _bars(counts: Sequence[tuple[str, int]], fewest: int = 0) -> tuple[Bar, ...]:
    whole = max(counts[0][1], 1)
    return tuple(
        Bar(name, number, f"{Decimal(number) / whole:.1%}", bar(whole, [("ink", min(number, whole))]))
        if number == 0 or number >= fewest
        else Bar(name, 0, "", bar(whole, []), say("少于 {n}", n=fewest))
        for name, number in counts
    )


def _is_few(number: int) -> bool:
    return 0 < number < FEWEST


def _kept_back(column: Mapping[str, int]) -> frozenset[str]:
    """Which cells of a column are not shown: those below five, and the next smallest until they hold five together."""
    few = {name for name, number in column.items() if _is_few(number)}
    rest = sorted((number, name) for name, number in column.items() if number >= FEWEST)
    while few and rest and sum(column[name] for name in few) < FEWEST:
        few.add(rest.pop(0)[1])
    return frozenset(few)


def _back_of(places: Mapping[str, Sums]) -> Back:
    """For each stage which rows of a table do not show it."""
    return {stage: _kept_back({name: sums[stage] for name, sums in places.items()}) for stage in STAGES}


def _shown(name: str, stage: str, sums: Sums, back: Back) -> str:
    """One cell of a table."""
    if _is_few(sums[stage]):
        return say("少于 {n}", n=FEWEST)
    return say("不显示") if name in back[stage] else f"{sums[stage]:,}"


def _share(code: str, sums: Sums, back: Back) -> Decimal | None:
    if sums["matched"] < FEWEST or code in back["matched"] | back["paid"]:
        return None
    return Decimal(sums["paid"]) / sums["matched"]


def _shares(places: Mapping[str, Sums], back: Back) -> list[tuple[str, Decimal]]:
    found = ((region_name(code), _share(code, sums, back)) for code, sums in sorted(places.items()))
    return [(name, share) for name, share in found if share is not None]


def _map_heading(shares: Sequence[tuple[str, Decimal]]) -> str:
    if not shares:
        return say("各地兑现率")
    name, lowest = min(shares, key=lambda one: one[1])
    return say("各地兑现率：{place}最低，{share}", place=name, share=f"{lowest:.1%}")


def _place(code: str, sums: Sums, back: Back) -> PlaceLine:
    share = _share(code, sums, back)
    return PlaceLine(
        region_name(code),
        *(_shown(code, stage, sums, back) for stage in ("matched", "claimed", "paid")),
        say("人数少，不显示") if share is None else f"{share:.1%}",
    )


def _offices(found: Mapping[str, Sums]) -> tuple[OfficeLine, ...]:
    enough = {office: sums for office, sums in found.items() if sums["steps"] >= FEWEST}
    longest = max((max(sums.average_days) for sums in enough.values()), default=Decimal(1))
    lines, names = [], office_names(enough)
    for office, sums in enough.items():
        promised, real = sums.average_days
        chart = kept(promised, real, longest)
        lines.append(
            OfficeLine(names[office], sums["steps"], f"{promised:.1f}", f"{real:.1f}", sums["late_steps"], chart)
        )
    return tuple(sorted(lines, key=lambda line: (-line.late, line.name)))


def _days_heading(lines: Sequence[OfficeLine]) -> str:
    late = sum(line.late > 0 for line in lines)
    return say("办理天数：{n} 个部门有过超期", n=late) if late else say("办理天数：都在承诺之内")


def _item(face: ItemFace, sums: Sums, back: Back) -> ItemFigures:
    cells = [(say(name), _shown(face.item, stage, sums, back)) for stage, name in STAGES.items()]
    is_told = not _is_few(sums["paid"]) and face.item not in back["paid"]
    is_told &= bool(sums["paid_fen"]) or not sums["paid"]  # else it gives no money
    paid = (say("已付，元"), yuan(sums["paid_fen"]) if is_told else "")
    return ItemFigures(in_words(face.title_zh, face.title_en), item_href(face.item), (*cells, paid))


def _funds() -> Iterable[Fund]:
    names = catalogue.root().dictionary.budget_lines
    for line in funds.lines(scope=ALL):
        words = dict(names[line.id].words) if line.id in names else {"zh": line.name}
        paid = line.paid - line.returned
        parts = [("ink", paid), ("accent", line.committed + line.in_flight)]
        yield Fund(_worded(words), line.total, paid, line.available, bar(line.total, parts))


def _worded(words: Mapping[str, str]) -> Text:
    return in_words(words["zh"], words.get("en", ""))
