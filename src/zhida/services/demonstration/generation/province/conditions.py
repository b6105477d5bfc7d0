"""Single conditions of made-up items: one fact and constants, drawn from the dictionary and from how the facts lie.

A condition knows its words, and for worked examples a value that meets it and one that does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np
import pyarrow as pa

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.rules.schema import FactType
from zhida.services.demonstration.generation.province.writing import Plain

WAN = 1_000_000
"""Fen in 10,000 yuan, the unit in which policies speak of money."""
_AT_LEAST, _AT_MOST = 0.74, 0.16
"""How many in a hundred bounds on numbers are lower ones, and how many upper; the rest lie between two."""


@dataclass(frozen=True)
class Condition:
    """An expression over the fact `reads`, its Chinese words, and facts (by written key) that meet it or do not."""

    text: str
    words: str
    reads: str
    met: Mapping[str, Plain] = field(compare=False)
    unmet: Mapping[str, Plain] = field(compare=False)


@dataclass(frozen=True)
class Source:
    """What conditions are drawn from: the dictionary, a sample of subjects, and the day of worked examples."""

    dictionary: Dictionary
    sample: pa.Table
    as_of: date

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[str, ...]]:
        """The facts that conditions speak of, by the kind of condition; a place is the item's own business."""
        found: dict[str, list[str]] = {}
        for fact in self.dictionary.facts.values():
            if fact.code_tree != "region":
                found.setdefault("codes" if fact.code_tree else "closed" if fact.values else fact.kind, []).append(
                    fact.name
                )
        return {kind: tuple(names) for kind, names in found.items()}

    @cached_property
    def facts(self) -> Mapping[str, FactType]:
        """Every fact by name."""
        return self.dictionary.facts

    @cached_property
    def levels(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The codes of each tree by how many stand above them."""
        found = {}
        for name, tree in self.dictionary.code_trees.items():
            depths = {code: len(tree.ancestors(code)) for code in tree.parents}
            deepest = max(depths.values(), default=-1)
            found[name] = [tuple(code for code in depths if depths[code] == depth) for depth in range(deepest + 1)]
        return found

    def called(self, name: str) -> str:
        """What a fact is called in Chinese."""
        return self.dictionary.named(name, "zh")

    def key(self, fact: FactType) -> str:
        """The written key of a fact, of last year where it has years."""
        return f"{fact.name}@{self.as_of.year - 1}" if fact.period == "year" else fact.name

    def quantile(self, fact: FactType, share: float) -> int:
        """The stored value (a scaled number, days since 1970) under which a share of the known values lie."""
        return int(self._sorted[fact.name][int(share * (len(self._sorted[fact.name]) - 1))])

    @cached_property
    def held(self) -> Mapping[str, Sequence[str]]:
        """The words that the sample's lists hold, each as often as it is held."""
        lists = [fact.name for fact in self.facts.values() if fact.kind == "texts"]
        return {name: self.sample[name].combine_chunks().flatten().to_pylist() for name in lists}

    @cached_property
    def _sorted(self) -> dict[str, np.ndarray]:
        found = {}
        for fact in self.dictionary.facts.values():
            if fact.kind in ("number", "date"):
                column = self.sample[self.key(fact)].drop_null()
                found[fact.name] = np.sort(column.cast(pa.int32() if fact.kind == "date" else pa.int64()).to_numpy())
        return found


def draw(source: Source, name: str, rng: np.random.Generator) -> Condition:
    """A condition over a fact, of the kinds that its type allows."""
    fact = source.facts[name]
    if fact.code_tree:
        return _within(source, fact, rng)
    return _BY_KIND["closed" if fact.values else fact.kind](source, fact, rng)


def _number(source: Source, fact: FactType, rng: np.random.Generator) -> Condition:
    if fact.period == "year" and rng.random() < 0.12:
        return _growth(source, fact, rng)
    unit = WAN if fact.unit == "fen" else 1
    way, hard = rng.random(), rng.uniform(0.35, 0.93)
    at_most = _AT_LEAST <= way < _AT_LEAST + _AT_MOST
    bound = _plain(source.quantile(fact, 1 - hard if at_most else hard), unit)
    spoken, words = (f"{fact.name}(year - 1)" if fact.period == "year" else fact.name), source.called(fact.name)
    key = source.key(fact)

    def told(stored: int) -> str:
        return str(Decimal(stored).scaleb(-fact.scale))

    def said(stored: int) -> str:
        return f"{stored // WAN} 万元" if fact.unit == "fen" else told(stored)

    if way < _AT_LEAST:
        met, unmet = {key: told(bound)}, {key: told(bound - 1)}
        return Condition(f"{spoken} >= {told(bound)}", f"{words}不低于 {said(bound)}", fact.name, met, unmet)
    if at_most:
        met, unmet = {key: told(bound)}, {key: told(bound + 1)}
        return Condition(f"{spoken} <= {told(bound)}", f"{words}不高于 {said(bound)}", fact.name, met, unmet)
    top = _plain(bound * int(rng.integers(3, 20)), unit)
    text = f"{spoken} in [{told(bound)}..{told(top)})"
    words = f"{words}在 {said(bound)} 至 {said(top)} 之间"
    return Condition(text, words, fact.name, {key: told(bound)}, {key: told(top)})


def _growth(source: Source, fact: FactType, rng: np.random.Generator) -> Condition:
    year, tenths = source.as_of.year, int(rng.choice([0, 5, 10, 15, 20, 30]))
    now, before = f"{fact.name}@{year - 1}", f"{fact.name}@{year - 2}"
    text = f"{fact.name}(year - 1) >= {fact.name}(year - 2) * {Decimal(100 + tenths).scaleb(-2)}"
    words = f"{source.called(fact.name)}增长不低于 {tenths}%"
    return Condition(text, words, fact.name, {now: "200", before: "100"}, {now: "99", before: "100"})


def _date(source: Source, fact: FactType, rng: np.random.Generator) -> Condition:
    words = source.called(fact.name)
    if rng.random() < 0.2:
        years = int(rng.integers(1, 11))
        long_ago, lately = source.as_of - timedelta(days=366 * years), source.as_of - timedelta(days=30)
        text = f"years_between({fact.name}, as_of) >= {years}"
        met, unmet = {fact.name: str(long_ago)}, {fact.name: str(lately)}
        return Condition(text, f"{words}满 {years} 年", fact.name, met, unmet)
    day = (date(1970, 1, 1) + timedelta(days=source.quantile(fact, rng.uniform(0.15, 0.85)))).replace(day=1)
    before = {fact.name: str(day - timedelta(days=1))}
    if rng.random() < 0.5:
        return Condition(
            f'{fact.name} >= date("{day}")', f"{words}不早于 {day}", fact.name, {fact.name: str(day)}, before
        )
    return Condition(f'{fact.name} < date("{day}")', f"{words}早于 {day}", fact.name, before, {fact.name: str(day)})


def _boolean(source: Source, fact: FactType, rng: np.random.Generator) -> Condition:
    yes, no, words = {fact.name: "true"}, {fact.name: "false"}, source.called(fact.name)
    if rng.random() < 0.75:
        return Condition(fact.name, f"属于{words}", fact.name, yes, no)
    return Condition(f"not({fact.name})", f"不属于{words}", fact.name, no, yes)


def _closed(source: Source, fact: FactType, rng: np.random.Generator) -> Condition:
    many = int(rng.integers(1, len(fact.values)))
    chosen = sorted(rng.choice(len(fact.values), size=many, replace=False).tolist())
    among = [fact.values[place] for place in chosen]
    other = next(value for value in fact.values if value not in among)
    text = f'{fact.name} = "{among[0]}"' if many == 1 else f"{fact.name} in ({_quoted(among)})"
    named = source.dictionary.value_words.get(fact.name, {})
    words = (
        f"{source.called(fact.name)}为{'、'.join(named[value]['zh'] if value in named else value for value in among)}"
    )
    return Condition(text, words, fact.name, {fact.name: among[0]}, {fact.name: other})


def _within(source: Source, fact: FactType, rng: np.random.Generator) -> Condition:
    level = source.levels[fact.code_tree][int(rng.choice([0, 1, 2, 3], p=[0.5, 0.33, 0.12, 0.05]))]
    many = min(int(rng.geometric(0.35)), 8, len(level) - 1)
    places = sorted(level[place] for place in rng.choice(len(level), size=many, replace=False))
    outside = next(code for code in level if code not in places)
    text = f'within({fact.name}, "{places[0]}")' if many == 1 else f"within({fact.name}, [{_quoted(places)}])"
    words = f"{source.called(fact.name)}属于 {'、'.join(places)}"
    return Condition(text, words, fact.name, {fact.name: places[0]}, {fact.name: outside})


def _texts(source: Source, fact: FactType, rng: np.random.Generator) -> Condition:
    held = source.held[fact.name]
    word = held[int(rng.integers(len(held)))]
    text, words = f'list contains({fact.name}, "{word}")', f"{source.called(fact.name)}含 {word}"
    if rng.random() < 0.15:
        return Condition(
            f"not({text})", f"{source.called(fact.name)}不含 {word}", fact.name, {fact.name: ()}, {fact.name: (word,)}
        )
    return Condition(text, words, fact.name, {fact.name: (word,)}, {fact.name: ()})


_BY_KIND: Mapping[str, Callable[[Source, FactType, np.random.Generator], Condition]] = {
    "number": _number,
    "date": _date,
    "boolean": _boolean,
    "closed": _closed,
    "texts": _texts,
}


def _quoted(words: list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _plain(stored: int, unit: int) -> int:
    """A number that somebody would write: two digits and zeros, one unit at least."""
    whole = max(stored // unit, 1)
    step = 10 ** max(len(str(whole)) - 2, 0)
    return whole // step * step * unit
