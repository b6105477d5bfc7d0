"""Rows written past the ORM are the rows it would have written, on either database, and meet the same constraints."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from zhida.kernel.funds.models import Finding
from zhida.kernel.tables import insert_rows, update_rows

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 2, 0, 0, 123456, tzinfo=UTC)
AWKWARD = ["", "a", 'say "so"', "back\\slash", "{1,2}", "NULL", "null", "it's", "100 %s", "两行\n与逗号,", "𠮷"]
NAMES = [each.name for each in Finding._meta.concrete_fields]


def finding(number: int, **changed) -> Finding:
    plain = {"id": f"finding_{number}", "day": date(2026, 3, 3), "kind": "extra", "reference": str(number)}
    return Finding(**plain | changed)


def values(row: Finding) -> list[object]:
    return [getattr(row, each.attname) for each in Finding._meta.concrete_fields]


def stored() -> list[list[object]]:
    return [values(row) for row in Finding.objects.order_by("pk")]


def test_what_is_inserted_comes_back_as_it_was() -> None:
    rows = [values(finding(n, note=note, resolved_at=AT if n % 2 else None)) for n, note in enumerate(AWKWARD, 10)]
    insert_rows(Finding, NAMES, rows)
    assert stored() == rows


def test_what_is_updated_comes_back_as_it_was_and_the_rest_stays() -> None:
    Finding.objects.bulk_create([finding(n) for n in range(10, 10 + len(AWKWARD))])
    before = stored()
    changes = [(note, AT, date(2026, 3, 4), 7, f"finding_{n}") for n, note in enumerate(AWKWARD, 10) if n != 12]
    update_rows(Finding, ["note", "resolved_at", "day", "stated_fen"], changes)
    after = {row.id: row for row in Finding.objects.all()}
    for note, at, day, fen, key in changes:
        assert (after[key].note, after[key].resolved_at, after[key].day, after[key].stated_fen) == (note, at, day, fen)
    assert values(after["finding_12"]) == before[2]


def test_nothing_to_write_is_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        insert_rows(Finding, NAMES, [])
        update_rows(Finding, ["note"], [])


def test_constraints_see_every_row() -> None:
    twice = [values(finding(1, treasury_reference="T")), values(finding(2, treasury_reference="T"))]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Finding, NAMES, twice)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Finding, NAMES, [values(finding(1, word="perhaps"))])
    assert stored() == []


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps texts of any length")
    with pytest.raises(DatabaseError), transaction.atomic():
        insert_rows(Finding, NAMES, [values(finding(1, kind="k" * 21))])
