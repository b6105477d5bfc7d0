"""What the demonstration came to: one page of figures, read from the kernel and from nowhere else."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from zhida.domain.postings import State
from zhida.domain.values import Scope, SubjectKind
from zhida.kernel.cases import queries as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.funds import queries as funds
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.verification import verify
from zhida.kernel.registry import queries as registry

ALL = Scope.system("demonstration figures")


@dataclass(frozen=True)
class Figures:
    """Counts, sums in fen, the ledger's standing, and how long each stage took in seconds."""

    policies: int
    items: int
    gold: int
    subjects: dict[str, int]
    pairs: int
    entitled: int
    possible: int
    entitled_fen: int
    notices: int
    cases: dict[str, int]
    paid_fen: int
    payments: int
    budget: list[dict[str, Any]]
    ledger: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The figures as JSON."""
        return asdict(self)


def gather(*, notices: int, seconds: dict[str, float], as_of: datetime) -> Figures:
    """Reads everything; `verified` comes from checking the whole ledger again."""
    items = catalogue.items(as_of=as_of)
    subjects = {
        str(kind): ref.rows for kind in SubjectKind if (ref := registry.latest_snapshot(kind, as_of=as_of)) is not None
    }
    run = entitlements.latest_run()
    counts = entitlements.counts(run.id, scope=ALL) if run else ()
    lines = funds.lines(scope=ALL)
    standing = ledger.standing()
    outcomes = Counter(case.outcome or case.state for case in cases.cases(scope=ALL, limit=1_000_000))
    return Figures(
        policies=len({published.pack.id for published in items}),
        items=len(items),
        gold=sum(policy.tier == "gold" for policy in catalogue.policies(as_of=as_of)),
        subjects=subjects,
        pairs=sum(subjects.get(str(published.item.audience), 0) for published in items),
        entitled=sum(count.entitled for count in counts),
        possible=sum(count.possible for count in counts),
        entitled_fen=sum(count.amount_fen for count in counts),
        notices=notices,
        cases=dict(sorted(outcomes.items())),
        paid_fen=sum(line.paid - line.returned for line in lines),
        payments=len(funds.disbursements(scope=ALL, states=[State.SETTLED], limit=100_000)),
        budget=[_row(line) for line in lines],
        ledger={"entries": standing.entries, "root": standing.root, "verified": verify().ok},
        seconds={name: round(spent, 1) for name, spent in seconds.items()},
    )


def _row(line: Any) -> dict[str, Any]:
    names = ("total", "available", "committed", "in_flight", "paid", "returned")
    named = catalogue.root().dictionary.budget_lines.get(line.id)
    words = dict(named.words) if named else {"zh": line.id}
    return {"line": line.id, "words": words, **{f"{name}_fen": getattr(line, name) for name in names}}
