"""All checks of one pack, in the order in which an author would mend them."""

from __future__ import annotations

from zhida.domain.packs.checks.coverage import check_coverage
from zhida.domain.packs.checks.promises import check_promises
from zhida.domain.packs.checks.rules import check_rules
from zhida.domain.packs.checks.wording import check_wording
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.reading.packs import Draft
from zhida.domain.packs.source.nodes import Problems


def check_draft(draft: Draft, dictionary: Dictionary, problems: Problems) -> None:
    """Notes everything wrong with a pack that could be read."""
    check_rules(draft.pack, problems)
    check_coverage(draft, problems)
    check_promises(draft, dictionary, problems)
    check_wording(draft.pack, problems)
