"""What came out, as JSON for machines, a table for people, a picture, and for the province the page in docs/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.screening.machine import load, machine, versions
from benchmarks.screening.peers import gives
from benchmarks.screening.picture import draw
from benchmarks.screening.scales import Scale

Parts = Mapping[str, Mapping[str, Any]]
PAGE = Path("docs/reference/benchmarks.md")
PICTURE = Path("docs/images/screening.svg")
_PEERS: Mapping[str, tuple[str, float]] = {
    "polars_all": ("Polars with our region slices, all outputs", 50),
    "polars_slices": ("Polars with our region slices, by region, answers only", 50),
    "polars_items": ("Polars with our region slices, item by item, answers only", 50),
    "polars": ("Polars over the whole table, answers only", 0),
    "duckdb_all": ("DuckDB with our row ranges, all outputs", 200),
    "duckdb": ("DuckDB with our row ranges, answers only", 200),
    "openfisca": ("OpenFisca-core, answers only", 700),
    "zen": ("zen-engine, per pair, answers only", 100_000),
    "cel": ("CEL in Rust, per pair, answers only", 100_000),
    "cel_python": ("CEL in Python, per pair, answers only", 100_000),
    "tree": ("Python tree walk, per pair, answers only", 0),
    "numpy": ("numpy, our plan and layout, all outputs", 5),
}
_NOTE = """Every peer is the released package of that version on the same data, in the best shape that we found: places
of trees as numbers in preorder, closed lists as numbers, one bit column for each word of a list, nothing left to parse.
It gets the columns for nothing, as ours gets its store.

**All outputs** is the job that ours does: of every item the rows surely and possibly entitled, the fen of each who is
surely entitled by the item's own formula, the items and amounts of every subject, and totals by item, region and
office; all of it compared with ours, to the fen. A peer makes its sets as row numbers, ours also packs them as Roaring
bytes. **Answers only** is less than ours does: a boolean for each pair, no sets, no lists by subject, no amounts, no
totals. What was asked of Polars and DuckDB is "full run, all outputs", so that the rows with all outputs are the ones
that it is read against; those with answers only stand beside them, since they are what a peer needs at the very least.

"Whole run" is measured where the share is 1; else it is extrapolated from that share of the work, taken evenly from
dear and cheap items (with all outputs: of a city an eighth of the items, so that the peer's sorts are shorter than they
would be). A peer on one core is given both cores as if it shared its work without loss. Engines that
are asked pair by pair have no index of regions; with ours they would be asked {reach:.0f} times less. "Sets equal"
means both sets, surely and possibly, of every item that was run, over everyone; with all outputs an item counts once in
each block of rows, with its amounts, and a list or total of the block that differs makes all of its items differ; for
engines per pair, every answer that was asked. "Ours beside it" is our whole run, with all outputs, in the same minutes,
before each round of the peer; ratios are of the best rounds.
"""
_AGAIN = """
## Measure it yourself

`make bench` measures 200,000 organisations × 2,000 items in about three minutes; `make bench SCALE=province` all of
this, in about an hour, and writes this page. Any size goes: `make bench SCALE=500000x4000`. What a part found is kept
under `.zhida/benchmarks/parts`, so a run that was cut off goes on. `BENCH=--again` begins anew,
`BENCH="--again polars"` measures one part anew, `BENCH="--only numpy,cel"` no others, and `BENCH="--limit 600"` gives
each part ten minutes. Figures for machines are in `benchmarks/results/screening.json`.

OpenFisca-core is AGPL, so it is none of our dependencies, not even here. It is measured where an interpreter that has
it is named, and runs there by itself:

    python3 -m venv /tmp/openfisca && /tmp/openfisca/bin/pip install OpenFisca-Core==46.0.1 pyarrow
    OPENFISCA=/tmp/openfisca/bin/python make bench
