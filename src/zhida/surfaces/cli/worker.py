"""Run what happens behind the product: cases that go on, messages that wait, facts put into the log and sealed."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from zhida.domain.values import Actor
from zhida.surfaces.cli.folders import json_option
from zhida.surfaces.cli.groundwork.installation import home_option, set_up
from zhida.surfaces.cli.groundwork.money import acting, tell
from zhida.surfaces.cli.groundwork.rounds import Task, run_round

_SEAL_EVERY = timedelta(minutes=1)
_ASK_EVERY = timedelta(minutes=5)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_asked = dict.fromkeys(("at", "recalls", "witnesses", "index", "figures"), _LONG_AGO)
_COUNT_EVERY = timedelta(minutes=1)
_COUNTING_SHARE = 20
"""Counting rests for so many times as long as it took, so that it takes no more than a twentieth of a processor."""


@click.group(name="worker", invoke_without_command=True)
@home_option
@click.option("--once", is_flag=True, help="Do what is due now and end; exit 1 where a task failed.")
@click.option("--pause", default=1.0, show_default=True, help="Seconds to rest where nothing was due.")
@click.pass_context
def command(context: click.Context, home: Path | None, once: bool, pause: float) -> None:
    """Do what is due, again and again, until told to stop (SIGTERM, Ctrl-C); whatever is cut off is taken up again.

    Run as many as you like: messages are leased, the log has one sequencer at a time. A task that fails is told, tried
    again after a growing pause, and keeps no other from its work.
    """
    if context.invoked_subcommand:
        return
    set_up(home)
    from zhida.kernel.ports import clock

    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    tasks = tasks_of_the_worker()
    while not ending.is_set():
        done = run_round(tasks, clock().now())
        if once and not done:
            break
        if not done:
            ending.wait(pause)
    raise SystemExit(1 if once and any(task.failures for task in tasks) else 0)


@command.command()
@home_option
@json_option
def parked(home: Path | None, as_json: bool) -> None:
    """List the messages that were given up, each with what the last try said."""
    acting(home, "operator")
    from zhida.kernel.outbox import queries

    rows = [{"id": each.id, "kind": each.kind, "key": each.key, "error": each.error} for each in queries.parked()]
    words = [f"{row['id']}  {row['kind']:<18}{row['key']}\n    {row['error']}" for row in rows]
    tell({"parked": rows}, as_json, words or ["nothing is parked"])


@command.command()
@click.argument("message_ids", nargs=-1, metavar="[MESSAGE]...")
@click.option("--all", "is_all", is_flag=True, help="Everything that is parked.")
@click.option("--reason", required=True, help="What was mended.")
@home_option
def retry(message_ids: tuple[str, ...], is_all: bool, reason: str, home: Path | None) -> None:
    """Give parked messages another round of tries, once what kept them back is mended."""
    if is_all is bool(message_ids):
        raise click.UsageError("name the messages, or say --all")
    by, now = acting(home, "operator")
    from zhida.kernel.outbox import queries
    from zhida.services.controls.parking import retry_parked

    for message_id in [each.id for each in queries.parked(limit=100_000)] if is_all else message_ids:
        retry_parked(message_id=message_id, reason=reason, by=by, as_of=now)
        click.echo(message_id)


@command.command()
@home_option
@json_option
def count(home: Path | None, as_json: bool) -> None:
    """Count anew, whole, the figures that supervision, outreach and the open figures show."""
    _, now = acting(home, "operator")
    from zhida.services.figures.keeping import keep

    done = keep(as_of=now, is_whole=True)
    tell({"as_of": done.as_of.isoformat(), "took_ms": done.took_ms}, as_json, [f"counted in {done.took_ms} ms"])


def tasks_of_the_worker() -> tuple[Task, ...]:
    """What every round does; the log comes first, so that nothing is paid on one that was rolled back."""
    return (
        Task("sealing the log", _seal),
        Task("asking for the index of the day", _index_the_day),
        Task("cases that go on by themselves", _advance),
        Task("messages that wait", _pump),
        Task("asking after open payments", _ask_after_open),
        Task("listening for recalls", _listen_for_recalls),
        Task("facts without a leaf", _sequence),
        Task("figures counted for pages", _count),
    )


def _advance(now: datetime) -> int:
    from zhida.kernel.cases.actions import advance_due

    return sum(bool(looked.acts) for looked in advance_due(by=_system(), as_of=now))


def _pump(now: datetime) -> int:
    from zhida.kernel.outbox.ports import handlers
    from zhida.kernel.outbox.pump import pump

    return pump(handlers(), as_of=now).handled


def _sequence(now: datetime) -> int:
    from zhida.kernel.ledger import actions

    return actions.sequence(as_of=now)


def _system() -> Actor:
    return Actor(account="system", duty="system")


def _ask_after_open(now: datetime) -> int:
    """Asks the treasury after payments without a final answer, now and then; whatever it does not say waits."""
    if now - _asked["at"] < _ASK_EVERY:
        return 0
    _asked["at"] = now
    from zhida.domain.errors import OutsideError
    from zhida.kernel.cases.actions import record_outcomes
    from zhida.kernel.funds.ports import channels
    from zhida.kernel.funds.sending import ask_after_open

    by = _system()
    for channel in channels().names:
        try:
            treasury = channels().treasury(channel)
            ask_after_open(treasury=treasury, by=by, as_of=now, record=record_outcomes, channel=channel)
        except OutsideError as error:
            logging.getLogger(__name__).warning("%s", error)
    return 0


def _listen_for_recalls(now: datetime) -> int:
    """Asks what became of recalls, now and then."""
    if now - _asked["recalls"] < _ASK_EVERY:
        return 0
    _asked["recalls"] = now
    from zhida.kernel.cases.actions import record_outcomes
    from zhida.services.controls.recall_sending import listen

    listen(by=_system(), as_of=now, record=record_outcomes)
    return 0


def _seal(now: datetime) -> int:
    """Signs the log's head where a minute has passed and facts came, hands it to the witnesses, writes it to files."""
    from zhida.domain.errors import OutsideError
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
        submit(witnesses=witnesses(), by=_system(), as_of=now)
        try:
            publish()
        except OutsideError as error:  # a full disk, say: the next round writes what is missing
            logging.getLogger(__name__).warning("%s", error)
    return 0


def _count(now: datetime) -> int:
    """Counts anew what pages show, where something changed since it was counted."""
    if now < _asked["figures"]:
        return 0
    from zhida.services.figures.keeping import keep

    took = timedelta(milliseconds=keep(as_of=now).took_ms)
    _asked["figures"] = now + max(_COUNT_EVERY, _COUNTING_SHARE * took)
    return 0


def _index_the_day(now: datetime) -> int:
    """Asks for a new index once a day: what opened or closed overnight is found as such; nothing changed, none made."""
    from django.db import transaction

    from zhida.domain.values import local_date
    from zhida.kernel.search.actions import request_rebuild

    if _asked["index"] != _LONG_AGO and local_date(_asked["index"]) == local_date(now):
        return 0
    _asked["index"] = now
    with transaction.atomic():
        request_rebuild(cause=f"day/{local_date(now)}", as_of=now)
    return 0
