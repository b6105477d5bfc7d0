"""What is known of a subject, and the form that says it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from zhida.kernel.registry.disputes import DisputeRecord
from zhida.surfaces.look.parts import FactLine
from zhida.surfaces.portal.records.answers import SubjectHead


@dataclass(frozen=True)
class KnownPage:
    """Facts by the office that answers for them."""

    subject: SubjectHead | None
    groups: tuple[tuple[str, tuple[FactLine, ...]], ...]


@dataclass(frozen=True)
class WrongPage:
    """One fact, who answers for it, the last dispute of it; a derived one with the facts it is computed from."""

    key: str
    line: FactLine
    office: str
    is_derived: bool
    sources: tuple[FactLine, ...]
    dispute: DisputeRecord | None
    state: str
