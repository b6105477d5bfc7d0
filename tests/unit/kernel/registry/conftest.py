"""A small made-up dictionary and a few subjects, for every test of the registry."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from zhida.domain.packs.dictionary import Attribute, Dictionary, FieldClass, RelationAttribute
from zhida.domain.rules.schema import FactType, RelationType
from zhida.domain.values import Actor, CodeTree, SubjectKind, new_id
from zhida.kernel.registry import actions
from zhida.kernel.registry.actions import NewSubject

REGIONS = CodeTree(
    "region",
    {"990000": "", "990100": "990000", "990102": "990100", "990471": "990100", "990200": "990000", "990202": "990200"},
)
FIRMS = frozenset({SubjectKind.ORGANISATION})


def attribute(name: str, kind: str, **more: object) -> Attribute:
    """One entry for firms, owned by the tax office unless said otherwise."""
    field_class = FieldClass(str(more.pop("field_class", "restricted")))
    audience = more.pop("audience", FIRMS)
    fact = FactType(name, kind, **{"owner": "tax", **more})
    return Attribute(fact, "a system", field_class, audience, {"zh": name})


@pytest.fixture
def dictionary() -> Dictionary:
    """Five attributes and one relation of firms, in four fictitious places."""
    entries = [
        attribute("revenue_fen", "number", unit="fen", period="year"),
        attribute("layoff_rate", "number", scale=4, period="year", owner="insurance"),
        attribute("size", "text", values=("large", "small"), field_class="public", owner="statistics"),
        attribute("discredited", "boolean", absence=False, stale_after_days=90, owner="credit", field_class="public"),
        attribute("founded_on", "date", owner="market", field_class="public"),
    ]
    fields = {
        "hired_on": FactType("hired_on", "date"),
        "wage": FactType("wage", "number", scale=2),
        "person": FactType("person", "text"),
    }
    hires = RelationAttribute(
        RelationType("hires", "hire", fields), "jobs", "", FieldClass.PERSONAL, FIRMS, True, {}, {}, {}
    )
    return Dictionary(
        attributes={entry.name: entry for entry in entries},
        relations={"hires": hires},
        code_trees={"region": REGIONS},
        hash="made-up",
    )


@pytest.fixture
def firms(db: None, dictionary: Dictionary, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Four firms in four places, registered, with the dictionary loaded."""
    actions.load_dictionary(dictionary=dictionary, by=actor, as_of=now)
    ids = tuple(new_id("subject") for _ in range(4))
    regions = ("990202", "990471", "990102", "990100")
    actions.register_subjects(
        subjects=[
            NewSubject(ids[place], SubjectKind.ORGANISATION, f"云岚{place}号厂", region)
            for place, region in enumerate(regions)
        ],
        by=actor,
        as_of=now,
    )
    return ids


@pytest.fixture
def today(now: datetime) -> date:
    """The day of `now` in Asia/Shanghai."""
    return date(2026, 3, 3)
