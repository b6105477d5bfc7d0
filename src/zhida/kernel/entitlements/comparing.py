"""What changed between two outcomes of one item, joined by subject."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zhida.kernel.entitlements.records import Change
from zhida.kernel.entitlements.results import Keys, Outcome, Texts

ABSENT, POSSIBLE, ENTITLED = 0, 1, 2


def compare(before: Outcome, after: Outcome) -> Iterator[tuple[Change, Keys, Texts, Keys, Keys]]:
    """For each kind of change: the subject keys, their regions, and their amounts after and before (-1: not known).

    newly_entitled was refused before; now_known was possible before, or entitled with an amount not yet known;
    no_longer was entitled; amount_changed is entitled in both with another amount.
    """
    subjects = np.union1d(before.subjects, after.subjects)
    old_state, old_amount = _spread(before, subjects)
    new_state, new_amount = _spread(after, subjects)
    stayed = (old_state == ENTITLED) & (new_state == ENTITLED) & (old_amount != new_amount)
    chosen = {
        Change.NEWLY_ENTITLED: (old_state == ABSENT) & (new_state == ENTITLED),
        Change.NOW_KNOWN: ((old_state == POSSIBLE) & (new_state == ENTITLED)) | (stayed & (old_amount < 0)),
        Change.AMOUNT_CHANGED: stayed & (old_amount >= 0),
        Change.NO_LONGER: (old_state == ENTITLED) & (new_state != ENTITLED),
    }
    for change, rows in chosen.items():
        if rows.any():
            yield change, subjects[rows], _regions(before, after, subjects[rows]), new_amount[rows], old_amount[rows]


def _spread(outcome: Outcome, subjects: Keys) -> tuple[Keys, Keys]:
    at = np.searchsorted(subjects, outcome.subjects)
    state = np.full(len(subjects), ABSENT, np.int64)
    state[at] = np.where(outcome.is_entitled, ENTITLED, POSSIBLE)
    amount = np.full(len(subjects), -1, np.int64)
    amount[at] = outcome.amount_fen
    return state, amount


def _regions(before: Outcome, after: Outcome, subjects: Keys) -> Texts:
    regions = np.full(len(subjects), "", object)
    for outcome in (before, after):
        at = np.searchsorted(outcome.subjects, subjects).clip(max=max(len(outcome) - 1, 0))
        if len(outcome):
            found = outcome.subjects[at] == subjects
            regions[found] = outcome.region[at[found]]
    return regions
