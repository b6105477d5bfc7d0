"""Firms with facts, and made-up packs published, for every test of entitlements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from tests.unit.kernel.made_up_packs import MadeUp, root_files
from zhida.domain import packs
from zhida.domain.values import Actor, SubjectKind, local_date, new_id
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.actions import NewSubject

FIRM = SubjectKind.ORGANISATION
Publish = Callable[..., str]
Tell = Callable[[str, Mapping[str, Any]], None]


@pytest.fixture
def dictionary() -> packs.Dictionary:
    """The made-up dictionary."""
    return packs.read_root(root_files()).dictionary


@pytest.fixture
def firms(db: None, dictionary: packs.Dictionary, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Four firms in two places of one city and one of another."""
    registry.load_dictionary(dictionary=dictionary, by=actor, as_of=now)
    ids = tuple(new_id("subject") for _ in range(4))
    regions = ("990102", "990100", "990202", "990202")
    registry.register_subjects(
        subjects=[NewSubject(ids[at], FIRM, f"{at}号厂", region) for at, region in enumerate(regions)],
        by=actor,
        as_of=now,
    )
    return ids


@pytest.fixture
def tell(actor: Actor, now: datetime) -> Tell:
    """Records facts of one subject, as its sources would."""

    def record(subject_id: str, facts: Mapping[str, Any]) -> None:
        changes = [registry.Change(subject_id, key, value, "made up", local_date(now)) for key, value in facts.items()]
        registry.record_facts(changes=changes, by=actor, as_of=now)

    return record


@pytest.fixture
def publish(actor: Actor, now: datetime) -> Publish:
    """Publishes a made-up pack; gives its revision id."""

    def publish_one(pack: MadeUp, groups: dict[str, bytes] | None = None) -> str:
        root = packs.read_root(root_files(pack, groups=groups))
        assert not root.problems
        return catalogue.publish(revision=packs.revision_of(root, root.packs[pack.id]), by=actor, as_of=now)

    return publish_one
