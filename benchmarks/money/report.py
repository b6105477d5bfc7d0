"""What the parts found: one JSON for machines, and a page that sets each figure beside what was asked of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.screening.machine import machine

RESULTS = Path("benchmarks/results/money.json")
PAGE = Path("docs/reference/money-figures.md")
TESTS = Path(".zhida/benchmarks/money/tests.json")
_NOTHING = "| no part has been measured whole yet | | | | |\n"
_OPENING = """# Figures about money

Written by `make soak` from `benchmarks/results/money.json`. Machine: {machine}. PostgreSQL runs beside the program on
the same cores, from `.ci/postgres` (a fresh cluster without fsync). Everything random comes from the seed in its row;
the same seed draws the same again. "Load" is the machine's load average at the end of the part: above 2, others were at
work on the same two cores, and a time is longer than it would be alone.

| what | asked | seen | seed | when |
| --- | --- | --- | --- | --- |
"""
_CLOSING = """
A part that was cut off says how far it came, and goes on from there with `make soak`. `make soak SOAK="--only kills
--minutes 5"` gives one part five minutes, `SOAK="--again kills"` measures it anew; what was found is kept under
`.zhida/benchmarks/money`. What was measured with uncommitted changes is told, and never written here. Each submission
runs a part of all this in its tests: `make test` keeps what they saw in `.zhida/benchmarks/money/tests.json`, CI
(`CI=true`) in the JSON itself, and the next `make soak` takes it up. What the figures are for:
[why nobody is paid twice](../explanation/money.md), [proof that anyone can check](../explanation/proof.md).
"""
UNCOMMITTED = "+"
"""Ends the name of a commit that was measured with changes that are in none."""

Parts = Mapping[str, Mapping[str, Any]]
Row = tuple[str, str, str]


def write_report(parts: Parts) -> None:
    """Writes the JSON and the page, without what was measured with uncommitted changes: nobody could redo it."""
    committed = {part: found for part, found in parts.items() if is_committed(found)}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    kept = TESTS if TESTS.exists() else RESULTS
    tests = json.loads(kept.read_text("utf-8")).get("tests", {}) if kept.exists() else {}
    figures = _figures(committed) | {"tests": tests}
    RESULTS.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    table = "".join(f"| {' | '.join(row)} |\n" for row in _rows(committed)) or _NOTHING
    PAGE.write_text(_OPENING.format(machine=machine()) + table + _CLOSING, "utf-8")


def is_committed(found: Mapping[str, Any]) -> bool:
    """Whether a part was measured on commits alone."""
    commits = found.get("commits", [])
    return bool(commits) and not any(commit.endswith(UNCOMMITTED) for commit in commits)


def tell(parts: Parts) -> None:
    """Prints each row."""
    for row in _rows(parts):
        print(" | ".join(row))


def _figures(parts: Parts) -> dict[str, Any]:
    def of(part: str, name: str) -> Any:
        return parts.get(part, {}).get(name)

    doubles = [of(part, "doubles") for part in ("kills", "seeds") if part in parts]
    violations = [of(part, "violations") for part in ("conservation", "races") if part in parts]
    return {
        "machine": machine(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "kills": of("kills", "kills"),
        "doubles": sum(doubles) if doubles else None,
        "lost": of("kills", "lost"),
        "seeds": of("seeds", "seeds"),
        "postings": of("conservation", "postings"),
        "violations": sum(violations) if violations else None,
        "flips": of("tampering", "flips"),
        "located": of("tampering", "located"),
        "instant_per_s": of("instant", "instant_per_s"),
        "decision_p95_ms": of("instant", "decision_p95_ms"),
        "batch_per_s": of("batch", "batch_per_s"),
        "parts": parts,
    }


def _rows(parts: Parts) -> Iterator[tuple[str, str, str, str, str]]:
    for part, told in _TOLD.items():
        if found := parts.get(part):
            for what, asked, seen in told(found):
                unfinished = "" if found.get("is_whole") else " (not whole yet)"
                seed = str(found.get("seed", "")) if part not in _UNSEEDED else ""
                commits = ", ".join(found.get("commits", []))
                yield (
                    what,
                    asked,
                    f"{seen}{unfinished}",
                    seed,
                    f"{found['measured_on']}, {commits}, load {found['load']}",
                )


def _kills(found: Mapping[str, Any]) -> Iterator[Row]:
    flows = ", ".join(found["by_flow"])
    words = f"{found['kills']} kills of {flows}, at some of {sum(found['boundaries'].values())} boundaries"
    end = f"{found['doubles']} double, {found['lost']} lost, all final within {found['longest_restart_s']} s"
    yield "SIGKILL at the boundaries of the flows", "600: 0 double, 0 lost, final within 60 s", f"{words}: {end}"


def _deaths(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['deaths']} deaths, {found['acknowledged']:,} payments acknowledged, {len(found['wrong'])} wrong"
    yield "PostgreSQL killed in the middle of work, `fsync` on", "200: nothing acknowledged is missing", seen


def _seeds(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['seeds']:,} seeds, {found['faults']:,} faults, {found['kills']:,} kills: {found['doubles']} double"
    more = f"{found['resends']} resent, {len(found['wrong'])} wrong"
    yield "answers late, lost, repeated, forged, reordered", "10,000 seeds: 0 double, 0 resent", f"{seen}, {more}"


def _conservation(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['postings']:,} postings, {found['violations']} violations in {found['readings']:,} readings"
    more = f"{found['readings_per_s']} a second, {found['killed_writers']} writers killed"
    yield "conservation under load with faults, read 20 times a second", "1,000,000 postings: 0", f"{seen}, {more}"


def _races(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['budget_rounds']:,} and {found['benefit_rounds']:,} rounds, {found['violations']} violations"
    yield "races for the last unit, and for one benefit over all channels", "1,000 and 10,000 rounds: 0", seen


def _lives(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['lives']:,} lives of up to {found['steps_each']} steps, {found['divergences']} divergences"
    yield "lives of a line beside a small model", "20,000: 0", seen


def _reconciling(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['classified']:,} of {found['anomalies']:,} among {found['lines']:,} lines, {found['false']} false"
    words = f"{seen}, {found['moved']} moved, in {found['reconcile_s']} s"
    yield "anomalies named by reconciling", "1,000 in 100,000: all, 0 false, 0 moved without a person", words


def _tampering(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['flips']:,} flips: every bit of {found['rows_done']} rows, {found['drawn']:,} drawn in a large log"
    words = f"{seen}; {found['located']:,} found and located, {found['false_alarms']} false alarms"
    yield "bits turned in the log", "every one of 200 rows, 10,000 drawn: all found and located, 0 false", words


def _verifying(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['ratio']} x ({found['verify_s']} s, {found['hash_s']} s of hashing), {found['entries']:,} entries"
    yield "verifying 1,000,000 entries", "3 x of hashing them once", seen


def _mutants(found: Mapping[str, Any]) -> Iterator[Row]:
    plain = {
        name: value for name, value in found.items() if isinstance(value, int | float | str) and name not in _STAMP
    }
    yield "mutants of the code of money killed by its tests", "90 %", ", ".join(f"{k} {v}" for k, v in plain.items())


def _batch(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['batch_per_s']:,} a second, {found['batch_to_raw']} x the time of raw inserts of the same rows"
    yield "lines posted in batches", "2,000 a second", seen


def _instant(found: Mapping[str, Any]) -> Iterator[Row]:
    seen = f"{found['instant_per_s']} a second of {found['offered_per_s']} offered for {found['instant_s']} s"
    slow = f"p95 {found['instant_p95_ms']} ms, {found['instant_over_1s']:.2%} over 1 s"
    yield f"payment orders over {found['lines']} lines", "200 a second, 1 % over 1 s", f"{seen}; {slow}"
    one = f"{found['single_line_per_s']} a second, p95 {found['single_line_p95_ms']} ms"
    yield "payment orders on a single line", "told", f"{one}, {found['single_line_over_1s']:.2%} over 1 s"
    seen = f"p95 {found['decision_p95_ms']} ms, p50 {found['decision_p50_ms']} ms"
    yield "one claim decided, granted and instructed", "p95 200 ms", seen
    yield "whole claims by one worker, fifty together", "told", f"{found['claims_per_s']} a second"


def _soaking(found: Mapping[str, Any]) -> Iterator[Row]:
    at = f"{found['minutes']} minutes at {found['offered_per_s']} payments a second of {found['carried_per_s']} carried"
    drifts = [found["p99_ms"], *found["memory_mib"], found["connections"]]
    p99, ordering, carrying, held = (f"{first} to {last}" for first, last in drifts)
    seen = f"{at}, {found['faults']:,} faults: {found['settled']:,} settled, {found['violations']} violations"
    words = f"{seen}; slowest hundredth {p99} ms, memory {ordering} and {carrying} MiB, {held} connections"
    yield "a long time at 70 % with faults", "480 minutes: 0 violations, memory 5 %, slowest 10 %, 0 leaked", words


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Row]]] = {
    "kills": _kills,
    "deaths": _deaths,
    "seeds": _seeds,
    "conservation": _conservation,
    "races": _races,
    "lives": _lives,
    "reconciling": _reconciling,
    "tampering": _tampering,
    "verifying": _verifying,
    "instant": _instant,
    "batch": _batch,
    "soaking": _soaking,
    "mutants": _mutants,
}
_UNSEEDED = ("instant", "batch", "mutants", "lives")
_STAMP = ("load", "measured_on", "took_s", "share", "seed", "is_whole", "left")
