"""Look at the ledger: verify the whole log, show where it stands, write out a receipt."""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict
from pathlib import Path

import click

from zhida.surfaces.cli.folders import json_option
from zhida.surfaces.cli.groundwork.installation import home_option, set_up
from zhida.surfaces.cli.groundwork.money import acting


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
        for fault in report.faults:
            click.echo(f"{fault.record or fault.first}  {fault.field or '(row)'}  {fault.reason.zh} {fault.reason.en}")
        click.echo(
            "every fact, hash and signature holds" if report.ok else f"{len(report.faults)} place(s) do not hold"
        )
    raise SystemExit(0 if report.ok else 1)


@command.command(name="rotate-key")
@click.option("--signature", type=click.Choice(["ed25519", "sm2"]), help="The new key's kind; the installation's else.")
@home_option
def rotate_key(signature: str | None, home: Path | None) -> None:
    """Put a fresh log key in use and print its public half: publish it, and give it to witnesses and mirrors.

    Heads that the old key signed stay verifiable by its public half, which is kept; the ledger keeps that it changed.
    """
    by, now = acting(home, "operator")
    from zhida.services.controls.rotating import rotate_log_key

    click.echo(rotate_log_key(signature=signature or "", by=by, as_of=now))


@command.command()
@click.argument("record", default="")
@click.option("--files", is_flag=True, help="Write the log's damaged or missing files anew instead.")
@click.option("--mirror", default="", help="A mirror's folder, or the address of a log, such as https://…/log.")
@click.option(
    "--token-file", type=click.Path(exists=True, path_type=Path), help="The token for fields, for an address."
)
@click.option("--witness", "trusted", multiple=True, help="A witness's key to trust beside those of this installation.")
@home_option
def repair(
    record: str, files: bool, mirror: str, token_file: Path | None, trusted: tuple[str, ...], home: Path | None
) -> None:
    """Restore what is damaged, proven under a signed head, and write that it was done.

    \b
    The rows of one entry, by its id or position, from a mirror:
      zhida ledger repair entry_01… --mirror folder
    The log's files, from the rows (and a mirror for rows that are damaged too):
      zhida ledger repair --files

    The head must bear this log's signature and the cosignature of a witness, where any is known.
    """
    if bool(record) == files or not (files or mirror):
        raise click.UsageError("name a RECORD and a --mirror, or say --files")
    set_up(home)
    from zhida.domain.proofs import VerifierKey
    from zhida.domain.values import Actor
    from zhida.kernel.ledger.ports import witnesses
    from zhida.kernel.ports import clock
    from zhida.services.mirroring.rebuilding import rebuild
    from zhida.services.mirroring.repairing import repair_from
    from zhida.services.mirroring.source import HttpSource, MirrorFolder

    token = token_file.read_text("utf-8").strip() if token_file else ""
    source = HttpSource(mirror, token) if "://" in mirror else MirrorFolder(Path(mirror))
    known = [*(each.key for each in witnesses()), *map(VerifierKey.parse, trusted)]
    by, as_of = Actor(account=f"shell:{getpass.getuser()}"[:40], duty="operator"), clock().now()
    if files:
        rebuilt = rebuild(
            witnesses=known, by=by, as_of=as_of, mirror=source.read if mirror else None, name=mirror or "mirror"
        )
        for path in rebuilt.paths:
            click.echo(f"written anew: {path}")
        click.echo(f"{rebuilt.size} entries, proven; {len(rebuilt.paths)} file(s) were damaged or missing")
        return
    restored = repair_from(
        record=record,
        read=source.read,
        payloads=source.payloads if token or isinstance(source, MirrorFolder) else lambda _: {},
        witnesses=known,
        mirror=mirror,
        by=by,
        as_of=as_of,
    )
    click.echo(f"restored: {', '.join(restored)}" if restored else "nothing was damaged")


@command.command()
@click.argument("about")
@click.option("--kind", default="", help="Only facts of this kind, such as case.closed.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the receipt of the last one here; as a page where it ends in .pdf.",
)
@home_option
def show(about: str, kind: str, out: Path | None, home: Path | None) -> None:
    """Show the facts about an id (a case, a grant, a pack), and write out a receipt."""
    set_up(home)
    from zhida.kernel.ledger import queries
    from zhida.services.papers.receipt import receipt_pdf

    facts = [fact for fact in queries.entries_about(about) if not kind or fact.kind == kind]
    for fact in facts:
        click.echo(f"{fact.at.isoformat()}  {fact.kind:<28}{json.dumps(fact.fields, ensure_ascii=False)}")
    if out is not None and facts:
        receipt = queries.receipt(facts[-1].id)
        out.write_bytes(receipt_pdf(receipt) if out.suffix == ".pdf" else receipt)
        click.echo(f"receipt of {facts[-1].kind} written to {out}")
