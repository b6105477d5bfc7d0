"""What a run is told in, kept with it: a policy may be gone, or never have been in force, when its page is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhida.domain.rules import keys_read
from zhida.domain.scenarios import offer_of
from zhida.domain.values import CHINA, FactKey, Period
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.services.simulation.rows import Rows


def words_of(
    items: Sequence[PublishedItem], assume: Collection[str] = (), rows: Rows | None = None, day: date | None = None
) -> dict[str, Any]:
    """For the inputs of a run: the titles of the requirements that count as met, by language; of facts that only the
    items' forms ask, among those assumed, what each is called and how it is counted; and the attributes that the items
    read on a `day` and `rows` hold too old."""
    titles: dict[str, dict[str, None]] = {}
    questions: dict[str, Any] = {}
    for one in items:
        judged = [each.name for each in one.item.program.requires if each.kind in ("evidenced", "judged")]
        for lang, words in one.pack.words.items():
            named = [words.requirements[name].title for name in judged if name in words.requirements]
            titles.setdefault(lang, {}).update(dict.fromkeys(named))
        questions |= {name: _question(one, name) for name in assume if name in one.pack.form.questions}
    told = {"assumed": {lang: [*each] for lang, each in titles.items()}, "questions": questions}
    return {"words": told | {"stale": _stale(items, rows, day) if rows is not None and day is not None else []}}


def back_of(items: Sequence[PublishedItem], rows: Rows, day: date, made_on: date) -> dict[str, Any]:
    """What a back-test rests on: the day whose snapshot was asked; where that is after the `day`, the attributes that
    the items read and that tell no time, so that they are of the snapshot's day; what the items read of a year or a
    month that the snapshot does not hold, by written key; and the items that were first published after the year."""
    programs = [offer_of(one.item).program for one in items]
    dates = {name for one in programs for name, fact in one.schema.facts.items() if fact.kind == "date"}
    undated = {key.attribute for key in map(FactKey.parse, rows.needed(programs, [day], ())) if key.period is None}
    asked = {key for key in keys_read(programs, day) if isinstance(key.period, Period)}
    in_force = catalogue.item_cards(as_of=datetime(day.year, 12, 31, 23, 59, 59, tzinfo=CHINA))
    published = {card.item_id for card in in_force}
    return {
        "made_on": made_on.isoformat(),
        "undated": sorted(undated - dates) if made_on > day else [],
        "missing": sorted(str(key) for key in asked if str(key) not in rows.names),
        "unpublished": [one.item.id for one in items if one.item.id not in published],
    }


def _stale(items: Sequence[PublishedItem], rows: Rows, day: date) -> list[str]:
    read = rows.needed([offer_of(one.item).program for one in items], [day], ())
    return sorted({FactKey.parse(name).attribute for name in read if name in rows.stale})


def _question(one: PublishedItem, name: str) -> Mapping[str, Any]:
    fact = one.pack.schema.facts[name]
    labels = {lang: words.questions[name] for lang, words in one.pack.words.items() if name in words.questions}
    return {"labels": labels, "kind": fact.kind, "unit": fact.unit, "scale": fact.scale}
