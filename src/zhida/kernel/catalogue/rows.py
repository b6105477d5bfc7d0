"""The searchable face of a pack: what its rows say is read from the pack, never given apart from it."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.packs import Item, Pack, Wording
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.catalogue.models import Clause, ItemRow, PackRevision, Policy


def revision_row(pack: Pack, digest: str, policy: Policy, tier: str, *, by: Actor, as_of: datetime) -> PackRevision:
    """The row of a revision, its number still to be given."""
    zh, en = pack.words.get("zh"), pack.words.get("en")
    return PackRevision(
        id=new_id("revision"),
        policy=policy,
        hash=digest,
        tier=tier,
        region=pack.region,
        owner_office=pack.owner,
        issuer_office=pack.issuer,
        replaces=pack.replaces,
        document_number=pack.document.number,
        document_title=pack.document.title,
        title_zh=zh.title if zh else pack.document.title,
        title_en=en.title if en else "",
        plain_zh=zh.plain if zh else "",
        plain_en=en.plain if en else "",
        topics=list(pack.document.topics),
        issued_on=pack.document.issued_on,
        valid_from=pack.valid.start,
        valid_to=pack.valid.end,
        published_at=utc(as_of),
        published_by=by.account,
    )


def insert_faces(pack: Pack, row: PackRevision) -> None:
    """Writes the clauses and items of a revision just inserted."""
    Clause.objects.bulk_create(
        Clause(
            revision=row,
            place=place,
            anchor=clause.anchor,
            number=clause.number,
            heading=clause.heading,
            text=clause.text,
        )
        for place, clause in enumerate(pack.clauses)
    )
    ItemRow.objects.bulk_create(_item_row(pack, item, row) for item in pack.items.values())


def _item_row(pack: Pack, item: Item, row: PackRevision) -> ItemRow:
    title_zh, how_much_zh = _words(pack.words.get("zh"), item)
    title_en, how_much_en = _words(pack.words.get("en"), item)
    return ItemRow(
        revision=row,
        item=item.id,
        name=item.name,
        audience=item.audience.value,
        claim=item.claim.value,
        benefit=item.benefit.kind.value,
        region=pack.region,
        owner_office=pack.owner,
        window_from=item.window.start,
        window_to=item.window.end,
        valid_from=pack.valid.start,
        valid_to=pack.valid.end,
        title_zh=title_zh,
        title_en=title_en,
        how_much_zh=how_much_zh,
        how_much_en=how_much_en,
        group=item.group,
        measure=pack.measures.get(item.name),
        budget_line=item.budget_line,
    )


def _words(wording: Wording | None, item: Item) -> tuple[str, str]:
    found = wording.items.get(item.name) if wording else None
    return (found.title, found.how_much) if found else ("", "")
