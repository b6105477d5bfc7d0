"""A pack's revision: the pack and exactly what it uses of what it shares, kept whole, told apart by one hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhida.domain.errors import AuthorError, InvariantBroken
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.revision_files import hash_of, revision_files
from zhida.domain.packs.root import Root, read_root


@dataclass(frozen=True)
class Revision:
    """A revision to publish: `files` (path → bytes) are a small root with one pack; `hash` is SHA-256 over them."""

    pack_id: str
    hash: str
    files: Mapping[str, bytes]


def revision_of(root: Root, pack: Pack) -> Revision:
    """The revision of a pack of this root."""
    files = revision_files(pack, root.dictionary, root.group_nodes)
    return Revision(pack.id, hash_of(files), files)


def read_revision(files: Mapping[str, bytes]) -> Pack:
    """The pack of a revision's files, as it was. Raises AuthorError where they have problems, and InvariantBroken where
    they do not hold exactly one pack or are not all of it."""
    root = read_root(files)
    if root.problems:
        raise AuthorError(root.problems)
    if len(root.packs) != 1:
        raise InvariantBroken("not_one_pack", f"a revision holds one pack, these files {len(root.packs)}")
    (pack,) = root.packs.values()
    if pack.hash != hash_of(files):
        raise InvariantBroken("revision_changed", f"the files of {pack.id} are not those of one revision")
    return pack
