"""A person's yes to a proposal, carried out: a new fact enters the dictionary, a condition over it becomes computed.

A condition can be accepted only when every fact that it speaks of is in the dictionary or accepted with it; one inside
a benefit's sentence becomes a condition of that item. Written are lines of `_attributes/drafted.yaml`, and of the
pack's rules, items and words; whatever else a proposal says stands in the pack's files already and is only marked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ruamel.yaml import YAML

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.packs import Dictionary
from zhida.domain.packs.proposals import Proposal, State
from zhida.domain.packs.source.splicing import Bare, as_read, with_entry
from zhida.domain.sentences import tell
from zhida.services.structuring.facts import timed
from zhida.services.structuring.places import UNKNOWN_PLACE

DRAFTED = "_attributes/drafted.yaml"
PENDING = "待定"
"""The source of a fact that no office has agreed to deliver yet."""
_HEAD = (
    "# Facts accepted from drafts: give each its true source and its English name before a pack that uses it is gold.\n"
)


def needs_of(proposal: Proposal) -> tuple[str, ...]:
    """The new facts that a condition speaks of, by name; none for any other proposal."""
    return tuple(str(each) for each in proposal.value.get("needs", ())) if proposal.kind == "condition" else ()


def speaks_of_new(proposal: Proposal) -> bool:
    """Whether a condition speaks of new facts, or of known ones that were taken in their place."""
    return bool(needs_of(proposal)) or bool(proposal.value.get("over"))


def says_nothing(proposal: Proposal) -> bool:
    """Whether there is nothing that a person could call right: a title that was not found, a figure that another
    document sets, a condition of a place that nobody knows. Those are filled in, or refused."""
    is_lost = proposal.kind == "title" and (not proposal.quote.strip() or proposal.confidence == 0)
    return is_lost or proposal.kind == "standard" or UNKNOWN_PLACE in str(proposal.value.get("feel", ""))


def accept(
    proposals: Iterable[Proposal], names: Iterable[str], files: Mapping[str, bytes], pack_id: str
) -> tuple[list[Proposal], dict[str, bytes]]:
    """The proposals with those named accepted, and the files of the root that change, by path.

    Raises AuthorError where a condition speaks of a fact that nobody has accepted, naming the proposals to accept too,
    and where there is nothing to accept.
    """
    rows, chosen = [*proposals], {*names}
    settled = [replace(each, state=State.ACCEPTED) if each.id in chosen else each for each in rows]
    accepted = {str(each.value.get("name")) for each in settled if _is_fact(each) and each.state is State.ACCEPTED}
    missing = [
        Problem(
            pack_id,
            0,
            0,
            "unaccepted_fact",
            tell("{proposal} speaks of {fact}, which nobody has accepted", proposal=each.told, fact=name),
            tell("accept {proposal} too", proposal=_proposing(rows, name)),
        )
        for each in settled
        if each.id in chosen
        for name in needs_of(each)
        if name not in accepted
    ]
    missing += [_nothing(pack_id, each) for each in settled if each.id in chosen and says_nothing(each)]
    if missing:
        raise AuthorError(missing)
    changed: dict[str, bytes] = {}
    newly = [each for each in settled if each.id in chosen]
    facts = [each for each in newly if _is_fact(each)]
    if facts:
        changed[DRAFTED] = _with_facts(files.get(DRAFTED, b""), facts)
    rules = f"{pack_id}/rules.yaml"
    for each in newly:
        if speaks_of_new(each) and each.value.get("carries") and rules in files:
            changed[rules] = _computed(changed.get(rules, files[rules]), each)
        changed |= carried(each, str(each.value.get("feel", "")), {**files, **changed}, pack_id)
    return settled, changed


def _nothing(pack_id: str, proposal: Proposal) -> Problem:
    words = tell("{proposal}: nothing was read that could be accepted", proposal=proposal.told)
    return Problem(pack_id, 0, 0, "nothing_read", words, tell("fill in what is right, or refuse it"))


def carried(condition: Proposal, feel: str, files: Mapping[str, bytes], pack_id: str) -> dict[str, bytes]:
    """The files that change when a condition inside a benefit's sentence becomes one of its items, said in `feel`;
    none for any other proposal."""
    names = {file: f"{pack_id}/{file}" for file in ("rules.yaml", "items.yaml", "words/zh.yaml")}
    into, name = condition.value.get("into", ()), f"in_{condition.anchor.replace('-', '_')}_{condition.span.start}"
    if condition.kind != "condition" or not into or not feel or any(path not in files for path in names.values()):
        return {}
    rules, items, words = (files[path] for path in names.values())
    there = as_read(YAML(typ="rt").compose(items.decode()))
    for item in (one for one in into if one in there):
        asked = [*there[item].get("requires", ())]
        if name not in asked:
            items = with_entry("items.yaml", items, (item, "requires"), [*asked, name])
    if items == files[names["items.yaml"]]:
        return {}
    told = Bare(json.dumps(feel, ensure_ascii=False))
    record = {"kind": "computed", "when": told, "cites": [condition.anchor]}
    rules = with_entry("rules.yaml", rules, ("requirements", name), record)
    title = re.sub(r"[{}]", "", condition.quote.strip(" ，。；;"))
    answers = {"met": f"符合：{title}", "not_met": f"不符合：{title}", "unknown": f"尚不能判断：{title}"}
    words = with_entry("words/zh.yaml", words, ("requirements", name), {"title": title, **answers})
    return dict(zip(names.values(), (rules, items, words), strict=True))


def instead(proposals: Iterable[Proposal], chosen: Mapping[str, str], dictionary: Dictionary) -> list[Proposal]:
    """The proposals with facts of the dictionary in place of new ones, in every condition that nobody has settled:
    `chosen` names a fact by the proposal whose new one it is.

    Raises AuthorError where a proposal does not offer that fact as one that its own may be.
    """
    rows = [*proposals]
    for each in rows:
        name = chosen.get(each.id, "")
        if not name:
            continue
        if name not in each.value.get("alike", ()) or name not in dictionary.attributes:
            words = tell("{proposal} does not offer {fact}", proposal=each.told, fact=name)
            raise AuthorError(
                [Problem(each.id, 0, 0, "fact_not_offered", words, tell("accept or refuse the new fact"))]
            )
        feel, _ = timed(dictionary.attributes[name], "this_year")
        rows = [_spoken_of(other, str(each.value["name"]), name, feel.removesuffix("(year)")) for other in rows]
    return rows


def _spoken_of(proposal: Proposal, new: str, known: str, feel: str) -> Proposal:
    """A proposal that speaks of a known fact where it spoke of a new one."""
    value = dict(proposal.value)
    if _is_fact(proposal) and value.get("name") == new:
        value["name"] = known
    elif proposal.state is State.OPEN and new in needs_of(proposal):
        value["feel"] = re.sub(rf"\b{re.escape(new)}\b", feel, str(value["feel"]))
        value["needs"] = [each for each in value["needs"] if each != new]
        value["over"] = [*value.get("over", []), known]
    return replace(proposal, value=value)


def _is_fact(proposal: Proposal) -> bool:
    return proposal.kind == "attribute"


def _proposing(rows: list[Proposal], name: str) -> str:
    return next((each.id for each in rows if _is_fact(each) and each.value.get("name") == name), name)


def _with_facts(data: bytes, facts: list[Proposal]) -> bytes:
    """The file of drafted facts with some more; one that stands there already is left as it is."""
    for each in facts:
        data = with_fact(data, each.value)
    return data


def with_fact(data: bytes, value: Mapping[str, Any]) -> bytes:
    """The file of drafted facts with one more: its name, words, kind, unit, scale, codes, period, owner, audience."""
    text = data.decode() or f"{_HEAD}attributes:\n"
    if re.search(rf"^  {re.escape(str(value['name']))}:", text, re.MULTILINE):
        return text.encode()
    rows = {key: value.get(key) for key in ("kind", "unit", "scale", "codes")}
    rows |= {"period": value["period"] if value["period"] != "none" else "", "owner": value["owner"]}
    told = ", ".join(f"{key}: {said}" for key, said in rows.items() if said)
    words = json.dumps(str(value["words"]), ensure_ascii=False)
    audience = ", ".join(str(kind) for kind in value["audience"])
    text += (
        f"  {value['name']}:\n    {{{told}, source: {PENDING}, field_class: restricted, audience: [{audience}], "
        f"words: {{zh: {words}}}}}\n"
    )
    return text.encode()


def _computed(data: bytes, condition: Proposal) -> bytes:
    """rules.yaml with a judged requirement said in FEEL; one that a person has changed meanwhile is left alone."""
    name = condition.edit["path"].removeprefix("requirements.")
    when = json.dumps(str(condition.value["feel"]), ensure_ascii=False)
    judged, computed = f"  {name}:\n    kind: judged\n", f"  {name}:\n    kind: computed\n    when: {when}\n"
    return data.decode().replace(judged, computed, 1).encode()
