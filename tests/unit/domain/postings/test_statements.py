"""A day's statement beside what our books expect: every kind of anomaly is named for what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from zhida.domain.postings import Expected, FindingKind, State, StatementLine, Word, compare

DAY = date(2026, 3, 3)

PLANTED = (
    FindingKind.MISSING,
    FindingKind.EXTRA,
    FindingKind.DUPLICATE,
    FindingKind.WRONG_AMOUNT,
    FindingKind.WRONG_ACCOUNT,
    FindingKind.LATE,
    FindingKind.UNSETTLED,
    FindingKind.CONTRADICTION,
    FindingKind.RETURNED,
)


def test_a_thousand_planted_anomalies_among_twenty_thousand_lines_are_all_named():
    chance = Random(20260303)
    lines, expected, planted = [], {}, {}
    odd = set(chance.sample(range(20_000), 1_000))
    for number in range(20_000):
        ours = Expected(f"d{number}", f"R{number}", 100 + number, "1234", State.SETTLED, DAY, DAY)
        line = StatementLine(f"M{number}", ours.reference, Word.PAID, ours.amount_fen, "1234", DAY)
        kind = chance.choice(PLANTED) if number in odd else FindingKind.MATCHED
        planted[line.reference] = kind
        more, ours_now = bend(kind, line, ours)
        lines += more
        if ours_now is not None:
            expected[ours.reference] = ours_now
    chance.shuffle(lines)
    found = {}
    for each in compare(lines, expected, (), DAY):
        reference = each.line.reference if each.line else each.expected.reference
        if found.get(reference, FindingKind.MATCHED) is FindingKind.MATCHED:
            found[reference] = each.kind
    assert found == planted


def bend(kind, line, ours):
    """The lines and the expectation with one anomaly of this kind in them."""
    match kind:
        case FindingKind.MISSING:
            return [], ours
        case FindingKind.EXTRA:
            return [line], None
        case FindingKind.DUPLICATE:
            return [line, replace(line, treasury_reference=line.treasury_reference + "b")], ours
        case FindingKind.WRONG_AMOUNT:
            return [replace(line, amount_fen=line.amount_fen - 1)], ours
        case FindingKind.WRONG_ACCOUNT:
            return [replace(line, account_tail="9876")], ours
        case FindingKind.LATE:
            return [line], replace(ours, requested_on=DAY - timedelta(days=1))
        case FindingKind.UNSETTLED:
            return [line], replace(ours, state=State.UNKNOWN, booked_on=None)
        case FindingKind.CONTRADICTION:
            return [line], replace(ours, state=State.VOIDED)
        case FindingKind.RETURNED:
            return [line, replace(line, treasury_reference=f"{line.treasury_reference}r", word=Word.RETURNED)], ours
    return [line], ours
