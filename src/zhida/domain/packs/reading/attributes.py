"""The dictionary's files read: attributes, relations, code trees, offices, budget lines, parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from zhida.domain.errors import AuthorError
from zhida.domain.packs.dictionary import (
    Attribute,
    BudgetLineEntry,
    Dictionary,
    FieldClass,
    OfficeEntry,
    RelationAttribute,
    Words,
)
from zhida.domain.packs.reading.code_trees import read_code_tree
from zhida.domain.packs.reading.expressions import parse_placed, place_of
from zhida.domain.packs.reading.parameters import read_parameter
from zhida.domain.packs.source.fields import Fields, as_number, nearest, read_value
from zhida.domain.packs.source.nodes import Node, Problems, RecordNode, TextNode
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.rules import ParameterSeries, Place, Schema, check_fact
from zhida.domain.rules.nodes import Call, Name, walk
from zhida.domain.rules.schema import FactType, RelationType
from zhida.domain.sentences import tell
from zhida.domain.values import CodeTree, SubjectKind

FOLDER = "_attributes/"
KINDS = ("boolean", "number", "text", "date", "texts")
PERIODS = ("none", "year", "month", "interval")
CHANGES = ("more", "less", "any")
SECTIONS = ("attributes", "relations", "code_trees", "offices", "budget_lines", "parameters", "topics", "measures")
_CLOCK_NAMES = frozenset({"as_of", "year", "month"})
FileReader = Callable[[str, bytes, Problems], Node | None]


def read_dictionary(files: Mapping[str, bytes], problems: Problems, read: FileReader = read_yaml) -> Dictionary:
    """The dictionary of a pack root from all its `_attributes/` files, and every mistake in them."""
    sections = _sections(files, problems, read)
    trees = {name: _tree(name, node, files, problems) for name, node in sections["code_trees"].items()}
    regions = trees.get("region", CodeTree("region", {}))
    offices = {name: _office(name, node, problems, regions) for name, node in sections["offices"].items()}
    reader = _Reader(problems, trees, offices)
    attributes = {name: reader.attribute(name, node) for name, node in sections["attributes"].items()}
    relations = {name: reader.relation(name, node) for name, node in sections["relations"].items()}
    budget_lines = {name: reader.budget_line(name, node) for name, node in sections["budget_lines"].items()}
    parameters = {n: read_parameter(n, node, problems, regions) for n, node in sections["parameters"].items()}
    _refuse_shared_names(sections, problems)
    _refuse_unknown_superiors(offices, sections, problems)
    _check_derived(attributes, relations, parameters, trees, sections["attributes"], problems)
    return Dictionary(
        attributes=attributes,
        relations=relations,
        code_trees=trees,
        offices=offices,
        budget_lines=budget_lines,
        parameters=parameters,
        topics=_named(sections["topics"], problems),
        measures=_named(sections["measures"], problems),
        entries={(section, name): node for section, named in sections.items() for name, node in named.items()},
        value_words=reader.value_words,
        tables={path: files[path] for path in files if path.startswith(FOLDER) and path.endswith(".csv")},
        hash=_hash(files),
    )


def _named(entries: Mapping[str, Node], problems: Problems) -> dict[str, Words]:
    """Entries that are nothing but words: topics by their path in the list, measures by their name."""
    return {name: _texts(Fields(node, problems, name)) for name, node in entries.items()}


def _refuse_unknown_superiors(
    offices: Mapping[str, OfficeEntry], sections: Mapping[str, Mapping[str, Node]], problems: Problems
) -> None:
    for slug, office in offices.items():
        if office.under and office.under not in offices:
            words = tell("{slug} stands under {under}, which is not here", slug=slug, under=office.under)
            problems.add(sections["offices"][slug].spot, "unknown_office", words, nearest(office.under, [*offices]))


def _check_derived(
    attributes: Mapping[str, Attribute],
    relations: Mapping[str, RelationAttribute],
    parameters: Mapping[str, ParameterSeries],
    trees: Mapping[str, CodeTree],
    entries: Mapping[str, Node],
    problems: Problems,
) -> None:
    facts = {name: attribute.fact for name, attribute in attributes.items()}
    types = {name: relation.relation for name, relation in relations.items()}
    schema = Schema(facts, types, parameters, code_trees=trees)
    for fact in facts.values():
        try:
            check_fact(fact, schema, _place_of_derive(entries[fact.name]))
        except AuthorError as error:
            problems.extend(error.problems)


def _place_of_derive(entry: Node) -> Place:
    derive = entry.values.get("derive") if isinstance(entry, RecordNode) else None
    return place_of((derive or entry).spot)


def _hash(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.startswith(FOLDER)):
        digest.update(f"{path}\n{len(files[path])}\n".encode() + files[path])
    return digest.hexdigest()


def _sections(files: Mapping[str, bytes], problems: Problems, read: FileReader) -> dict[str, dict[str, Node]]:
    found: dict[str, dict[str, Node]] = {section: {} for section in SECTIONS}
    for path in sorted(files):
        if not (path.startswith(FOLDER) and path.endswith(".yaml")):
            continue
        top = Fields(read(path, files[path], problems), problems, path)
        for section in SECTIONS:
            for name, spot, node in top.record(section, required=False).rest():
                if name in found[section]:
                    first = found[section][name].spot
                    words = tell("{name} again, as in {file}:{line}", name=name, file=first.file, line=first.line)
                    problems.add(spot, "defined_twice", words, "one owner for each: keep one")
                found[section][name] = node
        top.close()
    return found


def _refuse_shared_names(sections: Mapping[str, Mapping[str, Node]], problems: Problems) -> None:
    for name in sorted(set(sections["attributes"]) & set(sections["relations"])):
        spot = sections["relations"][name].spot
        problems.add(spot, "defined_twice", tell("{name} is an attribute and a relation", name=name), "rename one")


def _tree(name: str, node: Node, files: Mapping[str, bytes], problems: Problems) -> CodeTree:
    fields = Fields(node, problems, name)
    path = FOLDER + fields.text("file")
    read_words(fields)
    fields.close()
    if path not in files:
        problems.add(fields.spot_of("file"), "no_file", tell("{name}: there is no file {path}", name=name, path=path))
        return CodeTree(name, {})
    return read_code_tree(name, path, files[path], problems)


def _office(slug: str, node: Node, problems: Problems, regions: CodeTree) -> OfficeEntry:
    fields = Fields(node, problems, slug)
    office = OfficeEntry(slug, fields.text("region"), fields.text("under", ""), read_words(fields))
    fields.close()
    if office.region not in regions:
        words = tell("{slug}: no region {region}", slug=slug, region=office.region)
        problems.add(fields.spot_of("region"), "unknown_region", words)
    return office


def read_words(fields: Fields) -> Words:
    """The names of an entry in each language; Chinese always."""
    return _texts(fields.record("words"))


def _texts(below: Fields) -> Words:
    words = {"zh": below.text("zh")} | ({"en": below.text("en")} if "en" in below else {})
    below.close()
    return words


class _Reader:
    """Reads attribute and relation entries against the trees and offices that they name."""

    def __init__(self, problems: Problems, trees: Mapping[str, CodeTree], offices: Mapping[str, OfficeEntry]) -> None:
        self._problems = problems
        self._trees = trees
        self._offices = offices
        self.value_words: dict[str, dict[str, Words]] = {}

    def budget_line(self, name: str, node: Node) -> BudgetLineEntry:
        fields = Fields(node, self._problems, name)
        line = BudgetLineEntry(name, self._owner(fields), read_words(fields))
        fields.close()
        return line

    def attribute(self, name: str, node: Node) -> Attribute:
        fields = Fields(node, self._problems, name)
        fact = self._fact(name, fields, self._owner(fields), name)
        attribute = Attribute(
            fact=fact,
            source=fields.text("source"),
            field_class=FieldClass(self._field_class(fields, "restricted")),
            audience=self._audience(fields),
            words=read_words(fields),
            can_change=fields.choice("can_change", CHANGES) if "can_change" in fields else "",
            is_breakdown=fields.flag("breakdown", False),
        )
        fields.close()
        return attribute

    def relation(self, name: str, node: Node) -> RelationAttribute:
        fields = Fields(node, self._problems, name)
        own_class = self._field_class(fields, "personal")
        owner = self._owner(fields)
        singular = fields.text("singular")
        types, words, classes = self._relation_fields(fields.record("fields"), own_class, singular)
        relation = RelationAttribute(
            relation=RelationType(name, singular, types),
            owner=owner,
            source=fields.text("source"),
            field_class=FieldClass(own_class),
            audience=self._audience(fields),
            empty_when_absent=fields.choice("absence", ("unknown", "empty"), "unknown") == "empty",
            words=read_words(fields),
            field_words=words,
            field_classes=classes,
        )
        fields.close()
        return relation

    def _relation_fields(
        self, below: Fields, own_class: str, singular: str
    ) -> tuple[dict[str, FactType], dict[str, Words], dict[str, FieldClass]]:
        types: dict[str, FactType] = {}
        words: dict[str, Words] = {}
        classes: dict[str, FieldClass] = {}
        for name, fields in below.named():
            types[name] = self._fact(name, fields, "", f"{singular}.{name}")
            classes[name] = FieldClass(self._field_class(fields, own_class))
            words[name] = read_words(fields)
            fields.close()
        return types, words, classes

    def _owner(self, fields: Fields) -> str:
        owner = fields.text("owner")
        if owner and self._offices and owner not in self._offices:
            hint = nearest(owner, list(self._offices))
            fields.wrong(fields.spot_of("owner"), "unknown_office", tell("no office {owner}", owner=owner), hint)
        return owner

    def _field_class(self, fields: Fields, default: str) -> str:
        found = fields.choice("field_class", tuple(FieldClass), default)
        return found if found in tuple(FieldClass) else default

    def _audience(self, fields: Fields) -> frozenset[SubjectKind]:
        found = set()
        for node in fields.placed_texts("audience"):
            if node.text in tuple(SubjectKind):
                found.add(SubjectKind(node.text))
            else:
                words = tell("{name} is no kind of subject", name=node.text)
                fields.wrong(node.spot, "not_one_of", words, ", ".join(SubjectKind))
        return frozenset(found)

    def _fact(self, name: str, fields: Fields, owner: str, key: str) -> FactType:
        kind = fields.choice("kind", KINDS)
        tree = fields.text("codes", "")
        if tree and tree not in self._trees:
            hint = nearest(tree, list(self._trees))
            fields.wrong(fields.spot_of("codes"), "unknown_code_tree", tell("no code tree {tree}", tree=tree), hint)
        derive = parse_placed(fields.placed("derive", required=False), self._problems)
        mentioned = {found.name for found in walk(derive) if isinstance(found, Name | Call)} if derive else set()
        at_use = "at_use" if mentioned & _CLOCK_NAMES else "at_snapshot"
        computed = fields.choice("computed", ("at_use", "at_snapshot"), at_use)
        return FactType(
            name=name,
            kind=kind if kind in KINDS else "text",  # type: ignore[arg-type]
            unit=fields.text("unit", ""),
            scale=fields.whole("scale", 0),
            period=fields.choice("period", PERIODS, "none"),  # type: ignore[arg-type]
            values=self._values(fields, key),
            code_tree=tree if tree in self._trees else "",
            owner=owner,
            expression=derive,
            derived="inlined" if computed == "at_use" else "materialised",
            supplied_wins=fields.flag("supplied_wins", False),
            absence=self._absence(kind, fields),
            stale_after_days=fields.whole("stale_after_days") if "stale_after_days" in fields else None,
            minimum=self._bound(fields, "minimum", Decimal(0)) if kind == "number" else None,
            maximum=self._bound(fields, "maximum", None) if kind == "number" else None,
        )

    def _values(self, fields: Fields, key: str) -> tuple[str, ...]:
        """A closed list: bare values, or each with its words."""
        node = fields.node("values", required=False)
        if not isinstance(node, RecordNode):
            return fields.listed("values", node)
        below = Fields(node, self._problems, f"{key}.values")
        words: dict[str, Words] = {}
        for value, spot, names in below.rest():
            words[value] = _texts(Fields(names, self._problems, f"{key}.{value}", spot))
        self.value_words[key] = words
        return tuple(words)

    def _bound(self, fields: Fields, key: str, default: Decimal | None) -> Decimal | None:
        if key not in fields:
            return default
        found = fields.placed(key)
        if found is None or found.text == "none":
            return None
        value = as_number(found.text)
        if value is None:
            fields.wrong(found.spot, "malformed", tell("{key}: {value} is not a number", key=key, value=found.text))
        return value

    def _absence(self, kind: str, fields: Fields) -> Any:
        node = fields.node("absence", required=False)
        if node is None or (isinstance(node, TextNode) and node.text == "unknown"):
            return "unknown"
        return read_value(kind, node, self._problems, "absence")
