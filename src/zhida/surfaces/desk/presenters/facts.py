"""The way from what was done to the fact that the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.urls import reverse

from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.queries import RecordedFact
from zhida.surfaces.desk.officers import Officer


def fact_href(entry_id: str, officer: Officer) -> str:
    """Where a fact is looked at: an auditor searches the ledger, others ask the page that everybody may ask."""
    if officer.role == "auditor":
        return f"{reverse('desk:ledger')}?{urlencode({'q': entry_id})}"
    return f"{reverse('portal:verify')}?{urlencode({'code': entry_id})}"


def latest_href(about: str, officer: Officer) -> str:
    """The way to the latest fact about an id; empty where there is none."""
    found = ledger.entries_about(about)
    return fact_href(found[-1].id, officer) if found else ""


def account_of(fact: RecordedFact) -> str:
    """Whose act a fact is, by account; empty where that was erased."""
    by = fact.fields.get("by")
    return str(by.get("account", "")) if isinstance(by, Mapping) else ""


def hrefs_naming(name: str, kinds: Iterable[str], officer: Officer) -> dict[str, str]:
    """By the id that a field of these kinds of facts names, the way to the latest of them."""
    found: dict[str, str] = {}
    for kind in kinds:
        for fact in ledger.entries_of_kind(kind, limit=500):
            found.setdefault(str(fact.fields.get(name, "")), fact_href(fact.id, officer))
    return found
