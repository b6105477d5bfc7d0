"""SM2 against the published examples, the bytes it gives, what the standard forbids, and as a log's key."""

from __future__ import annotations

import hmac
import json
from pathlib import Path

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import (
    Checkpoint,
    SigningKey,
    Sm2SigningKey,
    VerifierKey,
    sign_checkpoint,
    sm2,
    verify_checkpoint,
)

EXAMPLES = Path(__file__).parents[5] / "shared" / "data" / "vectors" / "gm_examples.json"
HEAD = Checkpoint("log.example/proofs", 7, bytes(32))
SEED = bytes(range(32))
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
Point = tuple[int, int]


def joined(*numbers: int) -> bytes:
    return b"".join((number).to_bytes(32, "big") for number in numbers)


def plus(left: Point | None, right: Point | None) -> Point | None:
    """The sum by the schoolbook, None for the point at infinity."""
    if left is None or right is None:
        return left or right
    if left[0] == right[0] and (left[1] + right[1]) % P == 0:
        return None
    rise, run = (3 * left[0] ** 2 - 3, 2 * left[1]) if left == right else (right[1] - left[1], right[0] - left[0])
    slope = rise * pow(run, -1, P)
    x = (slope * slope - left[0] - right[0]) % P
    return x, (slope * (left[0] - x) - left[1]) % P


def times(factor: int, point: Point) -> Point:
    product = None
    for bit in f"{factor % N:b}":
        product = plus(product, product)
        product = plus(product, point) if bit == "1" else product
    assert product is not None
    return product


def fitting(r: int, found: Point) -> bytes:
    """The digest for which `r` is right where the verifier finds this point."""
    return joined((r - found[0]) % N)


SECRET = 1 + int.from_bytes(SEED, "big")
PUBLIC = times(SECRET, G)
INSIDE = [(7, 9), (1, 5), (5, 1), (N - 1, N - 1), (N - 1, 2)]
OUTSIDE = [(0, 9), (N, 9), (7, 0), (7, N), (7, N + 1), (N + 7, 9), (9, N - 9), (1, N - 1), (0, 0), (N, N)]


def test_the_published_examples_hold() -> None:
    if not EXAMPLES.exists():
        pytest.skip(f"{EXAMPLES} is absent: the published GM examples are not part of this repository")
    examples = json.loads(EXAMPLES.read_text("utf-8"))
    for each in examples["sm3"]:
        assert sm2.sm3(each["msg_utf8"].encode()).hex() == each["digest"]
    for each in examples["sm2_sign"]:
        public, message = bytes.fromhex(each["public_xy"]), each["msg_utf8"].encode()
        digest = sm2.message_digest(public, message)
        signature = sm2.sign_digest(digest, int(each["private"], 16), int(each["k"], 16))
        assert signature is not None
        assert signature.hex() == each["r"] + each["s"]
        assert sm2.verify(public, signature, message)


def test_a_log_speaks_with_either_key_and_keeps_its_name() -> None:
    old, new = SigningKey(HEAD.origin, bytes(32)), Sm2SigningKey(HEAD.origin, SEED)
    keys = [old.verifier, VerifierKey.parse(str(new.verifier))]
    assert verify_checkpoint(sign_checkpoint(HEAD, old), keys) == HEAD
    assert verify_checkpoint(sign_checkpoint(HEAD, new), keys) == HEAD
    with pytest.raises(InvariantBroken, match="unsigned_checkpoint"):
        verify_checkpoint(sign_checkpoint(HEAD, new), keys[:1])


def test_a_seed_gives_its_key_and_none_the_key_nobody_may_have() -> None:
    assert sm2.public_of(SEED) == joined(*PUBLIC)
    assert sm2.public_of(bytes(32)) == sm2.public_of(joined(N - 2)) == joined(*G)
    x, y = times(2, G)
    assert sm2.public_of(joined(1)) == joined(x, y)
    assert sm2.public_of(joined(N - 3)) == joined(x, P - y)


def test_the_same_message_always_gives_the_same_bytes() -> None:
    digest = sm2.message_digest(joined(*PUBLIC), b"text")
    parameters = joined(P - 3, B, *G, *PUBLIC)
    assert digest == sm2.sm3(sm2.sm3(b"\x00\x801234567812345678" + parameters) + b"text")
    nonce = 1 + int.from_bytes(hmac.digest(SEED, bytes(4) + digest, "sha512"), "big") % (N - 1)
    signature = sm2.sign(SEED, b"text")
    assert signature == sm2.sign_digest(digest, SECRET, nonce)
    r = (int.from_bytes(digest, "big") + times(nonce, G)[0]) % N
    assert signature == joined(r, pow(1 + SECRET, -1, N) * (nonce - r * SECRET) % N)
    assert sm2.verify(joined(*PUBLIC), signature, b"text")


