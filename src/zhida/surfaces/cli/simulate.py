"""Simulate: what a policy would cost and whom it would reach; or play the outside, a treasury that pays nobody."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from zhida.surfaces.cli.folders import json_option, lang_option, packs_option
from zhida.surfaces.cli.groundwork.looking_back import Past, day_of, told_back
from zhida.surfaces.cli.saying import both

_ANOMALIES = (
    *("missing", "extra", "duplicate", "wrong_amount", "swapped_account"),
    *("split", "merged", "late", "wrong_day", "reversal", "all"),
)
_WHICH_DAY = both("--snapshot-file 是哪天的，请用 --on 写", "say the day of --snapshot-file with --on")


@click.group(name="simulate")
def command() -> None:
    """Try a policy on a whole population (policy), or play the outside world for trials and tests (treasury)."""


@command.command()
@click.argument("items", nargs=-1, required=True)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of changes to compare with the versions in force; any number.",
)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose snapshot and versions count [default: now]."
)
@click.option(
    "--back-test",
    "back",
    type=Past(),
    help="Lay today's rules on a day or year of the past, published then or not, beside what was really granted.",
)
@click.option(
    "--take-up", default="1", show_default=True, help="Who claims: 0.6, or lowest,likely,highest 0.4,0.6,0.8."
)
@click.option("--assume", multiple=True, help="A fact=value for all of whom it is not known: what a form would ask.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same claims again.")
@click.option("--bound", type=click.IntRange(5), default=5, show_default=True, help="The least size of a shown cell.")
@click.option(
    "--snapshot-file",
    "rows",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run on this Parquet file against --packs; no database is needed, and nothing is kept.",
)
@packs_option
@json_option
def policy(
    items: tuple[str, ...],
    scenarios: tuple[Path, ...],
    on: datetime | None,
    back: date | None,
    take_up: str,
    assume: tuple[str, ...],
    seed: int,
    bound: int,
    rows: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Tell who would get how much of ITEMS (or of all items of a pack), beside what scenarios would change.

    Everyone of a snapshot is asked; sums alone come out, and stand in the ledger. docs/explanation/simulation.md
    """
    from zhida.surfaces.cli.groundwork import simulating

    files, share = simulating.read_scenarios(scenarios), simulating.share_of(take_up)
    notes: list[str] = []
    day = day_of(on, back)
    asked = simulating.Asked(items, files, day, share, simulating.assumptions(assume), seed, bound, back is not None)
    if rows is not None:
        if on is None or day is None:
            raise click.UsageError(_WHICH_DAY)
        outcome, titles = simulating.simulate_file(asked, rows, folder, day)
        record = outcome.record()
    else:
        kept = simulating.simulate_registry(asked)
        outcome, titles = kept.outcome, kept.inputs["words"]["assumed"]
        record = {"id": kept.id, "digest": kept.digest, **kept.outcome.record()}
        notes = [*told_back(kept)]
        record |= {name: kept.inputs[name] for name in ("rules_on", "back") if name in kept.inputs}
    record["assumed_titles"] = titles
    told = "\n".join([simulating.told(outcome, titles), *notes])
    click.echo(json.dumps(record, ensure_ascii=False, indent=2) if as_json else told)


@command.command()
@click.argument("items", nargs=-1, required=True)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of changes, with years of its own where it says some; any number.",
)
@click.option(
    "--snapshot-file",
    "rows",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run on this Parquet file against --packs; no database is needed, and nothing is kept.",
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the first year [default: now].")
@click.option("--years", type=click.IntRange(1, 10), default=3, show_default=True)
@click.option(
    "--take-up", "shares", multiple=True, help="Who claims, year by year; the last one holds on [default: everybody]."
)
@click.option("--budget", "budgets", multiple=True, help="What a year has to spend: 2027=5000000, in yuan.")
@click.option("--places", multiple=True, help="How many may begin in a year: 2027=200.")
@click.option(
    "--order",
    type=click.Choice(["first_come", "pro_rata", "ranked"]),
    help="How too little is shared out [default: as the item's own quota, else first_come].",
)
@click.option("--rank-by", default="", help="What ranks the claims, as rules write it: staff_count(year - 1).")
@click.option("--rank-first", type=click.Choice(["high", "low"]), default="high", show_default=True)
@click.option(
    "--left-over",
    type=click.Choice(["wait", "refuse"]),
    default="wait",
    show_default=True,
    help="Whether those who are not reached wait for the next year.",
)
@click.option("--assume", multiple=True, help="A fact=value for all of whom it is not known: what a form would ask.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same claims again.")
@click.option("--bound", type=click.IntRange(5), default=5, show_default=True, help="The least size of a shown count.")
@packs_option
@json_option
@lang_option
def years(
    items: tuple[str, ...],
    scenarios: tuple[Path, ...],
    rows: Path | None,
    on: datetime | None,
    years: int,
    shares: tuple[str, ...],
    assume: tuple[str, ...],
    seed: int,
    bound: int,
    folder: Path,
    as_json: bool,
    lang: str,
    **limits: Any,
) -> None:
    """Tell of ITEMS, year by year, who comes in, who drops out, and what falls due, of earlier claims too.

    Budgets and places hold a year back: what was granted before is paid first. Without --snapshot-file the registry is
    asked, and what comes out is kept with a fact in the ledger. Only the calendar moves: what is held fixed is told at
    the end. docs/explanation/simulation.md
    """
    from zhida.surfaces.cli.groundwork import looking_ahead, simulating

    if rows is not None and on is None:
        raise click.UsageError(_WHICH_DAY)
    given = [simulating.share_of(text) for text in shares[:years]] or [simulating.share_of("1")]
    take_up = [*given, *[given[-1]] * (years - len(given))]
    files, day = simulating.read_scenarios(scenarios), on.date() if on else None
    asked = simulating.Asked(items, files, day, take_up[0], simulating.assumptions(assume), seed, bound)
    plan = looking_ahead.plan_of(**limits)
    found = looking_ahead.look_ahead(asked, take_up, plan, rows, folder)
    told = looking_ahead.record(found) if as_json else looking_ahead.told_by_year(found, bound, lang)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else told)


