"""Keys: their written form, the bytes of their signatures, and everything that is no key, no time and no base64."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Cosigner, SigningKey, Sm2SigningKey, VerifierKey
from zhida.domain.proofs.keys import COSIGNATURE, ED25519, SM2, decode_base64, encode_base64, is_key_name

SEED, TEXT = bytes(range(32)), "log.example/proofs\n7\nAAAA\n"
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
WITNESS = Cosigner("witness.example/a", SEED)


def cosignature(timestamp: int, text: str = TEXT) -> bytes:
    signed = f"cosignature/v1\ntime {timestamp}\n{text}".encode()
    return timestamp.to_bytes(8, "big") + PRIVATE.sign(signed)


def test_each_kind_is_written_with_its_name_id_and_bytes_and_read_back() -> None:
    for key, kind, size in (
        (SigningKey("a.example", SEED).verifier, b"\x01", 32),
        (WITNESS.verifier, b"\x04", 32),
        (Sm2SigningKey("a.example", SEED).verifier, b"\xffzhida/sm2-sm3", 64),
    ):
        identity = hashlib.sha256(key.name.encode() + b"\n" + kind + key.public).digest()[:4]
        assert (key.kind, len(key.public), key.key_id) == (kind, size, identity)
        assert str(key) == f"{key.name}+{identity.hex()}+{base64.b64encode(kind + key.public).decode()}"
        assert VerifierKey.parse(str(key)) == key
        assert key.is_witness == (kind == COSIGNATURE)


def test_the_public_half_is_as_long_as_its_kind_asks() -> None:
    for kind, size in ((ED25519, 32), (COSIGNATURE, 32), (SM2, 64)):
        assert VerifierKey("a", bytes(size), kind).public == bytes(size)
        for wrong in (size - 1, size + 1, 0, 96 - size):
            with pytest.raises(InvariantBroken, match="malformed_key"):
                VerifierKey("a", bytes(wrong), kind)
    with pytest.raises(InvariantBroken, match="malformed_key"):
        VerifierKey("a", bytes(32), b"\x02")


@pytest.mark.parametrize("kind", [SigningKey, Sm2SigningKey, Cosigner])
def test_a_seed_has_thirty_two_bytes_and_a_key_a_name(kind) -> None:
    for size in (0, 31, 33):
        with pytest.raises(InvariantBroken, match="malformed_key"):
            kind("a.example", bytes(size))
    with pytest.raises(InvariantBroken, match="malformed_key"):
        kind("a example", SEED)


def test_a_signature_is_that_of_the_text_and_of_no_other() -> None:
    for key in (SigningKey("a.example", SEED), Sm2SigningKey("a.example", SEED)):
        signature = key.sign(b"text")
        assert len(signature) == 64
        assert key.verifier.verifies(signature, b"text")
        assert not key.verifier.verifies(signature, b"Text")
        assert not key.verifier.verifies(signature[:-1], b"text")
    assert SigningKey("a.example", SEED).sign(b"text") == PRIVATE.sign(b"text")


@pytest.mark.parametrize("timestamp", [0, 1, 1_770_000_000, 2**63 - 1])
def test_a_cosignature_holds_the_time_and_what_was_seen(timestamp: int) -> None:
    line = WITNESS.cosign(TEXT, timestamp)
    signed = cosignature(timestamp)
    written = base64.b64encode(WITNESS.verifier.key_id + signed).decode()
    assert line == f"— witness.example/a {written}\n"
    assert WITNESS.verifier.verifies(signed, TEXT.encode())
    assert not WITNESS.verifier.verifies(signed, TEXT.encode() + b"x")
    assert not WITNESS.verifier.verifies((timestamp ^ 1).to_bytes(8, "big") + signed[8:], TEXT.encode())


def test_a_time_before_1970_or_beyond_63_bits_is_none() -> None:
    for timestamp in (-1, 2**63, 2**64):
        with pytest.raises(InvariantBroken, match="malformed_timestamp"):
            WITNESS.cosign(TEXT, timestamp)
    for timestamp in (2**63, 2**64 - 1):
        assert not WITNESS.verifier.verifies(cosignature(timestamp), TEXT.encode())


def test_a_cosignature_has_seventy_two_bytes_and_a_log_does_not_cosign() -> None:
    signed = cosignature(5)
    for wrong in (b"", signed[:8], signed[:71], signed + b"\x00", signed[8:]):
        assert not WITNESS.verifier.verifies(wrong, TEXT.encode())
    log = SigningKey("witness.example/a", SEED)
    assert not log.verifier.verifies(signed, TEXT.encode())
    assert not WITNESS.verifier.verifies(log.sign(TEXT.encode()), TEXT.encode())


def test_names_hold_no_space_no_control_no_plus_and_are_valid_utf8() -> None:
    for name in ("a", "log.example/proofs", "存证", "!", "\U0001f600", "\ud7ff", "\ue000", "a" * 5000):
        assert is_key_name(name)
    for sign in ("+", " ", "\n", "\t", "\x00", "\x1f", "\x85", "\u00a0", "\u2028", "\u3000", "\ud800", "\udfff"):
        for name in (sign, f"a{sign}", f"{sign}a", f"a{sign}b"):
            assert not is_key_name(name)
    assert not is_key_name("")


def test_a_written_key_whose_name_is_no_utf8_is_malformed() -> None:
    encoded = base64.b64encode(b"\x01" + PUBLIC).decode()
    with pytest.raises(InvariantBroken, match="malformed_key"):
        VerifierKey.parse(f"\ud800+00000000+{encoded}")


def test_base64_is_read_in_its_one_form_only() -> None:
    for data in (b"", b"\x00", b"ab", b"abc", bytes(range(256))):
        assert decode_base64(encode_base64(data)) == data
    assert encode_base64(b"\xfb\xff") == "+/8="
    for text in ("A", "AA", "AAA", "AB==", "AA==\n", " AA==", "A A==", "-_8=", "AA=", "AA===", "é", "\ud800"):
        with pytest.raises(InvariantBroken, match="malformed_base64"):
            decode_base64(text)
