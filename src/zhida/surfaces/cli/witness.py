"""Run a witness: a small program of its own that cosigns logs' heads after checking that nothing was rewritten."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import click

from zhida.domain.proofs import VerifierKey


@click.command(name="witness")
@click.argument("state", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="The witness's public name, such as audit.example/witness.")
@click.option("--log", "logs", multiple=True, required=True, help="The key of a log to watch; may be said again.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8471, show_default=True, help="0 takes a free one.")
def command(state: Path, name: str, logs: tuple[str, ...], host: str, port: int) -> None:
    """Watch logs as a C2SP witness; STATE is the one file it keeps (its key and the latest heads). Guard that file.

    Prints its key and its address on one line: put that line into the file `witnesses` of the log's home.
    """
    from zhida.services.witnessing import Witness, WitnessBook, WitnessServer

    book = WitnessBook(state)
    witness = Witness(book, name, [VerifierKey.parse(key) for key in logs], now=lambda: int(time.time()))
    with WitnessServer(host, port, witness) as server:
        click.echo(f"{witness.key} {server.address}")
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    book.close()
