"""Figures of rules held against the words that they cite: a figure the text does not have, a bound it says otherwise.

No solver. A figure is told of only where the cited clauses have figures of its kind and not this one (where its unit
does not tell its kind, where the whole text has it not); a bound only where all that the text says of it agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from zhida.domain.errors import AuthorError
from zhida.domain.packs.lint.figures import Bound, Figure, figures_in
from zhida.domain.packs.lint.findings import Finding, at_place, at_spot
from zhida.domain.packs.lint.places import spot_of
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import Node, Place, Type, check, nodes, write_constant

_SIDES = {">=": Bound(True, True), ">": Bound(True, False), "<=": Bound(False, False), "<": Bound(False, True)}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EXEMPT = (Decimal(0), Decimal(1))
_ROUNDING = (Decimal(10), Decimal(100), Decimal(1000), Decimal(10_000))
_REFUSING = ("不予", "不得", "除外", "取消", "停发", "不再")
_UNIT_KINDS = {"fen": "money", "months": "months", "years": "years", "days": "days"}


@dataclass(frozen=True)
class Said:
    """A constant of a rule: where it stands, the unit of what it is compared with, how it bounds it."""

    node: nodes.Literal
    unit: str
    bound: Bound | None = None


class Texts:
    """The figures of a pack's text, and what its rules say beside them."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._of = {clause.anchor: figures_in(clause.heading + clause.text) for clause in pack.clauses}
        relations = pack.schema.relations.values()
        self._bound = {each.singular: Type("record", relation=each) for each in relations}
        counts = (item.schedule.count for item in pack.items.values() if item.schedule)
        self._instalments = [Decimal(count) for count in counts if count]

    @cached_property
    def _whole(self) -> tuple[Figure, ...]:
        return figures_in(self.pack.policy_text)

    def findings(self) -> Iterator[Finding]:
        """Every constant of requirements, tables, amounts and own parameters that the text does not bear out."""
        for requirement in self.pack.requirements.values():
            for each in requirement.alternatives:
                cites = each.cites or requirement.cites
                yield from self._against(each.place, [*self._said(each.when)], cites, requirement.name, directed=True)
        for name in self._used_tables():
            table = self.pack.schema.tables[name]
            for row in table.rows:
                said = [Said(row.gives, "")] if isinstance(row.gives, nodes.Literal) else [*self._said(row.gives)]
                for column, cell in zip(table.by, row.cells, strict=True):
                    said += [each for test in cell for each in self._tested(test, self._unit(column.value))]
                yield from self._against(row.place, said, table.cites, name)
        for amount in self.pack.schema.amounts.values():
            yield from self._against(amount.place, [*self._said(amount.value)], amount.cites, amount.name)
        yield from self._parameters()

    def _used_tables(self) -> Iterator[str]:
        yield from (
            name for name, table in self.pack.schema.tables.items() if table.place.file.startswith(self.pack.id)
        )

    def _unit(self, node: Node) -> str:
        try:
            return check(node, self.pack.schema, bound=self._bound).unit
        except AuthorError:
            return ""

    def _said(self, node: Node, positive: bool = True) -> Iterator[Said]:
        """Every constant that is compared or counted with, with its bound where it stands as one."""
        if isinstance(node, nodes.Compare):
            for side, other, sign in (
                (node.right, node.left, node.operator),
                (node.left, node.right, _MIRRORED.get(node.operator, node.operator)),
            ):
                if isinstance(side, nodes.Literal):
                    yield Said(side, self._unit(other), _SIDES.get(sign) if positive else None)
                else:
                    yield from self._said(side, False)
        elif isinstance(node, nodes.In):
            for test in node.tests:
                yield from self._tested(test, self._unit(node.value))
            yield from self._said(node.value, False)
        elif isinstance(node, nodes.Literal):
            yield from [] if node.value in _ROUNDING else [Said(node, "")]
        elif isinstance(node, nodes.Call):
            yield from self._of_call(node)
        elif isinstance(node, nodes.Not):
            yield from self._said(node.operand, False)
        else:
            for child in nodes.children(node):
                yield from self._said(child, positive and isinstance(node, nodes.And | nodes.Or | nodes.Quantified))

    def _of_call(self, node: nodes.Call) -> Iterator[Said]:
        if node.name in self.pack.schema.facts:
            return
        if node.name == "add_months":
            yield from (Said(each, "months") for each in node.arguments[1:] if isinstance(each, nodes.Literal))
            return
        arguments = node.arguments[:1] if node.name in ("floor", "ceiling", "round half up") else node.arguments
        unit = self._unit(node) if node.name in ("min", "max") else ""
        for each in arguments:
            yield from [Said(each, unit)] if isinstance(each, nodes.Literal) else self._said(each, False)

    def _tested(self, test: Node, unit: str) -> Iterator[Said]:
        if isinstance(test, nodes.Interval):
            if isinstance(test.low, nodes.Literal):
                yield Said(test.low, unit, _SIDES[">=" if test.includes_low else ">"])
            if isinstance(test.high, nodes.Literal):
                yield Said(test.high, unit, _SIDES["<=" if test.includes_high else "<"])
        elif isinstance(test, nodes.Literal):
            yield Said(test, unit)
        else:
            yield from self._said(test, False)

    def _against(
        self, place: Place, said: list[Said], cites: tuple[str, ...], about: str, directed: bool = False
    ) -> Iterator[Finding]:
        cited = [figure for anchor in cites for figure in self._of.get(anchor, ())]
        words = "".join(clause.text for clause in self.pack.clauses if clause.anchor in cites)
        for each in said:
            value = each.node.value
            if isinstance(value, bool | str) or value in _EXEMPT:
                continue
            same = [figure for figure in cited if self._is(figure, value, each.unit)]
            if not same and self._should_be_there(cited, value, each.unit):
                yield _not_in_text(place, each, about)
            bounds = {figure.bound for figure in same if figure.bound is not None}
            as_told = any(other.bound in bounds for other in said if other.node == each.node)
            if each.bound is not None and len(bounds) == 1 and not as_told:
                (told,) = bounds
                is_turned = directed and told.is_lower != each.bound.is_lower and not any(w in words for w in _REFUSING)
                if told.belongs_up != each.bound.belongs_up or is_turned:
                    yield _bound_otherwise(place, each, told, about)

    def _should_be_there(self, cited: list[Figure], value: Decimal | date, unit: str) -> bool:
        """Whether the cited words have figures of this kind; where that is not sure, the whole text must lack it."""
        kinds = {figure.kind for figure in cited}
        expected = (
            {"date"}
            if isinstance(value, date)
            else {_UNIT_KINDS[unit]}
            if unit in _UNIT_KINDS
            else ({"share"} if value != value.to_integral_value() else {"count", "days", "months", "years", "money"})
        )
        if expected & {"months", "years"}:
            expected |= {"months", "years"}
        elsewhere = () if unit in _UNIT_KINDS or isinstance(value, date) else self._whole
        return bool(kinds & expected) and not any(self._is(figure, value, unit) for figure in elsewhere)

    def _is(self, figure: Figure, value: Decimal | date, unit: str) -> bool:
        """Whether a figure of the text is a constant of a rule, in the constant's unit; a sum may be an instalment."""
        if isinstance(value, date) or isinstance(figure.value, date):
            return figure.value == value
        if unit == "fen":
            return figure.kind == "money" and figure.value in [value, *(value * n for n in self._instalments)]
        if unit == "months":
            return figure.value * (12 if figure.kind == "years" else 1) == value
        if unit:
            return figure.value == value and figure.kind not in ("money", "share")
        return value in (figure.value, figure.value * 12 if figure.kind == "years" else figure.value) or (
            figure.kind == "money" and figure.value in [value * n for n in self._instalments]
        )

    def _parameters(self) -> Iterator[Finding]:
        """Values whose source is the document itself."""
        number = self.pack.document.number
        for name, series in self.pack.parameters.items():
            for position, row in enumerate(series.rows):
                own = number in row.source and isinstance(row.value, Decimal) and row.value not in _EXEMPT
                told = any(self._is(figure, row.value, series.unit) for figure in self._whole) if own else True  # type: ignore[arg-type]
                if not told:
                    spot = spot_of(self.pack, "parameters.yaml", name, "rows", position, "value")
                    written = write_constant(row.value)
                    zh = f"参数 {name} 的值 {written} 在条文里找不到"
                    en = f"the value {written} of {name} is not in the text that it names as its source"
                    yield at_spot(spot, "figure_not_in_text", zh, en, name)


def _not_in_text(place: Place, said: Said, about: str) -> Finding:
    written = write_constant(said.node.value)
    zh = f"{about} 里的 {written} 在条文里找不到（单位 {said.unit or '未定'}）：数字或单位有误"
    en = f"{written} in {about} is not in the text (unit {said.unit or 'open'}): a wrong figure, or a wrong unit"
    return at_place(place, said.node, "figure_not_in_text", zh, en, about)


def _bound_otherwise(place: Place, said: Said, told: Bound, about: str) -> Finding:
    written = write_constant(said.node.value)
    side = ("下限" if told.is_lower else "上限", "lower" if told.is_lower else "upper")
    inside = told.is_lower == told.belongs_up
    zh = f"{about}：条文里 {written} 是{side[0]}，{'含本数' if inside else '不含本数'}，规则写法不同"
    en = f"{about}: the text has {written} as {side[1]} bound, {'included' if inside else 'not included'}; not the rule"
    return at_place(place, said.node, "bound_against_text", zh, en, about)
