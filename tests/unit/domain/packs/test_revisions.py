"""A revision holds a pack and exactly what it uses of what it shares, and reads back as it was."""

from __future__ import annotations

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of
from zhida.domain.errors import AuthorError, InvariantBroken
from zhida.domain.packs import Revision, read_revision, revision_of, run_golden


def revision(files: dict[str, bytes]) -> Revision:
    root = root_of(files)
    return revision_of(root, root.packs[PACK])


def test_a_revision_reads_back_as_it_was() -> None:
    made = revision(files_with())
    pack = read_revision(made.files)
    assert pack.hash == made.hash
    assert run_golden(pack).passed
    again = root_of(dict(made.files))
    assert revision_of(again, pack) == made


def test_it_holds_what_the_pack_uses_and_no_more() -> None:
    used = revision(files_with()).files["_attributes/used.yaml"].decode()
    assert "heated_area" in used
    assert "fuel" in used
    assert "born_on" not in used
    assert "boilers" not in used


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("rules.yaml", ">= 100", ">= 101"),
        ("policy.md", "为了温暖", "为了暖和"),
        ("_attributes/all.yaml", "words: {zh: 燃料, en: fuel}", "words: {zh: 所用燃料, en: fuel}"),
        ("_attributes/region.csv", "11,1,Lower", "11,1,Nether"),
    ],
)  # fmt: skip
def test_the_hash_changes_with_what_is_used(path: str, old: str, new: str) -> None:
    assert revision(edited(path, old, new)).hash != revision(files_with()).hash


def test_the_hash_stays_when_something_else_changes() -> None:
    changed = edited("_attributes/all.yaml", "{zh: 生日, en: birthday}", "{zh: 出生日期, en: birthday}")
    assert revision(changed).hash == revision(files_with()).hash


def test_files_that_were_touched_are_not_a_revision() -> None:
    made = revision(files_with())
    touched = {**made.files, f"{PACK}/pack.yaml": made.files[f"{PACK}/pack.yaml"] + b"# touched\n"}
    assert read_revision(touched).hash != made.hash
    stuffed = {**made.files, "_attributes/more.yaml": b"offices: {}\n"}
    with pytest.raises(InvariantBroken, match="revision_changed"):
        read_revision(stuffed)
    broken = {**made.files, f"{PACK}/rules.yaml": b"requirements: ["}
    with pytest.raises(AuthorError, match="yaml_syntax"):
        read_revision(broken)
    shared = {path: data for path, data in made.files.items() if path.startswith("_")}
    with pytest.raises(InvariantBroken, match="not_one_pack"):
        read_revision(shared)
