"""Lists that stop a payment (death, deregistration, discredit), read from the registry's facts as data says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from zhida.domain.errors import ConflictError, RetryableOutside, ZhidaError
from zhida.domain.values import Actor, Fact, FactKey, Scope, SubjectKind, local_date
from zhida.kernel.registry import queries as registry

_READER = Actor(account="system", duty="system")


@dataclass(frozen=True)
class PaymentList:
    """One list: whoever's `attribute` equals `value` is not paid, on the legal `basis`, until `expires_on`.

    `lines` are the budget lines it counts for, empty for all: a list stops nothing that its basis does not name.
    """

    name: str
    attribute: str
    value: bool
    audience: SubjectKind
    basis: str
    expires_on: date | None = None
    lines: frozenset[str] = frozenset()
    stale_after_days: int | None = None

    def counts_for(self, line: str, on: date) -> bool:
        """Whether the list is in force for a line on a day."""
        return (not self.lines or line in self.lines) and (self.expires_on is None or on < self.expires_on)


@dataclass(frozen=True)
class Objection:
    """Why a payment must not go: the list (or check) and what it says; `until` where time alone mends it."""

    payment: str
    reason: str
    detail: str = ""
    until: datetime | None = None


def read_lists(path: Path) -> tuple[PaymentList, ...]:
    """The lists in a JSON file, `[{name, attribute, value, audience, basis, expires_on?, lines?,
    stale_after_days?}]`; none without one.

    Raises ConflictError `malformed_lists`: an installation that cannot read its lists pays nobody.
    """
    if not path.exists():
        return ()
    try:
        return tuple(_list(entry) for entry in json.loads(path.read_text("utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        words = f"{path.name}: {type(error).__name__} {error}"
        raise ConflictError("malformed_lists", words, "whoever keeps the lists: mend the file") from error


def _list(entry: Mapping[str, Any]) -> PaymentList:
    expires = entry.get("expires_on")
    if not entry["basis"] or type(entry["value"]) is not bool:
        raise ValueError(f"{entry['name']}: a list has a legal basis and a value that is true or false")
    return PaymentList(
        name=entry["name"],
        attribute=entry["attribute"],
        value=entry["value"],
        audience=SubjectKind(entry["audience"]),
        basis=entry["basis"],
        expires_on=date.fromisoformat(expires) if expires else None,
        lines=frozenset(entry.get("lines", ())),
        stale_after_days=entry.get("stale_after_days"),
    )


def objections(
    lists: Sequence[PaymentList], payments: Iterable[tuple[str, str, str]], *, as_of: datetime
) -> tuple[Objection, ...]:
    """What the lists say of payments, each given as its id, its subject and its line.

    A subject whose fact is unknown or stale is objected to as well (`list_silent`), and so is one that no register
    holds. Raises RetryableOutside `list_source_down` where the registry cannot be read.
    """
    on, given = local_date(as_of), list(payments)
    asked = {subject for _, subject, line in given if any(each.counts_for(line, on) for each in lists)}
    if not asked:
        return ()
    scope = Scope.system("payment:lists")
    try:
        subjects = registry.subjects(sorted(asked), scope=scope)
        facts = registry.facts_of_many(dict.fromkeys(subjects, scope), as_of=as_of, by=_READER)
    except (OSError, ZhidaError) as error:
        raise RetryableOutside("list_source_down", f"the lists cannot be read: {error}", "nothing is sent") from error
    found = []
    for payment, subject, line in given:
        if subject not in asked:
            continue
        if subject not in subjects:
            found.append(Objection(payment, "not_on_register"))
            continue
        for each in lists:
            if each.audience is subjects[subject].kind and each.counts_for(line, on):
                found += _said(each, payment, facts[subject].get(FactKey(each.attribute)), on)
    return tuple(found)


def _said(each: PaymentList, payment: str, fact: Fact | None, on: date) -> list[Objection]:
    if fact is None or fact.value is None or _is_stale(each, fact, on):
        return [Objection(payment, "list_silent", each.name)]
    return [Objection(payment, "listed", f"{each.name}: {each.basis}")] if fact.value is each.value else []


def _is_stale(each: PaymentList, fact: Fact, on: date) -> bool:
    if each.stale_after_days is None:
        return False
    return fact.observed_on is None or fact.observed_on + timedelta(days=each.stale_after_days) < on
