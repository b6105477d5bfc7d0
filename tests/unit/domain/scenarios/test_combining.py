"""The best combination is as good as any that trying everything finds."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Group
from zhida.domain.scenarios.combining import Choice, Combination, best_combination

GROUPS = {
    name: Group(name, "o", rule, "life", cap, "", {"zh": name})
    for name, rule, cap in (("high", "highest_only", None), ("first", "first_only", None), ("cap", "capped_sum", 100))
}


@st.composite
def _choices(draw: st.DrawFn) -> list[Choice]:
    names = "abcde"[: draw(st.integers(1, 5))]
    return [
        Choice(
            name,
            draw(st.one_of(st.none(), st.integers(1, 90))),
            draw(st.sampled_from(["", *GROUPS])),
            frozenset(draw(st.sets(st.sampled_from(names)))) - {name},
        )
        for name in names
    ]


def _paid(order: tuple[Choice, ...], already: dict[str, int]) -> int | None:
    """What claiming in an order pays, by the words of the rules, one grant after the other; None where one fails."""
    had: list[Choice] = []
    given = dict(already)
    total = 0
    for one in order:
        same = [each for each in had if each.group and each.group == one.group]
        rule = GROUPS[one.group].rule if one.group else ""
        if one.refused_after & {each.item for each in had}:
            return None
        if rule == "first_only" and (same or given.get(one.group)):
            return None
        fen = one.fen or 0
        if rule == "highest_only":
            fen = max(0, fen - given.get(one.group, 0))
        if rule == "capped_sum":
            fen = max(0, min(fen, 100 - given.get(one.group, 0)))
        given[one.group] = given.get(one.group, 0) + fen
        total += fen
        had.append(one)
    return total


@given(_choices(), st.dictionaries(st.sampled_from(list(GROUPS)), st.integers(1, 80)))
def test_nothing_pays_more(choices: list[Choice], already: dict[str, int]) -> None:
    found = best_combination(choices, GROUPS, already)
    orders = [order for size in range(len(choices) + 1) for order in permutations(choices, size)]
    assert found.total_fen == max(paid for order in orders if (paid := _paid(order, already)) is not None)
    by_name = {one.item: one for one in choices}
    claimed = tuple(by_name[one.item] for one in found.taken if one.fen)
    assert _paid(claimed, already) == found.total_fen
    assert {one.item for one in found.taken} | {one.item for one in found.left} == set(by_name)


def told(found: Combination) -> tuple[list[tuple[str, int]], list[tuple[str, str, tuple[str, ...]]]]:
    return [(one.item, one.fen) for one in found.taken], [(one.item, one.rule, one.because) for one in found.left]


def test_the_reason_names_the_group_and_what_was_taken_instead() -> None:
    found = best_combination([Choice("low", 5, "high"), Choice("top", 9, "high"), Choice("alone", 1)], GROUPS)
    assert told(found) == ([("alone", 1), ("top", 9)], [("low", "highest_only", ("top",))])


def test_an_order_is_found_in_which_neither_is_refused() -> None:
    found = best_combination([Choice("a", 5, refused_after=frozenset({"b"})), Choice("b", 9)], GROUPS)
    assert told(found) == ([("a", 5), ("b", 9)], [])


def test_what_refuses_each_other_leaves_the_lesser() -> None:
    pair = [Choice("a", 5, refused_after=frozenset({"b"})), Choice("b", 9, refused_after=frozenset({"a"}))]
    assert told(best_combination(pair, GROUPS)) == ([("b", 9)], [("a", "refused", ("b",))])


def test_a_large_group_needs_no_search_and_a_large_knot_is_refused() -> None:
    many = [Choice(f"i{at:02d}", at, "high") for at in range(40)]
    assert best_combination(many, GROUPS).total_fen == 39
    knot = [Choice(f"i{at:02d}", at + 1, refused_after=frozenset({f"i{(at + 1) % 40:02d}"})) for at in range(40)]
    with pytest.raises(ConflictError, match="too_many_together"):
        best_combination(knot, GROUPS)
