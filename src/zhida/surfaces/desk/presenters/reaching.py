"""Outreach as its makers and its workers see it: who is left over, the lists, and a sheet for the resident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from zhida.domain.packs import Dictionary
from zhida.domain.values import Scope, local_date, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.services.figures import reading
from zhida.services.figures.keeping import current
from zhida.services.outreach import building, reaching, rounds
from zhida.services.outreach.rounds import ContactRecord, Opened, RoundRecord
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.outreach_records import (
    BuildingLeft,
    ContactLine,
    ItemLeft,
    OutreachPage,
    PlaceLeft,
    RoundLine,
    Sheet,
    VisitPage,
)
from zhida.surfaces.desk.presenters.watching import title_of as title_by_face
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Choice, Facet, Question
from zhida.surfaces.look.shell import site_name
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import how_much_of, in_words, requirement_title, title_of
from zhida.surfaces.look.telling.subjects import masked

ADDRESS, WHOLE = "address", "-"
ITEMS = 50
KINDS = {"visit": "上门", "call": "电话"}
RESULTS = {
    "reached": "见到了",
    "not_at_home": "不在家",
    "refused": "不愿意办",
    "applied": "已经申领",
    "wrong_number": "地址或号码不对",
}
HOW = {
    "automatic": "符合的不用申请：收到通知后点一次确认，或者请网格员帮您确认。",
    "instant": "带上身份证或营业执照，当场就能办好；也可以在网上办。",
    "applied": "在网上申请，数据已有的不用填；不会上网的，请网格员帮办。",
}


def outreach_page(officer: Officer, item: str, as_of: datetime, street: str = "", after: str = "") -> OutreachPage:
    """The items, those with most left over first, from after one of them on; or one item by place, or one street of it
    by building, with the act that makes a list."""
    made = rounds.rounds(places=officer.scope.offices)
    titles = _titles({item, *(one.item for one in made)}, as_of)
    if item not in titles:
        return _items(officer, as_of, after, _rounds(made, titles, officer.scope, as_of))
    here = reaching.coverage(item, scope=officer.scope)
    tree = offices.region_tree(local_date(as_of))
    found = [one for one in here if one.region == street]
    here = tuple(found) or here
    places = tuple(
        PlaceLeft(region_name(one.region), region_name(tree.parents.get(one.region, "")), one.entitled, one.unclaimed,
                  _covered(one.entitled, one.unclaimed), f"{reverse('desk:outreach')}?item={item}&place={one.region}")
        for one in here
    )  # fmt: skip
    buildings = _buildings(officer, item, street, as_of) if found else ()
    make = _make(officer, [one.region for one in here if one.unclaimed], as_of, street if found else "")
    sums = sum(one.entitled for one in here), sum(one.unclaimed for one in here)
    mine = _rounds([one for one in made if one.item == item], titles, officer.scope, as_of)
    where = region_name(street) if found else ""
    shown = () if found else places
    return OutreachPage(None, (), "", titles[item], shown, where, buildings, *sums, make, mine)


def _buildings(officer: Officer, item: str, street: str, as_of: datetime) -> tuple[BuildingLeft, ...]:
    within = offices.regions_within(frozenset({street}), local_date(as_of))
    where = building_attributes(catalogue.root().dictionary)
    found = building.by_building(item, within, scope=officer.scope, attributes=where, as_of=as_of)
    return tuple(
        BuildingLeft(building_name(one.building), one.entitled,
                     "" if one.unclaimed is None else f"{one.unclaimed:,}",
                     "" if one.unclaimed is None else _covered(one.entitled, one.unclaimed))
        for one in found
    )  # fmt: skip


def building_name(code: str) -> str:
    """What a building is called."""
    told = {building.REST: "其余的楼", building.UNKNOWN: "没有登记楼栋"}
    return say(told[code]) if code in told else catalogue.root().dictionary.code_trees[ADDRESS].named(code, spoken())


def building_attributes(dictionary: Dictionary) -> frozenset[str]:
    """The attributes that say in which building somebody lives: those whose values are of the address register."""
    return frozenset(name for name, entry in dictionary.attributes.items() if entry.fact.code_tree == ADDRESS)


def _items(officer: Officer, as_of: datetime, after: str, lines: tuple[RoundLine, ...]) -> OutreachPage:
    tally, page = current(as_of), reverse("desk:outreach")
    found = reading.ranked(tally, scope=officer.scope, by_left=True, after=after, most=ITEMS + 1)
    faces = reading.faces(tally, found)
    items = tuple(
        ItemLeft(title_by_face(item, faces), f"{page}?item={item}", sums["matched"], sums["told"], sums["claimed"])
        for item, sums in list(found.items())[:ITEMS]
    )
    more = f"{page}?after={list(found)[ITEMS - 1]}" if len(found) > ITEMS else ""
    return OutreachPage(tally.as_of, items, more, Text(""), (), "", (), 0, 0, None, lines)


def _titles(items: Iterable[str], as_of: datetime) -> dict[str, Text]:
    """The titles of those in force."""
    packs = {item.rpartition("/")[0] for item in items}
    cards = catalogue.item_cards(as_of=as_of, pack_ids=packs) if packs else ()
    return {card.item_id: in_words(card.title_zh, card.title_en) for card in cards}


def _make(officer: Officer, regions: Iterable[str], as_of: datetime, street: str = "") -> Act | None:
    """The act that makes a list; none where nobody is left over or nobody can be sent."""
    workers = [one for one in offices.duties_at(officer.scope, as_of) if one.role == "gridworker"]
    names = accounts.names_of({one.account for one in workers})
    within = [street] if street else sorted(_with_above(regions, as_of))
    if not workers or not within or officer.role != "supervisor":
        return None
    blank = Choice("", say("请选择"), True)
    places = (*(() if street else (blank,)), *(Choice(code, region_name(code)) for code in within))
    whom = {one.account: f"{names.get(one.account, '')}{say('，')}{office_name(one.office)}" for one in workers}
    return Act(
        "list",
        say("列出名单，交给网格员"),
        say("最多 {n} 户（人）；已经在名单上的不重复列。", n=rounds.LARGEST),
        "act",
        say("做什么用（本人看得到）"),
        (
            Question("place", say("地区"), "select", choices=places),
            *_which_building(street),
            Question("kind", say("怎么联系"), "select", choices=tuple(Choice(k, say(v)) for k, v in KINDS.items())),
            Question("worker", say("网格员"), "select", choices=(blank, *(Choice(k, v) for k, v in whom.items()))),
        ),
        token=new_id("round"),
    )


def _which_building(street: str) -> tuple[Question, ...]:
    tree = catalogue.root().dictionary.code_trees.get(ADDRESS)
    codes = [code for code, parent in tree.parents.items() if parent == street] if tree and street else []
    if not codes:
        return ()
    choices = (Choice(WHOLE, say("整条街道")), *(Choice(code, building_name(code)) for code in codes))
    return (Question("building", say("哪栋楼"), "select", choices=choices),)


def _with_above(regions: Iterable[str], as_of: datetime) -> set[str]:
    """The regions and those right above them: a street, or a whole district."""
    tree, found = offices.region_tree(local_date(as_of)), set()
    for region in regions:
        above = tree.parents.get(region, "")
        found |= {region, above} if tree.parents.get(above, "") else {region}
    return found


def _covered(entitled: int, unclaimed: int) -> str:
    return f"{Decimal(entitled - unclaimed) / entitled:.1%}" if entitled else ""


def _rounds(
    made: Sequence[RoundRecord], titles: Mapping[str, Text], scope: Scope, as_of: datetime
) -> tuple[RoundLine, ...]:
    """The lists as they stand, with the coverage of their places before and now; each item is counted once."""
    names, here = accounts.names_of({one.worker for one in made}), replace(scope, offices=None)
    now = {item: reaching.coverage(item, scope=here) for item in {one.item for one in made if not one.building}}
    tree = offices.region_tree(local_date(as_of)) if now else None
    found = []
    for one in made:
        within = [each for each in now.get(one.item, ()) if tree and tree.within(each.region, one.place)]
        sums = sum(each.entitled for each in within), sum(each.unclaimed for each in within)
        found.append(_round(one, titles, names.get(one.worker, ""), "" if one.building else _covered(*sums)))
    return tuple(found)


def _round(one: RoundRecord, titles: Mapping[str, Text], worker: str, now: str) -> RoundLine:
    told = say("，").join(f"{say(RESULTS[name])} {count}" for name, count in one.results.items())
    return RoundLine(
        titles.get(one.item, Text(one.item, "en")),
        building_name(one.building) if one.building else region_name(one.place),
        say(KINDS[one.kind]),
        one.purpose,
        worker,
        one.made_at,
        one.contacts,
        one.tried,
        told,
        "" if one.building else _covered(one.entitled, one.unclaimed),
        now,
        reverse("desk:visit", args=[one.id]),
    )


def my_rounds(officer: Officer, as_of: datetime) -> tuple[RoundLine, ...]:
    """The worker's own lists, the newest first."""
    mine = rounds.rounds(worker=officer.account)
    titles = _titles([one.item for one in mine], as_of)
    return _rounds(mine, titles, officer.scope, as_of)


