"""Reading the catalogue: what is in force at an instant, found by its face or read whole."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Group, Item, Pack, Root
from zhida.domain.proofs import canonical_json
from zhida.domain.values import Span, SubjectKind, local_date, utc
from zhida.kernel.catalogue import shelf
from zhida.kernel.catalogue.models import Clause, ItemRow, PackRevision
from zhida.kernel.catalogue.records import ClauseRecord, ItemCard, PublishedItem, RevisionRecord

Stamp = tuple[Any, ...]
_KEPT = 64
_STAMP = """
SELECT count(id) FILTER (WHERE published_at <= %s), max(id) FILTER (WHERE published_at <= %s),
       count(id) FILTER (WHERE withdrawn_at <= %s), max(withdrawn_at) FILTER (WHERE withdrawn_at <= %s)
FROM catalogue_packrevision
"""
"""Written out: every public page asks it, and to put it together would take longer than to answer it."""
_plans: dict[tuple[Stamp, SubjectKind], str] = {}
_shown = attrgetter(
    *("audience", "claim", "benefit", "region", "owner_office", "title_zh", "title_en", "how_much_zh", "how_much_en"),
    "group",
)
_days = attrgetter("budget_line", "window_from", "window_to", "valid_from", "valid_to")
_told = attrgetter(*(each.name for each in fields(RevisionRecord) if each.name not in ("id", "pack_id")))


def policies(
    *,
    as_of: datetime,
    regions: Collection[str] | None = None,
    owner_office: str = "",
    issuer_office: str = "",
    topic: str = "",
    audience: SubjectKind | None = None,
    year: int | None = None,
    pack_ids: Collection[str] | None = None,
    limit: int | None = None,
) -> tuple[RevisionRecord, ...]:
    """The revision in force of each policy, newest document first. Published policies are public: no scope is asked.

    `regions` are those whose policies apply (a place and what lies above it); `topic` matches itself and those below.
    """
    rows = _narrowed(_in_force(as_of), region__in=regions, owner_office=owner_office, issuer_office=issuer_office)
    rows = _narrowed(rows, issued_on__year=year, policy__in=pack_ids)
    if audience is not None:
        rows = rows.filter(Exists(ItemRow.objects.filter(revision=OuterRef("pk"), audience=audience)))
    ordered = rows.order_by(F("issued_on").desc(nulls_last=True), "policy_id")
    found = [row for row in ordered if _has_topic(row, topic)] if topic else ordered
    return tuple(_record(row) for row in found[:limit])


def policy(pack_id: str, *, as_of: datetime) -> RevisionRecord:
    """The revision of one policy in force. Raises ConflictError `not_published`."""
    row = _in_force(as_of).filter(policy_id=pack_id).first()
    if row is None:
        raise ConflictError("not_published", f"{pack_id} is not in force", "look at its revisions, or publish one")
    return _record(row)


def revisions(pack_id: str) -> tuple[RevisionRecord, ...]:
    """Every revision of a policy, the newest first, withdrawn ones too."""
    return tuple(_record(row) for row in PackRevision.objects.filter(policy_id=pack_id).order_by("-number"))


def lineage(pack_id: str) -> tuple[RevisionRecord, ...]:
    """What a policy replaced, itself, what replaced it, the oldest first: of each its newest revision that stands."""
    newest: dict[str, PackRevision] = {}
    waiting = {pack_id}
    while waiting:
        rows = PackRevision.objects.filter(Q(policy__in=waiting) | Q(replaces__in=waiting), withdrawn_at=None)
        fresh = {row.policy_id: row for row in rows.order_by("number") if row.policy_id not in newest}
        newest |= fresh
        waiting = {name for row in fresh.values() for name in (row.policy_id, row.replaces) if name}
    return tuple(_record(row) for row in sorted(newest.values(), key=lambda row: (row.issued_on or date.min, row.id)))


def revision_record(revision_id: str) -> RevisionRecord:
    """The face of one revision. Raises ConflictError `no_such_revision`."""
    row = PackRevision.objects.filter(id=revision_id).first()
    if row is None:
        raise ConflictError("no_such_revision", f"nothing was published as {revision_id}", "look at its policy")
    return _record(row)


def clauses(revision_id: str) -> tuple[ClauseRecord, ...]:
    """The clauses of the issued text, in its order."""
    rows = Clause.objects.filter(revision_id=revision_id).order_by("place")
    return tuple(ClauseRecord(row.anchor, row.number, row.heading, row.text) for row in rows)


def item_cards(
    *,
    as_of: datetime,
    audience: SubjectKind | None = None,
    claim: str = "",
    regions: Collection[str] | None = None,
    owner_office: str = "",
    pack_id: str = "",
    pack_ids: Collection[str] | None = None,
    measures: Collection[str] | None = None,
    changing: Span | None = None,
    limit: int | None = None,
) -> tuple[ItemCard, ...]:
    """The faces of the items in force, by item id: for lists, without reading a pack.

    `measures` asks for those that say they are one, `changing` for those that may open or close on some of its days.
    """
    rows = ItemRow.objects.filter(revision__in=_in_force(as_of)).select_related("revision")
    rows = _narrowed(rows, audience=audience, claim=claim, region__in=regions, owner_office=owner_office)
    rows = _narrowed(rows, revision__policy=pack_id, revision__policy__in=pack_ids, measure__in=measures)
    if changing is not None:
        days, places = (changing.start, changing.end), ("window_from", "valid_from", "window_to", "valid_to")
        rows = rows.filter(Q(*((f"{place}__range", days) for place in places), _connector=Q.OR))
    return tuple(_card(row) for row in rows.order_by("item")[:limit])


def deadlines(*, as_of: datetime) -> dict[str, date]:
    """By policy the first day from which one of its items that can still be claimed no longer can; none never ends."""
    day, ends = local_date(as_of), ("window_to", "valid_to")
    rows = ItemRow.objects.filter(*(Q((end, None)) | Q((f"{end}__gt", day)) for end in ends))
    found = rows.filter(revision__in=_in_force(as_of)).values_list("revision__policy").annotate(*map(Min, ends))
    return {name: min(filter(None, days)) for name, *days in found if any(days)}


def items(
    *, as_of: datetime, audience: SubjectKind | None = None, item_ids: Collection[str] | None = None
) -> tuple[PublishedItem, ...]:
    """Every item in force, or those named of them, ready to run, by item id."""
    rows = ItemRow.objects.filter(revision__in=_in_force(as_of))
    rows = _narrowed(rows, audience=audience, item__in=item_ids)
    return tuple(_published(*found) for found in rows.order_by("item").values_list("revision_id", "item"))


def stamp(as_of: datetime) -> Stamp:
    """The day, and what else can change what is in force: it is another wherever `items` may be. One cheap query."""
    instant = connection.ops.adapt_datetimefield_value(utc(as_of))
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [instant] * 4)
        return local_date(as_of), *cursor.fetchone()


def plan_digest(*, as_of: datetime, audience: SubjectKind) -> str:
    """SHA-256 in hex over the ids of the items in force and the hashes of their revisions: what a plan is made from.

    No pack is read, and nothing but the stamp while that stays.
    """
    key = (stamp(as_of), audience)
    if key not in _plans:
        rows = ItemRow.objects.filter(revision__in=_in_force(as_of), audience=audience)
        plan = sorted(map(list, rows.values_list("item", "revision__hash")))
        if len(_plans) >= _KEPT:
            _plans.clear()
        _plans[key] = hashlib.sha256(canonical_json(plan)).hexdigest()
    return _plans[key]


def item(item_id: str, *, as_of: datetime) -> PublishedItem:
    """One item in force, ready to run. Raises ConflictError `not_published`."""
    rows = ItemRow.objects.filter(revision__in=_in_force(as_of), item=item_id)
    found = rows.values_list("revision_id", flat=True).first()
    if found is None:
        raise ConflictError("not_published", f"{item_id} is not in force", "look at the policy's revisions")
    return _published(found, item_id)


def pinned_item(revision_id: str, item_id: str) -> PublishedItem:
    """An item as one revision has it, in force or not: what a case that pinned the revision runs on."""
    return _published(revision_id, item_id)


def revision(revision_id: str) -> Pack:
    """The pack of a revision, read once a process. Raises ConflictError `no_such_revision`."""
    return shelf.pack_of(revision_id)


def item_of(revision_id: str, item_id: str) -> Item:
    """One item of a revision. Raises ConflictError `no_such_item`."""
    found = revision(revision_id).items.get(item_id.rpartition("/")[2])
    if found is None or found.id != item_id:
        raise ConflictError("no_such_item", f"{revision_id} has no item {item_id}", "look at the policy's items")
    return found


def group_of(revision_id: str, name: str) -> Group:
    """A stacking group as the revision knows it. Raises ConflictError `no_such_group`."""
    found = shelf.root_of(revision_id).groups.get(name)
    if found is None:
        raise ConflictError("no_such_group", f"{revision_id} knows no group {name}", "look at the pack's groups")
    return found


def root(revision_id: str = "") -> Root:
    """The dictionary and the groups as last published; of a revision, those it was published with, and its pack."""
    return shelf.root_of(revision_id) if revision_id else shelf.shared_root()


def _in_force(as_of: datetime) -> QuerySet[PackRevision]:
    """Of each policy the highest number among those published, not withdrawn and begun; past its end it is gone, and
    so is a policy that another one which has begun replaces."""
    day = local_date(as_of)
    begun = _begun(as_of)
    newer = begun.filter(policy=OuterRef("policy"), number__gt=OuterRef("number"))
    successor = begun.filter(replaces=OuterRef("policy_id"))
    return begun.filter(~Exists(newer), ~Exists(successor), Q(valid_to=None) | Q(valid_to__gt=day))


def _begun(as_of: datetime) -> QuerySet[PackRevision]:
    instant = utc(as_of)
    return PackRevision.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=instant),
        Q(valid_from=None) | Q(valid_from__lte=local_date(as_of)),
        published_at__lte=instant,
    )


def _narrowed(rows: QuerySet[Any], **wanted: Any) -> QuerySet[Any]:
    """Those that are as wanted; None and "" want nothing."""
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None and value != ""})


def _has_topic(row: PackRevision, topic: str) -> bool:
    return any(one == topic or one.startswith(f"{topic}/") for one in row.topics)


def _published(revision_id: str, item_id: str) -> PublishedItem:
    return PublishedItem(item_of(revision_id, item_id), revision(revision_id), revision_id)


def _record(row: PackRevision) -> RevisionRecord:
    told: list[Any] = [tuple(each) if isinstance(each, list) else each for each in _told(row)]
    return RevisionRecord(row.id, row.policy_id, *told)


def _card(row: ItemRow) -> ItemCard:
    of = row.revision
    told: tuple[Any, ...] = (of.policy_id, row.revision_id, of.tier, *_shown(row), row.measure or "", *_days(row))
    return ItemCard(row.item, *told)
