"""The import of real registration data, its figures to the row; docs/reference/import-figures.md explains them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.kernel.registry.conftest import attribute
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.values import Scope, SubjectKind
from zhida.domain.values.subject import CodeVerdict, judge_credit_code
from zhida.kernel.outbox.models import Message
from zhida.kernel.registry import actions, queries
from zhida.kernel.registry.dictionary import shapes_of
from zhida.kernel.registry.importing import PlaceBook, import_file, read_mapping, read_places
from zhida.kernel.registry.records import BatchReport

HERE = Path(__file__).parent / "enterprises"
DATA = Path(__file__).parents[5] / "shared" / "data"
LEVELS = ("provinces", "cities", "areas")
YUAN = {"元人民币", "元", "人民币元", "人民币"}
SAMPLE, DIRTY = "enterprises_sample.csv", "enterprises_dirty.csv"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="needs shared/data/enterprises and shared/data/reference"),
]


@pytest.fixture
def registration() -> Dictionary:
    """What the file tells of a firm."""
    entries = [
        attribute("registered_region", "text", owner="market", field_class="public"),
        attribute("established_on", "date", owner="market", field_class="public"),
        attribute("registered_capital_fen", "number", unit="fen", owner="market", field_class="public"),
        attribute("business_scope", "text", owner="market", field_class="public"),
    ]
    return Dictionary(attributes={entry.name: entry for entry in entries}, hash="registration")


@pytest.fixture
def places() -> PlaceBook:
    """Every division of 2023 down to the county, and what became of older ones."""
    lists = [(f"adcode_{level}.csv", (DATA / "reference" / f"adcode_{level}.csv").read_bytes()) for level in LEVELS]
    return read_places(lists, ("history", (HERE / "divisions_history.csv").read_bytes()))


@pytest.fixture
def take(registration, places, actor, now):
    """Imports one of the files."""
    actions.load_dictionary(dictionary=registration, by=actor, as_of=now)
    mapping = read_mapping((HERE / "mapping.yaml").read_bytes(), "mapping.yaml", shapes_of(registration))

    def run(name: str) -> BatchReport:
        return import_file(path=DATA / "enterprises" / name, mapping=mapping, places=places, by=actor, as_of=now)

    return run


def figures(report: BatchReport) -> Mapping[str, int]:
    names = ("read", "landed", "updated", "unchanged", "quarantined")
    return {name: getattr(report, name) for name in names}


def cells(name: str) -> list[dict[str, str]]:
    with (DATA / "enterprises" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sample_lands_whole_once_and_every_flag_is_accounted_for(take, places) -> None:
    report = take(SAMPLE)
    assert figures(report) == {"read": 12_400, "landed": 12_400, "updated": 0, "unchanged": 0, "quarantined": 0}
    assert report.flags == {"capital_not_in_yuan": 2_379, "place_mapped": 858, "place_outdated": 472}
    rows = cells(SAMPLE)
    stale = [row for row in rows if row["registrar_adcode"] not in places.names]
    foreign = [row for row in rows if row["capital_wan"] and row["currency"].strip() not in YUAN]
    assert (len(stale), len(foreign)) == (858 + 472, 2_379)
    assert take(SAMPLE) == replace(report, is_repeat=True)


def region_class(code: str, places: PlaceBook) -> str:
    """The row of the table of divisions that a registrar's code belongs to."""
    if code in places.names:
        return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
    region, flag = places.resolve(code)
    if flag == "place_mapped":
        kind = "prefecture" if code.endswith("00") else "county"
        return "urban districts" if code.endswith("01") and region.endswith("00") else f"{kind} with a successor"
    if code[:4] not in {name[:4] for name in places.names}:
        return "first four digits in no list"
    return "zone" if code[4] == "9" else "county without a successor"


def test_each_row_belongs_to_one_class(places) -> None:
    rows = cells(SAMPLE)
    assert len(places.names) == 3_348
    assert Counter(region_class(row["registrar_adcode"], places) for row in rows) == {
        "county": 7_766,
        "city": 2_828,
        "province": 476,
        "county with a successor": 681,
        "urban districts": 143,
        "prefecture with a successor": 34,
        "zone": 203,
        "county without a successor": 171,
        "first four digits in no list": 98,
    }
    amounts = Counter((bool(row["capital_wan"]), row["currency"].strip()) for row in rows)
    assert sum(count for (is_told, currency), count in amounts.items() if is_told and currency in YUAN) == 8_224
    assert amounts[True, ""] == 2_191
    assert sum(count for (is_told, _), count in amounts.items() if not is_told) == 1_797
    assert {judge_credit_code(row["uscc"]) for row in rows} == {CodeVerdict.SOUND}
    assert len({row["uscc"] for row in rows}) == len(rows)
    codes = Counter((judge_credit_code(row["uscc"].upper()), row["uscc"].isupper()) for row in cells(DIRTY))
    assert codes[CodeVerdict.SOUND, False] == 9
    assert {verdict: sum(n for (one, _), n in codes.items() if one is verdict) for verdict in CodeVerdict} == {
        CodeVerdict.SOUND: 9,
        CodeVerdict.BAD_CHECK_DIGIT: 91,
        CodeVerdict.OLD_FORM: 100,
        CodeVerdict.FORGED: 100,
    }


def test_amounts_land_to_the_fen(take, registration, actor, now) -> None:
    take(SAMPLE)
    ref = actions.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=registration, as_of=now, by=actor)
    landed = queries.read_snapshot(ref)["registered_capital_fen"].to_pylist()
    expected = [
        int(Decimal(row["capital_wan"]) * 1_000_000)
        for row in cells(SAMPLE)
        if row["capital_wan"] and row["currency"].strip() in YUAN
    ]
    assert sorted(value for value in landed if value is not None) == sorted(expected)


def test_of_the_dirty_rows_the_doubtful_land_and_the_forged_do_not(take) -> None:
    report = take(DIRTY)
    assert figures(report) == {"read": 300, "landed": 200, "updated": 0, "unchanged": 0, "quarantined": 100}
    assert report.refused == {"forged_code": 100}
    assert report.flags == {
        "bad_check_digit": 91,
        "old_form": 100,
        "place_by_name": 100,
        "place_mapped": 5,
        "place_outdated": 2,
        "capital_not_in_yuan": 20,
    }
    lines = {line.line for line in queries.quarantined(report.batch)}
    rows = cells(DIRTY)
    assert {judge_credit_code(rows[line - 2]["uscc"].upper()) for line in lines} == {CodeVerdict.FORGED}
    assert Message.objects.filter(kind="register.ask").count() == 91
    doubtful = next(row["uscc"] for row in rows if judge_credit_code(row["uscc"]) is CodeVerdict.BAD_CHECK_DIGIT)
    firm = queries.find_by_credit_code(doubtful, scope=Scope.system("look"))
    assert firm is not None
    assert (firm.status, firm.code_state) == ("doubtful", "asked")