def visit_page(
    round_id: str,
    officer: Officer,
    as_of: datetime,
    opened: tuple[str, Opened] | None = None,
    fault: str = "",
    only: str = "",
) -> VisitPage:
    """One list of the worker's own, of one building where `only` names it; `opened` is the contact just opened."""
    record = rounds.round_of(round_id, by=officer.at(""))
    titles = _titles([record.item], as_of)
    found = rounds.contacts(round_id, on=local_date(as_of))
    known = registry.subjects([one.subject_id for one in found], scope=replace(officer.scope, offices=None))
    names = {subject_id: masked(subject) for subject_id, subject in known.items()}
    counts = Counter(one.building for one in found)
    only = only if only in counts else ""
    shown = [(n, one) for n, one in enumerate(found, 1) if not only or one.building == only]
    lines = tuple(_contact(n, one, names, opened, as_of) for n, one in shown)
    results = tuple((name, say(words)) for name, words in RESULTS.items())
    sheet = reverse("desk:sheet", args=record.item.split("/"))
    (line,) = _rounds([record], titles, officer.scope, as_of)
    return VisitPage(round_id, line, sheet, _facets(round_id, counts, only), lines, results, fault)


def _facets(round_id: str, counts: Mapping[str, int], only: str) -> tuple[Facet, ...]:
    """The buildings of a list; none where it names none."""
    page = reverse("desk:visit", args=[round_id])
    known = sorted(code for code in counts if code)
    each = (Facet(building_name(code), f"{page}?building={code}", counts[code], code == only) for code in known)
    return (Facet(say("全部"), page, sum(counts.values()), not only), *each) if known else ()


