"""The verifier of plain Python against the first one: same verdicts on receipts, on every changed byte, on RFC probes.

It shares no line with the product; here it is loaded from the file that people download.
"""

from __future__ import annotations

import ast
import base64
import importlib.util
import subprocess
import sys
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from tests.conformance.test_rfc6962 import decoded, probes
from tests.unit.domain.proofs.test_receipt import AT, FIELDS, KEY, SALTS, SIZE, issued, issued_for
from zhida.domain.proofs import (
    Checkpoint,
    Cosigner,
    Entry,
    Note,
    Receipt,
    SigningKey,
    Sm2SigningKey,
    sign_checkpoint,
    verify_receipt,
)

FILE = Path(__file__).parents[2] / "src" / "zhida" / "surfaces" / "look" / "static" / "look" / "verify_receipt.py"
SEED = 20260303
WITNESSES = [Cosigner(f"{name}.example", bytes([number]) * 32) for number, name in enumerate(("one", "two"), 1)]
GM = Sm2SigningKey(KEY.verifier.name, bytes(range(32)))


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_receipt", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


second = _loaded()


def cosigned(receipt: Receipt) -> Receipt:
    """The same under a head that both witnesses cosigned."""
    text = Note.parse(receipt.checkpoint).text
    lines = "".join(witness.cosign(text, 1_772_503_200) for witness in WITNESSES)
    keys = tuple(witness.verifier for witness in WITNESSES)
    return Receipt(**{**vars(receipt), "checkpoint": receipt.checkpoint + lines, "witnesses": keys})


RECEIPTS = {
    "Ed25519": issued("amount_fen", "payee"),
    "nothing shown": issued(),
    "cosigned": cosigned(issued("amount_fen")),
    "SM2": issued("clauses", key=GM),
    "SM2, cosigned": cosigned(issued("amount_fen", "reason", key=GM)),
}


def verdict(data: bytes, keys: list[str] | None = None, witnesses: list[str] | None = None) -> str:
    try:
        return second.check(data, keys, witnesses)
    except second.Refused as reason:
        return str(reason)


def first(data: bytes, **options: object) -> str:
    return verify_receipt(data, **options).reasons[-1].code


def test_it_is_one_short_file_of_the_standard_library() -> None:
    text = FILE.read_text("utf-8")
    assert len(text.splitlines()) < 300
    nodes = list(ast.walk(ast.parse(text)))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("name", RECEIPTS)
def test_both_accept_what_is_genuine(name: str) -> None:
    data = RECEIPTS[name].serialise()
    key, witnesses = RECEIPTS[name].key, RECEIPTS[name].witnesses
    assert verdict(data) == first(data) == "key_not_compared"
    assert verdict(data, [str(key)], [str(each) for each in witnesses]) == "proven"
    assert first(data, trusted_keys=[key], required_witnesses=witnesses) == "proven"
    stranger = SigningKey(key.name, b"x" * 32).verifier
    assert verdict(data, [str(stranger)]) == first(data, trusted_keys=[stranger]) == "untrusted_key"
    missing = Cosigner("three.example", bytes(32)).verifier
    assert verdict(data, None, [str(missing)]) == first(data, required_witnesses=[missing]) == "not_witnessed"


@pytest.mark.parametrize("name", RECEIPTS)
def test_both_notice_a_change_of_any_byte(name: str) -> None:
    """Every byte of the plain receipt; of the others as many as the slow curves leave time for."""
    data, random, accepted = RECEIPTS[name].serialise(), Random(SEED), []
    places = range(len(data)) if name == "Ed25519" else sorted(random.sample(range(len(data)), 120))
    for at in places:
        changed = bytearray(data)
        changed[at] ^= random.randrange(1, 256)
        said = verify_receipt(bytes(changed)).ok, verdict(bytes(changed)) in {"proven", "key_not_compared"}
        if said != (False, False):
            accepted.append((at, said))
    assert accepted == []


def test_both_notice_a_deleted_or_doubled_byte() -> None:
    data = RECEIPTS["Ed25519"].serialise()
    for at in range(0, len(data), 7):
        for changed in (data[:at] + data[at + 1 :], data[:at] + data[at : at + 1] + data[at:]):
            assert not verify_receipt(changed).ok
            assert verdict(changed) not in {"proven", "key_not_compared"}


def test_both_refuse_the_same_forgeries() -> None:
    receipt = RECEIPTS["cosigned"]
    witnesses = receipt.witnesses
    text = Note.parse(receipt.checkpoint).text
    head = Checkpoint(KEY.verifier.name, SIZE, bytes(32))
    forged = {
        "only the log signed": {"checkpoint": issued().checkpoint},
        "a witness twice": {"witnesses": (witnesses[0], witnesses[0])},
        "witnesses in another order": {"witnesses": witnesses[::-1]},
        "a witness left out": {"witnesses": witnesses[:1]},
        "the log as a witness": {"witnesses": (*witnesses, KEY.verifier)},
        "a witness as the log": {"key": witnesses[0]},
        "another root": {"checkpoint": sign_checkpoint(head, KEY) + receipt.checkpoint.partition("\n\n")[2]},
        "another position": {"position": 3},
        "a hash too many": {"proof": (*receipt.proof, bytes(32))},
        "no proof": {"proof": ()},
        "text before": {"checkpoint": "x\n" + receipt.checkpoint},
        "unsigned": {"checkpoint": f"{text}\n"},
    }
    for name, changes in forged.items():
        try:
            data = Receipt(**{**vars(receipt), **changes}).serialise()
        except Exception:
            continue
        assert not verify_receipt(data).ok, name
        assert verdict(data) not in {"proven", "key_not_compared"}, name


@pytest.mark.parametrize(
    "value", [{"a": [1, "二", None, True, {"\U0001f600": 1, "\ufb01": 2}]}, 'quote " and \\ and \n', 2**53 - 1, [], {}]
)
def test_both_read_values_alike(value: object) -> None:
    entry = Entry("entry_01", "case.decided", "case_01", AT, {**FIELDS, "payee": value})
    data = issued_for(entry, SALTS, "payee").serialise()
    assert verdict(data) == first(data) == "key_not_compared"


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b"[" * 9_000, b"9" * 5_000, b"NaN", b"\xff", b'{"a":1e9}'])
def test_garbage_never_raises(data: bytes) -> None:
    assert verdict(data) in {"malformed", "altered_form"}


def test_inclusion_probes_get_their_published_verdict() -> None:
    cases = probes("inclusion")
    wrong = [
        case["name"]
        for case in cases
        if second.included(
            base64.b64decode(case["leafHash"]),
            case["leafIdx"],
            case["treeSize"],
            decoded(case["proof"]),
            base64.b64decode(case["root"]),
        )
        == case["wantErr"]
    ]
    assert (len(cases), wrong) == (98, [])


def test_it_runs_alone(tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_bytes(RECEIPTS["cosigned"].serialise())
    (tmp_path / "other.json").write_bytes(RECEIPTS["cosigned"].serialise().replace(b"5688750", b"5688751"))
    copied = tmp_path / "verify_receipt.py"
    copied.write_bytes(FILE.read_bytes())
    for name, code in (("receipt.json", 0), ("other.json", 1)):
        command = [sys.executable, "-I", str(copied), str(tmp_path / name), "--key", str(KEY.verifier)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == code
