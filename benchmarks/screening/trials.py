"""A peer beside ours in one run: interleaved rounds, the best of several, sets compared, what is extrapolated named."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from benchmarks.screening.judging import Finding, Judge

PILOT = 5


class Peer(Protocol):
    """An engine on the world's data. Making it loads what it needs; that is not timed.

    `cores` is how many it uses; `shape` says in what form it got the work. Work comes in groups of items, of which
    `run` does one and `findings` (not timed) compares it with ours. `units` is the work in a group, `total` all of it.
    """

    name: str
    version: str
    licence: str
    shape: str
    cores: int
    total: int

    def groups(self) -> Sequence[Sequence[int]]: ...
    def units(self, group: Sequence[int]) -> int: ...
    def run(self, group: Sequence[int]) -> Any: ...
    def findings(self, group: Sequence[int], outcome: Any, judge: Judge) -> Iterable[Finding]: ...


@dataclass
class Trial:
    """What came out for a peer. `full_s` is its whole run; a peer on one core is given all of the machine's as if it
    shared its work without loss. `ours_s` is the whole run of ours in the same minutes."""

    peer: str
    version: str
    licence: str
    shape: str
    cores: int
    measured_s: float
    share: float
    full_s: float
    ours_s: float
    ratio: float
    equal: bool
    compared: int
    wrong: int
    case: str = ""
    rounds: list[list[float]] = field(default_factory=list)

    @property
    def extrapolated(self) -> bool:
        """Whether not all of the work was done."""
        return self.share < 1

    def told(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def try_peer(
    peer: Peer, ours: Callable[[], object], judge: Judge, *, budget_s: float, rounds: int, cores: int
) -> Trial:
    """Runs as many of a peer's groups as a round may take, `rounds` times, each after a whole run of ours."""
    chosen = _chosen(peer, budget_s)
    done = sum(peer.units(group) for group in chosen)
    verdict = _Verdict(peer, judge)
    times: list[list[float]] = []
    leave_alone()
    for round_number in range(rounds):
        mine = timed(ours)
        spent = 0.0
        for group in chosen:
            started = time.perf_counter()
            outcome = peer.run(group)
            spent += time.perf_counter() - started
            if round_number == 0:
                verdict.hear(peer.findings(group, outcome, judge))
            del outcome
        times.append([mine, spent])
    ours_s, measured = (min(column) for column in zip(*times, strict=True))
    full = measured * peer.total / done * peer.cores / cores
    return Trial(
        peer.name,
        peer.version,
        peer.licence,
        peer.shape,
        peer.cores,
        measured,
        done / peer.total,
        full,
        ours_s,
        full / ours_s,
        verdict.wrong == 0,
        verdict.compared,
        verdict.wrong,
        verdict.case,
        times,
    )


def leave_alone() -> None:
    """What stands already is no business of the collector while something is timed."""
    gc.collect()
    gc.freeze()


def timed(work: Callable[[], object]) -> float:
    """Seconds on the wall."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _chosen(peer: Peer, budget_s: float) -> list[Sequence[int]]:
    """Every k-th group, in the order of what they cost, so that a sample has dear and cheap ones as the whole has."""
    groups = peer.groups()
    pilot = [*_spread(groups, PILOT)]
    peer.run(pilot[0])
    spent = timed(lambda: [peer.run(group) for group in pilot])
    whole = spent / sum(peer.units(group) for group in pilot) * sum(peer.units(group) for group in groups)
    many = len(groups) if whole <= budget_s else max(PILOT, int(len(groups) * budget_s / whole))
    return [*_spread(groups, many)]


def _spread(groups: Sequence[Sequence[int]], many: int) -> Iterator[Sequence[int]]:
    step = max(1.0, len(groups) / many)
    return (groups[int((place + 0.5) * step)] for place in range(min(many, len(groups))))


class _Verdict:
    def __init__(self, peer: Peer, judge: Judge) -> None:
        self.peer = peer
        self.judge = judge
        self.compared = 0
        self.wrong = 0
        self.case = ""

    def hear(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.compared += 1
            if finding.row >= 0:
                self.wrong += 1
                self.case = self.case or self.judge.tell(self.peer.name, finding)
