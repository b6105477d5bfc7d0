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
@click.option("--witness", "witnesses", multiple=True, help="A witness's key whose cosignature you ask for.")
@json_option
def command(receipt: Path, keys: tuple[str, ...], witnesses: tuple[str, ...], as_json: bool) -> None:
    """Check that a fact stands in the signed log as the receipt says; exit 1 on any change of one byte."""
    trusted = [VerifierKey.parse(key) for key in keys] or None
    required = [VerifierKey.parse(key) for key in witnesses]
    verdict = verify_receipt(receipt.read_bytes(), trusted_keys=trusted, required_witnesses=required)
    seen = [str(key) for key in verdict.receipt.witnesses] if verdict.receipt else []
    if as_json:
        reasons = [reason._asdict() for reason in verdict.reasons]
        click.echo(json.dumps({"ok": verdict.ok, "reasons": reasons, "witnesses": seen}, ensure_ascii=False))
    else:
        for key in seen:
            click.echo(f"  cosigned by {key}")
        for reason in verdict.reasons:
            click.echo(("✓ " if verdict.ok else "✗ ") + f"{reason.zh}\n  {reason.en}")
    raise SystemExit(0 if verdict.ok else 1)
