"""The guide of one item: who qualifies, what it pays, the steps and their promised days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from zhida.domain.packs import Dictionary, Item, Obligation, Pack
from zhida.domain.process import Process
from zhida.domain.rules import FactType, Input, Node, Program, Requirement, Table, nodes, walk, write
from zhida.domain.values import FactKey, Span, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Step
from zhida.surfaces.look.telling import facts as fact_words
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
from zhida.surfaces.portal.records import ItemPage, Need, TableFace

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
        tables=tuple(_table(table, pack, dictionary) for table in _tables(item.program)),
        amount_clauses=clauses_of(pack, cited),
        amount_quotes=quotes_of(pack, cited),
        papers=tuple(_worded(pack, "papers", name) for name in pack.form.papers if name in item.requires),
        asked=tuple(_worded(pack, "questions", name) for name in pack.form.questions if name in item.reads),
        steps=_steps(item, process),
        obligations=tuple(_obligation(pack, one) for one in item.obligations),
        act_href=item_href(item_id, "portal:claim"),
        act_words=say("去确认") if str(item.claim) == "automatic" else say("去申报"),
        is_open=is_open,
        calculator_href=_calculator(item),
    )


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
    cited += [anchor for table in _tables(item.program) for anchor in table.cites]
    return tuple(dict.fromkeys(cited)) or item.cites


def _tables(program: Program) -> tuple[Table, ...]:
    """The tables that an item's amount reads, through the amounts it names."""
    found: dict[str, Table] = {}
    waiting: list[Node] = [program.amount] if program.amount is not None else []
    seen: set[str] = set()
    while waiting:
        for node in walk(waiting.pop()):
            if not isinstance(node, nodes.Name) or node.name in seen:
                continue
            seen.add(node.name)
            if node.name in program.schema.tables:
                found[node.name] = program.schema.tables[node.name]
            elif node.name in program.schema.amounts:
                waiting.append(program.schema.amounts[node.name].value)
    return tuple(found.values())


def _table(table: Table, pack: Pack, dictionary: Dictionary) -> TableFace:
    names = tuple(_column(column) for column in table.by)
    heads = tuple(fact_words.label(dictionary, FactKey(name), pack) for name in names)
    told_by = tuple((name, fact_words.fact_type(dictionary, name, pack)) for name in names)
    rows = tuple(
        (
            *(_cell(cell, told, pack, dictionary) for cell, told in zip(row.cells, told_by, strict=True)),
            _given(row.gives),
        )
        for row in table.rows
    )
    return TableFace(say("、").join(heads), (*heads, say("标准")), rows, clauses_of(pack, table.cites))


def _column(column: Input) -> str:
    """The fact or the record's field that a column tests; its own name where it tests something involved."""
    node = column.value
    if isinstance(node, nodes.Path) and isinstance(node.source, nodes.Name):
        return f"{node.source.name}.{node.field}"
    return node.name if isinstance(node, nodes.Name | nodes.Call) else column.name


def _cell(tests: tuple[Node, ...], told: tuple[str, FactType | None], pack: Pack, dictionary: Dictionary) -> str:
    if not tests:
        return say("不限")
    return say("、").join(_test(test, told, pack, dictionary) for test in tests)


def _test(test: Node, told: tuple[str, FactType | None], pack: Pack, dictionary: Dictionary) -> str:
    name, kind = told
    if isinstance(test, nodes.Literal):
        return fact_words.written(test.value, kind, dictionary, fact_words.choices_of(name, dictionary, pack))
    if not isinstance(test, nodes.Interval):
        return write(test)
    low = _bound(test.low, kind, say("不少于 {bound}") if test.includes_low else say("多于 {bound}"))
    high = _bound(test.high, kind, say("不多于 {bound}") if test.includes_high else say("少于 {bound}"))
    return say("，").join(words for words in (low, high) if words)


def _bound(node: Node | None, kind: FactType | None, words: str) -> str:
    if node is None:
        return ""
    value = node.value if isinstance(node, nodes.Literal) else None
    return words.format(bound=fact_words.number(value, kind) if value is not None else write(node))  # type: ignore[arg-type]


def _given(node: Node) -> str:
    if isinstance(node, nodes.Literal) and not isinstance(node.value, str | bool | date):
        if 0 < node.value < 1:
            return f"{fact_words.plain(node.value * 100)}%"
        if node.value >= 1000:
            return say("{value} 元", value=f"{node.value / 100:,.2f}")
    return write(node)


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
    steps: Iterable[Step] = (planned(step) for step in process.steps)
    opening = [Step("next", say(first))]
    if str(item.claim) == "automatic":
        opening.append(Step("next", say("您点一次确认"), (say("10 分钟内可以撤回"),)))
    last = [Step("next", say("到账"))] if item.pays else []
    return (*opening, *steps, *last)


def _obligation(pack: Pack, obligation: Obligation) -> str:
    words = str(_worded(pack, "obligations", obligation.name))
    if obligation.until:
        words = say("{words}，到 {date} 为止", words=words, date=obligation.until.isoformat())
    elif obligation.years:
        words = say("{words}，{n} 年内", words=words, n=obligation.years)
    return words + (say("；{breach}", breach=say(BREACHES[obligation.breach])) if obligation.breach in BREACHES else "")
