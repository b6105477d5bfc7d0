"""Items say once and for all which keys a grant takes, and who is selected where places are limited."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.packs.small_root import PACK, edited, root_of, small_pack
from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import Claimed, Item, release, share_out
from zhida.domain.values import Facts, Span

DAY = date(2026, 5, 1)
NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)


def item(*replacements: tuple[str, str], process: tuple[str, str] = ("", "")) -> Item:
    files = edited("items.yaml", "grant:", "grant:")
    for old, new in replacements:
        assert old.encode() in files[f"{PACK}/items.yaml"]
        files[f"{PACK}/items.yaml"] = files[f"{PACK}/items.yaml"].replace(old.encode(), new.encode())
    files[f"{PACK}/process.yaml"] = files[f"{PACK}/process.yaml"].replace(process[0].encode(), process[1].encode())
    return root_of(files).packs[PACK].items["grant"]


def test_keys_of_a_subject_and_a_year() -> None:
    assert item().keys_of("subject_1", DAY) == (f"{PACK}/grant|subject=subject_1|year=2026",)


def test_keys_of_months_and_instalments() -> None:
    found = item(("[[subject, year]]", "[[subject, month], [subject, instalment], [subject, life]]"))
    assert found.keys_of("s", DAY, instalment=2) == (
        f"{PACK}/grant|subject=s|month=2026-05",
        f"{PACK}/grant|subject=s|instalment=2",
        f"{PACK}/grant|subject=s",
    )


def test_keys_of_counted_records_count_anywhere() -> None:
    counts = "counts: {relation: boilers, where: boiler.power > 1}\n  once_per: [[record.number, life, anywhere]]"
    found = item(("once_per: [[subject, year]]", counts))
    records = [{"number": "A"}, {"number": "B"}]
    assert found.keys_of("s", DAY, records=records) == ("anywhere|boilers.number=A", "anywhere|boilers.number=B")
    assert found.reads >= {"boilers"}
    with pytest.raises(InvariantBroken, match="key_unknown"):
        found.keys_of("s", DAY, records=[{}])


def test_windows_schedules_and_obligations() -> None:
    found = item(
        (
            "claim: automatic",
            'claim: automatic\n  window: {from: 2026-03-01, to: 2026-07-01, opens_at: "09:00", closes_at: "17:30"}\n'
            "  schedule: {every: month, for: 6, recheck: false}\n"
            "  obligations: [{is: stay, years: 5, breach: recover, cites: [a3]}]",
        )
    )
    assert found.window == Span(date(2026, 3, 1), date(2026, 7, 1))
    assert (found.opens_at, found.closes_at) == (time(9), time(17, 30))
    assert found.schedule is not None
    assert (found.schedule.every, found.schedule.count, found.schedule.rechecked) == ("month", 6, False)
    assert [(o.name, o.years, o.breach) for o in found.obligations] == [("stay", 5, "recover")]


QUOTA = (
    "claim: automatic",
    "claim: automatic\n  quota: {n: 2, by: [{value: heated_area(year - 1), first: high}], ties: all_in}",
)


def areas(*values: int | None) -> dict[str, Facts]:
    known = [{} if value is None else {"heated_area@2025": value} for value in values]
    return {f"case_{n}": Facts.of(facts) for n, facts in enumerate(known)}


@pytest.mark.parametrize(
    ("ties", "values", "places"),
    [
        ("all_in", (10, 30, 20), [(3, False), (1, True), (2, True)]),
        ("all_in", (30, 20, 20), [(1, True), (2, True), (2, True)]),
        ("none_in", (30, 20, 20), [(1, True), (2, False), (2, False)]),
        ("none_in", (20, 20, 10), [(1, True), (1, True), (3, False)]),
        ("all_in", (None, 5, 6), [(3, False), (2, True), (1, True)]),
        ("all_in", (), []),
    ],
)
def test_ranking(ties: str, values: tuple[int | None, ...], places: list[tuple[int, bool]]) -> None:
    found = item(QUOTA, ("ties: all_in", f"ties: {ties}"), process=("check: {by: system}", "select: {by: owner}"))
    claims = {name: Claimed(facts, NOON) for name, facts in areas(*values).items()}
    round_ = release(found, claims, DAY)
    ranked = [round_[f"case_{n}"] for n in range(len(values))]
    assert [(one.place, one.is_selected) for one in ranked] == places
    assert {one.allotted_fen for one in ranked} <= {None}
    assert not any(one.is_selected for one in release(found, claims, DAY, places_taken=2).values())


def test_ranking_without_a_quota() -> None:
    with pytest.raises(InvariantBroken, match="no_quota"):
        release(small_pack().items["grant"], {}, DAY)


def limited(quota: str) -> Item:
    return item(
        ("claim: automatic", f"claim: applied\n  quota: {{{quota}}}"),
        process=("check: {by: system}", "select: {by: owner}"),
    )


def asking(*fen: int) -> dict[str, Claimed]:
    """Claims for so much, the last handed in first."""
    times = [NOON - timedelta(minutes=n) for n in range(len(fen))]
    return {f"case_{n}": Claimed(Facts.of({}), times[n], asked) for n, asked in enumerate(fen)}


def test_whoever_comes_first_is_in_and_nobody_overtakes() -> None:
    found = release(limited("n: 2, order: first_come"), asking(5, 5, 5), DAY)
    assert [found[f"case_{n}"].place for n in range(3)] == [3, 2, 1]
    assert [found[f"case_{n}"].is_selected for n in range(3)] == [False, True, True]
    money = release(limited("total_yuan: 1, order: first_come"), asking(10, 60, 50), DAY, allotted_fen=10)
    assert [(money[f"case_{n}"].is_selected, money[f"case_{n}"].allotted_fen) for n in range(3)] == [
        (False, 0), (False, 0), (True, 50)
    ]  # fmt: skip


@given(asked=st.lists(st.integers(0, 10**12), max_size=40), total=st.integers(0, 10**13))
def test_a_sum_is_shared_out_to_the_fen(asked: list[int], total: int) -> None:
    claims = {str(n): fen for n, fen in enumerate(asked)}
    shares = share_out(claims, total)
    assert sum(shares.values()) == min(total, sum(asked))
    for name, share in shares.items():
        exact = Fraction(claims[name] * min(total, sum(asked)), sum(asked) or 1)
        assert 0 <= share <= claims[name]
        assert abs(share - exact) < 1


def test_a_share_of_nothing_is_no_place() -> None:
    found = release(limited("total_yuan: 1, order: pro_rata"), asking(150, 50, 0), DAY)
    assert [(one.is_selected, one.allotted_fen) for one in found.values()] == [(True, 75), (True, 25), (False, 0)]


@pytest.mark.parametrize(
    "quota",
    ["order: first_come", "n: 2, order: pro_rata", "n: 2, total_yuan: 3, order: pro_rata", "order: ranked, by: []"],
)
def test_a_quota_limits_something_that_it_can_share(quota: str) -> None:
    with pytest.raises(AssertionError, match="quota_without_limit"):
        limited(quota)


def test_a_sum_is_shared_among_claims_for_money_that_is_paid_once() -> None:
    schedule = "claim: applied\n  schedule: {every: month, for: 6}\n  quota: {total_yuan: 3, order: pro_rata}"
    with pytest.raises(AssertionError, match="sum_cannot_be_shared"):
        item(("claim: automatic", schedule), process=("check: {by: system}", "select: {by: owner}"))


def test_only_a_sum_or_an_office_needs_a_selection() -> None:
    first = ("claim: automatic", "claim: automatic\n  quota: {n: 2, order: first_come}")
    assert not item(first).program.quota
    assert limited("n: 2, order: first_come").program.quota


def test_a_quota_keeps_everybody_possible_until_selected() -> None:
    found = item(QUOTA, process=("check: {by: system}", "select: {by: owner}"))
    assert found.program.quota
