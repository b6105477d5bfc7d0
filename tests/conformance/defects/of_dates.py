"""Slips in dates: validity, windows, instalments and parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.conformance.defects.planting import Defect, Files, rule_lines


def valid(code: str, change: Callable[[str, str, str], str], key: str = "valid") -> Callable[[Files], Iterator[Defect]]:
    """The validity of every pack, changed by (from, to, issued on)."""

    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in rule_lines(files, "pack.yaml"):
            match = re.match(r"valid: \{from: (\S+), to: (\S+)\}", line)
            issued = re.search(r"issued_on: (\S+)", files[path])
            if match and issued:
                new = change(match[1], match[2], issued[1])
                told = number if key == "valid" else files[path][: files[path].index("issued_on")].count("\n") + 1
                yield Defect(code, pack, ((path, line, new),), path, told)

    return sites


def windows(code: str, change: Callable[[str, str], str]) -> Callable[[Files], Iterator[Defect]]:
    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in rule_lines(files, "items.yaml"):
            match = re.match(r"  window: \{from: ([0-9-]+), to: ([0-9-]+)", line)
            if match:
                yield Defect(
                    code, pack, ((path, line, line.replace(match[0], change(match[1], match[2]))),), path, number
                )

    return sites


def schedules(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in rule_lines(files, "items.yaml"):
        if line.startswith("  once_per: [[subject, ") and "schedule:" in files[path]:
            yield Defect("instalments_blocked", pack, ((path, line, "  once_per: [[subject, life]]"),), path, number)


def parameters(code: str, old: str, new: str, *, twice: bool = False) -> Callable[[Files], Iterator[Defect]]:
    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, _, line in rule_lines(files, "parameters.yaml"):
            is_only = files[path].count("- {") == 1
            if old in line and (is_only or twice) and line.lstrip().startswith("- {"):
                changed = f"{line}\n{line.replace(old, new)}" if twice else line.replace(old, new)
                yield Defect(code, pack, ((path, line, changed),), path)

    return sites
