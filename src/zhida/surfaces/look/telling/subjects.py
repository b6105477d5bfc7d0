"""Who somebody is, as those see it who need not know."""

from __future__ import annotations

from zhida.domain.values import SubjectKind
from zhida.kernel.registry.records import SubjectRecord


def masked(subject: SubjectRecord) -> str:
    """A name with its middle hidden: a person keeps the family name, a firm its first four and last four characters."""
    name = subject.name
    if subject.kind is not SubjectKind.ORGANISATION:
        return (
            name[:1] + "＊" * max(1, len(name) - 1) if len(name) < 3 else name[:1] + "＊" * (len(name) - 2) + name[-1:]
        )
    return name if len(name) <= 8 else f"{name[:4]}{'＊' * min(4, len(name) - 8)}{name[-4:]}"
