"""Advice to one's own subject: what would make it eligible, and which items pay it most together. Nothing is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.written_facts import read_facts
from zhida.domain.scenarios.changing import Change, Way
from zhida.domain.values import Facts, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.simulation import single
from zhida.surfaces.api.assessing import AssessmentOut, told
from zhida.surfaces.api.callers import caller_of
from zhida.surfaces.api.mine import Asked
from zhida.surfaces.api.problems import REFUSALS
from zhida.surfaces.api.shapes import Fact, Words

router = Router(tags=["advice"])


class ChangeOut(Schema):
    """One fact as it is held (null: nobody knows) and as it would have to be; `words` are what people call it."""

    fact: str
    words: Words
    before: Fact
    after: Fact


class WayOut(Schema):
    """One way to become entitled, and the assessment that would then come out."""

    changes: list[ChangeOut]
    then: AssessmentOut


class TakenOut(Schema):
    """An item to claim, in its order: what it pays there."""

    item: str
    fen: int


class LeftOut(Schema):
    """An item left out: what it would pay by itself, and why: the rule of its group (highest_only, first_only,
    capped_sum) or `refused`, because of which items that are taken."""

    item: str
    fen: int
    rule: str
    because: list[str]


class CombinationOut(Schema):
    """What pays most together."""

    taken: list[TakenOut]
    left: list[LeftOut]
    total_fen: int


@router.post("/subjects/{subject_id}/ways", response={200: list[WayOut], **REFUSALS})
def find_ways(request: HttpRequest, subject_id: str, asked: Asked) -> list[dict[str, Any]]:
    """The nearest changes of facts that one can act on and that would entitle one's own subject to an item.

    Evidence and a reviewer's judgement count as given. An empty list: entitled already, or nothing of the kind helps.
    """
    caller = caller_of(request)
    by = caller.actor(subject_id, "view")
    published = catalogue.item(asked.item, as_of=caller.as_of)
    extra: Facts = read_facts(asked.facts, published.pack.schema)
    found = single.ways(subject_id, asked.item, as_of=caller.as_of, scope=caller.scope, extra=extra, by=by)
    dictionary, on = single.dictionary_of(published), local_date(caller.as_of)
    return [_way(way, published.pack, dictionary, on) for way in found]


@router.get("/subjects/{subject_id}/combination", response={200: CombinationOut, **REFUSALS})
def find_combination(request: HttpRequest, subject_id: str) -> dict[str, Any]:
    """The items in force that pay one's own subject most together, in the order to claim them, and why the rest is
    left. Evidence and a reviewer's judgement count as given; what was granted before is out."""
    caller = caller_of(request)
    by = caller.actor(subject_id, "view")
    found = single.combination(subject_id, as_of=caller.as_of, scope=caller.scope, by=by)
    return {
        "taken": [{"item": one.item, "fen": one.fen} for one in found.taken],
        "left": [
            {"item": one.item, "fen": one.fen, "rule": one.rule, "because": list(one.because)} for one in found.left
        ],
        "total_fen": found.total_fen,
    }


def _way(way: Way, pack: Pack, dictionary: Dictionary, on: date) -> dict[str, Any]:
    return {"changes": [_change(one, dictionary) for one in way.changes], "then": told(pack, way.then, on)}


def _change(change: Change, dictionary: Dictionary) -> dict[str, Any]:
    words = dictionary.attributes[change.key.attribute].words
    named = Words(zh=words.get("zh", ""), en=words.get("en", ""))
    return {"fact": str(change.key), "words": named, "before": _plain(change.before), "after": _plain(change.after)}


def _plain(value: Any) -> Any:
    """A fact's value as JSON has it: whole numbers as integers, other decimals as written."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    return value.isoformat() if isinstance(value, date) else value
