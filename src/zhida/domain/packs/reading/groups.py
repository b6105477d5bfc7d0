"""_groups/*.yaml read: one stacking group a file."""

from __future__ import annotations

from collections.abc import Mapping

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.groups import Group
from zhida.domain.packs.reading.attributes import FileReader, read_words
from zhida.domain.packs.source.fields import Fields, nearest
from zhida.domain.packs.source.nodes import Node, Problems
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.sentences import tell

FOLDER = "_groups/"
RULES = ("highest_only", "capped_sum", "first_only")


def read_groups(
    files: Mapping[str, bytes], dictionary: Dictionary, problems: Problems, read: FileReader = read_yaml
) -> tuple[dict[str, Group], dict[str, Node]]:
    """All groups of a root, and each as it was written: one file `_groups/<name>.yaml` for each."""
    groups: dict[str, Group] = {}
    nodes: dict[str, Node] = {}
    for path in sorted(files):
        if not (path.startswith(FOLDER) and path.endswith(".yaml")):
            continue
        node = read(path, files[path], problems)
        if node is not None:
            name = path.removeprefix(FOLDER).removesuffix(".yaml")
            groups[name], nodes[name] = group_of(name, node, dictionary, problems), node
    return groups, nodes


def group_of(name: str, node: Node, dictionary: Dictionary, problems: Problems) -> Group:
    """One group as its file says it; mistakes go to `problems`."""
    fields = Fields(node, problems, name)
    rule = fields.choice("rule", RULES)
    group = Group(
        name=name,
        owner=read_office(fields, "owner", dictionary),
        rule=rule,
        per=fields.choice("per", ("life", "year")),
        cap_fen=fields.whole("cap_fen") if rule == "capped_sum" else None,
        source=fields.text("source"),
        words=read_words(fields),
    )
    fields.close()
    return group


def read_office(fields: Fields, key: str, dictionary: Dictionary) -> str:
    """The slug of an office, one that the dictionary knows where it lists offices at all."""
    slug = fields.text(key)
    if slug and dictionary.offices and slug not in dictionary.offices:
        words = tell("no office {slug}", slug=slug)
        fields.wrong(fields.spot_of(key), "unknown_office", words, nearest(slug, [*dictionary.offices]))
    return slug
