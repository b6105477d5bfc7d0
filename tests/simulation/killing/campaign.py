"""Many kills: at seeded or at all boundaries of each flow, started again until idle, both books compared each time."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from tests.audit import audit_books
from tests.simulation.killing.flows import FLOWS, Flow
from tests.simulation.killing.forking import in_child
from tests.simulation.killing.world import FINAL, World
from zhida.domain.postings import State
from zhida.kernel.ledger.models import Entry

RESTART_S = 60
"""A program that was killed has everything at its end so many seconds after it was started again."""
_MORE = 300
_TURNS_S = (0, 1, 20, 46, 60, 240)
"""When the program that was started again looks at its work: at once, and when the dead one's lease has ended."""


@dataclass
class Tally:
    """What kills came to: how many in each flow, what went wrong, and how long the longest restart took."""

    kills: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    boundaries: dict[str, int] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    longest_restart_s: int = 0

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Tally:
        """What `told` told, to go on from there."""
        if not told:
            return cls()
        wrong = told["what_went_wrong"]
        doubles, lost = wrong[: told["doubles"]], wrong[told["doubles"] :]
        kills, tried = Counter(told["by_flow"]), Counter(told["tried"])
        return cls(kills, tried, dict(told["boundaries"]), doubles, lost, told["longest_restart_s"])

    def told(self) -> dict[str, object]:
        """As figures."""
        return {
            "kills": self.kills.total(),
            "by_flow": dict(self.kills),
            "tried": dict(self.tried),
            "boundaries": self.boundaries,
            "doubles": len(self.doubles),
            "lost": len(self.lost),
            "what_went_wrong": [*self.doubles, *self.lost],
            "longest_restart_s": self.longest_restart_s,
        }


def count_boundaries(world: World, flow: Flow) -> int:
    """How many boundaries the flow's program crosses where nobody kills it."""
    case_id = _taken(world, flow)
    return in_child(lambda: flow.program(world, case_id)).passed


def kill(world: World, flow: Flow, deadly: int, tally: Tally) -> bool:
    """One claim, one kill, one restart; whether the kill came before the program's end."""
    case_id = _taken(world, flow)
    ended = in_child(lambda: flow.program(world, case_id), deadly=deadly)
    where = f"{flow.name} at {deadly}"
    if audit_books(world.line):
        tally.lost.append(f"{where}: the books do not hold right after the kill")
    tally.kills[flow.name] += ended.killed
    if not ended.killed:
        tally.boundaries[flow.name] = ended.passed
    took_s = in_child(lambda: start_again(world, flow, case_id)).told
    world.wait(took_s)
    tally.longest_restart_s = max(tally.longest_restart_s, took_s)
    _compare(world, flow, case_id, where, tally)
    return ended.killed


def _taken(world: World, flow: Flow) -> str:
    if not world.waiting:
        world.found_claims(_MORE)
    case_id = world.waiting.pop()
    world.wait(1)
    flow.prepare(world, case_id)
    return case_id


def start_again(world: World, flow: Flow, case_id: str) -> int:
    """A new process does what the old one did, and pumps, on a clock that goes on; the seconds until idle."""
    began = world.now
    for second in _TURNS_S:
        world.province.now = began + timedelta(seconds=second)
        flow.program(world, case_id)
        treasury = world.treasury()
        world.pump(treasury)
        treasury.close()
        if world.is_idle() and {row.state for row in world.payments(case_id)} <= FINAL:
            return second
    return 10 * RESTART_S


def _compare(world: World, flow: Flow, case_id: str, where: str, tally: Tally) -> None:
    payments = world.payments(case_id)
    moved = world.movements([row.reference for row in payments])
    for reference, words in moved.items():
        if words.count("paid") > 1:
            tally.doubles.append(f"{where}: {reference} was paid {words.count('paid')} times")
    net = sum(words.count("paid") - words.count("returned") for words in moved.values())
    if net > flow.paid:
        tally.doubles.append(f"{where}: the grant is paid {net} times")
    wrongs = list(_wrongs(flow, payments, moved, net))
    if not flow.is_ended(world, case_id):
        wrongs.append("it came to no end")
    if audit_books(world.line):
        wrongs.append("the books do not hold")
    tally.lost.extend(f"{where}: {wrong}" for wrong in wrongs)


def _wrongs(flow: Flow, payments, moved: dict[str, list[str]], net: int) -> Iterator[str]:
    if net < flow.paid:
        yield f"the grant is paid {net} times, not {flow.paid}"
    expected = {(): {State.VOIDED}, ("paid",): {State.SETTLED}, ("paid", "returned"): {State.RETURNED}}
    for row in payments:
        words = moved[row.reference]
        if row.state not in expected.get(tuple(words), set()):
            yield f"{row.id} is {row.state}, the treasury has {words}"
        facts = Counter(Entry.objects.filter(about=row.id).values_list("kind", flat=True))
        if not facts or any(times > flow.most.get(kind, 1) for kind, times in facts.items()):
            yield f"{row.id} left {dict(facts)}"


def run(
    world: World,
    *,
    kills: int,
    seed: int,
    until: float,
    tally: Tally,
    keep: Callable[[Mapping[str, Any]], None],
) -> None:
    """Goes on until so many kills are told, over the flows in turn: at every boundary of a flow, in an order drawn from
    the seed, before at any of them again. `keep` is told after each."""
    for flow in FLOWS:
        tally.boundaries[flow.name] = count_boundaries(world, flow)
    next_of = {flow.name: drawn(seed, flow.name, tally) for flow in FLOWS}
    while tally.kills.total() < kills and time.monotonic() < until:
        for flow in FLOWS:
            if tally.kills.total() < kills:
                kill(world, flow, next(next_of[flow.name]), tally)
                keep({**tally.told(), "seed": seed})


def drawn(seed: int, name: str, tally: Tally) -> Iterator[int]:
    """The boundaries to kill at, after those that were tried before."""
    while True:
        there = tally.boundaries[name]
        turn, at = divmod(tally.tried[name], there)
        tally.tried[name] += 1
        yield Random(f"{seed}|{name}|{turn}").sample(range(1, there + 1), there)[at]


def measured(
    world: World,
    *,
    kills: int,
    seed: int,
    until: float = math.inf,
    before: Mapping[str, Any] = MappingProxyType({}),
    keep: Callable[[Mapping[str, Any]], None] = lambda found: None,
) -> dict[str, object]:
    """`run` until that instant of `time.monotonic`, after what was told `before`, with its seed."""
    tally = Tally.of(before)
    run(world, kills=kills, seed=seed, until=until, tally=tally, keep=keep)
    return {**tally.told(), "seed": seed, "left": max(0, kills - tally.kills.total())}
