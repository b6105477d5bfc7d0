"""Receipts whose head was cosigned: who must have signed, in which order, and which shapes are none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.domain.proofs.test_receipt import KEY, OTHER_KEY, altered, codes, issued
from zhida.domain.proofs import Cosigner, Note, Receipt, VerifierKey, canonical_json, verify_receipt

FIRST, SECOND = (Cosigner(f"witness.example/{name}", bytes([number]) * 32) for number, name in enumerate("ab", 1))
STRANGER = Cosigner("witness.example/c", bytes([9]) * 32)


def cosigned(*cosigners: Cosigner) -> Receipt:
    plain = issued("payee")
    text = Note.parse(plain.checkpoint).text
    lines = "".join(cosigner.cosign(text, 1_770_000_000) for cosigner in cosigners)
    return replace(plain, checkpoint=plain.checkpoint + lines, witnesses=tuple(each.verifier for each in cosigners))


def with_members(receipt: Receipt, **members: Any) -> bytes:
    return canonical_json(json.loads(receipt.serialise()) | members)


def test_a_cosigned_receipt_is_proven_and_its_words_name_the_witnesses() -> None:
    receipt = cosigned(FIRST, SECOND)
    data = receipt.serialise()
    assert codes(data) == (True, ["proven", "key_not_compared"])
    assert verify_receipt(data).receipt == receipt
    assert receipt.words["en"].endswith(" The head was cosigned by witness.example/a, witness.example/b.")
    assert receipt.words["zh"].endswith("日志头由 witness.example/a、witness.example/b 联署见证。")
    document = json.loads(data)
    assert (document["version"], document["witnesses"]) == (
        "zhida-receipt/2",
        [str(FIRST.verifier), str(SECOND.verifier)],
    )
    assert "witnesses" not in json.loads(issued().serialise())


def test_each_witness_that_was_asked_for_must_have_cosigned() -> None:
    data = cosigned(FIRST, SECOND).serialise()
    trusted = {"trusted_keys": [KEY.verifier]}
    for asked in ([], [FIRST.verifier], [SECOND.verifier, FIRST.verifier]):
        assert codes(data, required_witnesses=asked, **trusted) == (True, ["proven"])
        assert codes(data, required_witnesses=asked) == (True, ["proven", "key_not_compared"])
    for asked in ([STRANGER.verifier], [FIRST.verifier, STRANGER.verifier]):
        assert codes(data, required_witnesses=asked, **trusted) == (False, ["not_witnessed"])
        assert verify_receipt(data, required_witnesses=asked).receipt is None
    assert codes(issued().serialise(), required_witnesses=[FIRST.verifier]) == (False, ["not_witnessed"])
    assert codes(data, trusted_keys=[OTHER_KEY.verifier], required_witnesses=[FIRST.verifier]) == (
        False,
        ["untrusted_key"],
    )


def test_witnesses_stand_in_the_order_in_which_they_signed_and_none_is_left_out() -> None:
    receipt = cosigned(FIRST, SECOND)
    turned = replace(receipt, witnesses=receipt.witnesses[::-1])
    assert codes(turned.serialise()) == (False, ["bad_signature"])
    assert codes(replace(receipt, witnesses=receipt.witnesses[:1]).serialise()) == (False, ["altered_form"])
    more = replace(receipt, witnesses=(*receipt.witnesses, STRANGER.verifier))
    assert codes(more.serialise()) == (False, ["bad_signature"])
    assert codes(replace(cosigned(), witnesses=(FIRST.verifier,)).serialise()) == (False, ["bad_signature"])


def test_a_witness_does_not_speak_for_the_log() -> None:
    receipt = cosigned(Cosigner("log.example/proofs", bytes([3]) * 32))
    assert codes(replace(receipt, key=receipt.witnesses[0], witnesses=()).serialise()) == (False, ["bad_signature"])


@pytest.mark.parametrize(
    "members",
    [
        {"version": "zhida-receipt/1"},
        {"version": "zhida-receipt/3"},
        {"witnesses": []},
        {"witnesses": {}},
        {"witnesses": str(FIRST.verifier)},
        {"witnesses": [1, 2]},
        {"witnesses": ["x"]},
        {"witnesses": [str(FIRST.verifier)] * 2},
        {"witnesses": [str(FIRST.verifier), str(KEY.verifier)]},
        {"witnesses": [str(KEY.verifier)]},
        {"extra": 1},
    ],
)
def test_shapes_that_are_no_witnessed_receipt_are_malformed(members: dict[str, Any]) -> None:
    assert codes(with_members(cosigned(FIRST, SECOND), **members)) == (False, ["malformed"])


def test_a_plain_receipt_of_the_second_version_is_malformed() -> None:
    for witnesses in ([], None):
        document = {"version": "zhida-receipt/2", "witnesses": witnesses}
        assert codes(with_members(issued(), **document)) == (False, ["malformed"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("key", str(VerifierKey("a", bytes(32))).replace("a+", "\ud800+")),
        ("entry/at", "0001-01-01T00:00:00.000000+08:00"),
        ("entry/at", "9999-12-31T23:59:59.999999-08:00"),
    ],
)
def test_what_no_text_or_calendar_can_hold_is_malformed_and_never_raises(path: str, value: str) -> None:
    assert path.split("/")[-1] in json.loads(issued().serialise()) or path == "entry/at"
    if path == "key":
        document = json.dumps(json.loads(issued().serialise()) | {"key": value}).encode()
        assert codes(document) == (False, ["malformed"])
    else:
        assert codes(altered(path, value)) == (False, ["malformed"])
