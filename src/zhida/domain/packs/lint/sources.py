"""Conditions that no source answers, and questions that one answers already. Decided by the dictionary; no solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhida.domain.errors import AuthorError
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.items import Claim, Item
from zhida.domain.packs.likeness import pairs_of, share_of
from zhida.domain.packs.lint.findings import Finding, at_place, at_spot
from zhida.domain.packs.lint.places import spot_of
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.root import Root
from zhida.domain.packs.source.nodes import Spot
from zhida.domain.packs.usage import roots_of, usage_of
from zhida.domain.rules import FactType, Node, Place, Schema, Type, check, nodes, walk, write

_PAST = "grants"
_OWN_ITEM = "item"
_MONEY = "fen"
_ALIKE = 0.75


def source_findings(pack: Pack, root: Root) -> Iterator[Finding]:
    """Facts that nobody is asked for, periods that are not over, items that do not exist, questions about what is held
    or about nothing."""
    for item in pack.items.values():
        yield from _never_asked(pack, item)
    for place, node, about in _expressions(pack):
        yield from _periods(place, node, pack.schema, about)
        yield from _past_items(place, node, root, about)
        yield from _squares(place, node, pack.schema, about)
    yield from _questions(pack, root.dictionary)
    yield from _papers(pack, root.dictionary)


def unused_attributes(root: Root) -> Iterator[Finding]:
    """Attributes that no pack of the root reads, and no derived attribute that one reads."""
    dictionary = root.dictionary
    read = {name for pack in root.packs.values() for item in pack.items.values() for name in item.reads}
    for name in sorted(dictionary.attributes.keys() - read):
        node = dictionary.entries.get(("attributes", name))
        zh = f"{dictionary.named(name, 'zh')}（{name}）没有政策用到，由 {dictionary.owner_of(name)} 维护"
        en = f"no policy reads {name}, which {dictionary.owner_of(name)} keeps"
        yield at_spot(node.spot if node is not None else Spot("_attributes"), "unused_attribute", zh, en, name)


def _never_asked(pack: Pack, item: Item) -> Iterator[Finding]:
    """An automatic item waits for an answer that only a form asks for, and nobody fills one in."""
    if item.claim is not Claim.AUTOMATIC:
        return
    usage = usage_of(roots_of(item), pack.schema)
    for name in sorted(usage.facts & pack.form.questions.keys()):
        zh = f"{item.name} 免申即享，却要用到只有申请人才能回答的 {name}：没有人会被问到"
        en = f"{item.name} is automatic, but leans on {name}, which only a claimant can tell: nobody is ever asked"
        yield at_spot(spot_of(pack, "form.yaml", "questions", name), "nobody_asked", zh, en, item.name)


def _expressions(pack: Pack) -> Iterator[tuple[Place, Node, str]]:
    for requirement in pack.requirements.values():
        yield from ((each.place, each.when, requirement.name) for each in requirement.alternatives)
    for amount in pack.schema.amounts.values():
        yield amount.place, amount.value, amount.name
    for table in pack.schema.tables.values():
        yield from ((table.place, column.value, table.name) for column in table.by)
        yield from ((row.place, row.gives, table.name) for row in table.rows)


def _periods(place: Place, node: Node, schema: Schema, about: str) -> Iterator[Finding]:
    """A year or month that is not over when the rule is read: its figure comes when it is too late, or never."""
    for call in walk(node):
        fact = schema.facts.get(call.name) if isinstance(call, nodes.Call) else None
        if fact is None or not isinstance(call, nodes.Call) or fact.period not in ("year", "month"):
            continue
        if len(call.arguments) == 1 and _is_not_over(call.arguments[0], fact):
            unit = {"year": "年", "month": "月"}[fact.period]
            zh = f"{fact.name} 取的是当{unit}或以后的数，那时还没有结束，没有数据来源能够提供"
            en = f"{fact.name} is read for a {fact.period} that is not over yet: no source can have it"
            yield at_place(place, call, "period_not_over", zh, en, about)


def _is_not_over(argument: Node, fact: FactType) -> bool:
    if argument == nodes.Name(fact.period):
        return True
    is_later = isinstance(argument, nodes.Arithmetic) and argument.operator == "+"
    return is_later and isinstance(argument, nodes.Arithmetic) and argument.left == nodes.Name(fact.period)


def _past_items(place: Place, node: Node, root: Root, about: str) -> Iterator[Finding]:
    """A text that earlier grants are compared with, and that names no item of the root."""
    known = {item.id for pack in root.packs.values() for item in pack.items.values()}
    for compared in walk(node):
        if not isinstance(compared, nodes.Compare):
            continue
        for field, literal in ((compared.left, compared.right), (compared.right, compared.left)):
            is_item = isinstance(field, nodes.Path) and field.field == _OWN_ITEM and _is_past(field.source, node)
            if is_item and isinstance(literal, nodes.Literal) and literal.value not in known:
                zh = f"以往发放记录中不会有事项 {literal.value}：没有这个事项"
                en = f"no earlier grant can be of {literal.value}: there is no such item"
                yield at_place(place, literal, "unknown_item_in_past", zh, en, about)


def _squares(place: Place, node: Node, schema: Schema, about: str) -> Iterator[Finding]:
    """Two sums of money multiplied: the unit that comes out is none that anybody pays in."""
    bound = {each.singular: Type("record", relation=each) for each in schema.relations.values()}
    for product in walk(node):
        sides = (product.left, product.right) if isinstance(product, nodes.Arithmetic) else ()
        is_product = isinstance(product, nodes.Arithmetic) and product.operator == "*"
        if is_product and all(_unit(side, schema, bound) == _MONEY for side in sides):
            zh = f"“{write(product)}”是两个金额相乘，结果不是钱"
            en = f"`{write(product)}` multiplies two sums of money: what comes out is no money"
            yield at_place(place, product, "money_times_money", zh, en, about)


def _unit(node: Node, schema: Schema, bound: Mapping[str, Type]) -> str:
    try:
        return check(node, schema, bound=bound).unit
    except AuthorError:
        return ""


def _is_past(source: Node, whole: Node) -> bool:
    """Whether a variable goes over the subject's earlier grants."""
    if not isinstance(source, nodes.Name):
        return False
    bound = (each for each in walk(whole) if isinstance(each, nodes.Quantified | nodes.For))
    return any(each.variable == source.name and nodes.Name(_PAST) in walk(each.source) for each in bound)


