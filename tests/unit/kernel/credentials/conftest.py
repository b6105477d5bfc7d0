"""An issuer with a key of its own, in the place of the installation's."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhida.adapters.keys.issuer_key import FileIssuerKey
from zhida.kernel.credentials import ports


@pytest.fixture
def issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileIssuerKey:
    """Signs for https://zhida.example."""
    key = FileIssuerKey(tmp_path / "keys", "https://zhida.example")
    monkeypatch.setattr(ports, "wired", {"issuer": key}.__getitem__)
    return key
