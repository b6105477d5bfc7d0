"""What is wrong in a pack, in its reader's language: the domain tells it in English, a table holds the Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from zhida.domain.errors import Problem
from zhida.domain.sentences import in_chinese

TABLE = Path(__file__).resolve().parents[1] / "words" / "zh_problems.yaml"


@cache
def chinese() -> Mapping[str, str]:
    """Every sentence that the domain tells an author, and its Chinese."""
    return dict(YAML(typ="safe").load(TABLE) or {})


def told(words: str, lang: str) -> str:
    """One sentence of the domain in `zh` or `en`."""
    return str(words) if lang == "en" else in_chinese(words, chinese())


def words_and_hint(problem: Problem, lang: str) -> str:
    """What is wrong and how to mend it, in one breath."""
    words, hint = told(problem.words, lang), told(problem.hint, lang)
    return (f"{words}. {hint}" if lang == "en" else f"{words}。{hint}") if hint else words


def all_told(problems: Iterable[Problem], lang: str) -> str:
    """Several problems, each once, in one line."""
    lines = dict.fromkeys(words_and_hint(one, lang) for one in problems)
    return ("; " if lang == "en" else "；").join(lines)


def as_line(problem: Problem, lang: str) -> str:
    """A problem as a command prints it: its place, its code, its words, and below them its hint."""
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    clause = f" 〔{problem.clause}〕" if problem.clause else ""
    hint = f"\n    → {told(problem.hint, lang)}" if problem.hint else ""
    return f"{place}: {problem.code}: {told(problem.words, lang)}{clause}{hint}"


def as_record(problem: Problem) -> dict[str, object]:
    """A problem for JSON: `words` and `hint` in English as they ever were, the Chinese beside them."""
    plain = {name: str(value) if isinstance(value, str) else value for name, value in vars(problem).items()}
    return {**plain, "zh": told(problem.words, "zh"), "hint_zh": told(problem.hint, "zh")}
