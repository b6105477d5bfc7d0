"""An amount explained: the factors it is the product of, and how far a value is from the bound it must reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.rules import FactType, FactUse, Program, Unknown, nodes
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.values import FactKey, Facts, Period
from zhida.surfaces.look.charts import Ruler, ruler
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Equation, Factor
from zhida.surfaces.look.telling import facts as fact_words

ROUNDINGS = ("floor", "ceiling", "round half up", "round_half_up")
NEEDED = re.compile(r"^(>=|<=|>|<) (-?\d+(?:\.\d+)?)$")
BOUNDS = {">=": "不少于 {bound}", ">": "多于 {bound}", "<=": "不多于 {bound}", "<": "少于 {bound}"}
AT_LEAST = ("不少于 {bound}", "现在 {value}，还差 {gap}")
AT_MOST = ("不多于 {bound}", "现在 {value}，超出 {gap}")
NEARLY = Decimal("0.5")
PLAIN = ("", "true", "false", "> 0")
"""What says nothing to a reader as a bound: a yes or no, and the guard of a division."""


class _Explaining:
    """Names and values of the factors of one amount, for one subject's facts on one day."""

    def __init__(self, program: Program, facts: Facts, as_of: date, pack: Pack, dictionary: Dictionary) -> None:
        self.evaluation = Evaluation(Subject(program.schema, facts, as_of), program.within)
        self.schema, self.as_of, self.pack, self.dictionary = program.schema, as_of, pack, dictionary

    def product(self, node: nodes.Node) -> tuple[nodes.Node, ...] | None:
        """The factors of a product, roundings and amounts' names seen through; None where it is no product."""
        while True:
            if isinstance(node, nodes.Call) and node.name in ROUNDINGS:
                node = node.arguments[0]
            elif isinstance(node, nodes.Name) and node.name in self.schema.amounts:
                node = self.schema.amounts[node.name].value
            else:
                break
        found = tuple(self._flatten(node))
        return found if len(found) > 1 else None

    def _flatten(self, node: nodes.Node) -> Iterator[nodes.Node]:
        if isinstance(node, nodes.Arithmetic) and node.operator == "*":
            yield from self._flatten(node.left)
            yield from self._flatten(node.right)
        else:
            yield node

    def factor(self, node: nodes.Node) -> Factor | None:
        """One factor in words, or None where it is not known or too involved to be named."""
        value = self.evaluation.value(node)
        named = self._named(node)
        if named is None or not isinstance(value, Decimal):
            return None
        name, kind = named
        if kind is None:
            return Factor(_share(value), name)
        unit = fact_words.UNIT_NAMES.get(fact_words.unit_of(kind), "")
        label = say("{name}，{unit}", name=name, unit=say(unit)) if unit else name
        text = fact_words.number(value, FactType(kind.name, kind.kind, scale=kind.scale))
        return Factor(f"{value / 100:,.2f}" if kind.unit == "fen" else text, label)

    def _named(self, node: nodes.Node) -> tuple[str, FactType | None] | None:
        if isinstance(node, nodes.Literal):
            return say("标准"), None
        if isinstance(node, nodes.Path) and isinstance(node.source, nodes.Name) and node.source.name == "parameters":
            rows = self.schema.parameters[node.field].in_force(self.as_of)
            return next((row.source for row in rows.values() if row.source), say("公布的标准")), None
        if isinstance(node, nodes.Name) and node.name in self.schema.tables:
            names = (self.dictionary.named(column.name, spoken()) for column in self.schema.tables[node.name].by)
            return say("按{by}定", by=say("、").join(names)), None
        key = self._key(node)
        kind = self.schema.facts.get(key.attribute) if key else None
        return (fact_words.label(self.dictionary, key, self.pack), kind) if key and kind else None

    def _key(self, node: nodes.Node) -> FactKey | None:
        if isinstance(node, nodes.Name) and node.name in self.schema.facts:
            return FactKey(node.name)
        if isinstance(node, nodes.Call) and node.name in self.schema.facts and len(node.arguments) == 1:
            year = self.evaluation.value(node.arguments[0])
            return FactKey(node.name, Period(int(year))) if isinstance(year, Decimal) and 1 <= year <= 9999 else None
        return None


def _share(value: Decimal) -> str:
    return f"{fact_words.plain(value * 100)}%" if 0 < value < 1 else fact_words.plain(value)


def equation(
    program: Program, facts: Facts, as_of: date, fen: int, pack: Pack, dictionary: Dictionary
) -> Equation | None:
    """The factors that an amount is the product of; None where it is no product, or a factor has no name."""
    if program.amount is None or program.for_each:
        return None
    explaining = _Explaining(program, facts, as_of, pack, dictionary)
    product = explaining.product(program.amount)
    factors = [explaining.factor(node) for node in product or ()]
    known = [factor for factor in factors if factor is not None]
    if not known or len(known) < len(factors):
        return None
    signed = [known[0], *(Factor(one.value, one.label, "×", say("乘")) for one in known[1:])]
    return Equation(tuple(signed), Factor(f"{fen / 100:,.2f}", say("金额，元")))


def needed(text: str, fact: FactType | None, dictionary: Dictionary, choices: Mapping[str, str] | None = None) -> str:
    """What was needed of a fact (`>= 12`, `!= "none"`, `within "990000"`) in words: `不少于 12 个月`."""
    match = NEEDED.match(text)
    if match:
        return say(BOUNDS[match.group(1)], bound=fact_words.number(Decimal(match.group(2)), fact))
    if text in ("true", "false"):
        return say("是") if text == "true" else say("否")
    named = [fact_words.written(one, fact, dictionary, choices) for one in re.findall(r'"([^"]+)"', text)]
    if not named:
        return text
    names = say("、").join(named)
    return say("不是{names}", names=names) if text.startswith("!=") else names


def bound_of(text: str) -> Decimal | None:
    """The number that was needed of a fact at least or at most; None where none was."""
    match = NEEDED.match(text)
    return Decimal(match.group(2)) if match else None


def holds(text: str, value: object) -> bool:
    """Whether a number meets the bound that was needed of it; False where there is none."""
    match = NEEDED.match(text)
    if match is None or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    bound = Decimal(match.group(2))
    return {">=": value >= bound, ">": value > bound, "<=": value <= bound, "<": value < bound}[match.group(1)]


def distance(use: FactUse, fact: FactType | None, name: str) -> tuple[Ruler, str] | None:
    """How far a number is from its bound, drawn and in one sentence; None where there is no bound, or it is far off."""
    match = NEEDED.match(use.needed)
    if match is None or isinstance(use.value, Unknown | bool) or not isinstance(use.value, int | Decimal):
        return None
    try:
        value, bound = Decimal(use.value), Decimal(match.group(2))
    except InvalidOperation:
        return None
    rising = match.group(1).startswith(">")
    near = value >= bound * NEARLY if rising else bound > 0 and value <= bound * (1 + NEARLY)
    if bound <= 0 or value < 0 or not near:
        return None
    shown = {
        "bound": fact_words.number(bound, fact),
        "value": fact_words.number(value, fact),
        "gap": fact_words.number(abs(bound - value), fact),
    }
    need, gap = (say(words, **shown) for words in (AT_LEAST if rising else AT_MOST))
    at_words = say("现在 {value}", value=shown["value"])
    sentence = say("{name}{need}才符合，{gap}", name=name, need=need, gap=gap)
    return ruler(value, bound, at_words=at_words, need_words=need, label=sentence), sentence
