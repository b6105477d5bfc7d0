"""Regular expressions of XPath (XML Schema's, with anchors, back-references and flags) as Python's."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

_FLAGS = frozenset("smixq")
_SINGLE = {"n": r"\n", "r": r"\r", "t": r"\t"}
_LITERAL = frozenset(r"\|.?*+(){}-[]^$")
_NAME_START = "A-Z_a-z:\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D"
_NAME_START += "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\U00010000-\\U000EFFFF"
_SETS = {
    "d": r"\d",
    "w": r"\w",
    "s": r" \t\n\r",
    "i": _NAME_START,
    "c": _NAME_START + "\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040",
}
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "GreekandCoptic": (0x370, 0x3FF),
    "Greek": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??")


class Malformed(Exception):
    """The pattern is none of XPath's."""


def compiled(pattern: str, flags: str) -> re.Pattern[str] | None:
    """The pattern, or None where it or its flags are malformed."""
    if not set(flags) <= _FLAGS:
        return None
    options = re.IGNORECASE if "i" in flags else re.NOFLAG
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    try:
        return re.compile(_Translator(pattern, flags).whole(), options)
    except (Malformed, re.error, IndexError):
        return None


class _Translator:
    """One pattern, read once from left to right."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = _without_spaces(pattern) if "x" in flags else pattern
        self.flags = flags
        self.position = 0
        self.opened = 0
        self.closed: set[int] = set()
        self.waiting: list[int] = []

    @property
    def sign(self) -> str:
        return self.pattern[self.position]

    def take(self) -> str:
        self.position += 1
        return self.pattern[self.position - 1]

    def whole(self) -> str:
        found = ""
        while self.position < len(self.pattern):
            atom, is_repeatable = self.atom()
            found += atom
            repeated = _QUANTIFIER.match(self.pattern, self.position)
            if repeated and not is_repeatable:
                raise Malformed
            if repeated:
                found += repeated.group()
                self.position = repeated.end()
        return found

    def atom(self) -> tuple[str, bool]:
        """The next part, and whether a quantifier may follow it."""
        sign = self.take()
        if sign in "()|":
            return self.grouping(sign)
        if sign == "[":
            return self.character_class(), True
        if sign in "*+?{}]":
            raise Malformed
        if sign == "\\":
            return self.escape(), True
        if sign in "^$":
            return self.anchor(sign), True
        if sign == ".":
            return (r"(?s:.)" if "s" in self.flags else r"[^\n\r]"), True
        return re.escape(sign), True

    def grouping(self, sign: str) -> tuple[str, bool]:
        if sign == "|":
            return "|", False
        if sign == ")":
            if not self.waiting:
                raise Malformed
            self.closed.add(self.waiting.pop())
            return ")", True
        if self.pattern.startswith("?:", self.position):
            self.position += 2
            self.waiting.append(0)
            return "(?:", False
        self.opened += 1
        self.waiting.append(self.opened)
        return "(", False

    def anchor(self, sign: str) -> str:
        if "m" not in self.flags:
            return r"\A" if sign == "^" else r"\Z"
        return r"(?:\A|(?<=\n)(?!\Z))" if sign == "^" else r"(?=\n|\Z)"

    def escape(self) -> str:
        sign = self.take()
        if sign.isdigit():
            return self.back_reference(sign)
        if sign in _SINGLE or sign in _LITERAL:
            return _SINGLE.get(sign, re.escape(sign))
        members, is_outside = self.named_set(sign)
        return f"[{'^' if is_outside else ''}{members}]"

    def back_reference(self, digits: str) -> str:
        while self.position < len(self.pattern) and self.sign.isdigit() and int(digits + self.sign) in self.closed:
            digits += self.take()
        if int(digits) not in self.closed:
            raise Malformed
        return rf"(?:\{digits})"

    def named_set(self, sign: str) -> tuple[str, bool]:
        """The characters of an escape such as `\\d` or `\\p{L}`, and whether all others are meant."""
        if sign in "pP":
            end = self.pattern.index("}", self.position) if "}" in self.pattern[self.position :] else -1
            if self.take() != "{" or end < 0:
                raise Malformed
            name, self.position = self.pattern[self.position : end], end + 1
            return _property(name), sign == "P"
        if sign.lower() not in _SETS:
            raise Malformed
        return _SETS[sign.lower()], sign.isupper()

    def character_class(self) -> str:
        """What stands in brackets; a class taken away from it becomes a look ahead."""
        is_outside = self.sign == "^"
        self.position += is_outside
        parts: list[str] = []
        without = ""
        begin = self.position
        while self.sign != "]" or self.position == begin:
            if self.sign == "]":
                raise Malformed
            if self.pattern.startswith("-[", self.position):
                self.position += 2
                without = f"(?!{self.character_class()})"
                if self.sign != "]":
                    raise Malformed
                break
            parts.append(self.class_part())
        self.position += 1
        return f"{without}{_joined(parts, is_outside)}"

    def class_part(self) -> str:
        sign = self.take()
        if sign == "[":
            raise Malformed
        if sign != "\\":
            return sign if sign == "-" else re.escape(sign)
        escaped = self.take()
        if escaped in _SINGLE or escaped in _LITERAL:
            return _SINGLE.get(escaped, "\\" + escaped)
        members, is_outside = self.named_set(escaped)
        return "^" + members if is_outside else members


def _joined(parts: list[str], is_outside: bool) -> str:
    """A class of characters; a part that means all others, such as `\\D`, is a class of its own."""
    plain = "".join(part for part in parts if not part.startswith("^"))
    choices = [f"[{plain}]"] if plain else []
    choices += [f"[{part}]" for part in parts if part.startswith("^")]
    if not is_outside:
        return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
    return f"(?!{'|'.join(choices)})(?s:.)"


def _without_spaces(pattern: str) -> str:
    """The pattern without white space outside of brackets (flag x)."""
    kept, depth, position = "", 0, 0
    while position < len(pattern):
        sign = pattern[position]
        depth += (sign == "[") - (sign == "]")
        if sign == "\\" and depth:
            kept += pattern[position : position + 2]
            position += 2
            continue
        if depth or sign not in " \t\n\r":
            kept += sign
        position += 1
    return kept


@cache
def _property(name: str) -> str:
    """The characters of a Unicode category such as L or Lu, or of a block such as IsBasicLatin."""
    if name.startswith("Is"):
        if name[2:] not in _BLOCKS:
            raise Malformed
        first, last = _BLOCKS[name[2:]]
        return f"{re.escape(chr(first))}-{re.escape(chr(last))}"
    spans: list[list[int]] = []
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)).startswith(name):
            if spans and spans[-1][1] == point - 1:
                spans[-1][1] = point
            else:
                spans.append([point, point])
    if not spans or not 1 <= len(name) <= 2:
        raise Malformed
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in spans)
