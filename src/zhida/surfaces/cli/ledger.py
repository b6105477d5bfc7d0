"""Look at the ledger: verify the whole log, show where it stands, write out a receipt."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from zhida.surfaces.cli.folders import json_option
from zhida.surfaces.cli.groundwork.installation import home_option, set_up


@click.group(name="ledger")
def command() -> None:
    """Look at the ledger: facts in a Merkle tree (RFC 9162) under signed checkpoints (C2SP)."""


@command.command()
@home_option
@json_option
def verify(home: Path | None, as_json: bool) -> None:
    """Check every fact, every stored hash and every signed head; exit 1 where anything does not hold, and say where."""
    set_up(home)
    from zhida.kernel.ledger.queries import standing
    from zhida.kernel.ledger.verification import verify as verify_log

    report, now = verify_log(), standing()
    if as_json:
        click.echo(json.dumps({"ok": report.ok, **asdict(now), "report": str(report)}, default=str))
    else:
        click.echo(f"{now.entries} facts, {now.leaves} in the tree, root {now.root}")
        click.echo("every fact, hash and signature holds" if report.ok else str(report))
    raise SystemExit(0 if report.ok else 1)


@command.command()
@click.argument("about")
@click.option("--kind", default="", help="Only facts of this kind, such as case.closed.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the receipt of the last one here.")
@home_option
def show(about: str, kind: str, out: Path | None, home: Path | None) -> None:
    """Show the facts about an id (a case, a grant, a pack), and write out a receipt."""
    set_up(home)
    from zhida.kernel.ledger import queries

    facts = [fact for fact in queries.entries_about(about) if not kind or fact.kind == kind]
    for fact in facts:
        click.echo(f"{fact.at.isoformat()}  {fact.kind:<28}{json.dumps(fact.fields, ensure_ascii=False)}")
    if out is not None and facts:
        out.write_bytes(queries.receipt(facts[-1].id))
        click.echo(f"receipt of {facts[-1].kind} written to {out}")
