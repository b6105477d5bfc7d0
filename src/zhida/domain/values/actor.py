"""Who acts, on whose behalf, and what they may see. Every action takes an Actor, every scoped query a Scope."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What a query may return. None means no limit of that kind; an empty set means nothing.

    `offices` are office ids (with those below them, already unfolded); `regions` are division codes, unfolded by the
    dated closure; `subjects` are the ids a person may act for. `purpose` names why a restricted fact is read: a case,
    a consent, a screening run.
    """

    offices: frozenset[str] | None = frozenset()
    regions: frozenset[str] | None = frozenset()
    subjects: frozenset[str] | None = frozenset()
    purpose: str = ""

    @classmethod
    def system(cls, purpose: str) -> Scope:
        """No limit: for the running system itself, with its purpose said. Never for a request of a person."""
        return cls(None, None, None, purpose)

    @classmethod
    def own(cls, subjects: frozenset[str], purpose: str) -> Scope:
        """What a person sees of the subjects they act for, over all offices and regions."""
        return cls(None, None, subjects, purpose)


@dataclass(frozen=True)
class Actor:
    """An account acting with one duty, perhaps for a subject (an agent) or under a standing release (the system)."""

    account: str
    duty: str
    office: str = ""
    subject: str = ""
    standing_release: str = ""

    def record(self) -> dict[str, str]:
        """The fields of this actor as a ledger fact names them, empty ones left out."""
        fields = {
            "account": self.account,
            "duty": self.duty,
            "office": self.office,
            "subject": self.subject,
            "standing_release": self.standing_release,
        }
        return {name: value for name, value in fields.items() if value}
