"""What the catalogue gives to be searched: policies, items and clauses, each on the days on which it is in force."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from zhida.domain.packs import Dictionary
from zhida.domain.packs.faces import kind_of, level_of
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
        """Changes with every publication, withdrawal and dictionary, and when something opens or closes."""
        shared = Shared.objects.order_by("-number").values_list("hash", flat=True).first() or ""
        shown = _shown(as_of)
        items = ItemRow.objects.filter(revision__in=[row.id for row, _ in shown]).order_by("item", "revision")
        states = (f"{item.item} {_state(item, local_date(as_of))}" for item in items)
        said = (f"{row.id} {span}" for row, span in shown)
        return hashlib.sha256("\n".join([shared, *sorted(said), *states]).encode()).hexdigest()

    def documents(self, as_of: datetime) -> Iterator[Document]:
        """Of each revision the policy, its items and its clauses; the newest document first."""
        dictionary = shelf.shared_root().dictionary
        regions = {lang: offices.region_names(lang) for lang in ("zh", "en")}
        for row, span in _shown(as_of):
            places = tuple(dict.fromkeys(names.get(row.region, row.region) for names in regions.values()))
            yield from _of_revision(row, _common(row, span, dictionary, places), local_date(as_of))


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


def _of_revision(row: PackRevision, common: Document, today: date) -> Iterator[Document]:
    """One revision's documents; `common` is what all of them have."""
    clauses = list(Clause.objects.filter(revision=row).order_by("place"))
    items = list(ItemRow.objects.filter(revision=row).order_by("item"))
    whole = (f"{clause.number}{clause.heading} {clause.text}".strip() for clause in clauses)
    facets = {**common.facets, **_of_items(items, today)}
    yield replace(
        common,
        body="\n".join([row.plain_zh, *whole]).strip(),
        body_en=row.plain_en,
        names=(*(item.title_zh for item in items), *common.names),
        facets=facets,
    )
    for item in items:
        yield replace(
            common,
            id=item.item,
            kind=ITEM,
            title=item.title_zh,
            title_en=item.title_en,
            body=f"{item.how_much_zh}\n{row.plain_zh}".strip(),
            body_en=f"{item.how_much_en}\n{row.plain_en}".strip(),
            names=(row.title_zh, *common.names),
            facets={**common.facets, **_of_items([item], today)},
        )
    for clause in clauses:
        if clause.text.strip():
            yield replace(
                common,
                id=f"{row.policy_id}#{clause.anchor}",
                kind=CLAUSE,
                title=f"{clause.number} {clause.heading}".strip() or row.title_zh,
                title_en="",
                body=clause.text,
                names=(row.title_zh, row.title_en, *common.names),
                facets=facets,
                boost=0,
            )


def _common(row: PackRevision, shown: Span, dictionary: Dictionary, places: tuple[str, ...]) -> Document:
    """The policy without its text: who issued it, where it applies, what it is about, when it is shown."""
    slugs = dict.fromkeys((row.issuer_office, row.owner_office))
    entries = [dictionary.offices[slug] for slug in slugs if slug in dictionary.offices]
    told = [words for entry in entries for words in entry.words.values()]
    topics = [part for topic in row.topics for part in (topic.partition("/")[0], topic)]
    return Document(
        id=row.policy_id,
        kind=POLICY,
        title=row.title_zh,
        parent=row.policy_id,
        title_en=row.title_en,
        number=row.document_number,
        names=(row.document_title, *told, *places, *row.topics),
        facets={
            "region": (row.region,),
            "level": (level_of(row.region),),
            "document": (kind_of(row.document_title or row.title_zh),),
            "issuer": (row.issuer_office,),
            "owner": (row.owner_office,),
            "topic": tuple(dict.fromkeys(topics)),
            "year": (str(row.issued_on.year),) if row.issued_on else (),
        },
        boost=_FIRST,
        shown=shown,
    )


def _of_items(items: list[ItemRow], today: date) -> dict[str, tuple[str, ...]]:
    names = ("audience", "claim", "benefit", "measure")
    found = {name: tuple(dict.fromkeys(value for item in items if (value := getattr(item, name)))) for name in names}
    return {**found, "state": tuple(dict.fromkeys(_state(item, today) for item in items))}


def _state(item: ItemRow, today: date) -> str:
    """Whether an item can be claimed on a day: open, coming or ended."""
    if today < max(item.window_from or date.min, item.valid_from or date.min):
        return "coming"
    return "open" if today < min(item.window_to or date.max, item.valid_to or date.max) else "ended"
