"""An endpoint of the OpenAI form asked for conditions that the grammar left open; off unless its address is given.

What comes back is believed in nothing: a condition counts only where its words stand in the clause, letter for letter,
and where the checker of packs takes its expression over the dictionary. It becomes a proposal marked as a machine's,
with low certainty, and changes no file of the pack.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from zhida.domain.errors import AuthorError, FinalOutside
from zhida.domain.packs import Dictionary
from zhida.domain.packs.proposals import Proposal
from zhida.domain.rules.language.checking import check
from zhida.domain.rules.language.reading import parse
from zhida.domain.rules.language.types import BOOLEAN
from zhida.domain.rules.schema import Schema
from zhida.domain.sentences import tell
from zhida.services.structuring.plan import SURE
from zhida.services.structuring.reasons import reason
from zhida.services.structuring.structure import Structure

_SECONDS = 60
_MOST_BYTES = 1_000_000
_MOST_CLAUSES = 60
_CERTAINTY = 30
_TASK = (
    "Say the conditions of these clauses in the language of rules (a FEEL subset) over the facts listed and no other. "
    'Answer with JSON alone: {"conditions": [{"anchor": "...", "quote": "words of the clause", "feel": "..."}]}. '
    "Leave out whatever a person has to judge."
)


def ask_endpoint(found: Structure, dictionary: Dictionary, address: str, *, model: str, key: str) -> list[Proposal]:
    """The conditions that an endpoint proposes for clauses that the grammar left open; their ids are "".

    `address` is that of the API (https, or http on this machine), to which /chat/completions is added. Raises
    FinalOutside where it does not answer in its form; single answers that do not hold are left out.
    """
    clauses = dict(_open(found))
    if not clauses:
        return []
    facts = {name: f"{each.fact.kind} {each.words.get('zh', '')}" for name, each in dictionary.attributes.items()}
    asked = {
        "model": model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": _TASK},
            {"role": "user", "content": json.dumps({"facts": facts, "clauses": clauses}, ensure_ascii=False)},
        ],
    }
    answer = _post(address, asked, key)
    try:
        told = json.loads(answer["choices"][0]["message"]["content"])["conditions"]
        rows = [each for each in told if isinstance(each, dict)]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        words = tell("the endpoint did not answer in the form asked for")
        raise FinalOutside("endpoint_answered_otherwise", words) from error
    return [proposal for row in rows for proposal in _checked(row, found, dictionary)]


def _open(found: Structure) -> Iterator[tuple[str, str]]:
    """The clauses with a condition that is not certain, at most sixty."""
    texts = [
        (reading.clause.anchor, passage.paragraph.text)
        for reading in found.in_force()
        for passage in reading.passages
        if any(not each.feel or each.confidence < SURE for each in passage.conditions)
    ]
    yield from texts[:_MOST_CLAUSES]


def _checked(row: dict[str, Any], found: Structure, dictionary: Dictionary) -> Iterator[Proposal]:
    """The proposal of one answer, where its words stand in an open clause and its expression holds."""
    anchor, quote, feel = (str(row.get(name, "")) for name in ("anchor", "quote", "feel"))
    asked = {each for each, _ in _open(found)}
    for reading in found.in_force() if anchor in asked and quote and _holds(feel, dictionary) else ():
        for passage in reading.passages if reading.clause.anchor == anchor else ():
            start = passage.paragraph.text.find(quote)
            if start >= 0:
                span = passage.paragraph.span(start, start + len(quote))
                value = {"feel": feel, "parts": [], "needs": [], "carries": False}
                yield Proposal("", "condition", anchor, span, quote, value, _CERTAINTY, reason("by_machine"))
                return


def _holds(feel: str, dictionary: Dictionary) -> bool:
    """Whether an expression is a condition over the dictionary, as the checker of packs judges it."""
    schema = Schema(
        facts=dictionary.facts,
        relations={name: each.relation for name, each in dictionary.relations.items()},
        code_trees=dictionary.code_trees,
    )
    try:
        check(parse(feel), schema, expects=BOOLEAN)
    except AuthorError:
        return False
    return True


def _post(address: str, asked: dict[str, Any], key: str) -> Any:
    parts = urlsplit(address)
    is_near = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_near):
        raise FinalOutside("endpoint_not_safe", tell("{address}: https, or http on this machine", address=address))
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    try:
        line.request("POST", f"{parts.path.rstrip('/')}/chat/completions", json.dumps(asked).encode(), headers)
        answer = line.getresponse()
        data = answer.read(_MOST_BYTES + 1)
        if answer.status != 200 or len(data) > _MOST_BYTES:
            raise FinalOutside(
                "endpoint_answered_otherwise", tell("the endpoint answered {status}", status=answer.status)
            )
        return json.loads(data)
    except (OSError, HTTPException, ValueError) as error:
        raise FinalOutside("endpoint_answered_otherwise", tell("the endpoint cannot be reached or read")) from error
    finally:
        line.close()
