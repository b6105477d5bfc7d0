"""An officer declares whom they stand aside from, is never offered their cases, and cannot take it back alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.unit.surfaces.api.conftest import ASKING
from tests.unit.surfaces.desk.conftest import OFFICE
from tests.unit.surfaces.desk.test_money import do, page
from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, SubjectKind, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.models import Evidence, Objection
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.models import Dispute, Subject
from zhida.services.controls import kinship
from zhida.services.inspection.models import Urge
from zhida.surfaces.cli.office import command

PATH, CODE = "/desk/interests/", "91990102MA00000000"


@pytest.fixture
def reviewer(published: None, actor: Actor, now: datetime) -> str:
    account = open_account(login_name="reviewer", as_of=now)
    offices.appoint(account_id=account, office_id=OFFICE, role="reviewer", by=actor, as_of=now)
    return account


@pytest.fixture
def client(reviewer: str) -> Client:
    entered = Client()
    entered.force_login(Account.objects.get(pk=reviewer))
    return entered


@pytest.fixture
def theirs(published: None, actor: Actor, now: datetime) -> dict[str, Any]:
    """A relative's firm with a case that waits for the reviewer, and what hangs on it."""
    firm = new_id("subject")
    new = registry.NewSubject(firm, SubjectKind.ORGANISATION, "表弟的厂", "990102", credit_code=CODE)
    registry.register_subject(subject=new, by=actor, as_of=now)
    registry.register_account(
        account_id=new_id("account"), subject_id=firm, number="6222021234567890123", holder="表弟的厂", bank="甲",
        source="register", valid_from=now.date(), by=actor, as_of=now,
    )  # fmt: skip
    facts = {"place": "990102", "staff": 12, "wages_fen": 500_00}
    changes = [registry.Change(firm, key, value, "made up", now.date()) for key, value in facts.items()]
    registry.record_facts(changes=changes, by=actor, as_of=now)
    agent, case_id = Actor("account_agent", "agent", subject=firm), new_id("case")
    cases.open_case(case_id=case_id, item_id=ASKING.item, subject_id=firm, by=agent, as_of=now)
    cases.answer(case_id=case_id, answers={"share": 1, "begun_on": "2026-01-01"}, by=agent, as_of=now)
    cases.submit(case_id=case_id, undertakings=["honest"], waives_undo=True, by=agent, as_of=now)
    cases.advance_due(by=Actor("system", "system"), as_of=now)
    paper = Evidence.objects.create(
        id=new_id("evidence"), case_id=case_id, requirement="honest", name="x.pdf", media_type="application/pdf",
        sha256="0" * 64, body=b"x", attached_at=now, attached_by="x",
    )  # fmt: skip
    objection = Objection.objects.create(id=new_id("objection"), case_id=case_id, words="x", raised_at=now)
    dispute = Dispute.objects.create(
        id=new_id("dispute"), subject=Subject.objects.get(pk=firm), fact_key="staff", office=OFFICE, reason="x",
        account="x", raised_at=now,
    )  # fmt: skip
    urge = Urge.objects.create(
        id=new_id("urge"), case_id=case_id, office=OFFICE, reason="x", urged_by="x", urged_at=now, urged_on=now.date()
    )
    return {"case": case_id, "item": ASKING.item, "paper": paper.pk, "objection": objection.pk, "dispute": dispute.pk,
            "urge": urge.pk}  # fmt: skip


def declare(client: Client, **given: str) -> int:
    return do(client, PATH, "declare", "", **{"relation": "firm", "name": "表弟的厂", "number": CODE, **given})


def test_a_declared_relatives_case_is_never_offered(client: Client, theirs: dict[str, Any]) -> None:
    case = f"/desk/cases/{theirs['case']}/"
    assert "表弟的厂" in page(client, "/desk/")
    assert client.get(case).status_code == 200
    assert declare(client) == 302
    assert "表弟的厂" not in page(client, "/desk/")
    assert "表弟的厂" not in page(client, "/desk/?q=表弟")
    asked = {"item": theirs["item"], "position": "0", "office": OFFICE}
    assert client.get("/desk/together/", asked).context["page"].lines == ()
    for path in (case, f"{case}evidence/{theirs['paper']}/"):
        answer = client.get(path)
        assert (answer.status_code, "要回避" in answer.content.decode()) == (403, True), path
    sent = {"act": "pass", "version": "1", "requirement": "honest", "is_met": "1", "answer": "好", "outcome": "upheld"}
    for path in (
        f"{case}act/", f"{case}rule/", f"/desk/objections/{theirs['objection']}/",
        f"/desk/facts/{theirs['dispute']}/answer/", f"/desk/urges/{theirs['urge']}/answer/",
    ):  # fmt: skip
        assert client.post(path, sent).status_code == 403, path


def test_a_paper_opens_under_its_own_case_only(client: Client, theirs: dict[str, Any], actor: Actor) -> None:
    paper = f"evidence/{theirs['paper']}/"
    assert client.get(f"/desk/cases/{theirs['case']}/{paper}").status_code == 200
    assert client.get(f"/desk/cases/{new_id('case')}/{paper}").status_code == 403


def test_the_page_shows_ones_own_and_the_end_of_the_number(client: Client, reviewer: str) -> None:
    assert declare(client) == 302
    shown = page(client, PATH)
    assert "表弟的厂" in shown
    assert CODE not in shown
    assert declare(client, name="又一次") == 302
    assert len(kinship.ties_of(reviewer)) == 1
    (fact,) = (one for one in ledger.entries_about(reviewer) if one.kind == "accounts.tie_declared")
    assert fact.fields["source"] == "own"


