"""The registry: import a register kept elsewhere, generate a made-up one, build snapshots for screening."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhida.domain.errors import AuthorError
from zhida.domain.values import Scope, SubjectKind
from zhida.surfaces.cli.folders import json_option, open_root
from zhida.surfaces.cli.groundwork.generating import generate_population
from zhida.surfaces.cli.groundwork.installation import start
from zhida.surfaces.cli.groundwork.progress import progress
from zhida.surfaces.cli.groundwork.records import batch_figures, print_record
from zhida.surfaces.cli.saying import both

if TYPE_CHECKING:
    from zhida.domain.packs import Dictionary
    from zhida.kernel.registry.importing import FileMapping, PlaceBook


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


command.add_command(generate_population)


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
    with progress(file.name, None, as_json) as step:
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
    print_record(batch_figures(report), as_json)


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
    with progress("building", len(chosen), as_json) as step:
        for kind in chosen:
            ref = actions.build_snapshot(kind=kind, dictionary=dictionary, as_of=as_of, by=by)
            built.append({**asdict(ref), "as_of": ref.as_of.isoformat()})
            step(1)
    print_record({"snapshots": built}, as_json)


@command.command(name="show")
@click.argument("batch")
@click.option("--line", type=int, help="Instead, the cells of one line that was kept aside, in clear, to mend them.")
@json_option
def show_command(batch: str, line: int | None, as_json: bool) -> None:
    """Tell the figures of BATCH, the lines kept aside, and the lines that landed with a doubt."""
    start()
    from zhida.kernel.registry import queries

    if line is not None:
        cells = queries.quarantined_line(batch, line, scope=Scope.system(f"mend {batch}"))
        print_record(dict(cells), as_json)
        return
    record = batch_figures(queries.batch_report(batch))
    record["quarantine"] = [asdict(line) for line in queries.quarantined(batch)]
    record["doubts"] = [asdict(line) for line in queries.flagged(batch)]
    print_record(record, as_json)


def _dictionary(folder: Path | None) -> Dictionary:
    if folder is not None:
        return open_root(folder).dictionary
    from zhida.kernel.catalogue import queries as catalogue

    dictionary = catalogue.root().dictionary
    if not dictionary.attributes:
        zh = "这里还没有发布事实字典：请写 --packs，或先发布政策包"
        en = "no dictionary is published here: give --packs, or publish packs first"
        raise click.ClickException(both(zh, en))
    return dictionary


def _places(mapping: FileMapping, folder: Path, dictionary: Dictionary) -> PlaceBook:
    """The mapping's own lists of divisions, found beside it, else the dictionary's tree."""
    from zhida.kernel.registry.importing import PlaceBook, read_places

    lists = [(name, (folder / name).read_bytes()) for name in mapping.places.get("lists", ())]
    file = mapping.places.get("history")
    history = (file, (folder / file).read_bytes()) if file else None
    book = read_places(lists, history if lists else None)
    return book if lists else PlaceBook(dictionary.code_trees["region"].names)
