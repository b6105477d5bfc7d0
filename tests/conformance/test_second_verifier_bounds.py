"""The second verifier at the bounds of its numbers, names, times and instants, beside the first one."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conformance.test_second_verifier import RECEIPTS, second, verdict
from tests.conformance.test_second_verifier_edges import both, sole, written
from tests.unit.domain.proofs.test_keys import PUBLIC as WITNESS_PUBLIC
from tests.unit.domain.proofs.test_keys import TEXT, cosignature
from tests.unit.domain.proofs.test_receipt import KEY, issued
from tests.unit.domain.proofs.test_sm2 import INSIDE, OUTSIDE, PUBLIC, SECRET, B, G, N, P, fitting, joined, plus, times
from tests.unit.domain.proofs.test_tree import LEAVES, TREE
from zhida.domain.proofs import Checkpoint, Note, SigningKey, inclusion_proof, sign_checkpoint, sm2
from zhida.domain.proofs.keys import COSIGNATURE, VerifierKey
from zhida.domain.proofs.note import sign_note

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def sm2_both(monkeypatch: pytest.MonkeyPatch, public: bytes, signature: bytes, digest: bytes) -> tuple[bool, bool]:
    """What both say where the message's digest is this one."""
    told = SimpleNamespace(digest=lambda: digest)
    monkeypatch.setattr(second, "hashlib", SimpleNamespace(new=lambda *_: told))
    return sm2.verify_digest(public, signature, digest), second.sm2_holds(public, signature, b"")