def _questions(pack: Pack, dictionary: Dictionary) -> Iterator[Finding]:
    used = frozenset(name for item in pack.items.values() for name in item.reads)
    for name, question in pack.form.questions.items():
        spot = spot_of(pack, "form.yaml", "questions", name)
        if question.fact.kind in ("number", "boolean", "date") and name not in used:
            zh, en = f"问了 {name}，却没有规则用到它", f"{name} is asked, and no rule reads it"
            yield at_spot(spot, "question_read_by_nothing", zh, en, name)
        asked = pack.words["zh"].questions.get(name, "") if "zh" in pack.words else ""
        for held in _held_alike(asked, pack, dictionary, question.fact):
            owner = dictionary.owner_of(held)
            zh = f"问的“{asked}”与 {owner} 已有的“{dictionary.named(held, 'zh')}”（{held}）相同"
            en = f"{name} asks what {owner} holds already as {held} ({dictionary.named(held, 'en')})"
            yield at_spot(spot, "asked_but_held", zh, en, name)


def _papers(pack: Pack, dictionary: Dictionary) -> Iterator[Finding]:
    for name in pack.form.papers:
        asked = pack.words["zh"].papers.get(name, "") if "zh" in pack.words else ""
        for held in _held_alike(asked, pack, dictionary, None):
            owner = dictionary.owner_of(held)
            zh = f"要交的“{asked}”，{owner} 已有数据“{dictionary.named(held, 'zh')}”（{held}）可以核对"
            en = f"the paper {name} proves what {owner} holds already as {held} ({dictionary.named(held, 'en')})"
            yield at_spot(spot_of(pack, "form.yaml", "papers", name), "asked_but_held", zh, en, name)


def _held_alike(asked: str, pack: Pack, dictionary: Dictionary, fact: FactType | None) -> Iterator[str]:
    """The attribute whose Chinese name all but stands in what is asked, of the audience of one of the pack's items: of
    the same kind and unit as a question; no number where a paper is asked for, which may prove more about it."""
    audiences = {item.audience for item in pack.items.values()}
    best, found, wanted = 0.0, "", pairs_of(asked)
    for name, attribute in dictionary.attributes.items():
        held = attribute.fact
        fits = held.kind != "number" if fact is None else (held.kind, held.unit) == (fact.kind, fact.unit)
        if (
            fits
            and audiences & attribute.audience
            and (share := share_of(attribute.words.get("zh", ""), wanted)) > best
        ):
            best, found = share, name
    if best >= _ALIKE:
        yield found
