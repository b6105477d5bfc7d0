"""Dated trees unfolded: who is within whom, and when, from each node's parents over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from zhida.domain.errors import AuthorError, Problem


@dataclass(frozen=True)
class Place:
    """A node under a parent ("" for a root) from `valid_from` up to, not including, `valid_to`; None is open."""

    node: str
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Link:
    """A node within an ancestor (itself at depth 0) for a span of dates."""

    ancestor: str
    node: str
    depth: int
    valid_from: date | None
    valid_to: date | None


def unfold(places: Iterable[Place]) -> list[Link]:
    """Every link of the dated tree.

    Raises AuthorError, with all of them, for a parent that is not there, two places at once, and a circle.
    """
    by_node: dict[str, list[Place]] = {}
    for place in places:
        by_node.setdefault(place.node, []).append(place)
    problems = [*_strangers(by_node), *_overlaps(by_node)] or [*_circles(by_node)]
    if problems:
        raise AuthorError(problems)
    links: dict[str, list[Link]] = {}
    for node in by_node:
        _links_of(node, by_node, links)
    return [link for found in links.values() for link in found]


def _links_of(node: str, places: Mapping[str, list[Place]], known: dict[str, list[Link]]) -> list[Link]:
    if node not in known:
        found = [Link(node, node, 0, place.valid_from, place.valid_to) for place in places[node]]
        for place in places[node]:
            above = _links_of(place.parent, places, known) if place.parent else []
            found.extend(link for link in (_below(up, place) for up in above) if link)
        known[node] = found
    return known[node]


def _below(up: Link, place: Place) -> Link | None:
    start, end = later(up.valid_from, place.valid_from), earlier(up.valid_to, place.valid_to)
    if start and end and start >= end:
        return None
    return Link(up.ancestor, place.node, up.depth + 1, start, end)


def later(left: date | None, right: date | None) -> date | None:
    """The later of two starts; None is open, so earlier than every date."""
    return max((day for day in (left, right) if day), default=None)


def earlier(left: date | None, right: date | None) -> date | None:
    """The earlier of two ends; None is open, so later than every date."""
    return min((day for day in (left, right) if day), default=None)


def _strangers(places: Mapping[str, list[Place]]) -> Iterable[Problem]:
    for node, rows in places.items():
        for row in rows:
            if row.parent and row.parent not in places:
                yield _problem("unknown_parent", f"{node} stands under {row.parent}, which is not there")


def _overlaps(places: Mapping[str, list[Place]]) -> Iterable[Problem]:
    for node, rows in places.items():
        ordered = sorted(rows, key=lambda row: row.valid_from or date.min)
        for first, second in pairwise(ordered):
            if first.valid_to is None or first.valid_to > (second.valid_from or date.min):
                yield _problem(
                    "two_places_at_once", f"{node} stands under {first.parent!r} and {second.parent!r} at once"
                )


def _circles(places: Mapping[str, list[Place]]) -> Iterable[Problem]:
    """Judged without dates: even at different times a node never stands below its own ancestor."""
    done: set[str] = set()
    for start in places:
        stack = [(start, frozenset[str]())]
        while stack:
            node, path = stack.pop()
            if node in path:
                yield _problem("circle", f"{node} stands below itself")
                return
            if node not in done:
                stack.extend((row.parent, path | {node}) for row in places[node] if row.parent)
        done.add(start)


def _problem(code: str, words: str) -> Problem:
    return Problem("tree", 0, 0, code, words, "mend the list of places")