@pytest.mark.parametrize(("r", "s"), INSIDE)
def test_both_take_an_sm2_signature_for_the_digest_that_fits(r: int, s: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = times(s + (r + s) * SECRET, G)
    assert sm2_both(monkeypatch, joined(*PUBLIC), joined(r, s), fitting(r, found)) == (True, True)
    assert sm2_both(monkeypatch, joined(*PUBLIC), joined(r, s), fitting(r + 1, found)) == (False, False)


@pytest.mark.parametrize(("r", "s"), OUTSIDE)
def test_both_refuse_halves_outside_the_order(r: int, s: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = times(s + (r + s) * SECRET, G) if (s + (r + s) * SECRET) % N else G
    assert sm2_both(monkeypatch, joined(*PUBLIC), joined(r, s), fitting(r, found)) == (False, False)


def test_both_refuse_a_coordinate_beyond_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    y, (r, s) = pow(B, (P + 1) // 4, P), (7, 9)
    found = plus(times(s, G), times(r + s, (0, y)))
    assert found is not None
    assert sm2_both(monkeypatch, joined(0, y), joined(r, s), fitting(r, found)) == (True, True)
    assert sm2_both(monkeypatch, joined(P, y), joined(r, s), fitting(r, found)) == (False, False)


def test_a_key_of_order_four_is_read_in_its_one_form() -> None:
    """With R the neutral point and s nothing, such a key's signature holds for every fourth message."""
    signature, seen = (1).to_bytes(32, "little") + bytes(32), set()
    for number in range(40):
        for key in (bytes(32), second.Q.to_bytes(32, "little")):
            digest = hashlib.sha512(signature[:32] + key + b"%d" % number).digest()
            is_fourth = int.from_bytes(digest, "little") % second.ORDER % 4 == 0
            seen.add((key, is_fourth))
            assert second.ed25519_holds(key, signature, b"%d" % number) == (is_fourth and key == bytes(32))
    assert len(seen) == 4


@pytest.mark.parametrize("timestamp", [0, 2**63 - 1, 2**63, 2**64 - 1])
def test_both_take_a_cosignature_of_a_time_that_63_bits_hold(timestamp: int) -> None:
    key, signature = VerifierKey("w", WITNESS_PUBLIC, COSIGNATURE), cosignature(timestamp)
    held = second.signed(second.WITNESS_KEY, WITNESS_PUBLIC, signature, TEXT.encode())
    assert held == key.verifies(signature, TEXT.encode()) == (timestamp < 2**63)


def dated(at: str) -> bytes:
    """A receipt of the one entry of a log, signed as it stands, whose instant is written so."""
    head = {"about": "case_01", "at": at, "id": "entry_01", "kind": "case.decided"}
    salt = "00" * 16
    digests = {"odd": hashlib.sha256(written([salt, "odd", 1])).hexdigest()}
    root = hashlib.sha256(b"\x00" + written({**head, "digests": digests})).digest()
    document = json.loads(sole(1, checkpoint=sign_checkpoint(Checkpoint(KEY.verifier.name, 1, root), KEY)))
    document["entry"] = {**head, "fields": {"odd": {"salt": salt, "value": 1}}, "undisclosed": {}}
    document["words"] = second._words(document, KEY.verifier.name, 1, [])
    return written(document)


def test_both_read_an_instant_in_its_one_form() -> None:
    for at in ("2026-03-10T01:02:03.000000Z", "2024-02-29T23:59:59.999999Z", "0001-01-01T00:00:00.000000Z"):
        assert both(dated(at)) == (True, True)
    for at in (
        "2026-02-30T01:02:03.000000Z",
        "2026-13-01T01:02:03.000000Z",
        "2026-03-10T25:02:03.000000Z",
        "2026-03-10T01:02:03.000000+00:00",
        "2026-03-10T01:02:03.000Z",
        "2026-03-10 01:02:03.000000Z",
        "0001-01-01T00:00:00.000000+08:00",
        "20260310T010203.000000Z",
    ):
        assert both(dated(at)) == (False, False)
        assert verdict(dated(at)) == "malformed"


def test_both_ask_for_the_key_of_the_log_that_speaks() -> None:
    plain, other = issued("amount_fen"), SigningKey("other.example", bytes(range(32)))
    note = sign_note(Note.parse(plain.checkpoint).text, other)
    assert both(replace(plain, key=other.verifier, checkpoint=note).serialise()) == (False, False)


def named(name: str) -> dict[str, Any]:
    """The members of a receipt whose log bears this name, signed by a key of the same name."""
    document = json.loads(sole(1))
    root, signer = document["checkpoint"].split("\n")[2], SigningKey("any", bytes(range(32)))
    public, text = b"\x01" + signer.verifier.public, f"{name}\n1\n{root}\n"
    identity = hashlib.sha256(name.encode("utf-8", "surrogatepass") + b"\n" + public).digest()[:4]
    signature = identity + signer.sign(text.encode("utf-8", "surrogatepass"))
    note = f"{text}\n— {name} {base64.b64encode(signature).decode()}\n"
    key = f"{name}+{identity.hex()}+{base64.b64encode(public).decode()}"
    return document | {"checkpoint": note, "key": key, "words": second._words(document, name, 1, [])}


def test_both_take_names_that_a_key_may_bear_and_no_others() -> None:
    for name in ("log.example", "存证", "!"):
        assert both(written(named(name))) == (True, True)
    for name in ("", "a\u3000b", "a\x01b", "a\x1f", "a\tb", "a b", "a+b"):
        assert both(written(named(name))) == (False, False)
    assert both(json.dumps(named("\ud800"), separators=(",", ":"), sort_keys=True).encode()) == (False, False)


def test_both_read_base64_in_its_one_form() -> None:
    plain = issued("amount_fen")
    head, last = (
        plain.checkpoint[:-3],
        plain.checkpoint[-3],
    )  # the last letter that says something, then "=" and a newline
    loose = head + LETTERS[LETTERS.index(last) + 1] + plain.checkpoint[-2:]
    assert base64.b64decode(loose.split(" ")[-1]) == base64.b64decode(plain.checkpoint.split(" ")[-1])
    for note in (loose, plain.checkpoint.replace("=\n", "==\n"), plain.checkpoint.replace("=\n", "\n")):
        document = json.loads(plain.serialise()) | {"checkpoint": note}
        assert both(written(document)) == (False, False)


def test_a_proof_has_one_hash_for_each_turn() -> None:
    proof, root = [*inclusion_proof(TREE.node, 13, 21)], TREE.root(21)
    assert second.included(LEAVES[13], 13, 21, proof, root)
    for wrong in (proof[:-1], proof[1:], [*proof, root], [root, *proof], []):
        assert not second.included(LEAVES[13], 13, 21, wrong, root)
    for position, size in ((-1, 21), (21, 21), (13, 0), (12, 21)):
        assert not second.included(LEAVES[13], position, size, proof, root)


def test_the_program_shows_values_as_people_write_them(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(RECEIPTS["Ed25519"].serialise())
    assert second.main([str(path)]) == 0
    assert '  payee: "某某有限公司"\n' in capsys.readouterr().out
