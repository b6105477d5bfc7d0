"""`zhida funds limit | transfer | recovery | set-off`: what one person proposes and another (or two more) sign."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from zhida.domain.values import Scope, new_id
from zhida.surfaces.cli.folders import json_option
from zhida.surfaces.cli.groundwork.installation import home_option
from zhida.surfaces.cli.groundwork.money import Yuan, acting, tell_records

_ALL = Scope.system("shell")
_all = click.option("--all", "with_past", is_flag=True, help="What is over too.")
_duty = click.Choice(["maker", "checker", "releaser"])
OUTSIDE = "-"
RECALL_REASONS = ("duplicate", "wrong-amount", "wrong-account", "fraud", "mistaken")


@click.group()
def limit() -> None:
    """How much a duty may sign for at once: one person proposes, another confirms, neither in that duty."""


@limit.command(name="list")
@_all
@home_option
@json_option
def list_limits(with_past: bool, home: Path | None, as_json: bool) -> None:
    """The limits in force, then the proposals that wait."""
    acting(home, "operator")
    from zhida.services.controls import limits

    tell_records("limits", (*limits.limits_in_force(), *limits.limit_changes(is_open=not with_past)), as_json)


@limit.command(name="propose")
@click.argument("duty", type=_duty)
@click.argument("amount", type=Yuan(), required=False)
@click.option("--line", default="", help="One budget line; else all without a limit of their own.")
@click.option("--per-day", is_flag=True, help="What one person may sign for in a day, instead of at once.")
@click.option("--reason", required=True)
@home_option
def propose_limit(duty: str, amount: int | None, line: str, per_day: bool, reason: str, home: Path | None) -> None:
    """Propose that DUTY signs for up to AMOUNT yuan at once; without AMOUNT, that its limit ends."""
    by, now = acting(home, "operator")
    from zhida.services.controls import limits

    change_id, per = new_id("limit"), limits.DAY if per_day else limits.SIGNATURE
    meant = {"duty": duty, "line": line, "per": per, "reason": reason}
    limits.propose_limit(change_id=change_id, up_to_fen=amount, **meant, by=by, as_of=now)
    click.echo(change_id)


@limit.command(name="confirm")
@click.argument("change_id")
@click.option("--as", "duty", type=click.Choice(["checker", "releaser"]), default="checker", show_default=True)
@home_option
def confirm_limit(change_id: str, duty: str, home: Path | None) -> None:
    """Put a proposed limit in force, as another person."""
    by, now = acting(home, duty)
    from zhida.services.controls import limits

    limits.confirm_limit(change_id=change_id, by=by, as_of=now)


@click.group()
def transfer() -> None:
    """Money between budget lines under three signatures; "-" is outside: new money, or money given back."""


@transfer.command(name="list")
@_all
@home_option
@json_option
def list_transfers(with_past: bool, home: Path | None, as_json: bool) -> None:
    """The transfers that wait for a signature."""
    acting(home, "operator")
    from zhida.services.controls import transfers

    tell_records("transfers", transfers.transfers(scope=_ALL, is_open=not with_past), as_json)


@transfer.command(name="prepare")
@click.argument("source")
@click.argument("target")
@click.argument("amount", type=Yuan())
@click.option("--reason", required=True, help="The document that orders it.")
@home_option
def prepare_transfer(source: str, target: str, amount: int, reason: str, home: Path | None) -> None:
    """Propose to move AMOUNT yuan from SOURCE to TARGET, as the maker."""
    by, now = acting(home, "maker")
    from zhida.services.controls import transfers

    transfer_id = new_id("transfer")
    lines = {"source": source.removeprefix(OUTSIDE), "target": target.removeprefix(OUTSIDE)}
    transfers.prepare_transfer(transfer_id=transfer_id, **lines, amount_fen=amount, reason=reason, by=by, as_of=now)
    click.echo(transfer_id)


@transfer.command(name="check")
@click.argument("transfer_id")
@home_option
def check_transfer(transfer_id: str, home: Path | None) -> None:
    """Sign a transfer, as the checker."""
    by, now = acting(home, "checker")
    from zhida.services.controls import transfers

    transfers.check_transfer(transfer_id=transfer_id, by=by, as_of=now)


@transfer.command(name="release")
@click.argument("transfer_id")
@home_option
def release_transfer(transfer_id: str, home: Path | None) -> None:
    """Sign a checked transfer, as the releaser; the money moves."""
    by, now = acting(home, "releaser")
    from zhida.services.controls import transfers

    transfers.release_transfer(transfer_id=transfer_id, by=by, as_of=now)


@click.group()
def recovery() -> None:
    """Orders that a payee gives money back: two persons make a debt."""


@recovery.command(name="list")
@_all
@home_option
@json_option
def list_recoveries(with_past: bool, home: Path | None, as_json: bool) -> None:
    """The orders that wait for a signature or for money."""
    acting(home, "operator")
    from zhida.services.controls import recovering

    tell_records("recoveries", recovering.debts(scope=_ALL, is_open=not with_past), as_json)


@recovery.command(name="order")
@click.argument("disbursement")
@click.argument("amount", type=Yuan())
@click.option("--basis", required=True, help="The clause or the finding it rests on.")
@click.option("--obligation", default="", help="The item's obligation that was broken.")
@home_option
def order_recovery(disbursement: str, amount: int, basis: str, obligation: str, home: Path | None) -> None:
    """Order that AMOUNT yuan of a paid DISBURSEMENT come back, as the maker."""
    by, now = acting(home, "maker")
    from zhida.services.controls import recovering

    debt_id = new_id("debt")
    named = {"disbursement_id": disbursement, "basis": basis, "obligation": obligation}
    recovering.order_recovery(debt_id=debt_id, amount_fen=amount, by=by, as_of=now, **named)
    click.echo(debt_id)


@recovery.command(name="confirm")
@click.argument("debt_id")
@home_option
def confirm_recovery(debt_id: str, home: Path | None) -> None:
    """Sign an order, as the checker: from now on the payee owes it."""
    by, now = acting(home, "checker")
    from zhida.services.controls import recovering

    recovering.confirm_recovery(debt_id=debt_id, by=by, as_of=now)


@click.group()
def recall() -> None:
    """Ask a bank to give a payment back: one person orders it, another confirms; its return moves the money."""


@recall.command(name="list")
@_all
@home_option
@json_option
def list_recalls(with_past: bool, home: Path | None, as_json: bool) -> None:
    """The recalls that wait for a signature, for the bank, or for the money."""
    acting(home, "operator")
    from zhida.services.controls import recalling

    tell_records("recalls", recalling.recalls(scope=_ALL, is_open=not with_past), as_json)


@recall.command(name="order")
@click.argument("disbursement")
@click.option("--reason", "name", type=click.Choice(RECALL_REASONS), required=True, help="What the bank is told.")
@click.option("--basis", required=True, help="What happened, in at most 105 characters; the bank reads it.")
@home_option
def order_recall(disbursement: str, name: str, basis: str, home: Path | None) -> None:
    """Order that the bank is asked for DISBURSEMENT back, as the maker."""
    by, now = acting(home, "maker")
    from zhida.domain.postings import RecallReason
    from zhida.services.controls import recalling

    recall_id, reason = new_id("recall"), RecallReason[name.replace("-", "_").upper()]
    named = {"recall_id": recall_id, "disbursement_id": disbursement, "basis": basis}
    recalling.order_recall(reason=reason, **named, by=by, as_of=now)
    click.echo(recall_id)


@recall.command(name="confirm")
@click.argument("recall_id")
@home_option
def confirm_recall(recall_id: str, home: Path | None) -> None:
    """Sign a recall, as the checker: the worker asks the bank."""
    by, now = acting(home, "checker")
    from zhida.services.controls import recalling

    recalling.confirm_recall(recall_id=recall_id, by=by, as_of=now)


@click.group(name="set-off")
def set_off() -> None:
    """A debt taken out of a payment: one person prepares, another confirms, three release the parts."""


@set_off.command(name="list")
@_all
@home_option
@json_option
def list_set_offs(with_past: bool, home: Path | None, as_json: bool) -> None:
    """The set-offs that wait for a signature or for the release of their parts."""
    acting(home, "operator")
    from zhida.services.controls import offsetting

    tell_records("set-offs", offsetting.set_offs(scope=_ALL, is_open=not with_past), as_json)


@set_off.command(name="prepare")
@click.argument("payment")
@click.argument("debt")
@click.argument("amount", type=Yuan())
@home_option
def prepare_set_off(payment: str, debt: str, amount: int, home: Path | None) -> None:
    """Propose to take AMOUNT yuan out of PAYMENT for the paid disbursement DEBT, as the maker."""
    by, now = acting(home, "maker")
    from zhida.services.controls import offsetting

    set_off_id = new_id("setoff")
    offsetting.prepare_set_off(set_off_id=set_off_id, payment=payment, debt=debt, amount_fen=amount, by=by, as_of=now)
    click.echo(set_off_id)


@set_off.command(name="confirm")
@click.argument("set_off_id")
@home_option
def confirm_set_off(set_off_id: str, home: Path | None) -> None:
    """Sign a set-off, as the checker: the payment is reserved anew in its two parts, which are printed."""
    by, now = acting(home, "checker")
    from zhida.services.controls import offsetting

    parts = offsetting.confirm_set_off(set_off_id=set_off_id, by=by, as_of=now)
    click.echo(f"rest={parts.rest or 'nothing'} part={parts.part}")


@set_off.command(name="settle")
@click.argument("set_off_id")
@home_option
def settle_set_off(set_off_id: str, home: Path | None) -> None:
    """End a set-off whose part three persons have released: the debt counts as recovered by as much."""
    by, now = acting(home, "checker")
    from zhida.services.controls import offsetting

    offsetting.settle_set_off(set_off_id=set_off_id, by=by, as_of=now)


def _withdraw(home: Path | None, given: str) -> None:
    by, now = acting(home, "maker")
    from zhida.services.controls import lifting, limits, offsetting, recalling, recovering, transfers

    match given.partition("_")[0]:
        case "limit":
            limits.withdraw_limit(change_id=given, by=by, as_of=now)
        case "transfer":
            transfers.withdraw_transfer(transfer_id=given, by=by, as_of=now)
        case "debt":
            recovering.withdraw_recovery(debt_id=given, by=by, as_of=now)
        case "recall":
            recalling.withdraw_recall(recall_id=given, by=by, as_of=now)
        case "lifting" | "thaw":
            lifting.withdraw_lifting(lifting_id=given, by=by, as_of=now)
        case "setoff":
            offsetting.withdraw_set_off(set_off_id=given, by=by, as_of=now)
        case _:
            raise click.UsageError(f"{given} is no limit, transfer, recall, lifting, recovery or set-off")


@click.command()
@click.argument("given", metavar="ID")
@home_option
def withdraw(given: str, home: Path | None) -> None:
    """Take back a limit, transfer, recall, lifting, recovery or set-off that was proposed and is not in force."""
    _withdraw(home, given)


@click.command()
@click.argument("line")
@click.option("--reason", required=True)
@home_option
def freeze(line: str, reason: str, home: Path | None) -> None:
    """Freeze a budget LINE: nothing more is reserved, released or sent from it."""
    by, now = acting(home, "operator")
    from zhida.kernel.funds import actions

    actions.freeze_line(line=line, reason=reason, by=by, as_of=now)


def let_go(home: Path | None, kind: str, key: str, reason: str, *, is_confirming: bool) -> None:
    """Proposes that a line, a stop or a hold goes again, or confirms it where another person proposed it."""
    if bool(reason) is is_confirming:
        raise click.UsageError("say why to propose, or give --confirm")
    by, now = acting(home, "releaser" if is_confirming else "operator")
    from zhida.domain.errors import ConflictError
    from zhida.services.controls import lifting

    kept = lifting.Kept(kind)
    if not is_confirming:
        lifting.propose_lifting(lifting_id=new_id("lifting"), kind=kept, key=key, reason=reason, by=by, as_of=now)
        return
    waiting = lifting.waiting_lifting(kept, key)
    if waiting is None:
        raise ConflictError("no_such_proposal", f"nobody proposed to let {key} go", "propose it first")
    lifting.confirm_lifting(lifting_id=waiting.id, by=by, as_of=now)


@click.command()
@click.argument("line")
@click.option("--reason", default="", help="Why, where this proposes it.")
@click.option("--confirm", "is_confirming", is_flag=True, help="Confirm what another person proposed.")
@home_option
def thaw(line: str, reason: str, is_confirming: bool, home: Path | None) -> None:
    """Let a frozen LINE pay again: one person proposes it, another confirms; what waited on it is sent."""
    let_go(home, "line", line, reason, is_confirming=is_confirming)


@click.command()
@home_option
@json_option
def holds(home: Path | None, as_json: bool) -> None:
    """List the payments that are held or flagged, each with its reason."""
    acting(home, "operator")
    from zhida.services.controls.holds import holds_open

    tell_records("holds", holds_open(), as_json)


@click.command(name="lift")
@click.argument("hold_id")
@click.option("--note", default="", help="What was found out, where this proposes it.")
@click.option("--confirm", "is_confirming", is_flag=True, help="Confirm what another person proposed.")
@home_option
def lift(hold_id: str, note: str, is_confirming: bool, home: Path | None) -> None:
    """Let a held payment go: one person proposes it and says why, another confirms; it is sent anew."""
    let_go(home, "hold", hold_id, note, is_confirming=is_confirming)


@click.command()
@click.argument("item")
@click.option("--office", required=True, help="The office whose step selects.")
@home_option
def select(item: str, office: str, home: Path | None) -> None:
    """Close a round of an ITEM with a quota: of those who wait for selection, who gets a place or a share."""
    acted, now = acting(home, "reviewer")
    from zhida.kernel.cases.actions import select as close_round

    for case_id in close_round(item_id=item, by=replace(acted, office=office), as_of=now):
        click.echo(case_id)


COMMANDS = (select, limit, transfer, recall, recovery, set_off, withdraw, freeze, thaw, holds, lift)
