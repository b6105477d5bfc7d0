"""The supervisor's overview: how far everything came, by department, place, month and item, and who is late."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.urls import reverse

from zhida.domain.values import Scope, local_date, yuan
from zhida.kernel.cases import tallies
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.inspection.urging import urged_by_office
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.standing import (
    ALSO,
    PEOPLE,
    POLICY,
    STAGES,
    Cell,
    Narrowed,
    Places,
    cards,
    cells,
    narrowed_scope,
    of_cards,
    place_name,
    summed,
)
from zhida.surfaces.desk.watch_records import Month, Number, OfficeKept, Row, Supervision
from zhida.surfaces.look.charts import bar, funnel, kept, tile_map
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Facet
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import in_words

MONTHS = 12


def supervision(officer: Officer, narrowed: Narrowed, as_of: datetime) -> Supervision:
    """The officer's scope, narrowed to an office, a place or an item."""
    places = Places(officer, narrowed, as_of)
    scope = narrowed_scope(officer, places)
    found, mine = cells(scope, narrowed, as_of), cards(scope, narrowed, as_of)
    total, policies = summed(found), of_cards(mine, as_of)
    regions = _rows(found, mine, as_of, narrowed, lambda one: places.of(one.region), "place")
    shares = [(row.name, _share(row.numbers)) for row in regions]
    known = [(str(name), share) for name, share in shares if share is not None]
    standing = ledger.standing()
    titles = {card.item_id: in_words(card.title_zh, card.title_en) for card in catalogue.item_cards(as_of=as_of)}
    return Supervision(
        as_of=as_of,
        where=where_of(narrowed, titles),
        headline=_headline(total),
        lead=_lead(total, sum(cell.paid_fen for cell in found)),
        policies=(Row(say("政策"), "", tuple(_numbers(policies, POLICY, narrowed))),),
        unit=say("匹配、告知按份数，一份是一户（人）的一个事项；申领以后按办件"),
        stages=funnel([(say(name), total[stage], _loss(stage, total)) for stage, name in PEOPLE.items()])
        if any(total[stage] for stage in PEOPLE)
        else (),
        numbers=tuple(_numbers(total, {**PEOPLE, **ALSO}, narrowed)),
        departments=_rows(found, mine, as_of, narrowed, lambda one: one.office, "office"),
        places=regions,
        map=tile_map(known) if known else None,
        map_heading=_map_heading(known),
        offices=_offices(found, scope, narrowed, as_of),
        months=_months(tallies.months(scope=scope)) if not (narrowed.office or narrowed.item) else (),
        items=tuple(_item_rows(found, titles, narrowed)),
        report=narrowed.href().replace(reverse("desk:supervision"), reverse("desk:inspection_report"), 1),
        entries=standing.entries,
        leaves=standing.leaves,
        root=standing.root,
        sealed_at=standing.sealed_at,
    )


def where_of(narrowed: Narrowed, titles: dict[str, Text]) -> tuple[Facet, ...]:
    """What the page is narrowed to, each with the way to widen it."""
    told = (
        (narrowed.place, place_name(narrowed.place) if narrowed.place else "", narrowed.href(place="")),
        (narrowed.office, office_name(narrowed.office), narrowed.href(office="")),
        (narrowed.item, titles.get(narrowed.item, Text(narrowed.item, "en")), narrowed.href(item="")),
    )
    return tuple(Facet(name, href, None, True) for given, name, href in told if given)


def _numbers(counts: Counter[str], stages: dict[str, str], narrowed: Narrowed, **change: str) -> Iterable[Number]:
    for stage, name in stages.items():
        yield Number(say(name), counts[stage], narrowed.href(stage, **change) if counts[stage] else "")


