"""golden/*.yaml read: `defaults` that every case of the file shares, and `cases` that say what is different."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.cases import Expectation, GoldenCase
from zhida.domain.packs.source.fields import Fields, as_boolean, as_whole, nearest, read_value
from zhida.domain.packs.source.nodes import ListNode, Node, Problems, RecordNode, Spot, TextNode
from zhida.domain.rules import FactType, Schema
from zhida.domain.sentences import tell
from zhida.domain.values import Fact, FactKey, Facts, Period, Span

_YEARS_BACK = {"this_year": 0, "last_year": 1, "year_before_last": 2}
_HELD = ("already_granted", "excluded_by_group", "quota")
_ANSWERS = ("entitled", "possible", "not")
UNKNOWN_WORD = "unknown"


class CaseReader:
    """Reads the golden cases of one pack against its schema, its items and its requirements."""

    def __init__(
        self, schema: Schema, items: Mapping[str, Any], requirements: Mapping[str, Any], problems: Problems
    ) -> None:
        self._schema = schema
        self._items = tuple(items)
        self._requirements = tuple(requirements)
        self._problems = problems

    def cases(self, top: Fields) -> tuple[GoldenCase, ...]:
        """All cases of one file; two of one name are a problem."""
        defaults = top.record("defaults", required=False)
        default_day = defaults.day_or_none("as_of")
        shared = {key: defaults.node(key, required=False) for key in ("facts", "rulings", *_YEARS_BACK)}
        defaults.close()
        found: dict[str, GoldenCase] = {}
        for fields in top.records("cases"):
            case = self._case(fields, default_day, shared)
            if case.name in found:
                fields.wrong(fields.spot, "case_twice", tell("a second case is called {case}", case=case.name))
            found[case.name] = case
        top.close()
        return tuple(found.values())

    def _case(self, fields: Fields, default_day: date | None, shared: Mapping[str, Node | None]) -> GoldenCase:
        name = fields.text("name")
        as_of = fields.day_or_none("as_of") or default_day
        if as_of is None:
            words = tell("{name} says no as_of", name=name)
            fields.wrong(fields.spot, "missing_key", words, "say it here or in defaults")
        day = as_of or date.max
        known: dict[FactKey, Fact] = {}
        for key in ("facts", *_YEARS_BACK):
            for node in (shared[key], fields.node(key, required=False)):
                known.update(self._facts(node, _year_of(key, day), known))
        rulings = self._rulings(shared["rulings"]) | self._rulings(fields.node("rulings", required=False))
        held = {n: _text(node) for n, _, node in self._held(fields.record("held", required=False)).rest()}
        expected = {n: self._expectation(below) for n, below in fields.named() if self._is_item(n, below)}
        if not expected:
            fields.wrong(fields.spot, "expects_nothing", tell("{name} expects nothing of any item", name=name))
        return GoldenCase(name, day, Facts(known), rulings, held, expected, fields.spot)

    def _is_item(self, name: str, fields: Fields) -> bool:
        if name not in self._items:
            known = (*self._items, "facts", *_YEARS_BACK, "rulings", "held", "as_of")
            fields.wrong(fields.spot, "unknown_item", tell("no item {name}", name=name), nearest(name, known))
        return name in self._items

    def _held(self, fields: Fields) -> Fields:
        for name in (key for key in fields.unread if key not in _HELD):
            words = tell("{name} is not decided outside", name=name)
            fields.wrong(fields.spot_of(name), "unknown_reason", words, ", ".join(_HELD))
        return fields

    def _rulings(self, node: Node | None) -> dict[str, bool]:
        found = {}
        for name, value in (node.values if isinstance(node, RecordNode) else {}).items():
            ruling = as_boolean(value.text) if isinstance(value, TextNode) else None
            if ruling is None or (name not in self._requirements and name != "quota"):
                hint = nearest(name, self._requirements)
                words = tell("a ruling on {name} is true or false", name=name)
                self._problems.add(value.spot, "malformed_ruling", words, hint)
            found[name] = bool(ruling)
        return found

    def _facts(self, node: Node | None, year: Period | None, known: dict[FactKey, Fact]) -> dict[FactKey, Fact]:
        if node is not None and not isinstance(node, RecordNode):
            self._problems.add(node.spot, "not_a_record", "facts must be keys and values")
        found: dict[FactKey, Fact] = {}
        for written, value in (node.values if isinstance(node, RecordNode) else {}).items():
            key = self._key(written, year, value.spot)
            if key is None:
                continue
            if isinstance(value, TextNode) and value.text == UNKNOWN_WORD:
                known.pop(key, None)
            else:
                found[key] = Fact(self._value(key.attribute, value), "golden")
        return found

    def _key(self, written: str, year: Period | None, spot: Spot) -> FactKey | None:
        try:
            key = FactKey.parse(written)
        except (InvariantBroken, ValueError):
            words = tell("{written}: write name@2025, name@2025-06 or name@from/to", written=written)
            self._problems.add(spot, "malformed_period", words)
            return None
        if key.attribute in self._schema.relations:
            return key
        fact = self._schema.facts.get(key.attribute)
        if fact is None:
            hint = nearest(key.attribute, [*self._schema.facts, *self._schema.relations])
            self._problems.add(spot, "unknown_fact", tell("no fact {name}", name=key.attribute), hint)
            return None
        return self._with_period(key, fact, year, spot)

    def _with_period(self, key: FactKey, fact: FactType, year: Period | None, spot: Spot) -> FactKey | None:
        if key.period is None and fact.period == "year" and year:
            return FactKey(key.attribute, year)
        if not _fits(fact.period, key.period) or (year and fact.period != "year"):
            words = tell("{fact} has the period {period}", fact=fact.name, period=fact.period)
            self._problems.add(spot, "wrong_period", words, "write it under last_year, or as name@period")
            return None
        return key

    def _value(self, name: str, node: Node) -> Any:
        relation = self._schema.relations.get(name)
        if relation is None:
            return self._scalar(self._schema.facts[name], node)
        records = node.items if isinstance(node, ListNode) else ()
        if not isinstance(node, ListNode):
            self._problems.add(node.spot, "not_a_list", tell("{name} is a list of records", name=name))
        return tuple(self._record(record, relation.fields, name) for record in records)

    def _record(self, node: Node, types: Mapping[str, FactType], name: str) -> dict[str, Any]:
        found = {}
        for key, value in (node.values if isinstance(node, RecordNode) else {}).items():
            if key not in types:
                words = tell("{name} has no field {key}", name=name, key=key)
                self._problems.add(value.spot, "unknown_field", words, nearest(key, [*types]))
            elif not (isinstance(value, TextNode) and value.text == UNKNOWN_WORD):
                found[key] = self._scalar(types[key], value)
        return found

    def _scalar(self, fact: FactType, node: Node) -> Any:
        value = read_value(fact.kind, node, self._problems, fact.name)
        if fact.values and isinstance(value, str) and value not in fact.values:
            words = tell("{fact}: {value}", fact=fact.name, value=value)
            self._problems.add(node.spot, "not_one_of", words, nearest(value, fact.values))
        tree = self._schema.code_trees.get(fact.code_tree)
        if tree is not None and isinstance(value, str) and value not in tree:
            words = tell("{fact}: {value} is not in the tree {tree}", fact=fact.name, value=value, tree=tree.name)
            self._problems.add(node.spot, "unknown_code", words)
        return value

    def _expectation(self, fields: Fields) -> Expectation:
        each = {}
        for written, below in fields.record("each", required=False).named(required_names=False):
            index = as_whole(written)
            if index is None:
                words = tell("{written} is no index", written=written)
                fields.wrong(below.spot, "malformed", words, "records count from 0")
            each[index or 0] = self._expectation(below)
        expectation = Expectation(
            answer=fields.choice("answer", _ANSWERS),
            amount=fields.choice("amount", ("known", "unknown", "none")) if "amount" in fields else None,
            amount_fen=fields.whole("amount_fen") if "amount_fen" in fields else None,
            because=fields.texts("because") if "because" in fields else None,
            missing=fields.texts("missing") if "missing" in fields else None,
            each=each,
        )
        fields.close()
        return expectation


def _year_of(key: str, day: date) -> Period | None:
    return Period(day.year - _YEARS_BACK[key]) if key in _YEARS_BACK else None


def _fits(kind: str, period: Period | Span | None) -> bool:
    if kind == "none":
        return period is None
    if kind == "interval":
        return isinstance(period, Span)
    return isinstance(period, Period) and bool(period.month) == (kind == "month")


def _text(node: Node) -> str:
    return node.text if isinstance(node, TextNode) else ""
