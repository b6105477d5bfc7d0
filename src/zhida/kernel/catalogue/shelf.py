"""Packs taken off the shelf: a revision's files read from the database and parsed once a machine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

from zhida.domain import packs
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.kernel.catalogue.models import Content, RevisionFile, Shared, SharedFile
from zhida.kernel.ports import wired

_KEPT = 4_096


def store(files: Mapping[str, bytes]) -> dict[str, str]:
    """Keeps the bytes of files, each content once; path to SHA-256."""
    digests = {path: packs.sha256(body) for path, body in files.items()}
    rows = {digests[path]: Content(sha256=digests[path], body=body) for path, body in files.items()}
    Content.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return digests


def files_of(revision_id: str) -> dict[str, bytes]:
    """A revision's files, path to bytes, as they were published. Raises ConflictError where there is none."""
    rows = RevisionFile.objects.filter(revision_id=revision_id).values_list("path", "content__body")
    files = {path: bytes(body) for path, body in rows}
    if not files:
        raise ConflictError(
            "no_such_revision", f"nothing was published as {revision_id}", "look at the policy's revisions"
        )
    return files


@lru_cache(maxsize=_KEPT)
def root_of(revision_id: str) -> packs.Root:
    """A revision read: its one pack, and the dictionary entries and groups that it uses.

    It can never change, so it is read once a process. Raises ConflictError where there is none.
    """
    rows = RevisionFile.objects.filter(revision_id=revision_id).order_by("path").values_list("path", "content_id")
    form = packs.sha256(repr(list(rows)).encode())
    root = packs.read_published(form, partial(files_of, revision_id), wired("kept_forms"))
    if root.problems or len(root.packs) != 1:
        raise InvariantBroken("revision_unreadable", f"{revision_id} was published and does not read")
    return root


def pack_of(revision_id: str) -> packs.Pack:
    """The one pack of a revision."""
    (pack,) = root_of(revision_id).packs.values()
    return pack


def shared_root() -> packs.Root:
    """The dictionary and the groups as last published, without packs; empty where nothing was."""
    digest = Shared.objects.order_by("-number").values_list("hash", flat=True).first()
    return _read_shared(digest) if digest else packs.read_root({})


@lru_cache(maxsize=2)
def _read_shared(digest: str) -> packs.Root:
    rows = SharedFile.objects.filter(shared__hash=digest).values_list("path", "content__body")
    return packs.read_root({path: bytes(body) for path, body in rows})
