"""Pack roots on disk: files to bytes by path, and back."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from zhida.domain.packs import Pack, Root, read_root
from zhida.surfaces.cli.saying import both

_DICTIONARY = "_attributes"

packs_option = click.option(
    "--packs",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("packs"),
    show_default=True,
    help="The pack root: _attributes/, _groups/ and <region>/<slug>/.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
lang_option = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path in it, hidden ones and links left out.

    A folder that is not there is told only here: an installation with published packs needs none.
    """
    if not folder.is_dir():
        raise click.UsageError(
            both(
                f"没有文件夹 {folder}：请用 --packs 写政策包根目录",
                f"there is no folder {folder}: name the pack root with --packs",
            )
        )
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in relative.parts):
            found[relative.as_posix()] = path.read_bytes()
    return found


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files below a folder; nothing there is overwritten (FileExistsError)."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)


def chosen(targets: Iterable[str], folder: Path) -> tuple[Path, tuple[str, ...]]:
    """The pack root and the pack ids that targets name: a root, a pack's folder, or an id in `folder`; none means all.

    Exits with 1 for a folder that lies in no pack root.
    """
    names = []
    for target in targets:
        if not Path(target).is_dir():
            names.append(target)
            continue
        path = Path(target).resolve()
        root = next((each for each in (path, *path.parents) if (each / _DICTIONARY).is_dir()), None)
        if root is None:
            click.echo(f"{target} lies in no pack root: a folder with {_DICTIONARY}/ above it", err=True)
            raise SystemExit(1)
        folder = root
        names += [path.relative_to(root).as_posix()] if path != root else []
    return folder, tuple(names)


def open_root(folder: Path) -> Root:
    """A root read from disk. Nothing is collected meanwhile: all that is read is kept, and looking for garbage among it
    again and again is a third of the time that a province's root takes."""
    gc.disable()
    try:
        return read_root(read_files(folder))
    finally:
        gc.enable()


def sound_pack(root: Root, pack_id: str) -> Pack:
    """A pack without problems. Prints the problems of its files (and of what all share) and exits with 1 otherwise."""
    pack = root.packs.get(pack_id)
    if pack is not None:
        return pack
    own = [problem for problem in root.problems if problem.file.startswith((pack_id, "_"))]
    for problem in own or root.problems:
        click.echo(str(problem), err=True)
    known = ", ".join(root.packs)
    click.echo(f"no sound pack {pack_id}; sound: {known}", err=True)
    raise SystemExit(1)
