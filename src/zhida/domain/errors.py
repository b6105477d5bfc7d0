"""Every error Zhida raises, in one tree, grouped by who can mend it.

ZhidaError
├── AuthorError       pack authors: a list of Problems, each with file, line, clause and hint
├── ApplicantError    the person: a field and plain words in both languages
├── AccessError       whoever grants access: who may not do what, whose consent is missing
├── ConflictError     nobody, look again: the world moved (stale version, already decided, already paid)
├── OutsideError      the other side: the treasury, a bank, a message gate
│   ├── RetryableOutside   the same call may succeed later
│   │   └── StillWaiting   and is tried for as long as it takes: held is not failed
│   └── FinalOutside       it will not
└── InvariantBroken   us: stop, write nothing

A refusal of a claim is a Decision, never an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class ZhidaError(Exception):
    """The root. `code` is stable and documented, `hint` says who can mend it and how."""

    def __init__(self, code: str, words: str, hint: str = "") -> None:
        super().__init__(f"{code}: {words}" + (f" ({hint})" if hint else ""))
        self.code = code
        self.words = words
        self.hint = hint


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a pack: where it stands (1-based line and column) and how its author mends it."""

    file: str
    line: int
    column: int
    code: str
    words: str
    hint: str = ""
    clause: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        clause = f" 〔{self.clause}〕" if self.clause else ""
        hint = f"\n    → {self.hint}" if self.hint else ""
        return f"{place}: {self.code}: {self.words}{clause}{hint}"


class AuthorError(ZhidaError):
    """Pack authors mend it. Carries every problem found, sorted by place, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        words = "\n".join(str(problem) for problem in self.problems)
        super().__init__("problems_found", f"{len(self.problems)} problem(s)\n{words}")


class ApplicantError(ZhidaError):
    """The person mends it: which field, in plain Chinese and English."""

    def __init__(self, code: str, *, field: str, zh: str, en: str, hint: str = "") -> None:
        super().__init__(code, f"{field}: {zh} / {en}", hint)
        self.field = field
        self.zh = zh
        self.en = en


class AccessError(ZhidaError):
    """Who may not do what, and which duty, scope or consent is missing."""


class ConflictError(ZhidaError):
    """The world moved since the caller looked; reading again and deciding anew is the cure."""


class OutsideError(ZhidaError):
    """Something beyond our walls failed."""


class RetryableOutside(OutsideError):
    """The same call, with the same key, may succeed later."""


class StillWaiting(RetryableOutside):
    """Something has to happen first, however long that takes: it is tried again and again, and never given up."""


class FinalOutside(OutsideError):
    """The other side has refused for good; a person must look."""


class InvariantBroken(ZhidaError):
    """A promise of ours does not hold: the running action stops and writes nothing."""
