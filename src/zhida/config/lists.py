"""Long lists asked of PostgreSQL: one text, cut there, in the place of a place-holder for each value.

What an officer may see is a list of every region below theirs. Written out value by value, such a list costs more to
send and to read than the rows that it finds.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, TextField
from django.db.models.lookups import In

FEWEST = 32
_BETWEEN = "\x1f"


class InArray(In):
    """`IN`, and for a long list of texts `= ANY` of one array; the same rows."""

    def get_prep_lookup(self) -> Any:
        """The values; a long list of texts is sent as it is."""
        given = self.rhs
        is_long = isinstance(given, list | tuple | set | frozenset) and len(given) >= FEWEST
        return list(given) if is_long and all(isinstance(one, str) for one in given) else super().get_prep_lookup()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The condition and its values."""
        values = [one for one in dict.fromkeys(self.rhs) if one is not None] if self.rhs_is_direct_value() else []
        if len(values) < FEWEST or not all(isinstance(value, str) for value in values):
            return self.as_sql(compiler, connection)
        column, given = self.process_lhs(compiler, connection)
        text = _BETWEEN.join(values)
        if text.count(_BETWEEN) >= len(values):
            return f"{column} = ANY(%s)", [*given, values]
        return f"{column} = ANY(string_to_array(%s, chr(31)))", [*given, text]


def send_lists_as_arrays() -> None:
    """Has every list of texts asked so."""
    for field in (CharField, TextField):
        field.register_lookup(InArray)
