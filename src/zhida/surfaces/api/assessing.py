"""Assessing facts that somebody brings, for any published item. Nothing is kept, nobody is named."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import StrictBool

from zhida.domain.packs import Pack, reason_words
from zhida.domain.packs.golden import with_own_past
from zhida.domain.packs.written_facts import read_facts
from zhida.domain.rules import Assessment, assess
from zhida.domain.values import local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.surfaces.api.callers import now
from zhida.surfaces.api.problems import REFUSALS
from zhida.surfaces.api.shapes import Body, Fact, Words

router = Router(tags=["assessment"], auth=None)


class Brought(Body):
    """Facts by `name` or `name@period` (2025, 2025-06, 2025-01-01/2026-01-01); a relation is a list of objects.

    Money is whole fen. What is not there is unknown. `rulings` say of a requirement that a person finds on whether it
    is met. `on` is the day to assess for, today where it is not said.
    """

    item: str
    facts: dict[str, Fact] = {}
    rulings: dict[str, StrictBool] = {}
    on: date | None = None


class ReasonOut(Schema):
    """One requirement: met, not_met or unknown, and the clauses that say so."""

    requirement: str
    answer: str
    clauses: list[str]
    words: Words


class AssessmentOut(Schema):
    """entitled, possible or not; whether the amount is known, unknown or none, and then its fen; what is missing.

    `each` holds the claims of an item with one claim a record, by the record's index. `digest` is over the answer and
    every fact it rests on.
    """

    item: str
    answer: str
    amount: str
    amount_fen: int | None = None
    reasons: list[ReasonOut]
    missing: list[str]
    each: list[RecordAssessment] = []
    digest: str = ""


class RecordAssessment(AssessmentOut):
    """The assessment of one record."""

    index: int


AssessmentOut.model_rebuild()


@router.post("/assess", response={200: AssessmentOut, **REFUSALS})
def assess_facts(request: HttpRequest, brought: Brought) -> dict[str, Any]:
    """Is somebody with these facts entitled to an item, to how much, why, and what is missing? Keeps nothing."""
    as_of = now()
    published = catalogue.item(brought.item, as_of=as_of)
    schema = published.pack.schema
    facts = with_own_past(read_facts(brought.facts, schema), schema)
    on = brought.on or local_date(as_of)
    return told(published.pack, assess(published.item.program, facts, on, rulings=brought.rulings), on)


def told(pack: Pack, found: Assessment, on: date) -> dict[str, Any]:
    """An assessment with its reasons in words."""
    record = {**found.record(), "digest": found.digest}
    for written, reason in zip(record["reasons"], found.reasons, strict=True):
        zh, en = (reason_words(pack, reason, lang, as_of=on) for lang in ("zh", "en"))
        written["words"] = Words(zh=zh, en=en if "en" in pack.words else "")
    for written, (_, below) in zip(record.get("each", ()), found.each, strict=True):
        written.update(told(pack, below, on))
    return record
