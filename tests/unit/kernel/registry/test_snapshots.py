"""From batches and changes to a snapshot, and back to one subject's facts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, Fact, FactKey, Scope, SubjectKind, new_id
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.registry import actions, queries, storage
from zhida.kernel.registry.models import BankAccount

FIRM = SubjectKind.ORGANISATION
ALL = Scope.system("screening")


def receive(source: str, rows: list[dict], on: date, actor: Actor, now: datetime, *, complete: bool = False):
    return actions.receive_batch(
        kind=FIRM, source=source, rows=rows, observed_on=on, is_complete=complete, by=actor, as_of=now
    )


def value(subject_id: str, key: str, now: datetime):
    fact = queries.facts_of(subject_id, scope=ALL, as_of=now).get(FactKey.parse(key))
    return fact and fact.value


def test_a_batch_becomes_facts_with_source_and_date(firms, dictionary, actor, now, today) -> None:
    rows = [{"subject": firms[0], "revenue_fen@2025": 123_45, "revenue_fen@2024": None}]
    report = receive("tax", rows, today, actor, now)
    receive("insurance", [{"subject": firms[0], "layoff_rate@2025": Decimal("0.0525")}], today, actor, now)
    ref = actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)

    assert (report.read, report.landed, report.quarantined) == (1, 1, 0)
    assert storage.digest_of(storage.place(ref.path)) == ref.root
    facts = queries.facts_of(firms[0], scope=ALL, as_of=now)
    assert facts.known[FactKey.parse("revenue_fen@2025")] == Fact(12345, "tax", today)
    assert facts.known[FactKey.parse("layoff_rate@2025")] == Fact(Decimal("0.0525"), "insurance", today)
    assert FactKey.parse("revenue_fen@2024") not in facts.known


def test_rows_stand_in_the_order_of_the_tree_even_where_a_zone_breaks_the_prefix(firms, dictionary, actor, now) -> None:
    ref = actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    table = queries.read_snapshot(ref)
    assert table["region"].to_pylist() == ["990100", "990102", "990471", "990202"]
    assert table.column_names == ["subject", "region"]


def test_the_same_content_is_received_once_and_built_once(firms, dictionary, actor, now, today) -> None:
    rows = [{"subject": firms[0], "revenue_fen@2025": 5}, {"subject": "subject_none", "revenue_fen@2025": 6}]
    first = receive("tax", rows, today, actor, now)
    again = receive("tax", rows, today, actor, now + timedelta(hours=1))
    assert (first.read, first.landed, first.quarantined) == (2, 1, 1)
    assert again.is_repeat
    assert again.batch == first.batch
    ref = actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    assert actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor) == ref


def test_a_second_batch_counts_what_it_changes(firms, actor, now, today) -> None:
    rows = [{"subject": one, "revenue_fen@2025": 1} for one in firms[:3]]
    receive("tax", rows, today, actor, now)
    rows[1]["revenue_fen@2025"] = 2
    rows[2]["revenue_fen@2025"] = None
    rows.append({"subject": firms[3], "revenue_fen@2025": 1})
    report = receive("tax", rows, today + timedelta(days=1), actor, now)
    assert (report.landed, report.updated, report.unchanged) == (1, 1, 2)


def test_the_owner_speaks_last_and_a_later_word_wins(firms, dictionary, actor, now, today) -> None:
    receive("tax", [{"subject": firms[0], "revenue_fen@2025": 1}], today - timedelta(days=9), actor, now)
    receive("tax", [{"subject": firms[0], "revenue_fen@2025": 2}], today - timedelta(days=5), actor, now)
    receive("statistics", [{"subject": firms[0], "revenue_fen@2025": 3}], today, actor, now)
    actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    fact = queries.facts_of(firms[0], scope=ALL, as_of=now).known[FactKey.parse("revenue_fen@2025")]
    assert fact == Fact(2, "tax", today - timedelta(days=5))


@pytest.mark.parametrize(
    ("complete", "age_days", "expected"),
    [(True, 90, False), (True, 91, None), (False, 0, None)],
    ids=["complete source", "too old", "incomplete source"],
)
def test_silence_of_a_complete_and_fresh_source_is_the_dictionarys_absence(
    complete, age_days, expected, firms, dictionary, actor, now, today
) -> None:
    rows = [{"subject": firms[0], "discredited": True}]
    receive("credit", rows, today - timedelta(days=age_days), actor, now, complete=complete)
    actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    assert value(firms[1], "discredited", now) is expected
    assert value(firms[0], "discredited", now) is (True if age_days <= 90 else None)


def test_relations_are_exact_and_absent_records_are_an_empty_list(firms, dictionary, actor, now, today) -> None:
    hire = {"hired_on": date(2025, 7, 1), "wage": Decimal("4500.5")}
    receive("jobs", [{"subject": firms[0], "hires": [hire]}], today, actor, now, complete=True)
    actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    assert value(firms[0], "hires", now) == (hire,)
    assert value(firms[1], "hires", now) == ()


def test_restricted_facts_need_a_purpose_and_leave_a_note(firms, dictionary, actor, now, today) -> None:
    receive("tax", [{"subject": firms[0], "revenue_fen@2025": 1}], today, actor, now)
    actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    with pytest.raises(AccessError, match="purpose_missing"):
        queries.facts_of(firms[0], scope=Scope(None, None, None), as_of=now)
    officer = Scope(None, frozenset({"990202"}), None, "case_1")
    queries.facts_of(firms[0], scope=officer, as_of=now, by=actor)
    (note,) = queries.access_notes(firms[0], scope=Scope.own(frozenset({firms[0]}), "look"))
    assert (note.account, note.purpose, note.facts) == (actor.account, "case_1", ("revenue_fen@2025",))
    with pytest.raises(AccessError, match="subject_out_of_sight"):
        queries.facts_of(firms[1], scope=officer, as_of=now, by=actor)


def test_a_row_is_found_in_whichever_group_it_stands(firms, dictionary, actor, now, today, monkeypatch) -> None:
    monkeypatch.setattr(storage, "ROW_GROUP", 2)
    rows = [{"subject": one, "revenue_fen@2025": place} for place, one in enumerate(firms)]
    receive("tax", rows, today, actor, now)
    ref = actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    assert storage.open_file(ref.path).num_row_groups == 2
    assert [value(one, "revenue_fen@2025", now) for one in firms] == [0, 1, 2, 3]


def test_a_closed_firm_leaves_the_snapshot_and_keeps_its_past(firms, dictionary, actor, now) -> None:
    actions.close_subject(subject_id=firms[0], because="deregistered", by=actor, as_of=now)
    ref = actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    assert ref.rows == 3
    assert queries.subject(firms[0], scope=ALL).status == "closed"


def test_money_goes_to_the_account_of_the_day(firms, actor, now, today) -> None:
    numbers = {"6217000000000001": today - timedelta(days=30), "6217000000000002": today}
    ids = []
    for number, valid_from in numbers.items():
        ids.append(
            actions.register_account(
                account_id=new_id("bankaccount"),
                subject_id=firms[0],
                number=number,
                holder="云岚0号厂",
                bank="明州银行",
                source="declared",
                valid_from=valid_from,
                by=actor,
                as_of=now,
            )
        )
    tails = [queries.bank_account(firms[0], scope=ALL, on=today + timedelta(days=day)).tail for day in (-1, 0)]
    assert tails == ["0001", "0002"]
    assert queries.bank_account(firms[0], scope=ALL, on=today - timedelta(days=31)) is None
    assert queries.payee(ids[1]) == ("云岚0号厂", "6217000000000002")
    assert not BankAccount.objects.filter(number_sealed__contains=b"6217").exists()


def test_a_code_or_number_is_registered_once(firms, actor, now) -> None:
    def firm() -> actions.NewSubject:
        return actions.NewSubject(new_id("subject"), FIRM, "甲厂", "990102", credit_code="91990102000000011B")

    actions.register_subject(subject=firm(), by=actor, as_of=now)
    with pytest.raises(ConflictError, match="already_registered"):
        actions.register_subjects(subjects=[firm()], by=actor, as_of=now)
    found = queries.find_by_name("甲", scope=Scope(None, frozenset({"990102"}), None))
    assert [(record.name, record.code_state) for record in found] == [("甲厂", "sound")]
    assert queries.find_by_credit_code("91990102000000011B", scope=Scope(None, frozenset(), None)) is None


def test_the_ledger_holds_one_fact_a_batch_and_one_a_snapshot(firms, dictionary, actor, now, today) -> None:
    report = receive("tax", [{"subject": firms[0], "revenue_fen@2025": 1}], today, actor, now)
    ref = actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    for about, kind in ((report.batch, "attributes.received"), (ref.id, "snapshot.built")):
        (entry,) = ledger.entries_about(about)
        assert entry.kind == kind
