"""A published revision read again, quickly and held small: it was checked when it was published and cannot change.

What only authors ask for, its files, its YAML and its worked examples, is read when somebody asks. The rest may be kept
as it was read, and is then taken up again in a tenth of the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from zhida.domain.packs.cases import GoldenCase
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.reading.attributes import read_dictionary
from zhida.domain.packs.reading.cases import CaseReader
from zhida.domain.packs.reading.groups import read_groups
from zhida.domain.packs.reading.packs import PackReader
from zhida.domain.packs.revision_files import hash_of
from zhida.domain.packs.root import Root, folders_of
from zhida.domain.packs.source.fields import Fields
from zhida.domain.packs.source.nodes import ListNode, Node, Problems, RecordNode, Spot, TextNode
from zhida.domain.packs.source.strict import read_yaml

Files = Mapping[str, bytes]
_GOLDEN = "golden/"
_KEPT = 64
K = TypeVar("K")
V = TypeVar("V")


class Keeping(Protocol):
    """Where roots are kept by name, as they were read: what is not there costs time and nothing else."""

    def find(self, name: str) -> Root | None:
        """What is kept under a name, whole; None where nothing is."""
        ...

    def keep(self, name: str, root: Root) -> None:
        """Keeps a root under a name."""
        ...


def read_published(name: str, files: Callable[[], Files], keeping: Keeping | None = None) -> Root:
    """A revision's root. `files` gives its files, and the same ones whenever it is asked again.

    Nothing is checked but that it can be read; `problems` say where it cannot, and it then holds no pack. Where
    something keeps what was read, it is kept under the revision's name and read no more.
    """
    found = keeping.find(name) if keeping is not None else None
    if found is None:
        found = _read(files())
        if keeping is not None and not found.problems:
            keeping.keep(name, found)
    return _late(found, files)


def _read(held: Files) -> Root:
    """The root without what is read late."""
    problems = Problems()
    dictionary = read_dictionary(held, problems, _read_plain)
    groups, group_nodes = read_groups(held, dictionary, problems, _read_plain)
    packs: dict[str, Pack] = {}
    for folder, own in folders_of(held, problems).items():
        needed = {name: data for name, data in own.items() if not name.startswith(_GOLDEN)}
        draft = PackReader(folder, needed, dictionary, groups, problems).read()
        if draft is not None:
            packs[folder] = replace(draft.pack, hash=hash_of(held), files={}, nodes={}, golden=())
    lean = replace(dictionary, entries={}, tables={})
    return Root(lean, groups, {} if problems else packs, problems.all(), group_nodes)


def _late(root: Root, files: Callable[[], Files]) -> Root:
    """The root, all of it that is asked for seldom left to be read then."""
    dictionary = replace(
        root.dictionary,
        entries=_LateMapping(lambda: read_dictionary(files(), Problems()).entries),
        tables=_LateMapping(lambda: read_dictionary(files(), Problems()).tables),
    )
    return replace(
        root, dictionary=dictionary, packs={name: _late_pack(each, files) for name, each in root.packs.items()}
    )


def _late_pack(lean: Pack, files: Callable[[], Files]) -> Pack:
    def own() -> Files:
        return folders_of(files(), Problems())[lean.id]

    return replace(
        lean,
        files=_LateMapping(own),
        nodes=_LateMapping(lambda: dict(_nodes(lean.id, own()))),
        golden=_LateSequence(lambda: _examples(lean, own())),
    )


def _nodes(folder: str, own: Files) -> Iterator[tuple[str, Node]]:
    for name in sorted(own):
        node = read_yaml(f"{folder}/{name}", own[name], Problems()) if name.endswith(".yaml") else None
        if node is not None:
            yield name, node


def _examples(pack: Pack, own: Files) -> tuple[GoldenCase, ...]:
    reader = CaseReader(pack.schema, pack.items, pack.requirements, problems := Problems())
    held = {name: data for name, data in own.items() if name.startswith(_GOLDEN)}
    tops = (Fields(node, problems, name) for name, node in _nodes(pack.id, held))
    return tuple(case for top in tops for case in reader.cases(top))


class _LateMapping(Mapping[K, V]):
    """A mapping that is made when it is looked into; those looked into lately are kept."""

    def __init__(self, make: Callable[[], Mapping[K, V]]) -> None:
        self.make = make

    __hash__ = object.__hash__

    def __getitem__(self, key: K) -> V:
        found: V = _made(self)[key]
        return found

    def __iter__(self) -> Iterator[K]:
        return iter(_made(self))

    def __len__(self) -> int:
        return len(_made(self))


class _LateSequence(Sequence[V]):
    """A sequence that is made when it is looked into; those looked into lately are kept."""

    def __init__(self, make: Callable[[], Sequence[V]]) -> None:
        self.make = make

    def __getitem__(self, place: Any) -> Any:
        return _made(self)[place]

    def __len__(self) -> int:
        return len(_made(self))


@lru_cache(maxsize=_KEPT)
def _made(late: Any) -> Any:
    return late.make()


def _read_plain(file: str, data: bytes, problems: Problems) -> Node | None:
    """The texts of a file that publishing wrote as JSON, read by a reader of JSON; any other as it was written."""
    spot = Spot(file)

    def node_of(value: Any) -> Node:
        if isinstance(value, str):
            return TextNode(spot, value)
        if isinstance(value, list):
            return ListNode(spot, tuple(map(node_of, value)))
        if isinstance(value, RecordNode):
            return value
        raise ValueError(value)

    def record_of(pairs: list[tuple[str, Any]]) -> RecordNode:
        return RecordNode(spot, dict.fromkeys((key for key, _ in pairs), spot), {k: node_of(v) for k, v in pairs})

    try:
        return node_of(json.loads(data, object_pairs_hook=record_of))
    except ValueError:
        return read_yaml(file, data, problems)
