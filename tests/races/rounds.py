"""Rounds of a race: many threads, each with its own connection, let go at the same moment; then the count is taken."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from threading import Barrier

from django.db import connections, transaction

from tests.audit import audit_books
from tests.simulation import paying
from tests.spec.province import Province
from tests.unit.kernel import granted
from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, SubjectKind, new_id
from zhida.kernel.entitlements.models import Entitlement
from zhida.kernel.funds import actions
from zhida.kernel.funds.models import Standing
from zhida.kernel.funds.records import NewDisbursement
from zhida.kernel.registry.actions import NewSubject, register_subject

NOW = datetime(2026, 11, 16, 2, tzinfo=UTC)
PACK = "mingzhou/job-retention-refund"
ITEM = f"{PACK}/refund"
CHANNELS = ("automatic", "applied", "instant", "hotline")


@dataclass
class Rounds:
    """How many rounds were run, and what was wrong in which."""

    rounds: int = 0
    wrong: list[str] = field(default_factory=list)


class Track:
    """Threads that keep their connections from round to round."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers)
        self._workers = workers

    def race(self, acts: Sequence[Callable[[], object]]) -> Counter[str]:
        """All at the same moment, one a thread; how many came to `done` or to which code."""
        gate = Barrier(len(acts))

        def run(act: Callable[[], object]) -> str:
            gate.wait()
            try:
                act()
            except ConflictError as error:
                return error.code
            return "done"

        return Counter(self._pool.map(run, acts))

    def close(self) -> None:
        """Lets go of the threads and their connections."""
        gate = Barrier(self._workers)

        def let_go(_: int) -> None:
            gate.wait()
            connections.close_all()

        list(self._pool.map(let_go, range(self._workers)))
        self._pool.shutdown()


def budget_rounds(rounds: int, *, seed: int, until: float = math.inf, workers: int = 8) -> Rounds:
    """Each round a fresh line with room for fewer than ask; exactly that many get some, and its books hold."""
    chance, track, found = Random(seed), Track(workers), Rounds()
    try:
        while found.rounds < rounds and time.monotonic() < until:
            line, places = f"race/{new_id('race')}", chance.randint(1, workers - 1)
            paying.open_line(NOW, line=line, total_fen=places)
            outcomes = track.race([lambda line=line: paying.reserved(paying.OPERATOR, NOW, 1, line=line)] * workers)
            found.rounds += 1
            standing = Standing.objects.get(pk=line)
            is_exact = outcomes == {"done": places, "over_committed": workers - places}
            if not is_exact or (standing.available, standing.committed) != (0, places) or audit_books(line):
                found.wrong.append(f"round {found.rounds} of seed {seed}: {dict(outcomes)} for {places} places")
    finally:
        track.close()
    return found


@dataclass(frozen=True)
class Benefit:
    """A benefit that a published pack gives once a year, and the line that pays it."""

    revision_id: str
    line: str


def founded_benefit(home: Path) -> Benefit:
    """The benefit of a made-up province, with money enough."""
    line = f"race/{new_id('race')}"
    paying.open_line(NOW, line=line, total_fen=10**12)
    province = Province.found(home, today=date(2026, 11, 16))
    revision_id = province.publish(PACK).id
    province.treasury.book.close()
    return Benefit(revision_id, line)


def benefit_rounds(benefit: Benefit, rounds: int, *, seed: int, until: float = math.inf, workers: int = 8) -> Rounds:
    """Each round one subject and one benefit: every channel tries to grant and to reserve it; exactly one does."""
    chance, track, found = Random(seed), Track(workers), Rounds()
    try:
        while found.rounds < rounds and time.monotonic() < until:
            subject = NewSubject(new_id("subject"), SubjectKind.ORGANISATION, "某公司", "990102")
            register_subject(subject=subject, by=paying.OPERATOR, as_of=NOW)
            channels, fen = [chance.choice(CHANNELS) for _ in range(workers)], chance.randint(1, 1_000)
            acts = [lambda c=c, s=subject.id, f=fen: claim(c, s, f, benefit) for c in channels]
            outcomes = track.race(acts)
            found.rounds += 1
            paid = Entitlement.objects.filter(subject_id=subject.id).count()
            if outcomes != {"done": 1, "already_granted": workers - 1} or paid != 1:
                found.wrong.append(f"round {found.rounds} of seed {seed}: {dict(outcomes)}, {paid} grants")
    finally:
        track.close()
    if audit_books(benefit.line):
        found.wrong.append(f"seed {seed}: {audit_books(benefit.line)}")
    return found


@transaction.atomic
def claim(channel: str, subject_id: str, amount_fen: int, benefit: Benefit) -> None:
    """One channel's decision: the benefit taken once for the year and its money reserved, in one transaction."""
    by = Actor(f"officer-{channel}", "operator")
    grant_id = granted.grant(
        grant_id=new_id("grant"),
        case_id=new_id("case"),
        subject_id=subject_id,
        item_id=ITEM,
        revision_id=benefit.revision_id,
        keys=[f"subject={subject_id}|item={ITEM}|year=2026"],
        amount_fen=amount_fen,
        by=by,
        as_of=NOW,
    )
    new = NewDisbursement(new_id("disbursement"), grant_id, subject_id, amount_fen, new_id("bankaccount"), "稳岗返还")
    actions.reserve_many(line=benefit.line, disbursements=[new], by=by, as_of=NOW)
