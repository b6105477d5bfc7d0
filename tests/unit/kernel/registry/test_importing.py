"""Imports of made-up files: every row accounted for, whatever its encoding, and nothing lost when cut off."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.values import Scope, SubjectKind
from zhida.kernel.outbox.models import Message
from zhida.kernel.registry import actions, queries
from zhida.kernel.registry.dictionary import shapes_of
from zhida.kernel.registry.importing import PlaceBook, import_file, intake, read_mapping, read_places
from zhida.kernel.registry.models import Batch, Subject
from zhida.kernel.registry.ports import RegisterAnswer
from zhida.kernel.registry.questions import settle_code

ALL = Scope.system("screening")
PLACES = PlaceBook({"990000": "明州省", "990100": "云泽市", "990102": "湖东区"}, {"990101": "990102"})
SOUND = ("91990102000000011B", "91990102000000022F", "91990102000000033K", "91990102000000044P")
MAPPING = b"""
subjects: organisation
source: market
observed_on: 2026-02-01
codes: {old_form: land}
identity:
  credit_code: {column: code, apply: [strip, half_width, upper_case]}
  name: {column: name, apply: [strip]}
  region: {column: place, province: province}
facts:
  founded_on: {column: founded, apply: [strip, {date: "%Y/%m/%d"}]}
  size: {column: size, apply: [strip, {map: {L: large, S: small}}]}
  revenue_fen@2025:
    column: wan
    apply: [strip, half_width, drop_separators, wan_to_fen]
    where: {column: currency, in: [CNY], otherwise: not_in_yuan}
