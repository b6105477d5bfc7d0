"""An item as one subject would claim it: what is known of the subject, and what the rules say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Claim, Item, Pack
from zhida.domain.rules import Assessment
from zhida.domain.values import Facts, Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.registry.records import SubjectRecord


@dataclass(frozen=True)
class Claimable:
    """An item as one subject would claim it: the item, what is known, and what the rules say."""

    published: PublishedItem
    subject: SubjectRecord
    facts: Facts
    found: Assessment
    records: tuple[str, ...] = ()

    @property
    def item(self) -> Item:
        """The item."""
        return self.published.item

    @property
    def pack(self) -> Pack:
        """Its pack."""
        return self.published.pack

    @property
    def is_automatic(self) -> bool:
        """Whether one tap is all that is asked."""
        return self.item.claim is Claim.AUTOMATIC


def claimable(item_id: str, subject: SubjectRecord, as_of: datetime) -> Claimable:
    """What a subject would claim. Raises ConflictError where the item is not in force or for other subjects."""
    published = catalogue.item(item_id, as_of=as_of)
    if published.item.audience != subject.kind:
        raise ConflictError("wrong_audience", f"{item_id} is for a {published.item.audience}", "claim it for one")
    scope = Scope.own(frozenset({subject.id}), "own")
    facts = entitlements.facts_for(subject.id, scope=scope, as_of=as_of)
    found = entitlements.assess_facts(published, subject.id, facts, local_date(as_of))
    return Claimable(published, subject, facts, found)


def with_records(claim: Claimable, as_of: datetime) -> Claimable:
    """The claim with the records it can be for, where the item has one claim a record."""
    if not claim.item.for_each:
        return claim
    scope = Scope.own(frozenset({claim.subject.id}), "own")
    return replace(claim, records=cases.records_to_claim(claim.item.id, claim.subject.id, scope=scope, as_of=as_of))
