"""`zhida`: finds the command modules beside it by name and loads only the one that is called.

A module `some_name.py` that holds a click command called `command` is the command `some-name`; the first line of its
docstring is its help. So `zhida pack check` starts without Django.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path
from typing import Any

import click

from zhida.domain.errors import AuthorError, ZhidaError

_HERE = Path(__file__).parent
_NO_COMMANDS = frozenset({"main", "folders", "saying"})


class LazyGroup(click.Group):
    """Commands named after the modules of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, without importing anything."""
        found = (module.name for module in pkgutil.iter_modules([str(_HERE)]) if not module.ispkg)
        return sorted(name.replace("_", "-") for name in found if name not in _NO_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the one module; None where there is none of this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"zhida.surfaces.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands with the first line of their modules."""
        rows = [(name, _first_line(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_line(name: str) -> str:
    source = (_HERE / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhida")
def zhida() -> None:
    """直达: from a policy's text to money in the right account, with proof."""


def main(*arguments: Any) -> None:
    """The console script. Errors of ours are told in words, without a traceback, and exit with 1."""
    try:
        zhida.main(args=list(arguments) or None, prog_name="zhida", standalone_mode=True)
    except ZhidaError as error:
        click.echo(_told(error), err=True)
        raise SystemExit(1) from error


def _told(error: ZhidaError) -> str:
    """What is wrong in an author's files, line by line; of any other error the Chinese of its code, where there is one,
    and below it the English, which names what it is about."""
    from zhida.surfaces.look.telling.problems import as_line
    from zhida.surfaces.look.telling.refusals import chinese, in_chinese

    if isinstance(error, AuthorError):
        return "\n".join(as_line(problem, "zh") for problem in error.problems)
    if error.code not in chinese():
        return str(error)
    said = in_chinese(error.code, error.words, error.hint)
    return f"{said.detail}{' → ' if said.hint else ''}{said.hint}\n  {error}"


if __name__ == "__main__":
    main()
