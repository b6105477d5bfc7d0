"""One pack read from its files: each file by its own reader, then put together into items with programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zhida.domain.packs.cases import GoldenCase
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.forms import Form
from zhida.domain.packs.groups import Group
from zhida.domain.packs.items import Item
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.proposals import PROPOSALS, read_proposals
from zhida.domain.packs.reading.cases import CaseReader
from zhida.domain.packs.reading.clauses import read_policy
from zhida.domain.packs.reading.expressions import place_of
from zhida.domain.packs.reading.forms import read_form
from zhida.domain.packs.reading.header import Header, read_header
from zhida.domain.packs.reading.items import ItemDraft, ItemReader
from zhida.domain.packs.reading.parameters import read_parameter
from zhida.domain.packs.reading.processes import ProcessReader
from zhida.domain.packs.reading.rules import Citations, Rules, read_rules
from zhida.domain.packs.reading.words import read_wording
from zhida.domain.packs.source.fields import Fields, nearest
from zhida.domain.packs.source.nodes import Node, Problems, Spot
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.packs.wording import LANGUAGES
from zhida.domain.process import Process
from zhida.domain.rules import ParameterSeries, Program, Schema
from zhida.domain.rules.nodes import Name
from zhida.domain.sentences import tell
from zhida.domain.values import CodeTree

REQUIRED = ("pack.yaml", "policy.md", "items.yaml")
_FILE = re.compile(
    r"^((pack|items|rules|parameters|form|process|clauses)\.yaml|policy\.md|README\.md|proposals\.json|words/(zh|en)\.yaml|golden/[a-z0-9_-]+\.yaml)$"
)


@dataclass(frozen=True)
class Draft:
    """A pack just read, with what the checks after reading need beside it: places of citations and explanations."""

    pack: Pack
    rules: Rules
    items: Mapping[str, ItemDraft]
    citations: Citations
    explained: Mapping[str, Spot]


class PackReader:
    """Reads one pack. Files are given by their path inside its folder; places are told from the root. `nodes` are its
    YAML files where somebody holds them already."""

    def __init__(
        self,
        folder: str,
        files: Mapping[str, bytes],
        dictionary: Dictionary,
        groups: Mapping[str, Group],
        problems: Problems,
        nodes: Mapping[str, Node] | None = None,
    ) -> None:
        self._folder = folder
        self._files = files
        self._dictionary = dictionary
        self._groups = groups
        self._problems = problems
        self._citations = Citations()
        self._nodes = self._read_nodes() if nodes is None else nodes

    def read(self) -> Draft | None:
        """The pack, or None where it lacks a file that makes one, or where a file is no YAML: what it would have said
        cannot be missed in the others before it is mended."""
        missing = [name for name in REQUIRED if name not in self._files]
        if missing:
            words = tell("{folder} has no {files}", folder=self._folder, files=tuple(missing))
            self._problems.add(Spot(self._folder), "missing_file", words)
            return None
        if any(name.endswith(".yaml") and name not in self._nodes for name in self._files if _FILE.match(name)):
            return None
        text, clauses = read_policy(f"{self._folder}/policy.md", self._files["policy.md"], self._problems)
        if PROPOSALS in self._files:
            read_proposals(f"{self._folder}/{PROPOSALS}", self._files[PROPOSALS], self._problems)
        header = read_header(self._top("pack.yaml"), self._folder, _title_of(text), self._dictionary)
        form = read_form(self._top("form.yaml"), self._dictionary, self._citations)
        facts = self._dictionary.facts | form.facts
        rules = read_rules(self._top("rules.yaml"), facts, self._citations, self._problems)
        reader = ItemReader(self._dictionary, self._groups, rules, self._citations, self._problems)
        drafts = reader.items(self._top("items.yaml"))
        self._refuse_measured_strangers(header, drafts)
        parameters = self._parameters()
        schema = self._schema(form, rules, parameters)
        explained = self._explained()
        pack = Pack(
            **vars(header),
            clauses=clauses,
            explained={anchor: reason for anchor, (reason, _) in explained.items()},
            policy_text=text,
            items={name: _item(draft, header, rules, schema) for name, draft in drafts.items()},
            requirements=rules.requirements,
            parameters=parameters,
            form=form,
            process=self._process(rules),
            words={lang: read_wording(self._top(path)) for lang, path in self._word_files()},
            golden=self._golden(schema, drafts, rules),
            schema=schema,
            files=self._files,
            nodes=self._nodes,
            value_words=self._dictionary.value_words,
        )
        return Draft(pack, rules, drafts, self._citations, {name: spot for name, (_, spot) in explained.items()})

    def _refuse_measured_strangers(self, header: Header, drafts: Mapping[str, ItemDraft]) -> None:
        for name in header.measures:
            if name not in drafts:
                spot = Spot(f"{self._folder}/pack.yaml")
                words = tell("measures: no item {name}", name=name)
                self._problems.add(spot, "unknown_item", words, nearest(name, [*drafts]))

    def _read_nodes(self) -> dict[str, Node]:
        nodes = {}
        for name in sorted(self._files):
            path = f"{self._folder}/{name}"
            if not _FILE.match(name):
                words = tell("a pack has no file {name}", name=name)
                self._problems.add(Spot(path), "unknown_file", words, "see the pack format")
            elif name.endswith(".yaml"):
                node = read_yaml(path, self._files[name], self._problems)
                if node is not None:
                    nodes[name] = node
        return nodes

    def _top(self, name: str) -> Fields:
        return Fields(self._nodes.get(name), self._problems, name, Spot(f"{self._folder}/{name}"))

    def _process(self, rules: Rules) -> Process | None:
        if "process.yaml" not in self._files:
            return None
        reader = ProcessReader(self._dictionary, rules.requirements, self._citations)
        return reader.process(self._top("process.yaml"))

    def _word_files(self) -> list[tuple[str, str]]:
        return [(lang, f"words/{lang}.yaml") for lang in LANGUAGES if f"words/{lang}.yaml" in self._nodes]

    def _parameters(self) -> dict[str, ParameterSeries]:
        regions = self._dictionary.code_trees.get("region", CodeTree("region", {}))
        found = {}
        for name, spot, node in self._top("parameters.yaml").rest():
            found[name] = read_parameter(name, node, self._problems, regions)
            if name in self._dictionary.parameters:
                words = tell("{name} is a common parameter", name=name)
                self._problems.add(spot, "defined_twice", words, "use that, or rename this")
        return found

    def _schema(self, form: Form, rules: Rules, parameters: Mapping[str, ParameterSeries]) -> Schema:
        relations = {name: entry.relation for name, entry in self._dictionary.relations.items()}
        facts = self._dictionary.facts | form.facts
        for name in [*rules.tables, *rules.amounts]:
            if name in facts or name in relations or (name in rules.tables and name in rules.amounts):
                spot = Spot(f"{self._folder}/rules.yaml")
                words = tell("{name} already names something", name=name)
                self._problems.add(spot, "defined_twice", words, "rename it")
        return Schema(
            facts=facts,
            relations=relations,
            parameters={**self._dictionary.parameters, **parameters},
            tables=rules.tables,
            code_trees=self._dictionary.code_trees,
            amounts=rules.amounts,
        )

    def _explained(self) -> dict[str, tuple[str, Spot]]:
        found = {}
        for anchor, fields in self._top("clauses.yaml").named(required_names=False):
            found[anchor] = (fields.text("not_computable"), fields.spot)
            fields.close()
        return found

    def _golden(self, schema: Schema, items: Mapping[str, ItemDraft], rules: Rules) -> tuple[GoldenCase, ...]:
        reader = CaseReader(schema, items, rules.requirements, self._problems)
        names = sorted(name for name in self._nodes if name.startswith("golden/"))
        return tuple(case for name in names for case in reader.cases(self._top(name)))


def _title_of(policy_text: str) -> str:
    first = policy_text.splitlines()[0] if policy_text else ""
    return first.removeprefix("#").strip()


def _item(draft: ItemDraft, header: Header, rules: Rules, schema: Schema) -> Item:
    identifier = f"{header.id}/{draft.name}"
    for_each = draft.for_each.text if draft.for_each else ""
    required = [node.text for node in draft.requires if node.text in rules.requirements]
    program = Program(
        item=identifier,
        audience=draft.audience,
        schema=schema,
        region=header.region,
        within=draft.within.text if draft.within else "",
        valid=header.valid,
        window=draft.window,
        requires=tuple(rules.requirements[name] for name in required),
        amount=Name(draft.benefit.amount) if draft.benefit.amount else None,
        for_each=for_each,
        quota=draft.quota is not None and draft.quota.selects(draft.claim),
        benefit=str(draft.benefit.kind),
        place=place_of(draft.spot),
    )
    return Item(
        id=identifier,
        pack=header.id,
        name=draft.name,
        audience=draft.audience,
        within=program.within,
        claim=draft.claim,
        requires=tuple(required),
        benefit=draft.benefit,
        window=draft.window,
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        for_each=for_each,
        counts=draft.counts,
        once_per=draft.once_per,
        schedule=draft.schedule,
        quota=draft.quota,
        group=draft.group,
        obligations=draft.obligations,
        budget_line=draft.budget_line,
        cites=draft.cites,
        program=program,
    )
