"""What a machine proposed for a pack and no person has settled yet: `proposals.json`, read and written.

A draft's rules, words and header stand in the pack's own files; this file says of each where it was read, how sure the
reading is and why, and whether a person has accepted it. A pack with an open proposal has no tier, so that it cannot be
published: nothing machine-made reaches anybody unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.sentences import tell

PROPOSALS = "proposals.json"
_KEYS = {"id", "kind", "anchor", "span", "quote", "value", "edit", "confidence", "reason", "state"}


class State(StrEnum):
    """What a person has said of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class SourceSpan:
    """Where words stand in the document as it was read: the paragraph (from 1), the characters [start, end) in it, and
    the page (from 1; 0 where the format has none)."""

    paragraph: int
    start: int
    end: int
    page: int = 0


@dataclass(frozen=True)
class Proposal:
    """One typed edit that a person accepts or refuses.

    `anchor` is the clause in policy.md ("" for the document as a whole), `span` and `quote` the exact words; a span of
    paragraph 0 says that the document does not tell. `value` is what was read, typed by `kind`; `edit` names the file
    and the entry of the pack that carry it (`file`, `path`), empty where nothing was written. `confidence` is in
    hundredths, `reason` says in both languages why.
    """

    id: str
    kind: str
    anchor: str
    span: SourceSpan
    quote: str
    value: Mapping[str, Any]
    confidence: int
    reason: Mapping[str, str]
    edit: Mapping[str, str] = field(default_factory=dict)
    state: State = State.OPEN

    @property
    def told(self) -> str:
        """The proposal in a line: id, kind, clause and words."""
        place = f" {self.anchor}" if self.anchor else ""
        quote = self.quote[:24] or tell("the document does not say")
        return tell("{id} ({kind}{place}: {quote})", id=self.id, kind=self.kind, place=place, quote=quote)


def write_proposals(proposals: Iterable[Proposal]) -> bytes:
    """The file: JSON, one proposal to a line, so that settling one changes one line."""
    lines = [json.dumps(_plain(each), ensure_ascii=False, sort_keys=True) for each in proposals]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode() if lines else b"[]\n"


def read_proposals(file: str, data: bytes, problems: Problems) -> tuple[Proposal, ...]:
    """The proposals of a pack; a file that is not of this format is a problem, with its line."""
    try:
        rows = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        words = tell("{file} is no JSON", file=file)
        problems.add(Spot(file, line), "malformed_proposals", words, "write it by zhida pack draft")
        return ()
    found = []
    for number, row in enumerate(rows if isinstance(rows, list) else [None], start=2):
        proposal = _proposal(row)
        if proposal is None:
            hint = tell("a record of {keys}; state is open, accepted or refused", keys=tuple(sorted(_KEYS)))
            words = tell("{file}: entry {number} is no proposal", file=file, number=number - 1)
            problems.add(Spot(file, number), "malformed_proposals", words, hint)
        else:
            found.append(proposal)
    return tuple(found)


def open_proposals(files: Mapping[str, bytes]) -> tuple[Proposal, ...]:
    """The proposals of a pack's own files that no person has settled; those of a malformed file count as none here,
    for such a pack is not sound."""
    if PROPOSALS not in files:
        return ()
    return tuple(each for each in read_proposals(PROPOSALS, files[PROPOSALS], Problems()) if each.state is State.OPEN)


def _plain(proposal: Proposal) -> dict[str, Any]:
    plain = {key: getattr(proposal, key) for key in _KEYS}
    return plain | {"span": vars(proposal.span), "state": str(proposal.state), "value": dict(proposal.value)}


def _proposal(row: Any) -> Proposal | None:
    if not isinstance(row, dict) or row.keys() != _KEYS or row["state"] not in [*State]:
        return None
    try:
        span = SourceSpan(**row["span"])
    except TypeError:
        return None
    return Proposal(**{**row, "span": span, "state": State(row["state"])})
