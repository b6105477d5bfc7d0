"""Statements that a person brings as a file: camt.053, as the bank's counter or its web page gives them out."""

from __future__ import annotations

from zhida.adapters.treasury.messages import Unreadable, statement_of
from zhida.domain.errors import FinalOutside
from zhida.kernel.funds.ports import StatementFile


class CamtFiles:
    """A StatementPort for camt.053.001.08."""

    def read(self, body: bytes) -> StatementFile:
        """The statement in a file. Raises FinalOutside `unreadable_statement` where it is none, or does not add up."""
        try:
            statement = statement_of(body)
        except Unreadable as error:
            raise FinalOutside("unreadable_statement", str(error), "ask the bank for a camt.053 of that day") from error
        return StatementFile(statement.day, statement.lines)
