"""What the command line says when it refuses: Chinese first, then English, so that whoever searches either finds it."""

from __future__ import annotations


def both(zh: str, en: str) -> str:
    """A refusal in both languages, in one line."""
    return f"{zh}；{en}"
