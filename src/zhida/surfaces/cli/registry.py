"""The registry: import a register kept elsewhere, generate a made-up one, build snapshots for screening."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhida.domain.errors import AuthorError
from zhida.domain.values import SubjectKind, local_date
from zhida.surfaces.cli.folders import json_option, open_root, read_files
from zhida.surfaces.cli.groundwork.installation import start

if TYPE_CHECKING:
    from zhida.domain.packs import Dictionary
    from zhida.kernel.registry.importing import FileMapping, PlaceBook
    from zhida.kernel.registry.records import BatchReport
    from zhida.services.demonstration.generation import Population


_packs = click.option(
    "--packs",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take the dictionary from this pack root instead of the one published here.",
)
_day = click.DateTime(["%Y-%m-%d"])


@click.group(name="registry")
def command() -> None:
    """Subjects and what is known of them.

    \b
    A first population, and everything that follows from it:
      zhida registry generate --organisations 2000 --persons 3000 --households 1200
      zhida registry snapshot
      zhida screen
    """


@command.command(name="generate")
@click.option("--organisations", type=click.IntRange(0), default=2_000, show_default=True)
@click.option("--persons", type=click.IntRange(0), default=3_000, show_default=True)
@click.option("--households", type=click.IntRange(0), default=1_200, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same population.")
@click.option("--observed-on", type=_day, help="The day the sources speak of (default: today).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write Parquet here, land nothing.")
@click.option("--packs", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default="packs")
@json_option
def generate_command(
    organisations: int,
    persons: int,
    households: int,
    seed: int,
    observed_on: datetime | None,
    out: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Make up a population and land it: nobody in it is real, all places are of the fictitious province.

    The dictionary (<packs>/_attributes) says which facts there are, <packs>/_population what they look like. Landing
    the same population again changes nothing.
    """
    by, as_of = start()
    from zhida.kernel.registry import actions
    from zhida.kernel.registry.dictionary import shapes_of
    from zhida.services.demonstration.generation import generate, land, read_portraits

    dictionary = open_root(folder).dictionary
    portraits = {path: data for path, data in read_files(folder).items() if path.startswith("_population/")}
    population = generate(
        seed=seed,
        organisations=organisations,
        persons=persons,
        households=households,
        shapes=shapes_of(dictionary),
        trees=dictionary.code_trees,
        portraits=read_portraits(portraits),
        observed_on=observed_on.date() if observed_on else local_date(as_of),
    )
    if out is not None:
        _write(population, out)
        _print({"out": str(out), "tables": len(population.tables)}, as_json)
        return
    actions.load_dictionary(dictionary=dictionary, by=by, as_of=as_of)
    with _progress("landing", len(population.tables) + len(population.subjects), as_json) as step:
        reports = land(population=population, by=by, as_of=as_of, step=lambda words: step(1))
    subjects = {str(kind): table.num_rows for kind, table in population.subjects.items()}
    _print({"subjects": subjects, "batches": [_figures(report) for report in reports]}, as_json)


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping_path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="The office that answers for the file, over the mapping's own.")
@click.option("--observed-on", type=_day, help="The day the file speaks of, over the mapping's own.")
@_packs
@json_option
def import_command(
    file: Path, mapping_path: Path, source: str, observed_on: datetime | None, folder: Path | None, as_json: bool
) -> None:
    """Take over FILE (CSV in UTF-8 or GB 18030, XLSX, Parquet) as its MAPPING says.

    Good rows land, rows that cannot be read are kept aside with line, field and reason:
    read = landed + updated + unchanged + quarantined. Cut off? Run the same command again and it goes on. The same file
    is taken once. `zhida registry show BATCH` lists what is kept aside; docs/how-to/import-a-register.md teaches
    mappings.
    """
    by, as_of = start()
    from zhida.kernel.registry import actions
    from zhida.kernel.registry.dictionary import shapes_of
    from zhida.kernel.registry.importing import import_file, read_mapping

    dictionary = _dictionary(folder)
    actions.load_dictionary(dictionary=dictionary, by=by, as_of=as_of)
    try:
        mapping = read_mapping(mapping_path.read_bytes(), mapping_path.name, shapes_of(dictionary))
        places = _places(mapping, mapping_path.parent, dictionary)
    except AuthorError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1) from error
    with _progress(file.name, None, as_json) as step:
        report = import_file(
            path=file,
            mapping=mapping,
            places=places,
            source=source,
            observed_on=observed_on.date() if observed_on else None,
            by=by,
            as_of=as_of,
            step=step,
        )
    _print(_figures(report), as_json)


