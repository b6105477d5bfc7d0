"""The supervisor's overview: how far everything came, by department, place, month and item, and who is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.urls import reverse

from zhida.domain.process import WorkCalendar
from zhida.domain.values import Scope, local_date, yuan
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.figures import reading
from zhida.services.figures.keeping import Standing, current
from zhida.services.figures.reading import ItemFace, Sums
from zhida.services.inspection.urging import urged_by_office
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.standing import (
    ALSO,
    PEOPLE,
    POLICY,
    STAGES,
    Narrowed,
    Places,
    narrowed_scope,
    place_name,
)
from zhida.surfaces.desk.watch_records import Month, Number, OfficeKept, Row, Supervision
from zhida.surfaces.look.charts import bar, funnel, kept, tile_map
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Facet
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.offices import office_name, office_names
from zhida.surfaces.look.telling.policies import in_words

MONTHS = 12
ITEMS = 50


def supervision(
    officer: Officer, narrowed: Narrowed, as_of: datetime, *, after: str = "", most: int = ITEMS
) -> Supervision:
    """The officer's scope, narrowed to an office, a place or an item; the items by most entitled, `most` from the one
    after `after` on."""
    tally = current(as_of)
    places = Places(officer, narrowed, as_of)
    scope = narrowed_scope(officer, places)
    offices_found = reading.sums_by("office", tally, scope=scope, **narrowed.only)
    names = office_names(offices_found)
    total = reading.total(offices_found.values())
    items = reading.ranked(tally, scope=scope, **narrowed.only, after=after, most=most + 1)
    faces = reading.faces(tally, {*items, narrowed.item})
    regions = _place_rows(reading.sums_by("region", tally, scope=scope, **narrowed.only), places, narrowed)
    shares = [(row.name, _share(row.numbers)) for row in regions]
    known = [(str(name), share) for name, share in shares if share is not None]
    standing = ledger.standing()
    return Supervision(
        as_of=tally.as_of,
        where=where_of(narrowed, faces),
        headline=_headline(total),
        lead=_lead(total),
        policies=(Row(say("政策"), "", tuple(_numbers(total, POLICY, narrowed))),),
        unit=say(
            "匹配、告知按份数，一份是一户（人）的一个事项；申领以后按办件。公开数字的“应享”还算没匹配到、自己来申领的，所以多些。"
        ),
        stages=funnel([(say(name), total[stage], _loss(stage, total)) for stage, name in PEOPLE.items()])
        if any(total[stage] for stage in PEOPLE)
        else (),
        numbers=tuple(_numbers(total, {**PEOPLE, **ALSO}, narrowed)),
        departments=tuple(
            _row(names[office], found, STAGES, narrowed, office=office)
            for office, found in sorted(offices_found.items())
            if any(found[stage] for stage in STAGES)
        ),
        places=regions,
        map=tile_map(known) if known else None,
        map_heading=_map_heading(known),
        offices=_offices(offices_found, names, scope, narrowed, tally),
        months=_months(reading.months(tally, scope=scope)) if not (narrowed.office or narrowed.item) else (),
        items=tuple(
            _row(title_of(item, faces), found, PEOPLE, narrowed, item=item)
            for item, found in list(items.items())[:most]
            if any(found[stage] for stage in PEOPLE)
        ),
        more=narrowed.href(after=list(items)[most - 1]) if len(items) > most else "",
        report=narrowed.href().replace(reverse("desk:supervision"), reverse("desk:inspection_report"), 1),
        entries=standing.entries,
        leaves=standing.leaves,
        root=standing.root,
        sealed_at=standing.sealed_at,
    )


def title_of(item: str, faces: Mapping[str, ItemFace]) -> Text:
    """An item's title; its id where it is no longer in force."""
    return in_words(faces[item].title_zh, faces[item].title_en) if item in faces else Text(item, "en")


def where_of(narrowed: Narrowed, faces: Mapping[str, ItemFace]) -> tuple[Facet, ...]:
    """What the page is narrowed to, each with the way to widen it."""
    told = (
        (narrowed.place, place_name(narrowed.place) if narrowed.place else "", narrowed.href(place="")),
        (narrowed.office, office_name(narrowed.office), narrowed.href(office="")),
        (narrowed.item, title_of(narrowed.item, faces), narrowed.href(item="")),
    )
    return tuple(Facet(name, href, None, True) for given, name, href in told if given)


def _numbers(counts: Sums, stages: Mapping[str, str], narrowed: Narrowed, **change: str) -> Iterable[Number]:
    for stage, name in stages.items():
        yield Number(say(name), counts[stage], narrowed.href(stage, **change) if counts[stage] else "")


def _row(name: Text | str, found: Sums, stages: Mapping[str, str], narrowed: Narrowed, **asked: str) -> Row:
    """One office, place or item, and the way to it alone."""
    numbers = tuple(_numbers(found, {**stages, "late": ALSO["late"]}, narrowed, **asked))
    share = _share(numbers)
    shown = f"{share:.1%}" if share is not None else ""
    gives_none = found["paid"] > 0 and not found["paid_fen"]
    return Row(name, narrowed.href(**asked), numbers, shown, None if gives_none else found["paid_fen"])


