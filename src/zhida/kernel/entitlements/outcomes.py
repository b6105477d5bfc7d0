"""What each item comes to over a population: columns by the fast engine, single changes by the exact one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from zhida.domain.packs.usage import roots_of, usage_of
from zhida.domain.rules import AmountState, Answer
from zhida.domain.rules.engines import one
from zhida.domain.rules.engines.columns import Screened, screen
from zhida.domain.values import Facts
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.past import GRANTS
from zhida.kernel.entitlements.results import Keys, Outcome, Texts

_CELLS = 128 * 1024 * 1024


@dataclass(frozen=True)
class Population:
    """One kind of subject: its columns, and the facts of those that changed since, by subject key."""

    kind: str
    columns: pa.Table
    changed: Mapping[int, Facts] = field(default_factory=dict)
    regions_changed: Mapping[int, str] = field(default_factory=dict)

    @property
    def subjects(self) -> Keys:
        """The subject key of each row."""
        keys: Keys = self.columns["subject"].to_numpy()
        return keys

    @property
    def regions(self) -> Texts:
        """The region of each row."""
        texts: Texts = self.columns["region"].cast(pa.string()).fill_null("").to_numpy(zero_copy_only=False)
        return texts


def reads_grants(published: PublishedItem) -> bool:
    """Whether an item looks at what was granted before."""
    item = published.item
    return GRANTS.attribute in usage_of(roots_of(item), item.program.schema).relations


def outcomes(
    items: Sequence[PublishedItem], population: Population, day: date, fallbacks: dict[str, str]
) -> Iterator[Outcome]:
    """The outcome of each item, in their order; `fallbacks` is told why the fast engine handed an item over.

    Items go through the engine in shares, so that answers and amounts of one share fit into memory.
    """
    keys, regions = population.subjects, population.regions
    order = np.argsort(keys, kind="stable")
    share = max(1, _CELLS // max(1, len(keys)))
    changed = np.array(sorted(population.changed), dtype=np.int64)
    for start in range(0, len(items), share):
        part = items[start : start + share]
        programs = [published.item.program for published in part]
        for published, screened in zip(part, screen(programs, population.columns, day).results, strict=True):
            if screened.fallback:
                fallbacks[published.item.id] = screened.fallback
            outcome = _outcome(keys, regions, order, screened)
            yield outcome.replaced(changed, _changed(published, population, changed, day)) if len(changed) else outcome


def _outcome(keys: Keys, regions: Texts, order: Keys, screened: Screened) -> Outcome:
    rows = order[(screened.sure | screened.possible)[order]]
    entitled = screened.sure[rows]
    fen = np.where(entitled & screened.amount_known[rows], screened.amount_fen[rows], -1)
    return Outcome(keys[rows], entitled, fen, regions[rows])


def _changed(published: PublishedItem, population: Population, changed: Keys, day: date) -> Outcome:
    rows = []
    for key in changed.tolist():
        assessment = one.assess(published.item.program, population.changed[key], day)
        if assessment.answer is Answer.NOT:
            continue
        entitled = assessment.answer is Answer.ENTITLED
        is_known = entitled and assessment.amount is AmountState.KNOWN
        rows.append((key, entitled, assessment.amount_fen if is_known else -1, population.regions_changed[key]))
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return Outcome(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.bool_),
        np.array(columns[2], dtype=np.int64),
        np.array(columns[3], dtype=object),
    )
