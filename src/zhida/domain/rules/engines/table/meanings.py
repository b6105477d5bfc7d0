"""What an expression stands on: its source, with only those names of its pack that it can reach, and a key for it.

Two packs that say the same over the same facts have the same key, and so share one column however many items ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zhida.domain.rules import nodes
from zhida.domain.rules.engines.table.manifest import Trees, digest_of, write
from zhida.domain.rules.nodes import Node, walk
from zhida.domain.rules.program import Program
from zhida.domain.rules.schema import FactType, Schema


@dataclass(frozen=True, eq=False)
class Source:
    """An expression, the names it reaches, and the fact that holds the subject's region ("" where it needs none)."""

    key: str
    node: Node
    schema: Schema
    within: str = ""


class Meanings:
    """Sources by what they mean."""

    def __init__(self, trees: Trees | None = None) -> None:
        self.trees = trees or Trees()
        self._known: dict[object, Any] = {}
        self._kept: dict[int, Schema] = {}

    def source(self, node: Node, schema: Schema, within: str) -> Source:
        """The source of an expression of a pack."""
        known, asked = self._asked(node, schema, within)
        if asked not in known:
            own, needs_region = reached(node, schema, within)
            place = within if needs_region else ""
            key = digest_of([write(node, self.trees), write(own, self.trees), place])
            known[asked] = Source(key, node, own, place)
        found: Source = known[asked]
        return found

    def _asked(self, node: Node, schema: Schema, within: str) -> tuple[dict[object, Any], object]:
        """Where a source is remembered and by what: over stored facts alone, the same expression is one in every pack,
        and for an item that comes later, which is given the same trees."""
        names = {part.name for part in walk(node) if isinstance(part, nodes.Name | nodes.Call)}
        if names.isdisjoint(schema.tables) and names.isdisjoint(schema.amounts) and names.isdisjoint(schema.relations):
            facts = tuple(schema.facts[name] for name in sorted(names & schema.facts.keys()))
            trees = tuple(self.trees.digest(schema.code_trees[fact.code_tree]) for fact in facts if fact.code_tree)
            if "parameters" not in names and all(fact.expression is None for fact in facts):
                return self.trees.sources, (node, facts, trees)
        self._kept[id(schema)] = schema  # so that its id stays its own
        return self._known, (id(schema), within, node)

    def bare(self, program: Program) -> Program:
        """A program with only those names of its pack that it reaches, and without its place in a file."""
        ways = [way.when for requirement in program.requires for way in requirement.alternatives]
        ways += [nodes.Name(name) for name in (program.within, program.for_each) if name]
        ways += [program.amount] if program.amount is not None else []
        own, _ = reached(nodes.ListOf(tuple(ways)), program.schema, program.within)
        return replace(program, schema=own)

    def whole(self, program: Program) -> str:
        """The key of a program as a whole."""
        return digest_of(write(self.bare(program), self.trees))


def reached(node: Node, schema: Schema, within: str) -> tuple[Schema, bool]:
    """The part of a schema that an expression can reach, and whether it asks for the subject's region."""
    found: dict[str, dict[str, Any]] = {"facts": {}, "relations": {}, "parameters": {}, "tables": {}, "amounts": {}}
    waiting, needs_region = [node], False
    while waiting:
        for name, kind, held in _named(waiting.pop(), schema):
            if name in found[kind]:
                continue
            found[kind][name] = held
            waiting.extend(schema.expressions.get(name, ()))
            if kind == "parameters" and within and any(row.region for row in held.rows):
                needs_region = True
                waiting.append(nodes.Name(within))
    trees = {tree: schema.code_trees[tree] for tree in _trees_of(found["facts"], found["relations"], schema)}
    return Schema(code_trees=trees, **found), needs_region


def _named(node: Node, schema: Schema) -> Iterator[tuple[str, str, Any]]:
    for part in walk(node):
        if isinstance(part, nodes.Path) and isinstance(part.source, nodes.Name) and part.source.name == "parameters":
            yield part.field, "parameters", schema.parameters[part.field]
        if isinstance(part, nodes.Name | nodes.Call):
            for kind in ("facts", "relations", "tables", "amounts"):
                named = getattr(schema, kind)
                if part.name in named:
                    yield part.name, kind, named[part.name]


def _trees_of(facts: Mapping[str, FactType], relations: Mapping[str, Any], schema: Schema) -> set[str]:
    fields = [field for relation in relations.values() for field in relation.fields.values()]
    return {fact.code_tree for fact in (*facts.values(), *fields) if fact.code_tree in schema.code_trees}


def joined(one: Schema, other: Schema) -> Schema | None:
    """Both schemas as one, or None where a name means two things."""
    kinds = ("facts", "relations", "parameters", "tables", "amounts", "code_trees")
    parts: dict[str, dict[str, Any]] = {}
    for kind in kinds:
        mine, theirs = getattr(one, kind), getattr(other, kind)
        if any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()):
            return None
        parts[kind] = {**mine, **theirs}
    owners = [parts["facts"].keys() | parts["relations"].keys(), parts["tables"].keys(), parts["amounts"].keys()]
    clash = sum(map(len, owners)) != len(set().union(*owners))
    return None if clash else Schema(**parts)
