"""Receipts of facts, their verification, and the log's signed heads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.proofs import verify_receipt
from zhida.domain.values import Scope
from zhida.kernel.cases import queries as cases
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.funds import queries as funds
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.registry import queries as registry
from zhida.surfaces.api.callers import anyone, caller_of, session
from zhida.surfaces.api.problems import REFUSALS

router = Router(tags=["proofs"])
_PUBLIC = frozenset({"pack.published", "pack.withdrawn", "dictionary.published", "offices.year_announced"})


class VerdictOut(Schema):
    """Whether a receipt holds, and why, in both languages; what it proves where it does.

    `fields` are those that it discloses; `position` counts from 0.
    """

    ok: bool
    reasons: list[dict[str, str]]
    kind: str = ""
    about: str = ""
    at: datetime | None = None
    position: int | None = None
    fields: dict[str, Any] = {}


class StandingOut(Schema):
    """How far the log has come: facts, leaves, the root in hexadecimal, and what was last signed."""

    entries: int
    leaves: int
    root: str
    sealed_size: int | None
    sealed_at: datetime | None
    checkpoint: str


class ConsistencyOut(Schema):
    """Hashes in hexadecimal (RFC 9162 section 2.1.4)."""

    proof: list[str]


@router.get("/log", auth=None, response={200: StandingOut, **REFUSALS})
def read_log(request: HttpRequest) -> dict[str, Any]:
    """Where the log stands, and its latest signed head: a note that witnesses keep (C2SP tlog-checkpoint)."""
    return {**vars(ledger.standing()), "checkpoint": ledger.checkpoint() or ""}


@router.get("/log/consistency", auth=None, response={200: ConsistencyOut, **REFUSALS})
def read_consistency(
    request: HttpRequest, old: int = Query(..., ge=1), new: int = Query(..., ge=1)
) -> dict[str, list[str]]:
    """The proof that the log of `new` leaves only added to that of `old`."""
    if old > new:
        raise ConflictError("log_is_shorter", f"{old} leaves are not fewer than {new}", "ask for the smaller one first")
    return {"proof": [node.hex() for node in ledger.consistency(old, new)]}


@router.post("/verify", auth=None, response={200: VerdictOut, **REFUSALS})
def verify(request: HttpRequest) -> dict[str, Any]:
    """Checks a receipt, the file itself as the body, byte for byte. Anyone may; nothing is kept."""
    found = verify_receipt(request.body, trusted_keys=log_key().verifiers())
    reasons = [{"zh": reason.zh, "en": reason.en} for reason in found.reasons]
    if not found.ok or found.receipt is None:
        return {"ok": False, "reasons": reasons}
    sealed = found.receipt.sealed
    return {
        "ok": True,
        "reasons": reasons,
        "kind": sealed.kind,
        "about": sealed.about,
        "at": sealed.at,
        "position": found.receipt.position,
        "fields": {name: shown.value for name, shown in sorted(found.receipt.disclosed.items())},
    }


@router.get("/{entry_id}", auth=[session, anyone], response={200: dict[str, Any], **REFUSALS})
def read_receipt(request: HttpRequest, entry_id: str, disclose: list[str] = Query(None)) -> HttpResponse:
    """The file that proves one fact: public ones to anyone, others to whom they concern and to the offices in charge.

    `disclose` names the fields to show, all where it is not there. 409 `not_sealed_yet` until the next seal. What is
    not there answers as what concerns somebody else does.
    """
    kind, about = _fact(entry_id)
    if kind not in _PUBLIC and not _may_see(request, about):
        words = f"{entry_id} does not concern you, or is not there"
        raise AccessError("receipt_not_yours", words, "whom it concerns can show it")
    body = ledger.receipt(entry_id, disclose)
    named = {"Content-Disposition": f'attachment; filename="{entry_id}.json"'}
    return HttpResponse(body, content_type="application/json", headers=named)


def _fact(entry_id: str) -> tuple[str, str]:
    """The kind of a fact and what it is about; for one that is not there a case that is not there either."""
    try:
        fact = ledger.entry(entry_id)
    except ConflictError:
        return "", "case_none"
    return fact.kind, fact.about


def _may_see(request: HttpRequest, about: str) -> bool:
    return request.user.is_authenticated and any(_is_shown(about, scope) for scope in caller_of(request).scopes)


def _is_shown(about: str, scope: Scope) -> bool:
    """Whether a scope shows what a fact is about."""
    ask = _SHOWS.get(about.rpartition("_")[0])
    if ask is None:
        return False
    try:
        return ask(about, scope) is not None
    except (AccessError, ConflictError):
        return False


def _subject(subject_id: str, scope: Scope) -> Any:
    return registry.subject(subject_id, scope=scope) if scope.subjects is not None else None


_SHOWS: dict[str, Callable[[str, Scope], Any]] = {
    "case": lambda about, scope: cases.case(about, scope=scope),
    "credential": lambda about, scope: credentials.credential(about, scope=scope),
    "disbursement": lambda about, scope: funds.disbursement(about, scope=scope),
    "entitlement": lambda about, scope: entitlements.grant(about, scope=scope),
    "subject": _subject,
}
"""Facts about a subject are the subject's own; offices see what they decided and paid."""
