"""Checking the stored rows of facts against the log, many at once: which record, and in it which field, was changed.

A row is told as text, so that not even the way it is written can change unnoticed. What fits is recognised by its bytes
alone; only a row that does not is taken apart.
"""

from __future__ import annotations

import hashlib
import json
import re
from json.encoder import encode_basestring
from typing import NamedTuple

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.proofs.entry import salted_digest
from zhida.domain.proofs.hashing import leaf_hash
from zhida.domain.proofs.verdict import Fault, Reason

_SHOWN = re.compile(r'"([a-z][a-z0-9_.]{0,63})":\{"salt":"([0-9a-f]{32,})","value":')
_DIGEST = re.compile(r'"([a-z][a-z0-9_.]{0,63})":"([0-9a-f]{64})"')
_PLAIN = re.compile(r"[a-zA-Z0-9_.:/-]*\Z")


class Row(NamedTuple):
    """A leaf with its entry and its fields, as they are stored: `at` as `instant_text` writes it, `digests` and
    `fields` canonical JSON. None stands for what is not there.
    """

    position: int
    entry_id: str
    id: str | None
    kind: str | None
    about: str | None
    at: str | None
    digests: str | None
    fields: str | None


def leaf_text(row: Row) -> bytes | None:
    """The leaf's input that the row gives, None where it gives none that could be one."""
    if row.id is None or row.kind is None or row.about is None or row.at is None or row.digests is None:
        return None
    text = f'{{"about":{_quoted(row.about)},"at":"{row.at}","digests":{row.digests},"id":{_quoted(row.id)},"kind":'
    try:
        return f"{text}{_quoted(row.kind)}}}".encode()
    except UnicodeEncodeError:
        return None


def _quoted(text: str) -> str:
    return f'"{text}"' if _PLAIN.match(text) else encode_basestring(text)


def check_row(row: Row, leaf: bytes, entry: bytes | None) -> tuple[list[Fault], list[str]]:
    """What is wrong with a row, by column where the true `entry` is at hand, and by field; and which fields it no
    longer holds. `leaf` is the hash that the log has at its position, `entry` the bytes that are known to give it.
    """
    text = leaf_text(row)
    if text is None or row.id != row.entry_id or not _gives(text, leaf, entry):
        names = _column_names(row, entry)
        names += _field_names(row, entry) if not {"leaf.entry_id", "id"} & set(names) else []
        return [_fault(row, name, _true_id(entry) or row.entry_id) for name in names or [""]], []
    hidden = _hidden(row)
    if hidden is not None:
        return [], hidden
    names = _field_names(row, text)
    if names:
        return [_fault(row, name, row.entry_id) for name in names], []
    return [], sorted(json.loads(text)["digests"].keys() - json.loads(row.fields or "{}").keys())


def _gives(text: bytes, leaf: bytes, entry: bytes | None) -> bool:
    return text == entry if entry is not None else leaf_hash(text) == leaf


def _hidden(row: Row) -> list[str] | None:
    """The fields that the row no longer holds, where all it seems to hold fits its digests; None where in doubt.

    A digest makes what was hashed unmistakable, so that the text need not be parsed.
    """
    text, digests = "{}" if row.fields is None else row.fields, row.digests or ""
    pieces = _pieces(text)
    if f"{{{','.join([piece.text for piece in pieces])}}}" != text:
        return None
    last = ""
    for name, _, digest in pieces:
        if f'"{name}":"{digest}"' not in digests or name <= last:
            return None
        last = name
    if len(pieces) == digests.count('":"'):
        return []
    held = {piece.name for piece in pieces}
    return [name for name, _ in _DIGEST.findall(digests) if name not in held]


class _Piece(NamedTuple):
    name: str
    text: str
    digest: str


def _pieces(text: str) -> list[_Piece]:
    """The fields as the text seems to hold them; a value that looks like the beginning of a field misleads it."""
    found, pieces, sha256 = list(_SHOWN.finditer(text)), list[_Piece](), hashlib.sha256
    if not found:
        return []
    ends = [following.start() - 2 for following in found[1:]] + [len(text) - 2]
    for this, end in zip(found, ends, strict=True):
        name, salt = this.groups()
        hashed = f'["{salt}","{name}",{text[this.end() : end]}]'.encode(errors="replace")
        pieces.append(_Piece(name, text[this.start() : end] + "}", sha256(hashed).hexdigest()))
    return pieces


def missing_rows(first: int, until: int, entry: bytes | None, is_tail: bool) -> Fault:
    """What to say where no row stands at [first, until); `entry` is the one that belongs to the first position."""
    if is_tail:
        words = f"第 {first} 位起尾部被截去。", f"The tail from position {first} on was cut."
        return Fault(first, until, "leaf.position", Reason("tail_cut", *words), _true_id(entry))
    words = f"第 {first} 位缺失或顺序不对。", f"Position {first} is missing or out of order."
    return Fault(first, until, "leaf.position", Reason("wrong_position", *words), _true_id(entry))


def _true_id(entry: bytes | None) -> str:
    return str(json.loads(entry)["id"]) if entry else ""


def _column_names(row: Row, entry: bytes | None) -> list[str]:
    if entry is None:
        return []
    true = json.loads(entry)
    if row.entry_id != true["id"]:
        return ["leaf.entry_id"]
    if row.id is None:
        return ["id"]
    digests = canonical_json(true["digests"]).decode()
    stored = {"kind": row.kind, "about": row.about, "at": row.at, "digests": row.digests}
    return [name for name, value in stored.items() if value != {**true, "digests": digests}[name]]


def _field_names(row: Row, entry: bytes | None) -> list[str]:
    """The fields whose value or salt was changed; `fields` where the text no longer says which."""
    if row.fields is None:
        return []
    digests = json.loads(entry)["digests"] if entry else dict(_DIGEST.findall(row.digests or ""))
    try:
        shown = json.loads(row.fields)
        wrong = [name for name, kept in shown.items() if not _fits(name, kept, digests)]
        if wrong and set(wrong) <= digests.keys():
            return wrong
        if not wrong and canonical_json(shown).decode() == row.fields:
            return []
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, InvariantBroken):
        pass
    whole = {piece.name for piece in _pieces(row.fields) if digests.get(piece.name) == piece.digest}
    left = sorted(digests.keys() - whole)
    return left if len(left) == 1 else ["fields"]


def _fits(name: str, kept: dict[str, str], digests: dict[str, str]) -> bool:
    if kept.keys() != {"salt", "value"}:
        return False
    salt = bytes.fromhex(kept["salt"])
    return salt.hex() == kept["salt"] and salted_digest(name, kept["value"], salt).hex() == digests.get(name)


def _fault(row: Row, name: str, record: str) -> Fault:
    at = row.position
    if not name:
        words = f"第 {at} 位与其叶哈希不符。", f"Position {at} does not fit its leaf hash."
        return Fault(at, at + 1, "", Reason("altered_entry", *words), record)
    words = f"第 {at} 位 {record} 的 {name} 被改动过。", f"{name} of {record} at position {at} was altered."
    return Fault(at, at + 1, name, Reason("altered_field", *words), record)
