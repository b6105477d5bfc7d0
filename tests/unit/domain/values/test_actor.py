"""Who acts is told without what is empty, and a scope limits nothing, all or some: never by leaving a word out."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from zhida.domain.values import Actor, Scope


def test_an_actor_is_told_by_what_it_has() -> None:
    assert Actor("account_1", "system").record() == {"account": "account_1", "duty": "system"}
    whole = Actor("account_1", "agent", "labour", "subject_1", "release_1")
    assert whole.record() == {
        "account": "account_1",
        "duty": "agent",
        "office": "labour",
        "subject": "subject_1",
        "standing_release": "release_1",
    }


def test_a_scope_shows_nothing_unless_told() -> None:
    nothing: frozenset[str] = frozenset()
    assert Scope() == Scope(nothing, nothing, nothing, "")
    assert Scope.system("sealing") == Scope(None, None, None, "sealing")
    assert Scope.own(frozenset({"subject_1"}), "own") == Scope(None, None, frozenset({"subject_1"}), "own")


@pytest.mark.parametrize(("value", "name"), [(Scope(), "offices"), (Actor("account_1", "maker"), "duty")])
def test_neither_is_widened_afterwards(value: Scope | Actor, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
