"""A pack with all that it uses as one file: the same bytes wherever it is made, and read back without trust."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.sentences import tell

_DAY = (1980, 1, 1, 0, 0, 0)
_MOST = 64 * 1024 * 1024


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as a ZIP that depends on nothing but them: sorted, undated, not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of such a ZIP. Raises AuthorError for what is none, a path that leads outside, more than 64 MiB."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > _MOST:
                raise _refusal("pack_too_large", tell("more than {most} bytes: no pack is so large", most=_MOST))
            if strange := [entry.filename for entry in entries if not _is_inside(entry.filename)]:
                raise _refusal("path_outside", tell("{path} leads out of the pack root", path=strange[0]))
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
        raise _refusal("broken_file", tell("no exported pack, or a damaged one")) from error


def _refusal(code: str, words: str) -> AuthorError:
    return AuthorError([Problem("pack.zip", 0, 0, code, words, "export the pack again")])


def _is_inside(name: str) -> bool:
    return bool(name) and "\\" not in name and not name.startswith("/") and ".." not in name.split("/")
