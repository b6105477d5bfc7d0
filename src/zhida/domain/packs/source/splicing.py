"""One entry of a YAML file changed and nothing else: every other byte, comments too, stays as its author left it.

Pack files are edited by people in Git and by forms on the desk; a form must not lay out anew what it did not touch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import nodes as yaml_nodes
from ruamel.yaml.error import YAMLError

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.sentences import tell

_PLAIN = re.compile(r"^[A-Za-z_\u4e00-\u9fff][^:#,\[\]{}&*!|>'\"%@`\n\t=<]*$")
_BARE = re.compile(r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$|^\d{4}-\d\d-\d\d$|^[a-z][a-z0-9_/.-]*$")
_WORDS_OF_YAML = {"null", "true", "false", "~", "yes", "no", "on", "off"}


class Rows(tuple[Any, ...]):
    """A list of records that is written one to a line, where it does not stand on one line already; records at its
    beginning and its end that stay the same keep their bytes."""


class Bare(str):
    """A text that is written as it stands: `true`, a number."""


def flow(value: Any) -> str:
    """A value on one line, as pack files write it; texts are quoted wherever a reader could stumble."""
    if isinstance(value, Bare):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    text = str(value)
    is_code = isinstance(value, str) and text.isdecimal()
    is_word = text.lower() in _WORDS_OF_YAML
    is_plain = text == text.strip() and bool(_BARE.match(text) or _PLAIN.match(text))
    return text if is_plain and not is_code and not is_word else json.dumps(text, ensure_ascii=False)


def as_read(value: Any) -> Any:
    """A value as records and lists of texts, which is how pack files are read; a parsed node too."""
    if isinstance(value, yaml_nodes.MappingNode):
        return {key.value: as_read(each) for key, each in value.value}
    if isinstance(value, yaml_nodes.SequenceNode):
        return [as_read(each) for each in value.value]
    if isinstance(value, yaml_nodes.ScalarNode):
        return str(value.value)
    if isinstance(value, Mapping):
        return {key: as_read(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_read(each) for each in value]
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def with_entry(file: str, data: bytes, path: Sequence[str], value: Any) -> bytes:
    """The file with one entry set: replaced where it stands, else added behind the last one of its record; records on
    the way that are not there are added too.

    Raises AuthorError `not_an_entry` where the file does not parse or the path leads through what is no record.
    """
    text = data.decode("utf-8")
    if not text.strip():
        return (_nested(path, value, 0) + "\n").encode()
    node, depth = _composed(file, text), 0
    while True:
        if not isinstance(node, yaml_nodes.MappingNode):
            raise _refusal(file, path)
        below = _child(node, path[depth])
        if below is None:
            return _added(text, node, path[depth:], value).encode()
        if depth + 1 == len(path):
            return _replaced(text, below[1], value).encode()
        node, depth = below[1], depth + 1


def without_entry(file: str, data: bytes, path: Sequence[str]) -> bytes:
    """The file without one entry; as it was where there is none. Raises AuthorError as `with_entry`."""
    text = data.decode("utf-8")
    parent = _composed(file, text) if text.strip() else None
    for key in path[:-1]:
        below = _child(parent, key) if isinstance(parent, yaml_nodes.MappingNode) else None
        if below is None:
            return data
        parent = below[1]
    if not isinstance(parent, yaml_nodes.MappingNode):
        return data
    found = _child(parent, path[-1])
    if found is None:
        return data
    if len(parent.value) == 1 and len(path) > 1:
        return without_entry(file, data, path[:-1])
    start, end = found[0].start_mark.index, _end_of(text, found[1])
    if parent.flow_style:
        at = next(place for place, pair in enumerate(parent.value) if pair[0] is found[0])
        if at:
            start = _end_of(text, parent.value[at - 1][1])
        else:
            end = parent.value[1][0].start_mark.index
        return (text[:start] + text[end:]).encode()
    start = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    return (text[:start] + (text[stop + 1 :] if stop >= 0 else "")).encode()


def _composed(file: str, text: str) -> Any:
    try:
        return YAML(typ="rt", pure=True).compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        words = tell("line {line} is no YAML", line=line)
        raise AuthorError([Problem(file, line, 1, "not_an_entry", words, "mend the file's text first")]) from error


def _refusal(file: str, path: Sequence[str]) -> AuthorError:
    words = tell("{path} leads through what is no record", path=".".join(path))
    return AuthorError([Problem(file, 0, 0, "not_an_entry", words, "edit the file's text")])


def _child(node: Any, key: str) -> tuple[Any, Any] | None:
    return next(((name, value) for name, value in node.value if name.value == key), None)


def _end_of(text: str, node: Any) -> int:
    """Where a node's last character stands: a block's own mark is where the next one begins."""
    if isinstance(node, yaml_nodes.ScalarNode):
        end = node.end_mark.index
        return len(text[:end].rstrip("\n ")) if node.style in ("|", ">") else end
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end_of(text, last[1] if isinstance(node, yaml_nodes.MappingNode) else last)


def _replaced(text: str, node: Any, value: Any) -> str:
    start, end = int(node.start_mark.index), _end_of(text, node)
    is_block = not isinstance(node, yaml_nodes.ScalarNode) and not node.flow_style
    written = flow(value)
    if is_block and isinstance(value, Rows) and isinstance(node, yaml_nodes.SequenceNode):
        return _with_rows(text, node, value)
    if is_block:
        colon = text.rfind(":", 0, start)
        return text[: colon + 1] + " " + written + text[end:]
    return text[:start] + written + text[end:]


def _with_rows(text: str, node: Any, rows: Rows) -> str:
    """A list of records with those between the first and the last that differ written anew."""
    old, new = [as_read(one) for one in node.value], [as_read(row) for row in rows]
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    if any(text[_line_of(text, one) : one.start_mark.index].strip() != "-" for one in node.value):
        head = tail = 0
    dash = " " * int(node.start_mark.column) + "- "
    lines = "".join(f"{dash}{flow(row)}\n" for row in rows[head : len(new) - tail])
    changed = node.value[head : len(old) - tail]
    if not rows:
        return text[: text.rfind(":", 0, int(node.start_mark.index)) + 1] + " []" + text[_end_of(text, node) :]
    if changed and lines:
        start = _line_of(text, changed[0]) if head or tail else _line_at(text, int(node.start_mark.index))
        return text[:start] + lines[:-1] + text[_end_of(text, changed[-1]) :]
    if changed:
        return text[: _line_of(text, changed[0])] + text[_line_after(text, changed[-1]) :]
    at = _line_after(text, node.value[head - 1]) if head else _line_of(text, node.value[0])
    return text[:at] + ("\n" if lines and not text[:at].endswith("\n") else "") + lines + text[at:]


def _line_after(text: str, item: Any) -> int:
    stop = text.find("\n", _end_of(text, item))
    return len(text) if stop < 0 else stop + 1


def _line_at(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_of(text: str, item: Any) -> int:
    return _line_at(text, int(item.start_mark.index))


def _added(text: str, node: Any, path: Sequence[str], value: Any) -> str:
    end = _end_of(text, node)
    if node.flow_style:
        close = text.rfind("}", 0, end)
        head = text[:close].rstrip()
        comma = "" if head.endswith("{") else ", "
        return head + comma + f"{path[0]}: {flow(_below(path[1:], value))}" + text[close:]
    stop = text.find("\n", end)
    head, rest = (text, "") if stop < 0 else (text[:stop], text[stop:])
    return head + "\n" + _nested(path, value, node.start_mark.column) + (rest or "\n")


def _below(path: Sequence[str], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _nested(path: Sequence[str], value: Any, indent: int) -> str:
    lines = [" " * (indent + 2 * depth) + f"{key}:" for depth, key in enumerate(path)]
    if isinstance(value, Rows) and value:
        return "\n".join([*lines, *(" " * (indent + 2 * len(path)) + f"- {flow(row)}" for row in value)])
    return "\n".join(lines) + f" {flow(value)}"
