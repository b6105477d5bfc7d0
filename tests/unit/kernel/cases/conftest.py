"""Two made-up policies whose review asks an officer, and firms whose claims have come to the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.unit.kernel.made_up_packs import MadeUp, root_files
from zhida.domain import packs
from zhida.domain.values import Actor, SubjectKind, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry

_REVIEW = "review: {by: owner, within_working_days: 5}"
_GOLDEN = """  - name: 够
    facts: {staff: 10, wages_fen: 100}
    rulings: {honest: true}
    pay: {answer: entitled, amount_fen: 100}
  - name: 差一人
    facts: {staff: 9, wages_fen: 100}
    pay: {answer: not, because: [enough]}
"""
FIRST, SECOND = (MadeUp(name=name, review=_REVIEW, cases=_GOLDEN) for name in ("first", "second"))
_JUDGED = {
    "items.yaml": (b"claim: automatic\n  requires: [enough]", b"claim: applied\n  requires: [enough, honest]"),
    "rules.yaml": (b"amounts:\n", b"  honest: {kind: judged, cites: [a1]}\namounts:\n"),
    "words/zh.yaml": (
        b"requirements:\n",
        "requirements:\n  honest: {title: 属实, met: 属实, not_met: 不实, unknown: 待认定}\n".encode(),
    ),
    "words/en.yaml": (
        b"requirements:\n",
        b"requirements:\n  honest: {title: True, met: True, not_met: False, unknown: Open}\n",
    ),
}
BY = Actor("account_reviewer", "reviewer", office="statistics")


@pytest.fixture
def published(db: None, actor: Actor, now: datetime) -> None:
    """Regions, offices, the dictionary and both packs."""
    files = root_files(FIRST, SECOND)
    for pack in (FIRST, SECOND):
        for path, (old, new) in _JUDGED.items():
            files[f"{pack.id}/{path}"] = files[f"{pack.id}/{path}"].replace(old, new)
    root = packs.read_root(files)
    assert not root.problems, root.problems
    tree = root.dictionary.code_trees["region"]
    offices.load_regions(regions=offices.regions_of(tree), by=actor, as_of=now)
    catalogue.publish_shared(files=files, by=actor, as_of=now)
    registry.load_dictionary(dictionary=root.dictionary, by=actor, as_of=now)
    for pack in root.packs.values():
        catalogue.publish(revision=packs.revision_of(root, pack), by=actor, as_of=now)


@pytest.fixture
def firms(published: None, actor: Actor, now: datetime) -> list[str]:
    """Six firms with enough staff and a bank account."""
    ids = [new_id("subject") for _ in range(6)]
    for number, firm in enumerate(ids):
        subject = registry.NewSubject(firm, SubjectKind.ORGANISATION, f"{number}号厂", "990102")
        registry.register_subject(subject=subject, by=actor, as_of=now)
        facts = {"place": "990102", "staff": 12, "wages_fen": 500_00}
        changes = [registry.Change(firm, key, value, "made up", local_date(now)) for key, value in facts.items()]
        registry.record_facts(changes=changes, by=actor, as_of=now)
    accounts = [
        registry.NewAccount(
            new_id("account"), firm, f"622202{at:09d}0123", f"{at}号厂", "甲银行", "made up", local_date(now)
        )
        for at, firm in enumerate(ids)
    ]
    registry.register_accounts(accounts=accounts, by=actor, as_of=now)
    return ids


@pytest.fixture
def in_review(firms: list[str], actor: Actor, now: datetime) -> Callable[..., list[str]]:
    """Claims for an item, one a firm, that have come to the office; their cases in the order of the firms."""
    system = Actor("system", "system")

    def come(item: str, claimants: list[str]) -> list[str]:
        opened = [new_id("case") for _ in claimants]
        for case_id, firm in zip(opened, claimants, strict=True):
            agent = Actor("account_agent", "agent", subject=firm)
            cases.open_case(case_id=case_id, item_id=item, subject_id=firm, by=agent, as_of=now)
            cases.submit(case_id=case_id, waives_undo=True, by=agent, as_of=now)
        cases.advance_due(by=system, as_of=now)
        return opened

    return come