"""


def write_report(scale: Scale, parts: Parts, folder: Path) -> None:
    """Writes and prints what the parts found; a part that is missing is left out of the table, and null in the JSON."""
    if "full" not in parts:
        print("no whole run was measured: nothing to report")
        return
    folder.mkdir(parents=True, exist_ok=True)
    told = figures(scale, parts)
    (folder / "screening.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    page, picture = "".join(_page(told, parts)), draw(told, parts)
    (folder / "screening.md").write_text(page, "utf-8")
    (folder / "screening.svg").write_text(picture, "utf-8")
    if scale.name == "province":
        PICTURE.write_text(picture, "utf-8")
        PAGE.write_text(page.replace("(screening.svg)", "(../images/screening.svg)"), "utf-8")
    print(f"\n{page}\nwritten: {folder}/screening.json, .md, .svg")


def figures(scale: Scale, parts: Parts) -> dict[str, Any]:
    """The keys that others rely on, and under `details` everything that was measured."""
    trials = {name: parts[name] for name in _PEERS if name in parts}
    return {
        "subjects": scale.organisations,
        "items": scale.items,
        "full_s": parts["full"]["full_s"],
        "ratio": {name: trial["ratio"] for name, trial in trials.items()},
        "floor_ratio": parts["full"]["full_s"] / parts["full"]["floor"]["seconds"],
        "peak_gb": _figure(parts, "memory", "peak_gb"),
        "one_p99_ms": _figure(parts, "one", "ours", "p99_ms"),
        "new_item_p99_ms": _figure(parts, "new_item", "p99_ms"),
        "changed_1000_ms": _figure(parts, "changed", "p50_ms"),
        "gives": {name: gives(name) for name in trials},
        "equal": {name: trial["equal"] for name, trial in trials.items()},
        "machine": machine(),
        "versions": {**versions(), **{name: trial["version"] for name, trial in trials.items()}},
        "date": datetime.now(UTC).date().isoformat(),
        "growth": parts.get("growth"),
        "load": parts["full"].get("load", load()),
        "details": parts,
    }


def _figure(parts: Parts, *path: str) -> Any:
    found: Any = parts
    for name in path:
        found = found.get(name) if found is not None else None
    return found


def _page(told: Mapping[str, Any], parts: Parts) -> Iterator[str]:
    full = parts["full"]
    yield "# Screening, measured\n\n"
    yield f"{told['subjects']:,} organisations × {told['items']:,} items: **{full['full_s']:.3g} s** for "
    yield f"{full['pairs']:,} pairs ({full['pairs_in_reach']:,} of them where the item's region can be met), with all "
    yield f"outputs: {full['entitled']:,} entitled and {full['possible']:,} possible pairs as Roaring sets, lists by "
    yield "subject, amounts, totals by item, region and office. The data is made up from a seed.\n\n"
    yield f"{told['date']}, {told['machine']}; "
    yield ", ".join(f"{name} {number}" for name, number in told["versions"].items() if name not in _PEERS)
    yield f". Load in the last minute of the whole run: {told['load']:.1f}. Two threads. Made by `make bench"
    yield " SCALE=province`.\n\n" if told["subjects"] == 4_300_000 else "`.\n\n"
    yield "![whole runs and growth](screening.svg)\n\n## Against what was asked\n\n"
    yield "| what | asked at 4.3 M × 18,857 | here |\n| --- | --- | --- |\n"
    for row in _asked(told, parts):
        yield "| " + " | ".join(row) + " |\n"
    yield "\nBold is what falls short of what was asked.\n\n## Peers\n\n"
    yield "| peer | gives | shape | cores | measured | share | whole run | ours beside it | ratio | sets equal |\n"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    for name in _PEERS:
        if name in parts:
            yield _peer(parts[name], gives(name))
    yield "\n" + _NOTE.format(reach=full["pairs"] / full["pairs_in_reach"])
    missing = [label for name, (label, _) in _PEERS.items() if name not in parts]
    yield f"\nNot measured in this run: {', '.join(missing)}.\n" if missing else ""
    yield from _differences(parts)
    yield _AGAIN


def _asked(told: Mapping[str, Any], parts: Parts) -> Iterator[tuple[str, str, str]]:
    """What was asked, and what is here; in bold where that falls short."""
    for name, (label, least) in _PEERS.items():
        if name in told["ratio"]:
            yield f"whole run against {label}", *_beside(told["ratio"][name], least, "×", is_least=True)
    yield "whole run against the floor of the memory", *_beside(told["floor_ratio"], 60, "×")
    ways, one = parts.get("ways_in"), parts.get("one")
    if ways:
        yield "from Parquet to results, against matching", *_beside(ways["from_parquet_s"] / told["full_s"], 10, "×")
        yield "from a kept store, against matching", *_beside(ways["from_store_s"] / told["full_s"], 3, "×")
    if one:
        yield "one subject × all items, p99", *_beside(one["ours"]["p99_ms"], 5, "ms")
        yield "the same against a tree walk, p99", *_beside(one["times_faster_p99"], 30, "×", is_least=True)
        yield "the same against the reference engine", *_beside(one["reference_ms"] / one["ours"]["p50_ms"], 0, "×")
    if told["new_item_p99_ms"] is not None:
        yield "one new item × everyone, p99", *_beside(told["new_item_p99_ms"], 60, "ms")
    if told["changed_1000_ms"] is not None:
        yield "1,000 changed subjects × all items, p50", *_beside(told["changed_1000_ms"], 150, "ms")
        yield "the same, p99", *_beside(parts["changed"]["p99_ms"], 0, "ms")
    if told["peak_gb"] is not None:
        yield "peak memory of the whole run", *_beside(told["peak_gb"], 4, "GB")
    if told["growth"]:
        for kind, apart in told["growth"]["off_line"].items():
            yield f"growth with {kind}: off a straight line by", *_beside(apart * 100, 20, "%")


def _beside(here: float, asked: float, unit: str, *, is_least: bool = False) -> tuple[str, str]:
    """A figure beside the most (or least) that was asked; 0: nothing was."""
    is_short = asked > 0 and (here < asked if is_least else here > asked)
    shown = f"{here:,.0f} {unit}" if here >= 1000 else f"{here:.3g} {unit}"
    limit = f"{'at least' if is_least else 'at most'} {asked:,.0f} {unit}" if asked else ""
    return limit, f"**{shown}**" if is_short else shown


def _peer(trial: Mapping[str, Any], given: str) -> str:
    share = "1" if trial["share"] >= 1 else f"{trial['share']:.2g}"
    whole = _long(trial["full_s"]) + ("" if trial["share"] >= 1 else " (extrapolated)")
    equal = f"yes ({trial['compared']:,})" if trial["equal"] else f"**no**: {trial['wrong']:,} of {trial['compared']:,}"
    named = f"{trial['peer']} {trial['version']}, {trial['licence']}"
    cells = (named, given, trial["shape"], str(trial["cores"]))
    times = (f"{trial['measured_s']:.3g} s", share, whole, f"{trial['ours_s']:.3g} s", f"{trial['ratio']:,.3g} ×")
    return "| " + " | ".join((*cells, *times, equal)) + " |\n"


def _differences(parts: Parts) -> Iterator[str]:
    wrong = [parts[name] for name in _PEERS if name in parts and not parts[name]["equal"]]
    if wrong:
        yield "\n## Where a peer differs\n\n"
    for trial in wrong:
        yield f"- {trial['case']}\n"


def _long(seconds: float) -> str:
    """Seconds in the unit that a person would use."""
    for size, unit in ((86_400 * 365, "years"), (86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
