"""No text that anybody typed is run by the spreadsheet that opens a file of ours, and none that we read is."""

from __future__ import annotations

import csv
import time
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.hanging import HUNG_S
from tests.hostile.cells import BAD_TABLES, FORMULAS
from tests.hostile.sending import timed
from tests.unit.surfaces.api.conftest import Caller, Place
from zhida.domain.errors import ZhidaError
from zhida.domain.values import Actor, safe_cell
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry.importing.readers import rows_of
from zhida.services.simulation.outcome import Outcome, Rationed, YearFigures
from zhida.services.simulation.workbook import HEADS, workbook
from zhida.surfaces.portal.presenters import owning
from zhida.surfaces.portal.views import figures

_RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANKS = ("\t", "\r", "\n")


def run_by_a_spreadsheet(body: bytes) -> list[str]:
    """The cells of a CSV that begin as a formula does."""
    cells = [cell for row in csv.reader(StringIO(body.decode("utf-8-sig"), newline="")) for cell in row]
    assert len(cells) > len(FORMULAS)
    return [cell for cell in cells if cell.lstrip().startswith(_RUNS) or cell.startswith(_BLANKS)]


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_cell_is_text(typed: str) -> None:
    assert safe_cell(typed) == f"'{typed}"


def test_a_number_is_a_number() -> None:
    assert [safe_cell(one) for one in (-1, 0, 2.5, "1", "a=1", None)] == [-1, 0, 2.5, "1", "a=1", ""]


def test_the_table_of_facts_runs_nothing(place: Place, actor: Actor, now: datetime) -> None:
    account = open_account(login_name="looks", as_of=now)
    offices.appoint(account_id=account, office_id="statistics", role="auditor", by=actor, as_of=now)
    for typed in FORMULAS:
        ledger.record(kind="test.typed", about=typed, fields={"typed": typed}, by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    answer, wrong = timed(client.get, "/desk/ledger/facts.csv", {"kind": "test.typed"})
    assert (wrong, run_by_a_spreadsheet(answer.content)) == ([], [])
    assert answer["Content-Disposition"].startswith("attachment;")


def test_the_table_of_readings_runs_nothing(owner: Caller, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [SimpleNamespace(read_at=now, office=typed, purpose=typed, facts=typed) for typed in FORMULAS]
    monkeypatch.setattr(owning, "readings_page", lambda *given: SimpleNamespace(lines=lines))
    answer, wrong = timed(owner.client.get, "/my/readings.csv")
    assert (wrong, run_by_a_spreadsheet(answer.content)) == ([], [])
    assert answer["Content-Disposition"].startswith("attachment;")


def test_the_table_of_figures_runs_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [SimpleNamespace(title=typed, cells=[("n", typed)]) for typed in FORMULAS]
    monkeypatch.setattr(figures.presenter, "every_item", lambda as_of: lines)
    answer, wrong = timed(Client().get, "/figures.csv")
    assert (wrong, run_by_a_spreadsheet(answer.content)) == ([], [])
    assert answer["Content-Disposition"].startswith("attachment;")


def test_the_workbook_of_a_run_runs_nothing(now: datetime) -> None:
    names = {f"scenario:{number}": typed for number, typed in enumerate(FORMULAS)}
    shown = {"subjects": 1, "fen": 1, "asked": (1, 1, 1), "short_permille": 0, "shift": None, "offers": ()}
    worlds = [SimpleNamespace(name=number, take_up=("=1", "=1", "=1"), **shown) for number in range(len(FORMULAS))]
    held = Rationed(1, 1, "ranked", True, 1, 1, 1, 1, 1)
    year = YearFigures("=1", 2027, 1, 1, 1, 1, 1, 1, held)
    outcome: Outcome = SimpleNamespace(
        worlds=worlds, breakdowns={}, ahead={number: [year] for number in range(len(FORMULAS))}
    )
    heads = dict.fromkeys(HEADS, "=1") | {"compared": "a", "items": "b", "ahead": "c", "about": "d"}
    book = load_workbook(BytesIO(workbook(outcome, names, heads, now, FORMULAS)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > len(FORMULAS)
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if str(cell.value).lstrip().startswith(_RUNS)] == []


def test_what_is_read_is_never_run(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["name"])
    for typed in FORMULAS:
        book.active.append([typed.strip()])
    book.save(tmp_path / "a.xlsx")
    told = [row["name"] for _, row, _ in rows_of(tmp_path / "a.xlsx")]
    assert "2" not in told
    sheet = tmp_path / "a.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name"], *([typed] for typed in FORMULAS)])
    assert [row["name"] for _, row, _ in rows_of(sheet)] == list(FORMULAS)


def test_a_table_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    found = {}
    for case, (name, made) in BAD_TABLES.items():
        path = tmp_path / name
        path.write_bytes(made())
        began = time.process_time()
        try:
            list(rows_of(path))
            found[case] = "read"
        except ZhidaError:
            pass
        if time.process_time() - began > HUNG_S:
            found[case] = "slow"
    assert found == {}
