"""Stop buttons, held payments and the close of a day, each by whoever it is for and nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit.surfaces.desk.conftest import BATCH, LINE, OFFICE, Desk
from tests.unit.surfaces.desk.test_money import ALL, SYSTEM, do, page
from zhida.config import wiring
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.funds import actions, queries
from zhida.kernel.ledger import queries as ledger
from zhida.services.controls import closing, holds
from zhida.services.controls.lifting import Kept, waiting_lifting
from zhida.services.controls.lists import Objection
from zhida.services.controls.stops import stops_in_force

PATH = "/desk/funds/stops/"


@pytest.mark.parametrize("role", ["maker", "checker", "releaser"])
def test_anybody_stops_everything_and_two_let_it_go_on(desk: Desk, role: str) -> None:
    assert do(desk(role), PATH, "all", "") == 200
    assert stops_in_force() == ()
    assert do(desk(role), PATH, "all", "系统被冒用") == 302
    (stop,) = stops_in_force()
    assert "全部拨付已经停下" in page(desk(role), PATH)
    assert do(desk(role), PATH, "all", "再停一次") == 403
    assert do(desk(role), PATH, f"propose-{stop.id}", "查清了", token=new_id("lifting")) == 302
    waiting = waiting_lifting(Kept.STOP, stop.id)
    assert waiting is not None
    for other in ("maker", "checker", "auditor", role):
        assert do(desk(other), PATH, f"confirm-{waiting.id}") == 403
    assert len(stops_in_force()) == 1
    if role == "releaser":
        assert do(desk("maker"), PATH, f"withdraw-{waiting.id}") == 302
        assert waiting_lifting(Kept.STOP, stop.id) is None
    else:
        assert "理由：查清了" in page(desk("releaser"), PATH)
        assert do(desk("releaser"), PATH, f"confirm-{waiting.id}") == 302
    assert bool(stops_in_force()) is (role == "releaser")


def test_a_held_payment_goes_once_two_say_so(
    desk: Desk, waiting: list[str], staff: dict[str, str], now: datetime
) -> None:
    maker, checker, releaser = (Actor(staff[role], role, office=OFFICE) for role in ("maker", "checker", "releaser"))
    digest = actions.prepare_batch(batch_id=BATCH, disbursement_ids=waiting, by=maker, as_of=now)
    actions.check_batch(batch_id=BATCH, digest=digest, by=checker, as_of=now)
    actions.release_batch(batch_id=BATCH, digest=digest, by=releaser, as_of=now)
    holds.hold([Objection(waiting[0], "listed", "death")], as_of=now)
    (row,) = holds.holds_open()
    path = f"/desk/funds/payments/{waiting[0]}/"
    assert do(desk("maker"), path, f"propose-{row.id}", "") == 200
    assert do(desk("maker"), path, f"propose-{row.id}", "登记弄错了", token=new_id("lifting")) == 302
    proposed = waiting_lifting(Kept.HOLD, row.id)
    assert proposed is not None
    for role in ("maker", "auditor"):
        assert do(desk(role), path, f"confirm-{proposed.id}") == 403
    assert len(holds.holds_open()) == 1
    assert "理由：登记弄错了" in page(desk("checker"), path)
    assert do(desk("checker"), path, f"confirm-{proposed.id}") == 302
    assert holds.holds_open() == ()


def test_a_line_an_item_and_a_policy_are_chosen_from_what_there_is(desk: Desk, line: str) -> None:
    maker = desk("maker")
    shown = page(maker, PATH)
    item = shown.split('name="stop-item"')[1].split('<option value="')[2].split('"')[0]
    assert do(maker, PATH, "item", **{"stop-item": "no/such/item"}) == 200
    assert do(maker, PATH, "item", **{"stop-item": item}) == 302
    assert do(maker, PATH, "policy", **{"stop-policy": item.rpartition("/")[0]}) == 302
    assert [str(stop.kind) for stop in stops_in_force()] == ["item", "policy"]
    assert do(maker, PATH, "line", **{"stop-line": "other/line"}) == 200
    assert do(maker, PATH, "line", **{"stop-line": line}) == 302
    assert queries.standing(line, scope=ALL).frozen_reason == "核实过"
    assert "3 处停付" in page(maker, PATH)


def test_a_stop_says_beforehand_what_it_holds_back_and_links_its_fact(
    desk: Desk, waiting: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "channels", lambda: TwoBanks())
    shown = page(desk("maker"), PATH)
    assert "稳岗返还：会停下 2 笔，500.00 元" in shown
    assert "rural-bank：会停下 2 笔，500.00 元" in shown
    assert do(desk("maker"), PATH, "channel", **{"stop-channel": "city-bank"}) == 200
    assert do(desk("maker"), PATH, "channel", **{"stop-channel": "rural-bank"}) == 302
    (stop,) = stops_in_force()
    assert (str(stop.kind), stop.key) == ("channel", "rural-bank")
    (fact,) = ledger.entries_about(stop.id)
    assert f"?code={fact.id}" in page(desk("releaser"), PATH)
    assert f"?q={fact.id}" in page(desk("auditor"), PATH)


class TwoBanks:
    """Channels of which one pays every line."""

    names = ("", "rural-bank")

    def channel_of(self, line: str) -> str:
        return "rural-bank"


def test_the_auditor_presses_nothing(desk: Desk) -> None:
    assert "<textarea" not in page(desk("auditor"), PATH)
    assert do(desk("auditor"), PATH, "all") == 403
    assert stops_in_force() == ()


def test_a_day_is_closed_by_two_over_what_both_were_shown(desk: Desk, silent: list[str], now: datetime) -> None:
    day = local_date(now)
    path = f"/desk/reconciliation/{day.isoformat()}/"
    assert do(desk("maker"), path, "prepare") == 403
    actions.reconcile(reconciliation_id=new_id("reconcile"), day=day, lines=[], by=SYSTEM, as_of=now)
    assert do(desk("checker"), path, "prepare") == 403
    assert do(desk("maker"), path, "prepare") == 302
    digest = ledger.entries_of_kind("funds.day_prepared")[0].fields["digest"]
    shown = page(desk("checker"), path)
    assert f'name="token" value="{digest}"' in shown
    assert "在途没有答复的 2 笔" in shown
    assert "还说不清的 2 条" in shown
    assert "等复核或放行的人签" in page(desk("auditor"), path)
    assert do(desk("maker"), path, "close", token=str(digest)) == 403
    assert do(desk("checker"), path, "close", token="0" * 64) == 302
    assert not closing.is_closed(day)
    assert do(desk("checker"), path, "close", token=str(digest)) == 302
    assert closing.is_closed(day)
    assert "已日终" in page(desk("auditor"), path)
    assert LINE in {line.id for line in queries.lines(scope=ALL)}


def test_the_list_of_days_says_how_far_each_is(desk: Desk, now: datetime) -> None:
    day, days = local_date(now) - timedelta(days=40), "/desk/reconciliation/"
    actions.reconcile(reconciliation_id=new_id("reconcile"), day=day, lines=[], by=SYSTEM, as_of=now)
    assert "对平</span>" in page(desk("auditor"), days)
    assert do(desk("maker"), f"{days}{day.isoformat()}/", "prepare") == 302
    assert "已签，等第二人签</span>" in page(desk("auditor"), days)
    digest = ledger.entries_of_kind("funds.day_prepared")[0].fields["digest"]
    assert do(desk("checker"), f"{days}{day.isoformat()}/", "close", token=str(digest)) == 302
    assert "已日终</span>" in page(desk("auditor"), days)
