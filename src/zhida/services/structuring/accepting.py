"""A person's yes to a proposal, carried out: a new fact enters the dictionary, a condition over it becomes computed.

A condition can be accepted only when every fact that it speaks of is in the dictionary or accepted with it. Written
are lines of `_attributes/drafted.yaml` and of the pack's rules.yaml; whatever else a proposal says stands in the pack's
files already, and accepting it only marks it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.packs import Dictionary
from zhida.domain.packs.proposals import Proposal, State
from zhida.domain.sentences import tell
from zhida.services.structuring.facts import timed

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


def accept(
    proposals: Iterable[Proposal], names: Iterable[str], files: Mapping[str, bytes], pack_id: str
) -> tuple[list[Proposal], dict[str, bytes]]:
    """The proposals with those named accepted, and the files of the root that change, by path.

    Raises AuthorError where a condition speaks of a fact that nobody has accepted, naming the proposals to accept too.
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
    return settled, changed


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
