"""Receipts and entries: what they prove, what they hide, and that no byte of a receipt can change unnoticed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import (
    Checkpoint,
    Disclosure,
    Entry,
    Receipt,
    SigningKey,
    Tree,
    canonical_json,
    inclusion_proof,
    leaf_hash,
    leaf_of,
    salted_digest,
    seal,
    sign_checkpoint,
    verify_receipt,
)
from zhida.domain.proofs.entry import instant_of, instant_text
from zhida.domain.proofs.note import sign_note

KEY = SigningKey("log.example/proofs", bytes(range(32)))
OTHER_KEY = SigningKey("log.example/proofs", bytes(32))
AT = datetime(2026, 3, 10, 1, 2, 3, tzinfo=UTC)
FIELDS = {"amount_fen": 5688750, "clauses": ["a5", "a6"], "payee": "某某有限公司", "reason": None}
ENTRY = Entry("entry_01", "case.decided", "case_01", AT, FIELDS)
SALTS = {name: bytes([number]) * 16 for number, name in enumerate(FIELDS, 1)}
SEALED = seal(ENTRY, SALTS)
POSITION, SIZE = 4, 7


def issued(*names: str, key: SigningKey = KEY) -> Receipt:
    return issued_for(ENTRY, SALTS, *names, key=key)


def issued_for(entry: Entry, salts: dict[str, bytes], *names: str, key: SigningKey = KEY) -> Receipt:
    sealed = seal(entry, salts)
    leaves = [leaf_hash(bytes([number])) for number in range(SIZE)]
    leaves[POSITION] = leaf_of(sealed)
    tree = Tree.of(leaves)
    return Receipt(
        sealed,
        {name: Disclosure(entry.fields[name], salts[name]) for name in names},
        POSITION,
        inclusion_proof(tree.node, POSITION, SIZE),
        sign_checkpoint(Checkpoint("log.example/proofs", SIZE, tree.root()), key),
        key.verifier,
    )


def codes(data: bytes, **options) -> tuple[bool, list[str]]:
    verdict = verify_receipt(data, **options)
    return verdict.ok, [reason.code for reason in verdict.reasons]


def test_a_genuine_receipt_is_proven_and_says_whether_its_key_was_compared():
    data = issued("amount_fen").serialise()
    assert codes(data) == (True, ["proven", "key_not_compared"])
    assert codes(data, trusted_keys=[OTHER_KEY.verifier, KEY.verifier]) == (True, ["proven"])
    assert codes(data, trusted_keys=[OTHER_KEY.verifier]) == (False, ["untrusted_key"])
    assert codes(data, trusted_keys=[]) == (False, ["untrusted_key"])


def test_any_selection_of_fields_can_be_shown_and_the_others_stay_hidden():
    for names in ((), ("amount_fen",), ("clauses", "reason"), tuple(FIELDS)):
        data = issued(*names).serialise()
        verdict = verify_receipt(data)
        assert verdict.receipt is not None
        assert {name: shown.value for name, shown in verdict.receipt.disclosed.items()} == {
            name: FIELDS[name] for name in names
        }
    assert "某某有限公司".encode() not in issued("amount_fen").serialise()


def test_words_say_what_is_proven_in_both_languages():
    words = issued("amount_fen").words
    assert "第 5 条" in words["zh"]
    assert "公开 1 项内容，另有 3 项只留摘要" in words["zh"]
    assert "is entry 5 of the log log.example/proofs, which held 7 entries" in words["en"]


def test_every_bit_flip_is_noticed():
    data = issued("amount_fen", "payee").serialise()
    accepted = []
    for bit in range(len(data) * 8):
        altered = bytearray(data)
        altered[bit // 8] ^= 1 << bit % 8
        if verify_receipt(bytes(altered)).ok:
            accepted.append(bit)
    assert accepted == []


def test_every_deleted_doubled_or_inserted_byte_is_noticed():
    data = issued("amount_fen", "payee").serialise()
    for index in range(len(data) + 1):
        head, tail = data[:index], data[index:]
        assert not verify_receipt(head + tail[1:]).ok or not tail
        for inserted in (b" ", b"\n", b"0", tail[:1] or b"}"):
            assert not verify_receipt(head + inserted + tail).ok
    assert not any(verify_receipt(data[:index]).ok for index in range(len(data)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"1e999",
        b"NaN",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"9" * 5000,
        b'{"version":"zhida-receipt/1"}',
        b" " * (1 << 20) + b" ",
    ],
)
def test_garbage_is_malformed_and_never_raises(data):
    assert codes(data) == (False, ["malformed"])


def test_what_is_no_json_is_told_apart_from_json_of_another_shape():
    for data in (b"{", b"\xff", b"[" * 100_000):
        with pytest.raises(InvariantBroken, match="not JSON in UTF-8"):
            Receipt.parse(data)
    with pytest.raises(InvariantBroken, match="expected an object"):
        Receipt.parse(b"null")


def test_a_receipt_is_at_most_one_mebibyte():
    def of_length(length: int) -> bytes:
        entry = Entry("entry_01", "case.decided", "case_01", AT, {"text": "x" * length})
        return issued_for(entry, {"text": bytes(16)}, "text").serialise()

    spare = (1 << 20) - len(of_length(0))
    assert codes(of_length(spare))[0]
    assert codes(of_length(spare + 1)) == (False, ["malformed"])


def altered(path: str, value: object) -> bytes:
    document = json.loads(issued("amount_fen").serialise())
    *parents, last = path.split("/")
    place = document
    for name in parents:
        place = place[name]
    place[last] = value
    return canonical_json(document)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("version", "zhida-receipt/2", "malformed"),
        ("extra", 1, "malformed"),
        ("position", True, "malformed"),
        ("position", "4", "malformed"),
        ("proof", {}, "malformed"),
        ("proof", [1], "malformed"),
        ("proof", ["AB"], "malformed"),
        ("entry/extra", 1, "malformed"),
        ("entry/id", 5, "malformed"),
        ("entry/at", "2026-03-10T01:02:03Z", "malformed"),
        ("entry/fields/amount_fen", {"salt": "00", "value": 1}, "malformed"),
        ("entry/fields/amount_fen", {"salt": "01" * 16}, "malformed"),
        ("entry/fields/amount_fen", {"value": 5688750}, "malformed"),
        ("entry/fields/amount_fen", {"salt": "01" * 16, "value": 5688750, "more": 1}, "malformed"),
        ("entry/fields/amount_fen", 5688750, "malformed"),
        ("entry/fields/payee", {"salt": "03" * 16, "value": "x"}, "malformed"),
        ("entry/undisclosed/payee", "zz", "malformed"),
        ("key", "name", "malformed"),
        ("checkpoint", "x", "malformed"),
        ("words", {"en": "Pay the bearer.", "zh": "见票即付。"}, "altered_words"),
        ("words", None, "altered_words"),
        ("position", 3, "altered_words"),
        ("proof", [], "not_included"),
        ("entry/fields/amount_fen/value", 5688751, "not_included"),
        ("entry/fields/amount_fen/salt", "ff" * 16, "not_included"),
        ("entry/undisclosed/payee", "00" * 32, "not_included"),
    ],
)
def test_each_altered_value_gets_its_reason(path, value, code):
    assert codes(altered(path, value)) == (False, [code])


def test_loose_formatting_is_an_altered_form():
    document = json.loads(issued("amount_fen").serialise())
    assert codes(json.dumps(document).encode()) == (False, ["altered_form"])
    assert codes(issued("amount_fen").serialise() + b"\n") == (False, ["altered_form"])


def test_a_forged_head_under_the_log_key_name_is_refused():
    genuine, forged = issued(), issued(key=OTHER_KEY)
    assert codes(replace(forged, key=KEY.verifier).serialise()) == (False, ["bad_signature"])
    assert codes(forged.serialise(), trusted_keys=[KEY.verifier]) == (False, ["untrusted_key"])
    head = Checkpoint("log.example/proofs", SIZE, bytes(32))
    assert codes(replace(genuine, checkpoint=sign_checkpoint(head, KEY)).serialise()) == (False, ["not_included"])


def test_a_stray_signature_line_cannot_ride_along():
    receipt = issued()
    text = receipt.checkpoint.split("\n\n")[0] + "\n"
    note = sign_note(text, KEY, SigningKey("stray.example", bytes(32)))
    assert codes(replace(receipt, checkpoint=note).serialise()) == (False, ["altered_form"])


def test_an_erased_field_still_counts():
    # Erasure drops value and salt; the leaf is made of digests and stays.
    assert leaf_of(SEALED) == leaf_of(seal(ENTRY, SALTS))
    assert verify_receipt(issued().serialise()).ok


def test_the_same_value_under_another_salt_or_name_has_another_digest():
    one = salted_digest("amount_fen", 1, bytes(16))
    assert one != salted_digest("amount_fen", 1, bytes(15) + b"\x01")
    assert one != salted_digest("amount", 1, bytes(16))
    assert one != salted_digest("amount_fen", True, bytes(16))
    assert one != salted_digest("amount_fen", "1", bytes(16))


def test_salts_and_names_are_checked():
    with pytest.raises(InvariantBroken, match="salt_too_short"):
        salted_digest("amount_fen", 1, bytes(15))
    with pytest.raises(InvariantBroken, match="malformed_field_name"):
        salted_digest("Amount", 1, bytes(16))
    with pytest.raises(InvariantBroken, match="not_canonical"):
        salted_digest("amount", 1.5, bytes(16))
    for salts in ({}, dict.fromkeys(FIELDS, bytes(16)), SALTS | {"more": bytes(16)}):
        with pytest.raises(InvariantBroken, match="salts_do_not_fit"):
            seal(ENTRY, salts)


def test_instants_have_one_written_form():
    assert instant_text(AT) == "2026-03-10T01:02:03.000000Z"
    assert instant_text(AT.astimezone(timezone(timedelta(hours=8)))) == instant_text(AT)
    assert instant_of("2026-03-10T01:02:03.000000Z") == AT
    for text in ("2026-03-10", "2026-03-10T01:02:03.000000+00:00", "2026-03-10 01:02:03.000000Z", "2026-02-30T", "x"):
        with pytest.raises(InvariantBroken, match="malformed_instant"):
            instant_of(text)
    with pytest.raises(InvariantBroken, match="naive"):
        instant_text(datetime(2026, 3, 10))
