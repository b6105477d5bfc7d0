"""Division codes as a source writes them: valid today, known by a later code, or out of date."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhida.domain.errors import AuthorError, Problem

MAPPED = "place_mapped"
OUTDATED = "place_outdated"
MALFORMED = "place_malformed"
BY_NAME = "place_by_name"
_SHAPE = re.compile(r"^\d{6}(\d{3})?$")


@dataclass(frozen=True)
class PlaceBook:
    """`names`: every code in force and its name. `history`: a code out of force and the code that holds its place now.

    A successor is at most as precise as what it succeeds; a place that was split is followed by what holds its parts.
    """

    names: Mapping[str, str]
    history: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, code: str, province: str = "") -> tuple[str, str]:
        """The code in force, "" where nobody knows, and the flag of a doubt, "" where there is none.

        A code out of force that the history does not know is told only by its province: two digits outlive every
        change below, and a wrong city would be a false answer. Without a code, `province` may name it in words.
        """
        if code in self.names:
            return code, ""
        if not code:
            found = self._called(province) if province else ""
            return found, BY_NAME if found else ""
        if not _SHAPE.match(code):
            return "", MALFORMED
        followed = self._follow(code)
        if followed:
            return followed, MAPPED
        above = f"{code[:2]}0000"
        return (above, OUTDATED) if above in self.names else ("", OUTDATED)

    def _follow(self, code: str) -> str:
        seen = set()
        while code in self.history and code not in seen:
            seen.add(code)
            code = self.history[code]
        return code if seen and code in self.names else ""

    def _called(self, province: str) -> str:
        found = [code for code, name in self.names.items() if code.endswith("0000") and name.startswith(province)]
        return found[0] if len(found) == 1 else ""


def read_places(lists: Iterable[tuple[str, bytes]], history: tuple[str, bytes] | None) -> PlaceBook:
    """A book from CSV lists (`code`, `name`; codes of 2, 4 and 6 digits are padded to 6) and a history (`code`,
    `successor`). Lines that begin with # are remarks. Raises AuthorError with every problem found."""
    problems: list[Problem] = []
    names: dict[str, str] = {}
    for file, content in lists:
        for code, name in _pairs(file, content, ("code", "name"), problems):
            names[code.ljust(6, "0")] = name
    later: dict[str, str] = {}
    for code, successor in _pairs(*history, ("code", "successor"), problems) if history else ():
        later[code] = successor
        if successor not in names and successor not in later:
            words = f"{code} is followed by {successor}, which is not in force"
            problems.append(
                Problem(history[0] if history else "", 0, 0, "unknown_successor", words, "name one in force")
            )
    if problems:
        raise AuthorError(problems)
    return PlaceBook(names, later)


def _pairs(file: str, content: bytes, columns: tuple[str, str], problems: list[Problem]) -> Iterable[tuple[str, str]]:
    lines = [line for line in content.decode("utf-8-sig").splitlines() if not line.startswith("#")]
    reader = csv.DictReader(lines)
    missing = set(columns) - set(reader.fieldnames or ())
    if missing:
        problems.append(Problem(file, 1, 0, "no_column", f"no column {', '.join(sorted(missing))}", "name the columns"))
        return []
    return [(row[columns[0]].strip(), row[columns[1]].strip()) for row in reader]
