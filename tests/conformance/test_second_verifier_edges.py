"""The edges of the second verifier, beside the first one: shapes that only forgers write, keys from bad curves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.test_second_verifier import GM, RECEIPTS, cosigned, second, verdict
from tests.unit.domain.proofs.test_receipt import AT, KEY, issued, issued_for
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import Cosigner, Entry, Note, Receipt, SigningKey, Sm2SigningKey, sign_checkpoint, sm2
from zhida.domain.proofs import verify_receipt as first_verify

ACCEPTED = {"proven", "key_not_compared"}
Document = dict[str, object]


def both(data: bytes) -> tuple[bool, bool]:
    return first_verify(data).ok, verdict(data) in ACCEPTED


def written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sole(value: object, **changes: object) -> bytes:
    """A receipt over one entry that is the whole log, with one field of this value, however odd; then changed."""
    salt = "00" * 16
    digests = {"odd": hashlib.sha256(written([salt, "odd", value])).hexdigest()}
    head = {"about": "case_01", "at": "2026-03-10T01:02:03.000000Z", "id": "entry_01", "kind": "case.decided"}
    root = hashlib.sha256(b"\x00" + written({**head, "digests": digests})).digest()
    document: Document = {
        "checkpoint": sign_checkpoint(Head(KEY.verifier.name, 1, root), KEY),
        "entry": {**head, "fields": {"odd": {"salt": salt, "value": value}}, "undisclosed": {}},
        "key": str(KEY.verifier),
        "position": 0,
        "proof": [],
        "version": "zhida-receipt/1",
    }
    document["words"] = second._words(document, KEY.verifier.name, 1, [])
    return written(document | changes)


def nested(depth: int, inner: Callable[[object], object]) -> object:
    value: object = 1
    for _ in range(depth):
        value = inner(value)
    return value


# the value stands three deep in the list that is hashed and five deep in the file
GOOD = {
    "a plain one": 1,
    "the largest integer": 2**53 - 1,
    "the smallest integer": -(2**53) + 1,
    "lists as deep as may be": nested(28, lambda value: [value]),
    "objects as deep as may be": nested(28, lambda value: {"a": value}),
}
BAD = {
    "a fraction": 1.5,
    "an integer too large": 2**53,
    "an integer too small": -(2**53),
    "lists too deep": nested(29, lambda value: [value]),
    "objects too deep": nested(29, lambda value: {"a": value}),
}


@pytest.mark.parametrize("name", GOOD)
def test_both_accept_values_up_to_the_edge(name: str) -> None:
    assert both(sole(GOOD[name])) == (True, True)


@pytest.mark.parametrize("name", BAD)
def test_both_refuse_values_beyond_it(name: str) -> None:
    assert both(sole(BAD[name])) == (False, False)


SHAPES: dict[str, Document] = {
    "a proof that is no list": {"proof": ""},
    "a proof that is an object": {"proof": {}},
    "a position that is no integer": {"position": False},
    "a position that is a text": {"position": "0"},
    "another version": {"version": "zhida-receipt/2"},
    "a member too many": {"more": 1},
    "witnesses that are none": {"witnesses": [], "version": "zhida-receipt/2"},
    "a key that is no text": {"key": 1},
    "a checkpoint that is no text": {"checkpoint": 1},
    "words that say something else": {"words": {"en": "x", "zh": "x"}},
    "no words at all": {"words": None},
}


@pytest.mark.parametrize("name", SHAPES)
def test_both_refuse_other_shapes(name: str) -> None:
    assert both(sole(1, **SHAPES[name])) == (False, False)


ENTRIES: dict[str, Document] = {
    "a member too many": {"more": 1},
    "an id that is no text": {"id": 1},
    "an instant in another form": {"at": "2026-03-10T01:02:03Z"},
    "a day that never was": {"at": "2026-02-30T01:02:03.000000Z"},
    "a salt too short": {"fields": {"odd": {"salt": "00" * 15, "value": 1}}},
    "a salt that is no number": {"fields": {"odd": {"salt": "zz" * 16, "value": 1}}},
    "a field with more to it": {"fields": {"odd": {"salt": "00" * 16, "value": 1, "more": 1}}},
    "a field's name in capitals": {"fields": {"Odd": {"salt": "00" * 16, "value": 1}}},
    "a field both shown and hidden": {"undisclosed": {"odd": "00" * 32}},
    "a hidden field that is no number": {"undisclosed": {"other": "zz"}},
    "fields that are a list": {"fields": []},
}


@pytest.mark.parametrize("name", ENTRIES)
def test_both_refuse_other_entries(name: str) -> None:
    entry = json.loads(sole(1))["entry"] | ENTRIES[name]
    assert both(sole(1, entry=entry)) == (False, False)
    with pytest.raises(second.Refused, match=r"malformed|altered_words|not_included"):
        second.check(sole(1, entry=entry))


def test_a_field_under_the_wrong_name_is_malformed_even_where_its_digest_fits() -> None:
    salt, head = "00" * 16, {"about": "c", "at": "2026-03-10T01:02:03.000000Z", "id": "e", "kind": "k"}
    for name, shown in {"Odd": (salt, 1), "odd": (salt[2:], 1)}.items():
        digests = {name: hashlib.sha256(written([shown[0], name, shown[1]])).hexdigest()}
        root = hashlib.sha256(b"\x00" + written({**head, "digests": digests})).digest()
        fields = {name: {"salt": shown[0], "value": shown[1]}}
        document = json.loads(sole(1, checkpoint=sign_checkpoint(Head(KEY.verifier.name, 1, root), KEY)))
        document["entry"] = {**head, "fields": fields, "undisclosed": {}}
        document["words"] = second._words(document, KEY.verifier.name, 1, [])
        assert both(written(document)) == (False, False)


@pytest.mark.parametrize("indent", [None, 1])
def test_both_refuse_the_same_content_written_otherwise(indent: int | None) -> None:
    data = json.dumps(json.loads(RECEIPTS["Ed25519"].serialise()), indent=indent).encode()
    assert both(data) == (False, False)
    assert verdict(data) == "altered_form"


def test_both_take_a_file_of_one_mebibyte_and_none_longer() -> None:
    short = len(sole(""))
    assert both(sole("x" * ((1 << 20) - short))) == (True, True)
    assert both(sole("x" * ((1 << 20) - short + 1))) == (False, False)


def test_both_take_sixteen_signatures_and_no_more() -> None:
    plain = issued("amount_fen")
    text = Note.parse(plain.checkpoint).text
    cosigners = [Cosigner(f"w{number}.example", bytes([number]) * 32) for number in range(1, 17)]
    for count, expected in ((15, (True, True)), (16, (False, False))):
        lines = "".join(each.cosign(text, 1) for each in cosigners[:count])
        keys = tuple(each.verifier for each in cosigners[:count])
        receipt = Receipt(**{**vars(plain), "checkpoint": plain.checkpoint + lines, "witnesses": keys})
        document = json.loads(plain.serialise()) | {
            "checkpoint": receipt.checkpoint,
            "version": "zhida-receipt/2",
            "witnesses": [str(key) for key in keys],
        }
        document["words"] = second._words(document, KEY.verifier.name, 7, [key.name for key in keys])
        assert both(written(document)) == expected


@pytest.mark.parametrize("seed", range(8))
def test_both_agree_on_keys_of_every_sign(seed: int) -> None:
    key = SigningKey(KEY.verifier.name, bytes([seed]) * 32)
    assert both(issued("amount_fen", key=key).serialise()) == (True, True)
    assert not second.ed25519_holds(key.verifier.public, bytes(64), b"text")
    assert second.ed25519_holds(key.verifier.public, key.sign(b"text"), b"text")
    assert not second.ed25519_holds(key.verifier.public, key.sign(b"text") + b"\x00", b"text")
    assert not second.ed25519_holds(key.verifier.public + b"\x00", key.sign(b"text"), b"text")


def test_a_scalar_beyond_the_order_and_a_point_in_two_forms_are_refused() -> None:
    """With the neutral point for a key every signature over 0 holds: what is checked is only how it is written."""
    neutral, order = (1).to_bytes(32, "little"), second.ORDER
    assert second.ed25519_holds(neutral, neutral + bytes(32), b"text")
    assert not second.ed25519_holds(neutral, neutral + order.to_bytes(32, "little"), b"text")
    signed_zero = (1 | 1 << 255).to_bytes(32, "little")
    assert not second.ed25519_holds(signed_zero, neutral + bytes(32), b"text")
    beyond = (second.Q + 1).to_bytes(32, "little")
    assert not second.ed25519_holds(beyond, neutral + bytes(32), b"text")
    assert not second.ed25519_holds((2).to_bytes(32, "little"), neutral + bytes(32), b"text")


@pytest.mark.parametrize("seed", range(1, 5))
def test_both_agree_on_sm2(seed: int) -> None:
    key = Sm2SigningKey(KEY.verifier.name, bytes([seed]) * 32)
    public, signature = key.verifier.public, key.sign(b"text")
    assert both(issued("amount_fen", key=key).serialise()) == (True, True)
    for changed in (signature + b"\x00", b"\x00" + signature, signature[:63], signature[32:] + signature[:32]):
        assert second.sm2_holds(public, changed, b"text") is sm2.verify(public, changed, b"text") is False


def test_a_signature_that_a_point_off_the_curve_would_let_through_is_refused() -> None:
    """(0, 0) lies on another curve and is its own negative there: with r + s even it adds nothing, so anybody signs."""
    public, message, s = bytes(64), b"text", 3
    parameters = b"".join(value.to_bytes(32, "big") for value in (second.P - 3, second.B, second.G_X, second.G_Y))
    identity = hashlib.new("sm3", b"\x00\x801234567812345678" + parameters + public).digest()
    digest = int.from_bytes(hashlib.new("sm3", identity + message).digest(), "big")
    while True:
        x, _ = second._times(s, (second.G_X, second.G_Y), second._sum, None)
        r = (digest + x) % second.N
        if (r + s) % second.N % 2 == 0:
            break
        s += 1
    forged = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert not second.sm2_holds(public, forged, message)
    assert not sm2.verify(public, forged, message)


def test_sm2_numbers_out_of_range_are_refused() -> None:
    public, n = GM.verifier.public, second.N
    for r, s in ((0, 1), (1, 0), (n, 1), (1, n), (1, n - 1), (5, n - 5)):
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        assert not second.sm2_holds(public, signature, b"text")
        assert not sm2.verify(public, signature, b"text")


def test_points_of_sm2_add_up() -> None:
    g, n = (second.G_X, second.G_Y), second.N
    negative = g[0], second.P - g[1]
    assert second._sum(g, negative) is None
    assert second._sum(None, g) == second._sum(g, None) == g
    assert second._sum(None, None) is None
    assert second._times(n, g, second._sum, None) is None
    assert second._times(n - 1, g, second._sum, None) == negative
    double = second._sum(g, g)
    assert second._sum(double, negative) == g


@pytest.mark.parametrize("name", RECEIPTS)
def test_the_program_tells_what_it_found(name: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    receipt, path = RECEIPTS[name], tmp_path / "receipt.json"
    path.write_bytes(receipt.serialise())
    asked = [str(path), "--key", str(receipt.key)]
    asked += [part for key in receipt.witnesses for part in ("--witness", str(key))]
    assert second.main(asked) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == ["✓ proven", "  " + receipt.words["en"], "  " + receipt.words["zh"]]
    shown = {name: value for name, (value, _) in receipt.disclosed.items()}
    assert [json.loads(line.partition(": ")[2]) for line in said[3:]] == [shown[each] for each in sorted(shown)]
    assert second.main([str(path)]) == 0
    assert capsys.readouterr().out.startswith("✓ key_not_compared")
    stranger = SigningKey("other.example", bytes(32)).verifier
    assert second.main([str(path), "--key", str(stranger)]) == 1
    assert capsys.readouterr().out == "✗ untrusted_key\n"


def test_a_wrong_call_is_told(capsys: pytest.CaptureFixture) -> None:
    for asked in ([], ["nowhere.json"], ["--what"]):
        with pytest.raises(SystemExit) as ended:
            second.main(asked)
        assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_names_of_keys_are_read_alike() -> None:
    key, text = str(KEY.verifier), RECEIPTS["cosigned"]
    name, identity, encoded = key.split("+", 2)
    for written_key in (
        f"{name}x+{identity}+{encoded}",
        f"{name}+{identity[:-1]}0+{encoded}",
        f"{name}+{identity}+{encoded[:-4]}",
        f"+{identity}+{encoded}",
        f"{name}+{identity}",
        "",
    ):
        data = text.serialise().replace(key.encode(), written_key.encode())
        assert both(data) == (False, False)


def test_a_cosigned_receipt_of_one_entry_and_of_odd_sizes() -> None:
    entry = Entry("entry_01", "case.decided", "case_01", AT, {"amount_fen": 1})
    receipt = issued_for(entry, {"amount_fen": bytes(16)}, "amount_fen")
    assert both(cosigned(receipt).serialise()) == (True, True)
