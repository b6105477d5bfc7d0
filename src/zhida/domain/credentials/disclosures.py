"""SD-JWT (RFC 9901) for flat claims: each hidden claim stands as a salted digest, shown only where its holder shows it.

`<signed>~<disclosure>~<disclosure>~`: the issuer gives all disclosures to the holder, who passes on those it chooses.
Nested and array disclosures are not used here and are refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from zhida.domain.credentials.encoding import Malformed, from_base64url, from_json, to_base64url, to_json
from zhida.domain.credentials.signatures import Issuer, claims_of, sign_claims

KIND = "dc+sd-jwt"
_MACHINERY = frozenset({"_sd", "_sd_alg", "..."})


def disclosure_of(name: str, value: Any, salt: str) -> str:
    """One disclosure: base64url of `[salt, name, value]` (§4.2.1)."""
    return to_base64url(to_json([salt, name, value]))


def digest_of(disclosure: str) -> str:
    """The digest that stands for a disclosure among the signed claims (§4.2.3): SHA-256, base64url."""
    return to_base64url(hashlib.sha256(disclosure.encode("ascii")).digest())


def sign_disclosable(
    shown: Mapping[str, Any], hidden: Mapping[str, Any], *, issuer: Issuer, new_salt: Callable[[], str]
) -> str:
    """A signed token with every disclosure behind it; the digests are sorted, so that they tell nothing of order.

    `new_salt` gives at least 128 random bits as text, other ones each time (§9.3).
    """
    disclosures = [disclosure_of(name, value, new_salt()) for name, value in hidden.items()]
    digests = {"_sd": sorted(map(digest_of, disclosures)), "_sd_alg": "sha-256"} if disclosures else {}
    return "~".join([sign_claims({**shown, **digests}, kind=KIND, issuer=issuer), *disclosures, ""])


def present(token: str, names: Collection[str]) -> str:
    """The same token with only the disclosures of these claims, in their first order. Raises Malformed."""
    signed, disclosures = _split(token)
    kept = [disclosure for disclosure in disclosures if _opened(disclosure)[0] in names]
    return "~".join([signed, *kept, ""])


def disclosed_claims(token: str, *, keys: Mapping[str, bytes]) -> Mapping[str, Any]:
    """The signed claims with the disclosed ones among them (§7.1). Raises Malformed, UnknownKey or Forged.

    Refused too: a disclosure that no digest stands for, one shown twice, one that covers another claim.
    """
    signed, disclosures = _split(token)
    claims = dict(claims_of(signed, kind=KIND, keys=keys))
    digests = claims.pop("_sd", [])
    if claims.pop("_sd_alg", "sha-256") != "sha-256":
        raise Malformed("only SHA-256 digests are used here")
    if not isinstance(digests, list) or not all(isinstance(digest, str) for digest in digests):
        raise Malformed("_sd is a list of digests")
    if len(set(digests)) != len(digests):
        raise Malformed("a digest stands twice")
    waiting = set(digests)
    for disclosure in disclosures:
        name, value = _opened(disclosure)
        if digest_of(disclosure) not in waiting or name in claims:
            raise Malformed(f"the disclosure of {name!r} does not belong to this token")
        waiting.remove(digest_of(disclosure))
        claims[name] = value
    return claims


def _split(token: str) -> tuple[str, list[str]]:
    signed, *disclosures = token.split("~")
    if disclosures and disclosures.pop() != "":
        raise Malformed("a key binding is not used here")
    return signed, disclosures


def _opened(disclosure: str) -> tuple[str, Any]:
    opened = from_json(from_base64url(disclosure))
    if not isinstance(opened, list) or len(opened) != 3 or not all(isinstance(text, str) for text in opened[:2]):
        raise Malformed("a disclosure is [salt, name, value]")
    if opened[1] in _MACHINERY:
        raise Malformed(f"{opened[1]!r} cannot be disclosed")
    return opened[1], opened[2]
