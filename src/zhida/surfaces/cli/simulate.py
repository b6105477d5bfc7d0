"""Play the outside: a treasury in a process of its own that pays nobody and misbehaves as a seed draws."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

_ANOMALIES = (
    *("missing", "extra", "duplicate", "wrong_amount", "swapped_account"),
    *("split", "merged", "late", "wrong_day", "reversal", "all"),
)


@click.group(name="simulate")
def command() -> None:
    """Play the outside world, for trials and tests."""


@command.command()
@click.option("--port", default=8461, show_default=True, help="0 takes a free one; the address is printed first.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), default=Path("treasury"), show_default=True)
@click.option("--seed", type=int, help="Misbehave as this seed draws; the same seed does the same again.")
@click.option("--fault-rate", type=click.FloatRange(0, 1), default=0.3, show_default=True)
@click.option("--late", default=2.0, show_default=True, help="Seconds after which a late payment shows.")
@click.option("--stall", default=15.0, show_default=True, help="Seconds for which a stalled reply waits.")
@click.option("--no-deduplication", is_flag=True, help="Pay a reference again each time it is sent.")
@click.option("--files", type=click.Path(file_okay=False, path_type=Path), help="Serve this folder of payment files.")
@click.option("--anomaly", multiple=True, type=click.Choice(_ANOMALIES), help="What statements get wrong.")
@click.option("--anomaly-rate", type=click.FloatRange(0, 1), default=0.05, show_default=True)
@click.option("--callbacks", help="Call back here with news of payments: …/api/v1/treasury/news")
@click.option("--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What signs them.")
@click.option("--forged-rate", type=click.FloatRange(0, 1), default=0.0, show_default=True)
def treasury(seed: int | None, no_deduplication: bool, anomaly: tuple[str, ...], **more: Any) -> None:
    """Start the simulated treasury: it takes ISO 20022 over HTTP and files, and prints its address.

    With a seed it loses requests and replies, answers late, twice, in part, with another amount or with an error; its
    statements hold whatever --anomaly names. Accounts ending in 0000 are closed, those in 9999 send money back.
    """
    if more["callbacks"] and not more["secret_file"]:
        raise click.UsageError("callbacks are signed: give --secret-file")
    arguments = [sys.executable, "-m", "zhida.adapters.treasury.simulator"]
    for name, value in more.items():
        arguments += [f"--{name.replace('_', '-')}", str(value)] if value is not None else []
    arguments += ["--faults", str(seed)] if seed is not None else []
    arguments += ["--no-deduplication"] if no_deduplication else []
    for kind in anomaly:
        arguments += ["--anomaly", kind]
    os.execv(sys.executable, arguments)  # noqa: S606 (our own interpreter takes this process over)
