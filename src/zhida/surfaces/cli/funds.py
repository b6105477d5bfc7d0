"""Look after money: reconcile and close a day, see what waits, stop it, move it between lines, have it given back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from zhida.surfaces.cli.folders import json_option
from zhida.surfaces.cli.groundwork.installation import home_option
from zhida.surfaces.cli.groundwork.money import acting, tell
from zhida.surfaces.cli.groundwork.moving import COMMANDS, let_go

_channel = click.option("--channel", default="", help="The bank, by its name in channels.json; else the treasury.")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(name="funds")
def command() -> None:
    """Look after money. One person alone moves none: each signature is another user's of this machine."""


for each in COMMANDS:
    command.add_command(each)


@command.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--day", type=_DAY, help="Fetch this day's statement instead of reading a file.")
@click.option("--two-ways", is_flag=True, help="Leave the treasury's own list out; compare statement and books only.")
@_channel
@home_option
@json_option
def reconcile(
    file: Path | None, day: datetime | None, two_ways: bool, channel: str, home: Path | None, as_json: bool
) -> None:
    """Compare a day's statement (a camt.053 FILE, or --day), the treasury's list and our books; exit 1 on findings."""
    if (file is None) is (day is None):
        raise click.UsageError("give a statement FILE or --day")
    by, now = acting(home, "operator")
    from zhida.domain.values import new_id
    from zhida.kernel.funds import actions
    from zhida.kernel.funds.ports import StatementFile, channels, statements

    treasury = channels().treasury(channel)
    found = statements().read(file.read_bytes()) if file else StatementFile(_date(day), treasury.statement(_date(day)))
    on, lines = found.day, found.lines
    references = {line.reference for line in lines} | set(actions.due_references(on, channel))
    listed = None if two_ways else treasury.ask(sorted(references))
    report = actions.reconcile(
        reconciliation_id=new_id("reconcile"), day=on, lines=lines, listed=listed, channel=channel, by=by, as_of=now
    )
    odd = {str(kind): count for kind, count in sorted(report.counts.items()) if kind != "matched"}
    told = {"day": on, "lines": report.lines, "net_fen": report.net_fen, "findings": report.counts}
    words = [f"{on}: {report.lines} movements, net {report.net_fen} fen"]
    words += [f"  {kind:<18}{count}" for kind, count in odd.items()] or ["  everything matches"]
    tell(told, as_json, words)
    raise SystemExit(1 if odd else 0)


def _date(day: datetime | None) -> date:
    if day is None:
        raise click.UsageError("give --day")
    return day.date()


@command.command(name="close-day")
@click.argument("day", type=_DAY)
@click.option("--sign", "digest", help="Sign as the second person what has this digest; without it the first signs.")
@_channel
@home_option
@json_option
def close_day(day: datetime, digest: str | None, channel: str, home: Path | None, as_json: bool) -> None:
    """Close a reconciled DAY under two signatures: the maker's, then another person's over the same digest.

    What has not come to zero (in flight, unexplained) is named with its age in days; exit 1 where there is any.
    """
    by, now = acting(home, "checker" if digest else "maker")
    from zhida.domain.errors import ConflictError
    from zhida.domain.values import new_id
    from zhida.services.controls import closing

    on = day.date()
    balance = closing.day_balance(on, channel)
    if digest is None:
        close_id = new_id("close")
        digest = closing.prepare_close(close_id=close_id, day=on, channel=channel, by=by, as_of=now)
    else:
        prepared = closing.prepared_close(on, channel)
        if prepared is None:
            raise ConflictError("no_such_close", f"nobody has prepared the close of {on}", "the maker signs first")
        close_id = prepared
        closing.check_close(close_id=close_id, digest=digest, by=by, as_of=now)
    told = {"close": close_id, "digest": digest, "is_closed": closing.is_closed(on, channel), **balance.told()}
    words = [f"{on} {'closed' if told['is_closed'] else 'prepared'}: {digest}"]
    words += [f"paid {balance.paid_fen} fen, returned {balance.returned_fen} fen, {balance.lines} movements"]
    for item in (*balance.in_flight, *balance.unexplained):
        words.append(f"  {item.name:<18}{item.reference:<36}{item.amount_fen:>14} fen  {item.age_days} days")
    tell(told, as_json, [*words, "clearing accounts at zero"] if balance.is_clean else words)
    raise SystemExit(0 if balance.is_clean else 1)


@command.command()
@_channel
@home_option
@json_option
def unknowns(channel: str, home: Path | None, as_json: bool) -> None:
    """List what is in flight without a final answer, the longest waiting first, with its age and what holds it."""
    _, now = acting(home, "operator")
    from zhida.kernel.funds import queries
    from zhida.services.controls.holds import held

    found = queries.unanswered(channel)
    reasons = held([row.id for row in found], as_of=now)
    rows = [
        {
            "reference": row.reference,
            "line": row.line,
            "state": str(row.state),
            "amount_fen": row.amount_fen,
            "requested_on": row.requested_on,
            "age_hours": int((now - row.changed_at).total_seconds() // 3600),
            "held": reasons.get(row.id, ""),
        }
        for row in found
    ]
    words = [
        f"{row['reference']:<30}{row['state']:<12}{row['amount_fen']:>14} fen{row['age_hours']:>6} h  "
        f"{row['line']} {row['held']}".rstrip()
        for row in rows
    ]
    tell({"unknowns": rows}, as_json, words or ["nothing is in flight"])


@command.command()
@click.argument("kind", type=click.Choice(["all", "channel", "policy", "item"]))
@click.argument("key", default="")
@click.option("--reason", required=True)
@home_option
def stop(kind: str, key: str, reason: str, home: Path | None) -> None:
    """Press a stop button: for all, a channel, a policy (pack id) or an item; the next sending already obeys."""
    by, now = acting(home, "operator")
    from zhida.domain.values import new_id
    from zhida.services.controls.stops import StopKind, press_stop

    stop_id = new_id("stop")
    press_stop(stop_id=stop_id, kind=StopKind(kind), key=key, reason=reason, by=by, as_of=now)
    click.echo(stop_id)


@command.command()
@click.argument("stop_id")
@click.option("--reason", default="", help="Why, where this proposes it.")
@click.option("--confirm", "is_confirming", is_flag=True, help="Confirm what another person proposed.")
@home_option
def resume(stop_id: str, reason: str, is_confirming: bool, home: Path | None) -> None:
    """Lift a stop: one person proposes it, another confirms; whatever waited is sent."""
    let_go(home, "stop", stop_id, reason, is_confirming=is_confirming)
