"""A pack's entries as forms: conditions as sentences and as FEEL, amounts, tables of bands, items, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.urls import reverse

from zhida.domain.packs import Dictionary, Item, Pack
from zhida.domain.packs.sentences import OPERATORS, PERIODS, Form, Line, form_of, shown
from zhida.domain.packs.sentences import words_of_operator as operator_words
from zhida.domain.packs.sentences import words_of_period as period_words
from zhida.domain.packs.source.nodes import ListNode, RecordNode, TextNode
from zhida.services.authoring import checking
from zhida.services.authoring.records import DraftRecord
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.formulas import in_words
from zhida.surfaces.desk.presenters.recorded import once_said
from zhida.surfaces.desk.presenters.saying import fact_of, known_facts, sentence
from zhida.surfaces.desk.presenters.written import day, day_after, lists, node_at, text_at, text_of
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.policies import AUDIENCES, CLAIMS

KINDS = ("items", "requirements", "amounts", "tables", "header", "words")
REQUIRED = {"computed": "系统算", "judged": "人判断", "evidenced": "交材料", "undertaken": "申请人承诺"}
HITS = {"unique": "只中一行", "first": "中第一行", "collect_sum": "中几行加几行", "marginal": "分段累计"}
ONCE = {
    "[[subject, year]]": "每年一次", "[[subject, life]]": "一生一次", "[[subject, month]]": "每月一次",
    "[[subject, instalment]]": "每期一次",
}  # fmt: skip
SPARE = 2
WORDS, ITEMS, HEADER = "words/zh.yaml", "items.yaml", "pack.yaml"
Writer = Callable[[str], object]


@dataclass(frozen=True)
class Field:
    """One field of an entry: how it is asked, which file and entry carry it, and what typed text is written as."""

    question: Question
    file: str
    path: tuple[str, ...]
    write: Writer = str


@dataclass(frozen=True)
class LineFields:
    """One line of a condition's form; `wrong` is what is wrong with its fact and with its value."""

    number: int
    fact: str
    periods: tuple[Choice, ...]
    operators: tuple[Choice, ...]
    value: str
    unit: str
    wrong: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class EntryPage:
    """One entry. `lines` are empty where no form says the condition; `feel` is None where there is no expression."""

    head: DraftHead
    kind: str
    name: str
    title: str
    says: tuple[str, ...]
    clauses: tuple[tuple[str, str, str], ...]
    fields: tuple[Field, ...]
    feel: str | None = None
    feel_path: tuple[str, ...] = ()
    lines: tuple[LineFields, ...] = ()
    junctions: tuple[Choice, ...] = ()
    by: str = "feel"
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    picked: tuple[tuple[str, str, str, str], ...] = ()
    wanted: str = ""
    file_href: str = ""
    asks: tuple[Choice, ...] = ()
    giving: tuple[str, str] = ("", "")
    out: object = None
    how: Question | None = None
    also: tuple[tuple[str, str, str], ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)


def entry_href(draft: DraftRecord, kind: str, name: str) -> str:
    """Where an entry is edited."""
    return reverse("desk:entry", args=[draft.id, kind, name])


def amounts_of(pack: Pack) -> dict[str, str]:
    """The amounts of a pack by name, as they are written."""
    node = pack.nodes.get("rules.yaml")
    found = node.values.get("amounts") if isinstance(node, RecordNode) else None
    told = {}
    for name, one in found.values.items() if isinstance(found, RecordNode) else ():
        text = one.values.get("is") if isinstance(one, RecordNode) else None
        told[name] = text.text if isinstance(text, TextNode) else ""
    return told


def lines_of(form: Form | None, pack: Pack, dictionary: Dictionary) -> tuple[LineFields, ...]:
    """The lines of a form and some empty ones."""
    lines = [*(form.lines if form else ()), *(Line("", "", "=", ()) for _ in range(SPARE))]
    known = known_facts(pack, dictionary)
    times = Counter(words for _, words in known)
    called = {name: words for name, words in known if times[words] == 1}
    found = [_fields_of(number, line, pack, dictionary) for number, line in enumerate(lines, start=1)]
    return tuple(replace(one, fact=called.get(one.fact, one.fact)) for one in found)


