"""A funded line of 1,000,000 fen, the system under a signed release of it, and a treasury inside the test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.audit import audit_books
from tests.simulation import paying
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.domain.values import Actor


@pytest.fixture
def system(db: None, now: datetime) -> Iterator[Actor]:
    """Acts under a release for the whole line; whatever the test did, the books hold at its end."""
    paying.open_line(now)
    yield paying.sign_release(now)
    assert audit_books() == ()


@pytest.fixture
def treasury(tmp_path: Path) -> Iterator[paying.BookTreasury]:
    """De-duplicates, and never fails."""
    book = TreasuryBook(tmp_path / "treasury.sqlite3")
    yield paying.BookTreasury(book)
    book.close()


@pytest.fixture
def payees() -> paying.OpenPayees:
    """Opens every account."""
    return paying.OpenPayees()
