"""`zhida pack export` and `import`: a pack with all that it uses in one file, the same bytes wherever it is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from zhida.domain.errors import AuthorError
from zhida.domain.packs import read_revision, revision_of
from zhida.services.authoring.archive import packed, unpacked
from zhida.surfaces.cli.folders import chosen, open_root, packs_option, sound_pack
from zhida.surfaces.cli.groundwork.installation import start
from zhida.surfaces.cli.saying import both
from zhida.surfaces.look.telling.problems import as_line

__all__ = ["export_pack", "import_pack", "packed", "published_files"]

_SHARED = ("_attributes/", "_groups/")


@click.command(name="export")
@click.argument("target", metavar="PACK")
@packs_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--published", is_flag=True, help="The version in force in the installation's catalogue, not the folder.")
def export_pack(target: str, folder: Path, out: Path, published: bool) -> None:
    """Write a pack, with exactly the entries that it uses of what packs share, as one ZIP file.

    The same content gives the same bytes: from a folder, from the catalogue, on another machine.
    """
    folder, only = chosen([target], folder)
    pack_id = only[0] if only else target
    if published:
        files = published_files(pack_id, start()[1])
    else:
        root = open_root(folder)
        files = revision_of(root, sound_pack(root, pack_id)).files
    out.write_bytes(packed(files))
    click.echo(f"{pack_id}: {len(files)} files in {out}")


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@packs_option
def import_pack(file: Path, folder: Path) -> None:
    """Put an exported pack into a pack root: its folder then holds the file's bytes and nothing else.

    A root without a dictionary gets what the pack uses; another keeps its own, and `zhida pack check` tells whether the
    pack fits it.
    """
    try:
        files = unpacked(file.read_bytes())
    except AuthorError as error:
        words = (both(as_line(each, "zh"), as_line(each, "en")) for each in error.problems)
        raise click.ClickException("\n".join(words)) from error
    pack = read_revision(files)
    has_dictionary = (folder / "_attributes").is_dir()
    taken = {path: data for path, data in files.items() if not (has_dictionary and path.startswith(_SHARED))}
    home = folder / pack.id
    for path in sorted(home.rglob("*")) if home.is_dir() else ():
        if path.is_file() and path.relative_to(folder).as_posix() not in taken:
            path.unlink()
            click.echo(f"removed {path}")
    for name, data in taken.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
            click.echo(f"wrote {path}")
    problems = [each for each in open_root(folder).problems if each.file.startswith((pack.id, "_"))]
    for problem in problems:
        click.echo(str(problem), err=True)
    raise SystemExit(1 if problems else 0)


def published_files(pack_id: str, as_of: datetime) -> Mapping[str, bytes]:
    """The files of the version of a pack that is in force, as the catalogue keeps them."""
    from zhida.kernel.catalogue import queries

    root = queries.root(queries.policy(pack_id, as_of=as_of).id)
    return revision_of(root, root.packs[pack_id]).files
