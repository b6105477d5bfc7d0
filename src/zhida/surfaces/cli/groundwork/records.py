"""Results of a command told to a person, or as JSON to a program."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from zhida.kernel.registry.records import BatchReport


def batch_figures(report: BatchReport) -> dict[str, Any]:
    """What became of a batch, as plain values."""
    return {name: dict(value) if name in ("flags", "refused") else value for name, value in asdict(report).items()}


def print_record(record: dict[str, Any], as_json: bool) -> None:
    """Prints a record: as JSON, or a line for each key and each row of a list."""
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, default=_plain))
        return
    for name, value in record.items():
        rows = value if isinstance(value, list) else None
        if rows is None:
            click.echo(f"{name}: {value}")
            continue
        click.echo(f"{name}: {len(rows)}")
        for row in rows:
            click.echo("  " + "  ".join(f"{key}={part}" for key, part in row.items() if part not in ("", {}, [])))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
