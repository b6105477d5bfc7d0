"""A kept scenario made into a revision of the pack that it changes: an author goes on with it, two persons publish it.

`convert` gives the files; who keeps them as a draft is the caller's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.errors import ConflictError
from zhida.domain.packs.source.nodes import Problems, RecordNode, Spot, TextNode
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.scenarios.converting import converted
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.simulation.asking import base_of, chosen
from zhida.services.simulation.keeping import Kept


@dataclass(frozen=True)
class Revised:
    """The revision that a scenario makes: the pack and the revision in force that it changes, its files by path from
    the pack root, the files that differ, the golden cases that no longer hold, and the scenario's words."""

    pack_id: str
    base: str
    title: str
    files: Mapping[str, bytes]
    changed: tuple[str, ...]
    broken: tuple[str, ...]
    words: str


def scenarios_in(kept: Kept) -> tuple[str, ...]:
    """The names of a run's scenarios that change a policy, in the order in which they were given."""
    return tuple(name for name, top in _tops(kept).items() if "change" in top.values)


def convert(kept: Kept, scenario: str, *, effective_on: date, as_of: datetime) -> Revised:
    """The revision of a run's scenario; its parameters hold from `effective_on`.

    Raises ConflictError `no_such_scenario`, `several_packs` where it changes more than one, `policy_moved` where the
    version in force is no longer the one that was simulated, and as `domain.scenarios.converting.converted`.
    """
    tops = _tops(kept)
    if scenario not in tops:
        words = f"{kept.id} has no scenario {scenario}"
        raise ConflictError("no_such_scenario", words, f"it has {', '.join(tops) or 'none'}")
    change = tops[scenario].values.get("change")
    packs = [*change.values] if isinstance(change, RecordNode) else []
    if len(packs) != 1:
        words = f"{scenario} changes {len(packs)} packs"
        raise ConflictError("several_packs", words, "simulate a scenario that changes one policy, and convert that")
    (pack_id,) = packs
    items = chosen(kept.items, as_of)
    base = base_of(items)
    if base.packs[pack_id].hash != kept.inputs["packs"][pack_id]:
        words = f"{pack_id} has changed since {kept.id}"
        raise ConflictError("policy_moved", words, "simulate again on the version in force")
    data = next(text for text in kept.files.values() if _name(text) == scenario).encode()
    source = f"{kept.id} {scenario}"
    found = converted(f"{scenario}.yaml", data, base, pack_id, effective_on=effective_on, source=source)
    files = {f"{pack_id}/{path}": body for path, body in found.files.items()}
    title = base.packs[pack_id].words["zh"].title
    base_id = catalogue.policy(pack_id, as_of=as_of).id
    return Revised(pack_id, base_id, title, files, found.changed, found.broken, _words(tops[scenario]))


def _tops(kept: Kept) -> dict[str, RecordNode]:
    tops = [_top(text) for text in kept.files.values()]
    return {_text(top, "name"): top for top in tops}


def _top(text: str) -> RecordNode:
    node = read_yaml("scenario", text.encode(), Problems())
    return node if isinstance(node, RecordNode) else RecordNode(Spot("scenario"))


def _name(text: str) -> str:
    return _text(_top(text), "name")


def _words(top: RecordNode) -> str:
    words = top.values.get("words")
    return _text(words, "zh") if isinstance(words, RecordNode) else ""


def _text(record: RecordNode, key: str) -> str:
    node = record.values.get(key)
    return node.text if isinstance(node, TextNode) else ""
