"""The demonstration's people and firms: drawn from a seed, landed by the doors a real source uses, and joined."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from zhida.domain.packs import Root
from zhida.domain.values import Actor, SubjectKind, new_id
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.dictionary import shapes_of
from zhida.services.demonstration.generation import generate, land, read_portraits

BANK = "示范银行"
PORTRAITS = "_population/"


def settle(
    root: Root,
    files: Mapping[str, bytes],
    *,
    counts: Mapping[SubjectKind, int],
    seed: int,
    observed_on: date,
    by: Actor,
    as_of: datetime,
    step: Callable[[str], None],
) -> None:
    """Draws a population, lands every source's batch, and builds a snapshot of each kind."""
    population = generate(
        seed=seed,
        organisations=counts[SubjectKind.ORGANISATION],
        persons=counts[SubjectKind.PERSON],
        households=counts[SubjectKind.HOUSEHOLD],
        shapes=shapes_of(root.dictionary),
        trees=root.dictionary.code_trees,
        portraits=read_portraits({path: data for path, data in files.items() if path.startswith(PORTRAITS)}),
        observed_on=observed_on,
    )
    land(population=population, by=by, as_of=as_of, step=step)
    for kind in SubjectKind:
        registry.build_snapshot(kind=kind, dictionary=root.dictionary, as_of=as_of, by=by)
        step(f"snapshot {kind}")


def open_accounts(holders: Iterable[tuple[str, str]], *, seed: int, on: date, by: Actor, as_of: datetime) -> None:
    """A bank account on record for each (subject id, name)."""
    accounts = []
    for subject_id, name in holders:
        chance = random.Random(f"{seed}|{subject_id}")
        # Tails 0000 and 9999 mean something to the treasury simulator: an account that is closed, or returns.
        number = f"62{chance.randrange(10**12):012d}{chance.randrange(1, 9990):04d}"
        accounts.append(registry.NewAccount(new_id("account"), subject_id, number, name, BANK, "demonstration", on))
    registry.register_accounts(accounts=accounts, by=by, as_of=as_of)
