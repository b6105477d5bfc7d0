"""An installation as the commands use it: Django started, the clock asked, and who acts from a shell."""

from __future__ import annotations

import getpass
import os
from datetime import datetime
from pathlib import Path

import click

from zhida.domain.values import Actor

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where keys, database, snapshots and results stand. [env: ZHIDA_HOME; default: ~/.zhida]",
)


def load(home: Path | None = None) -> None:
    """Starts Django on the installation in `home` (else the one that ZHIDA_HOME names), whatever its database is."""
    if home is not None:
        os.environ["ZHIDA_HOME"] = str(home.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhida.config.settings")
    import django

    django.setup()


def set_up(home: Path | None = None, *, migrate: bool = False) -> Path:
    """Starts Django as `load` does; gives the installation's folder.

    With `migrate` its database is brought up to date, and so is an empty one; otherwise exits with 1 where it is not.
    """
    load(home)
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if migrate or not executor.loader.applied_migrations:
        call_command("migrate", verbosity=0, interactive=False)
        return Path(settings.HOME)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise click.ClickException(
            "数据库还没有升到这一版，请先运行 `zhida serve` 或 `django-admin migrate`\n"
            "the database is not up to date: run `zhida serve` or `django-admin migrate` first"
        )
    return Path(settings.HOME)


def start() -> tuple[Actor, datetime]:
    """Starts Django; gives who acts (the shell's user, as an operator) and the instant by the installation's clock."""
    set_up()
    from zhida.kernel.ports import clock

    return Actor(account=f"shell:{getpass.getuser()}"[:40], duty="operator"), clock().now()
