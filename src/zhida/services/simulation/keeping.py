"""Runs that are kept: asked, computed, written down with a fact in the ledger, and found again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.scenarios.claiming import EVERYBODY, TakeUp
from zhida.domain.values import Actor, Scope, local_date, utc
from zhida.kernel.ledger import actions as ledger
from zhida.services.simulation.asking import budget_of, chosen, granted_of, question_of, rows_of
from zhida.services.simulation.models import Simulation
from zhida.services.simulation.outcome import Outcome, read_outcome
from zhida.services.simulation.running import BOUND, Progress, simulate
from zhida.services.simulation.wording import back_of, words_of
from zhida.services.simulation.yearly import ahead_of


@dataclass(frozen=True)
class Kept:
    """A run as it was kept. `inputs` name the snapshot's root, the revisions, the day, the seed and the scenarios'
    digests; `files` are the scenarios as written; `entry_id` is the fact in the ledger."""

    id: str
    office: str
    items: tuple[str, ...]
    inputs: Mapping[str, Any]
    files: Mapping[str, str]
    outcome: Outcome
    digest: str
    entry_id: str
    ran_by: str
    ran_at: datetime


@dataclass(frozen=True)
class Wish:
    """What somebody wants simulated: items or whole packs by id, scenario files (name to bytes), the instant whose
    snapshot and versions count, and how. `budget_fen` None takes what the items' budget lines hold. `years` looks that
    far ahead, with a take-up for each year; `plans` say what these years have to spend, as a scenario's `years` do.
    `rules_at` lays the versions of another instant on that day, which may lie before they were published."""

    item_ids: tuple[str, ...]
    files: Mapping[str, bytes]
    at: datetime
    take_up: TakeUp = EVERYBODY
    assume: Mapping[str, str] = field(default_factory=dict)
    seed: int = 1
    bound: int = BOUND
    budget_fen: int | None = None
    years: tuple[TakeUp, ...] = ()
    plans: bytes = b""
    rules_at: datetime | None = None


def run(
    wish: Wish, *, simulation_id: str, by: Actor, as_of: datetime, scope: Scope, progress: Progress | None = None
) -> Kept:
    """Simulates and keeps; `scope` shows the budget lines.

    Raises AuthorError with every mistake in the files, ConflictError `not_published`, `kinds_differ`,
    `nothing_to_simulate`.
    """
    items = chosen(wish.item_ids, wish.rules_at or wish.at)
    ref, rows = rows_of(items, wish.at, wish.rules_at)
    day, rules_on = local_date(wish.at), local_date(wish.rules_at) if wish.rules_at else None
    budget = budget_of(items, scope=scope, year=day.year) if wish.budget_fen is None else wish.budget_fen
    question = question_of(
        items,
        wish.files,
        day,
        take_up=wish.take_up,
        assume=wish.assume,
        seed=wish.seed,
        bound=wish.bound,
        budget_fen=budget,
        plans=wish.plans,
        rules_on=rules_on,
    )
    outcome = replace(
        simulate(question, rows, progress),
        granted=granted_of(items, day.year),
        ahead=ahead_of(question, rows, wish.years),
    )
    inputs = {
        "snapshot": ref.root,
        "packs": {one.pack.id: one.pack.hash for one in items},
        "day": day.isoformat(),
        "seed": wish.seed,
        "take_up": [str(share) for share in wish.take_up],
        "assume": dict(wish.assume),
        "budget_fen": budget,
        "scenarios": {one.name: one.digest for one in question.scenarios[1:]},
    }
    inputs |= words_of(items, wish.assume, rows, day)
    if rules_on is not None:
        inputs |= {"rules_on": rules_on.isoformat(), "back": back_of(items, rows, day, local_date(ref.as_of))}
    if wish.years:
        inputs["years"] = [[str(share) for share in one] for one in wish.years]
        inputs |= {"yearly_fen": budget, "plans": wish.plans.decode()}
    ids = [one.item.id for one in items]
    keep(simulation_id=simulation_id, items=ids, inputs=inputs, files=wish.files, outcome=outcome, by=by, as_of=as_of)
    return kept(simulation_id, None)


@transaction.atomic
def keep(
    *,
    simulation_id: str,
    items: Sequence[str],
    inputs: Mapping[str, Any],
    files: Mapping[str, bytes],
    outcome: Outcome,
    by: Actor,
    as_of: datetime,
) -> None:
    """Keeps a run with a `simulation.run`: its inputs and the digest of its sums. A second time does nothing."""
    if Simulation.objects.filter(id=simulation_id).exists():
        return
    fields = {"inputs": dict(inputs), "items": list(items), "digest": outcome.digest}
    entry_id = ledger.record(kind="simulation.run", about=simulation_id, fields=fields, by=by, as_of=as_of)
    Simulation.objects.create(
        id=simulation_id,
        office=by.office,
        items=list(items),
        inputs=dict(inputs),
        files={name: data.decode() for name, data in files.items()},
        outcome=outcome.record(),
        digest=outcome.digest,
        entry_id=entry_id,
        ran_by=by.account,
        ran_at=utc(as_of),
    )


def kept(simulation_id: str, places: Collection[str] | None) -> Kept:
    """A run that one of these offices made, None for any. Raises ConflictError `no_such_simulation`."""
    row = _of(places).filter(id=simulation_id).first()
    if row is None:
        raise ConflictError("no_such_simulation", f"{simulation_id} was not kept here", "look at the list again")
    return _kept(row)


def newest(places: Collection[str] | None, limit: int = 20) -> tuple[Kept, ...]:
    """The runs of these offices, None for all, the newest first."""
    return tuple(map(_kept, _of(places).order_by("-ran_at", "-id")[:limit]))


def _of(places: Collection[str] | None) -> Any:
    rows = Simulation.objects.all()
    return rows if places is None else rows.filter(office__in=list(places))


def _kept(row: Simulation) -> Kept:
    return Kept(
        row.id,
        row.office,
        tuple(row.items),
        row.inputs,
        row.files,
        read_outcome(row.outcome),
        row.digest,
        row.entry_id,
        row.ran_by,
        row.ran_at,
    )
