"""A draft's own files while one act changes several of them, so that no entry is left without what it needs.

A requirement stands in rules.yaml, its words in words/, its paper in form.yaml, its name in items.yaml: what one of
them loses, `swept` takes out of the others, and gives each clause that nothing cites any more its reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from zhida.domain.packs.reading.clauses import read_policy
from zhida.domain.packs.source.nodes import ListNode, Problems, RecordNode, TextNode
from zhida.domain.packs.source.splicing import with_entry, without_entry
from zhida.domain.packs.source.strict import read_yaml
from zhida.services.authoring.records import DraftRecord

_NAME = re.compile(r"[A-Za-z_]\w*")
_CITING = ("items.yaml", "rules.yaml", "form.yaml", "process.yaml")
PARAMETERS = "parameters.yaml"
STANDARD = "standard_"
"""How the parameters begin that the desk's forms write."""
RULES, ITEMS, FORM, WORDS, CLAUSES = "rules.yaml", "items.yaml", "form.yaml", "words/zh.yaml", "clauses.yaml"


class Sheet:
    """The files of one draft, read and written by entry; `changed` are those that differ, by path from the root."""

    def __init__(self, draft: DraftRecord) -> None:
        self.draft = draft
        self._own = f"{draft.pack_id}/"
        self._now = dict(draft.files)
        self._read: dict[str, tuple[bytes, Any]] = {}

    @property
    def changed(self) -> dict[str, bytes | None]:
        """What is to be written; None takes a file away."""
        found: dict[str, bytes | None] = {}
        for path, body in self._now.items():
            if not body.strip():
                found |= {path: None} if path in self.draft.files else {}
            elif body != self.draft.files.get(path):
                found[path] = body
        return found

    @property
    def files(self) -> dict[str, bytes]:
        """All files of the draft as they would be."""
        return {path: body for path, body in self._now.items() if body.strip()}

    def put(self, path: str, body: bytes) -> None:
        """Writes a whole file by its path from the root: one that packs share."""
        self._now[path] = body

    def set(self, file: str, path: Sequence[str], value: Any) -> None:
        """Writes an entry. Raises AuthorError `not_an_entry` where the file does not parse."""
        self._now[self._own + file] = with_entry(file, self._body(file), path, value)

    def put_entry(self, path: str, at: Sequence[str], value: Any) -> None:
        """Writes an entry of a file that packs share, by its path from the root."""
        self._now[path] = with_entry(path, self._now[path], at, value)

    def drop_entry(self, path: str, at: Sequence[str]) -> None:
        """Takes an entry out of a file that packs share, by its path from the root."""
        self._now[path] = without_entry(path, self._now[path], at)

    def shared(self, path: str) -> dict[str, Any]:
        """A file that the draft adds to what packs share, as dicts, lists and texts; empty where there is none."""
        body = self._now.get(path, b"")
        return (_plain(read_yaml(path, body, Problems())) or {}) if body.strip() else {}

    def added(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """The facts that the draft adds to the dictionary, file by file."""
        found = [(path, body) for path, body in self._now.items() if path.startswith("_attributes/") and body.strip()]
        read = [(path, _plain(read_yaml(path, body, Problems()))) for path, body in found]
        return tuple((path, told["attributes"]) for path, told in read if told and told.get("attributes"))

    def drop(self, file: str, path: Sequence[str]) -> None:
        """Takes an entry out, where it is there; a file without entries goes."""
        body = self._body(file)
        if body.strip():
            self._now[self._own + file] = without_entry(file, body, path)

    def get(self, file: str, *path: str) -> Any:
        """An entry as dicts, lists and texts; None where there is none."""
        body = self._body(file)
        if self._read.get(file, (b"", None))[0] != body:
            self._read[file] = (body, _plain(read_yaml(file, body, Problems())) if body.strip() else None)
        found = self._read[file][1] if body else None
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def drop_all(self, file: str, path: Sequence[str], names: Collection[str]) -> None:
        """Takes entries of one record out: their lines at once where each stands on lines of its own, else one by
        one."""
        before = self.get(file, *path) or {}
        kept = {name: one for name, one in before.items() if name not in names}
        if len(kept) < len(before) - 1 and kept and len(path) < 2:
            body, now = self._own + file, self._body(file)
            self._now[body] = "".join(_without_lines(now.decode(), path, names)).encode()
            if self.get(file, *path) == kept:
                return
            self._now[body] = now
        for name in [name for name in before if name in names]:
            self.drop(file, (*path, name))

    @cached_property
    def waiting(self) -> frozenset[str]:
        """Tables and parameters that nothing used when the act began: their author is about to."""
        before = Sheet(self.draft)
        held = {*(before.get(RULES, "tables") or {}), *(before.get(PARAMETERS) or {})}
        return frozenset(held - _names_read(before)) if held else frozenset()

    def languages(self) -> tuple[str, ...]:
        """The files of words."""
        begin = f"{self._own}words/"
        return tuple(path.removeprefix(self._own) for path in self._now if path.startswith(begin))

    def _body(self, file: str) -> bytes:
        return self._now.get(self._own + file, b"")


def _without_lines(text: str, path: Sequence[str], names: Collection[str]) -> Iterator[str]:
    """The lines of a file without those of some entries of a record at its top, or one below it."""
    is_inside, is_out = not path, False
    indent = None if path else ""
    for line in text.splitlines(keepends=True):
        begin = line[: len(line) - len(line.lstrip())]
        if path and not begin and line.strip():
            is_inside, indent, is_out = line.split(":")[0] == path[0], None, False
        elif is_inside and line.strip():
            indent = begin if indent is None else indent
            is_out = line.strip().split(":")[0] in names if begin == indent else is_out
        if not is_out:
            yield line


def swept(sheet: Sheet, why: str) -> None:
    """Takes out what no item uses any more, and the words of it; `why` is the reason of clauses left without a rule."""
    _drop_unasked(sheet)
    _drop_unread(sheet)
    for section, names in (
        ("items", sheet.get(ITEMS)),
        ("requirements", sheet.get(RULES, "requirements")),
        ("papers", sheet.get(FORM, "papers")),
        ("questions", sheet.get(FORM, "questions")),
    ):
        for file in sheet.languages():
            _drop_others(sheet, file, (section,), names or {})
    asked = [value for one in (sheet.get(FORM, "questions") or {}).values() for value in one.get("values", ())]
    for name in sheet.get(WORDS, "choices") or {}:
        if name.startswith("kind_") and name not in asked:
            sheet.drop(WORDS, ("choices", name))
    explain(sheet, why)


def _drop_unasked(sheet: Sheet) -> None:
    """Requirements that no item asks for, and papers that prove none."""
    items = (sheet.get(ITEMS) or {}).values()
    asked = {name for item in items for name in item.get("requires", ())}
    _drop_others(sheet, RULES, ("requirements",), asked)
    known = sheet.get(RULES, "requirements") or {}
    _drop_others(sheet, FORM, ("papers",), {name for name, one in known.items() if one.get("kind") == "evidenced"})


def _names_read(sheet: Sheet, more: Collection[str] = ()) -> set[str]:
    """Every name that an item, a condition or what they are made of speaks of; `more` are read besides."""
    items, rules = (sheet.get(ITEMS) or {}).values(), sheet.get(RULES) or {}
    made = {**(rules.get("amounts") or {}), **(rules.get("tables") or {})}
    read = {item.get("benefit", {}).get("amount", "") for item in items} | {*more}
    read |= _names_in([*(rules.get("requirements") or {}).values(), *items])
    before = -1
    while len(read) > before:
        before = len(read)
        read |= _names_in([one for name, one in made.items() if name in read])
    return read


def _drop_unread(sheet: Sheet) -> None:
    """Amounts, tables, questions and parameters that an act left unread; what waited to be used before it stays."""
    read = _names_read(sheet, sheet.waiting)
    _drop_others(sheet, RULES, ("amounts",), read)
    _drop_others(sheet, RULES, ("tables",), read)
    _drop_others(sheet, FORM, ("questions",), read)
    for name in sheet.get(PARAMETERS) or {}:
        if name not in read:
            sheet.drop(PARAMETERS, (name,))


def _drop_others(sheet: Sheet, file: str, path: tuple[str, ...], kept: Any) -> None:
    sheet.drop_all(file, path, [name for name in sheet.get(file, *path) or {} if name not in kept])


def _names_in(found: Any) -> set[str]:
    return {name for text in _texts(found) for name in _NAME.findall(text)}


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    for each in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _texts(each)


def explain(sheet: Sheet, why: str) -> None:
    """Every clause is cited or has its reason, never both."""
    cited = {anchor for file in _CITING for anchor in _cited(sheet.get(file))}
    told = sheet.get(CLAUSES) or {}
    for anchor in [anchor for anchor in told if anchor in cited]:
        sheet.drop(CLAUSES, (anchor,))
    _, clauses = read_policy("policy.md", sheet.draft.file("policy.md"), Problems())
    for clause in clauses:
        if clause.anchor not in cited and clause.anchor not in told:
            sheet.set(CLAUSES, (clause.anchor, "not_computable"), why)


def _cited(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        yield from found.get("cites", ())
    for each in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _cited(each)


def left_alone(draft: DraftRecord, kind: str, name: str) -> tuple[str, ...]:
    """The clauses that nothing would cite if an entry were taken out."""
    sheet = Sheet(draft)
    before = {anchor for file in _CITING for anchor in _cited(sheet.get(file))}
    sheet.drop(ITEMS if kind == "items" else RULES, (name,) if kind == "items" else (kind, name))
    _drop_unasked(sheet)
    _drop_unread(sheet)
    after = {anchor for file in _CITING for anchor in _cited(sheet.get(file))}
    return tuple(sorted(before - after))


def _plain(node: Mapping[str, Any] | Any) -> Any:
    if isinstance(node, RecordNode):
        return {key: _plain(value) for key, value in node.values.items()}
    if isinstance(node, ListNode):
        return [_plain(each) for each in node.items]
    return node.text if isinstance(node, TextNode) else None
