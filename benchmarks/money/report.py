"""What the parts found: one JSON for machines, and a page that sets each figure beside what was asked of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.screening.machine import machine

RESULTS = Path("benchmarks/results/money.json")
PAGE = Path("docs/reference/money-figures.md")
_OPENING = """# Figures about money

Measured by `make soak` on {on}: {machine}. PostgreSQL runs beside the program on the same cores, from `.ci/postgres`
(a fresh cluster without fsync). Everything random comes from the seeds named here; the same seed draws the same again.

| what | asked | seen |
| --- | --- | --- |
"""
_CLOSING = """
A run that was stopped early says so in its counts. `make soak SOAK="--only kills --minutes 5"` gives one part five
minutes, `SOAK="--again kills"` measures it anew; parts are kept under `.zhida/benchmarks/money`. Figures for machines
are in `benchmarks/results/money.json`. Each submission runs a part of all this in its tests.
"""
Parts = Mapping[str, Mapping[str, Any]]


def write_report(parts: Parts, *, is_whole: bool) -> None:
    """Writes the JSON, prints the rows, and writes the page where the run was to be whole."""
    rows = list(_rows(parts))
    for what, asked, seen in rows:
        print(f"{what} | {asked} | {seen}")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    figures = _figures(parts) | {"tests": before.get("tests", {})}
    RESULTS.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if is_whole and rows:
        table = "".join(f"| {what} | {asked} | {seen} |\n" for what, asked, seen in rows)
        opening = _OPENING.format(on=datetime.now(UTC).date(), machine=machine())
        PAGE.write_text(opening + table + _CLOSING, "utf-8")


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


def _rows(parts: Parts) -> Iterator[tuple[str, str, str]]:
    if found := parts.get("kills"):
        words = f"{found['kills']} kills, {found['doubles']} double, {found['lost']} lost"
        end = f"all final within {found['longest_restart_s']} s of the restart, seed {found['seed']}"
        yield "SIGKILL at the boundaries of six flows", "600: 0 double, 0 lost, final within 60 s", f"{words}; {end}"
    if found := parts.get("seeds"):
        seen = f"{found['seeds']:,} seeds from {found['first_seed']}: {found['doubles']} double"
        more = f"{found['resends']} resent, {len(found['wrong'])} wrong"
        yield "answers late, lost, repeated, forged, reordered", "10,000 seeds: 0 double, 0 resent", f"{seen}, {more}"
    if found := parts.get("conservation"):
        seen = f"{found['postings']:,} postings, {found['violations']} violations"
        more = f"{found['readings']:,} readings, {found['readings_per_s']} a second, {found['killed_writers']} writers"
        yield "conservation under load with faults", "1,000,000 postings: 0", f"{seen} in {more} killed"
    if found := parts.get("races"):
        seen = f"{found['budget_rounds']:,} and {found['benefit_rounds']:,} rounds, {found['violations']} violations"
        yield "races for the last unit, for one benefit", "1,000 and 10,000 rounds: 0", f"{seen}, seed {found['seed']}"
    if found := parts.get("instant"):
        yield from _instant(found)
    if found := parts.get("batch"):
        seen = f"{found['batch_per_s']:,} a second, {found['batch_to_raw']} x the time of raw inserts of the same rows"
        yield "lines posted in batches", "2,000 a second", seen
    for part in ("lives", "reconciling", "tampering", "verifying", "mutants"):
        if found := parts.get(part):
            plain = {name: value for name, value in found.items() if isinstance(value, int | float | str)}
            yield part, "", ", ".join(f"{name} {value}" for name, value in plain.items())


def _instant(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    seen = f"{found['instant_per_s']} a second of {found['offered_per_s']} offered for {found['instant_s']} s"
    slow = f"p95 {found['instant_p95_ms']} ms, {found['instant_over_1s']:.2%} over 1 s"
    yield f"payment orders over {found['lines']} lines", "200 a second, 1 % over 1 s", f"{seen}; {slow}"
    one = f"{found['single_line_per_s']} a second, p95 {found['single_line_p95_ms']} ms"
    yield "payment orders on a single line", "told", f"{one}, {found['single_line_over_1s']:.2%} over 1 s"
    seen = f"p95 {found['decision_p95_ms']} ms, p50 {found['decision_p50_ms']} ms"
    yield "one claim decided, granted and instructed", "p95 200 ms", seen
    yield "whole claims by one worker, fifty together", "told", f"{found['claims_per_s']} a second"
