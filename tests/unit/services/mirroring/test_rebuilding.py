"""Damaged files of the log are written anew from rows or a mirror, proven first; kills and full disks leave no half."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.guards import lifted
from tests.unit.services.mirroring.test_mirroring import WITNESS, followed
from tests.unit.services.mirroring.test_mirroring import grow as grow
from tests.unit.services.mirroring.test_mirroring import mirror as mirror
from zhida.domain.errors import ConflictError, InvariantBroken, RetryableOutside
from zhida.domain.proofs import Cosigner
from zhida.domain.values import Actor
from zhida.kernel.ledger import queries
from zhida.kernel.ledger.models import Entry, Node
from zhida.kernel.ledger.verification import verify
from zhida.services.mirroring.folder import TileFolder
from zhida.services.mirroring.rebuilding import Rebuilt, rebuild
from zhida.services.mirroring.source import MirrorFolder

pytestmark = pytest.mark.django_db
SIZE = 600
Grow = Callable[[int], list[str]]
Mend = Callable[..., Rebuilt]


@pytest.fixture
def mend(actor: Actor, now: datetime) -> Mend:
    """`rebuild` with the one witness known."""

    def mend(**options: object) -> Rebuilt:
        return rebuild(**{"witnesses": [WITNESS.verifier], "by": actor, "as_of": now, **options})

    return mend


@pytest.fixture
def log(grow: Grow) -> Path:
    grow(300)
    grow(SIZE - 300)
    return Path(settings.HOME, "log")


def flip(path: Path, at: int = 40) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)


DAMAGES = {
    "a tile": ["tile/0/000"],
    "a bundle": ["tile/entries/001"],
    "both of a block": ["tile/0/001", "tile/entries/001"],
    "an upper tile": ["tile/1/000.p/2"],
    "the last block": ["tile/0/002.p/88", "tile/entries/002.p/88"],
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("how", ["flipped", "gone"])
def test_damaged_files_are_named_and_written_anew(name: str, how: str, log: Path, mend: Mend) -> None:
    paths = DAMAGES[name]
    true = {path: (log / path).read_bytes() for path in paths}
    for path in paths:
        flip(log / path) if how == "flipped" else (log / path).unlink()
    if how == "flipped" or len(paths) == 1:
        assert {fault.field for fault in verify().faults} >= {*paths}
    else:
        with pytest.raises(InvariantBroken, match=rf"log_file_missing.*{paths[0]}"):
            verify()
    found = mend()
    assert (set(found.paths), found.size, found.sources) == (set(paths), SIZE, ("rows",))
    assert {path: (log / path).read_bytes() for path in paths} == true
    assert verify().ok
    (fact,) = queries.entries_of_kind("ledger.files_rebuilt")
    assert (set(fact.fields["files"]), fact.fields["witnesses"]) == (set(paths), ["audit.example"])
    assert mend().paths == ()
    assert len(queries.entries_of_kind("ledger.files_rebuilt")) == 1


def test_a_folder_that_is_gone_comes_back_whole(log: Path, mend: Mend) -> None:
    true = {path.relative_to(log): path.read_bytes() for path in log.rglob("*") if path.is_file()}
    shutil.rmtree(log)
    assert set(mend().paths) <= {str(path) for path in true}
    there = {path.relative_to(log): path.read_bytes() for path in log.rglob("*") if path.is_file()}
    assert there.items() <= true.items()
    assert verify().ok


def test_rows_that_are_damaged_too_are_passed_over(log: Path, mirror: MirrorFolder, mend: Mend) -> None:
    followed(mirror)
    true = (log / "tile/entries/000").read_bytes()
    shutil.rmtree(log)
    with lifted():
        Entry.objects.filter(leaf__position=7).update(about="case_x")
    with pytest.raises(InvariantBroken, match="log_does_not_fit"):
        mend()
    assert not (log / "tile").exists()
    assert mend(mirror=mirror.read, name="there").sources == ("there", "rows")
    assert (log / "tile/entries/000").read_bytes() == true
    assert {(fault.first, fault.field) for fault in verify().faults} == {(7, "about")}


def test_rows_and_nodes_changed_together_prove_nothing(log: Path, mend: Mend) -> None:
    from zhida.domain.proofs import leaf_hash
    from zhida.domain.proofs.rows import leaf_text
    from zhida.kernel.ledger.bulk import rows_between

    shutil.rmtree(log)
    with lifted():
        Entry.objects.filter(leaf__position=7).update(about="case_x")
        (row,) = rows_between(7, 8)
        Node.objects.filter(place=14).update(hash=leaf_hash(leaf_text(row) or b""))
    with pytest.raises(InvariantBroken, match="log_does_not_fit"):
        mend()
    assert not (log / "tile").exists()
    assert not queries.entries_of_kind("ledger.files_rebuilt")


def test_without_a_known_witness_nothing_is_written(log: Path, mend: Mend) -> None:
    flip(log / "tile/0/000")
    with pytest.raises(InvariantBroken, match="not_cosigned"):
        mend(witnesses=[Cosigner("other.example", bytes(32)).verifier])
    assert not verify().ok


def test_a_log_without_a_head_has_nothing_to_rebuild(mend: Mend) -> None:
    with pytest.raises(ConflictError, match="nothing_sealed"):
        mend()


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours may catch it."""


@pytest.mark.parametrize("after", range(4))
def test_a_run_cut_off_anywhere_is_taken_up_again(
    after: int, log: Path, mend: Mend, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = {path.relative_to(log): path.read_bytes() for path in log.rglob("*") if path.is_file()}
    for path in ("tile/0/000", "tile/entries/001", "tile/1/000.p/2", "tile/0/001"):
        flip(log / path)
    written, put = [], os.replace

    def replace(source: object, target: object) -> None:
        if len(written) == after:
            raise Killed
        written.append(target)
        put(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda self, target: replace(self, target))
        with pytest.raises(Killed):
            mend()
    assert len(mend().paths) == 4 - after
    assert {path: (log / path).read_bytes() for path in true} == true
    assert verify().ok


def test_a_full_disk_is_told_and_leaves_no_half_file(log: Path, mend: Mend, monkeypatch: pytest.MonkeyPatch) -> None:
    flip(log / "tile/0/000")
    before = (log / "tile/0/000").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RetryableOutside, match=r"log_not_written.*No space left"):
            mend()
    assert (log / "tile/0/000").read_bytes() == before
    assert not [path for path in log.rglob(".*") if path.is_file()]
    assert mend().paths == ("tile/0/000",)
    assert verify().ok


def test_a_folder_reads_only_what_belongs_to_a_log(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    assert TileFolder(tmp_path).read("secret") is None
