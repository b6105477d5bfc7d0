"""policy.md read: every anchor `{#a3-1}` names a clause, and a pack must answer for each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhida.domain.packs.clauses import Clause
from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.sentences import tell

_ANCHOR = re.compile(r"\s*\{#([a-z0-9][a-z0-9-]*)\}\s*$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_NUMBER = re.compile(r"^(第[一二三四五六七八九十百零]+[章节条款]|[（(][一二三四五六七八九十]+[）)]|\d+[.、])\s*(.*)$")


def read_policy(file: str, data: bytes, problems: Problems) -> tuple[str, tuple[Clause, ...]]:
    """The issued text and its clauses. A numbered heading or paragraph without an anchor, or an anchor used twice, is a
    problem: what has no name cannot be cited."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(Spot(file), "not_utf8", tell("byte {n} is not UTF-8", n=error.start), "save the file as UTF-8")
        return "", ()
    found: dict[str, Clause] = {}
    open_anchor = ""
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.match(line)
        words = heading.group(2) if heading else line
        anchor = _ANCHOR.search(words)
        body = _ANCHOR.sub("", words).strip()
        if anchor:
            open_anchor = anchor.group(1)
            _note_twice(file, number, open_anchor, found, problems)
            found[open_anchor] = _clause(open_anchor, body, bool(heading), number)
        elif _must_be_named(heading, body):
            words = tell("{text} has no anchor", text=body[:20])
            problems.add(Spot(file, number), "no_anchor", words, "end the line with {#a1}")
        elif body and open_anchor and not heading:
            clause = found[open_anchor]
            found[open_anchor] = _extended(clause, body)
    if not found:
        problems.add(Spot(file), "no_clauses", "the text has no anchored clause", "end each clause with {#a1}")
    return text, tuple(found.values())


def _must_be_named(heading: re.Match[str] | None, body: str) -> bool:
    return bool(heading and len(heading.group(1)) > 1) or bool(not heading and _NUMBER.match(body))


def _note_twice(file: str, line: int, anchor: str, found: Mapping[str, Clause], problems: Problems) -> None:
    if anchor in found:
        words = tell("the anchor {clause} again, as in line {line}", clause=anchor, line=found[anchor].line)
        problems.add(Spot(file, line), "anchor_twice", words, "give each clause its own")


def _clause(anchor: str, body: str, is_heading: bool, line: int) -> Clause:
    numbered = _NUMBER.match(body)
    number, words = (numbered.group(1), numbered.group(2)) if numbered else ("", body)
    return Clause(anchor, number, words if is_heading else "", "" if is_heading else words, line)


def _extended(clause: Clause, body: str) -> Clause:
    text = f"{clause.text}\n{body}" if clause.text else body
    return Clause(clause.anchor, clause.number, clause.heading, text, clause.line)
