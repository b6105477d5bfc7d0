"""YAML 1.2 read strictly: every scalar stays text, and whatever could surprise a reader is refused with its place.

Refused: duplicate keys, anchors and aliases (so no alias bombs), tags, directives, several documents, tabs, keys that
are not plain texts, empty values, files over 256 KiB, nesting deeper than 16. Source: YAML 1.2.2, chapters 3 and 6-9.

A sound file is read by libyaml, ten times as fast; whatever that does not take without a word is read by the exact
parser, which alone says what is wrong. libyaml has other line breaks and marks of documents; a file with one goes there
too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import YAMLError

from zhida.domain.errors import Problem
from zhida.domain.packs.source.nodes import ListNode, Node, Problems, RecordNode, Spot, TextNode
from zhida.domain.sentences import tell

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
_KEPT = 256
_READ_OTHERWISE = re.compile("[\\r\x85\u2028\u2029\ufeff]|^(?:---|\\.\\.\\.)|[|>][-+0-9]*\\s*#", re.MULTILINE)
_SYNTAX_HINT = "quote a text that begins with [ ( > < = or holds ': ', a comma or a bracket; or mend the line before"


class _Refused(Exception):
    """Reading of this file cannot go on; the reason is already among the problems."""


def read_yaml(file: str, data: bytes, problems: Problems) -> Node | None:
    """The one document of a file as placed nodes, or None where it cannot be read; mistakes go to `problems`."""
    node, mistakes = _read(file, data)
    problems.extend(mistakes)
    return node


@lru_cache(maxsize=_KEPT)
def _read(file: str, data: bytes) -> tuple[Node | None, tuple[Problem, ...]]:
    """The same bytes are the same nodes: packs share their dictionary, and a process reads one again and again."""
    problems = Problems()
    return _document(file, data, problems), problems.all()


def _document(file: str, data: bytes, problems: Problems) -> Node | None:
    text = _decoded(file, data, problems)
    if text is None:
        return None
    node = _at_once(file, text)
    if node is not None:
        return node
    before = len(problems)
    try:
        node = _Builder(file, text, problems, is_exact=True).document()
    except _Refused:
        return None
    except YAMLError as error:
        problems.add(_spot_of(file, error), "yaml_syntax", tell("no YAML: {said}", said=_words_of(error)), _SYNTAX_HINT)
        return None
    return node if len(problems) == before else None


def _at_once(file: str, text: str) -> Node | None:
    """What libyaml reads, or None where it or the builder has anything to say, or where it reads otherwise."""
    if _READ_OTHERWISE.search(text):
        return None
    problems = Problems()
    try:
        node = _Builder(file, text, problems, is_exact=False).document()
    except (_Refused, YAMLError):
        return None
    return None if problems.all() else node


def _decoded(file: str, data: bytes, problems: Problems) -> str | None:
    if len(data) > MAX_BYTES:
        words = tell("{n} bytes, at most {most}", n=len(data), most=MAX_BYTES)
        problems.add(Spot(file), "file_too_large", words, "split it")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(Spot(file), "not_utf8", tell("byte {n} is not UTF-8", n=error.start), "save the file as UTF-8")
        return None
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            spot = Spot(file, number, line.index("\t") + 1)
            problems.add(spot, "tab", "a tab, which readers show at different widths", "use spaces")
            return None
    return text


def _spot_of(file: str, error: YAMLError) -> Spot:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Spot(file, mark.line + 1, mark.column + 1) if mark else Spot(file)


def _words_of(error: YAMLError) -> str:
    words = [getattr(error, "context", None), getattr(error, "problem", None)]
    return ", ".join(word for word in words if word) or str(error).splitlines()[0]


class _Builder:
    """Turns the parser's events into nodes, refusing as it goes; the depth limit bounds its recursion."""

    def __init__(self, file: str, text: str, problems: Problems, *, is_exact: bool) -> None:
        self._file = file
        self._lines = text.split("\n")
        self._problems = problems
        self._events: Iterator[Any] = iter(YAML(typ="safe", pure=is_exact).parse(text))

    def document(self) -> Node:
        """Reads the stream: exactly one document."""
        next(self._events)
        start = next(self._events)
        if isinstance(start, events.StreamEndEvent):
            self._refuse(start, "empty_file", "a file that says nothing", "remove it, or write what it should say")
        if start.version or start.tags:
            self._refuse(start, "yaml_directive", "a % directive", "remove it: packs are YAML 1.2")
        node = self._node(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, events.StreamEndEvent):
            self._refuse(after, "several_documents", "a second document in one file", "one file, one document")
        return node

    def _spot(self, event: Any) -> Spot:
        return Spot(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: Any, code: str, words: str, hint: str) -> None:
        self._problems.add(self._spot(event), code, words, hint)
        raise _Refused

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, events.AliasEvent) or event.anchor:
            self._refuse(event, "yaml_alias", "an anchor or alias", "write the value out")
        if event.tag is not None:
            self._refuse(
                event, "yaml_tag", tell("the tag {tag}", tag=event.tag), "remove it: the schema gives the type"
            )
        if depth > MAX_DEPTH:
            self._refuse(event, "too_deep", tell("nested deeper than {most}", most=MAX_DEPTH), "flatten it")
        if isinstance(event, events.ScalarEvent):
            return self._text(event)
        if isinstance(event, events.SequenceStartEvent):
            return self._list(event, depth)
        return self._record(event, depth)

    def _text(self, event: Any) -> TextNode:
        spot = self._spot(event)
        if event.style in ("'", '"'):
            return TextNode(Spot(self._file, spot.line, spot.column + 1), event.value)
        if event.style in ("|", ">"):
            return TextNode(self._block_spot(spot), event.value)
        if event.value in ("", "~", "null", "Null", "NULL"):
            words = "an empty value" if event.value in ("", "~") else tell("the word {word}", word=event.value)
            self._problems.add(
                spot, "null", words, "leave the key out; quote a text that holds commas or is such a word"
            )
        return TextNode(spot, event.value)

    def _block_spot(self, spot: Spot) -> Spot:
        for number in range(spot.line, len(self._lines)):
            line = self._lines[number]
            if line.strip():
                return Spot(self._file, number + 1, len(line) - len(line.lstrip(" ")) + 1)
        return spot

    def _list(self, start: Any, depth: int) -> ListNode:
        items = []
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return ListNode(self._spot(start), tuple(items))

    def _record(self, start: Any, depth: int) -> RecordNode:
        record = RecordNode(self._spot(start))
        while not isinstance(event := next(self._events), events.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, TextNode):
                self._refuse(event, "key_not_text", "a key that is not a text", "quote it if it begins with [ or {")
            elif key.text == "<<":
                self._refuse(event, "yaml_merge", "the merge key <<", "write the keys out")
            elif key.text in record.keys:
                first = record.keys[key.text]
                words = tell("{key} again, as in line {line}", key=key.text, line=first.line)
                self._problems.add(key.spot, "duplicate_key", words, "keep one")
            else:
                record.keys[key.text] = key.spot
                record.values[key.text] = value
        return record
