"""The receipt: one JSON file that proves a fact is in the log, checked with no database and no network.

The file has one byte form only: whatever is parsed from it must serialise to the very same bytes, and every value in it
is hashed into the leaf, signed in the checkpoint, part of the proof, or derived from those (the words). So no byte can
change unnoticed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.canonical import Json, canonical_json
from zhida.domain.proofs.checkpoint import Checkpoint, verify_checkpoint
from zhida.domain.proofs.entry import Disclosure, SealedEntry, instant_of, instant_text, leaf_of, salted_digest
from zhida.domain.proofs.inclusion import verify_inclusion
from zhida.domain.proofs.keys import VerifierKey
from zhida.domain.proofs.note import Note
from zhida.domain.proofs.verdict import Reason

VERSION = "zhida-receipt/1"
"""Names the shape of the file and its hash (SHA-256); the kind of signature stands in the key."""

VERSION_WITNESSED = "zhida-receipt/2"
"""The same with the keys of those who cosigned the checkpoint, at least one, under `witnesses`."""

_LARGEST = 1 << 20
_HEX = re.compile(r"([0-9a-f]{2})*\Z")

_MALFORMED = Reason("malformed", "这不是一份格式正确的凭证。", "This is not a well-formed receipt.")
_ALTERED_FORM = Reason(
    "altered_form",
    "凭证文件被改动过：字节与规范写法不一致。",
    "The file was altered: its bytes are not the canonical form.",
)
_ALTERED_WORDS = Reason(
    "altered_words",
    "凭证上的说明文字被改动过，与凭证内容不符。",
    "The plain words were altered: they do not say what the receipt holds.",
)
_BAD_SIGNATURE = Reason(
    "bad_signature", "检查点的签名不成立。", "The signature of the checkpoint does not hold for this log's key."
)
_NOT_INCLUDED = Reason(
    "not_included",
    "凭证内容与日志不符：内容、位置或证明路径被改动过。",
    "The log does not hold this content at this position: the content, the position or the path was altered.",
)
_UNTRUSTED_KEY = Reason(
    "untrusted_key", "签名所用公钥不在可信公钥之列。", "The signing key is not among the trusted keys."
)
_KEY_NOT_COMPARED = Reason(
    "key_not_compared",
    "凭证自身完整一致；请再把其中的公钥与官方公布的公钥比对。",
    "The receipt is whole in itself; compare the key in it with the published one.",
)
_NOT_WITNESSED = Reason(
    "not_witnessed", "缺少所要求的见证方联署。", "A witness that was asked for did not cosign the checkpoint."
)
_PROVEN = Reason(
    "proven", "凭证真实：内容完整，确在日志之中。", "The receipt is genuine: its content is whole and in the log."
)


@dataclass(frozen=True)
class Receipt:
    """A sealed entry, the fields it discloses, its place in the log, and the log's signed head.

    `position` counts from 0; `proof` leads from the leaf to the root of the checkpoint, a note signed by `key` and then
    by each of `witnesses`.
    """

    sealed: SealedEntry
    disclosed: Mapping[str, Disclosure]
    position: int
    proof: tuple[bytes, ...]
    checkpoint: str
    key: VerifierKey
    witnesses: tuple[VerifierKey, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """What is proven, in plain Chinese and English, derived from the receipt and nothing else."""
        head = Checkpoint.parse(Note.parse(self.checkpoint).text)
        entry, shown = self.sealed, len(self.disclosed)
        hidden, at, place = len(entry.digests) - shown, instant_text(entry.at), self.position + 1
        names = [witness.name for witness in self.witnesses]
        return {
            "en": (
                f"The fact {entry.id} ({entry.kind}, about {entry.about}), recorded at {at} (UTC), is entry {place} "
                f"of the log {head.origin}, which held {head.size} entries when its head was signed. "
                f"{shown} field(s) are shown here, {hidden} only by digest."
                + (f" The head was cosigned by {', '.join(names)}." if names else "")
            ),
            "zh": (
                f"事实 {entry.id}（{entry.kind}，关于 {entry.about}）记录于 {at}（协调世界时），"
                f"是存证日志 {head.origin} 的第 {place} 条；签署时日志共 {head.size} 条。"
                f"本凭证公开 {shown} 项内容，另有 {hidden} 项只留摘要。"
                + (f"日志头由 {'、'.join(names)} 联署见证。" if names else "")
            ),
        }

    def serialise(self) -> bytes:
        """The file: canonical JSON, without a newline at its end."""
        entry = self.sealed
        hidden = {name: digest.hex() for name, digest in entry.digests.items() if name not in self.disclosed}
        shown = {name: {"salt": salt.hex(), "value": value} for name, (value, salt) in self.disclosed.items()}
        witnesses = {"witnesses": [str(key) for key in self.witnesses]} if self.witnesses else {}
        return canonical_json(
            {
                **witnesses,
                "checkpoint": self.checkpoint,
                "entry": {
                    "about": entry.about,
                    "at": instant_text(entry.at),
                    "fields": shown,
                    "id": entry.id,
                    "kind": entry.kind,
                    "undisclosed": hidden,
                },
                "key": str(self.key),
                "position": self.position,
                "proof": [value.hex() for value in self.proof],
                "version": VERSION_WITNESSED if self.witnesses else VERSION,
                "words": self.words,
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Receipt:
        """Reads a file's shape without judging its proof. Raises InvariantBroken where the shape is not a receipt's."""
        document = _document_of(data)
        witnesses = _witnesses(document)
        entry, position, proof = document["entry"], document["position"], document["proof"]
        _only(entry, "about", "at", "fields", "id", "kind", "undisclosed")
        if type(position) is not int or not isinstance(proof, list):
            raise InvariantBroken("malformed_receipt", "a position is an integer, a proof a list")
        disclosed = {name: _disclosure(shown) for name, shown in _mapping(entry["fields"]).items()}
        hidden = {name: _bytes(digest) for name, digest in _mapping(entry["undisclosed"]).items()}
        if disclosed.keys() & hidden.keys():
            raise InvariantBroken("malformed_receipt", "a field is both disclosed and not")
        digests = {name: salted_digest(name, value, salt) for name, (value, salt) in disclosed.items()}
        at = instant_of(_text(entry["at"]))
        return cls(
            SealedEntry(_text(entry["id"]), _text(entry["kind"]), _text(entry["about"]), at, digests | hidden),
            disclosed,
            position,
            tuple(_bytes(value) for value in proof),
            _text(document["checkpoint"]),
            VerifierKey.parse(_text(document["key"])),
            witnesses,
        )


@dataclass(frozen=True)
class Verdict:
    """What checking a receipt found; `receipt` is there only where `ok`, so nobody shows what was not proven."""

    ok: bool
    reasons: tuple[Reason, ...]
    receipt: Receipt | None = None


def verify_receipt(
    data: bytes,
    *,
    trusted_keys: Collection[VerifierKey] | None = None,
    required_witnesses: Collection[VerifierKey] = (),
) -> Verdict:
    """Checks a receipt's file, whatever bytes it holds; never raises.

    Without `trusted_keys` the key in the receipt is believed, and the verdict says so; an empty collection trusts none.
    Each of `required_witnesses` must have cosigned; those that nobody asked for must still have signed rightly.
    """
    try:
        receipt = Receipt.parse(data)
        expected = receipt.serialise()
    except InvariantBroken:
        return Verdict(False, (_MALFORMED,))
    if expected != data:
        return Verdict(False, (_ALTERED_WORDS if _words_differ(data, expected) else _ALTERED_FORM,))
    signed_by = (receipt.key, *receipt.witnesses)
    try:
        head = verify_checkpoint(receipt.checkpoint, signed_by)
        if Note.parse(receipt.checkpoint).signers(signed_by) != signed_by:
            return Verdict(False, (_BAD_SIGNATURE,))
    except InvariantBroken:
        return Verdict(False, (_BAD_SIGNATURE,))
    if len(Note.parse(receipt.checkpoint).signatures) != len(signed_by):
        return Verdict(False, (_ALTERED_FORM,))
    if not verify_inclusion(leaf_of(receipt.sealed), receipt.position, head.size, receipt.proof, head.root):
        return Verdict(False, (_NOT_INCLUDED,))
    return _trust(receipt, trusted_keys, required_witnesses)


def _trust(
    receipt: Receipt, trusted_keys: Collection[VerifierKey] | None, required_witnesses: Collection[VerifierKey]
) -> Verdict:
    if not set(required_witnesses) <= set(receipt.witnesses):
        return Verdict(False, (_NOT_WITNESSED,))
    if trusted_keys is None:
        return Verdict(True, (_PROVEN, _KEY_NOT_COMPARED), receipt)
    if receipt.key not in trusted_keys:
        return Verdict(False, (_UNTRUSTED_KEY,))
    return Verdict(True, (_PROVEN,), receipt)


def _words_differ(data: bytes, expected: bytes) -> bool:
    return bool(json.loads(data)["words"] != json.loads(expected)["words"])


def _document_of(data: bytes) -> Json:
    if len(data) > _LARGEST:
        raise InvariantBroken("malformed_receipt", "a receipt is at most 1 MiB")
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise InvariantBroken("malformed_receipt", "not JSON in UTF-8") from error


def _witnesses(document: Json) -> tuple[VerifierKey, ...]:
    """The witnesses' keys, after a look at the version and its members."""
    members = ["checkpoint", "entry", "key", "position", "proof", "version", "words"]
    if _mapping(document).get("version") == VERSION:
        _only(document, *members)
        return ()
    _only(document, *members, "witnesses")
    written = document["witnesses"]
    if document["version"] != VERSION_WITNESSED or not isinstance(written, list):
        raise InvariantBroken("malformed_receipt", "not a receipt of a version known here")
    keys = tuple(VerifierKey.parse(_text(key)) for key in written)
    if not keys or len(set(keys)) != len(keys) or not all(key.is_witness for key in keys):
        raise InvariantBroken("malformed_receipt", "the witnesses are keys of witnesses, each once")
    return keys


def _only(value: Json, *names: str) -> None:
    if _mapping(value).keys() != set(names):
        raise InvariantBroken("malformed_receipt", f"expected exactly {', '.join(names)}")


def _mapping(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise InvariantBroken("malformed_receipt", "expected an object")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise InvariantBroken("malformed_receipt", "expected a text")
    return value


def _bytes(value: Json) -> bytes:
    if not isinstance(value, str) or not _HEX.match(value):
        raise InvariantBroken("malformed_receipt", "expected lower-case hexadecimal")
    return bytes.fromhex(value)


def _disclosure(value: Json) -> Disclosure:
    _only(value, "salt", "value")
    return Disclosure(value["value"], _bytes(value["salt"]))
