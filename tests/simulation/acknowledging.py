"""A program that moves payments and remembers what its database has acknowledged, while that database dies under it.

Run by `tests.simulation.dying`, which names the folder of the keys that all of them sign the log with, and which it
answers line by line: `go 5` works until the database is gone, and tells of
its fifth act; `check` compares what was acknowledged since with what is there; `check all` everything since the
beginning, and verifies the whole log.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.money.stage import NOW, set_up

AT_ONCE = 3
FACTS = (0, 1, 2, 2, 3)
"""How many facts a payment has after so many acts: marking it as sent moves no money, and leaves none."""


class Memory:
    """What was acknowledged: by payment how many acts, and the sizes of the log's sealed heads."""

    def __init__(self) -> None:
        self.acts: dict[str, int] = {}
        self.heads: list[int] = []
        self.since = 0

    def check(self, line: str, *, everything: bool) -> dict[str, Any]:
        """What is there now beside what was acknowledged; afterwards a new stretch begins."""
        from tests.audit import audit_books
        from zhida.domain.postings import State
        from zhida.kernel.funds.models import Disbursement
        from zhida.kernel.ledger.models import Checkpoint, Entry
        from zhida.kernel.ledger.verification import verify

        order = ["", State.RESERVED, State.INSTRUCTED, State.UNKNOWN, State.SETTLED]
        asked = list(self.acts)[0 if everything else self.since :]
        there = dict(Disbursement.objects.filter(pk__in=asked).values_list("pk", "state"))
        facts = list(Entry.objects.filter(about__in=asked).values_list("about", flat=True))
        wrong = []
        for payment in asked:
            acts = order.index(there.get(payment, ""))
            if acts < self.acts[payment]:
                wrong.append(f"{payment}: {self.acts[payment]} acts were acknowledged, {acts} are there")
            if facts.count(payment) != FACTS[acts]:
                wrong.append(f"{payment}: {acts} acts left {facts.count(payment)} facts")
        sealed = set(Checkpoint.objects.values_list("size", flat=True))
        wrong += [f"the head of {size} leaves is gone" for size in self.heads if size not in sealed]
        wrong += [str(each) for each in audit_books(line)]
        if everything and not (report := verify()).ok:
            wrong.append(f"the log: {report.fault}")
        acknowledged, self.since = len(self.acts) - self.since, len(self.acts)
        return {"acknowledged": acknowledged, "wrong": wrong}


def acts(line: str, system: Any, now: datetime) -> Iterator[tuple[list[str], Callable[[], Any]]]:
    """A payment's four acts, for a few payments at once, over and over: their ids, and one transaction."""
    from tests.simulation import paying
    from zhida.domain.postings import Word
    from zhida.kernel.funds import actions
    from zhida.kernel.funds.ports import Answer

    by, bank = {"by": system, "as_of": now}, {"by": paying.TREASURY, "as_of": now}
    while True:
        new = [paying.new_disbursement() for _ in range(AT_ONCE)]
        ids = [each.disbursement_id for each in new]
        opened = paying.OpenPayees().payees({each.account_ref for each in new})
        answers = [
            Answer(each.disbursement_id.removeprefix("disbursement_"), Word.PAID, each.amount_fen, "T", "", date.min)
            for each in new
        ]
        yield ids, lambda new=new: actions.reserve_many(line=line, disbursements=new, **by)
        yield ids, lambda ids=ids: actions.instruct_many(disbursement_ids=ids, **by)
        sent = {"disbursement_ids": ids, "payees": opened, "deduplicates": True}
        yield ids, lambda sent=sent: actions.mark_sent(**sent, **bank)
        yield ids, lambda answers=answers: actions.record_answers(answers=answers, **bank)


def work(memory: Memory, line: str, system: Any, now: datetime, *, told_after: int) -> None:
    """Acts, and seals the log now and then, until the database is gone; so many acts are told of on the way."""
    from django.db import InterfaceError, OperationalError, connection

    from zhida.kernel.ledger import actions as ledger
    from zhida.kernel.ledger.models import Checkpoint

    try:
        for turn, (ids, act) in zip(count(1), acts(line, system, now), strict=False):
            act()
            for payment in ids:
                memory.acts[payment] = memory.acts.get(payment, 0) + 1
            if turn == told_after:
                _tell({"acts": turn})
            if turn % 8 == 0:
                ledger.sequence(as_of=now)
                ledger.seal(as_of=now)
                memory.heads.append(Checkpoint.objects.latest("size").size)
    except (OperationalError, InterfaceError):
        connection.close()


def main(name: str, keys: Path) -> None:
    """Answers each line of standard input with one line of JSON."""
    (set_up() / "keys").symlink_to(keys)
    from tests.simulation import paying

    now, line, memory = datetime.fromisoformat(NOW), f"crash/{name}", Memory()
    paying.open_line(now, line=line, total_fen=10**14)
    system = paying.sign_release(now, line=line, cap_fen=10**14)
    _tell({"ready": True})
    for asked in map(str.strip, sys.stdin):
        if asked.startswith("go "):
            work(memory, line, system, now, told_after=int(asked.removeprefix("go ")))
            _tell({"down": True})
        else:
            _tell(memory.check(line, everything=asked == "check all"))


def _tell(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
