"""Declarations of whom officers stand aside from, as a personnel office hands them over: a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from zhida.domain.errors import ConflictError

if TYPE_CHECKING:
    from zhida.services.controls.kinship import NewTie

_COLUMNS = ("login", "relation", "name", "number")


def read_declarations(path: Path) -> list[tuple[str, NewTie]]:
    """Each line's account and whom it stands aside from; the columns are login, relation, name, number.

    Raises ConflictError `declarations_malformed` with every fault at once, by line, and without a number in it.
    """
    from zhida.kernel.accounts.queries import account_named
    from zhida.services.controls.kinship import NewTie, fault_of

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _malformed([f"{path.name} is no CSV file in UTF-8"]) from error
    if missing := [name for name in _COLUMNS if rows and name not in rows[0]]:
        raise _malformed([f"there is no column {', '.join(missing)}"])
    found, faults = [], []
    for line, row in enumerate(rows, 2):
        account = account_named(row["login"] or "")
        tie = NewTie(*(row[name] or "" for name in _COLUMNS[1:]))
        if account is None:
            faults.append(f"line {line}: nobody logs in as {row['login']}")
        elif field := fault_of(tie):
            faults.append(f"line {line}: {field} is malformed")
        else:
            found.append((account.id, tie))
    if faults:
        raise _malformed(faults)
    return found


def _malformed(faults: list[str]) -> ConflictError:
    return ConflictError("declarations_malformed", "; ".join(faults), "mend these lines: nothing was taken in")
