"""A person's word on proposals, carried out on a draft's files: accepted, refused, or changed to what is right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from zhida.domain.errors import AuthorError
from zhida.domain.packs.proposals import PROPOSALS, Proposal, State, write_proposals
from zhida.domain.packs.sentences import constant
from zhida.domain.packs.source.splicing import Bare, with_entry
from zhida.domain.rules import FactType
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring import checking
from zhida.services.authoring.entries import entitle
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.refusing import goes_with, items_of, refuse, takes_all
from zhida.services.authoring.sheets import PARAMETERS, Sheet
from zhida.services.structuring import DRAFTED, UNKNOWN_PLACE, accept, carried, instead, says_nothing, without_unit
from zhida.surfaces.desk.presenters.settling import ACCEPT, CHANGE, REFUSE, proposals_of
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling.problems import all_told

_ALL_REFUSED = "一件政策至少要有一个事项：留一个，到“条件和金额”里改成对的"


@dataclass(frozen=True)
class Settled:
    """What is to be written, what each proposal came to, and what is wrong by field."""

    files: Mapping[str, bytes | None] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many were settled."""
        return len(self.accepted) + len(self.refused) + len(self.changed)


def settle(draft: DraftRecord, words: Mapping[str, str], values: Mapping[str, str]) -> Settled:
    """Carries out what was said: `words` by proposal (accept, refuse, change), `values` what is right instead.

    Nothing is written where a condition speaks of a fact that is not accepted, or where a change does not read.
    """
    proposals = proposals_of(draft)
    waiting = {one.id: one for one in proposals if one.state is State.OPEN}
    said = {name: word for name, word in words.items() if name in waiting}
    yes = [name for name, word in said.items() if word in (ACCEPT, CHANGE)]
    refused = tuple(name for name, word in said.items() if word == REFUSE)
    gone = items_of(waiting[name] for name in refused)
    refused = (*refused, *(name for name, one in waiting.items() if name not in refused and goes_with(one, gone)))
    changed = tuple(name for name, word in said.items() if word == CHANGE and name not in refused)
    plain = [name for name in yes if name not in changed and name not in refused]
    if lost := [name for name in plain if says_nothing(waiting[name])]:
        return Settled(faults={f"s-{name}": say("这里没有读出内容，不能说对：请填上，或者选不对") for name in lost})
    facts = [name for name in plain if waiting[name].kind == "attribute"]
    offered = {name: waiting[name].value.get("alike", ()) for name in changed}
    known = {name: value.strip() for name, value in values.items() if value.strip() in offered.get(name, ())}
    try:
        proposals = tuple(instead(proposals, known, checking.read(draft).root.dictionary))
        settled, files = accept(proposals, plain, _as_read(draft), draft.pack_id)
    except AuthorError as error:
        return Settled(faults=_lacking(error, waiting, facts))
    states = {**dict.fromkeys(changed, State.ACCEPTED), **dict.fromkeys(refused, State.REFUSED)}
    rows = [replace(one, state=states.get(one.id, one.state)) for one in settled]
    written = {_own(draft, path): body for path, body in files.items()}
    faults: dict[str, str] = {}
    for name in changed:
        _change(draft, waiting[name], values.get(name, "").strip(), written, faults)
    written[f"{draft.pack_id}/{PROPOSALS}"] = write_proposals(rows)
    faults |= _broken(draft, written, changed) if not faults else {}
    sheet = Sheet(replace(draft, files={**draft.files, **written}))
    if takes_all(sheet, [waiting[name] for name in refused]):
        faults |= {f"s-{name}": say(_ALL_REFUSED) for name in refused if waiting[name].kind == "item"}
    if faults:
        return Settled(faults=faults)
    refuse(sheet, [waiting[name] for name in refused])
    return Settled({**written, **sheet.changed}, tuple(plain), refused, changed)


def added_path(pack_id: str) -> str:
    """Where the facts that a draft adds to the dictionary stand in its root."""
    return f"_attributes/drafted-{pack_id.replace('/', '-')}.yaml"


def _as_read(draft: DraftRecord) -> dict[str, bytes]:
    files = dict(draft.files)
    own = added_path(draft.pack_id)
    return {**files, DRAFTED: files[own]} if own in files else files


def _own(draft: DraftRecord, path: str) -> str:
    return added_path(draft.pack_id) if path == DRAFTED else path


def _lacking(error: AuthorError, waiting: Mapping[str, Proposal], facts: list[str]) -> dict[str, str]:
    """Which condition speaks of a fact that nobody has accepted, beside each such condition."""
    found = {}
    for name, one in waiting.items():
        if any(problem.words.startswith(f"{name} ") for problem in error.problems):
            lacking = [
                other.id for other in waiting.values()
                if other.kind == "attribute" and other.value.get("name") in one.value.get("needs", ())
                and other.id not in facts
            ]  # fmt: skip
            which = say("、").join(lacking)
            found[f"s-{name}"] = say("这个条件用到还没有接受的新事实，请一起接受：{which}", which=which)
    return found


