"""What the conformance dialect leaves out: one list, decided by what a model says, never by how a case ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from tests.conformance.dmn_tck.calendar import zones
from tests.conformance.dmn_tck.model import Decision, Definition, Knowledge, Model, Service, Table, Text, boxes

_EXTERNAL = re.compile(r"\bfunction\s*\([^)]*\)\s*external\b")
_ZONE = re.compile(r"@[A-Za-z]+/[A-Za-z]")
_FEEL = re.compile(r"/FEEL/?$|^feel$", re.IGNORECASE)
Part = Any


@dataclass(frozen=True)
class Feature:
    """Something left out: its reason, and whether a boxed expression or a text of it uses it."""

    reason: str
    uses: Callable[[Part], bool]


def _is_external(part: Part) -> bool:
    if isinstance(part, Definition):
        return part.kind in ("Java", "PMML")
    return isinstance(part, str) and _EXTERNAL.search(part) is not None


def _is_foreign(part: Part) -> bool:
    return isinstance(part, Text) and bool(part.language) and _FEEL.search(part.language) is None


def _names_unknown_zone(part: Part) -> bool:
    return isinstance(part, str) and _ZONE.search(part) is not None and not zones()


LEFT_OUT = (
    Feature("external functions: code in Java or PMML does not run here", _is_external),
    Feature("expression languages other than FEEL", _is_foreign),
    Feature("named time zones: this machine has no zone table", _names_unknown_zone),
)


def left_out(model: Model, keys: list[str]) -> str:
    """Why the elements with these keys, and all that they require, are out of scope; "" where they are in."""
    parts = list(_parts(model, keys))
    return next((feature.reason for feature in LEFT_OUT if any(feature.uses(part) for part in parts)), "")


def _parts(model: Model, keys: list[str]) -> Iterator[Part]:
    seen: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        element = model.elements.get(key)
        if key in seen or element is None:
            continue
        seen.add(key)
        if isinstance(element, Service):
            waiting += (*element.outputs, *element.encapsulated)
        if isinstance(element, Decision | Knowledge):
            waiting += element.requires
            for box in boxes(element.logic):
                yield box
                yield from _texts(box)


def _texts(box: Part) -> Iterator[str]:
    if isinstance(box, Text):
        yield box.text
    if isinstance(box, Table):
        for part in (*box.inputs, *box.outputs, *box.rules):
            yield from _strings(part)


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for member in part:
            yield from _strings(member)
    elif is_dataclass(part):
        for one in fields(part):
            yield from _strings(getattr(part, one.name))
