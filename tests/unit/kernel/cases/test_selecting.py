"""From a pack's quota to money on its way: places by rank or by arrival, and a sum that is shared out to the fen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.simulation import paying
from tests.unit.kernel.cases.conftest import BY
from tests.unit.kernel.made_up_packs import MadeUp, root_files
from zhida.domain import packs
from zhida.domain.errors import ConflictError
from zhida.domain.process import Outcome
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases import queries
from zhida.kernel.cases.actions import Decision, selecting
from zhida.kernel.cases.models import Case
from zhida.kernel.cases.reruns import rerun
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.services.controls.recomputing import recompute

ALL = Scope.system("test")
SYSTEM = Actor("system", "system")
_SELECTED = "check: {by: system}\n  - select: {by: owner}"
_GOLDEN = """  - name: 够
    facts: {staff: 10, wages_fen: 100}
    rulings: {quota: true}
    pay: {answer: entitled, amount_fen: 100}
  - name: 差一人
    facts: {staff: 9, wages_fen: 100}
    pay: {answer: not, because: [enough]}
"""


def limited(name: str, quota: str, review: str = _SELECTED) -> MadeUp:
    return MadeUp(name=name, more=f"quota: {{{quota}}}", review=review, cases=_GOLDEN)


RANKED = limited("ranked", "n: 2, by: [{value: staff, first: high}], ties: none_in")
ARRIVED = limited("arrived", "n: 2, order: first_come")
SHARED = limited("shared", "total_yuan: 6, order: pro_rata")
SPENT = limited("spent", "total_yuan: 6, order: first_come")
AT_ONCE = MadeUp(name="at-once", more="quota: {n: 2, order: first_come}")
ITEMS = (RANKED, ARRIVED, SHARED, SPENT, AT_ONCE)
WAGES = (100_00, 200_00, 300_00)


@pytest.fixture
def firms(db: None, actor: Actor, now: datetime) -> list[str]:
    """Three firms of 11, 12 and 13 heads with wages of 100, 200 and 300 yuan, and a line for every item."""
    files = root_files(*ITEMS)
    for pack in ITEMS[:-1]:
        path = f"{pack.id}/items.yaml"
        files[path] = files[path].replace(b"claim: automatic", b"claim: applied")
    root = packs.read_root(files)
    assert not root.problems, root.problems
    offices.load_regions(regions=offices.regions_of(root.dictionary.code_trees["region"]), by=actor, as_of=now)
    catalogue.publish_shared(files=files, by=actor, as_of=now)
    registry.load_dictionary(dictionary=root.dictionary, by=actor, as_of=now)
    for pack in root.packs.values():
        catalogue.publish(revision=packs.revision_of(root, pack), by=actor, as_of=now)
    for made in ITEMS:
        paying.open_line(now, line=f"fund/{made.name}")
    ids = [new_id("subject") for _ in WAGES]
    for number, (firm, wages) in enumerate(zip(ids, WAGES, strict=True)):
        subject = registry.NewSubject(firm, SubjectKind.ORGANISATION, f"{number}号厂", "990102")
        registry.register_subject(subject=subject, by=actor, as_of=now)
        facts = {"place": "990102", "staff": 11 + number, "wages_fen": wages // 100}
        changes = [registry.Change(firm, key, value, "made up", local_date(now)) for key, value in facts.items()]
        registry.record_facts(changes=changes, by=actor, as_of=now)
        account = registry.NewAccount(
            new_id("account"), firm, f"622202{number:09d}0123", f"{number}号厂", "甲", "x", local_date(now)
        )
        registry.register_accounts(accounts=[account], by=actor, as_of=now)
    return ids


@pytest.fixture
def come(firms: list[str], now: datetime) -> Callable[..., list[str]]:
    """Hands in claims for an item, a minute between two of them, and has the system check them."""

    def hand_in(item: str, claimants: list[str]) -> list[str]:
        opened = [new_id("case") for _ in claimants]
        for minute, (case_id, firm) in enumerate(zip(opened, claimants, strict=True)):
            agent, at = Actor("account_agent", "agent", subject=firm), now + timedelta(minutes=minute)
            cases.open_case(case_id=case_id, item_id=item, subject_id=firm, by=agent, as_of=at)
            cases.submit(case_id=case_id, waives_undo=True, by=agent, as_of=at)
        cases.advance_due(by=SYSTEM, as_of=now + timedelta(hours=1))
        return opened

    return hand_in


def pay(opened: list[str], now: datetime) -> list[int | None]:
    """Decides what was selected, has the system grant it, and gives the fen on their way to each."""
    at = now + timedelta(hours=2)
    for case_id in opened:
        is_in = queries.view(case_id, scope=ALL, by=BY, as_of=at).rulings[-1].is_met
        outcome = Outcome.GRANTED if is_in else Outcome.REFUSED
        cases.decide_many(decisions=[Decision(case_id, outcome)], by=BY, as_of=at)
    cases.advance_due(by=SYSTEM, as_of=at)
    firms = [queries.case(case_id, scope=ALL).subject_id for case_id in opened]
    found = dict(Disbursement.objects.filter(subject_id__in=firms).values_list("subject_id", "amount_fen"))
    return [found.get(firm) for firm in firms]


@pytest.mark.parametrize(
    ("made", "fen"),
    [(RANKED, [None, 200, 300]), (ARRIVED, [100, 200, None]), (SHARED, [100, 200, 300]), (SPENT, [100, 200, 300])],
)
def test_who_is_selected_is_paid(firms, come, now, made, fen):
    opened = come(made.item, firms)
    cases.select(item_id=made.item, by=BY, as_of=now + timedelta(hours=1))
    assert pay(opened, now) == fen
    granted = Disbursement.objects.values_list("grant_id", "amount_fen")
    assert {grant: again.amount_fen for grant, again in recompute([one for one, _ in granted]).items()} == dict(granted)


def test_a_sum_is_shared_among_all_and_decisions_come_out_the_same_again(firms, come, now, monkeypatch):
    opened = come(SHARED.item, firms)
    narrow(monkeypatch, 2_00)
    assert cases.select(item_id=SHARED.item, by=BY, as_of=now + timedelta(hours=1)) == tuple(sorted(opened))
    assert pay(opened, now) == [33, 67, 100]
    assert [one.is_same for one in rerun(opened, scope=ALL)] == [True] * 3
    told = next(fact for fact in ledger.entries_about(opened[0]) if fact.kind == "case.selected").fields
    assert (told["asked_fen"], told["allotted_fen"]) == (100, 33)
    with pytest.raises(IntegrityError, match="case_within_allotment"), transaction.atomic():
        Case.objects.filter(pk=opened[0]).update(amount_fen=34)


def narrow(monkeypatch, total_fen: int) -> None:
    """The sum to be shared is another than the pack says."""
    plain = selecting.release

    def release(item, *given, **earlier):
        return plain(replace(item, quota=replace(item.quota, total_fen=total_fen)), *given, **earlier)

    monkeypatch.setattr(selecting, "release", release)


def test_a_later_round_gives_what_the_earlier_left(firms, come, now):
    first = come(ARRIVED.item, firms[:1])
    at = now + timedelta(hours=1)
    cases.select(item_id=ARRIVED.item, by=BY, as_of=at)
    assert pay(first, now) == [100]
    later = come(ARRIVED.item, firms[1:])
    assert cases.select(item_id=ARRIVED.item, by=BY, as_of=at) == (later[0],)
    assert pay(later, now) == [200, None]
    with pytest.raises(ConflictError, match="nobody_waits"):
        cases.select(item_id=ARRIVED.item, by=BY, as_of=at)
