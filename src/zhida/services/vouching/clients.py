"""The platforms that log in through us: put on the list by an operator, each with its return addresses and scopes."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.vouching.claims import SCOPES
from zhida.services.vouching.models import Client, SignOn

HERE = ("http://127.0.0.1:", "http://localhost:")


@dataclass(frozen=True)
class NewClient:
    """A platform to be put on the list. `keeps_secrets` is false for a program on people's own devices."""

    id: str
    titles: tuple[str, str]
    office: str
    redirects: Collection[str]
    scopes: Collection[str]
    keeps_secrets: bool = True


@dataclass(frozen=True)
class ClientRecord:
    """A platform as others see it; `titles` are Chinese and English."""

    id: str
    titles: tuple[str, str]
    office: str
    redirects: tuple[str, ...]
    scopes: tuple[str, ...]
    keeps_secrets: bool
    added_at: datetime


@transaction.atomic
def add_client(*, new: NewClient, by: Actor, as_of: datetime) -> str:
    """Puts a platform on the list; its secret, told this once and kept as a hash ("" where it keeps none).

    Records `vouching.client_added`. Raises ConflictError `malformed_client` for what is none, `client_taken` for a name
    that stands or stood for another.
    """
    _check(new)
    offices.office(new.office)
    if Client.objects.filter(pk=new.id).exists():
        raise ConflictError("client_taken", f"{new.id} is or was another platform", "choose another name")
    secret = secrets.token_urlsafe(32) if new.keeps_secrets else ""
    Client.objects.create(
        id=new.id,
        title_zh=new.titles[0],
        title_en=new.titles[1],
        office=new.office,
        redirects=sorted(set(new.redirects)),
        scopes=sorted({"openid", *new.scopes}),
        secret_hash=hashed(secret) if secret else "",
        salt=secrets.token_hex(32),
        added_at=utc(as_of),
    )
    fields = {"client": new.id, "office": new.office, "redirects": sorted(set(new.redirects))}
    fields["scopes"] = sorted({"openid", *new.scopes})
    ledger.record(kind="vouching.client_added", about=new.id, fields=fields, by=by, as_of=as_of)
    return secret


@transaction.atomic
def close_client(*, client_id: str, by: Actor, as_of: datetime) -> None:
    """Nobody logs in there through us from now on, and nothing more is told. Records `vouching.client_closed`.

    Raises ConflictError `no_such_client`.
    """
    if not Client.objects.filter(pk=client_id, closed_at=None).update(closed_at=utc(as_of)):
        raise ConflictError("no_such_client", f"no platform {client_id} is on the list", "see zhida client list")
    SignOn.objects.filter(permission__client=client_id, ended_at=None).update(ended_at=utc(as_of))
    ledger.record(kind="vouching.client_closed", about=client_id, fields={"client": client_id}, by=by, as_of=as_of)


def clients() -> tuple[ClientRecord, ...]:
    """The platforms on the list; where there is none, nobody is told anything."""
    return tuple(_record(row) for row in Client.objects.filter(closed_at=None).order_by("pk"))


def client(client_id: str) -> ClientRecord | None:
    """A platform on the list, or None."""
    row = Client.objects.filter(pk=client_id, closed_at=None).first() if _is_text(client_id) else None
    return _record(row) if row else None


def titles() -> dict[str, tuple[str, str]]:
    """What to call every platform that is or was on the list."""
    return {row.id: (row.title_zh, row.title_en) for row in Client.objects.all()}


def proves_itself(client_id: str, secret: str) -> ClientRecord | None:
    """The platform, where the secret is its own; one that keeps none gives none and is held to PKCE alone."""
    row = Client.objects.filter(pk=client_id, closed_at=None).first() if _is_text(client_id) else None
    if row is None:
        return None
    given = hashed(secret) if secret else ""
    return _record(row) if hmac.compare_digest(given, row.secret_hash) else None


def hashed(secret: str) -> str:
    """A random secret, code or token as it is kept: of 256 random bits nothing is guessed, so one round is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _check(new: NewClient) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", new.id) or not all(one.strip() for one in new.titles):
        raise _malformed("a name of 2 to 40 small letters, digits and hyphens, and titles in both languages")
    if unknown := set(new.scopes) - set(SCOPES):
        raise _malformed(f"no scope {', '.join(sorted(unknown))}; known are {', '.join(SCOPES)}")
    if not new.redirects:
        raise _malformed("it needs an address to come back to")
    for address in new.redirects:
        parts = urlsplit(address)
        is_safe = address.startswith(("https://", *HERE)) and parts.hostname and not parts.username
        if not is_safe or "#" in address or "*" in address or len(address) > 500 or not address.isascii():
            raise _malformed(f"{address!r}: https (or this machine), whole, no wildcard, no fragment")


def _malformed(words: str) -> ConflictError:
    return ConflictError("malformed_client", words, "say it again")


def _is_text(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isascii() and text.isprintable()


def _record(row: Client) -> ClientRecord:
    return ClientRecord(row.id, (row.title_zh, row.title_en), row.office, tuple(row.redirects), tuple(row.scopes),
                        bool(row.secret_hash), row.added_at)  # fmt: skip
