"""Publishing packs whole, withdrawing them, and gathering the facts that their tier is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from zhida.domain import packs
from zhida.domain.errors import AccessError, AuthorError, ConflictError, InvariantBroken, Problem
from zhida.domain.values import Actor, utc
from zhida.kernel.catalogue import rows, shelf
from zhida.kernel.catalogue.models import PackRevision, Policy, Replay, RevisionFile, Shared, SharedFile, SignOff
from zhida.kernel.catalogue.tiers import tier_of
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.search import actions as search

_MAY_PUBLISH = ("author", "operator")


@transaction.atomic
def publish(*, revision: packs.Revision, by: Actor, as_of: datetime) -> str:
    """Publishes a pack whole and records `pack.published`; gives the id `revision_…`.

    It supersedes the policy's earlier revision from the day its own validity begins. Publishing the same content again
    gives the revision there is. Raises AuthorError with all problems where the pack does not check or a worked example
    of its own fails, AccessError where the actor has not the duty to publish.
    """
    _may_publish(by)
    known = PackRevision.objects.filter(hash=revision.hash).values_list("id", flat=True).first()
    if known is not None:
        return known
    root = _checked(revision)
    pack = root.packs[revision.pack_id]
    if by.duty == "author" and by.office not in {pack.owner, pack.issuer}:
        raise AccessError("not_the_owner", f"{by.office or 'nobody'} does not own {pack.id}", f"ask {pack.owner}")
    policy, _ = Policy.objects.get_or_create(id=pack.id)
    previous = PackRevision.objects.filter(policy=policy).order_by("-number").first()
    tier = tier_of(root)
    if tier.tier is packs.TierName.NONE:
        raise AuthorError([Problem(f"{pack.id}/golden", 0, 0, "not_bronze", words) for words in tier.lacks])
    row = rows.revision_row(pack, revision.hash, policy, tier.tier.value, by=by, as_of=as_of)
    row.number = previous.number + 1 if previous else 1
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError("published_meanwhile", f"{pack.id} was published a moment ago", "look again") from error
    digests = shelf.store(revision.files)
    RevisionFile.objects.bulk_create(
        RevisionFile(revision=row, path=path, content_id=digest) for path, digest in digests.items()
    )
    rows.insert_faces(pack, row)
    fields = {
        "revision": row.id,
        "number": row.number,
        "hash": revision.hash,
        "tier": row.tier,
        "files": digests,
        "valid_from": str(row.valid_from or ""),
        "valid_to": str(row.valid_to or ""),
        "supersedes": previous.id if previous else "",
    }
    ledger.record(kind="pack.published", about=pack.id, fields=fields, by=by, as_of=as_of)
    search.request_rebuild(cause=row.id, as_of=as_of)
    return row.id


@transaction.atomic
def withdraw(*, revision_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Takes a revision out of force from now on and records `pack.withdrawn`; cases that pinned it go on with it.

    The policy's earlier revision, if it stands, is in force again. Raises ConflictError `already_withdrawn`.
    """
    _may_publish(by)
    if not reason.strip():
        raise InvariantBroken("no_reason", f"{revision_id} is withdrawn without a reason")
    row = _row(revision_id)
    changed = PackRevision.objects.filter(id=row.id, withdrawn_at=None)
    if not changed.update(withdrawn_at=utc(as_of), withdrawn_because=reason):
        raise ConflictError("already_withdrawn", f"{revision_id} was withdrawn before", "nothing is left to do")
    fields = {"revision": row.id, "hash": row.hash, "reason": reason}
    ledger.record(kind="pack.withdrawn", about=row.policy_id, fields=fields, by=by, as_of=as_of)
    search.request_rebuild(cause=f"{row.id}/withdrawn", as_of=as_of)


@transaction.atomic
def publish_shared(*, files: Mapping[str, bytes], by: Actor, as_of: datetime) -> str:
    """Publishes what packs share, the files below `_attributes/` and `_groups/`, and records `dictionary.published`.

    Regions and offices stand as the dictionary has them, and the registry takes its attributes. Gives the hash of the
    dictionary; publishing the same again does nothing. Raises AuthorError with all problems.
    """
    _may_publish(by)
    shared = {path: body for path, body in files.items() if path.startswith(("_attributes/", "_groups/"))}
    root = packs.read_root(shared)
    if root.problems:
        raise AuthorError(root.problems)
    digests = shelf.store(shared)
    whole = packs.sha256("\n".join(f"{path} {digests[path]}" for path in sorted(digests)).encode())
    latest = Shared.objects.order_by("-number").first()
    if latest is not None and latest.hash == whole:
        return root.dictionary.hash
    row = Shared.objects.create(
        number=latest.number + 1 if latest else 1, hash=whole, published_at=utc(as_of), published_by=by.account
    )
    SharedFile.objects.bulk_create(SharedFile(shared=row, path=path, content_id=digests[path]) for path in digests)
    _take_over(root.dictionary, by, as_of)
    fields = {"hash": whole, "dictionary": root.dictionary.hash, "files": digests}
    ledger.record(kind="dictionary.published", about=f"dictionary/{row.number}", fields=fields, by=by, as_of=as_of)
    search.request_rebuild(cause=f"dictionary/{row.number}", as_of=as_of)
    return root.dictionary.hash


