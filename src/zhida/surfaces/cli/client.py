"""Platforms of the city that log their people in here: which, with which return addresses, told what."""

from __future__ import annotations

import click

from zhida.surfaces.cli.groundwork.installation import start


@click.group(name="client")
def command() -> None:
    """Other platforms that log in through this one (OpenID Connect); there is no such service until one is added.

    \b
      zhida client add east-zone --zh 东区企业平台 --en "East zone platform" --office city-labour \\
        --redirect https://east.example.gov.cn/back --scope profile --scope acting
      zhida client list
      zhida client close east-zone
      zhida client rotate-key
    """


@command.command()
@click.argument("name")
@click.option("--zh", required=True, help="What people call it.")
@click.option("--en", required=True, help="The same in English.")
@click.option("--office", required=True, help="The office that answers for it, as the dictionary names it.")
@click.option("--redirect", "redirects", multiple=True, required=True, help="An address to come back to, whole.")
@click.option("--scope", "scopes", multiple=True, help="profile, acting, name or citizen_number; openid is always in.")
@click.option("--public", is_flag=True, help="A program on people's own devices, which can keep no secret.")
def add(
    name: str, zh: str, en: str, office: str, redirects: tuple[str, ...], scopes: tuple[str, ...], public: bool
) -> None:
    """Put a platform on the list as client NAME, and print its secret, which is shown this once."""
    by, as_of = start()
    from zhida.services.vouching.clients import NewClient, add_client
    from zhida.services.vouching.ports import voucher

    new = NewClient(name, (zh, en), office, redirects, scopes, keeps_secrets=not public)
    secret = add_client(new=new, by=by, as_of=as_of)
    click.echo(f"issuer         {voucher().address}")
    click.echo(f"client_id      {name}")
    click.echo(f"client_secret  {secret or '(none: PKCE alone)'}")


@command.command(name="list")
def list_() -> None:
    """Show the platforms on the list."""
    start()
    from zhida.services.vouching.clients import clients

    for one in clients():
        click.echo(f"{one.id}  {one.titles[0]}  {one.office}  {' '.join(one.scopes)}  {' '.join(one.redirects)}")


@command.command()
@click.argument("name")
def close(name: str) -> None:
    """Take a platform off the list: from now on nobody logs in there through us, and it is told nothing more."""
    by, as_of = start()
    from zhida.services.vouching.clients import close_client

    close_client(client_id=name, by=by, as_of=as_of)


@command.command(name="rotate-key")
def rotate_key() -> None:
    """Sign log-ins with a fresh key from now on, and print its id; platforms find it by themselves."""
    by, as_of = start()
    from zhida.services.vouching.rotating import rotate_voucher_key

    click.echo(rotate_voucher_key(by=by, as_of=as_of))
