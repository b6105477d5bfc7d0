"""One log-in at a platform: a code for one minute and one use (RFC 6749, RFC 7636), then a token to ask with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from zhida.domain.errors import AccessError
from zhida.domain.values import new_id, utc
from zhida.services.vouching.claims import Holder, claims_of
from zhida.services.vouching.clients import hashed
from zhida.services.vouching.models import Permission, SignOn
from zhida.services.vouching.permitting import PermissionRecord

CODE_S = 60
TOKEN_S = 600
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Request:
    """What a platform asked of the log-in: where to come back to, its nonce, and its PKCE challenge (S256)."""

    redirect: str
    nonce: str
    challenge: str


@dataclass(frozen=True)
class Taken:
    """A log-in whose code was taken: the token to ask with, and what the ID token says besides claims."""

    token: str
    account: str
    scopes: tuple[str, ...]
    nonce: str
    proven_s: int


@dataclass(frozen=True)
class Asking:
    """Who may be told of under a token."""

    account: str
    client_id: str
    subject: str
    scopes: tuple[str, ...]
    salt: str

    def claims(self, holder: Holder, as_of: datetime) -> dict[str, str]:
        """What the platform is told now."""
        return claims_of(holder, self.subject, self.scopes, client_id=self.client_id, salt=self.salt, as_of=as_of)


@transaction.atomic
def begin(*, permission: PermissionRecord, request: Request, proven_s: int, as_of: datetime) -> str:
    """The code for a log-in under a permission that holds; `proven_s` is when the person showed who they are (Unix)."""
    SignOn.objects.filter(token_until__lt=utc(as_of) - _KEPT).delete()
    code = secrets.token_urlsafe(32)
    SignOn.objects.create(
        id=new_id("login"),
        permission_id=permission.id,
        redirect=request.redirect,
        nonce=request.nonce,
        challenge=request.challenge,
        proven_s=proven_s,
        code_hash=hashed(code),
        code_until=utc(as_of) + timedelta(seconds=CODE_S),
        token_until=utc(as_of) + timedelta(seconds=CODE_S + TOKEN_S),
    )
    Permission.objects.filter(pk=permission.id).update(used_at=utc(as_of), uses=F("uses") + 1)
    return code


def take(*, client_id: str, code: str, redirect: str, verifier: str, as_of: datetime) -> Taken:
    """Takes a code, once whatever comes of it; a second try ends the log-in that the first one gave (RFC 6749, 4.1.2).

    Raises AccessError `code_not_good`: used, expired, another's, for another address, or without its verifier.
    """
    rows = SignOn.objects.filter(code_hash=hashed(code), permission__client=client_id)
    if not rows.filter(taken_at=None, ended_at=None).update(taken_at=utc(as_of)):
        rows.update(ended_at=utc(as_of))
        raise _not_good("it was used before, or was never given to this platform")
    row = rows.select_related("permission").get()
    fits = hmac.compare_digest(_challenge_of(verifier), row.challenge)
    if utc(as_of) >= row.code_until or redirect != row.redirect or not fits:
        rows.update(ended_at=utc(as_of))
        raise _not_good("it has expired, or came with another address or verifier")
    token = secrets.token_urlsafe(32)
    until = utc(as_of) + timedelta(seconds=TOKEN_S)
    if not rows.filter(ended_at=None).update(token_hash=hashed(token), token_until=until):
        raise _not_good("it was ended meanwhile")
    return Taken(token, row.permission.account, tuple(row.permission.scopes), row.nonce, row.proven_s)


def asking_with(token: str, *, as_of: datetime) -> Asking:
    """Who may be told of under a token. Raises AccessError `token_not_good`: none, expired, ended, or taken back."""
    row = (
        SignOn.objects.filter(
            token_hash=hashed(token),
            token_until__gt=utc(as_of),
            ended_at=None,
            permission__withdrawn_at=None,
            permission__client__closed_at=None,
        )
        .select_related("permission__client")
        .first()
    )
    if row is None:
        raise AccessError("token_not_good", "the token is none that holds", "log in again")
    given = row.permission
    return Asking(given.account, given.client_id, given.subject, tuple(given.scopes), given.client.salt)


def end(*, client_id: str, token: str, as_of: datetime) -> None:
    """Ends a platform's own log-in by its token (RFC 7009); one that nobody holds is ended already."""
    rows = SignOn.objects.filter(token_hash=hashed(token), permission__client=client_id, ended_at=None)
    rows.update(ended_at=utc(as_of))


def _challenge_of(verifier: str) -> str:
    """RFC 7636, section 4.6; "" for what is no verifier."""
    if not _VERIFIER.fullmatch(verifier):
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _not_good(words: str) -> AccessError:
    return AccessError("code_not_good", words, "log in again")