def test_where_a_nonce_will_not_do_the_next_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answers = [], [None, None, bytes(64)]

    def refuse_twice(digest: bytes, secret: int, nonce: int) -> bytes | None:
        asked.append((secret, nonce))
        return answers[len(asked) - 1]

    monkeypatch.setattr(sm2, "sign_digest", refuse_twice)
    assert sm2.sign(SEED, b"text") == bytes(64)
    digest = sm2.message_digest(joined(*PUBLIC), b"text")
    drawn = [hmac.digest(SEED, bytes([0, 0, 0, number]) + digest, "sha512") for number in range(3)]
    assert asked == [(SECRET, 1 + int.from_bytes(each, "big") % (N - 1)) for each in drawn]


def test_a_nonce_is_refused_where_the_standard_asks_for_another() -> None:
    nonce, found = 12345, times(12345, G)
    assert sm2.sign_digest(fitting(7, found), SECRET, nonce) is not None
    for r in (0, N - nonce, nonce * pow(SECRET, -1, N) % N):  # r is 0, r + k is n, s is 0
        assert sm2.sign_digest(fitting(r, found), SECRET, nonce) is None


@pytest.mark.parametrize(("r", "s"), INSIDE)
def test_a_signature_holds_for_just_the_digest_that_fits_it(r: int, s: int) -> None:
    found = times(s + (r + s) * SECRET, G)
    assert sm2.verify_digest(joined(*PUBLIC), joined(r, s), fitting(r, found))
    assert not sm2.verify_digest(joined(*PUBLIC), joined(r, s), fitting(r + 1, found))


def test_a_sum_of_two_equal_points_is_found_and_one_of_opposite_points_refused() -> None:
    t = 1234567
    same, opposite = t * SECRET % N, -t * SECRET % N
    r = (t - same) % N
    assert sm2.verify_digest(joined(*PUBLIC), joined(r, same), fitting(r, times(2 * same, G)))
    r = (t - opposite) % N
    for digest in (joined(r), fitting(r, times(2 * opposite, G)), fitting(r, G)):
        assert not sm2.verify_digest(joined(*PUBLIC), joined(r, opposite), digest)


@pytest.mark.parametrize(("r", "s"), OUTSIDE)
def test_halves_that_are_no_numbers_below_the_order_are_refused_whatever_fits(r: int, s: int) -> None:
    key = joined(*PUBLIC)
    for factor in (s, 1):  # what a sloppy verifier would multiply by
        found = times(factor + (r + s) * SECRET, G) if (factor + (r + s) * SECRET) % N else G
        assert not sm2.verify_digest(key, joined(r, s), fitting(r, found))


def test_a_coordinate_beyond_the_field_is_refused_though_its_remainder_is_a_point() -> None:
    y = pow(B, (P + 1) // 4, P)
    assert y * y % P == B
    r, s = 7, 9
    found = plus(times(s, G), times(r + s, (0, y)))
    assert found is not None
    assert sm2.verify_digest(joined(0, y), joined(r, s), fitting(r, found))
    assert not sm2.verify_digest(joined(P, y), joined(r, s), fitting(r, found))


def test_a_key_or_signature_of_another_length_is_refused() -> None:
    (x, y), (r, s) = PUBLIC, (7, 9)
    digest = fitting(r, times(s + (r + s) * SECRET, G))
    for key, signature in (
        (joined(x) + b"\x00" + joined(y), joined(r, s)),
        (joined(x, y), joined(r) + b"\x00" + joined(s)),
        (joined(x, y), joined(r) + bytes([s])),
        (joined(x, y), b""),
        (b"", joined(r, s)),
    ):
        assert not sm2.verify_digest(key, signature, digest)


def test_no_changed_byte_of_key_signature_or_message_is_accepted() -> None:
    key = Sm2SigningKey(HEAD.origin, SEED)
    signature, message = key.sign(b"text"), b"text"
    assert sm2.verify(key.verifier.public, signature, message)
    for at in range(0, 64, 3):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert not sm2.verify(key.verifier.public, bytes(changed), message)
        public = bytearray(key.verifier.public)
        public[at] ^= 1
        assert not sm2.verify(bytes(public), signature, message)
    assert not sm2.verify(key.verifier.public, signature, b"Text")
    assert not sm2.verify(b"", signature, message)
