"""A stop, a hold and a frozen line go again once two persons say so: never one alone, and each proposal once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

import zhida
from tests.simulation.paying import CHECKER, LINE, MAKER, OPERATOR, RELEASER, instructed
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Scope, new_id
from zhida.kernel.funds import actions, queries
from zhida.kernel.ledger import queries as ledger
from zhida.services.controls import holds, lifting, limits
from zhida.services.controls.lifting import Kept
from zhida.services.controls.lists import Objection
from zhida.services.controls.models import Lifting
from zhida.services.controls.stops import StopKind, press_stop, stops_in_force

ALL = Scope.system("test")


def line_frozen(release, now):
    actions.freeze_line(line=LINE, reason="audit", by=OPERATOR, as_of=now)
    return LINE, LINE, lambda: bool(queries.standing(LINE, scope=ALL).frozen_reason), "funds.line_thawed"


def stop_pressed(release, now):
    stop_id = new_id("stop")
    press_stop(stop_id=stop_id, kind=StopKind.ALL, key="", reason="drill", by=OPERATOR, as_of=now)
    return stop_id, stop_id, lambda: bool(stops_in_force()), "funds.stop_lifted"


def payment_held(release, now):
    (one,) = instructed(release, now, 100)
    holds.hold([Objection(one, "listed", "death")], as_of=now)
    (row,) = holds.holds_open()
    return row.id, one, lambda: bool(holds.holds_open()), "funds.hold_lifted"


KEPT = [(Kept.LINE, line_frozen), (Kept.STOP, stop_pressed), (Kept.HOLD, payment_held)]


def propose(kind, key, by, now, reason="over", lifting_id=""):
    given = lifting_id or new_id("lifting")
    lifting.propose_lifting(lifting_id=given, kind=kind, key=key, reason=reason, by=by, as_of=now)
    return given


@pytest.mark.parametrize(("kind", "keep"), KEPT)
def test_one_proposes_and_another_confirms(system, treasury, now, kind, keep):
    key, about, is_kept, done = keep(system, now)
    with pytest.raises(ConflictError, match="lifting_without_reason"):
        propose(kind, key, MAKER, now, reason="")
    for duty in ("reviewer", "auditor", "system"):
        with pytest.raises(AccessError, match="wrong_duty"):
            propose(kind, key, replace(MAKER, duty=duty), now)
    given = propose(kind, key, CHECKER, now)
    assert lifting.waiting_lifting(kind, key).maker == CHECKER.account
    propose(kind, key, CHECKER, now, lifting_id=given)  # sent twice, taken once
    for other in ({"by": MAKER}, {"by": CHECKER, "reason": "else"}):
        with pytest.raises(ConflictError, match="lifting_proposed"):
            propose(kind, key, **other, now=now, lifting_id=given)
    with pytest.raises(ConflictError, match="lifting_proposed"):
        propose(kind, key, MAKER, now)
    with pytest.raises(AccessError, match="same_person"):
        lifting.confirm_lifting(lifting_id=given, by=replace(CHECKER, duty="releaser"), as_of=now)
    for by in (MAKER, OPERATOR, replace(MAKER, duty="auditor")):
        with pytest.raises(AccessError, match="wrong_duty"):
            lifting.confirm_lifting(lifting_id=given, by=by, as_of=now)
    assert is_kept()
    lifting.confirm_lifting(lifting_id=given, by=RELEASER, as_of=now)
    assert not is_kept()
    with pytest.raises(ConflictError, match="no_such_proposal"):
        lifting.confirm_lifting(lifting_id=given, by=RELEASER, as_of=now)
    with pytest.raises(ConflictError, match=r"line_not_so|not_stopped|hold_lifted"):
        propose(kind, key, MAKER, now)
    kinds = [fact.kind for fact in ledger.entries_about(about)]
    assert kinds[-2:] == ["funds.lifting_proposed", done]


@pytest.mark.parametrize(("kind", "keep"), KEPT)
def test_taken_back_it_stays_as_it_is(system, treasury, now, kind, keep):
    key, about, is_kept, _ = keep(system, now)
    given = propose(kind, key, MAKER, now)
    with pytest.raises(AccessError, match="wrong_duty"):
        lifting.withdraw_lifting(lifting_id=given, by=replace(MAKER, duty="auditor"), as_of=now)
    lifting.withdraw_lifting(lifting_id=given, by=CHECKER, as_of=now)
    assert lifting.waiting_lifting(kind, key) is None
    assert is_kept()
    assert ledger.entries_about(about)[-1].kind == "funds.lifting_withdrawn"


def test_only_a_releaser_lifts_a_stop(system, now):
    key, _, is_kept, _ = stop_pressed(system, now)
    given = propose(Kept.STOP, key, MAKER, now)
    with pytest.raises(AccessError, match="wrong_duty"):
        lifting.confirm_lifting(lifting_id=given, by=CHECKER, as_of=now)
    assert is_kept()


def test_the_database_keeps_the_two_apart(system, now):
    key, *_ = stop_pressed(system, now)
    given = propose(Kept.STOP, key, MAKER, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lifting.objects.filter(pk=given).update(checker=MAKER.account)


def test_nothing_else_ends_a_stop_or_a_hold():
    root = Path(zhida.__file__).parent
    users = {path.name for path in root.rglob("*.py") if re.search(r"\b(end_stop|end_hold)\(", path.read_text())}
    assert users == {"lifting.py", "stops.py", "holds.py"}


def test_a_limit_sent_twice_is_taken_once(system, now):
    change_id = new_id("limit")
    given = {"duty": "maker", "reason": "r", "by": OPERATOR, "as_of": now}
    for _ in range(2):
        limits.propose_limit(change_id=change_id, up_to_fen=500, **given)
    assert len(limits.limit_changes()) == 1
    assert len(ledger.entries_of_kind("funds.limit_proposed")) == 1
    for other in (change_id, new_id("limit")):
        with pytest.raises(ConflictError, match="limit_proposed"):
            limits.propose_limit(change_id=other, up_to_fen=501, **given)