def _rows(
    found: Sequence[Cell],
    mine: Sequence[ItemCard],
    as_of: datetime,
    narrowed: Narrowed,
    key: Callable[[Cell], str],
    asked: str,
) -> tuple[Row, ...]:
    """One row an office or place, with policies that it issued and people of it."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        groups[key(cell)].append(cell)
    issued: dict[str, list[ItemCard]] = defaultdict(list)
    for card in mine:
        issued[key(Cell(card.item_id, card.owner_office, card.region, {}))].append(card)
    rows = []
    for name in sorted({*groups, *issued}):
        counts = summed(groups[name]) + of_cards(issued[name], as_of)
        numbers = tuple(_numbers(counts, {**STAGES, "late": ALSO["late"]}, narrowed, **{asked: name}))
        share = _share(numbers)
        words = office_name(name) if asked == "office" else place_name(name)
        shown = f"{share:.1%}" if share is not None else ""
        rows.append(Row(words, narrowed.href(**{asked: name}), numbers, shown))
    return tuple(rows)


def _item_rows(found: Sequence[Cell], titles: dict[str, Text], narrowed: Narrowed) -> Iterable[Row]:
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        groups[cell.item].append(cell)
    for item, group in sorted(groups.items(), key=lambda one: -summed(one[1])["matched"]):
        numbers = tuple(_numbers(summed(group), {**PEOPLE, "late": ALSO["late"]}, narrowed, item=item))
        share = _share(numbers)
        title = titles.get(item, Text(item, "en"))
        shown = f"{share:.1%}" if share is not None else ""
        yield Row(title, narrowed.href(item=item), numbers, shown, sum(cell.paid_fen for cell in group))


def _share(numbers: Sequence[Number]) -> Decimal | None:
    """Paid of matched; none where nobody was matched, never above all."""
    by_name = {number.name: number.count for number in numbers}
    matched, paid = by_name[say(PEOPLE["matched"])], by_name[say(PEOPLE["paid"])]
    return min(Decimal(1), Decimal(paid) / matched) if matched else None


def _loss(stage: str, total: Counter[str]) -> str:
    """What became of those who are lost at a stage."""
    if stage == "claimed":
        return say("匹配到还没有申领的约 {n}", n=f"{max(0, total['matched'] - total['claimed']):,}")
    if stage == "decided":
        return say("办理中 {n}，其中超期 {m}", n=f"{total['running']:,}", m=f"{total['late']:,}")
    if stage == "paid":
        refused, paying = total["decided"] - total["granted"], total["granted"] - total["paid"]
        return say("不予同意 {m}，拨付中 {n}", n=f"{paying:,}", m=f"{refused:,}")
    return ""


def _headline(total: Counter[str]) -> str:
    if not total["matched"]:
        return say("申领 {n} 件，兑现 {m} 件", n=f"{total['claimed']:,}", m=f"{total['paid']:,}")
    share = round(100 * min(total["paid"], total["matched"]) / total["matched"])
    steps = [total[stage] for stage in ("matched", "claimed", "decided", "paid")]
    losses = [before - after for before, after in pairwise(steps)]
    if max(losses) <= 0:
        return say("应享的全部到账")
    stops = (say("申领之前"), say("审核"), say("拨付"))
    return say("每 100 份该享的，{n} 份已经兑现；最多的停在{stop}", n=share, stop=stops[losses.index(max(losses))])


def _lead(total: Counter[str], paid_fen: int) -> str:
    words = {"matched": f"{total['matched']:,}", "paid": f"{total['paid']:,}", "late": f"{total['late']:,}"}
    return say("匹配 {matched} 份，兑现 {paid} 件，共 {amount} 元；超期 {late} 件。", amount=yuan(paid_fen), **words)


def _map_heading(shares: Sequence[tuple[str, Decimal]]) -> str:
    if not shares:
        return say("各地兑现")
    name, lowest = min(shares, key=lambda one: one[1])
    return say("各地兑现：{place}最低，{share}", place=name, share=f"{lowest:.1%}")


def _offices(found: Sequence[Cell], scope: Scope, narrowed: Narrowed, as_of: datetime) -> tuple[OfficeKept, ...]:
    """Every office with something under way or done, those with most late cases first."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        groups[cell.office].append(cell)
    promises: dict[str, list[tallies.Kept]] = defaultdict(list)
    for one in tallies.promises(scope=scope, item=narrowed.item):
        if narrowed.office in ("", one.office):
            promises[one.office].append(one)
    averages = {office: _average(group) for office, group in promises.items()}
    longest = max((max(pair) for pair in averages.values()), default=Decimal(1))
    urged, today = urged_by_office(scope.offices), local_date(as_of)
    latest = tallies.latest(scope=scope, today=today, item=narrowed.item)
    lines = []
    for office in {*groups, *promises}:
        total = summed(groups[office])
        running, late = _numbers(total, {name: ALSO[name] for name in ("running", "late")}, narrowed, office=office)
        promised, real = averages.get(office, (Decimal(0), Decimal(0)))
        steps = sum(one.steps for one in promises[office])
        if steps or total["running"]:
            lines.append(
                OfficeKept(
                    office_name(office), steps, f"{promised:.1f}", f"{real:.1f}",
                    sum(one.late for one in promises[office]), kept(promised, real, longest) if steps else None,
                    running, late, _worst(latest.get(office), today), *urged.get(office, (0, 0)),
                )
            )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (-line.late.count, -line.late_steps, line.name)))


def _average(group: Sequence[tallies.Kept]) -> tuple[Decimal, Decimal]:
    steps = sum(one.steps for one in group)
    return (
        Decimal(sum(one.promised_days for one in group)) / steps,
        Decimal(sum(one.real_days for one in group)) / steps,
    )


def _worst(since: date | None, today: date) -> str:
    return case_words.due_words(since, today, offices.calendar()) if since else say("没有超期")


def _months(found: dict[tuple[date, str], int]) -> tuple[Month, ...]:
    """The last months in which anything happened, each number with its bar."""
    names = {"claimed": "申领，件", "decided": "办结，件", "paid": "兑现，笔"}
    largest = max(found.values(), default=0)
    shown = sorted({month for month, _ in found})[-MONTHS:]
    return tuple(
        Month(month, tuple(
            (Number(say(words), found.get((month, name), 0)), bar(largest, [("ink", found.get((month, name), 0))]))
            for name, words in names.items()
        ))
        for month in shown
    )  # fmt: skip
