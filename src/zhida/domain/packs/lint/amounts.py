"""Amounts that cannot be what the author meant: below zero, always nothing, beside their caps, beyond them.

The solver proposes a subject, and the judge engine (`rules.assess`) confirms it before anything is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from zhida.domain.packs.groups import Group
from zhida.domain.packs.lint.conditions import Conditions
from zhida.domain.packs.lint.figures import caps_in
from zhida.domain.packs.lint.findings import Finding, at_place, at_spot
from zhida.domain.packs.lint.places import spot_of
from zhida.domain.packs.lint.solving import Can
from zhida.domain.packs.lint.table_terms import row_holds
from zhida.domain.packs.lint.witnesses import Witness, witness_of
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import Amount, AmountState, Answer, Node, Place, Table, nodes, walk, write
from zhida.domain.values import yuan

_MAY_GIVE_NONE = ("first", "collect_sum")
_TRIES = 6
_APART = 45  # Days: more than the longest month is off by.
_ZERO = nodes.Literal("number", Decimal(0))


class Amounts:
    """The amount of one item whose conditions somebody can meet."""

    def __init__(self, pack: Pack, conditions: Conditions, group: Group | None) -> None:
        self.pack = pack
        self.conditions = conditions
        self.item = conditions.item
        self.group = group
        self.z3 = conditions.z3
        named = self.item.benefit.amount
        self.amounts = [*self._behind(named, {})]
        self.place = self._place_of(named)

    def findings(self) -> Iterator[Finding]:
        """Everything that is told of the amount."""
        if self.item.program.amount is None:
            return
        amount = self.conditions.terms.term(self.item.program.amount)
        yield from self._signs(amount)
        yield from self._above_caps(amount)
        for name, value, place in self.amounts:
            yield from self.conditions.branches(value, self.conditions.around(place, name, self.conditions.entitled))
            yield from self._idle_limits(name, value, place)
        for table in self.tables():
            yield from self.conditions.rows(table, pays=True)
            yield from _rows_above_cap(table)

    def tables(self) -> Iterator[Table]:
        """The tables that the amount is made of."""
        named = {each.name for _, value, _ in self.amounts for each in walk(value) if isinstance(each, nodes.Name)}
        named.add(self.item.benefit.amount)
        yield from (table for name, table in self.pack.schema.tables.items() if name in named)

    def _place_of(self, name: str) -> Place:
        schema = self.pack.schema
        known: Amount | Table | None = schema.amounts.get(name) or schema.tables.get(name)
        return known.place if known else Place()

    def _behind(self, name: str, seen: dict[str, None]) -> Iterator[tuple[str, Node, Place]]:
        """The named amounts that one is made of, itself first."""
        amount = self.pack.schema.amounts.get(name)
        table = self.pack.schema.tables.get(name)
        if name in seen or (amount is None and table is None):
            return
        seen[name] = None
        parts = [amount.value] if amount else [*(table.expressions if table else ())]
        if amount:
            yield name, amount.value, amount.place
        for each in (each for part in parts for each in walk(part)):
            if isinstance(each, nodes.Name):
                yield from self._behind(each.name, seen)

    def _signs(self, amount: Any) -> Iterator[Finding]:
        entitled, solver, name = self.conditions.entitled, self.conditions.solver, self.item.name
        if solver.can(entitled, amount > 0) is Can.NO:
            zh, en = f"{name} 的金额永远是零", f"the amount of {name} is always zero"
            yield at_place(self.place, None, "amount_always_zero", zh, en, name)
            return
        below = self._witness(lambda witness: witness.is_refused, amount < 0, *self._some_row())
        if below is not None:
            zh = f"{name} 的金额可能为负（不符合条件的人也要算），系统会拒绝计算，例如：{below.told}"
            en = f"the amount of {name} can fall below zero, where every engine stops, entitled or not: {below.told}"
            yield at_place(self.place, None, "amount_below_zero", zh, en, name)
        for table in self.tables():
            no_row = self.z3.Not(self._any_row(table))
            gap = self._witness(_goes_without, entitled, no_row) if table.hit in _MAY_GIVE_NONE else None
            if gap is not None:
                zh = f"符合 {name} 条件的人在表 {table.name} 里找不到对应的行，拿不到钱，例如：{gap.told}"
                en = f"somebody entitled to {name} finds no row in {table.name}, so no amount: {gap.told}"
                yield at_place(table.place, None, "entitled_without_amount", zh, en, name)

    def _any_row(self, table: Table) -> Any:
        return self.z3.Or(*(row_holds(self.conditions.terms, table, each) for each in range(len(table.rows))))

    def _some_row(self) -> Iterator[Any]:
        """That every table of the amount has a row to give: without one there is no amount at all."""
        yield from (self._any_row(table) for table in self.tables() if table.hit in _MAY_GIVE_NONE)

    def _witness(self, is_wanted: Callable[[Witness], bool], *conditions: Any) -> Witness | None:
        """A subject so, as the judge engine confirms. Where the solver's days do not stand up to the calendar, it is
        asked again for others."""
        terms, aside = self.conditions.terms, [*conditions]
        for _ in range(_TRIES):
            found, model = self.conditions.solver.model(*aside)
            if found is Can.NO or model is None:
                return None
            witness = witness_of(terms, model)
            if witness is not None and is_wanted(witness):
                return witness
            days = [each.term for each in terms.facts.values() if each.fact.kind == "date"] + [terms.calendar.as_of]
            held = [(day, model.eval(day, model_completion=True)) for day in days]
            aside.append(self.z3.Or(*(self.z3.Or(day > at + _APART, day < at - _APART) for day, at in held)))
        return None

    def _above_caps(self, amount: Any) -> Iterator[Finding]:
        """A figure above what the cited text, or the stacking group, says is the most."""
        cited = [each for name, _, _ in self.amounts for each in self.pack.schema.amounts[name].cites]
        cited += [each for table in self.tables() for each in table.cites]
        texts = [clause.text + clause.heading for clause in self.pack.clauses if clause.anchor in cited]
        caps = [cap for text in texts for cap in caps_in(text)]
        if caps:
            most = max(caps)
            above = self._witness(lambda witness: (witness.fen or 0) > most, self.conditions.entitled, amount > most)
            if above is not None and above.fen is not None:
                zh = f"条文说最高 {yuan(most)} 元，{self.item.name} 却可以算出 {yuan(above.fen)} 元，例如：{above.told}"
                en = f"{yuan(most)} yuan at most by the text, {self.item.name} can give {yuan(above.fen)}: {above.told}"
                yield at_place(self.place, None, "amount_above_cap", zh, en, self.item.name)
        cap = self.group.cap_fen if self.group else None
        if cap is not None and self.conditions.solver.can(self.conditions.entitled, amount <= cap) is Can.NO:
            zh = f"{self.item.name} 的金额总高于同类政策合计上限 {yuan(cap)} 元"
            en = f"{self.item.name} always gives more than its group's cap of {yuan(cap)} yuan"
            yield at_spot(
                spot_of(self.pack, "items.yaml", self.item.name, "stacking"), "amount_above_cap", zh, en, self.item.name
            )

    def _idle_limits(self, name: str, value: Node, place: Place) -> Iterator[Finding]:
        """Limits inside min and max that never decide; a zero that guards an amount from below is there for others."""
        for call in walk(value):
            if not isinstance(call, nodes.Call) or call.name not in ("min", "max") or len(call.arguments) < 2:
                continue
            terms = [self.conditions.terms.term(each) for each in call.arguments]
            for argument, term in zip(call.arguments, terms, strict=True):
                others = [other for other in terms if other is not term]
                decides = [term < other if call.name == "min" else term > other for other in others]
                is_guard = call.name == "max" and argument == _ZERO
                if not is_guard and self.conditions.never(self.conditions.entitled, *decides):
                    zh = f"{call.name} 里的“{write(argument)}”从不起作用：总有别的数更{_AS[call.name][0]}"
                    en = f"`{write(argument)}` in {call.name} never decides: another is always as {_AS[call.name][1]}"
                    yield at_place(place, argument, "limit_never_binds", zh, en, name)


def _goes_without(witness: Witness) -> bool:
    return witness.answer is Answer.ENTITLED and witness.state is AmountState.NONE


_AS = {"min": ("小", "low"), "max": ("大", "high")}


def _rows_above_cap(table: Table) -> Iterator[Finding]:
    if not isinstance(table.cap, nodes.Literal) or table.marginal:
        return
    for position, row in enumerate(table.rows):
        if isinstance(row.gives, nodes.Literal) and row.gives.value > table.cap.value:  # type: ignore[operator]
            zh = f"表 {table.name} 第 {position + 1} 行的数高于表的上限 {table.cap.value}，永远给不到"
            en = f"row {position + 1} of {table.name} gives more than the table's cap of {table.cap.value}"
            yield at_place(row.place, None, "row_above_cap", zh, en, table.name)
