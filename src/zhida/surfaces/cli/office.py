"""People and money of an installation: accounts, duties, mandates, budget lines."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.values import Actor, Scope, local_date, yuan
from zhida.surfaces.cli.folders import lang_option
from zhida.surfaces.cli.groundwork.declared import read_declarations
from zhida.surfaces.cli.groundwork.installation import start
from zhida.surfaces.look.telling.problems import as_line

if TYPE_CHECKING:
    from zhida.kernel.registry.queries import SubjectRecord

_credit_code = click.option("--credit-code", default="", help="The unified social credit code of a firm.")
_citizen = click.option("--citizen", is_flag=True, help="A person instead: asks for the citizen number, unseen.")
_ending = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The first day without it; else tomorrow.")
ROLES = ("reviewer", "author", "maker", "checker", "releaser", "auditor", "operator")


@click.group(name="office")
def command() -> None:
    """Accounts, duties, mandates and budget lines.

    \b
    The first officer of a department, a firm's agent, a person's own account, and money to give:
      zhida office account lin --name "经办 · 林"
      zhida office appoint lin --office city-labour --role reviewer
      zhida office mandate wang --credit-code 91990102MA00000000
      zhida office mandate zhao --citizen
      zhida office line labour/refund --total-yuan 5000000
    And their end:
      zhida office dismiss lin --office city-labour --role reviewer
      zhida office end-mandate wang --credit-code 91990102MA00000000
      zhida office close lin
    Whom officers stand aside from, as the personnel office has it:
      zhida office import-ties kin.csv --by qin
    A phone or key was lost, and its holder is known to an operator:
      zhida office forget-second-factors lin --by qin --reason "came in person, identity card seen"
    A password was forgotten, and its holder is known to an operator:
      zhida office set-password lin --by qin --reason "came in person, identity card seen"
    """


@command.command()
@click.argument("login_name")
@click.option("--name", default="", help="What to call its holder.")
def account(login_name: str, name: str) -> None:
    """Open an account that logs in as LOGIN_NAME; alone it may do nothing.

    Its password is asked for twice, or is the first line of standard input.
    """
    _, as_of = start()
    from zhida.services.identities import passwords

    opened = passwords.open_account(login_name=login_name, display_name=name, password=_unseen_password(), as_of=as_of)
    click.echo(opened)


@command.command()
@click.argument("login_name")
@click.option("--office", required=True, help="The office as the dictionary names it.")
@click.option("--role", required=True, type=click.Choice(ROLES))
def appoint(login_name: str, office: str, role: str) -> None:
    """Give an account a duty at an office, from today. Maker, checker and releaser are three persons."""
    by, as_of = start()
    from zhida.kernel.offices import actions, queries

    queries.office(office)
    account_id = _account_id(login_name)
    click.echo(actions.appoint(account_id=account_id, office_id=office, role=role, by=by, as_of=as_of))


@command.command()
@click.argument("login_name")
@_credit_code
@_citizen
@click.option("--source", default="register", show_default=True, help="On whose word.")
def mandate(login_name: str, credit_code: str, citizen: bool, source: str) -> None:
    """Let an account act for a firm, or for the person who holds it, from today."""
    by, as_of = start()
    from zhida.kernel.offices import actions

    subject = _subject(credit_code, citizen)
    given = actions.give_mandate(
        account_id=_account_id(login_name), subject_id=subject.id, source=source, by=by, as_of=as_of
    )
    click.echo(f"{given}: {login_name} acts for {subject.name}")


@command.command()
@click.argument("login_name")
@click.option("--office", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@_ending
def dismiss(login_name: str, office: str, role: str, on: datetime | None) -> None:
    """End a duty at an office: from the day given it is no longer held."""
    by, as_of = start()
    from zhida.kernel.offices import actions, queries

    held = queries.duties_of(_account_id(login_name), as_of)
    duty = next((one for one in held if (one.office, one.role) == (office, role)), None)
    if duty is None:
        raise ConflictError(
            "no_such_duty", f"{login_name} is not {role} at {office} today", "look at the name and role"
        )
    actions.dismiss(duty_id=duty.id, on=_day(on, as_of), by=by, as_of=as_of)


@command.command(name="end-mandate")
@click.argument("login_name")
@_credit_code
@_citizen
@_ending
def end_mandate(login_name: str, credit_code: str, citizen: bool, on: datetime | None) -> None:
    """Let an account act for a firm or a person no longer, from the day given."""
    by, as_of = start()
    from zhida.kernel.offices import actions, queries

    subject = _subject(credit_code, citizen)
    held = [one for one in queries.mandates(_account_id(login_name), as_of) if one.subject == subject.id]
    if not held:
        raise ConflictError("no_such_mandate", f"{login_name} does not act for {subject.name}", "look at the name")
    for one in held:
        actions.end_mandate(mandate_id=one.id, on=_day(on, as_of), by=by, as_of=as_of)


@command.command()
@click.argument("login_name")
def close(login_name: str) -> None:
    """Close an account: nobody logs in to it any more, what it did stays on record."""
    start()
    from zhida.kernel.accounts.actions import close_account

    close_account(account_id=_account_id(login_name))


@command.command(name="forget-second-factors")
@click.argument("login_name")
@click.option("--by", "operator", required=True, help="The operator who answers for it: another person's log-in.")
@click.option("--reason", required=True, help="How the holder was known, and what was lost. It stands in the ledger.")
def forget_second_factors(login_name: str, operator: str, reason: str) -> None:
    """Take every passkey, one-time code and spare code from an account whose holder lost them; the password stays."""
    _, as_of = start()
    from zhida.services.identities import second_factors

    count = second_factors.forget_second_factors(
        account_id=_account_id(login_name), operator=_account_id(operator), reason=reason, as_of=as_of
    )
    click.echo(f"{count} taken from {login_name}; the next log-in asks for the password alone")


@command.command(name="set-password")
@click.argument("login_name")
@click.option("--by", "operator", required=True, help="The operator who answers for it: another person's log-in.")
@click.option("--reason", required=True, help="How the holder was known. It stands in the ledger.")
def set_password(login_name: str, operator: str, reason: str) -> None:
    """Set the password of an account whose holder forgot it: asked twice, or the first line of standard input.

    Whoever is logged in to the account is logged out; passkeys and second factors stay.
    """
    _, as_of = start()
    from zhida.services.identities import passwords

    account_id, by = _account_id(login_name), _account_id(operator)
    ended = passwords.set_password(
        account_id=account_id, password=_unseen_password(), operator=by, reason=reason, as_of=as_of
    )
    click.echo(f"已给 {login_name} 设新密码，退出了 {ended} 处登录；通行密钥和第二道验证没有动")
    click.echo(f"{login_name} has a new password, {ended} sessions ended; passkeys and second factors stay")


@command.command(name="import-ties")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "operator", required=True, help="The operator who answers for it.")
@click.option("--doubtful", is_flag=True, help="Also numbers whose check digit does not fit: the card says so.")
@lang_option
def import_ties(path: Path, operator: str, doubtful: bool, lang: str) -> None:
    """Take in from a CSV file whom officers stand aside from (columns: login, relation, name, number).

    Relations: self, spouse, lineal, collateral, in_law, firm. All lines are taken, or none; a second time adds nothing.
    What is wrong is told all at once, by line, and exits with 1.
    """
    _, as_of = start()
    from zhida.services.controls import kinship

    by = _operator(operator, as_of)
    try:
        ties = read_declarations(path, today=local_date(as_of), is_doubtful_taken=doubtful)
    except AuthorError as error:
        for problem in error.problems:
            click.echo(as_line(problem, lang), err=True)
        raise SystemExit(1) from error
    new = kinship.declare_ties(ties=ties, source=kinship.PERSONNEL, by=by, as_of=as_of)
    click.echo(f"{new} new of {len(ties)}")


@command.command()
@click.argument("login_name")
@click.option("--by", "operator", required=True, help="The operator who asks; the reading stands in the ledger.")
def ties(login_name: str, operator: str) -> None:
    """Whom an officer stands aside from: id, relation, name, end of the number."""
    _, as_of = start()
    from zhida.services.controls import kinship

    by = _operator(operator, as_of)
    for one in kinship.read_ties(account_id=_account_id(login_name), by=by, as_of=as_of):
        click.echo(f"{one.id}  {one.relation}  {one.name}  *{one.number[-4:]}")


@command.command(name="end-tie")
@click.argument("tie_id")
@click.option("--by", "operator", required=True, help="The operator who answers for it: another than the officer.")
@click.option("--reason", required=True, help="Why they are no more; it stands in the ledger.")
def end_tie(tie_id: str, operator: str, reason: str) -> None:
    """Let an officer take on again what concerns somebody they stood aside from."""
    _, as_of = start()
    from zhida.services.controls import kinship

    kinship.end_tie(tie_id=tie_id, reason=reason.strip(), by=_operator(operator, as_of), as_of=as_of)


@command.command()
@click.argument("line")
@click.option("--total-yuan", required=True, type=click.IntRange(1, 10**12), help="This year's money.")
def line(line: str, total_yuan: int) -> None:
    """Open a budget line that the dictionary names, with this year's money."""
    by, as_of = start()
    from zhida.kernel.catalogue import queries as catalogue
    from zhida.kernel.funds import actions as funds

    dictionary = catalogue.root().dictionary
    entry = dictionary.budget_lines.get(line)
    if entry is None:
        known = ", ".join(dictionary.budget_lines) or "none is named"
        raise ConflictError("no_such_line", f"the dictionary names no budget line {line}", f"known: {known}")
    funds.open_line(
        line=line,
        name=entry.words["zh"],
        office=entry.owner,
        region=dictionary.offices[entry.owner].region,
        year=local_date(as_of).year,
        total_fen=total_yuan * 100,
        by=by,
        as_of=as_of,
    )
    click.echo(f"{line}: {yuan(total_yuan * 100)} 元 for {entry.owner}")


