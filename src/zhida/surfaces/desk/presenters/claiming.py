"""What one claim of an item is for, as a form: the whole subject, each record, or the records that it uses up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.urls import reverse

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Dictionary, Item, Pack
from zhida.domain.packs.dictionary import RelationAttribute
from zhida.domain.packs.sentences import Form, form_of
from zhida.domain.rules import Node, parse, walk
from zhida.domain.rules.nodes import Name
from zhida.services.authoring import checking
from zhida.services.authoring.claims import COUNTED, EACH, RECORD, SUBJECT, WAYS, WHOLE, Claiming, Key, claiming_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters import entries
from zhida.surfaces.desk.presenters.composing import how_question, item_title, requirement_title
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.recorded import PERS, claim_said, field_words, relation_words, whose_said
from zhida.surfaces.desk.presenters.saying import known_facts, sentence
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question

WAY_WORDS = {WHOLE: "整个申请给一笔", EACH: "每一条记录给一笔", COUNTED: "一次给完，记录算过就不再算"}
KEYS = 3


@dataclass(frozen=True)
class KeyFields:
    """One thing that may be granted once only: whom it tells apart, how often, whether other items' grants count."""

    number: int
    whose: Question
    per: Question
    anywhere: Question


@dataclass(frozen=True)
class ClaimingPage:
    """What one claim is for: the ways to choose from, and the fields of the one chosen. `conditions` are those that
    the item asks of its record, each with the way to it; `where` is None where lines say which records are used up."""

    head: DraftHead
    item: str
    title: str
    said: str
    way: str
    ways: tuple[tuple[str, str, bool], ...]
    relation: Question | None
    keys: tuple[KeyFields, ...]
    known: tuple[tuple[str, str], ...]
    back: str
    clauses: tuple[tuple[str, str, str], ...]
    lines: tuple[entries.LineFields, ...] = ()
    junctions: tuple[Choice, ...] = ()
    how: Question | None = None
    where: Question | None = None
    conditions: tuple[tuple[str, str, str], ...] = ()
    add_href: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def offered(dictionary: Dictionary, item: Item) -> dict[str, RelationAttribute]:
    """The relations whose records describe whom an item is for."""
    return {name: one for name, one in dictionary.relations.items() if item.audience in one.audience}


def words_of_fields(dictionary: Dictionary, item: Item) -> dict[str, str]:
    """What people call each field of those relations: the words to the code name."""
    found = [field_words(one) for one in offered(dictionary, item).values()]
    return {words: name for fields in found for name, words in fields.items()}


