"""Cells of tables that spreadsheets open: no text in them is ever taken for a formula."""

from __future__ import annotations

_BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANKS = ("\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """A cell that a spreadsheet shows as text (OWASP, CSV injection): behind an apostrophe where it begins as a formula
    does, in wide signs or after blanks too. Numbers stay numbers, nothing is an empty cell."""
    if isinstance(value, str) and (value.startswith(_BLANKS) or value.lstrip().startswith(_BEGINS)):
        return f"'{value}"
    return "" if value is None else value
