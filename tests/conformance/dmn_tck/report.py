"""The counts of a run, for people and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from tests.conformance.dmn_tck.runner import FAILED, OUT_OF_SCOPE, PASSED, Verdict


def counts(verdicts: Sequence[Verdict]) -> dict[str, Counter[str]]:
    """How many cases ended how, by level."""
    found: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.level or "-", Counter())[verdict.outcome] += 1
    return dict(sorted(found.items()))


def reasons(verdicts: Sequence[Verdict]) -> Counter[str]:
    """How many cases each reason leaves out."""
    return Counter(verdict.why for verdict in verdicts if verdict.outcome == OUT_OF_SCOPE)


def shared(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """How many decisions the engines of packs were asked, and how many of them the table engine decided by columns."""
    judged = [one for verdict in verdicts for one in verdict.judged]
    return len(judged), sum(not one.fallback for one in judged)


def as_text(verdicts: Sequence[Verdict]) -> str:
    """The counts as a table, the reasons, and every failure."""
    lines = [f"{'level':>5} {'cases':>6} {'passed':>7} {'failed':>7} {'out of scope':>13}"]
    for level, found in counts(verdicts).items():
        figures = (found.total(), found[PASSED], found[FAILED], found[OUT_OF_SCOPE])
        lines.append("{:>5} {:>6} {:>7} {:>7} {:>13}".format(level, *figures))
    lines += [f"out of scope, {count}: {reason}" for reason, count in reasons(verdicts).most_common()]
    lines.append(
        "decisions that a pack can say, judged by engines one and table: {} ({} of them by columns)".format(
            *shared(verdicts)
        )
    )
    lines += [f"failed: {one.test} {one.case}: {one.why}" for one in verdicts if one.outcome == FAILED]
    return "\n".join(lines)


def _figures(found: Counter[str]) -> dict[str, int]:
    outcomes = {"passed": PASSED, "failed": FAILED, "out_of_scope": OUT_OF_SCOPE}
    return {"cases": found.total(), **{name: found[outcome] for name, outcome in outcomes.items()}}


def as_json(verdicts: Sequence[Verdict]) -> str:
    """The same with every case that did not pass, and the texts that are no FEEL."""
    record = {
        "levels": {level: _figures(found) for level, found in counts(verdicts).items()},
        "engines_of_packs": dict(zip(("decisions", "by_columns"), shared(verdicts), strict=True)),
        "out_of_scope": dict(reasons(verdicts).most_common()),
        "failed": [{"test": one.test, "case": one.case, "why": one.why} for one in verdicts if one.outcome == FAILED],
        "unread": [{"test": one.test, "case": one.case, "texts": list(one.unread)} for one in verdicts if one.unread],
    }
    return json.dumps(record, ensure_ascii=False, indent=2)
