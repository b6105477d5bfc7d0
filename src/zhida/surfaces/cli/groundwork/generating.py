"""What is made up at any scale: a population, landed or written as a snapshot's files; a province's packs."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhida.domain.packs import read_root
from zhida.domain.values import SubjectKind, local_date
from zhida.surfaces.cli.folders import json_option, read_files
from zhida.surfaces.cli.groundwork.installation import load, start
from zhida.surfaces.cli.groundwork.progress import progress
from zhida.surfaces.cli.groundwork.records import batch_figures, print_record

if TYPE_CHECKING:
    from zhida.domain.packs import Dictionary

_COUNTS = {SubjectKind.ORGANISATION: 2_000, SubjectKind.PERSON: 3_000, SubjectKind.HOUSEHOLD: 1_200}
_seed = click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same again.")


@click.command(name="generate")
@click.option("--organisations", type=click.IntRange(0), help="[default: 2000]")
@click.option("--persons", type=click.IntRange(0), help="[default: 3000]")
@click.option("--households", type=click.IntRange(0), help="[default: 1200]")
@_seed
@click.option("--observed-on", type=click.DateTime(["%Y-%m-%d"]), help="The day the sources speak of (default: today).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write Parquet here, land nothing.")
@click.option("--groups", type=click.IntRange(1), default=1, show_default=True, help="Groups of 65,536 rows a file.")
@click.option("--packs", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default="packs")
@json_option
def generate_population(
    organisations: int | None,
    persons: int | None,
    households: int | None,
    seed: int,
    observed_on: datetime | None,
    out: Path | None,
    groups: int,
    folder: Path,
    as_json: bool,
) -> None:
    """Make up a population and land it: nobody in it is real, all places are of the fictitious province.

    The dictionary (<packs>/_attributes) says which facts there are, <packs>/_population what they look like. Landing
    the same population again changes nothing.

    With --out nothing is landed and no database is needed: OUT/<kind>/part-00000.parquet and so on hold what a snapshot
    of the kinds that were asked for would, at any scale. Cut off? Run the same command again and it goes on.
    """
    given = dict(zip(_COUNTS, (organisations, persons, households), strict=True))
    if out is None:
        counts = {kind: _COUNTS[kind] if count is None else count for kind, count in given.items()}
        _land(counts, folder, seed, observed_on.date() if observed_on else None, as_json)
        return
    asked = {kind: count for kind, count in given.items() if count} or _COUNTS
    _write(asked, folder, seed, observed_on.date() if observed_on else None, out, groups, as_json)


def _land(counts: dict[SubjectKind, int], folder: Path, seed: int, observed_on: date | None, as_json: bool) -> None:
    by, as_of = start()
    from zhida.kernel.registry import actions
    from zhida.kernel.registry.dictionary import shapes_of
    from zhida.services.demonstration.generation import generate, land, read_portraits

    dictionary, portraits = _shared(folder)
    population = generate(
        seed=seed,
        organisations=counts[SubjectKind.ORGANISATION],
        persons=counts[SubjectKind.PERSON],
        households=counts[SubjectKind.HOUSEHOLD],
        shapes=shapes_of(dictionary),
        trees=dictionary.code_trees,
        portraits=read_portraits(portraits),
        observed_on=observed_on or local_date(as_of),
    )
    actions.load_dictionary(dictionary=dictionary, by=by, as_of=as_of)
    with progress("landing", len(population.tables) + len(population.subjects), as_json) as step:
        reports = land(population=population, by=by, as_of=as_of, step=lambda words: step(1))
    subjects = {str(kind): table.num_rows for kind, table in population.subjects.items()}
    print_record({"subjects": subjects, "batches": [batch_figures(report) for report in reports]}, as_json)


def _write(
    counts: dict[SubjectKind, int],
    folder: Path,
    seed: int,
    observed_on: date | None,
    out: Path,
    groups: int,
    as_json: bool,
) -> None:
    load()
    from zhida.kernel.ports import clock
    from zhida.services.demonstration.generation import read_portraits
    from zhida.services.demonstration.generation.partitions import write_partitions
    from zhida.services.demonstration.generation.portraits import Portrait
    from zhida.services.demonstration.generation.snapshots import Crowd

    dictionary, files = _shared(folder)
    portraits = read_portraits(files)
    written: dict[str, Any] = {"out": str(out), "kinds": []}
    with progress("drawing", sum(counts.values()), as_json) as step:
        for kind, count in counts.items():
            portrait = portraits.get(kind, Portrait(kind))
            crowd = Crowd(kind, count, seed, observed_on or local_date(clock().now()), dictionary, portrait)
            found = write_partitions(crowd, out / kind, groups_each=groups, step=step)
            written["kinds"].append({"kind": kind, "rows": found.rows, "files": len(found.files), "drawn": found.drawn})
    print_record(written, as_json)


def _shared(folder: Path) -> tuple[Dictionary, dict[str, bytes]]:
    """The dictionary of a pack root and its portraits, without a look at its packs."""
    shared = {f"_attributes/{path}": data for path, data in read_files(folder / "_attributes").items()}
    drawn = folder / "_population"
    portraits = {f"_population/{path}": data for path, data in (read_files(drawn) if drawn.is_dir() else {}).items()}
    return read_root(shared).dictionary, portraits


@click.command(name="generate")
@click.option("--items", type=click.IntRange(1), required=True, help="How many items; a real province has 18,857.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The new pack root.")
@_seed
@json_option
def generate_packs(items: int, out: Path, seed: int, as_json: bool) -> None:
    """Make up a province's pack root: code trees, dictionary, portrait of its organisations, and packs of many items.

    A population that fits: `zhida registry generate --packs OUT --organisations N --out FOLDER`. Cut off? Run the same
    command again and it goes on.
    """
    load()
    from zhida.services.demonstration.generation.province.roots import write_root

    with progress("writing", items, as_json) as step:
        written = write_root(items, seed, out, step=step)
    record = {"out": str(out), "items": items, "packs": written.packs, "files": written.files, "new": written.fresh}
    print_record(record, as_json)
