"""A scenario: a small file of changes, laid over packs as they are, and read and checked as a pack is.

    name: lower-bar
    words: {zh: 门槛降到 2%, en: The bar at 2 %}
    take_up: {low: 0.4, likely: 0.6, high: 0.8}
    assume: {other_public_funding_fen: 0}
    change:
      mingzhou/research-rebate:
        parameters: {rate: 0.1}
        rules: {requirements: {spends_enough: {when: "…"}}}
        items: {rebate: {quota: {order: pro_rata, total_yuan: 50000000}}}
    groups: {innovation-platform: {rule: capped_sum, cap_fen: 300000000}}
    years: {mingzhou/research-rebate/rebate: {2027: {total_yuan: 5000000, n: 200}, 2028: {total_yuan: 8000000}}}

A record is changed key by key, anything else is replaced whole. `none` takes a key of an item away. A parameter given
as one value has it in every row. `assume` says what a fact is for everybody of whom it is not known: above all the
answers that only a form would ask for. `years` say what years ahead have to spend (`plans`). What does not exist cannot
be changed: a slip of the pen is no scenario.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeAlias

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Dictionary, Group, Pack
from zhida.domain.packs.checks.rules import check_rules
from zhida.domain.packs.reading.groups import group_of
from zhida.domain.packs.reading.packs import PackReader
from zhida.domain.packs.source.fields import Fields, as_number, nearest, read_value
from zhida.domain.packs.source.nodes import ListNode, Node, Problems, RecordNode, TextNode
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.rules.schema import Scalar
from zhida.domain.scenarios.claiming import EVERYBODY, TakeUp
from zhida.domain.scenarios.plans import Plan, read_plans
from zhida.domain.sentences import tell

FILES = {"items": "items.yaml", "rules": "rules.yaml", "parameters": "parameters.yaml"}
NOTHING = "none"
_GOLDEN = "golden/"
Assumed: TypeAlias = Mapping[str, Scalar]
NOTHING_ASSUMED: Assumed = {}


@dataclass(frozen=True)
class Base:
    """What scenarios are laid over: packs by id, the dictionary that they are read by (`own` where a pack was published
    with another), the groups, and these as they are written."""

    packs: Mapping[str, Pack]
    dictionary: Dictionary
    groups: Mapping[str, Group]
    group_nodes: Mapping[str, Node] = field(default_factory=dict, repr=False)
    own: Mapping[str, Dictionary] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Scenario:
    """One world to compare: the packs and groups as they would be. A pack that it leaves alone is the very same object.

    `assume` are values of facts where they are not known, `changed` names what it changes, `digest` is SHA-256 in hex
    over its file ("" for the versions in force), `plans` are the years of items that it says something of.
    """

    name: str
    words: Mapping[str, str]
    take_up: TakeUp
    assume: Assumed
    packs: Mapping[str, Pack]
    groups: Mapping[str, Group]
    changed: tuple[str, ...] = ()
    digest: str = ""
    plans: Mapping[str, Plan] = field(default_factory=dict)


def in_force(base: Base, take_up: TakeUp = EVERYBODY, assume: Assumed = NOTHING_ASSUMED) -> Scenario:
    """The versions in force as a scenario: what all others are measured against."""
    return Scenario("in_force", {"zh": "现行版本", "en": "As in force"}, take_up, assume, base.packs, base.groups)


def read_scenario(file: str, data: bytes, base: Base, like: Scenario | None = None) -> Scenario:
    """A scenario read from its file and laid over its base; take-up and assumptions that it does not say are as `like`.

    Raises AuthorError with every mistake: those of the file, and those that the changed packs then have, each with the
    file and line where it stands.
    """
    problems = Problems()
    top = Fields(read_yaml(file, data, problems), problems, file)
    name, words = top.text("name"), _words(top)
    like = like or in_force(base)
    take_up = _take_up(top) if "take_up" in top else like.take_up
    assume = {**like.assume, **_assumed(top, base, problems)}
    packs, changed = dict(base.packs), []
    for pack_id, spot, node in top.record("change", required=False).rest():
        if pack_id not in base.packs:
            unknown = tell("no pack {name} here", name=pack_id)
            problems.add(spot, "unknown_pack", unknown, nearest(pack_id, [*base.packs]))
            continue
        fields = Fields(node, problems, pack_id, spot)
        changed += [f"{pack_id}: {part}" for part in fields.unread]
        pack = _changed(base.packs[pack_id], fields, base, problems)
        packs[pack_id] = pack or packs[pack_id]
    groups = _groups(top.record("groups", required=False), base, problems)
    changed += [f"_groups: {group}" for group in groups]
    plans = {**like.plans, **read_plans(top, packs, problems)}
    top.close()
    if problems.all():
        raise AuthorError(problems.all())
    digest = hashlib.sha256(data).hexdigest()
    return Scenario(name, words, take_up, assume, packs, {**base.groups, **groups}, tuple(changed), digest, plans)


def _words(top: Fields) -> dict[str, str]:
    below = top.record("words")
    words = {"zh": below.text("zh")} | ({"en": below.text("en")} if "en" in below else {})
    below.close()
    return words


def assumed(name: str, node: Node, base: Base, problems: Problems) -> Scalar | None:
    """The value that a fact is assumed to have, typed as the dictionary or a form types it; None after a mistake."""
    forms = {fact.name: fact for pack in base.packs.values() for fact in pack.form.facts.values()}
    known = {**forms, **base.dictionary.facts}
    if name not in known or known[name].kind in ("texts", "relation"):
        words = tell("no attribute or question {name}", name=name)
        problems.add(node.spot, "unknown_attribute", words, nearest(name, [*known]))
        return None
    value: Scalar | None = read_value(known[name].kind, node, problems, name)
    return value


def _assumed(top: Fields, base: Base, problems: Problems) -> dict[str, Scalar]:
    found = {}
    for name, _, node in top.record("assume", required=False).rest():
        value = assumed(name, node, base, problems)
        if value is not None:
            found[name] = value
    return found


def _take_up(top: Fields) -> TakeUp:
    """One share of those entitled, or the lowest, the likely and the highest."""
    if isinstance(top.peek("take_up"), TextNode):
        share = top.typed("take_up", _share, "a share from 0 to 1", Decimal(1))
        return TakeUp(share, share, share)
    below = top.record("take_up")
    low, likely, high = (below.typed(key, _share, "a share from 0 to 1", Decimal(0)) for key in TakeUp._fields)
    below.close()
    if not low <= likely <= high:
        below.wrong(below.spot, "malformed", "take_up: low, likely and high do not rise", "{low: 0.4, likely: 0.6, …}")
        return EVERYBODY
    return TakeUp(low, likely, high)


def _share(text: str) -> Decimal | None:
    value = as_number(text)
    return value if value is not None and 0 <= value <= 1 else None


def _changed(pack: Pack, fields: Fields, base: Base, problems: Problems) -> Pack | None:
    """The pack with its files changed, read again without its worked examples: they tell what the policy says now."""
    nodes = {path: node for path, node in pack.nodes.items() if not path.startswith(_GOLDEN)}
    for part, path in FILES.items():
        change = fields.node(part, required=False)
        if change is not None:
            held = nodes.get(path, RecordNode(change.spot))
            nodes[path] = _laid(part, held, change, problems, depth=2 if part == "rules" else 1)
    fields.close()
    before = len(problems)
    files = {path: data for path, data in pack.files.items() if not path.startswith(_GOLDEN)}
    dictionary = base.own.get(pack.id, base.dictionary)
    draft = PackReader(pack.id, files, dictionary, base.groups, problems, nodes).read()
    if draft is None or len(problems) > before:
        return None
    check_rules(draft.pack, problems)
    return replace(draft.pack, hash=pack.hash)


def _laid(part: str, base: Node, change: Node, problems: Problems, depth: int) -> Node:
    """The base with a change laid over it; down to `depth` a key that the base lacks is a mistake."""
    if part == "parameters" and depth == 0 and isinstance(change, TextNode):
        return _valued(base, change)
    if not isinstance(base, RecordNode) or not isinstance(change, RecordNode):
        return change
    keys, values = dict(base.keys), dict(base.values)
    for key, node in change.values.items():
        spot = change.keys[key]
        if depth > 0 and key not in values:
            words = tell("{part}: there is no {key} to change", part=part, key=key)
            problems.add(spot, "unknown_name", words, nearest(key, [*values]))
        elif part == "items" and isinstance(node, TextNode) and node.text == NOTHING:
            keys.pop(key, None)
            values.pop(key, None)
        else:
            keys[key] = spot
            values[key] = _laid(part, values[key], node, problems, depth - 1) if key in values else node
    return RecordNode(base.spot, keys, values)


def _valued(base: Node, value: TextNode) -> Node:
    """A parameter's rows, each with this value."""
    if isinstance(base, RecordNode) and "rows" in base.values:
        return replace(base, values={**base.values, "rows": _valued(base.values["rows"], value)})
    if not isinstance(base, ListNode):
        return value
    rows = [replace(row, values={**row.values, "value": value}) for row in base.items if isinstance(row, RecordNode)]
    return ListNode(base.spot, tuple(rows))


def _groups(fields: Fields, base: Base, problems: Problems) -> dict[str, Group]:
    found = {}
    for name, spot, change in fields.rest():
        held = base.group_nodes.get(name)
        if held is None:
            problems.add(spot, "unknown_group", tell("no group {name}", name=name), nearest(name, [*base.group_nodes]))
            continue
        found[name] = group_of(name, _laid("groups", held, change, problems, depth=0), base.dictionary, problems)
    return found
