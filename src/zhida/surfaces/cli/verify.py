"""Verify a receipt: no database, no network, no trust in us."""

from __future__ import annotations

import json
from pathlib import Path

import click

from zhida.domain.proofs import VerifierKey, verify_receipt
from zhida.surfaces.cli.folders import json_option


@click.command(name="verify")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, help="A log key you trust; without one the receipt's own is believed.")
@json_option
def command(receipt: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Check that a fact stands in the signed log as the receipt says; exit 1 on any change of one byte."""
    trusted = [VerifierKey.parse(key) for key in keys] or None
    verdict = verify_receipt(receipt.read_bytes(), trusted_keys=trusted)
    if as_json:
        reasons = [reason._asdict() for reason in verdict.reasons]
        click.echo(json.dumps({"ok": verdict.ok, "reasons": reasons}, ensure_ascii=False))
    else:
        for reason in verdict.reasons:
            click.echo(("✓ " if verdict.ok else "✗ ") + f"{reason.zh}\n  {reason.en}")
    raise SystemExit(0 if verdict.ok else 1)
