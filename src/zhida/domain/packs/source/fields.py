"""Reading a record by its schema: each method takes one key, types it and notes mistakes; `close` refuses the rest.

A method answers a harmless value of its type after noting a mistake, so that reading goes on and finds the others.
Whoever asked looks at the count of problems at the end, never at such a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from zhida.domain.packs.source.nodes import ListNode, Node, Problems, RecordNode, Spot, TextNode
from zhida.domain.sentences import tell
from zhida.domain.values import Span

T = TypeVar("T")
_NUMBER = re.compile(r"^-?(0|[1-9]\d{0,33})(\.\d{1,34})?$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,62}$")


def nearest(word: str, known: Sequence[str]) -> str:
    """A hint naming the known word that looks most like this one, or listing them all where they are few."""
    found = process.extractOne(word, known, scorer=fuzz.WRatio, score_cutoff=75)
    if found:
        return tell("did you mean {name}?", name=found[0])
    return tell("known: {known}", known=tuple(known)) if 0 < len(known) <= 12 else ""


class Fields:
    """One record being read. `where` is what an author calls it: "items.yaml: refund"."""

    def __init__(self, node: Node | None, problems: Problems, where: str, spot: Spot | None = None) -> None:
        self.problems = problems
        self.where = where
        self._left = dict(node.values) if isinstance(node, RecordNode) else {}
        self._keys = dict(node.keys) if isinstance(node, RecordNode) else {}
        self.spot = node.spot if node is not None else spot or Spot("")
        self._known: list[str] = []
        if node is not None and not isinstance(node, RecordNode):
            self.wrong(self.spot, "not_a_record", tell("{where} must be keys and values", where=where))

    def wrong(self, spot: Spot, code: str, words: str, hint: str = "") -> None:
        """Notes a mistake in this record."""
        self.problems.add(spot, code, words, hint)

    def spot_of(self, key: str) -> Spot:
        """Where a key stands; the record itself where the key is absent."""
        return self._keys.get(key, self.spot)

    @property
    def unread(self) -> tuple[str, ...]:
        """The keys not read yet."""
        return tuple(self._left)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def node(self, key: str, required: bool = True) -> Node | None:
        """The raw node of a key, which then counts as read."""
        self._known.append(key)
        if key not in self._left:
            if required:
                self.wrong(self.spot, "missing_key", tell("{where} says no {key}", where=self.where, key=key))
            return None
        return self._left.pop(key)

    def peek(self, key: str) -> Node | None:
        """The raw node of a key, which stays unread: for what may be written in two shapes."""
        return self._left.get(key)

    def rest(self) -> Iterator[tuple[str, Spot, Node]]:
        """Every key not read yet, as (key, place, node): for records whose keys are the author's own names."""
        for key in list(self._left):
            yield key, self._keys[key], self._left.pop(key)

    def close(self) -> None:
        """Refuses every key that nobody asked for."""
        for key in self._left:
            hint = nearest(key, self._known)
            self.wrong(self._keys[key], "unknown_key", tell("{where} knows no {key}", where=self.where, key=key), hint)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        found = self.placed(key, required=default is None)
        return found.text if found else default or ""

    def placed(self, key: str, required: bool = True) -> TextNode | None:
        """A text with its place: for expressions and citations."""
        node = self.node(key, required)
        if node is None or isinstance(node, TextNode):
            return node
        self.wrong(node.spot, "not_a_text", tell("{key} must be one text", key=key))
        return None

    def choice(self, key: str, known: Sequence[str], default: str | None = None) -> str:
        """One of a closed list of words."""
        found = self.placed(key, required=default is None)
        if found is None:
            return default or known[0]
        if found.text not in known:
            words = tell("{key}: {value} is not known here", key=key, value=found.text)
            self.wrong(found.spot, "not_one_of", words, nearest(found.text, known))
        return found.text

    def typed(self, key: str, read: Callable[[str], T | None], what: str, fallback: T, required: bool = True) -> T:
        """A text turned into a value by `read`, which answers None for a malformed one."""
        found = self.placed(key, required)
        if found is None:
            return fallback
        value = read(found.text)
        if value is None:
            words = tell("{key}: {value} is not {what}", key=key, value=found.text, what=what)
            self.wrong(found.spot, "malformed", words)
            return fallback
        return value

    def flag(self, key: str, default: bool) -> bool:
        """true or false, written so."""
        return self.typed(key, as_boolean, tell("true or false"), default, required=False)

    def day(self, key: str) -> date:
        """A date, YYYY-MM-DD."""
        return self.typed(key, as_date, tell("a date like 2026-01-31"), date.min)

    def day_or_none(self, key: str) -> date | None:
        """A date that may be left out."""
        return self.day(key) if key in self else None

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number of zero or more; required unless a default is given."""
        return self.typed(key, as_whole, tell("a whole number"), default or 0, required=default is None)

    def texts(self, key: str, required: bool = True) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(node.text for node in self.placed_texts(key, required))

    def placed_texts(self, key: str, required: bool = True) -> tuple[TextNode, ...]:
        """A list of texts, each with its place."""
        return self._placed(key, self.nodes(key, required))

    def listed(self, key: str, node: Node | None) -> tuple[str, ...]:
        """The list of texts that a node read before holds; empty for None."""
        return tuple(found.text for found in self._placed(key, self._items(key, node)))

    def _placed(self, key: str, nodes: Sequence[Node]) -> tuple[TextNode, ...]:
        found = []
        for node in nodes:
            if isinstance(node, TextNode):
                found.append(node)
            else:
                self.wrong(node.spot, "not_a_text", tell("{key} must be a list of texts", key=key))
        return tuple(found)

    def nodes(self, key: str, required: bool = True) -> tuple[Node, ...]:
        """The raw nodes of a list."""
        return self._items(key, self.node(key, required))

    def _items(self, key: str, node: Node | None) -> tuple[Node, ...]:
        if node is None:
            return ()
        if not isinstance(node, ListNode):
            self.wrong(
                node.spot, "not_a_list", tell("{key} must be a list", key=key), tell("write {key}: [...]", key=key)
            )
            return ()
        return node.items

    def record(self, key: str, required: bool = True) -> Fields:
        """A record below this one; empty where it is absent."""
        return Fields(self.node(key, required), self.problems, f"{self.where}.{key}", self.spot)

    def records(self, key: str, required: bool = True) -> tuple[Fields, ...]:
        """A list of records."""
        found = self.nodes(key, required)
        return tuple(Fields(node, self.problems, f"{self.where}.{key}[{n}]") for n, node in enumerate(found, 1))

    def named(self, required_names: bool = True) -> Iterator[tuple[str, Fields]]:
        """Every key not read yet as a name with a record, the names checked to be plain English words."""
        for key, spot, node in self.rest():
            if required_names and not _NAME.match(key):
                words = tell("{key} is no name", key=key)
                self.wrong(spot, "malformed_name", words, "lower-case letters, digits and _")
            yield key, Fields(node, self.problems, f"{self.where}.{key}", spot)

    def span(self, key: str, required: bool = True) -> Span:
        """A half-open span of dates {from, to}; either may be left out and is then open."""
        below = self.record(key, required)
        start, end = below.day_or_none("from"), below.day_or_none("to")
        below.close()
        if start and end and start >= end:
            words = tell("{key}: {start} is not before {end}", key=key, start=start, end=end)
            self.wrong(below.spot, "empty_span", words, "`to` is the first day outside")
            return Span()
        return Span(start, end)


def as_boolean(text: str) -> bool | None:
    """true, false, or None for anything else."""
    return {"true": True, "false": False}.get(text)


def as_number(text: str) -> Decimal | None:
    """An exact decimal as an author writes it (no exponent, no leading zero), or None."""
    return Decimal(text) if _NUMBER.match(text) else None


def as_whole(text: str) -> int | None:
    """A whole number of zero or more, or None."""
    return int(text) if _NUMBER.match(text) and text.isdigit() else None


def as_date(text: str) -> date | None:
    """A date YYYY-MM-DD that the calendar has, or None."""
    try:
        return date.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None


READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "boolean": (as_boolean, tell("true or false")),
    "number": (as_number, tell("a number")),
    "date": (as_date, tell("a date like 2026-01-31")),
    "text": (lambda text: text, tell("a text")),
}


def read_value(kind: str, node: Node, problems: Problems, what: str) -> Any:
    """A scalar typed by its schema's kind (boolean, number, text, date, texts); None after noting a mistake."""
    if kind == "texts":
        if isinstance(node, ListNode) and all(isinstance(item, TextNode) for item in node.items):
            return tuple(item.text for item in node.items if isinstance(item, TextNode))
        problems.add(node.spot, "not_a_list", tell("{what} must be a list of texts", what=what))
        return None
    read, expected = READERS[kind]
    if not isinstance(node, TextNode):
        problems.add(node.spot, "malformed", tell("{what} must be {expected}", what=what, expected=expected))
        return None
    value = read(node.text)
    if value is None:
        words = tell("{what}: {name} is not {expected}", what=what, name=node.text, expected=expected)
        problems.add(node.spot, "malformed", words)
    return value
