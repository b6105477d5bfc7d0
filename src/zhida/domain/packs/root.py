"""A pack root read whole: the dictionary, the groups, every sound pack, and every mistake found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from zhida.domain.errors import Problem
from zhida.domain.packs.checks.whole import check_draft
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.groups import Group
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.reading.attributes import read_dictionary
from zhida.domain.packs.reading.groups import read_groups
from zhida.domain.packs.reading.packs import PackReader
from zhida.domain.packs.revision_files import hash_of, revision_files
from zhida.domain.packs.source.nodes import Node, Problems, Spot
from zhida.domain.sentences import tell


@dataclass(frozen=True)
class Root:
    """All of a pack root. `problems` are sorted by place; a pack with a problem is not among `packs`."""

    dictionary: Dictionary
    groups: Mapping[str, Group]
    packs: Mapping[str, Pack]
    problems: tuple[Problem, ...]
    group_nodes: Mapping[str, Node] = field(default_factory=dict, repr=False)


def read_root(files: Mapping[str, bytes]) -> Root:
    """Reads a root from its files (path relative to the root → bytes). Never raises for an author's mistake."""
    shared, folders = split_root(files)
    packs, problems = {}, Problems()
    problems.extend(shared.problems)
    for folder, own in folders.items():
        pack, found = read_pack(folder, own, shared)
        problems.extend(found)
        if pack is not None:
            packs[folder] = pack
    return replace(shared, packs=packs, problems=problems.all())


def split_root(files: Mapping[str, bytes]) -> tuple[Root, dict[str, dict[str, bytes]]]:
    """A root with what its packs share read and no pack, and the files of each pack by their path in its folder: what
    `read_pack` takes, of a root that is too large to be held whole."""
    problems = Problems()
    dictionary = read_dictionary(files, problems)
    groups, group_nodes = read_groups(files, dictionary, problems)
    folders = dict(sorted(folders_of(files, problems).items()))
    return Root(dictionary, groups, {}, problems.all(), group_nodes), folders


def read_pack(
    folder: str, own: Mapping[str, bytes], root: Root, *, allowed: Collection[str] = ()
) -> tuple[Pack | None, tuple[Problem, ...]]:
    """One pack over what a root shares; None where it has problems of other codes than those `allowed`."""
    found = Problems()
    draft = PackReader(folder, own, root.dictionary, root.groups, found).read()
    if draft is not None:
        check_draft(draft, root.dictionary, found)
    told = found.all()
    if draft is None or any(one.code not in allowed for one in told):
        return None, told
    parts = revision_files(draft.pack, root.dictionary, root.group_nodes)
    return replace(draft.pack, hash=hash_of(parts)), told


def folders_of(files: Mapping[str, bytes], problems: Problems) -> dict[str, dict[str, bytes]]:
    """The files of each pack by their path in its folder; a file that belongs to none is a problem."""
    found: dict[str, dict[str, bytes]] = {}
    for path in sorted(files):
        region, slug, name = (*path.split("/", 2), "", "")[:3]
        if region.startswith("_"):
            continue
        if not name:
            words = tell("{path} belongs to no pack", path=path)
            problems.add(Spot(path), "stray_file", words, "packs/<region>/<slug>/")
            continue
        found.setdefault(f"{region}/{slug}", {})[name] = files[path]
    return found
