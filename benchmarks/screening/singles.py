"""The other ways to run: one subject times everything, one new item times everyone, a thousand changed subjects."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.screening.engine import Engine, screen
from benchmarks.screening.judging import ENTITLED, POSSIBLE, Judge
from benchmarks.screening.peers.tree import Tree
from benchmarks.screening.trials import leave_alone, timed
from zhida.domain.rules import Program, assess, nodes
from zhida.domain.rules.engines import table
from zhida.domain.rules.engines.table import kernels_numba
from zhida.domain.rules.nodes import Node, rebuild
from zhida.domain.values import Facts
from zhida.services.demonstration.generation import province

Told = Mapping[str, Any]
_SUBJECTS, _NEW, _CHANGES, _CHANGED = 300, 200, 30, 1_000


def one(engine: Engine) -> Told:
    """One subject with all items, beside a plain walk over the same items; both answers compared with the whole run."""
    world, single, tree = engine.world, table.Single(engine.plan), Tree(engine)
    judge = Judge(engine, screen(engine.store, engine.plan))
    rows = world.subjects(_SUBJECTS)
    asked = [Facts.of(facts) for facts in world.facts(rows)]
    single.match(asked[0])
    leave_alone()
    ours, walked, same = [], [], True
    for row, facts, plain in zip(rows, asked, world.plain(rows), strict=True):
        ours.append(timed(lambda facts=facts: single.match(facts)))  # type: ignore[misc]
        walked.append(timed(lambda plain=plain: tree.answers(plain)))  # type: ignore[misc]
        same = same and np.array_equal(judge.answers(row), _answers(engine.plan, single.match(facts)))
    reference = timed(lambda: [assess(program, asked[1], province.AS_OF) for program in world.programs])
    told = {"ours": spread(ours), "tree": spread(walked), "reference_ms": reference * 1e3, "equal": same}
    return {**told, "subjects": len(rows), "times_faster_p99": spread(walked)["p99_ms"] / spread(ours)["p99_ms"]}


def _answers(plan: table.Plan, found: table.Eligible) -> np.ndarray:
    answers = np.zeros(len(plan.items), dtype=np.int8)
    answers[[plan.places[item] for item in found.possible]] = POSSIBLE
    answers[[plan.places[item] for item in found.entitled]] = ENTITLED
    return answers


def new_item(engine: Engine) -> Told:
    """One item whose thresholds nobody has asked before, with everyone: compiled, matched, priced; in one thread, as it
    is when an item is published (a second waits for the first: a chunk of one item is mostly Python's own work)."""
    world, store, plan = engine.world, engine.store, engine.plan
    places = np.linspace(0, len(world.programs) - 1, _NEW).astype(int).tolist()
    programs = [fresh(world.programs[place]) for place in places]
    run: Callable[[Program], object] = lambda program: table.match_new(store, plan, program, kernel=kernels_numba)  # noqa: E731
    run(programs[0])
    leave_alone()
    times = [timed(lambda program=program: run(program)) for program in programs]  # type: ignore[misc]
    by_depth: dict[str, list[float]] = {}
    for program, spent in zip(programs, times, strict=True):
        depth = len(world.dictionary.code_trees["region"].ancestors(program.region))
        by_depth.setdefault(("province", "city", "county", "town")[depth], []).append(spent)
    return {**spread(times), "items": len(times), "by_level": {name: spread(held) for name, held in by_depth.items()}}


def fresh(program: Program) -> Program:
    """The same item with every bound on a number moved a little, so that no threshold is one that is known."""
    requires = tuple(
        replace(one, alternatives=tuple(replace(way, when=_moved(way.when)) for way in one.alternatives))
        for one in program.requires
    )
    return replace(program, item=f"{program.item}-new", requires=requires)


def _moved(node: Node) -> Node:
    if isinstance(node, nodes.Compare | nodes.Interval):
        return rebuild(node, _raised)
    return rebuild(node, _moved)


def _raised(node: Node) -> Node:
    if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal) and node.value > 1_000:
        return replace(node, value=node.value + 12_345)
    return node


def changed(engine: Engine) -> Told:
    """A thousand subjects of whom there is news, with all items: encoded, matched, listed, priced."""
    snapshot, plan = pq.read_table(engine.world.people), engine.plan
    rng = np.random.default_rng(7)
    parts = [snapshot.take(np.sort(rng.choice(snapshot.num_rows, _CHANGED, replace=False))) for _ in range(_CHANGES)]
    del snapshot
    run: Callable[[Any], object] = lambda part: table.match(table.encode(part, plan), plan, kernels_numba)  # noqa: E731
    run(parts[0])
    leave_alone()
    times = [timed(lambda part=part: run(part)) for part in parts]  # type: ignore[misc]
    return {**spread(times), "subjects": _CHANGED, "rounds": len(times)}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Half are faster than p50, 99 in 100 than p99, in milliseconds."""
    at = np.percentile(seconds, [50, 99]) * 1e3
    return {"p50_ms": float(at[0]), "p99_ms": float(at[1]), "mean_ms": statistics.fmean(seconds) * 1e3}
