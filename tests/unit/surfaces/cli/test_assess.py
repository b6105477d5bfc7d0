"""zhida assess: one item, one file of facts, any pack root, no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.unit.domain.packs.small_root import PACK, edited, files_with
from tests.unit.surfaces.cli.test_pack import laid
from zhida.surfaces.cli.main import zhida


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(laid(tmp_path / "root", files_with()))


def run(folder: Path, facts: Any, *more: str, item: str = f"{PACK}/grant") -> Result:
    file = folder.parent / "facts.json"
    file.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    arguments = ["assess", "--packs", str(folder), "--item", item, "--facts", str(file), "--as-of", "2026-05-01", *more]
    return CliRunner().invoke(zhida, arguments)


def told(folder: Path, facts: Any) -> dict[str, Any]:
    result = run(folder, facts, "--json")
    assert result.exit_code == 0, result.output
    record: dict[str, Any] = json.loads(result.output)
    return record


def test_an_entitled_firm(folder: Path) -> None:
    assert told(folder, {"place": "101", "fuel": "gas", "heated_area@2025": 100}) == {
        "item": f"{PACK}/grant",
        "answer": "entitled",
        "amount": "known",
        "amount_fen": 20000,
        "reasons": [{"requirement": "large", "answer": "met", "clauses": ["a2"], "words": "供热 100 平方米"}],
        "missing": [],
    }


def test_a_refused_firm(folder: Path) -> None:
    found = told(folder, {"place": "101", "fuel": "gas", "heated_area@2025": 99})
    assert (found["answer"], found["reasons"][0]["words"]) == ("not", "只有 99 平方米")


def test_unknown_is_never_yes(folder: Path) -> None:
    found = told(folder, {"place": "101", "fuel": "gas"})
    assert (found["answer"], found["amount"], found["missing"]) == ("possible", "unknown", ["heated_area@2025"])
    assert "amount_fen" not in found


def test_numbers_are_exact(tmp_path: Path) -> None:
    files = edited("_attributes/all.yaml", "{kind: number, period: year", "{kind: number, scale: 17, period: year")
    files[f"{PACK}/rules.yaml"] = (
        files[f"{PACK}/rules.yaml"]
        .replace(b">= 100", b">= 0.1")
        .replace(b"is: heated_area(year - 1) * rate_fen", b"is: floor(heated_area(year - 1)) * rate_fen")
    )
    files[f"{PACK}/golden/firms.yaml"] = b"cases: []\n"
    folder = Path(laid(tmp_path / "exact", files))
    below = '{"place": "101", "fuel": "gas", "heated_area@2025": 0.09999999999999999}'
    assert told(folder, below)["answer"] == "not"
    assert told(folder, below.replace("0.09999999999999999", "0.10"))["answer"] == "entitled"


def test_plain_words(folder: Path) -> None:
    result = run(folder, {"place": "101", "fuel": "gas", "heated_area@2025": 100})
    assert result.output == "供热补贴: entitled\n  200.00 元\n  [met] 供热 100 平方米\n"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"heatd_area@2025": 1}, "unknown_fact"),
        ({"heated_area@25": 1}, "malformed_period"),
        ({"heated_area@2025": "100"}, "wrong_type"),
        ({"heated_area@2025": None}, "wrong_type"),
        ({"listed": 1}, "wrong_type"),
        ({"born_on": "1990-02-30"}, "wrong_type"),
        ({"fuel": "peat"}, "not_one_of"),
        ({"boilers": {}}, "wrong_type"),
        ({"boilers": [{"colour": "red"}]}, "unknown_field"),
        ("[]", "malformed_json"),
        ("{", "malformed_json"),
        ('{"heated_area@2025": NaN}', "malformed_json"),
    ],
)
def test_facts_that_cannot_be_read(folder: Path, facts: Any, code: str) -> None:
    result = run(folder, facts, "--json")
    assert result.exit_code != 0
    assert code in str(result.exception)


def test_an_item_that_is_not_there(folder: Path) -> None:
    assert run(folder, {}, item=f"{PACK}/loan").exit_code == 1
    assert run(folder, {}, item="north/absent/loan").exit_code == 1


def test_a_ruling_is_true_or_false(folder: Path) -> None:
    assert run(folder, {}, "--ruling", "large=maybe").exit_code == 1