def _take_over(dictionary: packs.Dictionary, by: Actor, as_of: datetime) -> None:
    regions = dictionary.code_trees.get("region")
    if regions is not None:
        offices.load_regions(regions=offices.regions_of(regions), by=by, as_of=as_of)
        named = [
            offices.NewOffice(entry.slug, entry.region, entry.words["zh"], entry.under, entry.words.get("en", ""))
            for entry in dictionary.offices.values()
        ]
        offices.load_offices(offices=named, by=by, as_of=as_of)
    registry.load_dictionary(dictionary=dictionary, by=by, as_of=as_of)


@transaction.atomic
def sign_off(*, revision_id: str, by: Actor, as_of: datetime) -> str:
    """The owner office says that it has read the revision; gives the tier that follows and records it.

    Raises AccessError where the actor is of another office or published the revision, ConflictError
    `already_signed_off`.
    """
    row = _row(revision_id)
    if by.office != row.owner_office:
        raise AccessError(
            "not_the_owner", f"{by.office or 'nobody'} does not own {row.policy_id}", f"ask {row.owner_office}"
        )
    if by.account == row.published_by:
        raise AccessError("own_work", "who published a revision does not sign for having read it", "ask a colleague")
    if SignOff.objects.filter(revision=row).exists():
        raise ConflictError("already_signed_off", f"{revision_id} has been read before", "nothing is left to do")
    reading = packs.reading_digest(shelf.pack_of(row.id))
    SignOff.objects.create(revision=row, reading=reading, office=by.office, account=by.account, signed_at=utc(as_of))
    return _retier(row, "pack.read_by_owner", {"reading": reading}, by=by, as_of=as_of)


@transaction.atomic
def record_replay(
    *,
    revision_id: str,
    decisions: int,
    agreed: int,
    explained: int,
    source: str,
    digest: str,
    by: Actor,
    as_of: datetime,
) -> str:
    """Keeps that past decisions were run through the revision: `agreed` came out the same, `explained` rightly differ.

    `digest` is over the decisions and their outcomes; recording it twice changes nothing. Gives the tier that follows.
    """
    row = _row(revision_id)
    counts = {"decisions": decisions, "agreed": agreed, "explained": explained}
    _, is_new = Replay.objects.get_or_create(
        revision=row, digest=digest, defaults={**counts, "source": source, "ran_at": utc(as_of), "account": by.account}
    )
    if not is_new:
        return row.tier
    fields = {**counts, "source": source, "digest": digest}
    return _retier(row, "pack.replayed", fields, by=by, as_of=as_of)


def _retier(row: PackRevision, kind: str, fields: dict[str, object], *, by: Actor, as_of: datetime) -> str:
    row.tier = tier_of(shelf.root_of(row.id)).tier.value
    row.save(update_fields=["tier"])
    facts = {**fields, "revision": row.id, "hash": row.hash, "tier": row.tier}
    ledger.record(kind=kind, about=row.policy_id, fields=facts, by=by, as_of=as_of)
    return row.tier


def _checked(revision: packs.Revision) -> packs.Root:
    root = packs.read_root(revision.files)
    if root.problems:
        raise AuthorError(root.problems)
    pack = root.packs.get(revision.pack_id)
    if pack is None or packs.revision_of(root, pack).hash != revision.hash:
        raise InvariantBroken("revision_hash", f"{revision.pack_id} does not have the hash {revision.hash}")
    return root


def _may_publish(by: Actor) -> None:
    if by.duty not in _MAY_PUBLISH:
        raise AccessError("may_not_publish", f"the duty {by.duty} does not publish", "ask an author or an operator")


def _row(revision_id: str) -> PackRevision:
    row = PackRevision.objects.filter(id=revision_id).first()
    if row is None:
        raise ConflictError("no_such_revision", f"nothing was published as {revision_id}", "look at its policy")
    return row