def _fields_of(number: int, line: Line, pack: Pack, dictionary: Dictionary) -> LineFields:
    lang, fact = spoken(), fact_of(line.fact, pack, dictionary) if line.fact else None
    periods = tuple(Choice(one, period_words(one, lang) or say("不分期"), one == line.period) for one in PERIODS)
    operators = tuple(Choice(one, operator_words(one, lang), one == line.operator) for one in OPERATORS)
    unit = say(fact_words.UNIT_NAMES.get(fact.unit, "")) if fact and fact.unit in fact_words.UNIT_NAMES else ""
    value = "；".join(
        in_words(one, pack, dictionary) if one.startswith("parameters.") else shown(one, fact) for one in line.values
    )
    return LineFields(number, line.fact, periods, operators, value, unit)


def entry_page(draft: DraftRecord, kind: str, name: str) -> EntryPage | None:
    """One entry of a sound draft; None where there is none of this name."""
    reading = checking.read(draft)
    pack = reading.pack
    if pack is None or kind not in KINDS:
        return None
    head = head_of(draft, "rules")
    page = EntryPage(head, kind, name, name, (), (), (), file_href=_file_href(draft, kind))
    maker = {
        "requirements": _requirement,
        "amounts": _amount,
        "tables": _table,
        "items": _item,
        "header": _header,
        "words": _words,
    }[kind]
    return maker(page, draft, pack, reading.root.dictionary)


def _file_href(draft: DraftRecord, kind: str) -> str:
    file = {"items": ITEMS, "words": WORDS, "header": HEADER}.get(kind, "rules.yaml")
    return f"{reverse('desk:draft_file', args=[draft.id])}?file={file}"


def cited(pack: Pack, anchors: tuple[str, ...], draft: DraftRecord) -> tuple[tuple[str, str, str], ...]:
    here = reverse("desk:draft", args=[draft.id])
    found = [clause for clause in pack.clauses if clause.anchor in anchors]
    return tuple((f"{here}#c-{one.anchor}", one.number or one.anchor, one.text or one.heading) for one in found)


