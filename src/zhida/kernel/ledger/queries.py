"""Reading the ledger: facts, where the log stands, receipts and proofs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from zhida.domain.errors import ConflictError
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import Json, Note, Receipt, VerifierKey, consistency_proof, inclusion_proof
from zhida.kernel.ledger.models import Checkpoint, Cosignature, Entry, Leaf, Payload, Waiting
from zhida.kernel.ledger.nodes import read_with, stored_frontier, tree_size
from zhida.kernel.ledger.ports import log_key, witnesses
from zhida.kernel.ledger.rows import disclosed_of, sealed_of


@dataclass(frozen=True)
class RecordedFact:
    """A fact as it can be read now: `fields` without those named in `erased`; `position` is None until sequenced."""

    id: str
    kind: str
    about: str
    at: datetime
    fields: Mapping[str, Json]
    erased: frozenset[str]
    position: int | None


@dataclass(frozen=True)
class Standing:
    """The log now: facts recorded, leaves in the tree, its root in hexadecimal, the size and instant last signed."""

    entries: int
    leaves: int
    root: str
    sealed_size: int | None
    sealed_at: datetime | None


def entry(entry_id: str) -> RecordedFact:
    """One fact. Raises ConflictError where there is none with this id."""
    found = facts_of(Entry.objects.filter(pk=entry_id))
    if not found:
        raise ConflictError("no_such_fact", f"the ledger holds no {entry_id}", "look the fact up by what it is about")
    return found[0]


def entries_about(about: str) -> tuple[RecordedFact, ...]:
    """Every fact about one id, in the order of their recording."""
    return facts_of(Entry.objects.filter(about=about).order_by("id"))


def first_facts(kind: str, abouts: Collection[str]) -> dict[str, RecordedFact]:
    """The first fact of a kind about each of many ids; what has none is left out."""
    found = facts_of(Entry.objects.filter(kind=kind, about__in=abouts).order_by("-id"))
    return {fact.about: fact for fact in found}


def entries_of_kind(kind: str, *, limit: int = 100) -> tuple[RecordedFact, ...]:
    """The latest facts of a kind, the newest first."""
    return facts_of(Entry.objects.filter(kind=kind).order_by("-id")[:limit])


def facts_of(rows: Iterable[Entry]) -> tuple[RecordedFact, ...]:
    """The facts behind rows, with what is left of their fields and their places; for this app alone."""
    entries = list(rows)
    ids = [row.id for row in entries]
    payloads = {row.pk: row for row in Payload.objects.filter(pk__in=ids)}
    positions = dict(Leaf.objects.filter(entry_id__in=ids).values_list("entry_id", "position"))
    return tuple(_fact(row, payloads.get(row.id), positions.get(row.id)) for row in entries)


def _fact(row: Entry, payload: Payload | None, position: int | None) -> RecordedFact:
    fields = {name: shown.value for name, shown in disclosed_of(payload).items()}
    erased = frozenset(sealed_of(row).digests.keys() - fields.keys())
    return RecordedFact(row.id, row.kind, row.about, row.at, fields, erased, position)


def standing() -> Standing:
    """How far the log has come."""
    size, sealed = tree_size(), Checkpoint.objects.order_by("-size").first()
    return Standing(
        entries=size + Waiting.objects.count(),
        leaves=size,
        root=stored_frontier(size).root.hex(),
        sealed_size=sealed.size if sealed else None,
        sealed_at=sealed.sealed_at if sealed else None,
    )


def sealing_lag(as_of: datetime) -> timedelta:
    """How long the oldest fact that no head covers has waited; none where all are covered.

    Where this installation has witnesses, a head counts once one of them cosigned it.
    """
    heads = Checkpoint.objects.filter(cosignature__isnull=False) if witnesses() else Checkpoint.objects.all()
    sealed = heads.order_by("-size").values_list("size", flat=True).first() or 0
    leaf = Leaf.objects.filter(position__gte=sealed).order_by("position").values_list("entry__at", flat=True).first()
    waiting = Waiting.objects.order_by("entry_id").values_list("entry__at", flat=True).first()
    return max([as_of - at for at in (leaf, waiting) if at is not None], default=timedelta())


def checkpoint() -> str | None:
    """The latest signed head, a note that witnesses keep; None before the first seal."""
    return Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()


def cosigned_sizes() -> dict[str, int]:
    """By written key of a witness, the largest head that it cosigned."""
    sizes = Cosignature.objects.values_list("witness").annotate(last=Max("checkpoint_id"))
    return dict(sizes)


def cosigned_checkpoint(above: int = -1) -> tuple[str, tuple[VerifierKey, ...]] | None:
    """The latest head over more than `above` leaves that a witness cosigned, with all its lines and the witnesses'
    keys in their order; the latest of all where none is cosigned, None where there is none.
    """
    heads = Checkpoint.objects.filter(size__gt=above).order_by("-size")
    head = heads.filter(cosignature__isnull=False).first() or heads.first()
    if head is None:
        return None
    lines = list(Cosignature.objects.filter(checkpoint=head).order_by("witness"))
    keys = tuple(VerifierKey.parse(row.witness) for row in lines)
    return head.note + "".join(row.line for row in lines), keys


def newest_checkpoint() -> str | None:
    """The newest signed head with the lines of those who cosigned it; None before the first seal."""
    head = Checkpoint.objects.order_by("-size").first()
    if head is None:
        return None
    return head.note + "".join(row.line for row in Cosignature.objects.filter(checkpoint=head).order_by("witness"))


def consistency(old_size: int, new_size: int) -> tuple[bytes, ...]:
    """The proof that the log of `new_size` leaves only added to that of `old_size` (RFC 9162 section 2.1.4).

    Raises ConflictError where the log is not that long, InvariantBroken unless 0 < old_size <= new_size.
    """
    if new_size > tree_size():
        raise ConflictError("log_is_shorter", f"the log has fewer than {new_size} leaves", "ask for a size it has")
    return read_with(lambda read_node: consistency_proof(read_node, old_size, new_size))


def receipt(entry_id: str, disclose: Collection[str] | None = None) -> bytes:
    """The file that proves one fact under the latest head, a cosigned one where there is; `disclose` names the fields
    shown, None means all.

    Raises ConflictError while no signed head covers the fact; the next seal will. A field that was erased, or that the
    fact does not have, is left out.
    """
    leaf = Leaf.objects.select_related("entry").filter(entry_id=entry_id).first()
    newest = cosigned_checkpoint(above=leaf.position) if leaf else None
    if leaf is None or newest is None:
        words = f"no signed head covers {entry_id} yet"
        raise ConflictError("not_sealed_yet", words, "the receipt is there after the next seal, within a minute")
    note, cosigners = newest
    size = Head.parse(Note.parse(note).text).size
    shown = disclosed_of(Payload.objects.filter(pk=entry_id).first())
    if disclose is not None:
        shown = {name: kept for name, kept in shown.items() if name in disclose}
    proof = read_with(lambda read_node: inclusion_proof(read_node, leaf.position, size))
    sealed, key = sealed_of(leaf.entry), _signer_of(note)
    return Receipt(sealed, shown, leaf.position, proof, note, key, cosigners).serialise()


def _signer_of(note: str) -> VerifierKey:
    parsed = Note.parse(note)
    origin = Head.parse(parsed.text).origin
    return next(key for key in parsed.signers(log_key().verifiers()) if key.name == origin)
