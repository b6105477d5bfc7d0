"""Moving disbursements through their states: many at once, each with its postings and its facts, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import F

from zhida.domain.errors import ConflictError
from zhida.domain.postings import Event, Move, State, Transition, transition
from zhida.domain.values import Actor, utc
from zhida.kernel.funds.books import Movement, OpenBooks
from zhida.kernel.funds.models import Disbursement, StandingRelease
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.funds.records import Outcome
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.tables import update_rows

FACTS = {
    Move.RESERVE: "funds.reserved",
    Move.CANCEL: "funds.voided",
    Move.INSTRUCT: "funds.instructed",
    Move.SETTLE: "funds.settled",
    Move.VOID: "funds.voided",
    Move.RETURN: "funds.returned",
}
_CHANGING = (
    "state",
    "channel",
    "account_tail",
    "requested_on",
    "sent_times",
    "treasury_reference",
    "booked_on",
    "reason",
    "changed_at",
)
_changed = attrgetter(*_CHANGING, "id")


@dataclass
class Step:
    """One disbursement and what happens to it; filled in by `advance`."""

    row: Disbursement
    event: Event
    before: State
    after: Transition
    attention: str = ""

    @property
    def outcome(self) -> Outcome:
        """What it came to."""
        return Outcome(
            disbursement_id=self.row.id,
            grant_id=self.row.grant_id,
            subject_id=self.row.subject_id,
            line=self.row.line_id,
            amount_fen=self.row.amount_fen,
            before=self.before,
            state=State(self.row.state),
            reason=self.row.reason,
            attention=self.attention,
        )


def locked(disbursement_ids: Iterable[str]) -> list[Disbursement]:
    """The rows, locked in the order of their ids. Raises ConflictError where one is missing."""
    wanted = sorted(set(disbursement_ids))
    rows = list(Disbursement.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    if len(rows) < len(wanted):
        missing = next(iter(sorted(set(wanted) - {row.id for row in rows})))
        raise ConflictError("no_such_disbursement", f"{missing} was never reserved", "reserve it first")
    return rows


def step_of(row: Disbursement, event: Event, *, deduplicates: bool = False) -> Step:
    """What an event will do. Raises ConflictError where it cannot follow."""
    before = State(row.state)
    return Step(row, event, before, transition(before, event, deduplicates=deduplicates))


def advance(steps: Sequence[Step], *, by: Actor, as_of: datetime) -> tuple[Outcome, ...]:
    """Takes the steps: states, postings and facts. Locks come in one order: disbursements, releases, standings."""
    give_back(steps)
    books = OpenBooks({step.row.line_id for step in steps if step.after.moves})
    for (move, line), rows in _by_move(steps).items():
        books.move(line, move, movements(rows), at=as_of)
    for step in steps:
        step.row.state = step.after.state
        step.row.changed_at = utc(as_of)
    update_rows(Disbursement, _CHANGING, [_changed(step.row) for step in steps])
    books.write()
    ledger.record_all(facts=_facts(steps), by=by, as_of=as_of)
    return tuple(step.outcome for step in steps)


def movements(rows: Iterable[Disbursement]) -> list[Movement]:
    """One movement of each disbursement's whole amount."""
    return [Movement(row.amount_fen, row.id, row.id) for row in rows]


def _by_move(steps: Sequence[Step]) -> dict[tuple[Move, str], list[Disbursement]]:
    """Whose money makes which movement on which line; what settles comes before what returns."""
    found: dict[tuple[Move, str], list[Disbursement]] = defaultdict(list)
    for step in steps:
        for move in step.after.moves:
            found[move, step.row.line_id].append(step.row)
    order = list(Move)
    return dict(sorted(found.items(), key=lambda each: (order.index(each[0][0]), each[0][1])))


def give_back(steps: Sequence[Step]) -> None:
    """What is voided no longer counts against the cap of its standing release."""
    freed: dict[str, int] = defaultdict(int)
    for step in steps:
        if step.row.release_id and {Move.CANCEL, Move.VOID} & set(step.after.moves):
            freed[step.row.release_id] += step.row.amount_fen
    for release_id in sorted(freed):
        StandingRelease.objects.filter(pk=release_id).update(used_fen=F("used_fen") - freed[release_id])


def _facts(steps: Sequence[Step]) -> Iterator[ledger.NewFact]:
    for step in steps:
        for move in step.after.moves:
            yield ledger.NewFact(FACTS[move], step.row.id, fact_fields(step.row))


def due_payment(row: Disbursement, channel: str = "") -> DuePayment:
    """A row as its controls see it."""
    return DuePayment(
        row.id, row.grant_id, row.subject_id, row.account_ref, row.line_id, row.channel or channel, row.amount_fen
    )


def fact_fields(row: Disbursement) -> dict[str, str | int]:
    """What every fact about a disbursement says; empty fields are left out."""
    fields: dict[str, str | int] = {
        "line": row.line_id,
        "grant": row.grant_id,
        "subject": row.subject_id,
        "amount_fen": row.amount_fen,
        "release": row.release_id or row.batch_id or "",
        "treasury_reference": row.treasury_reference,
        "booked_on": row.booked_on.isoformat() if row.booked_on else "",
        "reason": row.reason,
    }
    return {name: value for name, value in fields.items() if value}
