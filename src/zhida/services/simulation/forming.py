"""Scenarios set by a form: what of an item can be changed there, and the file that the answers make."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.domain.packs import Item, Pack
from zhida.domain.packs.source.nodes import Node, RecordNode, TextNode
from zhida.domain.scenarios import TakeUp

_KEY = re.compile(r' *"([^"]+)":')
ORDERS = ("", "none", "first_come", "pro_rata")


@dataclass(frozen=True)
class Lever:
    """One thing that a form can change: where it stands (`parameters/rate`, `rules/requirements/x/when`,
    `rules/amounts/x/is`, `items/x/quota`), what it says now, in which unit, and where that is written."""

    path: str
    now: str
    is_expression: bool = False
    unit: str = ""
    source: str = ""


def levers(pack: Pack, item: Item, day: date) -> tuple[Lever, ...]:
    """What a form offers for an item: its pack's parameters in force everywhere, the plain conditions it requires, and
    its amounts as they are written."""
    rows = {name: series.in_force(day).get("") for name, series in sorted(pack.parameters.items())}
    found = [
        Lever(f"parameters/{name}", str(row.value), unit=pack.parameters[name].unit, source=row.source)
        for name, row in rows.items()
        if row is not None
    ]
    for name in item.requires:
        text = _text(pack.nodes.get("rules.yaml"), "requirements", name, "when")
        found += [Lever(f"rules/requirements/{name}/when", text, is_expression=True)] if text else []
    for name in sorted(pack.schema.amounts):
        text = _text(pack.nodes.get("rules.yaml"), "amounts", name, "is")
        found += [Lever(f"rules/amounts/{name}/is", text, is_expression=True)] if text else []
    return tuple(found)


def _text(node: Node | None, *path: str) -> str:
    for key in path:
        node = node.values.get(key) if isinstance(node, RecordNode) else None
    return node.text.strip() if isinstance(node, TextNode) else ""


def scenario_file(
    name: str,
    title: str,
    item: Item,
    answers: Mapping[str, str],
    offered: Mapping[str, Lever],
    *,
    share: TakeUp | None = None,
    plan: Mapping[str, Any] | None = None,
) -> bytes | None:
    """The scenario that a form's answers make, as JSON, which is YAML too; None where nothing differs from what is.

    `answers` are by lever, and `order` and `total_yuan` besides; `share` is who claims, `plan` what its years have, as
    a scenario's `years` say it of an item. What they say is checked when it is read.
    """
    change: dict[str, Any] = {}
    for path, lever in offered.items():
        text = answers.get(path, "").strip()
        if text and text != lever.now:
            _put(change, path.split("/"), text)
    quota = _quota(answers)
    if quota is not None:
        _put(change, ["items", item.name, "quota"], quota)
    told: dict[str, Any] = {"name": name, "words": {"zh": title}}
    if share is not None:
        told["take_up"] = {name: f"{one:f}" for name, one in share._asdict().items()}
    if change:
        told["change"] = {item.pack: change}
    if plan:
        told["years"] = {item.id: plan}
    return _written(told) if share is not None or change or plan else None


def plans_file(item: Item, plan: Mapping[str, Any]) -> bytes:
    """What years ahead have in every scenario, as `asking.scenarios_of` reads it; empty for nothing."""
    return _written({"years": {item.id: plan}}) if plan else b""


def _written(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def place_in(data: bytes, line: int) -> tuple[str, ...]:
    """The keys that lead to a line, from 1, of a file written here: which answer a mistake is of."""
    path: list[str] = []
    for text in data.decode().splitlines()[:line]:
        depth = len(text) - len(text.lstrip(" "))
        key = _KEY.match(text)
        path = [*path[: max(0, depth - 1)], key[1] if key else ""] if depth else []
    return tuple(path)


def _quota(answers: Mapping[str, str]) -> Any:
    order, total = answers.get("order", ""), answers.get("total_yuan", "").strip()
    if order == "none":
        return "none"
    return {"order": order, "total_yuan": total} if order in ORDERS[2:] else None


def _put(record: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        record = record.setdefault(key, {})
    record[path[-1]] = value