def _requirement(page: EntryPage, draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> EntryPage | None:
    one = pack.requirements.get(page.name)
    if one is None:
        return None
    words = pack.words["zh"].requirements.get(page.name)
    title = words.title if words else page.name
    kinds = tuple(Choice(value, say(label), value == one.kind) for value, label in REQUIRED.items())
    at = ("requirements", page.name)
    fields = (
        Field(Question("title", say("叫什么"), "text", value=title), "words/zh.yaml", (*at, "title")),
        Field(Question("kind", say("由谁定"), "select", choices=kinds), "rules.yaml", (*at, "kind")),
    )
    says = tuple(sentence(each.when, pack, dictionary) for each in one.alternatives)
    cites = tuple(each for alternative in one.alternatives for each in alternative.cites)
    page = replace(page, title=title, says=says, clauses=cited(pack, (*one.cites, *cites), draft), fields=fields)
    if len(one.alternatives) > 1:
        return page
    node = one.alternatives[0].when if one.alternatives else None
    form = form_of(node) if node is not None else None
    junction = form.junction if form else "and"
    return replace(
        page,
        feel=text_at(draft, "rules.yaml", (*at, "when")),
        feel_path=(*at, "when"),
        lines=lines_of(form, pack, dictionary) if form or node is None else (),
        junctions=tuple(Choice(v, say(w), v == junction) for v, w in (("and", "都要符合"), ("or", "符合一条就行"))),
        by="form" if form or node is None else "feel",
        known=known_facts(pack, dictionary),
    )


def _amount(page: EntryPage, draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> EntryPage | None:
    text = amounts_of(pack).get(page.name)
    if text is None:
        return None
    return replace(page, feel=text, feel_path=("amounts", page.name, "is"), known=known_facts(pack, dictionary))


def _table(page: EntryPage, draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> EntryPage | None:
    node = node_at(draft, "rules.yaml", ("tables", page.name))
    if not isinstance(node, RecordNode) or page.name not in pack.schema.tables:
        return None
    table = pack.schema.tables[page.name]
    hits = tuple(Choice(value, say(label), value == table.hit) for value, label in HITS.items())
    rows = node.values.get("rows")
    columns = (*(column.name for column in table.by), "gives")
    found = (
        [_cells(row, columns) for row in rows.items if isinstance(row, RecordNode)]
        if isinstance(rows, ListNode)
        else []
    )
    fields = (
        Field(Question("hit", say("怎么取"), "select", choices=hits), "rules.yaml", ("tables", page.name, "hit")),
    )
    blank = ("",) * len(columns)
    return replace(
        page,
        fields=fields,
        columns=columns,
        rows=(*found, *([blank] * SPARE)),
        clauses=cited(pack, table.cites, draft),
    )


def _cells(row: RecordNode, columns: tuple[str, ...]) -> tuple[str, ...]:
    told = []
    for column in columns:
        node = row.values.get(column)
        many = isinstance(node, ListNode)
        told.append(
            " | ".join(text_of(each) for each in node.items) if many and isinstance(node, ListNode) else text_of(node)
        )
    return tuple(told)


def _item(page: EntryPage, draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> EntryPage | None:
    item = pack.items.get(page.name)
    if item is None:
        return None
    words = pack.words["zh"].items.get(page.name)
    at, said = (page.name,), ("items", page.name)
    claims = tuple(Choice(value, say(label), value == item.claim) for value, label in CLAIMS.items())
    once = text_at(draft, "items.yaml", (*at, "once_per"))
    offered = {**ONCE, **({once: once_said(item, dictionary)} if once and once not in ONCE else {})}
    times = tuple(
        Choice(value, say(label) if value in ONCE else label, value == once) for value, label in offered.items()
    )
    lines = dictionary.budget_lines
    money = tuple(
        Choice(name, one.words.get(spoken()) or one.words["zh"], name == item.budget_line)
        for name, one in lines.items()
    )
    last = item.window.end - timedelta(1) if item.window.end else None
    start, title = item.window.start, words.title if words else ""
    asked = (
        ("title", say("叫什么"), title, WORDS, (*said, "title"), str),
        ("how_much", say("一句话说给多少"), words.how_much if words else "", WORDS, (*said, "how_much"), str),
        ("from", say("从哪天起申报"), str(start or ""), ITEMS, (*at, "window", "from"), day),
        ("to", say("申报到哪天（含）"), str(last or ""), ITEMS, (*at, "window", "to"), day_after),
    )
    fields = [
        Field(
            Question(name, label, "date" if name in ("from", "to") else "text", value=value, is_optional=file == ITEMS),
            file,
            path,
            written,
        )
        for name, label, value, file, path, written in asked
    ]
    whom = tuple(Choice(value, say(label), value == item.audience) for value, label in AUDIENCES.items())
    fields.append(Field(Question("audience", say("给谁"), "select", choices=whom), ITEMS, (*at, "audience")))
    fields.append(Field(_place(item, dictionary), ITEMS, (*at, "within")))
    fields.append(Field(Question("claim", say("怎么领"), "select", choices=claims), ITEMS, (*at, "claim")))
    if once:
        fields.append(
            Field(Question("once", say("多久一次"), "select", choices=times), "items.yaml", (*at, "once_per"), lists)
        )
    if item.budget_line:
        fields.append(
            Field(Question("line", say("从哪条预算"), "select", choices=money), "items.yaml", (*at, "budget_line"))
        )
    known = pack.words["zh"].requirements
    told = tuple(known[one].title if one in known else one for one in item.requires)
    return replace(page, title=title, says=told, fields=tuple(fields), clauses=cited(pack, tuple(item.cites), draft))


def _place(item: Item, dictionary: Dictionary) -> Question:
    """By which of the facts that are places of this region an item sees whom it is for."""
    known = [
        Choice(name, one.words.get(spoken()) or one.words["zh"], name == item.within)
        for name, one in dictionary.attributes.items()
        if one.fact.code_tree == "region" and item.audience in one.audience
    ]
    anywhere = Choice("", say("不看地区"), not item.within)
    return Question("within", say("按什么看在不在本地区"), "select", choices=(*known, anywhere))


def _header(page: EntryPage, draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> EntryPage | None:
    last = str(pack.valid.end - timedelta(1)) if pack.valid.end else ""
    asked = (
        ("title", say("题名"), "text", pack.document.title, (), str),
        ("number", say("文号"), "text", pack.document.number, ("document", "number"), str),
        ("issued_on", say("成文日期"), "date", str(pack.document.issued_on or ""), ("document", "issued_on"), day),
        ("from", say("从哪天起施行"), "date", str(pack.valid.start or ""), ("valid", "from"), day),
        ("to", say("施行到哪天（含）"), "date", last, ("valid", "to"), day_after),
    )
    fields = tuple(
        Field(Question(name, label, kind, value=value, is_optional=name == "to"), HEADER, path, written)
        for name, label, kind, value, path, written in asked
    )
    return replace(page, title=say("文号和日期"), fields=fields)


def _words(page: EntryPage, draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> EntryPage | None:
    zh = pack.words["zh"]
    fields = (
        Field(Question("title", say("简称"), "text", value=zh.title), "words/zh.yaml", ("title",)),
        Field(Question("plain", say("一两句话说清楚"), "long", value=zh.plain), "words/zh.yaml", ("plain",)),
    )
    return replace(page, title=say("对外怎么说"), fields=fields)
