"""Entries that are added or taken out, and what an item gives, as forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.urls import reverse

from zhida.domain.packs import Pack
from zhida.services.authoring import checking
from zhida.services.authoring.claims import claiming_of
from zhida.services.authoring.giving import giving_of
from zhida.services.authoring.quotas import rationing_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet, left_alone
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters import entries
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.formulas import rationing_said, said_of
from zhida.surfaces.desk.presenters.recorded import claim_said, group_said
from zhida.surfaces.desk.presenters.saying import known_facts
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question

KINDS = {"items": "加一个事项", "requirements": "加一个条件或材料"}
REASONS = ("不由规则执行，经办人掌握", "与别的条文重复", "只是说明或表格")
ASK, PROPOSE = "ask", "propose"
WAYS = {"": "先不写，从字典里选", ASK: "请申请人申报，由经办人核对", PROPOSE: "提给字典，由数源部门提供"}


@dataclass(frozen=True)
class NewPage:
    """The form that adds an entry; `lines` where it is a condition."""

    head: DraftHead
    kind: str
    title: str
    questions: tuple[Question, ...]
    items: tuple[Choice, ...] = ()
    lines: tuple[entries.LineFields, ...] = ()
    junctions: tuple[Choice, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    how: Question | None = None
    text: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OutForm:
    """What it takes to take an entry out: the clauses that it leaves alone, and the reasons that may be given."""

    href: str
    clauses: tuple[str, ...]
    reasons: tuple[str, ...]


def how_question(chosen: str = "") -> Question:
    """What becomes of facts that the dictionary lacks."""
    choices = tuple(Choice(value, say(words), value == chosen) for value, words in WAYS.items())
    return Question("how", say("字典里没有的事实怎么来"), "select", choices=choices)


def new_page(
    draft: DraftRecord, kind: str, anchor: str, typed: Mapping[str, str], faults: Mapping[str, str]
) -> NewPage | None:
    """The form that adds an item or a requirement to a sound draft; None where there is no such form."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None or kind not in KINDS:
        return None
    anchor = typed.get("clause", anchor)
    text = next((one.text or one.heading for one in pack.clauses if one.anchor == anchor), "")
    questions = (
        Question("title", say("叫什么"), "text", value=typed.get("title", text[:24]), fault=faults.get("title", "")),
        clause_question(pack, anchor, faults),
    )
    page = NewPage(head_of(draft, "rules"), kind, say(KINDS[kind]), questions, text=text, faults=faults)
    if kind == "items":
        return page
    asked = tuple(
        Choice(v, say(w), v == typed.get("kind", "computed")) for v, w in entries.REQUIRED.items()
    )  # fmt: skip
    return NewPage(
        page.head,
        kind,
        page.title,
        (*questions, Question("kind", say("由谁定"), "select", choices=asked)),
        items=tuple(Choice(name, item_title(pack, name), True) for name in pack.items),
        lines=entries.lines_of(None, pack, dictionary),
        junctions=tuple(
            Choice(v, say(w), v == typed.get("junction", "and"))
            for v, w in (("and", "都要符合"), ("or", "符合一条就行"))
        ),
        known=known_facts(pack, dictionary),
        how=how_question(typed.get("how", "")),
        text=text,
        faults=faults,
    )


def clause_question(pack: Pack, anchor: str, faults: Mapping[str, str]) -> Question:
    """From which clause an entry is."""
    told = [(one.anchor, f"{one.number or one.anchor}　{one.text or one.heading}"[:50]) for one in pack.clauses]
    choices = (Choice("", say("选一条")), *(Choice(value, words, value == anchor) for value, words in told))
    return Question("clause", say("出自哪一条"), "select", choices=choices, fault=faults.get("clause", ""))


def item_title(pack: Pack, name: str) -> str:
    """What an item is called."""
    words = (pack.words.get(spoken()) or pack.words["zh"]).items.get(name)
    return words.title if words else name


def requirement_title(pack: Pack, name: str) -> str:
    """What a requirement is called."""
    words = (pack.words.get(spoken()) or pack.words["zh"]).requirements.get(name)
    return words.title if words else name


def asks_of(pack: Pack, item: str) -> tuple[Choice, ...]:
    """Every requirement, those that an item asks marked."""
    asked = {*pack.items[item].requires}
    return tuple(Choice(name, requirement_title(pack, name), name in asked) for name in pack.requirements)


def out_form(draft: DraftRecord, pack: Pack, kind: str, name: str) -> OutForm | None:
    """How an entry is taken out; None for what must stay: the last item; tables and amounts follow theirs."""
    if kind not in KINDS or not draft.is_open or (kind == "items" and len(pack.items) < 2):
        return None
    alone = left_alone(draft, kind, name)
    told = tuple(
        f"{one.number or one.anchor}　{one.text or one.heading}" for one in pack.clauses if one.anchor in alone
    )
    reasons = tuple(say(one) for one in REASONS)
    return OutForm(reverse("desk:take_out", args=[draft.id, kind, name]), told, reasons)


def completed(page: entries.EntryPage, draft: DraftRecord, typed: Mapping[str, str]) -> entries.EntryPage:
    """The page of an entry with what can be added to it, changed elsewhere, or taken out."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None:
        return page
    page = replace(page, out=out_form(draft, pack, page.kind, page.name))
    if page.kind == "items":
        told = said_of(giving_of(Sheet(draft), page.name), pack, dictionary)
        asks = asks_of(pack, page.name)
        claims = claim_said(claiming_of(Sheet(draft), page.name), dictionary)
        places = rationing_said(rationing_of(Sheet(draft), page.name), pack, dictionary)
        apart = group_said(reading.root.groups.get(pack.items[page.name].group))
        also = (
            (say("一笔给什么、多久一次"), claims, reverse("desk:claiming", args=[draft.id, page.name])),
            (say("给多少人，谁先谁后"), places, reverse("desk:quota", args=[draft.id, page.name])),
            (say("和别的怎么叠加"), apart, reverse("desk:stacking", args=[draft.id, page.name])),
        )
        giving = (told, reverse("desk:giving", args=[draft.id, page.name]))
        page = replace(page, asks=asks, giving=giving, also=also)
    return replace(page, how=how_question(typed.get("how", ""))) if page.lines else page


def paper_of(page: entries.EntryPage) -> str:
    """What a requirement that a paper proves is called, so that the facts like it are shown; "" for any other."""
    kinds = [one for field in page.fields if field.question.name == "kind" for one in field.question.choices]
    return page.title if any(one.is_chosen and one.value == "evidenced" for one in kinds) else ""