"""
HEADING = ("code", "name", "place", "province", "founded", "size", "wan", "currency")


def row(code: str, **cells: str) -> dict[str, str]:
    usual = {"name": "云岚一号厂", "place": "990102", "province": "", "founded": "2020-05-01", "size": "S"}
    return {"code": code, **usual, "wan": "12.5", "currency": "CNY", **cells}


def written(rows: Sequence[Mapping[str, str]]) -> str:
    sheet = StringIO()
    writer = csv.DictWriter(sheet, HEADING)
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


@pytest.fixture
def take(db, dictionary, actor, now, tmp_path):
    """Imports rows, or a file already there."""
    actions.load_dictionary(dictionary=dictionary, by=actor, as_of=now)
    mapping = read_mapping(MAPPING, "mapping.yaml", shapes_of(dictionary))

    def run(given: Sequence[Mapping[str, str]] | Path, **more: object):
        path = given if isinstance(given, Path) else tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        if not isinstance(given, Path):
            path.write_text(written(given), "utf-8")
        return import_file(path=path, mapping=mapping, places=PLACES, by=actor, as_of=now, **more)

    return run


def facts(code: str, dictionary, actor, now) -> Mapping[str, object]:
    actions.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    firm = queries.find_by_credit_code(code, scope=ALL)
    known = queries.facts_of(firm.id, scope=ALL, as_of=now).known
    return {str(key): fact.value for key, fact in known.items()}


def figures(report) -> tuple[int, ...]:
    counts = (report.landed, report.updated, report.unchanged, report.quarantined)
    assert report.read == sum(counts)
    return counts


def test_a_row_lands_exactly(take, dictionary, actor, now) -> None:
    given = [row(f" {SOUND[0].lower()}　", wan="１,234.5678", size="L", founded="2019/3/1")]
    assert figures(take(given)) == (1, 0, 0, 0)
    assert facts(SOUND[0], dictionary, actor, now) == {
        "revenue_fen@2025": 1_234_567_800,
        "size": "large",
        "founded_on": date(2019, 3, 1),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_found_out(encoding, take, tmp_path) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(written([row(SOUND[0]), row(SOUND[1], name="龘靐织造")]).encode(encoding))
    assert figures(take(path)) == (2, 0, 0, 0)
    assert queries.find_by_credit_code(SOUND[1], scope=ALL).name == "龘靐织造"


def test_one_spoilt_line_is_kept_aside_and_changes_no_other(take, tmp_path) -> None:
    path = tmp_path / "firms.csv"
    lines = written([row(SOUND[0]), row(SOUND[1], name="坏"), row(SOUND[2])]).encode()
    path.write_bytes(lines.replace("坏".encode(), b"\xe5\x9d"))
    report = take(path)
    assert figures(report) == (2, 0, 0, 1)
    assert [(line.line, line.reason) for line in queries.quarantined(report.batch)] == [(3, "undecodable")]


def test_xlsx_and_parquet_say_the_same(take, dictionary, actor, now, tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADING)
    book.active.append([SOUND[0], "甲厂", 990102, None, date(2020, 5, 1), "S", 12.5, "CNY"])
    book.save(tmp_path / "firms.xlsx")
    columns = {"code": [SOUND[1]], "name": ["乙厂"], "place": ["990102"], "province": [None]}
    more = {"founded": [date(2020, 5, 1)], "size": ["S"], "wan": [12.5], "currency": ["CNY"]}
    pq.write_table(pa.table({**columns, **more}), tmp_path / "firms.parquet")
    assert figures(take(tmp_path / "firms.xlsx")) == figures(take(tmp_path / "firms.parquet")) == (1, 0, 0, 0)
    assert facts(SOUND[0], dictionary, actor, now) == facts(SOUND[1], dictionary, actor, now)
    assert facts(SOUND[0], dictionary, actor, now)["revenue_fen@2025"] == 12_500_000


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"code": "9199010200000001"}, "credit_code", "forged_code"),
        ({"code": "91990102000000O11B"}, "credit_code", "forged_code"),
        ({"code": ""}, "credit_code", "code_missing"),
        ({"name": " "}, "name", "name_missing"),
        ({"name": "长" * 201}, "name", "name_too_long"),
        ({"founded": "2020-02-30"}, "founded_on", "not_a_date"),
        ({"size": "XL"}, "size", "not_in_code_map"),
        ({"wan": "twelve"}, "revenue_fen@2025", "not_a_number"),
        ({"wan": "1e3"}, "revenue_fen@2025", "not_a_number"),
        ({"wan": "0.0000001"}, "revenue_fen@2025", "too_many_decimals"),
        ({"wan": "99999999999999"}, "revenue_fen@2025", "number_too_large"),
    ],
)
def test_a_bad_row_is_kept_aside_with_its_reason_and_the_others_land(cells, field, reason, take) -> None:
    report = take([row(SOUND[0]), row(SOUND[1], **cells) if "code" not in cells else row(**cells), row(SOUND[2])])
    assert figures(report) == (2, 0, 0, 1)
    assert report.refused == {reason: 1}
    (line,) = queries.quarantined(report.batch)
    assert (line.line, line.field, line.reason) == (3, field, reason)
    assert queries.quarantined_line(report.batch, 3, scope=ALL)["place"] == "990102"


def test_rows_with_too_many_or_too_few_cells_are_kept_aside(take, tmp_path) -> None:
    path = tmp_path / "firms.csv"
    path.write_text(written([row(SOUND[0])]) + f"{SOUND[1]},甲\r\n{SOUND[2]}{',x' * 9}\r\n", "utf-8")
    assert take(path).refused == {"too_few_cells": 1, "too_many_cells": 1}


def test_an_amount_in_another_currency_is_left_unknown_and_flagged(take, dictionary, actor, now) -> None:
    report = take([row(SOUND[0], currency="USD"), row(SOUND[1], currency="USD", wan="")])
    assert report.flags == {"not_in_yuan": 1}
    assert "revenue_fen@2025" not in facts(SOUND[0], dictionary, actor, now)


@pytest.mark.parametrize(
    ("place", "province", "region", "flags"),
    [
        ("990102", "", "990102", {}),
        ("990101", "", "990102", {"place_mapped": 1}),
        ("990177", "", "990000", {"place_outdated": 1}),
        ("110101", "", "", {"place_outdated": 1}),
        ("99-1", "", "", {"place_malformed": 1}),
        ("", "明州", "990000", {"place_by_name": 1}),
        ("", "", "", {}),
    ],
)
def test_a_place_is_followed_through_its_history_and_never_guessed(place, province, region, flags, take) -> None:
    report = take([row(SOUND[0], place=place, province=province)])
    assert report.flags == flags
    assert queries.find_by_credit_code(SOUND[0], scope=ALL).region == region


def test_a_wrong_check_digit_lands_in_doubt_and_the_register_settles_it(take, actor, now) -> None:
    doubtful = SOUND[0][:-1] + "0"
    report = take([row(doubtful)])
    assert report.flags == {"bad_check_digit": 1}
    firm = queries.find_by_credit_code(doubtful, scope=ALL)
    assert (firm.status, firm.code_state) == ("doubtful", "asked")
    assert Message.objects.get(kind="register.ask").key == doubtful
    settle_code(subject_id=firm.id, answer=RegisterAnswer(True, "云岚一号厂"), by=actor, as_of=now)
    take([row(doubtful, name="云岚一厂")])
    firm = queries.find_by_credit_code(doubtful, scope=ALL)
    assert (firm.status, firm.code_state, firm.name) == ("active", "confirmed", "云岚一厂")


def test_old_numbers_land_only_where_the_mapping_allows(take, dictionary, actor, now, tmp_path) -> None:
    assert take([row("990102000000001")]).flags == {"old_form": 1}
    strict = read_mapping(MAPPING.replace(b"{old_form: land}", b"{}"), "mapping.yaml", shapes_of(dictionary))
    path = tmp_path / "old.csv"
    path.write_text(written([row("990102000000002")]), "utf-8")
    report = import_file(path=path, mapping=strict, places=PLACES, by=actor, as_of=now)
    assert report.refused == {"old_form": 1}


def test_a_second_file_tells_what_changed(take) -> None:
    take([row(SOUND[0]), row(SOUND[1]), row(SOUND[2])])
    report = take([row(SOUND[0]), row(SOUND[1], wan="13"), row(SOUND[2], name="新名厂"), row(SOUND[3])])
    assert figures(report) == (1, 2, 1, 0)


def test_a_firm_twice_in_one_file_is_one_firm_and_the_later_row_wins(take, dictionary, actor, now) -> None:
    report = take([row(SOUND[0]), row(SOUND[1]), row(SOUND[0], wan="9"), row(SOUND[1])])
    assert figures(report) == (2, 1, 1, 0)
    assert facts(SOUND[0], dictionary, actor, now)["revenue_fen@2025"] == 9_000_000


def test_the_same_file_is_taken_once(take, tmp_path) -> None:
    path = tmp_path / "firms.csv"
    path.write_text(written([row(SOUND[0])]), "utf-8")
    first, again = take(path), take(path)
    assert again.is_repeat
    assert again.batch == first.batch


@pytest.mark.parametrize("cut_after", [1, 2, 3])
def test_an_import_that_was_cut_off_goes_on_where_it_stopped(cut_after, take, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(intake, "CHUNK", 2)
    rows = [row(SOUND[0]), row("x"), row(SOUND[1]), row(SOUND[2]), row(SOUND[0], wan="1"), row(SOUND[3])]
    path = tmp_path / "firms.csv"
    path.write_text(written(rows), "utf-8")
    done = 0

    def cut(_: int) -> None:
        nonlocal done
        done += 1
        if done == cut_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(path, step=cut)
    assert Batch.objects.get().position < len(rows) or cut_after == 3
    report = take(path)
    assert figures(report) == (4, 1, 0, 1)
    assert Subject.objects.count() == 4
    assert not report.is_repeat


def test_a_mapping_tells_all_its_mistakes_at_once(dictionary) -> None:
    content = b"""
