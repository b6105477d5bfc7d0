"""The whole log: each way of tampering with a stored log, found and placed."""

from datetime import UTC, datetime, timedelta

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import (
    Checkpoint,
    Disclosure,
    Entry,
    Fault,
    LogRecord,
    Tree,
    leaf_of,
    seal,
    verify_log,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def record(position: int, amount: int) -> LogRecord:
    fields = {"amount_fen": amount, "payee": f"firm {position}"}
    salts = {name: bytes([position, number]) * 8 for number, name in enumerate(fields)}
    entry = Entry(f"entry_{position}", "funds.settled", "case_1", START + timedelta(hours=position), fields)
    sealed = seal(entry, salts)
    return LogRecord(
        position, leaf_of(sealed), sealed, {name: Disclosure(fields[name], salts[name]) for name in fields}
    )


LOG = [record(position, 100 * position) for position in range(20)]
TREE = Tree.of(row.leaf for row in LOG)
HEADS = [Checkpoint("log.example", size, TREE.root(size)) for size in (0, 5, 11, 18)]


def fault_of(records: list[LogRecord], heads: list[Checkpoint] = HEADS) -> tuple[int, int, str, str]:
    fault = verify_log(records, heads).fault
    assert isinstance(fault, Fault)
    return fault.first, fault.until, fault.field, fault.reason.code


def with_row(position: int, **changes: object) -> list[LogRecord]:
    return [*LOG[:position], LOG[position]._replace(**changes), *LOG[position + 1 :]]


def test_a_whole_log_is_sound_and_says_how_far_it_is_sealed():
    verdict = verify_log(LOG, HEADS)
    assert (verdict.ok, verdict.size, verdict.sealed) == (True, 20, 18)
    assert verify_log([], HEADS[:1]).ok


def test_erased_fields_leave_it_sound():
    assert verify_log([row._replace(disclosed={}) for row in LOG], HEADS).ok


def test_an_altered_field_is_named_with_its_position():
    for position, row in enumerate(LOG):
        for name, shown in row.disclosed.items():
            for false in (shown._replace(value="x"), shown._replace(salt=b"\xff" * 16), shown._replace(salt=b"")):
                rows = with_row(position, disclosed={**row.disclosed, name: false})
                assert fault_of(rows) == (position, position + 1, name, "altered_field")
    rows = with_row(3, disclosed={"unheard_of": Disclosure(1, bytes(16))})
    assert fault_of(rows) == (3, 4, "unheard_of", "altered_field")


def test_an_altered_head_digest_or_leaf_is_named():
    sealed = LOG[7].sealed
    others = [
        type(sealed)("entry_x", sealed.kind, sealed.about, sealed.at, sealed.digests),
        type(sealed)(sealed.id, sealed.kind, "case_2", sealed.at, sealed.digests),
        type(sealed)(sealed.id, sealed.kind, sealed.about, START, sealed.digests),
        type(sealed)(sealed.id, sealed.kind, "\ud800", sealed.at, sealed.digests),
    ]
    for other in others:
        assert fault_of(with_row(7, sealed=other)) == (7, 8, "", "altered_entry")
    assert fault_of(with_row(7, leaf=bytes(32))) == (7, 8, "", "altered_entry")
    assert fault_of(with_row(7, leaf=b"")) == (7, 8, "", "altered_entry")


def test_deleted_inserted_and_swapped_rows_are_placed():
    assert fault_of(LOG[:9] + LOG[10:]) == (9, 10, "", "wrong_position")
    assert fault_of([*LOG[:9], LOG[8], *LOG[9:]]) == (9, 10, "", "wrong_position")
    assert fault_of([*LOG[:9], LOG[10], LOG[9], *LOG[11:]]) == (9, 10, "", "wrong_position")


def test_a_consistent_rewrite_is_placed_between_two_signed_heads():
    assert fault_of([*LOG[:7], record(7, 999_999), *LOG[8:]]) == (5, 11, "", "rewritten")
    fault = verify_log([*LOG[:7], record(7, 999_999), *LOG[8:]], HEADS[1:]).fault
    assert fault is not None
    assert "第 5 至 10 位" in fault.reason.zh
    assert "from 5 to 10" in fault.reason.en
    # Rows that no head has sealed yet can still change: this is what the time between heads means.
    assert verify_log([*LOG[:18], record(18, 1), LOG[19]], HEADS).ok


def test_a_cut_tail_is_told_and_a_fork_is_seen():
    assert fault_of(LOG[:12]) == (12, 18, "", "tail_cut")
    assert fault_of([]) == (0, 18, "", "tail_cut")
    fork = Checkpoint("log.example", 11, bytes(32))
    assert fault_of(LOG, [*HEADS, fork]) == (5, 11, "", "rewritten")
    assert fault_of(LOG, [Checkpoint("log.example", 0, bytes(32))]) == (0, 0, "", "rewritten")


def test_without_a_signed_head_nothing_is_proven():
    with pytest.raises(InvariantBroken, match="no_checkpoint"):
        verify_log(LOG, [])
