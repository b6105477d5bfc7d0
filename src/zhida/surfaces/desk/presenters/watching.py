"""How much of what people are entitled to has reached them, and who is late."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import pairwise

from zhida.domain.values import Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import queries as offices
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.records import ItemReach, OfficeLate, Supervision
from zhida.surfaces.look.charts import bar, funnel
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import in_words, item_href

RUNNING = ("submitted", "in_review", "returned", "decided")


def supervision(officer: Officer, as_of: datetime) -> Supervision:
    """The whole of the officer's scope."""
    cards = {card.item_id: card for card in catalogue.item_cards(as_of=as_of)}
    run = entitlements.latest_run()
    entitled: dict[str, int] = defaultdict(int)
    if run is not None:
        for count in entitlements.counts(run.id, scope=_wide(officer.scope)):
            entitled[count.item_id] += count.entitled
    found = cases.cases(scope=officer.scope, limit=100_000)
    by_item: dict[str, list[CaseRecord]] = defaultdict(list)
    for case in found:
        by_item[case.item].append(case)
    reaches = tuple(
        _reach(card, entitled[item_id], by_item[item_id]) for item_id, card in cards.items()
        if entitled[item_id] or by_item[item_id]
    )  # fmt: skip
    totals = [sum(reach.stages[place].count for reach in reaches) for place in range(4)]
    stages = funnel(_named(totals, _reasons(found)))
    standing = ledger.standing()
    return Supervision(
        as_of=as_of,
        headline=_headline(totals),
        lead=_lead(totals, sum(reach.paid_fen for reach in reaches)),
        unit=say("对象，户或人"),
        stages=stages if totals[0] else (),
        items=tuple(sorted(reaches, key=lambda reach: -reach.stages[0].count)),
        offices=_offices(found, as_of),
        entries=standing.entries,
        leaves=standing.leaves,
        root=standing.root,
        sealed_at=standing.sealed_at,
    )


def _wide(scope: Scope) -> Scope:
    return Scope(scope.offices, scope.regions, None, scope.purpose)


def _reach(card: ItemCard, entitled: int, found: list[CaseRecord]) -> ItemReach:
    claimed = {case.subject_id for case in found if case.state != "draft" and case.outcome != "withdrawn"}
    granted = [case for case in found if case.outcome == "granted"]
    paid = [case for case in granted if case.state in ("fulfilled", "closed")]
    counts = [
        max(entitled, len(claimed)),
        len(claimed),
        len({c.subject_id for c in granted}),
        len({c.subject_id for c in paid}),
    ]
    share = f"{counts[3] / counts[0]:.1%}" if counts[0] else ""
    return ItemReach(
        in_words(card.title_zh, card.title_en),
        item_href(card.item_id),
        funnel(_named(counts, ("", "", "", ""))),
        sum(case.amount_fen or 0 for case in paid),
        share,
    )


def _named(counts: list[int], words: tuple[str, str, str, str]) -> list[tuple[str, int, str]]:
    names = (say("应享"), say("申领"), say("同意"), say("到账"))
    return [(name, count, why) for name, count, why in zip(names, counts, words, strict=True)]


def _reasons(found: tuple[CaseRecord, ...]) -> tuple[str, str, str, str]:
    """What became of those who are lost at each stage."""
    drafts = sum(case.state == "draft" for case in found)
    reviewing = sum(case.state in ("submitted", "in_review", "returned") for case in found)
    refused = sum(case.outcome == "refused" for case in found)
    paying = sum(case.state == "decided" and case.outcome == "granted" for case in found)
    return (
        "",
        say("没有申领，其中等一次确认的 {n}", n=drafts),
        say("审核中 {n}，不予同意 {m}", n=reviewing, m=refused),
        say("拨付中 {n}", n=paying),
    )


def _headline(totals: list[int]) -> str:
    if not totals[0]:
        return say("还没有做过全量比对")
    share = round(100 * totals[3] / totals[0])
    losses = [before - after for before, after in pairwise(totals)]
    stops = (say("申领之前"), say("审核"), say("拨付"))
    worst = stops[losses.index(max(losses))]
    if max(losses) == 0:
        return say("应享的全部到账")
    return say("每 100 户该享的，{n} 户已经到账；最多的人停在{stop}", n=share, stop=worst)


def _lead(totals: list[int], paid_fen: int) -> str:
    words = {"entitled": f"{totals[0]:,}", "paid": f"{totals[3]:,}", "amount": f"{paid_fen / 100:,.2f}"}
    return say("应享 {entitled} 户（人），{paid} 户（人）到账，共 {amount} 元。", **words)


def _offices(found: tuple[CaseRecord, ...], as_of: datetime) -> tuple[OfficeLate, ...]:
    today, calendar = local_date(as_of), offices.calendar()
    running: dict[str, list[CaseRecord]] = defaultdict(list)
    for case in found:
        if case.state in RUNNING:
            running[case.office].append(case)
    lines = []
    for office, group in running.items():
        late = [case.due_on for case in group if case.due_on and case.due_on < today]
        worst = case_words.due_words(min(late), today, calendar) if late else say("没有超期")
        parts = [("hatch-most", len(late)), ("ink", len(group) - len(late))]
        lines.append(OfficeLate(office_name(office), len(group), len(late), worst, bar(len(group), parts)))
    return tuple(sorted(lines, key=lambda line: (-line.late, -line.running)))