@command.command(name="rotate-key")
def rotate_key() -> None:
    """Sign licences with a fresh key from now on, and print its id.

    Licences signed before stay verifiable: the old key's public half stays published beside the new one.
    """
    by, now = start()
    from zhida.services.controls.rotating import rotate_issuer_key

    click.echo(rotate_issuer_key(by=by, as_of=now))


def _subject(credit_code: str, citizen: bool) -> SubjectRecord:
    """Whom an account acts for. A citizen number is never an argument, which other users of the machine can read."""
    from zhida.kernel.registry import queries as registry

    if bool(credit_code) == citizen:
        raise click.UsageError("say either --credit-code or --citizen")
    scope = Scope.system("mandate")
    if citizen:
        number = click.prompt("Citizen number", hide_input=True)
        found, words = registry.find_by_number(number, scope=scope), "nobody with this citizen number"
    else:
        found, words = registry.find_by_credit_code(credit_code, scope=scope), f"no firm {credit_code}"
    if found is None:
        raise ConflictError("no_such_subject", words, "import the register that knows it first")
    return found


def _unseen_password() -> str:
    """Never an argument, which other users of the machine can read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("新密码 New password", hide_input=True, confirmation_prompt="再输一次 Once more"))


def _operator(login_name: str, as_of: datetime) -> Actor:
    from zhida.services.identities.operators import operator_on_duty

    return operator_on_duty(_account_id(login_name), as_of)


def _day(on: datetime | None, as_of: datetime) -> date:
    return on.date() if on else local_date(as_of) + timedelta(days=1)


def _account_id(login_name: str) -> str:
    from zhida.kernel.accounts.queries import account_named

    found = account_named(login_name)
    if found is None:
        raise ConflictError("no_such_account", f"nobody logs in as {login_name}", "open it: zhida office account")
    return found.id
