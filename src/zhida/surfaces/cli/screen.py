"""Screen the population: who is entitled to what, over every item in force."""

from __future__ import annotations

import json
import sys
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from zhida.domain.values import Scope, SubjectKind, yuan
from zhida.surfaces.cli.folders import json_option
from zhida.surfaces.cli.groundwork.installation import start

if TYPE_CHECKING:
    from zhida.kernel.entitlements.records import Run

_ALL = Scope.system("screening")


@click.command(name="screen")
@click.option("--fresh", is_flag=True, help="Build a new snapshot of each kind of subject first.")
@click.option("--compare", is_flag=True, help="Tell who stands otherwise than in the run before.")
@json_option
def command(fresh: bool, compare: bool, as_json: bool) -> None:
    """Screen every item in force over the newest snapshots, and keep the results under one root."""
    by, as_of = start()
    from zhida.kernel.catalogue import queries as catalogue
    from zhida.kernel.entitlements import actions, queries
    from zhida.kernel.registry import actions as registry

    if fresh:
        dictionary = catalogue.root().dictionary
        for kind in SubjectKind:
            registry.build_snapshot(kind=kind, dictionary=dictionary, as_of=as_of, by=by)
    began = perf_counter()
    run = queries.run(actions.screen(by=by, as_of=as_of, progress=_tell if sys.stderr.isatty() else None))
    record = _record(run, perf_counter() - began)
    previous = queries.latest_run(before=run.id) if compare else None
    if previous is not None:
        changes = queries.differences(run.id, previous.id, scope=_ALL)
        record["differences"] = Counter(str(difference.change) for difference in changes)
    click.echo(json.dumps(record, ensure_ascii=False, indent=2) if as_json else _told(record))


def _tell(done: int, total: int, item: str) -> None:
    click.echo(f"\r\033[K{done}/{total} {item}", nl=done == total, err=True)


def _record(run: Run, seconds: float) -> dict[str, Any]:
    from zhida.kernel.entitlements import queries

    return {
        "run": run.id,
        "root": run.root,
        "inputs": dict(run.inputs),
        "subjects": run.subjects,
        "overlaid": run.overlaid,
        "entitled": run.entitled,
        "possible": run.possible,
        "fallbacks": dict(run.fallbacks),
        "seconds": round(seconds, 3),
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
    lines = [
        f"{record['run']}: {record['subjects']:,} subjects, {record['overlaid']:,} of them changed since the snapshot",
        f"  {record['entitled']:,} entitled, {record['possible']:,} possible in {record['seconds']} s",
        f"  root {record['root']}",
    ]
    for item, sums in record["items"].items():
        unknown = f" + {sums['amount_unknown']:,} not yet known" if sums["amount_unknown"] else ""
        money = f"{yuan(sums['amount_fen'])} 元{unknown}"
        lines.append(f"  {item}: {sums['entitled']:,} entitled, {sums['possible']:,} possible, {money}")
    lines += [f"  {reason}: {count:,} rows one by one" for reason, count in record["fallbacks"].items()]
    lines += [f"  {change}: {count:,}" for change, count in record.get("differences", {}).items()]
    return "\n".join(lines)