def _place_rows(found: Mapping[str, Sums], places: Places, narrowed: Narrowed) -> tuple[Row, ...]:
    groups: dict[str, list[Sums]] = defaultdict(list)
    for region, sums in found.items():
        if any(sums[stage] for stage in STAGES):
            groups[places.of(region)].append(sums)
    return tuple(
        _row(place_name(place), reading.total(group), STAGES, narrowed, place=place)
        for place, group in sorted(groups.items())
    )


def _share(numbers: Sequence[Number]) -> Decimal | None:
    """Paid of matched; none where nobody was matched, never above all."""
    by_name = {number.name: number.count for number in numbers}
    matched, paid = by_name[say(PEOPLE["matched"])], by_name[say(PEOPLE["paid"])]
    return min(Decimal(1), Decimal(paid) / matched) if matched else None


def _loss(stage: str, total: Sums) -> str:
    """What became of those who are lost at a stage."""
    if stage == "claimed":
        return say("匹配到还没有申领的约 {n}", n=f"{max(0, total['matched'] - total['claimed']):,}")
    if stage == "decided":
        return say("办理中 {n}，其中超期 {m}", n=f"{total['running']:,}", m=f"{total['late']:,}")
    if stage == "paid":
        refused, paying = total["decided"] - total["granted"], total["granted"] - total["paid"]
        return say("不予同意 {m}，拨付中 {n}", n=f"{paying:,}", m=f"{refused:,}")
    return ""


def _headline(total: Sums) -> str:
    if not total["matched"]:
        return say("申领 {n} 件，兑现 {m} 件", n=f"{total['claimed']:,}", m=f"{total['paid']:,}")
    share = round(100 * min(total["paid"], total["matched"]) / total["matched"])
    steps = [total[stage] for stage in ("matched", "claimed", "decided", "paid")]
    losses = [before - after for before, after in pairwise(steps)]
    if max(losses) <= 0:
        return say("应享的全部兑现")
    stops = (say("申领之前"), say("审核"), say("拨付"))
    return say("每 100 份该享的，{n} 份已经兑现；最多的停在{stop}", n=share, stop=stops[losses.index(max(losses))])


def _lead(total: Sums) -> str:
    words = {"matched": f"{total['matched']:,}", "paid": f"{total['paid']:,}", "late": f"{total['late']:,}"}
    return say(
        "匹配 {matched} 份，兑现 {paid} 件，付出 {amount} 元；现在超期 {late} 件。",
        amount=yuan(total["paid_fen"]),
        **words,
    )


def _map_heading(shares: Sequence[tuple[str, Decimal]]) -> str:
    if not shares:
        return say("各地兑现")
    name, lowest = min(shares, key=lambda one: one[1])
    return say("各地兑现：{place}最低，{share}", place=name, share=f"{lowest:.1%}")


def _offices(
    found: Mapping[str, Sums], names: Mapping[str, str], scope: Scope, narrowed: Narrowed, tally: Standing
) -> tuple[OfficeKept, ...]:
    """Every office with something under way or done, those with most late cases first."""
    averages = {office: sums.average_days for office, sums in found.items() if sums["steps"]}
    longest = max((max(pair) for pair in averages.values()), default=Decimal(1))
    urged, today, calendar = urged_by_office(scope.offices), local_date(tally.as_of), offices.calendar()
    lines = []
    for office, sums in found.items():
        running, late = _numbers(sums, {name: ALSO[name] for name in ("running", "late")}, narrowed, office=office)
        promised, real = averages.get(office, (Decimal(0), Decimal(0)))
        if sums["steps"] or sums["running"]:
            lines.append(
                OfficeKept(
                    names[office], sums["steps"], f"{promised:.1f}", f"{real:.1f}", sums["late_steps"],
                    kept(promised, real, longest) if sums["steps"] else None,
                    running, late, _worst(sums.late_since, today, calendar), *urged.get(office, (0, 0)),
                )
            )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (-line.late.count, -line.late_steps, line.name)))


def _worst(since: date | None, today: date, calendar: WorkCalendar) -> str:
    return case_words.due_words(since, today, calendar) if since else say("现在没有")


def _months(found: Mapping[date, Sums]) -> tuple[Month, ...]:
    """The last months in which anything happened, each number with its bar."""
    names = {"claimed": "申领，件", "decided": "办结，件", "paid": "兑现，笔"}
    largest = max((sums[name] for sums in found.values() for name in names), default=0)
    return tuple(
        Month(month, tuple((Number(say(words), found[month][name]), bar(largest, [("ink", found[month][name])]))
                           for name, words in names.items()))
        for month in sorted(found)[-MONTHS:]
    )  # fmt: skip
