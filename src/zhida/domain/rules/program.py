"""One item of a pack, ready to run: who it reaches, when it is in force, what it requires and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from zhida.domain.rules.nodes import Node
from zhida.domain.rules.places import NOWHERE, Place
from zhida.domain.rules.schema import Schema
from zhida.domain.values import Span, SubjectKind

RequirementKind = OneOf["computed", "evidenced", "judged", "undertaken"]
ALWAYS = Span()


@dataclass(frozen=True)
class Alternative:
    """One way to meet a requirement; the only one of a plain `when` has no name."""

    name: str
    when: Node
    cites: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True)
class Requirement:
    """A condition of an item. computed: decided by its alternatives, any of them; evidenced and judged: by a reviewer's
    ruling; undertaken: promised at submission, and never lowers a screening's answer."""

    name: str
    kind: RequirementKind = "computed"
    alternatives: tuple[Alternative, ...] = ()
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """An item to assess. `within` names the fact that `region` is compared with ("" where everywhere); `valid` and
    `window` are half-open spans of dates; `for_each` names a relation, and then requirements and amount speak of one
    record; with `quota` nobody is more than possible until selected."""

    item: str
    audience: SubjectKind
    schema: Schema
    region: str = ""
    within: str = ""
    valid: Span = ALWAYS
    window: Span = ALWAYS
    requires: tuple[Requirement, ...] = ()
    amount: Node | None = None
    for_each: str = ""
    quota: bool = False
    benefit: str = "money"
    place: Place = field(default=NOWHERE, compare=False)
