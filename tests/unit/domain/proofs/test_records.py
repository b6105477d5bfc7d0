"""What the proofs hand out stays as it was told: a record cannot be changed once it is made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from tests.unit.domain.proofs.test_receipt import ENTRY, SEALED, issued
from zhida.domain.proofs import SHA256, Checkpoint, Frontier, Node, Note, Verdict

RECEIPT = issued("payee")
RECORDS: list[Any] = [
    ENTRY,
    SEALED,
    RECEIPT,
    RECEIPT.key,
    Note.parse(RECEIPT.checkpoint),
    Checkpoint("log.example", 7, bytes(32)),
    Verdict(False, ()),
    Frontier(),
    Node(0, 0, bytes(32)),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: type(each).__name__)
def test_a_record_stays_as_it_is(record: Any) -> None:
    for each in fields(record):
        with pytest.raises(FrozenInstanceError):
            setattr(record, each.name, None)
    assert replace(record) == record


def test_an_empty_tree_is_where_a_frontier_begins() -> None:
    assert (Frontier().size, Frontier().hashes, Frontier().algorithm) == (0, (), SHA256)
    assert not hasattr(Node(0, 0, bytes(32)), "__dict__")  # a log of millions makes millions of them
