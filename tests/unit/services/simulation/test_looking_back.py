"""Today's rules laid on a day before they were published: what was so then, what stands for it, what cannot be told."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.golden.province import province
from tests.unit.services.simulation.test_keeping import HEADS, Run, run, wish
from tests.unit.services.simulation.test_yearly import ALLOWANCE, people
from tests.unit.surfaces.desk.test_simulating import ASKED, HOME, author, place, published
from zhida.domain.scenarios import Base, in_force
from zhida.domain.values import CHINA, Actor
from zhida.services.simulation import keeping
from zhida.services.simulation.rows import Rows
from zhida.services.simulation.running import Question, simulate
from zhida.services.simulation.worlds import worlds_of
from zhida.surfaces.cli.groundwork import simulating
from zhida.surfaces.cli.main import zhida

__all__ = ["author", "people", "place", "published", "run", "wish"]

REBATE = "mingzhou/research-rebate/rebate"
LAST_YEAR = datetime(2025, 6, 30, 23, 59, 59, tzinfo=CHINA)


def test_ages_are_those_of_the_day(people: Rows) -> None:
    """Of those born in 1937, 1946 and later, the first alone was 80 a year ago; the item is published since 2026."""
    root = province()
    scenario = in_force(Base(root.packs, root.dictionary, root.groups, root.group_nodes))
    now = Question((ALLOWANCE,), (scenario,), date(2026, 6, 15), bound=1)
    then = Question((ALLOWANCE,), (scenario,), date(2025, 6, 15), bound=1, rules_on=date(2026, 6, 15))
    entitled = [simulate(one, people).worlds[0].offers[0].entitled for one in (now, then)]
    assert entitled == [2, 1]


def test_windows_and_parameters_are_those_of_the_rules_day() -> None:
    root = province()
    scenario = in_force(Base(root.packs, root.dictionary, root.groups, root.group_nodes))
    assert worlds_of([scenario], [REBATE], 2025)[0].offers == {}
    (world,) = worlds_of([scenario], [REBATE], 2025, date(2026, 10, 1))
    rate = world.offers[REBATE].program.schema.parameters["rate"]
    assert [str(row.value) for row in rate.in_force(date(2025, 6, 30)).values()] == ["0.08"]


def test_a_day_before_publication_is_asked_and_says_what_stands_for_it(run: Run, now: datetime) -> None:
    kept = run(at=LAST_YEAR, rules_at=now, item_ids=(HEADS.item,))
    assert (kept.outcome.year, kept.outcome.worlds[0].fen) == (2025, 300)
    assert kept.inputs["rules_on"] == "2026-03-03"
    assert kept.inputs["back"] == {
        "made_on": "2026-03-03",
        "undated": ["place", "staff", "wages_fen"],
        "missing": [],
        "unpublished": [HEADS.item],
    }


def test_a_shell_says_that_nothing_was_published_then(run: Run, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulating, "start", lambda: (Actor("shell:test", "operator"), now))
    asked = ["simulate", "policy", HEADS.item, "--back-test"]
    told = CliRunner().invoke(zhida, [*asked, "2025"])
    assert told.exit_code == 0, told.output
    assert "回看：2026-03-03 的规则，放到 2025-12-31" in told.output
    assert f"{HEADS.item}：2025 年底还没有发布，没有发放可比" in told.output
    assert "要写成 2025，或 2025-06-30" in CliRunner().invoke(zhida, [*asked, "last"]).output
    assert "只写一个" in CliRunner().invoke(zhida, [*asked, "2025", "--on", "2025-01-01"]).output


def test_the_desk_looks_back_where_a_day_alone_is_refused(author: Client) -> None:
    refused = author.post(HOME, {**ASKED, "on": "2025-06-30"}).content.decode()
    assert "下面选“现在的规则”" in refused
    assert author.post(HOME, {**ASKED, "on": "2025-06-30", "rules": "now"}).status_code == 302
    (kept,) = keeping.newest(None)
    page = author.get(f"{HOME}{kept.id}/").content.decode()
    assert "回看：2026-03-03 的规则，放到 2025-06-30 那一天" in page
    assert "到 2025 年底还没有发布，没有实际发放可比。" in page
