"""items.yaml read: everything an item says of itself, but the program that is built from it later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.groups import Group
from zhida.domain.packs.items import Benefit, BenefitKind, Claim, Counted, Obligation, Quota, Ranking, Schedule
from zhida.domain.packs.reading.expressions import parse_placed
from zhida.domain.packs.reading.rules import Citations, Rules
from zhida.domain.packs.source.fields import Fields, nearest
from zhida.domain.packs.source.nodes import ListNode, Problems, Spot, TextNode
from zhida.domain.rules import Literal
from zhida.domain.sentences import tell
from zhida.domain.values import Span, SubjectKind

TIES = ("all_in", "none_in")
ORDERS = ("ranked", "first_come", "pro_rata")
BREACHES = ("recover", "recover_with_interest", "stop")
_KEY_WORDS = ("subject", "life", "year", "month", "instalment", "anywhere")
_HOUR = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


@dataclass(frozen=True)
class ItemDraft:
    """An item as written, with the places that later checks point at."""

    name: str
    spot: Spot
    audience: SubjectKind
    within: TextNode | None
    claim: Claim
    requires: tuple[TextNode, ...]
    benefit: Benefit
    amount: TextNode | None
    window: Span
    opens_at: time | None
    closes_at: time | None
    for_each: TextNode | None
    counts: Counted | None
    once_per: tuple[tuple[str, ...], ...]
    schedule: Schedule | None
    quota: Quota | None
    group: str
    obligations: tuple[Obligation, ...]
    budget_line: str
    cites: tuple[str, ...]


class ItemReader:
    """Reads the items of one pack against the dictionary, the groups and the pack's own rules."""

    def __init__(
        self,
        dictionary: Dictionary,
        groups: Mapping[str, Group],
        rules: Rules,
        citations: Citations,
        problems: Problems,
    ) -> None:
        self._dictionary = dictionary
        self._groups = groups
        self._rules = rules
        self._citations = citations
        self._problems = problems

    def items(self, top: Fields) -> dict[str, ItemDraft]:
        """Every item of the file; a file without one is a problem."""
        found = {name: self._item(name, fields) for name, fields in top.named()}
        if not found:
            top.wrong(top.spot, "no_items", tell("{where} holds no item", where=top.where))
        return found

    def _item(self, name: str, fields: Fields) -> ItemDraft:
        benefit, amount = self._benefit(fields.record("benefit"))
        opens_at, closes_at, window = self._window(fields)
        for_each = fields.placed("for_each", required=False)
        counts = self._counted(fields.record("counts")) if "counts" in fields else None
        draft = ItemDraft(
            name=name,
            spot=fields.spot,
            audience=SubjectKind(_known(fields.choice("audience", tuple(SubjectKind)), SubjectKind)),
            within=fields.placed("within", required=False),
            claim=Claim(_known(fields.choice("claim", tuple(Claim)), Claim)),
            requires=fields.placed_texts("requires"),
            benefit=benefit,
            amount=amount,
            window=window,
            opens_at=opens_at,
            closes_at=closes_at,
            for_each=for_each,
            counts=counts,
            once_per=self._once_per(fields, for_each.text if for_each else counts.relation if counts else ""),
            schedule=self._schedule(fields.record("schedule")) if "schedule" in fields else None,
            quota=self._quota(fields.record("quota")) if "quota" in fields else None,
            group=self._group(fields),
            obligations=self._obligations(fields),
            budget_line=self._budget_line(fields),
            cites=self._citations.take(fields),
        )
        fields.close()
        self._check(fields, draft)
        return draft

    def _check(self, fields: Fields, draft: ItemDraft) -> None:
        known = self._rules.requirements
        for node in draft.requires:
            if node.text not in known:
                words = tell("no requirement {name}", name=node.text)
                fields.wrong(node.spot, "unknown_requirement", words, nearest(node.text, [*known]))
        if self._pays(draft) and not draft.budget_line:
            words = tell("{name} gives money from nowhere", name=draft.name)
            fields.wrong(fields.spot, "no_budget_line", words, "name a budget_line")
        if self._pays(draft) and not draft.once_per:
            words = tell("{name} gives money without saying how often", name=draft.name)
            fields.wrong(fields.spot, "no_once_per", words, "once_per: [[subject, year]]")
        if draft.for_each and draft.counts:
            fields.wrong(fields.spot, "for_each_and_counts", "for_each and counts exclude each other")

    def _pays(self, draft: ItemDraft) -> bool:
        return draft.benefit.kind in (BenefitKind.MONEY, BenefitKind.VOUCHER)

    def _benefit(self, fields: Fields) -> tuple[Benefit, TextNode | None]:
        kind = BenefitKind(_known(fields.choice("kind", tuple(BenefitKind)), BenefitKind))
        pays = kind in (BenefitKind.MONEY, BenefitKind.VOUCHER)
        amount = fields.placed("amount") if pays else None
        names = [*self._rules.amounts, *self._rules.tables]
        if amount and amount.text not in names:
            words = tell("no amount {name}", name=amount.text)
            fields.wrong(amount.spot, "unknown_amount", words, nearest(amount.text, names))
        credential = fields.text("credential") if kind is BenefitKind.CREDENTIAL else ""
        fields.close()
        return Benefit(kind, amount.text if amount else "", credential), amount

    def _window(self, fields: Fields) -> tuple[time | None, time | None, Span]:
        if "window" not in fields:
            return None, None, Span()
        below = fields.record("window")
        opens_at = below.typed("opens_at", _as_hour, tell("an hour like 09:00"), None, required=False)
        closes_at = below.typed("closes_at", _as_hour, tell("an hour like 17:00"), None, required=False)
        start, end = below.day_or_none("from"), below.day_or_none("to")
        below.close()
        if start and end and start >= end:
            words = tell("{start} is not before {end}", start=start, end=end)
            below.wrong(below.spot, "empty_span", words, "`to` is the first day outside")
            return None, None, Span()
        return opens_at, closes_at, Span(start, end)

    def _counted(self, fields: Fields) -> Counted:
        relation = fields.text("relation")
        if relation and relation not in self._dictionary.relations:
            hint = nearest(relation, [*self._dictionary.relations])
            words = tell("no relation {relation}", relation=relation)
            fields.wrong(fields.spot_of("relation"), "unknown_relation", words, hint)
        where = parse_placed(fields.placed("where", required=False), self._problems)
        fields.close()
        return Counted(relation, where)

    def _once_per(self, fields: Fields, relation: str) -> tuple[tuple[str, ...], ...]:
        keys = []
        for node in fields.nodes("once_per", required=False):
            parts = [part for part in node.items if isinstance(part, TextNode)] if isinstance(node, ListNode) else []
            if not parts:
                fields.wrong(node.spot, "malformed_key", "each key is a list", "once_per: [[subject, year]]")
            for part in parts:
                self._check_key_part(fields, part, relation)
            keys.append(tuple(part.text for part in parts))
        return tuple(keys)

    def _check_key_part(self, fields: Fields, part: TextNode, relation: str) -> None:
        found = self._dictionary.relations.get(relation)
        known = [f"record.{name}" for name in found.relation.fields] if found else []
        if part.text not in _KEY_WORDS and part.text not in known:
            hint = nearest(part.text, [*_KEY_WORDS, *known])
            fields.wrong(part.spot, "malformed_key", tell("{name} is no part of a key", name=part.text), hint)

    def _schedule(self, fields: Fields) -> Schedule:
        count = fields.whole("for") if "for" in fields else None
        schedule = Schedule(fields.choice("every", ("month", "year")), count, fields.flag("recheck", True))
        fields.close()
        return schedule

    def _quota(self, fields: Fields) -> Quota:
        order = fields.choice("order", ORDERS, "ranked")
        is_ranked = order == "ranked"
        ranked = tuple(self._ranking(below) for below in fields.records("by")) if is_ranked else ()
        ties = fields.choice("ties", TIES) if is_ranked else "none_in"
        n = fields.whole("n") if "n" in fields else None
        total_fen = fields.whole("total_yuan") * 100 if "total_yuan" in fields else None
        if (n is None and total_fen is None) or (order == "pro_rata" and (n is not None or total_fen is None)):
            hint = "n: 500, or total_yuan: 5000000; pro_rata shares out a total_yuan among all"
            words = tell("{where} limits nothing that it can share", where=fields.where)
            fields.wrong(fields.spot, "quota_without_limit", words, hint)
        fields.close()
        return Quota(n, ranked, ties, order, total_fen)

    def _ranking(self, fields: Fields) -> Ranking:
        found = fields.placed("value")
        node = parse_placed(found, self._problems)
        order = fields.choice("first", ("high", "low"))
        fields.close()
        return Ranking(node or Literal("number", Decimal(0)), found.text if found else "", order == "high")

    def _group(self, fields: Fields) -> str:
        name = fields.text("stacking", "")
        if name and name not in self._groups:
            spot = fields.spot_of("stacking")
            fields.wrong(spot, "unknown_group", tell("no group {name}", name=name), "groups stand in packs/_groups/")
        return name

    def _budget_line(self, fields: Fields) -> str:
        name, known = fields.text("budget_line", ""), [*self._dictionary.budget_lines]
        if name and known and name not in known:
            spot = fields.spot_of("budget_line")
            fields.wrong(spot, "unknown_budget_line", tell("no budget line {name}", name=name), nearest(name, known))
        return name

    def _obligations(self, fields: Fields) -> tuple[Obligation, ...]:
        found = []
        for below in fields.records("obligations", required=False):
            years = below.whole("years") if "years" in below else None
            found.append(
                Obligation(
                    name=below.text("is"),
                    until=below.day_or_none("until"),
                    years=years,
                    breach=below.choice("breach", BREACHES),
                    cites=self._citations.take(below),
                )
            )
            if (found[-1].until is None) == (years is None):
                below.wrong(below.spot, "obligation_without_end", "say either until (a date) or years after the grant")
            below.close()
        return tuple(found)


def _known(word: str, kinds: type[SubjectKind] | type[Claim] | type[BenefitKind]) -> str:
    return word if word in tuple(kinds) else next(iter(kinds))


def _as_hour(text: str) -> time | None:
    return time.fromisoformat(text) if _HOUR.match(text) else None
