"""A small pack root, sound as it stands in the folder `small`; tests change one file and look at what follows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from zhida.domain.packs import Pack, Root, read_root

PACK = "north/heating"
_FOLDER = Path(__file__).parent / "small"


def files_with(changed: dict[str, str | None] | None = None) -> dict[str, bytes]:
    """The root's files, with some replaced by path (a bare name is one of the pack's files) or taken away by None."""
    found = {path.relative_to(_FOLDER).as_posix(): path.read_bytes() for path in _FOLDER.rglob("*") if path.is_file()}
    for name, text in (changed or {}).items():
        path = name if name.startswith(("_", "north/")) else f"{PACK}/{name}"
        if text is None:
            del found[path]
        else:
            found[path] = dedent(text).lstrip("\n").encode()
    return found


def edited(path: str, old: str, new: str) -> dict[str, bytes]:
    """The root's files with one text replaced in one of the pack's files (or in `_attributes/…`)."""
    files = files_with()
    whole = path if path.startswith("_") else f"{PACK}/{path}"
    assert old.encode() in files[whole], f"{old!r} is not in {whole}"
    files[whole] = files[whole].replace(old.encode(), new.encode())
    return files


def root_of(files: dict[str, bytes]) -> Root:
    """A root that must be sound."""
    root = read_root(files)
    assert not root.problems, "\n".join(map(str, root.problems))
    return root


def small_pack() -> Pack:
    """The one pack."""
    return root_of(files_with()).packs[PACK]
