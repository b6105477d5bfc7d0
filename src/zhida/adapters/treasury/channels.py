"""Which bank pays what: read from `channels.json` in the home, so that a bank is added by configuration.

    {"channels": {"rural-bank": {"kind": "files", "folder": "/srv/rural-bank", "deduplicates": false,
                                 "debtor": {"name": "某某区财政局", "account": "310000001"}},
                  "instant": {"kind": "http", "address": "https://…", "debtor": {…}}},
     "lines": {"civil-affairs/age-allowance": "rural-bank", "science/*": "instant"}}

A line that no pattern names goes to the treasury of ZHIDA_TREASURY, whose channel is "".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from zhida.adapters.treasury.client import HttpTreasury
from zhida.adapters.treasury.files import FileTreasury
from zhida.domain.errors import FinalOutside
from zhida.kernel.funds.ports import Payee, TreasuryPort


class Channels:
    """A ChannelPort over one configuration file, read once; without one there is only the channel ""."""

    def __init__(self, path: Path, otherwise: Callable[[], TreasuryPort]) -> None:
        """Raises FinalOutside `malformed_channels` where the file cannot be understood: then nothing is paid."""
        self._otherwise = otherwise
        self._open: dict[str, TreasuryPort] = {}
        try:
            told = json.loads(path.read_text("utf-8")) if path.exists() else {}
            self._channels: Mapping[str, Mapping[str, Any]] = dict(told.get("channels", {}))
            self._lines: Mapping[str, str] = dict(told.get("lines", {}))
        except (AttributeError, TypeError, ValueError) as error:
            raise _malformed(path.name, error) from error
        strays = {channel for channel in self._lines.values() if channel and channel not in self._channels}
        if strays or any(not 0 < len(name) <= 40 for name in self._channels):
            raise _malformed(path.name, f"no channel {sorted(strays)}, or a name of more than 40 letters")

    @property
    def names(self) -> tuple[str, ...]:
        """Every channel, "" first."""
        return ("", *self._channels)

    def channel_of(self, line: str) -> str:
        """The channel of a line: its own entry, else the first pattern that fits, else ""."""
        if line in self._lines:
            return self._lines[line]
        return next((channel for pattern, channel in self._lines.items() if fnmatchcase(line, pattern)), "")

    def treasury(self, channel: str) -> TreasuryPort:
        """The way to a channel, opened once. Raises FinalOutside `no_such_channel`."""
        if channel == "":
            return self._otherwise()
        if channel not in self._channels:
            words = f"{channel!r} is not configured any more, and payments went over it"
            raise FinalOutside("no_such_channel", words, "whoever runs this: put it back into channels.json")
        if channel not in self._open:
            self._open[channel] = _opened(channel, self._channels[channel])
        return self._open[channel]


def _opened(channel: str, told: Mapping[str, Any]) -> TreasuryPort:
    try:
        debtor = Payee(told["debtor"]["name"], told["debtor"]["account"])
        if told["kind"] == "http":
            return HttpTreasury(told["address"], debtor=debtor)
        if told["kind"] == "files" and type(told["deduplicates"]) is bool:
            return FileTreasury(Path(told["folder"]), debtor=debtor, deduplicates=told["deduplicates"])
    except (KeyError, TypeError) as error:
        raise _malformed(channel, error) from error
    raise _malformed(channel, f"kind {told['kind']!r}, or files that do not say whether the bank de-duplicates")


def _malformed(name: str, why: object) -> FinalOutside:
    return FinalOutside("malformed_channels", f"{name}: {why}", "whoever runs this: mend channels.json")
