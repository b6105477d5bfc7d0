"""A kept scenario becomes a revision of the policy that was simulated, and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.unit.services.simulation.test_keeping import HEADS, TWICE, Publish, Run, run, wish
from zhida.domain.errors import ConflictError
from zhida.domain.packs import read_root
from zhida.domain.packs.sharing import shared_files
from zhida.domain.values import local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.simulation.converting import convert, scenarios_in

__all__ = ["run", "wish"]
BOTH = (
    b"name: both\nwords: {zh: x}\nchange:\n  made-up/heads: {rules: {amounts: {pay_fen: {is: wages_fen * 2}}}}\n"
    b"  made-up/town: {rules: {amounts: {pay_fen: {is: wages_fen * 3}}}}\n"
)
LESS = b"name: less\nwords: {zh: x}\ntake_up: 0.5\n"


def test_the_revision_holds_the_numbers_of_the_scenario(run: Run, now: datetime) -> None:
    kept = run(files={"twice.yaml": TWICE, "less.yaml": LESS})
    assert scenarios_in(kept) == ("twice",)
    revised = convert(kept, "twice", effective_on=local_date(now), as_of=now)
    assert (revised.pack_id, revised.changed) == (HEADS.id, ("rules.yaml",))
    assert revised.base == catalogue.policy(HEADS.id, as_of=now).id
    shared = shared_files(catalogue.root(revised.base))
    root = read_root({**shared, **revised.files})
    assert root.problems == ()
    rules = revised.files[f"{HEADS.id}/rules.yaml"].decode()
    assert "wages_fen * 2" in rules
    assert "staff >= 6" in rules


@pytest.mark.parametrize(
    ("scenario", "code"), [("nobody", "no_such_scenario"), ("both", "several_packs"), ("less", "several_packs")]
)
def test_what_cannot_be_one_revision_is_refused(run: Run, now: datetime, scenario: str, code: str) -> None:
    kept = run(files={"both.yaml": BOTH, "less.yaml": LESS})
    with pytest.raises(ConflictError) as refused:
        convert(kept, scenario, effective_on=local_date(now), as_of=now)
    assert refused.value.code == code


def test_a_policy_that_moved_is_simulated_again_first(run: Run, publish: Publish, now: datetime) -> None:
    kept = run(files={"twice.yaml": TWICE})
    publish(replace(HEADS, least=4))
    later = now + timedelta(minutes=1)
    with pytest.raises(ConflictError) as refused:
        convert(kept, "twice", effective_on=local_date(now), as_of=later)
    assert refused.value.code == "policy_moved"
