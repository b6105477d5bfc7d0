"""The register's extract: known, unknown, and not there."""

from __future__ import annotations

import pytest

from zhida.adapters.register import ExtractRegister
from zhida.domain.errors import RetryableOutside
from zhida.kernel.registry.ports import RegisterAnswer


def test_an_extract_knows_its_codes_and_no_others(tmp_path) -> None:
    path = tmp_path / "register.csv"
    register = ExtractRegister(path)
    with pytest.raises(RetryableOutside, match="register_unreachable"):
        register.ask("91990102MA00000001")
    path.write_text("credit_code,name\n91990102MA00000001,云岚一号厂\n", "utf-8")
    assert register.ask("91990102MA00000001") == RegisterAnswer(True, "云岚一号厂")
    assert register.ask("91990102MA00000002") == RegisterAnswer(False)