HEAD, GOOD = "login,relation,name,number", "reviewer,spouse,王,110101199003074477"
BORN_LATER, BORN_NEVER = "110101209901011237", "110101199013311230"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", [":1:1: declarations_malformed: 文件是空的"]),
        (f"login,relation,name\n{GOOD}", [":1:1: declarations_malformed: 表头是"]),
        (f"{HEAD},login\n{GOOD}", [":1:1: declarations_malformed: 表头是"]),
        (f"{HEAD}\n{GOOD}".encode("gb18030"), [":2:1: declarations_malformed: 文件不是 UTF-8"]),
        (f"{HEAD}\n{GOOD}".encode("utf-16"), [":1:1: declarations_malformed: 文件不是 UTF-8"]),
        (f'{HEAD}\n{GOOD}\nreviewer,spouse,"王', [":3:1: declarations_malformed: 这一行不是 CSV"]),
        (
            f"{HEAD}\n{GOOD}\n\nnobody,spouse,王,110101199003074477\n{GOOD},x\nreviewer,friend,王,1\n{GOOD}",
            [":4:1: no_such_account", ":5:1: declarations_malformed", ":6:2: declaration_malformed",
             ":7:4: declared_twice: 和第 2 行"],
        ),
        (
            f'{HEAD}\n"=1+1",spouse,王,110101199003074477\nreviewer,spouse,=A1,110101199003074477\nreviewer,spouse,王,1.10101E+17',
            [":2:1: formula_in_cell", ":3:3: formula_in_cell", ":4:4: declaration_malformed"],
        ),
        (
            f"{HEAD}\nreviewer,spouse,王\u202e五,110101199003074477\nreviewer,spouse,王,{BORN_LATER}\n"
            f"reviewer,lineal,王,{BORN_NEVER}\nreviewer,lineal,{'王' * 10_000},110101199003074477",
            [":2:3: declaration_malformed", ":3:4: declaration_malformed", ":4:4: declaration_malformed",
             ":5:3: declaration_malformed"],
        ),
    ],
)  # fmt: skip
def test_a_dirty_list_is_told_whole_and_nothing_is_taken(
    reviewer: str, actor: Actor, now: datetime, tmp_path: Path, body: str | bytes, told: list[str]
) -> None:
    operator = open_account(login_name="qin", as_of=now)
    offices.appoint(account_id=operator, office_id=OFFICE, role="operator", by=actor, as_of=now)
    file = tmp_path / "kin.csv"
    file.write_bytes(body if isinstance(body, bytes) else body.encode())
    result = CliRunner().invoke(command, ["import-ties", str(file), "--by", "qin"])
    lines = [line for line in result.output.splitlines() if line.startswith("kin.csv")]
    assert result.exit_code == 1
    assert [line[len("kin.csv") :][: len(start)] for line, start in zip(lines, told, strict=True)] == told
    assert result.output.count("这次什么也没有收进来") == len(told)
    assert not {"110101199003074477", BORN_LATER} & set(result.output.split())
    assert kinship.ties_of(reviewer) == ()


@pytest.mark.parametrize(
    "given",
    [{"relation": ""}, {"relation": "friend"}, {"name": ""}, {"number": "12"}, {"relation": "spouse"},
     {"name": "王\u202e五"}, {"name": "王" * 10_000}, {"relation": "spouse", "number": BORN_LATER}],
)  # fmt: skip
def test_what_is_malformed_is_shown_again(client: Client, reviewer: str, given: dict[str, str]) -> None:
    assert declare(client, **{"number": CODE, **given}) == 200
    assert kinship.ties_of(reviewer) == ()


def test_a_declaration_asks_for_the_password_again(client: Client, reviewer: str, settings: Any) -> None:
    settings.ZHIDA_STEP_UP = 15
    assert declare(client) == 302
    assert kinship.ties_of(reviewer) == ()


def test_the_personnel_office_brings_and_ends_them(
    reviewer: str, published: None, actor: Actor, now: datetime, tmp_path: Path
) -> None:
    operator = open_account(login_name="qin", as_of=now)
    offices.appoint(account_id=operator, office_id=OFFICE, role="operator", by=actor, as_of=now)
    file = tmp_path / "kin.csv"
    head = "login,relation,name,number\n"

    def run(*arguments: str) -> str:
        return CliRunner().invoke(command, list(arguments), catch_exceptions=False).output

    file.write_text(f"{head}\nreviewer,spouse,王,110101199003074477\n,,,\nreviewer,firm,某厂,{CODE},,\n", "utf-8-sig")
    with pytest.raises(AccessError, match="not_operator"):
        run("import-ties", str(file), "--by", "reviewer")
    assert "的最后一位（校验码）对不上" in run("import-ties", str(file), "--by", "qin")
    assert kinship.ties_of(reviewer) == ()
    assert run("import-ties", str(file), "--by", "qin", "--doubtful") == "2 new of 2\n"
    assert run("import-ties", str(file), "--by", "qin", "--doubtful") == "0 new of 2\n"
    told = run("ties", "reviewer", "--by", "qin")
    assert "*4477" in told
    assert "110101199003074477" not in told
    one = kinship.ties_of(reviewer)[0]
    run("end-tie", one.id, "--by", "qin", "--reason", "divorced")
    assert [each.relation for each in kinship.ties_of(reviewer)] == ["firm"]
    kinds = {fact.kind for fact in ledger.entries_about(reviewer)}
    assert kinds >= {"accounts.tie_declared", "accounts.ties_read", "accounts.tie_ended"}
