"""What the catalogue gives to be searched: policies, items and clauses, each on the days on which it is in force."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.packs import Dictionary
from zhida.domain.values import Span, local_date, utc
from zhida.kernel.catalogue import shelf
from zhida.kernel.catalogue.models import Clause, ItemRow, PackRevision, Shared
from zhida.kernel.offices import queries as offices
from zhida.kernel.search.records import Document

POLICY, ITEM, CLAUSE = "policy", "item", "clause"

_FIRST = 2
"""Policies and items stand before the clauses that answer as well."""


class PublishedDocuments:
    """Search's source: every published revision that is in force on some day from now on."""

    def edition(self, as_of: datetime) -> str:
        """Changes with every publication, withdrawal and dictionary."""
        shared = Shared.objects.order_by("-number").values_list("hash", flat=True).first() or ""
        shown = (f"{row.id} {span}" for row, span in _shown(as_of))
        return hashlib.sha256("\n".join([shared, *sorted(shown)]).encode()).hexdigest()

    def documents(self, as_of: datetime) -> Iterator[Document]:
        """Of each revision the policy, its items and its clauses; the newest document first."""
        dictionary = shelf.shared_root().dictionary
        regions = {lang: offices.region_names(lang) for lang in ("zh", "en")}
        for row, span in _shown(as_of):
            places = tuple(dict.fromkeys(names.get(row.region, row.region) for names in regions.values()))
            yield from _Face(row, span, dictionary, places).documents()


def _shown(as_of: datetime) -> list[tuple[PackRevision, Span]]:
    """Each revision that stands, with the days from today on when it is in force: until a newer one begins."""
    by_policy: dict[str, list[PackRevision]] = defaultdict(list)
    rows = PackRevision.objects.filter(withdrawn_at=None, published_at__lte=utc(as_of))
    for row in rows.order_by("policy_id", "-number"):
        by_policy[row.policy_id].append(row)
    today = local_date(as_of)
    found = []
    for revisions in by_policy.values():
        next_begins = date.max
        for row in revisions:
            end = min(row.valid_to or date.max, next_begins)
            if max(row.valid_from or date.min, today) < end:
                found.append((row, Span(row.valid_from, None if end == date.max else end)))
            next_begins = min(next_begins, row.valid_from or date.min)
    return sorted(found, key=lambda one: (one[0].issued_on or date.min, one[0].id), reverse=True)


@dataclass(frozen=True)
class _Face:
    """One revision, ready to be told as documents."""

    row: PackRevision
    span: Span
    dictionary: Dictionary
    places: tuple[str, ...]

    def documents(self) -> Iterator[Document]:
        clauses = list(Clause.objects.filter(revision=self.row).order_by("place"))
        items = list(ItemRow.objects.filter(revision=self.row).order_by("item"))
        yield self._policy(clauses, items)
        for item in items:
            yield self._item(item)
        for clause in clauses:
            if clause.text.strip():
                yield self._clause(clause, items)

    def _policy(self, clauses: list[Clause], items: list[ItemRow]) -> Document:
        whole = (f"{clause.number}{clause.heading} {clause.text}".strip() for clause in clauses)
        return self._document(
            POLICY,
            self.row.policy_id,
            title=self.row.title_zh,
            title_en=self.row.title_en,
            body="\n".join([self.row.plain_zh, *whole]).strip(),
            body_en=self.row.plain_en,
            names=tuple(item.title_zh for item in items),
            facets=_of_items(items),
            boost=_FIRST,
        )

    def _item(self, item: ItemRow) -> Document:
        return self._document(
            ITEM,
            item.item,
            title=item.title_zh,
            title_en=item.title_en,
            body=f"{item.how_much_zh}\n{self.row.plain_zh}".strip(),
            body_en=f"{item.how_much_en}\n{self.row.plain_en}".strip(),
            names=(self.row.title_zh,),
            facets=_of_items([item]),
            boost=_FIRST,
        )

    def _clause(self, clause: Clause, items: list[ItemRow]) -> Document:
        return self._document(
            CLAUSE,
            f"{self.row.policy_id}#{clause.anchor}",
            title=f"{clause.number} {clause.heading}".strip() or self.row.title_zh,
            body=clause.text,
            names=(self.row.title_zh, self.row.title_en),
            facets=_of_items(items),
        )

    def _document(
        self,
        kind: str,
        identity: str,
        *,
        title: str,
        body: str,
        facets: Mapping[str, tuple[str, ...]],
        title_en: str = "",
        body_en: str = "",
        names: tuple[str, ...] = (),
        boost: int = 0,
    ) -> Document:
        return Document(
            id=identity,
            kind=kind,
            parent=self.row.policy_id,
            title=title,
            title_en=title_en,
            number=self.row.document_number,
            body=body,
            body_en=body_en,
            names=(*names, *self._names()),
            facets={**facets, **self._own_facets()},
            boost=boost,
            shown=self.span,
        )

    def _names(self) -> tuple[str, ...]:
        """Who issued it and who owns it, where it applies, what it is about."""
        slugs = dict.fromkeys((self.row.issuer_office, self.row.owner_office))
        entries = [self.dictionary.offices[slug] for slug in slugs if slug in self.dictionary.offices]
        told = [words for entry in entries for words in entry.words.values()]
        return (*told, *self.places, *self.row.topics)

    def _own_facets(self) -> dict[str, tuple[str, ...]]:
        topics = [part for topic in self.row.topics for part in (topic.partition("/")[0], topic)]
        return {
            "region": (self.row.region,),
            "issuer": (self.row.issuer_office,),
            "owner": (self.row.owner_office,),
            "topic": tuple(dict.fromkeys(topics)),
            "year": (str(self.row.issued_on.year),) if self.row.issued_on else (),
        }


def _of_items(items: list[ItemRow]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(dict.fromkeys(getattr(item, name) for item in items)) for name in ("audience", "claim", "benefit")
    }
