"""An entry as its file has it, and what a form's text is written as."""

from __future__ import annotations

from datetime import date, timedelta

from zhida.domain.packs.source.nodes import ListNode, Problems, RecordNode, TextNode
from zhida.domain.packs.source.strict import read_yaml
from zhida.services.authoring.records import DraftRecord


def text_of(node: object) -> str:
    """The text of a written node; "" for what is none."""
    return node.text if isinstance(node, TextNode) else ""


def node_at(draft: DraftRecord, file: str, path: tuple[str, ...]) -> object:
    """The written node of an entry; None where there is none."""
    node: object = read_yaml(file, draft.file(file), Problems()) if draft.file(file) else None
    for key in path:
        node = node.values.get(key) if isinstance(node, RecordNode) else None
    return node


def text_at(draft: DraftRecord, file: str, path: tuple[str, ...]) -> str:
    """The text of an entry as it is written; a list of lists on one line, "" where there is none."""
    return _on_a_line(node_at(draft, file, path))


def _on_a_line(node: object) -> str:
    if isinstance(node, ListNode):
        return "[" + ", ".join(_on_a_line(each) for each in node.items) + "]"
    return text_of(node)


def day(text: str) -> object:
    """A day as it is typed. Raises ValueError for what is none."""
    return date.fromisoformat(text)


def day_after(text: str) -> object:
    """The first day outside, of a last day as it is typed. Raises ValueError for what is none."""
    return date.fromisoformat(text) + timedelta(1)


def lists(text: str) -> object:
    """A list of lists from how it is written on one line."""
    return [[each.strip() for each in part.split(",")] for part in text.strip("[]").split("], [")]
