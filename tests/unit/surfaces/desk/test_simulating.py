"""The desk's simulations: an item is chosen, scenarios set by form, what comes out is read, taken along, refused."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.unit.surfaces.api.conftest import ASKING, HEADS, Place, place, published
from zhida.domain import packs
from zhida.domain.values import Actor, SubjectKind
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.services.authoring import working
from zhida.services.simulation import keeping
from zhida.services.simulation.forming import Lever
from zhida.surfaces.desk.presenters import simulating

__all__ = ["place", "published"]

HOME = "/desk/simulations/"
ASKED = {"item": HEADS.item, "take_up": "1", "a:parameters/none": "3"}
CHANGED = {**ASKED, "a:rules/amounts/pay_fen/is": "wages_fen * 2", "b:order": "pro_rata", "b:total_yuan": "600"}


@pytest.fixture
def author(place: Place, actor: Actor, now: datetime) -> Client:
    """An author at the office that owns the policy, over two firms in a snapshot."""
    dictionary: packs.Dictionary = catalogue.root().dictionary
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    account = open_account(login_name="author", as_of=now)
    offices.appoint(account_id=account, office_id="statistics", role="author", by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return client


def test_the_form_shows_what_the_item_says_now(author: Client) -> None:
    page = author.get(HOME, {"item": HEADS.item}).content.decode()
    assert "wages_fen * 1" in page
    assert 'name="a:rules/requirements/enough/when"' in page
    assert 'name="b:rules/requirements/enough/when"' in page
    assert "方案乙" in page


def test_two_scenarios_are_compared_with_what_is_in_force(author: Client) -> None:
    answer = author.post(HOME, CHANGED)
    (kept,) = keeping.newest(None)
    assert answer.headers["Location"] == f"{HOME}{kept.id}/"
    assert [world.name for world in kept.outcome.worlds] == ["in_force", "a", "b"]
    assert kept.office == "statistics"
    page = author.get(f"{HOME}{kept.id}/").content.decode()
    assert page.count("<h1>") == 1
    assert "不足 5" in page
    assert kept.entry_id in page


def test_what_came_out_is_taken_along(author: Client) -> None:
    author.post(HOME, CHANGED)
    (kept,) = keeping.newest(None)
    book = load_workbook(BytesIO(author.get(f"{HOME}{kept.id}.xlsx").content))
    assert book.sheetnames[:2] == ["方案对比", "各事项"]
    assert [row[0].value for row in book["方案对比"].rows] == ["方案", "现行版本", "方案甲", "方案乙"]
    paper = author.get(f"{HOME}{kept.id}.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert len(PdfReader(BytesIO(paper.content)).pages) >= 1


def test_each_year_of_each_scenario_stands_side_by_side(author: Client) -> None:
    plans = {"years": "2", "years_budget": "0", "a:years_left": "refuse"}
    assert author.post(HOME, {**ASKED, **plans}).status_code == 302
    (kept,) = keeping.newest(None)
    year = kept.outcome.year
    page = author.get(f"{HOME}{kept.id}/").content.decode()
    compared = page.partition("逐年的预算够付多少")[2].partition("</table>")[0]
    assert [compared.count(f"{each} 年　方案甲") for each in (year, year + 1)] == [1, 1]
    assert "2 年合计　现行版本" in compared
    assert "不足 5 户等下一年" in compared
    assert "不足 5 户不再办" in compared
    assert page.count('id="hatch"') == 1
    book = load_workbook(BytesIO(author.get(f"{HOME}{kept.id}.xlsx").content))
    assert [row[1].value for row in book["方案逐年对比"].rows] == ["年份", year, year + 1]
    paper = PdfReader(BytesIO(author.get(f"{HOME}{kept.id}.pdf").content))
    assert "逐年的预算够付多少" in "".join(one.extract_text() for one in paper.pages)


def test_sent_twice_it_is_simulated_once(author: Client) -> None:
    for _ in range(2):
        author.post(HOME, {**ASKED, "token": "sim_01J00000000000000000000000"})
    assert len(keeping.newest(None)) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"take_up": "2"}, "写一个 0 到 1 的数"),
        ({"on": "gestern"}, "写成 2026-03-01 这样"),
        ({"a:rules/amounts/pay_fen/is": "wages_fen *"}, 'href="#a:rules/amounts/pay_fen/is"'),
        ({"a:take_up": "7"}, 'href="#a:take_up"'),
        ({"b:order": "pro_rata", "b:total_yuan": "many"}, 'href="#b:total_yuan"'),
        ({"b:total_yuan": "600"}, 'href="#b:order"'),
        ({"on": "1900-01-01"}, 'href="#on"'),
        ({"take_up": "NaN"}, 'href="#take_up"'),
    ],
)
def test_a_mistake_is_told_beside_what_was_typed(author: Client, wrong: dict[str, str], words: str) -> None:
    page = author.post(HOME, {**ASKED, **wrong}).content.decode()
    assert words in page
    assert 'role="alert"' in page
    assert keeping.newest(None) == ()


def test_what_only_a_form_asks_is_assumed_in_words(author: Client) -> None:
    assert 'name="assume:share"' in author.get(HOME, {"item": ASKING.item}).content.decode()
    asked = {"item": ASKING.item, "assume:share": "50", "assume:begun_on": "2026-01-02"}
    assert "请只写数字" in author.post(HOME, {**asked, "assume:share": "half"}).content.decode()
    assert author.post(HOME, asked).status_code == 302
    (kept,) = keeping.newest(None)
    assert kept.inputs["assume"] == {"share": "0.5", "begun_on": "2026-01-02"}
    page = author.get(f"{HOME}{kept.id}/").content.decode()
    assert "假设 S 是 50%。" in page
    assert "share" not in page.partition("方案原文")[0]


def test_a_sum_is_asked_in_yuan_and_kept_in_fen() -> None:
    offered = {
        "parameters/most_fen": Lever("parameters/most_fen", "200000000", unit="fen", source="某规〔2026〕5号 第三条"),
        "parameters/rate": Lever("parameters/rate", "0.08", source="某规〔2026〕5号 第三条"),
    }
    faults: dict[str, str] = {}
    own = {"parameters/most_fen": "2,000,000.5", "parameters/rate": "0.1"}
    found = simulating.in_fen("a", own, offered, faults)
    assert found == {"parameters/most_fen": "200000050", "parameters/rate": "0.1"}
    assert faults == {}
    simulating.in_fen("a", {"parameters/most_fen": "much"}, offered, faults)
    assert faults == {"a:parameters/most_fen": "请只写数字"}


def test_an_item_of_another_office_is_not_offered(author: Client) -> None:
    page = author.post(HOME, {**ASKED, "item": "made-up/elsewhere/pay"})
    assert page.status_code == 200
    assert keeping.newest(None) == ()


def test_others_are_told_which_duty_it_takes(author: Client, place: Place) -> None:
    client = Client()
    client.force_login(Account.objects.get(pk=place.owner))
    assert client.get(HOME).status_code == 403


def test_a_scenario_becomes_a_draft_that_two_persons_publish(author: Client) -> None:
    author.post(HOME, CHANGED)
    (kept,) = keeping.newest(None)
    page = author.get(f"{HOME}{kept.id}/").content.decode()
    assert "据此修订" in page
    answer = author.post(f"{HOME}{kept.id}/", {"scenario": "a", "effective": "2026-09-01"})
    (draft,) = working.drafts(None)
    assert answer.headers["Location"] == f"/desk/drafts/{draft.id}/"
    assert (draft.pack_id, draft.office, draft.state) == (HEADS.id, "statistics", "open")
    assert b"wages_fen * 2" in working.draft(draft.id, None).file("rules.yaml")
    assert author.get(answer.headers["Location"]).status_code == 200


def test_a_day_that_is_none_is_asked_for_again(author: Client) -> None:
    author.post(HOME, CHANGED)
    (kept,) = keeping.newest(None)
    page = author.post(f"{HOME}{kept.id}/", {"scenario": "a", "effective": "soon"}).content.decode()
    assert "写成 2026-03-01 这样" in page
    assert working.drafts(None) == ()


def test_years_ahead_are_kept_with_the_run(author: Client) -> None:
    asked = {**CHANGED, "years": "3", "years_take_up": "1, 0.5", "years_budget": "2"}
    assert author.post(HOME, asked).status_code == 302
    (kept,) = keeping.newest(None)
    assert [*kept.outcome.ahead] == ["in_force", "a", "b"]
    assert all(len(years) == 3 for years in kept.outcome.ahead.values())
    assert kept.inputs["years"] == [["1"] * 3, ["0.5"] * 3, ["0.5"] * 3]
    held = [one.rationed for one in kept.outcome.ahead["in_force"]]
    assert [(one.limit_fen, one.places, one.order) for one in held if one] == [(200, None, "first_come")] * 3
    assert kept.digest == kept.outcome.digest
    page = author.get(f"{HOME}{kept.id}/").content.decode()
    assert page.count('class="funnel funnel--money"') == 3
    assert "往后几年" in page
    assert author.get(f"{HOME}{kept.id}.pdf").status_code == 200


def test_one_year_is_digested_as_it_ever_was(author: Client) -> None:
    author.post(HOME, CHANGED)
    (kept,) = keeping.newest(None)
    assert "ahead" not in kept.outcome.record()
    assert "years" not in kept.inputs
    assert "往后几年" not in author.get(f"{HOME}{kept.id}/").content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("years", "11"), ("years", "1"), ("years", "三"), ("years", "1e1"), ("years_take_up", "0.5,2"),
     ("years_take_up", "NaN"), ("years_take_up", ",,"), ("years_budget", "lots"), ("years_budget", "-1"),
     ("y2027:total_yuan", "1e30"), ("y2027:total_yuan", "-5"), ("y2027:n", "2.5"), ("y2027:n", "很多"),
     ("y2031:n", "5"), ("a:y2027:total_yuan", "99999999999999999999999"), ("years_order", "ranked"),
     ("b:years_order", "ranked")],
)  # fmt: skip
def test_years_that_cannot_be_are_told_beside_their_field(author: Client, field: str, typed: str) -> None:
    page = author.post(HOME, {**ASKED, "years": "3", field: typed}).content.decode()
    at = field.replace("years_order", "years_by")
    assert f'<a href="#{at}">' in page
    assert f'id="{at}"' in page
    assert f'value="{typed}"' in page
    assert keeping.newest(None) == ()


def test_each_year_has_its_own_budget_and_places(author: Client) -> None:
    asked = {**ASKED, "years": "3", "y2027:total_yuan": "５，０００", "y2027:n": "200", "y2028:total_yuan": "8,000.5"}
    own = {"a:years_order": "pro_rata", "a:y2027:total_yuan": "1"}
    answer = author.post(HOME, {**asked, **own, "a:rules/amounts/pay_fen/is": "wages_fen * 2"})
    assert answer.status_code == 302
    (kept,) = keeping.newest(None)
    held = {name: [one.rationed for one in years] for name, years in kept.outcome.ahead.items()}
    limits = {name: [(one.limit_fen, one.places, one.order) for one in years if one] for name, years in held.items()}
    assert limits["in_force"] == [(None, None, ""), (500_000, 200, "first_come"), (800_050, None, "first_come")]
    assert limits["a"] == [(None, None, ""), (100, None, "pro_rata"), (800_050, None, "pro_rata")]
    page = author.get(f"{HOME}{kept.id}/").content.decode()
    assert "预算 5,000.00 元，先付以往批准的。名额 200 个。" in page
    book = load_workbook(BytesIO(author.get(f"{HOME}{kept.id}.xlsx").content))
    rows = [[cell.value for cell in row] for row in book["往后几年"].rows]
    assert [row[9:11] for row in rows[1:4]] == [[None, None], [500_000, 200], [800_050, None]]
    words = "".join(one.extract_text() for one in PdfReader(BytesIO(author.get(f"{HOME}{kept.id}.pdf").content)).pages)
    assert "5,000.00" in words
