"""The column engine: any program over Arrow columns, exact, one node of the language at a time.

Read `screening` for the whole, `frames` for what each node means over rows, `batch` for a pack's names, `lanes` for
exact arithmetic. It is general and not hurried; engine `table` compiles what it can and asks this one for the rest.
"""

from zhida.domain.rules.engines.columns.screening import Screened, Screening, screen

__all__ = ["Screened", "Screening", "screen"]