def _contact(
    number: int, one: ContactRecord, names: Mapping[str, str], opened: tuple[str, Opened] | None, as_of: datetime
) -> ContactLine:
    shown = opened[1] if opened and opened[0] == one.id else None
    dictionary = catalogue.root().dictionary
    facts = tuple(fact_words.line(key, fact, dictionary) for key, fact in shown.facts.known.items()) if shown else ()
    due = one.call_back_on is not None and one.call_back_on <= local_date(as_of)
    return ContactLine(
        one.id,
        number,
        shown.subject.name if shown else names.get(one.subject_id, ""),
        region_name(one.region),
        building_name(one.building) if one.building else "",
        say(RESULTS[one.result]) if one.result else say("还没有联系"),
        one.note,
        one.call_back_on,
        due,
        one.result in rounds.DONE,
        facts,
        shown is not None,
    )


def where_attributes(dictionary: Dictionary) -> frozenset[str]:
    """The attributes that say where somebody lives: those whose values are regions or buildings."""
    trees = ("region", ADDRESS)
    return frozenset(name for name, entry in dictionary.attributes.items() if entry.fact.code_tree in trees)


def sheet(item_id: str, as_of: datetime) -> Sheet:
    """What is left with a resident. Raises ConflictError `not_published`."""
    found = catalogue.item(item_id, as_of=as_of)
    needs = tuple(requirement_title(found.pack, name) for name in found.item.requires)
    return Sheet(
        title_of(found.pack, found.item),
        how_much_of(found.pack, found.item),
        needs,
        say(HOW[str(found.item.claim)]),
        office_name(found.pack.owner),
        str(site_name()),
    )
