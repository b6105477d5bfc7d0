"""Keep a mirror of a log: follow it over HTTP, prove that it only grew, keep its files (and fields, if allowed)."""

from __future__ import annotations

import time
from pathlib import Path

import click

from zhida.domain.errors import OutsideError
from zhida.domain.proofs import VerifierKey
from zhida.domain.proofs.tiles import ReadFile


@click.command(name="mirror")
@click.argument("address")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, required=True, help="A key of the log; may be said again.")
@click.option("--token-file", type=click.Path(exists=True, path_type=Path), help="Keep the fields too, by this token.")
@click.option("--every", default=0, help="Seconds between two looks; 0 looks once.")
@click.option("--check", is_flag=True, help="Hash every kept file first; exit 1 where one is damaged.")
def command(
    address: str, folder: Path, keys: tuple[str, ...], token_file: Path | None, every: int, check: bool
) -> None:
    """Follow the log at ADDRESS (https://…/log) into FOLDER. Exits with 1 where the log shrank or was rewritten."""
    from zhida.services.mirroring.following import follow
    from zhida.services.mirroring.source import HttpSource, MirrorFolder

    token = token_file.read_text("utf-8").strip() if token_file else ""
    source, mirror = HttpSource(address, token), MirrorFolder(folder)
    trusted = [VerifierKey.parse(key) for key in keys]
    if check:
        _check(mirror.read, trusted)
    while True:
        try:
            followed = follow(
                read=source.read, mirror=mirror, keys=trusted, payloads=source.payloads if token else None
            )
            click.echo(f"{followed.size} entries, {followed.size - followed.before} new, proven")
        except OutsideError as error:
            if not every:
                raise
            click.echo(str(error), err=True)
        if not every:
            return
        time.sleep(every)


def _check(read: ReadFile, keys: list[VerifierKey]) -> None:
    from zhida.domain.proofs import verify_checkpoint
    from zhida.domain.proofs.heads import file_faults
    from zhida.domain.proofs.tiles import CHECKPOINT

    note = read(CHECKPOINT)
    faults = file_faults(read, verify_checkpoint(note.decode(), keys)) if note else []
    for fault in faults:
        click.echo(fault.reason.en, err=True)
    if faults:
        raise SystemExit(1)
