"""People and money of an installation: accounts, duties, mandates, budget lines."""

from __future__ import annotations

import click

from zhida.domain.errors import ConflictError
from zhida.domain.values import Scope, local_date, yuan
from zhida.surfaces.cli.groundwork.installation import start

ROLES = ("reviewer", "author", "maker", "checker", "releaser", "auditor", "operator")


@click.group(name="office")
def command() -> None:
    """Accounts, duties, mandates and budget lines.

    \b
    The first officer of a department, a firm's agent, and money to give:
      zhida office account lin --name "经办 · 林"
      zhida office appoint lin --office city-labour --role reviewer
      zhida office mandate wang --credit-code 91990102MA00000000
      zhida office line labour/refund --total-yuan 5000000
    """


@command.command()
@click.argument("login_name")
@click.option("--name", default="", help="What to call its holder.")
@click.password_option(help="Asked for where it is left out.")
def account(login_name: str, name: str, password: str) -> None:
    """Open an account that logs in as LOGIN_NAME; alone it may do nothing."""
    _, as_of = start()
    from zhida.kernel.accounts.actions import open_account

    click.echo(open_account(login_name=login_name, display_name=name, password=password, as_of=as_of))


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
@click.option("--credit-code", required=True, help="The unified social credit code of the firm it acts for.")
@click.option("--source", default="register", show_default=True, help="On whose word.")
def mandate(login_name: str, credit_code: str, source: str) -> None:
    """Let an account act for a firm, from today."""
    by, as_of = start()
    from zhida.kernel.offices import actions
    from zhida.kernel.registry import queries as registry

    firm = registry.find_by_credit_code(credit_code, scope=Scope.system("mandate"))
    if firm is None:
        raise ConflictError("no_such_subject", f"no firm {credit_code}", "import the register that knows it first")
    given = actions.give_mandate(
        account_id=_account_id(login_name), subject_id=firm.id, source=source, by=by, as_of=as_of
    )
    click.echo(f"{given}: {login_name} acts for {firm.name}")


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


def _account_id(login_name: str) -> str:
    from zhida.kernel.accounts.queries import account_named

    found = account_named(login_name)
    if found is None:
        raise ConflictError("no_such_account", f"nobody logs in as {login_name}", "open it: zhida office account")
    return found.id
