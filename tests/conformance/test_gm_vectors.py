"""SM3 of our SM2 signatures against public vectors, and SM4 of the library that an installation would encrypt with.

The product signs with SM2 over SM3 and encrypts nothing with SM4 so far; what is tried of SM4 is that the library it
ships with does as the standard says. The vectors stand in ../shared/data/vectors; where absent the tests say so.
"""

from __future__ import annotations

import hmac
import json
import re
import zipfile
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from tests.conformance.test_second_verifier import second
from zhida.domain.proofs import sm2

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "vectors"
ARCHIVE, EXAMPLES = VECTORS / "sm3_sm4_vectors.zip", VECTORS / "gm_examples.json"


def held(name: str) -> str:
    if not ARCHIVE.exists():
        pytest.skip(f"{ARCHIVE} is absent: the public SM3 and SM4 vectors are not part of this repository")
    with zipfile.ZipFile(ARCHIVE) as archive:
        return archive.read(name).decode()


def examples(kind: str) -> list[dict]:
    if not EXAMPLES.exists():
        pytest.skip(f"{EXAMPLES} is absent: the published GM examples are not part of this repository")
    return json.loads(EXAMPLES.read_text("utf-8"))[kind]


def cases(name: str) -> list[dict]:
    groups = json.loads(held(f"testvectors_v1/{name}"))["testGroups"]
    return [case | {"tag_size": group["tagSize"] // 8} for group in groups for case in group["tests"]]


def test_sm3_gives_the_published_digests() -> None:
    found = re.findall(r"Len = (\d+)\nMsg = ([0-9a-f]*)\nMD = ([0-9a-f]{64})", held("pyca/hashes/SM3/oscca.txt"))
    assert len(found) > 5
    wrong = [
        length for length, text, digest in found if sm2.sm3(bytes.fromhex(text)[: int(length) // 8]).hex() != digest
    ]
    assert wrong == []


def test_keyed_sm3_agrees_with_its_probes() -> None:
    wrong = []
    for case in cases("hmac_sm3_test.json"):
        tag = hmac.digest(bytes.fromhex(case["key"]), bytes.fromhex(case["msg"]), "sm3")[: case["tag_size"]]
        if (tag.hex() == case["tag"]) != (case["result"] == "valid"):
            wrong.append(case["tcId"])
    assert wrong == []


def test_the_second_verifier_holds_the_published_signature() -> None:
    for each in examples("sm2_sign"):
        public, signature = bytes.fromhex(each["public_xy"]), bytes.fromhex(each["r"] + each["s"])
        assert second.sm2_holds(public, signature, each["msg_utf8"].encode())
        assert not second.sm2_holds(public, signature, each["msg_utf8"].encode() + b".")


def test_sm4_block_by_block() -> None:
    pattern = r"KEY = (\w+)\nPLAINTEXT = (\w+)\nCIPHERTEXT = (\w+)"
    found = re.findall(pattern, held("pyca/ciphers/SM4/draft-ribose-cfrg-sm4-10-ecb.txt"))
    found += [(each["key"], each["plain"], each["cipher"]) for each in examples("sm4_ecb")]
    assert len(found) > 4
    for key, plain, cipher in found:
        sealing = Cipher(SM4(bytes.fromhex(key)), modes.ECB()).encryptor()
        assert (sealing.update(bytes.fromhex(plain)) + sealing.finalize()).hex() == cipher


def test_sm4_in_gcm_opens_what_is_genuine_and_nothing_else() -> None:
    wrong, tried = [], 0
    for case in cases("sm4_gcm_test.json"):
        key, nonce, tag = (bytes.fromhex(case[name]) for name in ("key", "iv", "tag"))
        if not 8 <= len(nonce) <= 128:  # the library takes no others
            continue
        tried += 1
        opening = Cipher(SM4(key), modes.GCM(nonce, tag)).decryptor()
        opening.authenticate_additional_data(bytes.fromhex(case["aad"]))
        try:
            plain = opening.update(bytes.fromhex(case["ct"])) + opening.finalize()
            is_right = case["result"] == "valid" and plain.hex() == case["msg"]
        except InvalidTag:
            is_right = case["result"] == "invalid"
        wrong += [] if is_right else [case["tcId"]]
    assert (wrong, tried > 80) == ([], True)