def _change(draft: DraftRecord, one: Proposal, value: str, written: dict[str, bytes], faults: dict[str, str]) -> None:
    """Writes what is right into the entry that carries a proposal."""
    file, path = one.edit.get("file", ""), one.edit.get("path", "").split(".")
    if one.kind == "attribute":
        if value not in one.value.get("alike", ()):
            faults[f"v-{one.id}"] = say("请从列出的里面选一个")
        return
    if not value:
        faults[f"v-{one.id}"] = say("请写上对的内容")
        return
    own = {"condition": _say_condition, "standard": _fill_in, "title": _say_title}.get(one.kind)
    if own is not None:
        own(draft, one, value, written, faults)
    elif one.kind == "amount_rule":
        _set(draft, file, (*path, "is"), value, written)
    elif one.kind in ("in_force", "until", "issued_on"):
        day = _day(value)
        if day is None:
            faults[f"v-{one.id}"] = say("写成 2026-03-01 这样")
            return
        where = {"in_force": ("valid", "from"), "until": ("valid", "to")}.get(one.kind, tuple(path))
        _set(draft, file, where, day + timedelta(days=1) if one.kind == "until" else day, written)
    elif path == ["document", "topics"]:
        _set(draft, file, tuple(path), [part.strip() for part in value.split(",") if part.strip()], written)
    else:
        _set(draft, file, tuple(path), value, written)


def _say_title(
    draft: DraftRecord, one: Proposal, value: str, written: dict[str, bytes], faults: dict[str, str]
) -> None:
    sheet = Sheet(replace(draft, files={**draft.files, **written}))
    entitle(sheet, value)
    written.update({path: body for path, body in sheet.changed.items() if body is not None})


def _say_condition(
    draft: DraftRecord, one: Proposal, value: str, written: dict[str, bytes], faults: dict[str, str]
) -> None:
    """A condition said in another expression, or of the place that it means; inside a benefit it is its item's."""
    if UNKNOWN_PLACE in str(one.value.get("feel", "")):
        code = _place(value)
        if not code:
            faults[f"v-{one.id}"] = say("没有这个地区，或者有几个同名的：请写六位代码")
            return
        value = str(one.value["feel"]).replace(UNKNOWN_PLACE, f'"{code}"')
    name = one.edit.get("path", "").removeprefix("requirements.")
    if one.edit.get("file") == "rules.yaml" and "." not in name:
        _set(draft, "rules.yaml", ("requirements", name, "kind"), "computed", written)
        _set(draft, "rules.yaml", ("requirements", name, "when"), value, written)
    written.update(carried(one, value, {**draft.files, **written}, draft.pack_id))


def _place(words: str) -> str:
    """The code of a division by its code or its only name; "" where there is none."""
    tree = catalogue.root().dictionary.code_trees.get("region")
    if tree is None or words in tree.names:
        return words if tree else ""
    found = [code for code, name in tree.names.items() if name == words]
    return found[0] if len(found) == 1 else ""


def _fill_in(draft: DraftRecord, one: Proposal, value: str, written: dict[str, bytes], faults: dict[str, str]) -> None:
    """The figure of another document, as a parameter."""
    unit = str(one.value.get("unit", ""))
    try:
        figure = constant(without_unit(value), FactType("standard", "number", unit=unit, scale=0 if unit else 4))
    except AuthorError:
        figure = ""
    if not figure or not Decimal(figure):
        faults[f"v-{one.id}"] = say("写成数，例如 1309元 或 4.35%")
        return
    name, sheet = one.edit["path"], Sheet(replace(draft, files={**draft.files, **written}))
    row = (sheet.get(PARAMETERS, name, "rows") or [{}])[0]
    days = {key: Bare(row[key]) for key in ("effective", "published") if key in row}
    rows = [{**days, "value": Bare(figure), "source": str(one.value.get("words", ""))}]
    sheet.set(PARAMETERS, (name,), ({"unit": unit} if unit else {}) | {"rows": rows})
    written.update({path: body for path, body in sheet.changed.items() if body is not None})


def _set(draft: DraftRecord, file: str, path: tuple[str, ...], value: object, written: dict[str, bytes]) -> None:
    whole = f"{draft.pack_id}/{file}"
    data = written.get(whole, draft.files.get(whole, b""))
    is_expression = isinstance(value, str) and path[-1] in ("when", "is")
    written[whole] = with_entry(file, data, path, quoted(str(value)) if is_expression else value)


def quoted(text: str) -> Bare:
    """An expression as pack files write it: always between quotes, so that no sign in it is YAML's."""
    return Bare(json.dumps(text, ensure_ascii=False))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _broken(draft: DraftRecord, written: Mapping[str, bytes], changed: tuple[str, ...]) -> dict[str, str]:
    """What no longer reads, told beside the changes that were made; a draft that did not read before is not held to
    it."""
    if not changed or checking.read(draft).problems:
        return {}
    problems = checking.read(replace(draft, files={**draft.files, **written})).problems
    told = all_told(problems, spoken())
    return {f"v-{name}": told for name in changed} if problems else {}
