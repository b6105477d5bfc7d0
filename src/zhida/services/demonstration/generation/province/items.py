"""The items of a made-up province, as a pack root on disk or as programs at once; both say the same."""

from __future__ import annotations

from collections.abc import Iterator

from zhida.domain.errors import AuthorError
from zhida.domain.packs.reading.packs import PackReader
from zhida.domain.packs.source.nodes import Problems
from zhida.domain.rules import Program
from zhida.services.demonstration.generation.province.packs import Place, layout, policy_text, rules_data, told_data
from zhida.services.demonstration.generation.province.world import dictionary, shared_files
from zhida.services.demonstration.generation.province.writing import node_of, yaml_of

_BLOCKS = {"pack.yaml": 1, "rules.yaml": 2, "words/zh.yaml": 2}


def files(items: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """A whole pack root of so many items: path from the root and bytes, file by file."""
    yield from shared_files(seed).items()
    for place in layout(items, seed):
        yield from pack_files(place, seed)


def pack_files(place: Place, seed: int) -> Iterator[tuple[str, bytes]]:
    """The files of one pack."""
    yield f"{place.id}/policy.md", policy_text(place, seed).encode()
    for name, content in (rules_data(place, seed) | told_data(place, seed)).items():
        yield f"{place.id}/{name}", yaml_of(content, blocks=_BLOCKS.get(name, 1))


def programs(items: int, seed: int) -> tuple[Program, ...]:
    """The programs that reading the pack root gives, in its order, without YAML, words and worked examples.

    They are equal to those but for the places in files, which nothing but an error message looks at.
    """
    return tuple(program for place in layout(items, seed) for program in _programs(place, seed))


def _programs(place: Place, seed: int) -> Iterator[Program]:
    problems = Problems()
    nodes = {name: node_of(data) for name, data in rules_data(place, seed).items()}
    contents = {"policy.md": policy_text(place, seed).encode(), **dict.fromkeys(nodes, b"")}
    draft = PackReader(place.id, contents, dictionary(seed), {}, problems, nodes).read()
    if draft is None or problems.all():
        raise AuthorError(problems.all())
    return (item.program for item in draft.pack.items.values())
