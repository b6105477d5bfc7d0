"""Do the books hold? Every figure computed anew from postings and disbursements, and compared with what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum

from zhida.domain.errors import InvariantBroken
from zhida.domain.postings import Kind, Standing, State, account
from zhida.kernel.funds.books import FIGURES, standing_of
from zhida.kernel.funds.models import Disbursement, Posting, StandingRelease
from zhida.kernel.funds.models import Standing as StandingRow


@dataclass(frozen=True)
class Discrepancy:
    """One figure that does not agree with what it is made of: `kept` in the books, `computed` anew, both in fen."""

    line: str
    figure: str
    kept: int
    computed: int


def audit_books(line: str = "") -> tuple[Discrepancy, ...]:
    """Every discrepancy of one line, or of all. Empty is the only good answer, at any instant between transactions.

    Checked: standing = sums of postings; committed, in flight, paid and returned = sums over disbursements by state;
    each release's use = what was reserved under it and not voided. Raises InvariantBroken where postings themselves
    do not balance.
    """
    rows = StandingRow.objects.filter(pk=line) if line else StandingRow.objects.order_by("pk")
    return tuple(found for row in rows for found in _audit(row))


def _audit(row: StandingRow) -> Iterator[Discrepancy]:
    kept = standing_of(row)
    from_postings = Standing.of(row.line_id, _balances(row.line_id))
    for figure in FIGURES:
        yield from _differ(row.line_id, figure, getattr(kept, figure), getattr(from_postings, figure))
    for figure, computed in _from_disbursements(row.line_id).items():
        yield from _differ(row.line_id, f"{figure} of disbursements", getattr(kept, figure), computed)
    for release in StandingRelease.objects.filter(line_id=row.line_id):
        under = release.disbursements.exclude(state=State.VOIDED).aggregate(sum=Sum("amount_fen"))["sum"] or 0
        yield from _differ(row.line_id, f"used of {release.id}", release.used_fen, under)


def _differ(line: str, figure: str, kept: int, computed: int) -> Iterator[Discrepancy]:
    if kept != computed:
        yield Discrepancy(line, figure, kept, computed)


def _balances(line: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        grouped = Posting.objects.filter(line_id=line).values_list(side).annotate(sum=Sum("amount_fen")).order_by()
        for kind, amount in grouped:
            name = account(Kind(kind), line)
            sums[name] = sums.get(name, 0) + sign * amount
    if sum(sums.values()):
        raise InvariantBroken("books_do_not_balance", f"{line}: postings sum to {sum(sums.values())} fen")
    return sums


def _from_disbursements(line: str) -> dict[str, int]:
    rows = Disbursement.objects.filter(line_id=line).values_list("state").order_by()
    sums = {state: (amount, back) for state, amount, back in rows.annotate(a=Sum("amount_fen"), r=Sum("recovered_fen"))}

    def total(*states: State) -> int:
        return sum(sums.get(state, (0, 0))[0] for state in states)

    return {
        "committed": total(State.RESERVED),
        "in_flight": total(State.INSTRUCTED, State.UNKNOWN),
        "paid": total(State.SETTLED, State.RETURNED),
        "returned": total(State.RETURNED) + sum(back for _, back in sums.values()),
    }
