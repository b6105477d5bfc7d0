"""Places and industries in words as codes of the dictionary: 本市, 我区, 某市某区; an industry by name, 行业代码51."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhida.domain.values import CodeTree

UNKNOWN_PLACE = '"?"'
"""What stands in FEEL for a place that is named but not known: 本市 in a text of which nobody said whose it is."""
_OWN = re.compile(r"^(?:[本我全](?P<level>省|市|区|县)|(?P<bare>区)内)")
_OWN_WORDS = re.compile(r"[本我全][省市区县]|区内")
_LONGEST = 20
_TAIL = re.compile(r"^(?:行政区域|行政区|辖区|区域|范围)?(?:内|范围内)?")
_LEVELS = {"省": 2, "市": 4, "区": 6, "县": 6}
_CODED = re.compile(r"(?:行业)?代码(?:〔[^〕]*〕)?\s*(\d{2,4})")
_SPLIT = re.compile(r"[、和及与，]|以及")
_GROUPS = {
    "工业": ("B", "C", "D"),
    "住宿餐饮": ("61", "62"),
    "餐饮住宿": ("61", "62"),
    "批发零售": ("51", "52"),
    "批发": ("51",),
    "零售": ("52",),
}
_ENDS = re.compile(r"(?:类|行业)?(?:企业|单位)?$")


@dataclass(frozen=True)
class Places:
    """The tree of divisions, and the division whose own text is read ("" where nobody knows it)."""

    tree: CodeTree | None
    own: str
    _known: dict[str, dict[str, list[str]]] = field(default_factory=dict, compare=False, repr=False)

    def at_start(self, words: str) -> tuple[str, int]:
        """The code of the place that words begin with and how many characters name it; "" and 0 where none does, "?"
        for a place that is named but not known."""
        own = _OWN.match(words)
        if own:
            code = self._own(own.group("level") or own.group("bare"))
            return code or "?", own.end() - (1 if own.group("bare") else 0)
        code, length = "", 0
        while self.tree is not None:
            names = self._below(code)
            heads = (words[length : length + size] for size in range(min(_LONGEST, len(words) - length), 1, -1))
            longest = next((head for head in heads if head in names), "")
            if not longest:
                break
            found = names[longest]
            if len(found) != 1:
                return "?", length + len(longest)
            code, length = found[0], length + len(longest)
        return code, length

    def _own(self, level: str) -> str:
        """The own division at a level: itself, or the one above it that stands there (GB/T 2260: 2, 4, 6 digits)."""
        digits = _LEVELS[level]
        line = [self.own, *(self.tree.ancestors(self.own) if self.tree and self.own else ())]
        return next((code for code in line if code and len(code.rstrip("0") or "0") in (digits, digits - 1)), "")

    def _below(self, code: str) -> dict[str, list[str]]:
        """Names to codes, of all below a division (of all for ""), told once."""
        if code not in self._known and self.tree is not None:
            found: dict[str, list[str]] = {}
            for each, name in self.tree.names.items():
                if not code or code in self.tree.ancestors(each):
                    found.setdefault(name, []).append(each)
            self._known[code] = found
        return self._known.get(code, {})


def own_place_in(words: str) -> str:
    """How words call the place whose own text they are of, 本市; "" where they do not."""
    match = _OWN_WORDS.search(words)
    return match.group(0) if match else ""


def tail_length(words: str) -> int:
    """How many characters at the start of words close a place: 行政区域内, 范围内."""
    match = _TAIL.match(words)
    return match.end() if match else 0


def industries_in(words: str, tree: CodeTree | None) -> tuple[str, ...]:
    """The codes of the industries that a list names, all of them; () where one is no industry of the tree."""
    if tree is None:
        return ()
    coded = tuple(dict.fromkeys(_CODED.findall(words)))
    if coded:
        return coded if all(code in tree for code in coded) else ()
    whole = _named(_ENDS.sub("", words.strip()), tree)
    if whole:
        return whole
    for pieces in _partings(words):
        codes = [_named(_ENDS.sub("", piece), tree) for piece in pieces]
        if all(codes):
            return tuple(code for each in codes for code in each)
    return ()


def _partings(words: str) -> list[list[str]]:
    """The ways to part a list whose names hold commas themselves: greedily, the longest names first."""
    parts = [each for each in re.split(r"、", words) if each]
    found, piece = [parts], [each for each in _SPLIT.split(words) if each]
    for size in (3, 2):
        joined: list[str] = []
        at = 0
        while at < len(parts):
            chunk = "、".join(parts[at : at + size])
            is_name = size <= len(parts) - at and "和" in parts[at + size - 1]
            joined.append(chunk if is_name else parts[at])
            at += size if is_name else 1
        found.append(joined)
    return [*found, piece]


def _named(name: str, tree: CodeTree) -> tuple[str, ...]:
    bare = name.removesuffix("业")
    if bare in _GROUPS or name in _GROUPS:
        codes = _GROUPS.get(name) or _GROUPS[bare]
        return codes if all(code in tree for code in codes) else ()
    exact = [code for code, title in tree.names.items() if title in (name, f"{name}业")]
    return (min(exact, key=lambda code: (len(code), code)),) if exact else ()
