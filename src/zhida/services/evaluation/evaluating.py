"""One policy, one year: counted from its cases, its decisions in the ledger and its sources; nobody is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from zhida.domain.packs import Item, Pack
from zhida.domain.process import Outcome, State
from zhida.domain.scenarios import Cell, Dimension, folded
from zhida.domain.values import Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases import tallies
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.evaluation.records import (
    HIDDEN,
    Came,
    Days,
    Evaluation,
    Forecast,
    ItemYear,
    Refusal,
    Review,
    Voices,
    shielded,
)
from zhida.services.evaluation.sources import sources_of

BOUND = 5
"""Nobody is shown among fewer than so many."""
_MOST_CASES = 1_000_000
_HALF_A_YEAR = timedelta(days=183)
_RUNNING = frozenset({State.SUBMITTED, State.IN_REVIEW, State.RETURNED})
_DEPTH_OF_PLACES = 3


def evaluate(
    pack_id: str,
    year: int,
    *,
    scope: Scope,
    as_of: datetime,
    forecasts: Mapping[str, Forecast],
    voices: Voices,
    bound: int = BOUND,
) -> Evaluation:
    """A policy's evaluation over the claims handed in during a calendar year that the scope shows. `forecasts` by item
    and `voices` come from whoever keeps them.

    Raises ConflictError `no_such_revision` where nothing was ever published under the id.
    """
    standing = [one for one in catalogue.revisions(pack_id) if one.withdrawn_at is None]
    face = standing[0] if standing else catalogue.revision_record(pack_id)
    pack, today = catalogue.revision(face.id), local_date(as_of)
    return Evaluation(
        pack_id=pack_id,
        revision=face.id,
        titles={"zh": face.title_zh, "en": face.title_en or face.title_zh},
        number=face.document_number,
        year=year,
        on=today,
        bound=bound,
        items=tuple(_item(pack, item, year, scope, forecasts, bound) for item in pack.items.values()),
        voices=_heard(voices, bound),
        sources=sources_of(pack, catalogue.root(face.id).dictionary, as_of=as_of),
        review=_review(face.valid_to, year, today),
    )


def _item(pack: Pack, item: Item, year: int, scope: Scope, forecasts: Mapping[str, Forecast], bound: int) -> ItemYear:
    rows = cases.cases(scope=scope, item=item.id, limit=_MOST_CASES)
    claims = [row for row in rows if row.submitted_at and local_date(row.submitted_at).year == year]
    claims = [row for row in claims if row.outcome != Outcome.WITHDRAWN]
    granted = [row for row in claims if row.outcome == Outcome.GRANTED]
    refused = [row for row in claims if row.outcome == Outcome.REFUSED]
    titles = {lang: words.items[item.name].title for lang, words in pack.words.items()}
    came = shielded(_came(claims, granted, refused), bound)
    is_hidden = HIDDEN in (came.granted, came.refused, came.running)
    return ItemYear(
        item=item.id,
        titles={"zh": titles["zh"], "en": titles.get("en", titles["zh"])},
        forecast=forecasts.get(item.id),
        came=came,
        places=Cell("", (HIDDEN,), (HIDDEN,)) if came.granted == HIDDEN else _places(granted, pack.region, year, bound),
        refusals=_refusals(refused, bound, is_hidden=came.refused == HIDDEN),
        days=_days(claims, item.id, scope, bound, is_hidden=is_hidden),
    )


def _came(claims: Sequence[CaseRecord], granted: Sequence[CaseRecord], refused: Sequence[CaseRecord]) -> Came:
    paid = [row for row in granted if row.state in (State.FULFILLED, State.CLOSED) and row.amount_fen is not None]
    return Came(
        claims=len(claims),
        granted=len(granted),
        refused=len(refused),
        running=len(claims) - len(granted) - len(refused),
        automatic=sum(row.is_automatic for row in (*granted, *refused)),
        paid=len(paid),
        granted_fen=_sum(granted),
        paid_fen=_sum(paid),
    )


def _sum(rows: Iterable[CaseRecord]) -> int:
    return sum(row.amount_fen or 0 for row in rows)


def _places(granted: Sequence[CaseRecord], top: str, year: int, bound: int) -> Cell:
    """Who was granted what, by place below the one that issued, with small places folded into the rest."""
    tree = offices.region_tree(date(year, 12, 31))
    words = tuple(sorted({row.region for row in granted})) or ("",)
    at = {word: place for place, word in enumerate(words)}
    counts, fen = np.zeros((1, len(words)), dtype=np.int64), np.zeros((1, len(words)), dtype=np.int64)
    for row in granted:
        counts[0, at[row.region]] += 1
        fen[0, at[row.region]] += row.amount_fen or 0
    return folded(Dimension("region", words, tree, top, _DEPTH_OF_PLACES), counts, fen, bound)


def _refusals(refused: Sequence[CaseRecord], bound: int, *, is_hidden: bool) -> tuple[Refusal, ...]:
    """How many refusals name each requirement; those that few name are told without a count."""
    decisions = ledger.first_facts("case.decided", [row.id for row in refused])
    named: Counter[str] = Counter()
    for fact in decisions.values():
        because = fact.fields.get("because")
        found = because if isinstance(because, list) else []
        named.update({str(one["requirement"]) for one in found if isinstance(one, Mapping)})
    whole = len(refused)
    kept = {name: HIDDEN if is_hidden or _gives_away(count, whole, bound) else count for name, count in named.items()}
    return tuple(Refusal(name, kept[name]) for name in sorted(named, key=lambda name: (-kept[name], name)))


def _gives_away(count: int, whole: int, bound: int) -> bool:
    return count < bound or 0 < whole - count < bound


def _days(claims: Sequence[CaseRecord], item: str, scope: Scope, bound: int, *, is_hidden: bool) -> Days | None:
    """How long decisions took; None for fewer than the bound. How many there were gives away what `is_hidden`."""
    calendar = offices.calendar()
    taken = sorted(
        calendar.working_days_between(local_date(row.submitted_at), local_date(row.decided_at))
        for row in claims
        if row.submitted_at and row.decided_at
    )
    if len(taken) < bound:
        return None
    kept = tallies.promises(scope=scope, item=item)
    late, steps = sum(one.late for one in kept), sum(one.steps for one in kept)
    shown = HIDDEN if 0 < late < bound else late
    return Days(HIDDEN if is_hidden else len(taken), taken[len(taken) // 2], taken[len(taken) * 9 // 10], steps, shown)


def _heard(voices: Voices, bound: int) -> Voices:
    kinds = {kind: HIDDEN if 0 < count < bound else count for kind, count in voices.kinds.items()}
    waiting = HIDDEN if 0 < voices.waiting < bound else voices.waiting
    return Voices(kinds, waiting, voices.ratings, voices.mean)


def _review(ends: date | None, year: int, today: date) -> Review:
    """`ends` is the first day on which the policy no longer holds."""
    by = date(year + 1, 3, 31) if ends is None else min(ends - _HALF_A_YEAR, date(year + 1, 3, 31))
    return Review(ends, by, today >= by)
