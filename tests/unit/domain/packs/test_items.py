"""Items say once and for all which keys a grant takes, and who is selected where places are limited."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, root_of, small_pack
from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import Item, rank
from zhida.domain.values import Facts, Span

DAY = date(2026, 5, 1)


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
    ranked = rank(found, areas(*values), DAY)
    assert [ranked[f"case_{n}"] for n in range(len(values))] == places


def test_ranking_without_a_quota() -> None:
    with pytest.raises(InvariantBroken, match="no_quota"):
        rank(small_pack().items["grant"], {}, DAY)


def test_a_quota_keeps_everybody_possible_until_selected() -> None:
    found = item(QUOTA, process=("check: {by: system}", "select: {by: owner}"))
    assert found.program.quota
