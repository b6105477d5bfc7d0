"""The guide of one item: who qualifies, what it pays, the steps and their promised days."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.packs import Item, Obligation, Pack
from zhida.domain.process import Process
from zhida.domain.rules import Requirement
from zhida.domain.values import Span, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Step
from zhida.surfaces.look.telling.cases import planned
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import (
    AUDIENCES,
    claim_words,
    clauses_of,
    document_of,
    how_much_of,
    item_href,
    quotes_of,
    requirement_title,
    state_of,
    title_of,
    window_words,
)
from zhida.surfaces.portal.presenters.examples import worked_example
from zhida.surfaces.portal.presenters.figures import past_of
from zhida.surfaces.portal.presenters.standards import table_face, tables_of
from zhida.surfaces.portal.records import ItemPage, Need

HOW_SETTLED = {
    "computed": "系统按数据核对",
    "evidenced": "看材料，由人核实",
    "judged": "由人审核",
    "undertaken": "提交时承诺",
}
NOTES = {
    "automatic": "系统用部门数据核对，符合的会收到通知，点一次确认就行。",
    "instant": "提交后系统当场核对，符合的马上有结果。",
    "applied": "数据已有的不用填，只答系统不知道的；每一步都能看到谁在办、哪天办完。",
}
BREACHES = {"recover": "违反的要退回", "repay": "违反的要退回"}


def item_page(item_id: str, as_of: datetime) -> ItemPage:
    """One item's guide. Raises ConflictError `not_published`."""
    found = catalogue.item(item_id, as_of=as_of)
    item, pack, today = found.item, found.pack, local_date(as_of)
    dictionary = catalogue.root(found.revision_id).dictionary
    window = _window(item, pack)
    cited = _amount_cites(item, pack)
    process = pack.process or Process()
    is_open = state_of(window, today)[0] == "yes"
    return ItemPage(
        title=title_of(pack, item),
        policy=document_of(pack),
        how_much=how_much_of(pack, item),
        audience=say(AUDIENCES[item.audience]),
        claim=claim_words(item.claim),
        claim_note=say(NOTES[str(item.claim)]),
        window=window_words(window, today),
        promised_days=_promised(process),
        owner=office_name(pack.owner),
        region=region_name(pack.region),
        amount_fen=None,
        needs=tuple(_need(pack, requirement) for requirement in item.program.requires),
        tables=tuple(table_face(table, pack, dictionary) for table in tables_of(item.program)),
        amount_clauses=clauses_of(pack, cited),
        amount_quotes=quotes_of(pack, cited),
        papers=tuple(_worded(pack, "papers", name) for name in pack.form.papers if name in item.requires),
        asked=tuple(_worded(pack, "questions", name) for name in pack.form.questions if name in item.reads),
        steps=_steps(item, process),
        obligations=tuple(_obligation(pack, one) for one in item.obligations),
        example=worked_example(item, pack, dictionary),
        past=past_of(item_id, as_of),
        calendar_href=f"{reverse('portal:calendar_file')}?{urlencode({'item': item_id})}" if window.end else "",
        compare_href=_comparable(pack.measures.get(item.name, ""), as_of),
        act_href=item_href(item_id, "portal:claim"),
        act_words=say("去确认") if str(item.claim) == "automatic" else say("去申报"),
        is_open=is_open,
        calculator_href=_calculator(item),
    )


def _comparable(measure: str, as_of: datetime) -> str:
    """Where the item stands beside other places' items; "" where no other place has its measure."""
    if not measure or len(catalogue.item_cards(as_of=as_of, measures=[measure])) < 2:
        return ""
    return reverse("portal:compared", args=[measure])


def _calculator(item: Item) -> str:
    if item.audience == "organisation":
        return reverse("portal:calculator")
    return f"{reverse('portal:result')}?audience={item.audience}"


def _window(item: Item, pack: Pack) -> Span:
    starts = [span.start for span in (item.window, pack.valid) if span.start]
    ends = [span.end for span in (item.window, pack.valid) if span.end]
    return Span(max(starts, default=None), min(ends, default=None))


def _need(pack: Pack, requirement: Requirement) -> Need:
    anchors = [*requirement.cites, *(anchor for one in requirement.alternatives for anchor in one.cites)]
    how = say(HOW_SETTLED[requirement.kind])
    if len(requirement.alternatives) > 1:
        how = say("{how}，{n} 种情形符合一种就行", how=how, n=len(requirement.alternatives))
    return Need(requirement_title(pack, requirement.name), how, clauses_of(pack, anchors), quotes_of(pack, anchors))


def _amount_cites(item: Item, pack: Pack) -> tuple[str, ...]:
    amount = pack.schema.amounts.get(item.benefit.amount)
    cited = list(amount.cites) if amount else []
    cited += [anchor for table in tables_of(item.program) for anchor in table.cites]
    return tuple(dict.fromkeys(cited)) or item.cites


def _worded(pack: Pack, kind: str, name: str) -> Text:
    for lang in dict.fromkeys((spoken(), "zh")):
        words = getattr(pack.words[lang], kind) if lang in pack.words else {}
        if name in words:
            return Text(words[name], lang)
    return requirement_title(pack, name)


def _promised(process: Process) -> int:
    return sum(step.within_working_days or getattr(step, "working_days", None) or 0 for step in process.steps)


def _steps(item: Item, process: Process) -> tuple[Step, ...]:
    first = {"automatic": "系统核对，通知您", "instant": "您提交", "applied": "您提交"}[str(item.claim)]
    opening = [Step("next", say(first))]
    if str(item.claim) == "automatic":
        opening.append(Step("next", say("您点一次确认"), (say("10 分钟内可以撤回"),)))
    last = [Step("next", say("到账"))] if item.pays else []
    return (*opening, *planned(process.steps), *last)


def _obligation(pack: Pack, obligation: Obligation) -> str:
    words = str(_worded(pack, "obligations", obligation.name))
    if obligation.until:
        words = say("{words}，到 {date} 为止", words=words, date=obligation.until.isoformat())
    elif obligation.years:
        words = say("{words}，{n} 年内", words=words, n=obligation.years)
    return words + (say("；{breach}", breach=say(BREACHES[obligation.breach])) if obligation.breach in BREACHES else "")
