"""What the commands about money share: who acts from a shell in which duty, sums in yuan, and how a list is told."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import Actor, fen_of, yuan
from zhida.surfaces.cli.groundwork.installation import set_up


class Yuan(click.ParamType):
    """A sum in yuan with at most two decimals, given to the command as fen."""

    name = "yuan"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The fen; a usage error for what is no sum of money above nothing."""
        try:
            fen = value if isinstance(value, int) else fen_of(str(value).replace(",", ""))
        except InvariantBroken as error:
            self.fail(error.words, param, ctx)
        if fen <= 0:
            self.fail(f"{value} is not above nothing", param, ctx)
        return fen


def acting(home: Path | None, duty: str) -> tuple[Actor, datetime]:
    """Starts the installation; the shell's user in a duty, and the instant. Two persons are two of its users."""
    set_up(home)
    from zhida.kernel.ports import clock

    return Actor(account=f"shell:{getpass.getuser()}"[:39], duty=duty), clock().now()


def tell(told: dict[str, Any], as_json: bool, words: Sequence[str]) -> None:
    """Prints one answer, as JSON where that was asked for."""
    click.echo(json.dumps(told, ensure_ascii=False, default=str) if as_json else "\n".join(words))


def tell_records(name: str, records: Sequence[Any], as_json: bool) -> None:
    """Prints frozen records, one a line: sums in yuan, what is empty left out."""
    rows = [asdict(each) | {"waits_for": getattr(each, "waits_for", "")} for each in records]
    tell({name: rows}, as_json, [_line(row) for row in rows] or [f"no {name}"])


def _line(row: dict[str, Any]) -> str:
    shown = {key: value for key, value in row.items() if value not in ("", None)}
    sums = {key: yuan(value) for key, value in shown.items() if key.endswith("_fen")}
    return "  ".join(f"{key.removesuffix('_fen')}={value}" for key, value in {**shown, **sums}.items())
