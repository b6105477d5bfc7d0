"""Verify a receipt: no database, no network, no trust in us."""

from __future__ import annotations

import json
from pathlib import Path

import click

from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import Note, Reason, Receipt, Verdict, VerifierKey, verify_checkpoint, verify_receipt
from zhida.domain.proofs.heads import continues
from zhida.domain.proofs.tiles import CHECKPOINT
from zhida.surfaces.cli.folders import json_option

_REWRITTEN = Reason(
    "rewritten",
    "日志如今的内容与凭证当时所见不一致：日志被改写、截短，或另有一份。",
    "The log no longer begins as this receipt saw it: it was rewritten or cut, or there are two of it.",
)


@click.command(name="verify")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, help="A log key you trust; without one the receipt's own is believed.")
@click.option("--witness", "witnesses", multiple=True, help="A witness's key whose cosignature you ask for.")
@click.option(
    "--log", "address", help="Ask the log itself (https://…/log, or a mirror's folder): is it still the same?"
)
@json_option
def command(
    receipt: Path, keys: tuple[str, ...], witnesses: tuple[str, ...], address: str | None, as_json: bool
) -> None:
    """Check that a fact stands in the signed log as the receipt says; exit 1 on any change of one byte.

    With --log also that today's log still begins as the receipt saw it: one that was rewritten does not, whoever signed
    it.
    """
    trusted = [VerifierKey.parse(key) for key in keys] or None
    required = [VerifierKey.parse(key) for key in witnesses]
    verdict = verify_receipt(receipt.read_bytes(), trusted_keys=trusted, required_witnesses=required)
    if address and verdict.receipt and not _is_continued(address, verdict.receipt, trusted or []):
        verdict = Verdict(False, (_REWRITTEN,))
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


def _is_continued(address: str, receipt: Receipt, trusted: list[VerifierKey]) -> bool:
    """By today's head, which the receipt's key signed or, after a rotation, another trusted one."""
    from zhida.services.mirroring.source import HttpSource, MirrorFolder

    read = (HttpSource(address) if "://" in address else MirrorFolder(Path(address))).read
    note = read(CHECKPOINT)
    if note is None:
        raise click.ClickException(f"no log is served at {address}")
    head = verify_checkpoint(note.decode(), {receipt.key, *trusted})
    return continues(read, head, Head.parse(Note.parse(receipt.checkpoint).text))
