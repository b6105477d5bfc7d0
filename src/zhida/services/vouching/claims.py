"""What a platform is told of whoever logs in, claim by claim: nothing that its scopes do not name (deny by default).

A claim carries the class of what it tells, as facts of the dictionary do: what is public is told in clear, what is
personal with its middle hidden unless the person let the scope `name`, what is sensitive only by a scope of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from zhida.domain.errors import ConflictError
from zhida.domain.packs import FieldClass
from zhida.domain.values import Actor, Scope, SubjectKind
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord

SCOPES: Mapping[str, FieldClass] = {
    "openid": FieldClass.PUBLIC,
    "profile": FieldClass.PUBLIC,
    "acting": FieldClass.PUBLIC,
    "name": FieldClass.PERSONAL,
    "citizen_number": FieldClass.SENSITIVE,
}
"""Each scope and the most closely held class of what it opens."""
ASKED_ALONE = tuple(name for name, held in SCOPES.items() if held is not FieldClass.PUBLIC)
"""The scopes that a person lets one by one, beside the rest."""
ANYBODY = Actor(account="", duty="public")
KINDS = {SubjectKind.ORGANISATION: "firm", SubjectKind.HOUSEHOLD: "family"}


@dataclass(frozen=True)
class Holder:
    """Whoever logs in: the account, what to call its holder, and the language they read."""

    account: str
    name: str
    locale: str


def claims_of(
    holder: Holder, subject_id: str, scopes: Collection[str], *, client_id: str, salt: str, as_of: datetime
) -> dict[str, str]:
    """The claims of OpenID Connect (section 5) that the scopes open, at this instant.

    `sub` is a name that only this platform knows the account by. What is said of a subject needs a mandate to act that
    holds now; reading a citizen number is noted for the person to see, under `sign_on:<client>`.
    """
    told = {"sub": _known_as(salt, holder.account)}
    if "profile" in scopes:
        told |= {"name": hidden(holder.name), "locale": "en" if holder.locale == "en" else "zh-CN"}
    if "name" in scopes:
        told["name"] = holder.name
    ids = offices.mandates_of(holder.account, as_of, "submit")
    mandated = registry.subjects(sorted(ids), scope=Scope.system("sign_on"))
    subject = mandated.get(subject_id)
    if subject is None:
        return told
    kind = acting_kind(subject, mandated.values())
    if "acting" in scopes:
        told |= _acting(subject, kind, salt, is_open="name" in scopes)
    if "citizen_number" in scopes and kind == "self":
        purpose = Scope.system(f"sign_on:{client_id}")
        with suppress(ConflictError):  # none is held
            told["citizen_number"] = registry.number_of(subject.id, scope=purpose, as_of=as_of, by=ANYBODY)
    return told


def acting_kind(subject: SubjectRecord, mandated: Collection[SubjectRecord]) -> str:
    """`firm`, `family`, `self`, or `mandate` where the account acts for several persons and none is surely its own."""
    if subject.kind in KINDS:
        return KINDS[subject.kind]
    return "self" if sum(one.kind is SubjectKind.PERSON for one in mandated) == 1 else "mandate"


def hidden(name: str) -> str:
    """A person's name with all but its ends hidden."""
    return f"{name[:1]}{'＊' * max(1, len(name) - 2)}{name[-1:] if len(name) > 2 else ''}"


def _acting(subject: SubjectRecord, kind: str, salt: str, *, is_open: bool) -> dict[str, str]:
    is_firm = subject.kind is SubjectKind.ORGANISATION
    told = {"acting": kind, "acting_sub": _known_as(salt, subject.id)}
    told["acting_name"] = subject.name if is_firm or is_open else hidden(subject.name)
    return told | ({"credit_code": subject.credit_code} if is_firm and subject.credit_code else {})


def _known_as(salt: str, inner: str) -> str:
    return hashlib.sha256(f"{salt} {inner}".encode()).hexdigest()[:40]
