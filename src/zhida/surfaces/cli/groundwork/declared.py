"""Declarations of whom officers stand aside from, as a personnel office hands them over: a CSV file.

Such a file is typed by hand and saved by a spreadsheet: what is wrong in it is told all at once, by line and cell, with
who mends it, and without a citizen number in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.sentences import tell

if TYPE_CHECKING:
    from zhida.services.controls.kinship import NewTie

COLUMNS = ("login", "relation", "name", "number")
_LARGEST = 16 << 20
_FORMULA = ("=", "+", "-", "@", "\t", "'")
_MENDS = tell("whoever keeps the list mends it; nothing was taken in")
_PLAIN_TEXT = tell("keep the number as text, not as a number or a formula; nothing was taken in")
_AS_UTF8 = tell("save it once more as CSV UTF-8 (comma separated); nothing was taken in")
_LOOK = tell("compare it with the card; where the card says so, take it with --doubtful; nothing was taken in")
_WORDS = {
    "relation": tell("the relation is none of: {known}", known="self, spouse, lineal, collateral, in_law, firm"),
    "name": tell("the name is missing, longer than 100 characters, or holds characters that nobody sees"),
    "number": tell("a citizen number has 18 characters and a birthday; a credit code has 18 characters, or 15 digits"),
}


def read_declarations(path: Path, *, today: date, is_doubtful_taken: bool) -> list[tuple[str, NewTie]]:
    """Each line's account and whom it stands aside from; the columns are login, relation, name, number, in any order.

    A number whose check digit does not fit is a fault, unless the doubtful are taken. Raises AuthorError with every
    problem of the file.
    """
    found: list[tuple[str, NewTie]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in list(_rows(path)):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        account, tie, wrong = _judged(row, today, is_doubtful_taken)
        problems += [Problem(path.name, line, COLUMNS.index(field) + 1, code, words, hint)
                     for field, code, words, hint in wrong]  # fmt: skip
        mark = (row["login"], tie.number.upper())
        if mark in seen and not wrong:
            words = tell("the same officer and number as in line {line}", line=seen[mark])
            problems.append(Problem(path.name, line, 4, "declared_twice", words, _MENDS))
        seen.setdefault(mark, line)
        found.append((account, tie))
    if problems:
        raise AuthorError(problems)
    return found


def _judged(row: dict[str, str], today: date, is_doubtful_taken: bool) -> tuple[str, NewTie, list[tuple[str, ...]]]:
    """The account, the tie, and for each fault its column, code, words and hint."""
    from zhida.kernel.accounts.queries import account_named
    from zhida.services.controls.kinship import NewTie, fault_of, is_doubtful

    account, tie = account_named(row["login"]), NewTie(*(row[name] for name in COLUMNS[1:]))
    formulas = [name for name in COLUMNS if row[name].startswith(_FORMULA)]
    wrong: list[tuple[str, ...]] = [
        (name, "formula_in_cell", tell("{name} looks like a formula", name=name), _PLAIN_TEXT) for name in formulas
    ]
    if account is None and "login" not in formulas:
        words = tell("nobody logs in as {name}", name=row["login"] or "“”")
        wrong.append(("login", "no_such_account", words, _MENDS))
    if (field := fault_of(tie, today)) and field not in formulas:
        hint = _PLAIN_TEXT if field == "number" and "E+" in tie.number.upper() else _MENDS
        wrong.append((field, "declaration_malformed", _WORDS[field], hint))
    elif not field and not is_doubtful_taken and is_doubtful(tie):
        wrong.append(("number", "check_digit_wrong", tell("the check digit of the number does not fit"), _LOOK))
    return account.id if account else "", tie, wrong


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str] | Problem]]:
    """Each line that holds anything, with its number in the file and its cells, blanks taken off, or what is wrong."""
    if path.stat().st_size > _LARGEST:
        raise AuthorError([_broken(path, 0, tell("the file is larger than {n} MiB", n=_LARGEST >> 20), _MENDS)])
    body = path.read_bytes()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise AuthorError([_broken(path, line, tell("the file is no CSV in UTF-8"), _AS_UTF8)]) from error
    head: list[str] = []
    for line, cells in _lines(path, text):
        if not head and sorted(cells) != sorted(COLUMNS):
            words = tell("the columns are {found}, not {wanted}", found=tuple(cells), wanted=COLUMNS)
            raise AuthorError([_broken(path, line, words, _MENDS)])
        if not head:
            head = cells
        elif len(cells) > len(head):
            words = tell("{n} cells, where the first line has {wanted}", n=len(cells), wanted=len(head))
            yield line, _broken(path, line, words, _MENDS)
        else:
            yield line, dict(zip(head, [*cells, "", "", ""], strict=False))
    if not head:
        raise AuthorError([_broken(path, 1, tell("the file is empty"), _MENDS)])


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that holds anything, up to the last that does; the line is that on which it begins."""
    found, before = csv.reader(StringIO(text, newline=""), strict=True), 0
    try:
        for cells in found:
            here, before = before + 1, found.line_num
            held = [cell.strip() for cell in cells]
            while held and not held[-1]:
                held.pop()
            if held:
                yield here, held
    except csv.Error as error:
        words = tell("the line is no CSV: {reason}", reason=str(error))
        raise AuthorError([_broken(path, before + 1, words, _AS_UTF8)]) from error


def _broken(path: Path, line: int, words: str, hint: str) -> Problem:
    return Problem(path.name, line, 1, "declarations_malformed", words, hint)
