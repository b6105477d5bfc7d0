"""Tokens by themselves: what is signed is read back, and everything else is refused, whatever it looks like."""

from __future__ import annotations

import base64
import json
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.credentials import encoding
from zhida.domain.credentials.disclosures import (
    digest_of,
    disclosed_claims,
    disclosure_of,
    present,
    sign_disclosable,
)
from zhida.domain.credentials.encoding import Malformed
from zhida.domain.credentials.signatures import Forged, UnknownKey, claims_of, sign_claims

SHOWN = {"vct": "licence", "name": "某某餐饮店"}
HIDDEN = {"manager": "张三", "area": 120}


class Issuer:
    """A key in memory."""

    address = "https://zhida.example"
    key_id = "k1"

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)

    def public_keys(self) -> dict[str, bytes]:
        return {"k1": self.key.public_key().public_bytes_raw()}


ISSUER = Issuer()
KEYS = ISSUER.public_keys()


def new_salt() -> str:
    return secrets.token_urlsafe(16)


def b64(value: object) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(header: object, claims: object) -> str:
    head = f"{b64(header)}.{b64(claims)}"
    return f"{head}.{b64(ISSUER.sign(head.encode()))}"


def test_rfc_8037_example_verifies():
    """RFC 8037, appendix A.4 and A.5: its key, its message, its signature."""
    header, payload = "eyJhbGciOiJFZERTQSJ9", "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    seed = encoding.from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert b64(key.sign(f"{header}.{payload}".encode())) == signature


def test_rfc_9901_disclosure_digest():
    """RFC 9901, section 4.2.3: the digest of its example disclosure."""
    disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest_of(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_holders_show_what_they_choose():
    token = sign_disclosable(SHOWN, HIDDEN, issuer=ISSUER, new_salt=new_salt)
    assert disclosed_claims(token, keys=KEYS) == {**SHOWN, **HIDDEN}
    assert disclosed_claims(present(token, ["area"]), keys=KEYS) == {**SHOWN, "area": 120}
    assert disclosed_claims(present(token, ()), keys=KEYS) == SHOWN
    assert disclosed_claims(present(token, ()).rstrip("~"), keys=KEYS) == SHOWN
    assert "张三".encode() not in base64.urlsafe_b64decode(token.split(".")[1] + "==")


def test_two_tokens_of_the_same_claims_cannot_be_linked_by_their_digests():
    first, second = (sign_disclosable(SHOWN, HIDDEN, issuer=ISSUER, new_salt=new_salt) for _ in range(2))
    digests = [set(claims_of(each.split("~")[0], kind="dc+sd-jwt", keys=KEYS)["_sd"]) for each in (first, second)]
    assert not digests[0] & digests[1]


def test_no_character_of_a_token_can_be_changed():
    token = sign_disclosable(SHOWN, {"area": 1}, issuer=ISSUER, new_salt=new_salt)
    for place, old in enumerate(token):
        for new in {"A", "B", ".", "~", "="} - {old}:
            with pytest.raises((Malformed, Forged, UnknownKey)):
                disclosed_claims(token[:place] + new + token[place + 1 :], keys=KEYS)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "k1", "typ": "dc+sd-jwt"},
        {"alg": "HS256", "kid": "k1", "typ": "dc+sd-jwt"},
        {"alg": "ES256", "kid": "k1", "typ": "dc+sd-jwt"},
        {"alg": "eddsa", "kid": "k1", "typ": "dc+sd-jwt"},
        {"alg": "EdDSA", "kid": "k1", "typ": "statuslist+jwt"},
        {"alg": "EdDSA", "kid": "k1"},
        {"alg": "EdDSA", "typ": "dc+sd-jwt"},
        {"alg": "EdDSA", "kid": "k1", "typ": "dc+sd-jwt", "crit": ["exp"]},
        {"alg": "EdDSA", "kid": "k1", "typ": "dc+sd-jwt", "jwk": {}},
        ["alg"],
        b'{"alg":"EdDSA","alg":"EdDSA","kid":"k1","typ":"dc+sd-jwt"}',
    ],
)
def test_only_one_header_is_read(header):
    with pytest.raises(Malformed):
        disclosed_claims(signed(header, SHOWN), keys=KEYS)


def test_another_key_is_unknown_and_another_signature_is_forged():
    token = sign_claims(SHOWN, kind="dc+sd-jwt", issuer=ISSUER)
    with pytest.raises(UnknownKey):
        disclosed_claims(token, keys={})
    with pytest.raises(Forged):
        disclosed_claims(token, keys=Issuer().public_keys())
    odd = signed({"alg": "EdDSA", "kid": ["k1"], "typ": "dc+sd-jwt"}, SHOWN)
    with pytest.raises(UnknownKey):
        disclosed_claims(odd, keys=KEYS)


@pytest.mark.parametrize(
    "claims",
    [
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":1.5}',
        b"[]",
        b"\xff",
        b"[" * 100_000,
        {"_sd": "x"},
        {"_sd": [1]},
        {"_sd": ["x", "x"]},
        {"_sd": [], "_sd_alg": "md5"},
    ],
)
def test_claims_with_two_readings_are_refused(claims):
    with pytest.raises(Malformed):
        disclosed_claims(signed({"alg": "EdDSA", "kid": "k1", "typ": "dc+sd-jwt"}, claims), keys=KEYS)


def test_disclosures_that_do_not_belong_are_refused():
    token = sign_disclosable(SHOWN, HIDDEN, issuer=ISSUER, new_salt=new_salt)
    head, *disclosures, _ = token.split("~")
    stray = disclosure_of("rank", 1, "salt")
    for bad in (
        [*disclosures, disclosures[0]],
        [*disclosures, stray],
        [b64(["salt", "rank"])],
        [b64({"rank": 1})],
        [""],
    ):
        with pytest.raises(Malformed):
            disclosed_claims("~".join([head, *bad, ""]), keys=KEYS)
    with pytest.raises(Malformed):
        disclosed_claims(token + "key-binding", keys=KEYS)


@pytest.mark.parametrize("name", ["vct", "_sd", "_sd_alg", "..."])
def test_a_disclosure_cannot_cover_a_claim_or_the_machinery(name):
    disclosure = disclosure_of(name, "forged", "salt")
    claims = {**SHOWN, "_sd": [digest_of(disclosure)], "_sd_alg": "sha-256"}
    token = f"{sign_claims(claims, kind='dc+sd-jwt', issuer=ISSUER)}~{disclosure}~"
    with pytest.raises(Malformed):
        disclosed_claims(token, keys=KEYS)


@given(st.binary(min_size=1, max_size=80))
def test_base64url_is_read_one_way(content):
    text = encoding.to_base64url(content)
    assert encoding.from_base64url(text) == content
    for other in (text + "=", text + "\n", " " + text, text + "A" * (1 + (-len(text)) % 4)):
        try:
            assert encoding.from_base64url(other) != content
        except Malformed:
            continue


@given(st.text(max_size=60))
def test_no_text_makes_a_verifier_stumble(text):
    with pytest.raises((Malformed, UnknownKey, Forged)):
        disclosed_claims(text, keys=KEYS)
