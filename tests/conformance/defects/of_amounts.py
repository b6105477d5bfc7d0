"""Slips in amounts: formulas without their cap or guard, tables with rows astray, figures the text does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.conformance.defects.planting import Defect, Files, rule_lines


def amounts(code: str, change: Callable[[str], str]) -> Callable[[Files], Iterator[Defect]]:
    """The formula of every amount that an item pays, changed."""

    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in rule_lines(files):
            match = re.match(r"(\s+is: )(?:'(.*)'|([^'{]*))$", line)
            named = re.search(r"amount: ([a-z_]+)", files[f"{pack}/items.yaml"])
            above = files[path].splitlines()[number - 2].strip()
            if match and named and above == f"{named[1]}:":
                formula = change(match[2] or match[3])
                if formula:
                    yield Defect(code, pack, ((path, line, f"{match[1]}'{formula}'"),), path, number)

    return sites


def uncapped(formula: str) -> str:
    """A formula with the constant or parameter that caps it ten times as high, or twice."""
    for cap in ("50000000", "30000000", "parameters.most_fen"):
        if f", {cap}" in formula:
            return formula.replace(f", {cap}", f", {cap} * 10", 1)
    return ""


def unguarded(formula: str) -> str:
    if not formula.startswith("max(0, "):
        return ""
    return formula[len("max(0, ") : -1]


def second_cap(formula: str) -> str:
    match = re.search(r", (\d{7,})\)", formula)
    return formula.replace(match[0], f", {match[1]}, {int(match[1]) + 10_000_000})", 1) if match else ""


def more_rows(files: Files) -> Iterator[Defect]:
    """Two rungs of a ladder the wrong way round, and a whole table read row by row with one row twice."""
    path = "yunze/trade-growth-award/rules.yaml"
    rows = [line for line in files[path].splitlines() if 'growth: ">=' in line]
    for upper, lower in ((0, 1), (1, 2), (3, 4), (4, 5)):
        old = f"{rows[upper]}\n{rows[lower]}"
        line = files[path][: files[path].index(old)].count("\n") + 2
        yield Defect(
            "row_never_taken", "yunze/trade-growth-award", ((path, old, f"{rows[lower]}\n{rows[upper]}"),), path, line
        )
    for pack, row in (
        ("mingzhou/job-retention-refund", "      - {enterprise_size: [medium, small, micro], gives: 0.60}"),
        ("yunze/platform-award", "      - {innovation_platform_level: city, gives: 50000000}"),
    ):
        path = f"{pack}/rules.yaml"
        line = files[path][: files[path].index(row)].count("\n") + 2
        hit = re.search(r"    hit: unique.*", files[path])
        assert hit
        yield Defect(
            "row_never_taken", pack, ((path, row, f"{row}\n{row}"), (path, hit[0], "    hit: first")), path, line
        )


def bands(code: str, *edits: tuple[str, str]) -> Callable[[Files], Iterator[Defect]]:
    """The bands of a table that the language does not hold to be whole, one bound moved; told at the later band."""

    def sites(files: Files) -> Iterator[Defect]:
        path = "mingzhou/age-allowance/rules.yaml"
        last = files[path].index('"[90..99]"')
        for old, new in edits:
            yield Defect(
                code,
                "mingzhou/age-allowance",
                ((path, old, new), (path, "hit: unique", "hit: first")),
                path,
                files[path][:last].count("\n") + 1,
            )

    return sites


def figures_of_parameters(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in rule_lines(files, "parameters.yaml"):
        match = re.search(r"value: (\d{4,})", line)
        if match:
            yield Defect(
                "figure_not_in_text", pack, ((path, line, line.replace(match[1], match[1][:-2])),), path, number
            )


def figures_of_tables(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in rule_lines(files):
        match = re.search(r"gives: (\d{3,})\}", line)
        if match:
            yield Defect(
                "figure_not_in_text",
                pack,
                ((path, line, line.replace(f"{match[1]}}}", f"{match[1][:-1]}5}}")),),
                path,
                number,
            )
