"""Screen the population: who is entitled to what, over every item in force."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from zhida.domain.values import Scope, SubjectKind, yuan
from zhida.surfaces.cli.folders import json_option, packs_option
from zhida.surfaces.cli.groundwork.installation import start

if TYPE_CHECKING:
    from zhida.kernel.entitlements.ports import Findings
    from zhida.kernel.entitlements.records import Run

_ALL = Scope.system("screening")


@click.command(name="screen")
@click.option("--fresh", is_flag=True, help="Build a new snapshot of each kind of subject first.")
@click.option("--compare", is_flag=True, help="Tell who stands otherwise than in the run before.")
@click.option("--tell", is_flag=True, help="Compare, and send a notice to each of those, of what changed and no more.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="All processors of this machine, or a dask cluster (ZHIDA_DASK names its scheduler).",
)
@click.option(
    "--snapshot-file",
    "rows",
    type=click.Path(exists=True, path_type=Path),
    help="Screen this Parquet file, or the files of this folder, against --packs; no database is needed.",
)
@packs_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of --snapshot-file [default: what it says].")
@json_option
def command(
    fresh: bool,
    compare: bool,
    tell: bool,
    engine: str,
    rows: Path | None,
    folder: Path,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Screen every item in force over the newest snapshots, and keep the results under one root.

    Cut off? Run the same command again and it goes on.
    """
    if rows is not None:
        from zhida.surfaces.cli.groundwork.unregistered import screen_files

        record = screen_files(rows, folder, as_of.date() if as_of else None, engine, _tell)
    else:
        record = _screen_registry(fresh, compare or tell, tell, engine)
    click.echo(json.dumps(record, ensure_ascii=False, indent=2) if as_json else _told(record))


def _screen_registry(fresh: bool, compare: bool, tell: bool, engine: str) -> dict[str, Any]:
    by, as_of = start()
    from zhida.kernel.catalogue import queries as catalogue
    from zhida.kernel.entitlements import actions, queries
    from zhida.kernel.registry import actions as registry

    if fresh:
        dictionary = catalogue.root().dictionary
        for kind in SubjectKind:
            registry.build_snapshot(kind=kind, dictionary=dictionary, as_of=as_of, by=by)
    began = perf_counter()
    run = queries.run(actions.screen(by=by, as_of=as_of, engine=engine, progress=_tell))
    record = _record(run, queries.findings(run.id), perf_counter() - began)
    previous = queries.latest_run(before=run.id) if compare else None
    if previous is not None:
        changes = queries.differences(run.id, previous.id, scope=_ALL)
        record["differences"] = Counter(str(difference.change) for difference in changes)
    if previous is not None and tell:
        told = actions.tell_differences(run_id=run.id, previous_id=previous.id, by=by, as_of=as_of)
        record["told"] = sum(told.values())
    return record


def _tell(done: int, total: int, words: str) -> None:
    """A line that moves on a terminal; elsewhere one when a stage is through, and what is out of order at once."""
    is_last = done == total
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{done:,}/{total:,} {words}", nl=is_last or not done, err=True)
    elif is_last or not done:
        click.echo(f"{done:,}/{total:,} {words}", err=True)


def _record(run: Run, found: Mapping[str, Findings], seconds: float) -> dict[str, Any]:
    from zhida.kernel.entitlements import queries
    from zhida.surfaces.cli.groundwork.unregistered import spent

    return {
        "run": run.id,
        "root": run.root,
        "inputs": dict(run.inputs),
        "subjects": run.subjects,
        "overlaid": run.overlaid,
        "pairs": sum(one.subjects * len(one.digests) for one in found.values()),
        "pairs_in_scope": sum(one.pairs_in_scope for one in found.values()),
        "entitled": run.entitled,
        "possible": run.possible,
        "fallbacks": dict(run.fallbacks),
        "absent": sorted({name for one in found.values() for name in one.absent}),
        "strangers": dict(sum((Counter(one.strangers) for one in found.values()), Counter())),
        "seconds": round(seconds, 3),
        **spent(found.values()),
        "items": {
            item.item_id: {
                "entitled": item.entitled,
                "possible": item.possible,
                "amount_fen": item.amount_fen,
                "amount_unknown": item.amount_unknown,
            }
            for item in queries.screened(run.id, scope=_ALL)
        },
    }


def _told(record: dict[str, Any]) -> str:
    stages = "  ".join(f"{stage} {seconds:.2f}" for stage, seconds in record["stages"].items())
    lines = [
        f"{record['run']}: {record['subjects']:,} subjects, {record['overlaid']:,} of them changed since the snapshot",
        f"  {record['pairs']:,} pairs of a subject and an item, {record['pairs_in_scope']:,} of them in one region",
        f"  {record['entitled']:,} entitled, {record['possible']:,} possible in {record['seconds']} s",
        f"  seconds: {stages}; at most {record['peak_mib']:,} MiB of memory",
        f"  root {record['root']}",
    ]
    for item, sums in record.get("items", {}).items():
        unknown = f" + {sums['amount_unknown']:,} not yet known" if sums["amount_unknown"] else ""
        money = f"{yuan(sums['amount_fen'])} 元{unknown}"
        lines.append(f"  {item}: {sums['entitled']:,} entitled, {sums['possible']:,} possible, {money}")
    if record["absent"]:
        lines.append(f"  no column, so unknown throughout: {', '.join(record['absent'])}")
    lines += [f"  {count:,} in region {code}, which no code tree holds" for code, count in record["strangers"].items()]
    lines += [f"  {reason}: {count:,} rows one by one" for reason, count in record["fallbacks"].items()]
    lines += [f"  {change}: {count:,}" for change, count in record.get("differences", {}).items()]
    lines += [f"  {record['told']:,} told"] if "told" in record else []
    return "\n".join(lines)
