"""What a run is told in, kept with it: a policy may be gone, or never have been in force, when its page is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from zhida.domain.scenarios import offer_of
from zhida.domain.values import FactKey
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


def _stale(items: Sequence[PublishedItem], rows: Rows, day: date) -> list[str]:
    read = rows.needed([offer_of(one.item).program for one in items], [day], ())
    return sorted({FactKey.parse(name).attribute for name in read if name in rows.stale})


def _question(one: PublishedItem, name: str) -> Mapping[str, Any]:
    fact = one.pack.schema.facts[name]
    labels = {lang: words.questions[name] for lang, words in one.pack.words.items() if name in words.questions}
    return {"labels": labels, "kind": fact.kind, "unit": fact.unit, "scale": fact.scale}
