"""Slips in conditions: comparisons that contradict, weaken, turn or miss the text, and years that are not over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.conformance.defects.planting import Defect, Files, rule_lines

_COMPARED = re.compile(
    r"(?P<fact>[a-z_][a-z_.]*(?:\(year - 1\))?) (?P<sign>>=|<=|>|<) (?P<bound>\d+(?:\.\d+)?)(?![\d.])"
)


def _comparisons(files: Files) -> Iterator[tuple[str, str, int, str, re.Match[str]]]:
    """Every comparison of a fact with a number in a computed condition."""
    for pack, path, number, line in rule_lines(files):
        if "when:" in line:
            for match in _COMPARED.finditer(line):
                yield pack, path, number, line, match


def _at(match: re.Match[str], line: str, new: str) -> str:
    return line[: match.start()] + new + line[match.end() :]


def compared(
    code: str, change: Callable[[str, str, str], str], *, alone: bool = False
) -> Callable[[Files], Iterator[Defect]]:
    """A comparison changed; with `alone`, only where it is all of its condition."""

    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line, match in _comparisons(files):
            new = change(match["fact"], match["sign"], match["bound"])
            is_alone = line[: match.start()].endswith("{kind: computed, when: ") and line[match.end()] == ","
            is_alone = is_alone and match["fact"] != "growth"  # which can be below zero
            if new and (is_alone or not alone):
                yield Defect(code, pack, ((path, line, _at(match, line, new)),), path, number)

    return sites


def contradicted(fact: str, sign: str, bound: str) -> str:
    opposite = {">=": "<", "<=": ">", ">": "<=", "<": ">="}[sign]
    return f"{fact} {sign} {bound} and {fact} {opposite} {bound}"


def far_apart(fact: str, sign: str, bound: str) -> str:
    half = f"{float(bound) / 2:g}" if "." in bound else str(int(bound) // 2)
    return f"{fact} {sign} {bound} and {fact} * 2 < {half}" if sign in (">=", ">") and half != "0" else ""


def weaker(fact: str, sign: str, bound: str) -> str:
    half = f"{float(bound) / 2:g}" if "." in bound else str(int(bound) // 2)
    return f"{fact} {sign} {bound} and {fact} {sign} {half}" if sign in (">=", ">") and half != "0" else ""


def other_figure(factor: int) -> Callable[[str, str, str], str]:
    def change(fact: str, sign: str, bound: str) -> str:
        return f"{fact} {sign} {int(bound) * factor}" if "." not in bound and bound != "0" else ""

    return change


def off_by_one(fact: str, sign: str, bound: str) -> str:
    return f"{fact} {sign} {int(bound) + 1}" if "." not in bound and bound != "0" else ""


OTHER_SIDE = {">=": ">", "<=": "<", ">": ">=", "<": "<="}


TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}


def booleans_contradict(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in rule_lines(files):
        match = re.search(r"when: '?not\(([a-z_]+)\)", line)
        if match:
            new = line.replace(f"not({match[1]})", f"not({match[1]}) and {match[1]}", 1)
            yield Defect("never_true", pack, ((path, line, new),), path, number)


def booleans_refuse_nobody(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in rule_lines(files):
        match = re.search(r"when: not\(([a-z_]+)\)(?=[,}]|$)", line)
        if match:
            new = line.replace(f"not({match[1]})", f"not({match[1]}) or {match[1]}", 1)
            yield Defect("always_true", pack, ((path, line, new),), path, number)


def years(later: str) -> Callable[[Files], Iterator[Defect]]:
    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in rule_lines(files):
            if "(year - 1)" in line and "/" not in line:
                new = line.replace("(year - 1)", later, 1)
                yield Defect("period_not_over", pack, ((path, line, new),), path, number)

    return sites
