"""What the acts of one transaction share: what is read once for all its cases, and what is written together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from zhida.domain.values import Actor
from zhida.kernel.cases.models import Case, Freeze, Grant, Ruling, Step
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.entitlements.actions import NewGrant
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds.records import NewDisbursement
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.ledger.actions import NewFact
from zhida.kernel.notices import actions as notices
from zhida.kernel.notices.actions import News

Read = TypeVar("Read")
Who = TypeVar("Who")
Act = TypeVar("Act")
_OF_CASE = [each.name for each in Case._meta.concrete_fields if not each.primary_key]


@dataclass
class Bench:
    """Lives as long as its transaction. Whoever adds to it calls `write` before the transaction ends."""

    as_of: datetime
    rows: dict[str, Case] = field(default_factory=dict)
    steps: dict[int, Step] = field(default_factory=dict)
    instalments: dict[int, Grant] = field(default_factory=dict)
    freezes: list[Freeze] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    granted: list[tuple[Actor, NewGrant]] = field(default_factory=list)
    payments: list[tuple[Actor, str, NewDisbursement]] = field(default_factory=list)
    news: list[tuple[Actor, News]] = field(default_factory=list)
    facts: list[NewFact] = field(default_factory=list)
    _read: dict[object, Any] = field(default_factory=dict)

    def once(self, key: object, read: Callable[[], Read]) -> Read:
        """What cannot change within the transaction, read when it is first asked for."""
        if key not in self._read:
            self._read[key] = read()
        return cast(Read, self._read[key])

    def keep(self, row: Case | Step | Grant) -> None:
        """Has a row, new or changed, written."""
        if isinstance(row, Case):
            self.rows[row.id] = row
        elif isinstance(row, Step):
            self.steps[id(row)] = row
        else:
            self.instalments[id(row)] = row

    def write(self) -> None:
        """Writes all that was added, all or none, and is empty again. Raises what the actions below raise."""
        ledger.record_all(facts=self.facts, by=Actor("", ""), as_of=self.as_of)
        for by, grants in _grouped(self.granted):
            entitlements.grant_many(grants=grants, by=by, as_of=self.as_of)
        self._pay()
        _upsert(Case, self.rows.values(), _OF_CASE)
        _upsert(Step, self.steps.values(), ["finding", "done_on", "done_by", "note"])
        _upsert(Grant, self.instalments.values(), ["disbursement", "credential", "fulfilled_at"])
        _upsert(Freeze, self.freezes, [])
        _upsert(Ruling, self.rulings, [])
        for by, news in _grouped(self.news):
            notices.send(news=news, by=by, as_of=self.as_of)
        for added in (self.rows, self.steps, self.instalments):
            added.clear()
        for acts in (self.facts, self.granted, self.payments, self.freezes, self.rulings, self.news):
            acts.clear()

    def _pay(self) -> None:
        """Commits the money line by line, and instructs at once what a standing release covers."""
        wanted = [((by, line), new) for by, line, new in self.payments]
        for (by, line), new in _grouped(wanted):
            enter = funds.reserve_and_instruct if by.standing_release else funds.reserve_many
            enter(line=line, disbursements=new, by=by, as_of=self.as_of)


def _grouped(acts: Iterable[tuple[Who, Act]]) -> Iterable[tuple[Who, list[Act]]]:
    groups: dict[Who, list[Act]] = {}
    for who, act in acts:
        groups.setdefault(who, []).append(act)
    return groups.items()


def _upsert(model: Any, rows: Iterable[Any], fields: list[str]) -> None:
    """Rows that are there are written anew, ten times as fast as Django's bulk update; the others are added."""
    known = [row for row in rows if not row._state.adding]
    added = [row for row in rows if row._state.adding]
    key = model._meta.pk.name
    if known:
        model.objects.bulk_create(known, update_conflicts=True, unique_fields=[key], update_fields=fields)
    if added:
        model.objects.bulk_create(added)