@command.command(name="snapshot")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([str(kind) for kind in SubjectKind]))
@_packs
@json_option
def snapshot_command(kinds: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Join the latest batches and single changes into one immutable file a kind, ready to be screened."""
    by, as_of = start()
    from zhida.kernel.registry import actions

    dictionary = _dictionary(folder)
    built = []
    chosen = [SubjectKind(kind) for kind in kinds] or list(SubjectKind)
    with _progress("building", len(chosen), as_json) as step:
        for kind in chosen:
            ref = actions.build_snapshot(kind=kind, dictionary=dictionary, as_of=as_of, by=by)
            built.append({**asdict(ref), "as_of": ref.as_of.isoformat()})
            step(1)
    _print({"snapshots": built}, as_json)


@command.command(name="show")
@click.argument("batch")
@json_option
def show_command(batch: str, as_json: bool) -> None:
    """Tell the figures of BATCH, the lines kept aside, and the lines that landed with a doubt."""
    start()
    from zhida.kernel.registry import queries

    record = _figures(queries.batch_report(batch))
    record["quarantine"] = [asdict(line) for line in queries.quarantined(batch)]
    record["doubts"] = [asdict(line) for line in queries.flagged(batch)]
    _print(record, as_json)


def _dictionary(folder: Path | None) -> Dictionary:
    if folder is not None:
        return open_root(folder).dictionary
    from zhida.kernel.catalogue import queries as catalogue

    dictionary = catalogue.root().dictionary
    if not dictionary.attributes:
        raise click.ClickException("no dictionary is published here: give --packs, or publish packs first")
    return dictionary


def _places(mapping: FileMapping, folder: Path, dictionary: Dictionary) -> PlaceBook:
    """The mapping's own lists of divisions, found beside it, else the dictionary's tree."""
    from zhida.kernel.registry.importing import PlaceBook, read_places

    lists = [(name, (folder / name).read_bytes()) for name in mapping.places.get("lists", ())]
    file = mapping.places.get("history")
    history = (file, (folder / file).read_bytes()) if file else None
    book = read_places(lists, history if lists else None)
    return book if lists else PlaceBook(dictionary.code_trees["region"].names)


def _figures(report: BatchReport) -> dict[str, Any]:
    return {name: dict(value) if name in ("flags", "refused") else value for name, value in asdict(report).items()}


def _write(population: Population, out: Path) -> None:
    import pyarrow.parquet as pq

    out.mkdir(parents=True, exist_ok=True)
    for kind, table in population.subjects.items():
        pq.write_table(table, out / f"subjects-{kind}.parquet")
    for part in population.tables:
        pq.write_table(part.table, out / f"{part.kind}-{part.source}.parquet")


@contextmanager
def _progress(words: str, total: int | None, as_json: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, told how many more are done (or, without a total, how many in all)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=as_json, transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, completed=done) if total is None else bar.advance(task, done)


def _print(record: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2, default=_plain))
        return
    for name, value in record.items():
        rows = value if isinstance(value, list) else None
        if rows is None:
            click.echo(f"{name}: {value}")
            continue
        click.echo(f"{name}: {len(rows)}")
        for row in rows:
            click.echo("  " + "  ".join(f"{key}={part}" for key, part in row.items() if part not in ("", {}, [])))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
