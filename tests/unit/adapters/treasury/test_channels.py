"""Which bank pays what is configuration; what cannot be understood pays nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhida.adapters.treasury.channels import Channels
from zhida.adapters.treasury.client import HttpTreasury
from zhida.adapters.treasury.files import FileTreasury
from zhida.domain.errors import FinalOutside

DEBTOR = {"name": "某某区财政局", "account": "310000001"}
OTHERWISE = HttpTreasury("http://127.0.0.1:1")


def channels(tmp_path: Path, told: Any) -> Channels:
    path = tmp_path / "channels.json"
    path.write_text(json.dumps(told), "utf-8")
    return Channels(path, lambda: OTHERWISE)


def test_a_line_goes_to_its_bank(tmp_path):
    found = channels(
        tmp_path,
        {
            "channels": {
                "rural": {"kind": "files", "folder": str(tmp_path / "b"), "deduplicates": False, "debtor": DEBTOR},
                "instant": {"kind": "http", "address": "http://127.0.0.1:1", "debtor": DEBTOR},
            },
            "lines": {"civil/*": "rural", "civil/age": "instant"},
        },
    )
    assert found.names == ("", "rural", "instant")
    assert [found.channel_of(line) for line in ("civil/age", "civil/living", "science/x")] == ["instant", "rural", ""]
    files, http = found.treasury("rural"), found.treasury("instant")
    assert isinstance(files, FileTreasury)
    assert files.deduplicates is False
    assert isinstance(http, HttpTreasury)
    assert found.treasury("rural") is files
    assert found.treasury("") is OTHERWISE
    files.close()
    http.close()


def test_without_a_file_there_is_one_channel(tmp_path):
    found = Channels(tmp_path / "channels.json", lambda: OTHERWISE)
    assert (found.names, found.channel_of("any/line")) == (("",), "")


@pytest.mark.parametrize(
    "told",
    [
        [],
        {"channels": 1},
        {"lines": {"a/b": "nowhere"}},
        {"channels": {"x" * 41: {}}},
    ],
)
def test_what_cannot_be_understood_is_refused_at_once(tmp_path, told):
    with pytest.raises(FinalOutside, match="malformed_channels"):
        channels(tmp_path, told)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"debtor": DEBTOR, "kind": "pigeon"},
        {"debtor": DEBTOR, "kind": "http"},
        {"debtor": DEBTOR, "kind": "files", "folder": "f", "deduplicates": "no"},
        {"debtor": "x", "kind": "http", "address": "http://127.0.0.1:1"},
    ],
)
def test_a_channel_that_does_not_say_what_it_is_pays_nobody(tmp_path, told):
    with pytest.raises(FinalOutside, match="malformed_channels"):
        channels(tmp_path, {"channels": {"bank": told}}).treasury("bank")


def test_a_channel_that_was_taken_away_is_asked_for(tmp_path):
    with pytest.raises(FinalOutside, match="no_such_channel"):
        channels(tmp_path, {}).treasury("bank")
