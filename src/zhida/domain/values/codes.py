"""Codes in a tree (divisions of GB/T 2260, industries of GB/T 4754): is one within another, or do we not know?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zhida.domain.errors import InvariantBroken


@dataclass(frozen=True)
class CodeTree:
    """Every code's parent ("" for a root) and its name. Prefixes are not trusted: zones and sections break them.

    `english` names those codes that have an English name.
    """

    name: str
    parents: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code in self.parents:
            seen = {code}
            for ancestor in self._climb(code):
                if ancestor in seen:
                    raise InvariantBroken("code_cycle", f"{self.name}: {code} is its own ancestor")
                seen.add(ancestor)

    def _climb(self, code: str) -> Iterator[str]:
        parent = self.parents.get(code, "")
        while parent:
            yield parent
            parent = self.parents.get(parent, "")

    def named(self, code: str, lang: str = "zh") -> str:
        """What a code is called: in Chinese where it has no English name, by itself where it has none at all."""
        english = self.english.get(code, "") if lang == "en" else ""
        return english or self.names.get(code, code)

    def __contains__(self, code: str) -> bool:
        return code in self.parents

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above, nearest first; empty for a root or a code that is not in the tree."""
        return tuple(self._climb(code))

    def within(self, code: str, place: str) -> bool | None:
        """Kleene: True at or below `place`; None where `code` is an ancestor of it, so less precise; else False.

        A code that the tree does not hold is unknown, never false.
        """
        if code == place:
            return True
        if code not in self.parents or place not in self.parents:
            return None
        if place in self._climb(code):
            return True
        return None if code in self._climb(place) else False
