"""Long lists asked of PostgreSQL: one array in the place of a place-holder for each value.

What an officer may see is a list of every region below theirs. Written out value by value, such a list costs more to
send and to read than the rows that it finds.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, TextField
from django.db.models.lookups import In

FEWEST = 32


class InArray(In):
    """`IN`, and for a long list of texts `= ANY` of one array; the same rows."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The condition and its values."""
        values = [one for one in dict.fromkeys(self.rhs) if one is not None] if self.rhs_is_direct_value() else []
        if len(values) < FEWEST or not all(isinstance(value, str) for value in values):
            return self.as_sql(compiler, connection)
        column, given = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*given, values]


def send_lists_as_arrays() -> None:
    """Has every list of texts asked so."""
    for field in (CharField, TextField):
        field.register_lookup(InArray)
