"""One item for one subject: answers, reasons, amounts, what is missing, and every reserved reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.domain.rules.refund import AS_OF, EVERYTHING, program, requirement, schema, table
from zhida.domain.errors import InvariantBroken
from zhida.domain.rules import Assessment, Program, Requirement, Type, assess, parse
from zhida.domain.values import Fact, FactKey, Facts

NUMBER = Type("number")


def said(changes: dict[str, Any] | None = None, of: Program | None = None, **options: Any) -> Assessment:
    """The refund for a firm that has everything, with changes; None takes a fact away."""
    facts = {key: value for key, value in {**EVERYTHING, **(changes or {})}.items() if value is not None}
    return assess(of or program(), Facts.of(facts), options.pop("as_of", AS_OF), **options)


def missing(assessment: Assessment) -> list[str]:
    return [str(key) for key in assessment.missing]


def judge(condition: str, facts: dict[str, Any] | None = None) -> Assessment:
    """One condition about a subject of which only these facts are known."""
    plain = program(requires=(requirement("r", condition),), region="", amount=None)
    return assess(plain, Facts.of(facts or {}), AS_OF)


def test_a_firm_that_meets_everything_is_entitled_to_a_known_amount() -> None:
    assert said().record() == {
        "item": "jobs/refund",
        "answer": "entitled",
        "amount": "known",
        "amount_fen": 30_000_000,
        "reasons": [
            {
                "requirement": "insured_long_enough",
                "answer": "met",
                "clauses": ["a2", "insured_long_enough-"],
                "words": "",
            },
            {"requirement": "layoffs_low", "answer": "met", "clauses": ["layoffs_low-way0"], "words": ""},
            {"requirement": "in_good_standing", "answer": "met", "clauses": ["in_good_standing-"], "words": ""},
        ],
        "missing": [],
    }


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"layoff_rate@2025": Decimal("0.052")}, "entitled"),
        ({"layoff_rate@2025": Decimal("0.0521")}, "not"),
        ({"layoff_rate@2025": Decimal("0.18"), "heads@2025": 30}, "entitled"),
        ({"layoff_rate@2025": Decimal("0.18"), "heads@2025": 31}, "not"),
        ({"insurance_months@2025": 11}, "not"),
        ({"discredited": True}, "not"),
    ],
)
def test_bounds_are_included_or_not_as_written(changes: dict[str, Any], answer: str) -> None:
    assert said(changes).answer == answer


def test_an_unknown_size_leaves_the_answer_and_takes_the_amount() -> None:
    found = said({"size": None})
    assert (found.answer, found.amount, found.amount_fen, missing(found)) == ("entitled", "unknown", None, ["size"])


def test_only_facts_that_can_still_matter_are_missing() -> None:
    assert missing(said({"layoff_rate@2025": None})) == ["layoff_rate@2025"]
    assert missing(said({"layoff_rate@2025": Decimal("0.1"), "heads@2025": None})) == ["heads@2025"]
    assert missing(said({"layoff_rate@2025": Decimal("0.3"), "heads@2025": None})) == []
    assert missing(said({"discredited": True, "size": None})) == []


def test_a_reason_tells_what_was_read_from_whom_and_what_was_needed() -> None:
    known = {FactKey.parse(key): Fact(value) for key, value in EVERYTHING.items()}
    known[FactKey.parse("layoff_rate@2025")] = Fact(Decimal("0.03"), "insurance office", date(2026, 2, 1))
    reason = assess(program(), Facts(known), AS_OF).reasons[1]
    assert [(str(use.key), use.source, use.needed) for use in reason.uses] == [
        ("layoff_rate@2025", "insurance office", "<= 0.052"),
        ("heads@2025", "", "<= 30"),
    ]
    assert [(name, str(met)) for name, met, _ in reason.alternatives] == [("way0", "met"), ("way1", "not_met")]


def test_the_digest_tells_traces_apart() -> None:
    assert said().digest == said().digest
    assert said().digest != said({"heads@2025": 499}).digest


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 3, 31), date(2027, 1, 1)])
def test_outside_its_dates_an_item_is_out_of_force(day: date) -> None:
    assert said(as_of=day).because[0] == "out_of_force"


@pytest.mark.parametrize(
    ("region", "answer", "wanting"),
    [("990102", "entitled", []), ("99", "entitled", []), ("98", "not", []), (None, "possible", ["region"])],
)
def test_the_region_decides_through_the_tree(region: str | None, answer: str, wanting: list[str]) -> None:
    found = said({"region": region})
    assert (found.answer, missing(found)) == (answer, wanting)


def test_a_region_too_coarse_to_tell_is_possible() -> None:
    found = said({"region": "9901"}, program(region="990102"))
    assert (found.answer, missing(found)) == ("possible", ["region"])
    assert found.reasons[0].record()["requirement"] == "wrong_region"


def test_reasons_decided_outside_come_first_with_their_note() -> None:
    found = said(held={"already_granted": "grant_1", "excluded_by_group": "g"})
    assert found.because == ("already_granted", "excluded_by_group")
    assert found.reasons[0].note == "grant_1"


def test_with_a_quota_nobody_is_more_than_possible_until_selected() -> None:
    with_quota = program(quota=True)
    assert said(of=with_quota).answer == "possible"
    assert said(of=with_quota, rulings={"quota": True}).answer == "entitled"
    assert said(of=with_quota, rulings={"quota": False}).because == ("quota",)
    assert said(of=with_quota, held={"quota": "places are gone"}).because == ("quota",)


def test_rulings_decide_what_cannot_be_computed_and_promises_count_as_met() -> None:
    kinds = (Requirement("seen", "evidenced"), Requirement("fair", "judged"), Requirement("keeps_staff", "undertaken"))
    open_item = program(requires=kinds)
    assert [str(reason.answer) for reason in said(of=open_item).reasons] == ["unknown", "unknown", "met"]
    assert said(of=open_item, rulings={"seen": True, "fair": True}).answer == "entitled"
    assert said(of=open_item, rulings={"seen": False, "fair": True}).because == ("seen",)
    assert said(of=open_item, rulings={"keeps_staff": False}).because == ("keeps_staff",)


def test_each_record_is_a_claim_of_its_own() -> None:
    item = program(requires=(requirement("old", "hire.age >= 50"),), amount=parse("hire.wage"), for_each="hires")
    hires = ({"age": 55, "wage": 700}, {"age": 30, "wage": 100}, {"wage": 50}, {"age": 60, "wage": 300})
    found = said({"hires": hires}, item)
    assert [str(each.answer) for _, each in found.each] == ["entitled", "not", "possible", "entitled"]
    assert (found.answer, found.amount_fen, missing(found)) == ("entitled", 1000, ["hires.age"])
    assert found.record()["each"][3]["index"] == 3


def test_no_record_no_claim_and_unknown_records_are_asked_for() -> None:
    item = program(requires=(requirement("old", "hire.age >= 50"),), amount=parse("hire.wage"), for_each="hires")
    assert said({"hires": ()}, item).because == ("no_record",)
    assert said({"hires": ({"age": 20},)}, item).amount == "none"
    unknown = said(of=item)
    assert (unknown.answer, unknown.amount, missing(unknown)) == ("possible", "unknown", ["hires"])


@pytest.mark.parametrize(
    ("condition", "facts", "answer"),
    [
        ("tax(month - 1) = 5", {"tax@2026-05": 5}, "entitled"),
        ("tax(month - 6) = 5", {"tax@2025-12": 5}, "entitled"),
        ("tax(2025, 3) = 5", {"tax@2025-03": 5}, "entitled"),
        ("insurance_paid(2024) = 5", {"insurance_paid@2024": 5}, "entitled"),
        ('grade(as_of) = "A"', {"grade@2026-01-01/2026-06-02": "A"}, "entitled"),
        ('grade(as_of) = "A"', {"grade@2026-01-01/2026-06-01": "A"}, "possible"),
        ('grade(date("2025-05-01")) = "B"', {"grade@/2026-01-01": "B"}, "entitled"),
        ('grade(as_of) = "B"', {"grade@2020-01-01/": "A", "grade@2026-01-01/": "B"}, "entitled"),
        ("age >= 60", {"born_on": date(1966, 6, 1)}, "entitled"),
        ("age >= 60", {"born_on": date(1966, 6, 2)}, "not"),
        (
            "year(born_on) = 2000 and month(born_on) = 2 and day(born_on) = 29",
            {"born_on": date(2000, 2, 29)},
            "entitled",
        ),
        ("years_between(born_on, as_of) >= 18", {"born_on": date(2008, 6, 1)}, "entitled"),
        ('add_months(born_on, 1) = date("2024-02-29")', {"born_on": date(2024, 1, 31)}, "entitled"),
        ('list contains(topics, "jobs")', {"topics": ("tax", "jobs")}, "entitled"),
        ('some t in topics satisfies t = "jobs"', {"topics": ()}, "not"),
        ('size in ("small", "micro")', {"size": "micro"}, "entitled"),
        ("discredited and heads(2025) > 3", {"discredited": False}, "not"),
        ("discredited or heads(2025) > 3", {"heads@2025": 4}, "entitled"),
        ("if discredited then true else true", {}, "entitled"),
        ('region in ("9901", "9902")', {"region": "990102"}, "entitled"),
        ('region in ("9901", "9902")', {"region": "99"}, "possible"),
        ('within(region, ["98", "9902"])', {"region": "990102"}, "not"),
        ("if staff = 0 then false else 1 / staff > 0.3", {"staff": 3}, "entitled"),
        ("0.1 + 0.2 = 0.3 and 2 ** 10 = 1024 and -7 / 2 = -3.5", {}, "entitled"),
        ("floor(-2.5) = -3 and ceiling(-2.5) = -2 and floor(1234, -2) = 1200", {}, "entitled"),
        (
            "round half up(2.5, 0) = 3 and round half up(-2.5, 0) = -3 and round half up(1.005, 2) = 1.01",
            {},
            "entitled",
        ),
        (
            "min(3, 1, 2) = 1 and max([3, 1]) = 3 and sum(1, 2) = 3 and abs(-1) = 1 and count([1, 2]) = 2",
            {},
            "entitled",
        ),
        ('contains("科技公司", "科技")', {}, "entitled"),
    ],
)
def test_what_the_language_means(condition: str, facts: dict[str, Any], answer: str) -> None:
    assert judge(condition, facts).answer == answer


_HIRES = ({"age": 55, "insured": True, "wage": 10, "year": 2026}, {"age": 20, "wage": 5, "year": 2025})


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("some h in hires satisfies h.age > 50", "entitled"),
        ("every h in hires satisfies h.age > 50", "not"),
        ("some h in hires satisfies h.insured and h.age < 30", "possible"),
        ("every h in hires satisfies h.insured", "possible"),
        ("count(hires[age > 30]) = 1", "entitled"),
        ("count(hires[insured]) >= 1", "possible"),
        ("sum(hires.wage) = 15", "entitled"),
        ("sum(hires[insured].wage) > 1", "possible"),
        ("sum(for h in hires return h.wage * 2) = 30", "entitled"),
        ("count(hires[item.year = year]) = 2", "entitled"),
        ("if count(hires) > 0 then max(hires.age) > 50 else false", "entitled"),
    ],
)
def test_what_lists_of_records_mean(condition: str, answer: str) -> None:
    assert judge(condition, {"hires": _HIRES}).answer == answer


@pytest.mark.parametrize(
    ("region", "answer"), [("98", "2000"), ("9902", "2300"), ("990102", "2500"), ("9901", "?"), ("77", "?")]
)
def test_the_narrowest_regional_parameter_is_in_force(region: str, answer: str) -> None:
    matching = [
        value
        for value in ("2000", "2300", "2500")
        if judge(f"parameters.wage = {value}", {"region": region}).answer == "entitled"
    ]
    assert matching == ([] if answer == "?" else [answer])


def test_a_fact_too_old_counts_as_unknown() -> None:
    item = program(requires=(requirement("r", "checked"),), region="", amount=None)
    for day, answer in ((date(2026, 5, 2), "entitled"), (date(2026, 5, 1), "possible")):
        facts = Facts({FactKey("checked"): Fact(True, "office", day)})
        assert assess(item, facts, AS_OF).answer == answer


@pytest.mark.parametrize(("staff", "amount"), [(0, 0), (3, 600), (4, 900), (50, 1400), (None, None)])
def test_marginal_bands_count_each_unit_at_its_rate_under_a_cap(staff: int | None, amount: int | None) -> None:
    bands = table("steps", "marginal", "staff", NUMBER, [("(0..3]", "200"), ("> 3", "300")], "1400")
    found = said({"staff": staff}, program(schema=schema(bands), amount=parse("steps")))
    assert found.amount_fen == amount


@pytest.mark.parametrize(("staff", "amount"), [(2, 10), (12, 20), (30, None)])
def test_the_first_row_that_holds_gives_and_none_is_no_amount(staff: int, amount: int | None) -> None:
    rows = table("steps", "first", "staff", NUMBER, [("< 10", "10"), ("< 20", "20")])
    found = said({"staff": staff}, program(schema=schema(rows), amount=parse("steps * 1")))
    assert (found.amount, found.amount_fen) == ("none" if amount is None else "known", amount)


def test_a_table_with_an_unknown_input_gives_what_all_rows_agree_on() -> None:
    rows = table("steps", "first", "staff", NUMBER, [("< 10", "7"), ("-", "7")])
    assert said({"staff": None}, program(schema=schema(rows), amount=parse("steps"))).amount_fen == 7


@pytest.mark.parametrize(("staff", "amount"), [(5, 1), (15, 3), (0, None)])
def test_collected_rows_are_added(staff: int, amount: int | None) -> None:
    rows = table("steps", "collect_sum", "staff", NUMBER, [("> 0", "1"), ("> 10", "2")])
    assert said({"staff": staff}, program(schema=schema(rows), amount=parse("steps"))).amount_fen == amount


@pytest.mark.parametrize("amount", ["0.5", "-1", "10 ** 19"])
def test_an_amount_that_is_no_fen_breaks_a_promise(amount: str) -> None:
    with pytest.raises(InvariantBroken, match="amount_not_in_fen"):
        said(of=program(amount=parse(amount)))


@pytest.mark.parametrize("value", [1.5, "12", True, float("nan")])
def test_a_fact_of_the_wrong_type_is_never_read(value: object) -> None:
    with pytest.raises(InvariantBroken, match="fact_of_wrong_type"):
        said({"insurance_months@2025": value})


@pytest.mark.parametrize("value", ["abc", ("abc",), {"age": 1}])
def test_a_relation_holds_records_only(value: object) -> None:
    with pytest.raises(InvariantBroken, match="fact_of_wrong_type"):
        judge("count(hires) > 0", {"hires": value})


def test_a_unique_table_without_a_row_breaks_a_promise() -> None:
    rows = table("steps", "unique", "staff", NUMBER, [(">= 0", "1")])
    with pytest.raises(InvariantBroken, match="table_without_row"):
        said({"staff": -1}, program(schema=schema(rows), amount=parse("steps")))


def test_a_huge_relation_ends_at_the_step_budget() -> None:
    hires = ({"age": 1},) * 900
    with pytest.raises(InvariantBroken, match="step_budget"):
        judge("some a in hires satisfies some b in hires satisfies a.age + b.age > 3", {"hires": hires})
