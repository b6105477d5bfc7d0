"""What a pack's revision consists of: its own files and, of all it shares, exactly the entries that it uses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.phrases import BLANK
from zhida.domain.packs.source.nodes import ListNode, Node, TextNode
from zhida.domain.packs.usage import roots_of, usage_of
from zhida.domain.packs.wording import Wording
from zhida.domain.process import AllOf, Step
from zhida.domain.rules.nodes import Name
from zhida.domain.rules.nodes import Node as Expression

USED = "_attributes/used.yaml"
_REGION = "region"


def revision_files(pack: Pack, dictionary: Dictionary, groups: Mapping[str, Node]) -> dict[str, bytes]:
    """Path to bytes: the pack's own files, the dictionary cut down to what it uses, its stacking groups.

    The cut-down dictionary is JSON, which is YAML too, so a revision is read by the same reader as a root.
    """
    used = _used_entries(pack, dictionary, groups)
    sections: dict[str, dict[str, Any]] = {}
    for section, name in sorted(used):
        sections.setdefault(section, {})[name] = plain_of(dictionary.entries[section, name])
    text = json.dumps(sections, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    files = {USED: text.encode(), **{f"{pack.id}/{name}": data for name, data in pack.files.items()}}
    trees = [name for section, name in used if section == "code_trees"]
    for tree in trees:
        path = f"_attributes/{sections['code_trees'][tree]['file']}"
        files[path] = dictionary.tables[path]
    for group in _groups_of(pack):
        written = json.dumps(plain_of(groups[group]), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        files[f"_groups/{group}.yaml"] = written.encode()
    return files


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def hash_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 in hex over the paths, lengths and bytes of files, by path."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\n{len(files[path])}\n".encode() + files[path])
    return digest.hexdigest()


def plain_of(node: Node) -> Any:
    """A written node as texts, lists and records."""
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return [plain_of(item) for item in node.items]
    return {key: plain_of(value) for key, value in node.values.items()}


def _groups_of(pack: Pack) -> list[str]:
    return sorted({item.group for item in pack.items.values() if item.group})


def _used_entries(pack: Pack, dictionary: Dictionary, groups: Mapping[str, Node]) -> set[tuple[str, str]]:
    usage = usage_of(_expressions(pack), pack.schema)
    names = set(usage.facts | usage.relations) | _golden_names(pack)
    used = {("attributes", name) for name in names if name in dictionary.attributes}
    used |= {("relations", name) for name in names if name in dictionary.relations}
    used |= {("parameters", name) for name in usage.parameters if name in dictionary.parameters}
    trees = {attribute.fact.code_tree for name, attribute in dictionary.attributes.items() if name in names}
    for relation in (dictionary.relations[name].relation for name in names if name in dictionary.relations):
        trees |= {field.code_tree for field in relation.fields.values()}
    used |= {("code_trees", tree) for tree in {*trees, _REGION} if tree in dictionary.code_trees}
    lines = {item.budget_line for item in pack.items.values()} & {*dictionary.budget_lines}
    used |= {("budget_lines", line) for line in lines}
    used |= {("measures", measure) for measure in pack.measures.values()}
    offices = {pack.issuer, pack.owner, *_doers(pack)} | {dictionary.owner_of(name) for name in names}
    offices |= {dictionary.budget_lines[line].owner for line in lines}
    offices |= {str(plain_of(groups[name])["owner"]) for name in _groups_of(pack)}
    return used | {("offices", slug) for slug in _with_those_above(offices, dictionary)}


def _with_those_above(slugs: Iterable[str], dictionary: Dictionary) -> set[str]:
    found: set[str] = set()
    waiting = [slug for slug in slugs if slug in dictionary.offices]
    while waiting:
        slug = waiting.pop()
        if slug in dictionary.offices and slug not in found:
            found.add(slug)
            waiting.append(dictionary.offices[slug].under)
    return found


def _expressions(pack: Pack) -> list[Expression]:
    roots = [root for item in pack.items.values() for root in roots_of(item)]
    return roots + [Name(name) for wording in pack.words.values() for name in blanks_of(wording)]


def blanks_of(wording: Wording) -> set[str]:
    """Every name that a blank of this wording asks for."""
    found = set()
    for requirement in wording.requirements.values():
        for answers in (requirement.answers, *requirement.alternatives.values()):
            for template in answers.values():
                found |= {match.group(1) for match in BLANK.finditer(template.text)}
    return found


def _golden_names(pack: Pack) -> set[str]:
    return {key.attribute for case in pack.golden for key in case.facts}


def _doers(pack: Pack) -> set[str]:
    steps: list[Step] = list(pack.process.steps) if pack.process else []
    branches = [branch for step in steps if isinstance(step, AllOf) for branch in step.branches]
    return {step.by for step in [*steps, *branches]}