@command.command()
@click.argument("simulation_id", metavar="SIMULATION")
@click.option("--scenario", required=True, help="The name of the scenario in that run.")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="From when new numbers hold [default: today].")
@click.option("--office", default="", help="Begin it as a draft on this office's desk, to be published by two persons.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Or write its files below this folder.")
@json_option
def convert(
    simulation_id: str, scenario: str, effective: datetime | None, office: str, out: Path | None, as_json: bool
) -> None:
    """Make a kept scenario into a revision of the policy that it changes: its files with the scenario's numbers.

    Golden cases that no longer hold are named, for the author to look at.
    """
    from zhida.surfaces.cli.folders import write_files
    from zhida.surfaces.cli.groundwork import simulating

    if bool(office) == (out is not None):
        raise click.UsageError(
            both(
                "要写 --office（到工作台起草）或 --out（写进文件夹）",
                "say --office for a draft on the desk, or --out for a folder",
            )
        )
    revised = simulating.convert_kept(simulation_id, scenario, effective.date() if effective else None)
    draft_id = ""
    if out is not None:
        try:
            write_files(out, revised.files)
        except FileExistsError as error:
            raise click.ClickException(
                both(f"已经有 {error.filename} 了", f"{error.filename} is there already")
            ) from error
    else:
        draft_id = simulating.begin_draft(revised, office)
    record: dict[str, Any] = {"pack": revised.pack_id, "base": revised.base, "draft": draft_id}
    record |= {"changed": list(revised.changed), "broken": list(revised.broken)}
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    click.echo(f"{revised.pack_id}: {', '.join(revised.changed)} as {draft_id or out}")
    for name in revised.broken:
        click.echo(f"  no longer holds: {name}")


@command.command()
@click.option("--port", default=8461, show_default=True, help="0 takes a free one; the address is printed first.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), default=Path("treasury"), show_default=True)
@click.option("--seed", type=int, help="Misbehave as this seed draws; the same seed does the same again.")
@click.option("--fault-rate", type=click.FloatRange(0, 1), default=0.3, show_default=True)
@click.option("--late", default=2.0, show_default=True, help="Seconds after which a late payment shows.")
@click.option("--stall", default=15.0, show_default=True, help="Seconds for which a stalled reply waits.")
@click.option("--no-deduplication", is_flag=True, help="Pay a reference again each time it is sent.")
@click.option("--files", type=click.Path(file_okay=False, path_type=Path), help="Serve this folder of payment files.")
@click.option("--anomaly", multiple=True, type=click.Choice(_ANOMALIES), help="What statements get wrong.")
@click.option("--anomaly-rate", type=click.FloatRange(0, 1), default=0.05, show_default=True)
@click.option("--callbacks", help="Call back here with news of payments: …/api/v1/treasury/news")
@click.option("--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What signs them.")
@click.option("--forged-rate", type=click.FloatRange(0, 1), default=0.0, show_default=True)
def treasury(seed: int | None, no_deduplication: bool, anomaly: tuple[str, ...], **more: Any) -> None:
    """Start the simulated treasury: it takes ISO 20022 over HTTP and files, and prints its address.

    With a seed it loses requests and replies, answers late, twice, in part, with another amount or with an error; its
    statements hold whatever --anomaly names. Accounts ending in 0000 are closed, those in 9999 send money back;
    a recall from 8888 is refused, one from 7777 takes its time.
    """
    if more["callbacks"] and not more["secret_file"]:
        raise click.UsageError(both("回调要签名：请写 --secret-file", "callbacks are signed: give --secret-file"))
    arguments = [sys.executable, "-m", "zhida.adapters.treasury.simulator"]
    for name, value in more.items():
        arguments += [f"--{name.replace('_', '-')}", str(value)] if value is not None else []
    arguments += ["--faults", str(seed)] if seed is not None else []
    arguments += ["--no-deduplication"] if no_deduplication else []
    for kind in anomaly:
        arguments += ["--anomaly", kind]
    os.execv(sys.executable, arguments)  # noqa: S606 (our own interpreter takes this process over)
