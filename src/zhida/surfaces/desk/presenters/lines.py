"""What a budget line is called, and its figures as a sum that closes."""

from __future__ import annotations

from django.urls import reverse

from zhida.domain.values import Scope
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import Line
from zhida.kernel.ports import clock
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import LedgerRow
from zhida.surfaces.look.telling.policies import in_words


def ledger_row(line: Line, *, moved: int = 0) -> LedgerRow:
    """A line as a sum that closes; `moved` fen go from committed to in flight."""
    return LedgerRow(
        line_name(line), line.id, line.total, line.available, line.committed - moved, line.in_flight + moved,
        line.paid, line.returned, reverse("desk:line", args=[line.id]),
    )  # fmt: skip


def line_name(line: Line) -> Text:
    """What a line is called: by the dictionary, by whoever opened it, or after the items that are paid from it."""
    entry = catalogue.root().dictionary.budget_lines.get(line.id)
    if entry is not None:
        return in_words(entry.words["zh"], entry.words.get("en", ""))
    if line.name != line.id:
        return Text(line.name)
    as_of = clock().now()
    titles = [
        in_words(one.title_zh, one.title_en) for one in catalogue.item_cards(as_of=as_of) if one.budget_line == line.id
    ]
    return Text(say("、").join(str(one) for one in titles), titles[0].lang) if titles else Text(line.id, "en")


def names_of_lines(scope: Scope) -> dict[str, str]:
    """The name of each line that the scope shows."""
    return {line.id: str(line_name(line)) for line in funds.lines(scope=scope)}
