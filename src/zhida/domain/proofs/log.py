"""Checking a whole stored log against signed heads, and naming the first place that is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.checkpoint import Checkpoint
from zhida.domain.proofs.entry import Disclosure, SealedEntry, leaf_of, salted_digest
from zhida.domain.proofs.hashing import SHA256, Algorithm
from zhida.domain.proofs.tree import Frontier
from zhida.domain.proofs.verdict import Reason


class LogRecord(NamedTuple):
    """One row as it is stored now: its position, its leaf hash, the sealed entry, and the fields not yet erased."""

    position: int
    leaf: bytes
    sealed: SealedEntry
    disclosed: Mapping[str, Disclosure]


class Fault(NamedTuple):
    """Where a log breaks: at a position in [first, until), in a field where it is known which, and why."""

    first: int
    until: int
    field: str
    reason: Reason


@dataclass(frozen=True)
class LogVerdict:
    """`size` leaves were read up to the fault, or in all; of them `sealed` stand under a signed head that agrees."""

    size: int
    sealed: int
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return self.fault is None


def verify_log(
    records: Iterable[LogRecord], checkpoints: Iterable[Checkpoint], algorithm: Algorithm = SHA256
) -> LogVerdict:
    """Recomputes every field digest, every leaf and every head, in one pass, and stops at the first fault.

    `records` come by position. `checkpoints` are heads whose signatures were verified, in any order; the more there
    are, the narrower a rewritten stretch is named. Raises InvariantBroken where there is none.
    """
    heads: dict[int, set[bytes]] = {}
    for checkpoint in checkpoints:
        heads.setdefault(checkpoint.size, set()).add(checkpoint.root)
    if not heads:
        raise InvariantBroken("no_checkpoint", "a log is checked against a signed head")
    size, frontier, waiting = 0, Frontier(algorithm=algorithm), list[bytes]()
    fault = _head_fault(heads, frontier, 0)
    for record in records if fault is None else ():
        fault = _record_fault(record, size, algorithm)
        if fault:
            break
        size += 1
        waiting.append(record.leaf)
        if size in heads:
            sealed, frontier, waiting = frontier.size, frontier.extend(waiting), []
            fault = _head_fault(heads, frontier, sealed)
            if fault:
                return LogVerdict(size, sealed, fault)
    last = max(heads)
    if fault is None and last > size:
        fault = _missing(size, last)
    return LogVerdict(size, frontier.size, fault)


def _record_fault(record: LogRecord, position: int, algorithm: Algorithm) -> Fault | None:
    if record.position != position:
        words = f"第 {position} 位缺失或顺序不对。", f"Position {position} is missing or out of order."
        return Fault(position, position + 1, "", Reason("wrong_position", *words))
    for name, (value, salt) in record.disclosed.items():
        if not _digest_fits(record.sealed, name, Disclosure(value, salt), algorithm):
            words = f"第 {position} 位的 {name} 被改动过。", f"Field {name} at position {position} was altered."
            return Fault(position, position + 1, name, Reason("altered_field", *words))
    if not _leaf_fits(record, algorithm):
        words = f"第 {position} 位与其叶哈希不符。", f"Position {position} does not fit its leaf hash."
        return Fault(position, position + 1, "", Reason("altered_entry", *words))
    return None


def _digest_fits(sealed: SealedEntry, name: str, shown: Disclosure, algorithm: Algorithm) -> bool:
    try:
        return salted_digest(name, shown.value, shown.salt, algorithm) == sealed.digests.get(name)
    except InvariantBroken:
        return False


def _leaf_fits(record: LogRecord, algorithm: Algorithm) -> bool:
    try:
        return leaf_of(record.sealed, algorithm) == record.leaf
    except InvariantBroken:
        return False


def _head_fault(heads: Mapping[int, set[bytes]], frontier: Frontier, sealed: int) -> Fault | None:
    size = frontier.size
    if size not in heads or heads[size] == {frontier.root}:
        return None
    zh = f"第 {sealed} 至 {size - 1} 位之间有改动：与签名的检查点（{size} 条）不符。"
    en = f"Something from {sealed} to {size - 1} was rewritten: the signed head over {size} entries disagrees."
    return Fault(sealed, size, "", Reason("rewritten", zh, en))


def _missing(size: int, last: int) -> Fault:
    zh = f"日志只剩 {size} 条，签名的检查点有 {last} 条：尾部被截去。"
    en = f"Only {size} entries are left of the {last} under the signed head: the tail was cut."
    return Fault(size, last, "", Reason("tail_cut", zh, en))
