"""Run what happens behind the product: cases that go on, messages that wait, facts put into the log and sealed."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from zhida.surfaces.cli.groundwork.installation import home_option, set_up

_SEAL_EVERY = timedelta(minutes=1)
_ASK_EVERY = timedelta(minutes=5)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_asked = {"at": _LONG_AGO, "witnesses": _LONG_AGO, "index": _LONG_AGO}


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
        done = _turn() if once else _turn_safely()
        if once and not done:
            break
        if not done:
            ending.wait(pause)


def _ask_after_open(now: datetime) -> None:
    """Asks the treasury after payments without a final answer, now and then; whatever it does not say waits."""
    if now - _asked["at"] < _ASK_EVERY:
        return
    _asked["at"] = now
    from zhida.domain.errors import OutsideError
    from zhida.domain.values import Actor
    from zhida.kernel.cases.actions import record_outcomes
    from zhida.kernel.funds.ports import channels
    from zhida.kernel.funds.sending import ask_after_open

    by = Actor("system", "system")
    for channel in channels().names:
        try:
            treasury = channels().treasury(channel)
            ask_after_open(treasury=treasury, by=by, as_of=now, record=record_outcomes, channel=channel)
        except OutsideError as error:
            logging.getLogger(__name__).warning("%s", error)


def _seal(now: datetime) -> None:
    """Signs the log's head where a minute has passed and facts came, hands it to the witnesses, writes it to files."""
    from zhida.domain.errors import OutsideError
    from zhida.domain.values import Actor
    from zhida.kernel.ledger import actions, queries
    from zhida.kernel.ledger.ports import witnesses
    from zhida.kernel.ledger.publishing import publish
    from zhida.services.witnessing.submission import submit

    standing = queries.standing()
    is_due = standing.sealed_at is None or now - standing.sealed_at >= _SEAL_EVERY
    is_sealed = is_due and standing.leaves != (standing.sealed_size or 0)
    if is_sealed:
        actions.seal(as_of=now)
    if is_sealed or now - _asked["witnesses"] >= _SEAL_EVERY:
        _asked["witnesses"] = now
        submit(witnesses=witnesses(), by=Actor("system", "system"), as_of=now)
        try:
            publish()
        except OutsideError as error:  # a full disk, say: the next round writes what is missing
            logging.getLogger(__name__).warning("%s", error)


def _index_the_day(now: datetime) -> None:
    """Asks for a new index once a day: what opened or closed overnight is found as such; nothing changed, none made."""
    from django.db import transaction

    from zhida.domain.values import local_date
    from zhida.kernel.search.actions import request_rebuild

    if _asked["index"] != _LONG_AGO and local_date(_asked["index"]) == local_date(now):
        return
    _asked["index"] = now
    with transaction.atomic():
        request_rebuild(cause=f"day/{local_date(now)}", as_of=now)


def _turn_safely() -> int:
    """One round; a database that is away or busy is waited for, since its work is still there."""
    from django.db import OperationalError, connection

    try:
        return _turn()
    except OperationalError as error:
        logging.getLogger(__name__).warning("the database does not answer, trying again: %s", error)
        connection.close()
        return 0


def _turn() -> int:
    """One round; how much was done."""
    from zhida.domain.values import Actor
    from zhida.kernel.cases.actions import advance_due
    from zhida.kernel.ledger import actions
    from zhida.kernel.outbox.ports import handlers
    from zhida.kernel.outbox.pump import pump
    from zhida.kernel.ports import clock

    now = clock().now()
    _index_the_day(now)
    advanced = advance_due(by=Actor("system", "system"), as_of=now)
    carried = pump(handlers(), as_of=now)
    _ask_after_open(now)
    sequenced = actions.sequence(as_of=now)
    _seal(now)
    return sum(bool(looked.acts) for looked in advanced) + carried.handled + sequenced