def claiming_page(
    draft: DraftRecord, item: str, way: str, typed: Mapping[str, str], faults: Mapping[str, str]
) -> ClaimingPage | None:
    """What a claim of an item of a sound draft is for; None where there is no such item."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None or item not in pack.items:
        return None
    now = claiming_of(Sheet(draft), item)
    way = way if way in WAYS else now.way
    here = reverse("desk:claiming", args=[draft.id, item])
    relations = offered(dictionary, pack.items[item])
    page = ClaimingPage(
        head_of(draft, "rules"), item, say("一笔给什么：{title}", title=item_title(pack, item)),
        claim_said(now, dictionary), way,
        tuple((f"{here}?way={one}", say(WAY_WORDS[one]), one == way) for one in WAYS),
        _relation(now, relations, typed, faults) if way != WHOLE else None,
        tuple(_keys(now if way != WHOLE else _without_records(now), relations if way != WHOLE else {}, typed, faults)),
        _known(pack, dictionary, item), entries.entry_href(draft, "items", item),
        entries.cited(pack, tuple(pack.items[item].cites), draft), faults=faults,
    )  # fmt: skip
    if way == COUNTED:
        return _counted(page, now, pack, dictionary, typed)
    if way == EACH and now.relation in relations:
        asked = _conditions(pack, dictionary, item, relations[now.relation].relation.singular, draft)
        add = reverse("desk:new_entry", args=[draft.id, "requirements"])
        return replace(page, conditions=tuple(asked), add_href=add)
    return page


def with_lines(page: ClaimingPage, lines: tuple[entries.LineFields, ...]) -> ClaimingPage:
    """The page with its lines as they were typed."""
    return replace(page, lines=lines)


def _known(pack: Pack, dictionary: Dictionary, item: str) -> tuple[tuple[str, str], ...]:
    fields = {name: words for words, name in words_of_fields(dictionary, pack.items[item]).items()}
    return tuple(sorted({**dict(known_facts(pack, dictionary)), **fields}.items(), key=lambda each: each[1]))


def _relation(
    now: Claiming, relations: Mapping[str, RelationAttribute], typed: Mapping[str, str], faults: Mapping[str, str]
) -> Question:
    chosen = typed.get("relation", now.relation)
    told = tuple(Choice(name, relation_words(one), name == chosen) for name, one in relations.items())
    blank = () if chosen else (Choice("", say("选一种"), True),)
    label = say("哪一种记录")
    return Question("relation", label, "select", choices=(*blank, *told), fault=faults.get("relation", ""))


def _keys(
    now: Claiming, relations: Mapping[str, RelationAttribute], typed: Mapping[str, str], faults: Mapping[str, str]
) -> Iterator[KeyFields]:
    told = _whose(now, relations)
    for number in range(1, max(KEYS, len(now.keys) + 1) + 1):
        key = now.keys[number - 1] if number <= len(now.keys) else Key(())
        asked = {
            "whose": (say("同一个什么"), told, value_of(key.whose, now.relation)),
            "per": (say("多久一次"), {one: say(words) for one, words in PERS.items()}, key.per),
            "anywhere": (
                say("别的事项给过的算不算"), {"": say("只算这个事项"), "1": say("别的事项给过的也算")},
                "1" if key.is_anywhere else "",
            ),
        }  # fmt: skip
        made = {}
        for name, (label, choices, chosen) in asked.items():
            given = typed.get(f"{name}-{number}", chosen)
            picked = tuple(Choice(value, words, value == given) for value, words in choices.items())
            fault = faults.get(f"{name}-{number}", "")
            made[name] = Question(f"{name}-{number}", label, "select", choices=picked, fault=fault)
        yield KeyFields(number, made["whose"], made["per"], made["anywhere"])


def _without_records(now: Claiming) -> Claiming:
    """The same without what a record would be told apart by."""
    keys = (key for key in now.keys if not any(part.startswith(RECORD) for part in key.whose))
    return replace(now, keys=tuple(keys))


def _whose(now: Claiming, relations: Mapping[str, RelationAttribute]) -> dict[str, str]:
    """What a key may tell apart: the subject, a text of the record, both; and whatever stands there already."""
    found = {"": say("不限"), SUBJECT: say("申请人")}
    for name, one in relations.items():
        for text in [text for text, fact in one.relation.fields.items() if fact.kind == "text"]:
            for whose in ((f"{RECORD}{text}",), (SUBJECT, f"{RECORD}{text}")):
                found[value_of(whose, name)] = whose_said(whose, one)
    for key in now.keys:
        value = value_of(key.whose, now.relation)
        if value not in found:
            found[value] = whose_said(key.whose, relations.get(now.relation))
    return found


def value_of(whose: tuple[str, ...], relation: str) -> str:
    """Whom a key tells apart, as a form sends it: fields with the relation that they are of."""
    return " ".join(part.replace(RECORD, f"{relation}.", 1) if part.startswith(RECORD) else part for part in whose)


def _counted(
    page: ClaimingPage, now: Claiming, pack: Pack, dictionary: Dictionary, typed: Mapping[str, str]
) -> ClaimingPage:
    """Which records are used up: lines, or the expression where no lines say it."""
    form = _form(now.where)
    if now.where and form is None:
        where = Question("where", say("什么样的记录算进来（FEEL）"), "long", value=typed.get("where", now.where))
        return replace(page, where=replace(where, fault=page.faults.get("where", "")))
    junction = typed.get("junction", form.junction if form else "and")
    told = (("and", "都要符合"), ("or", "符合一条就行"))
    return replace(
        page,
        lines=entries.lines_of(form, pack, dictionary),
        junctions=tuple(Choice(value, say(words), value == junction) for value, words in told),
        how=how_question(typed.get("how", "")),
    )


def _form(feel: str) -> Form | None:
    try:
        return form_of(parse(feel)) if feel else None
    except AuthorError:
        return None


def _conditions(
    pack: Pack, dictionary: Dictionary, item: str, singular: str, draft: DraftRecord
) -> Iterator[tuple[str, str, str]]:
    """Whatever an item asks of its record, in words."""
    for name in pack.items[item].requires:
        whens = [each.when for each in pack.requirements[name].alternatives]
        if any(_speaks_of(when, singular) for when in whens):
            told = say("；或者").join(sentence(when, pack, dictionary) for when in whens)
            yield entries.entry_href(draft, "requirements", name), requirement_title(pack, name), told


def _speaks_of(node: Node, singular: str) -> bool:
    return any(one == Name(singular) for one in walk(node))
