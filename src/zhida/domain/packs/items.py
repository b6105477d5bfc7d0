"""An item of a pack: whom it reaches, how it is claimed, what it gives, how often, and what it binds a claimant to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.usage import usage_of
from zhida.domain.rules import Node, Program
from zhida.domain.rules.nodes import Name
from zhida.domain.values import Span, SubjectKind


class Claim(StrEnum):
    """How a claim begins: someone applies; someone applies and is answered at once; nobody needs to apply."""

    APPLIED = "applied"
    INSTANT = "instant"
    AUTOMATIC = "automatic"


class BenefitKind(StrEnum):
    """What an item gives."""

    MONEY = "money"
    VOUCHER = "voucher"
    CREDENTIAL = "credential"
    SERVICE = "service"


@dataclass(frozen=True)
class Benefit:
    """What is given. `amount` names the pack's amount or table for money and vouchers; `credential` the kind issued."""

    kind: BenefitKind
    amount: str = ""
    credential: str = ""


@dataclass(frozen=True)
class Schedule:
    """Payment by period: each month or year, `count` times (None: as long as entitled). `rechecked` says whether every
    period is assessed anew, with the revision in force for it."""

    every: str
    count: int | None
    rechecked: bool


@dataclass(frozen=True)
class Ranking:
    """One key of a quota's order: an expression, the higher or the lower first."""

    value: Node
    text: str
    high_first: bool


@dataclass(frozen=True)
class Quota:
    """At most `n` claims, or claims for at most `total_fen`: whichever is said, or both.

    `order`: ranked (by `by`; at the line, `ties` says whether all equals pass or none), first_come (as they were handed
    in), pro_rata (everybody, and the total shared out by what each would get).
    """

    n: int | None
    by: tuple[Ranking, ...]
    ties: str
    order: str = "ranked"
    total_fen: int | None = None

    def selects(self, claim: Claim) -> bool:
        """Whether a step selects among those who wait; else each grant takes the next place there and then."""
        return self.order != "first_come" or self.total_fen is not None or claim is Claim.APPLIED


@dataclass(frozen=True)
class Obligation:
    """What binds a claimant after payment, until a date or for years after the grant, and what a breach brings."""

    name: str
    until: date | None
    years: int | None
    breach: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """The records of a relation that one grant uses up: those for which `where` holds."""

    relation: str
    where: Node | None


@dataclass(frozen=True)
class Item:
    """One item, ready to run. `id` is `<pack>/<name>`; `once_per` are the lists of keys that may be granted once only.

    `opens_at` and `closes_at` are hours of the window's first and last day, Asia/Shanghai. `group` names the stacking
    group, `budget_line` where the money comes from.
    """

    id: str
    pack: str
    name: str
    audience: SubjectKind
    within: str
    claim: Claim
    requires: tuple[str, ...]
    benefit: Benefit
    window: Span
    opens_at: time | None
    closes_at: time | None
    for_each: str
    counts: Counted | None
    once_per: tuple[tuple[str, ...], ...]
    schedule: Schedule | None
    quota: Quota | None
    group: str
    obligations: tuple[Obligation, ...]
    budget_line: str
    cites: tuple[str, ...]
    program: Program

    @cached_property
    def reads(self) -> frozenset[str]:
        """Every fact (questions of the form too) and relation that the item's expressions lean on."""
        usage = usage_of(self.expressions, self.program.schema)
        return usage.facts | usage.relations

    @property
    def expressions(self) -> tuple[Node, ...]:
        """Every expression that the item says, its place and its relation as names."""
        program = self.program
        found: list[Node] = [a.when for requirement in program.requires for a in requirement.alternatives]
        found.extend(Name(name) for name in (program.within, program.for_each) if name)
        if program.amount is not None:
            found.append(program.amount)
        if self.counts is not None:
            found.append(Name(self.counts.relation))
            found.extend([self.counts.where] if self.counts.where is not None else [])
        if self.quota is not None:
            found.extend(ranking.value for ranking in self.quota.by)
        return tuple(found)

    @property
    def pays(self) -> bool:
        """Whether money or its worth leaves a budget line."""
        return self.benefit.kind in (BenefitKind.MONEY, BenefitKind.VOUCHER)

    def keys_of(
        self,
        subject: str,
        on: date,
        *,
        instalment: int = 1,
        records: Sequence[Mapping[str, Any]] = (),
        only: Callable[[Sequence[str]], bool] = bool,
    ) -> tuple[str, ...]:
        """The uniqueness keys that a grant takes, as texts; the same key can be taken once only.

        A key list that speaks of a record gives one key for each of `records` (the claim's own record under for_each,
        else those counted). `only` chooses among the lists by their parts. Raises InvariantBroken where a record does
        not know a field that a key needs.
        """
        taken: list[str] = []
        for key in filter(only, self.once_per):
            each = records if any(part.startswith("record.") for part in key) else ({},)
            taken.extend(self._key(key, subject, on, instalment, record) for record in each)
        return tuple(taken)

    def _key(self, key: tuple[str, ...], subject: str, on: date, instalment: int, record: Mapping[str, Any]) -> str:
        relation = self.for_each or (self.counts.relation if self.counts else "")
        parts = ["anywhere" if "anywhere" in key else self.id]
        known = {"subject": subject, "year": f"{on:%Y}", "month": f"{on:%Y-%m}", "instalment": str(instalment)}
        for part in key:
            if part.startswith("record."):
                field = part.removeprefix("record.")
                if record.get(field) is None:
                    raise InvariantBroken("key_unknown", f"{self.id}: a record does not say its {field}")
                parts.append(f"{relation}.{field}={record[field]}")
            elif part in known:
                parts.append(f"{part}={known[part]}")
        return "|".join(parts)