subjects: robot
identity: {name: name, colour: blue}
codes: {old_form: burn}
facts: {hires: x, revenue_fen: {column: a, apply: [rot13]}, turnover: b}
places: {map: x}
surprise: 1
"""
    with pytest.raises(AuthorError) as caught:
        read_mapping(content, "mapping.yaml", shapes_of(dictionary))
    assert sorted({problem.code for problem in caught.value.problems}) == [
        "no_identity",
        "not_importable",
        "unknown_attribute",
        "unknown_choice",
        "unknown_kind",
        "unknown_transform",
        "unknown_word",
        "wrong_period",
    ]


def test_a_file_without_a_mapped_column_is_refused_before_anything_lands(take, tmp_path) -> None:
    path = tmp_path / "firms.csv"
    path.write_text("code,name\nx,y\n", "utf-8")
    with pytest.raises(ConflictError, match=r"no_such_column.*wan"):
        take(path)
    assert not Batch.objects.exists()


def test_a_history_must_end_in_a_place_in_force() -> None:
    lists = [("list.csv", "# 2026\ncode,name\n99,明州省\n9901,云泽市\n".encode())]
    history = "code,successor\n990101,990100\n990103,990199\n"
    with pytest.raises(AuthorError, match="990103 is followed by 990199"):
        read_places(lists, ("history.csv", history.encode()))
    book = read_places(lists, ("history.csv", history.replace("990103,990199", "990103,990101").encode()))
    assert book.resolve("990103") == ("990100", "place_mapped")


def test_persons_are_known_by_a_number_that_is_hidden(dictionary, actor, now, tmp_path, db) -> None:
    actions.load_dictionary(dictionary=dictionary, by=actor, as_of=now)
    content = b"subjects: person\nsource: police\nobserved_on: 2026-02-01\nidentity: {number: no, name: name}\n"
    mapping = read_mapping(content, "mapping.yaml", shapes_of(dictionary))
    path = tmp_path / "people.csv"
    path.write_text("no,name\n990102199001010015,青禾文言\n990102199001010016,云川子宁\n1,甲\n", "utf-8")
    report = import_file(path=path, mapping=mapping, places=PLACES, by=actor, as_of=now)
    assert figures(report) == (1, 0, 0, 2)
    assert report.refused == {"bad_check_digit": 1, "forged_code": 1}
    landed = Subject.objects.get()
    assert b"990102199001010015" not in bytes(landed.number_sealed)
    assert queries.find_by_number("990102199001010015", scope=ALL).name == "青禾文言"
    purpose = Scope(None, None, None, "case_1")
    assert queries.number_of(landed.id, scope=purpose, as_of=now, by=actor) == "990102199001010015"
    assert [note.facts for note in queries.access_notes(landed.id, scope=ALL)] == [("citizen_number",)]
