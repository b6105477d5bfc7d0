"""A scenario made into the pack itself: its files with the scenario's numbers written in, ready for an author to go on.

What is written by hand stays as it is written, comments too; only what the scenario changes is changed. A parameter
gets a new row from the day on which it is to hold, so that what was decided before is decided as it was. How many claim
and what is assumed of people are no part of a policy, and stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.compat import StringIO

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs import Pack, run_golden
from zhida.domain.packs.reading.packs import PackReader
from zhida.domain.packs.revision_files import plain_of
from zhida.domain.packs.source.nodes import Problems, RecordNode
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.scenarios.overlay import FILES, NOTHING, Base, read_scenario

_WIDTH = 4096
_BARE = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?|\d{4}-\d\d-\d\d|true|false")


@dataclass(frozen=True)
class Converted:
    """A pack as a scenario would have it: its `files` by path in its folder, `changed` those that differ from before,
    and the golden cases that no longer hold, by name, each to be looked at by its author."""

    pack_id: str
    files: Mapping[str, bytes]
    changed: tuple[str, ...]
    broken: tuple[str, ...]


def converted(file: str, data: bytes, base: Base, pack_id: str, *, effective_on: date, source: str) -> Converted:
    """The pack with a scenario's changes written into its files; parameters hold from `effective_on`, their `source`
    said so.

    Raises AuthorError as `read_scenario` does and where the written pack would not read, ConflictError
    `nothing_to_convert` where the scenario leaves the pack alone, `changes_groups` where it also changes what packs
    share: that belongs to another office.
    """
    scenario = read_scenario(file, data, base)
    change = _change(file, data, pack_id)
    if change is None:
        words = f"{scenario.name} does not change {pack_id}"
        raise ConflictError("nothing_to_convert", words, "choose a scenario that changes the policy itself")
    if any(one.startswith("_groups: ") for one in scenario.changed):
        words = f"{scenario.name} changes a stacking group, which several packs share"
        raise ConflictError("changes_groups", words, "ask the office that owns the group; then convert the rest alone")
    before = dict(base.packs[pack_id].files)
    files = dict(before)
    for part, path in FILES.items():
        if part in change:
            files[path] = _rewritten(before.get(path, b"{}\n"), part, change[part], effective_on, source)
    changed = tuple(path for path in sorted(files) if files[path] != before.get(path))
    report = run_golden(_read(pack_id, files, base))
    broken = tuple(dict.fromkeys(result.case.name for result in report.failed))
    return Converted(pack_id, files, changed, broken)


def _change(file: str, data: bytes, pack_id: str) -> dict[str, Any] | None:
    top = read_yaml(file, data, Problems())
    change = top.values.get("change") if isinstance(top, RecordNode) else None
    own = change.values.get(pack_id) if isinstance(change, RecordNode) else None
    return plain_of(own) if own is not None else None


def _read(pack_id: str, files: Mapping[str, bytes], base: Base) -> Pack:
    problems = Problems()
    dictionary = base.own.get(pack_id, base.dictionary)
    draft = PackReader(pack_id, files, dictionary, base.groups, problems).read()
    if draft is None:
        raise AuthorError(problems.all())
    return draft.pack


def _rewritten(data: bytes, part: str, change: Mapping[str, Any], day: date, source: str) -> bytes:
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = _WIDTH, True
    yaml.representer.ignore_aliases = lambda *_: True
    held = yaml.load(data) or CommentedMap()
    if part == "parameters":
        for name in [name for name, value in change.items() if isinstance(value, str)]:
            _add_row(held[name], change[name], day, source)
        _lay(held, {name: value for name, value in change.items() if not isinstance(value, str)}, removes=False)
    else:
        _lay(held, change, removes=part == "items")
    written = StringIO()
    yaml.dump(held, written)
    return str(written.getvalue()).encode()


def _lay(held: Any, change: Mapping[str, Any], *, removes: bool) -> None:
    """Lays a change over what is held, key by key, as a scenario does."""
    for key, value in change.items():
        if removes and value == NOTHING:
            held.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(held.get(key), Mapping):
            _lay(held[key], value, removes=removes)
        else:
            held[key] = _typed(value)


def _add_row(held: Any, value: str, day: date, source: str) -> None:
    """A parameter's rows with one more from a day on, for each region that has its own."""
    rows = held["rows"] if isinstance(held, Mapping) else held
    for region in dict.fromkeys(str(row.get("region", "")) for row in [*rows]):
        rows[:] = [row for row in rows if (str(row.get("region", "")), str(row["effective"])) != (region, str(day))]
        given = {"effective": day, "published": day, "value": _typed(value), "region": region, "source": source}
        row = CommentedMap((key, each) for key, each in given.items() if each != "")
        row.fa.set_flow_style()
        rows.append(row)


def _typed(value: Any) -> Any:
    """A written value as YAML itself would hold it, so that a number, a day or a truth is written without quotes."""
    if isinstance(value, Mapping):
        return {key: _typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    return YAML().load(value) if _BARE.fullmatch(value) else value
