"""Days in addresses of the desk: /desk/reconciliation/2026-03-03/."""

from __future__ import annotations

from datetime import date

from zhida.surfaces.look.asking import YEARS


class Day:
    """A date as an address writes it; what is no day of the calendar is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The date. Raises ValueError, which Django takes as no match."""
        day = date.fromisoformat(value)
        if day.year not in YEARS:
            raise ValueError(value)
        return day

    def to_url(self, value: date | str) -> str:
        """As it stands in an address."""
        return value if isinstance(value, str) else value.isoformat()
