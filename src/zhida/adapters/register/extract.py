"""A RegisterPort over an extract that the register hands out: a CSV with the columns `credit_code` and `name`."""

from __future__ import annotations

import csv
from pathlib import Path

from zhida.domain.errors import RetryableOutside
from zhida.kernel.registry.ports import RegisterAnswer


class ExtractRegister:
    """Answers from the file as it stands when asked, so that a newer extract needs no restart."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def ask(self, credit_code: str) -> RegisterAnswer:
        """Whether the extract has the code. Raises RetryableOutside `register_unreachable` without an extract."""
        if not self.path.exists():
            raise RetryableOutside(
                "register_unreachable",
                f"there is no extract of the register at {self.path}",
                "fetch one: a CSV with the columns credit_code and name",
            )
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["credit_code"] == credit_code:
                    return RegisterAnswer(True, row["name"])
        return RegisterAnswer(False)
