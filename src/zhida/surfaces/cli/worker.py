"""Run what happens behind the product: cases that go on, messages that wait, facts put into the log and sealed."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta
from pathlib import Path

import click

from zhida.surfaces.cli.groundwork.installation import home_option, set_up

_SEAL_EVERY = timedelta(minutes=1)


@click.command(name="worker")
@home_option
@click.option("--once", is_flag=True, help="Do what is due now and end.")
@click.option("--pause", default=1.0, show_default=True, help="Seconds to rest where nothing was due.")
def command(home: Path | None, once: bool, pause: float) -> None:
    """Do what is due, again and again, until told to stop (SIGTERM, Ctrl-C); whatever is cut off is taken up again.

    Run as many as you like: messages are leased, the log has one sequencer at a time.
    """
    set_up(home)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    while not ending.is_set():
        done = _turn()
        if once and not done:
            break
        if not done:
            ending.wait(pause)


def _turn() -> int:
    """One round; how much was done."""
    from zhida.domain.values import Actor
    from zhida.kernel.cases.actions import advance_due
    from zhida.kernel.ledger import actions, queries
    from zhida.kernel.outbox.ports import handlers
    from zhida.kernel.outbox.pump import pump
    from zhida.kernel.ports import clock

    now = clock().now()
    advanced = advance_due(by=Actor("system", "system"), as_of=now)
    carried = pump(handlers(), as_of=now)
    sequenced = actions.sequence(as_of=now)
    standing = queries.standing()
    is_due = standing.sealed_at is None or now - standing.sealed_at >= _SEAL_EVERY
    if is_due and standing.leaves != (standing.sealed_size or 0):
        actions.seal(as_of=now)
    return sum(bool(looked.acts) for looked in advanced) + carried.handled + sequenced
