"""Scenarios side by side in every year: what each pays, cuts and leaves waiting, in the order of the run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO

from openpyxl import load_workbook

from zhida.services.simulation.abreast import Allowed, abreast, in_all
from zhida.services.simulation.outcome import HIDDEN, Outcome, Rationed, WorldFigures, YearFigures
from zhida.services.simulation.workbook import HEADS, workbook

PAY, WAITS = "made-up/pay/pay", Rationed(500, None, "first_come", True, 40, 10, 30, 0, 700)


def year(at: int, paid: int, rationed: Rationed | None = None) -> YearFigures:
    return YearFigures(PAY, at, 90, 0, 0, 20, paid, 100, rationed)


FREE = (year(2026, 1_200), year(2027, 1_300))
SHORT = (year(2026, 500, WAITS), year(2027, 450, replace(WAITS, limit_fen=None, places=7, waits=False)))
AHEAD = {"in_force": FREE, "a": SHORT}


def test_each_year_has_its_scenarios_below_each_other() -> None:
    assert abreast(AHEAD) == (
        Allowed("in_force", PAY, 2026, None, None, 20, 100, 1_200, 0, 0, 0),
        Allowed("a", PAY, 2026, 500, None, 20, 100, 500, 700, 30, 0),
        Allowed("in_force", PAY, 2027, None, None, 20, 100, 1_300, 0, 0, 0),
        Allowed("a", PAY, 2027, None, 7, 20, 100, 450, 700, 0, 30),
    )


def test_years_are_added_up_where_all_are_shown() -> None:
    own = [one for one in abreast(AHEAD) if one.scenario == "a"]
    assert in_all(own) == 950
    assert in_all([*own, replace(own[0], paid_fen=HIDDEN)]) == HIDDEN


def test_one_scenario_is_compared_with_nothing() -> None:
    assert abreast({"in_force": FREE}) == ()


def test_a_workbook_has_the_scenarios_beside_each_other() -> None:
    worlds = tuple(
        WorldFigures(name, {"zh": name}, ("1", "1", "1"), (), 0, 0, (0, 0, 0), (0, 0, 0), 0, (), None) for name in AHEAD
    )
    names = {"scenario:in_force": "现行版本", "scenario:a": "方案甲", f"item:{PAY}": "补贴"}
    heads = {name: name for name in HEADS}
    few = replace(SHORT[1], due_fen=HIDDEN)
    outcome = Outcome(2026, 90, 5, worlds, {}, ahead={"in_force": FREE, "a": (SHORT[0], few)})
    book = load_workbook(BytesIO(workbook(outcome, names, heads, datetime(2026, 6, 15))))
    head, *rows = [[cell.value for cell in row] for row in book["abreast"].rows]
    assert head[:2] == ["item", "year"]
    assert (head[5], head[12]) == ("现行版本 due_fen", "方案甲 due_fen")
    assert rows[0] == ["补贴", 2026, None, None, 20, 1_200, 0, 0, 0, 500, None, 20, 500, 700, 30, 0]
    assert rows[1][9:] == [None, 7, 20, None, 700, 0, 30]
