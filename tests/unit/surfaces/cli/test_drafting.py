"""zhida pack draft, settle, check and publish: a document becomes a draft, and no open proposal is published."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.services.structuring.made_up import MEASURE
from zhida.domain.errors import AuthorError
from zhida.domain.values import Actor
from zhida.surfaces.cli.groundwork.publishing import publish_folder
from zhida.surfaces.cli.main import zhida

_PACKS = str(Path(__file__).resolve().parents[4] / "packs")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(zhida, list(arguments))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "measure.txt").write_text(MEASURE, "utf-8")
    result = run("pack", "draft", str(tmp_path / "measure.txt"), "--out", str(tmp_path / "root"), "--packs", _PACKS)
    assert result.exit_code == 0, result.output
    assert "还没有一处有人核对" in result.output
    return tmp_path / "root"


def pack_in(root: Path) -> Path:
    (found,) = root.glob("drafts/*")
    return found


def test_a_new_folder_becomes_a_root_whose_draft_checks(root: Path) -> None:
    result = run("pack", "check", "--packs", str(root))
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "1 个政策包没有问题，0 处不对")


def test_a_draft_in_a_root_bears_the_folders_name(root: Path) -> None:
    source = root.parent / "measure.txt"
    result = run("pack", "draft", str(source), "--out", str(root / "north" / "jobs"), "--json")
    told = json.loads(result.output)
    assert (told["pack"], told["problems"]) == ("north/jobs", [])
    assert {each["state"] for each in told["proposals"]} == {"open"}
    assert run("pack", "draft", str(source), "--out", str(root / "north" / "jobs")).exit_code == 1


def test_proposals_are_settled_one_by_one(root: Path) -> None:
    pack = pack_in(root)
    before = len(json.loads(run("pack", "settle", str(pack), "--json").output))
    result = run("pack", "settle", str(pack), "p1", "--accept", "--json")
    left = json.loads(result.output)
    assert len(left) == before - 1
    assert "p1" not in {each["id"] for each in left}
    assert "没有这一处：p9999" in run("pack", "settle", str(pack), "p9999", "--accept").output


def test_publishing_names_every_open_proposal_and_writes_nothing(root: Path) -> None:
    pack = pack_in(root)
    for_all = [each["id"] for each in json.loads((pack / "proposals.json").read_text("utf-8"))]
    run("pack", "settle", str(pack), *for_all[2:], "--accept")
    by = Actor(account="acct_1", office="", duty="operator")
    with pytest.raises(AuthorError) as caught:
        list(publish_folder(root, (), by=by, as_of=datetime(2026, 6, 1, tzinfo=UTC)))
    assert [each.code for each in caught.value.problems] == ["open_proposal", "open_proposal"]
    assert [each.words.split()[0] for each in caught.value.problems] == ["p1", "p2"]


def test_a_file_that_is_no_policy_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("从前有一座山。\n山里有一座庙。", "utf-8")
    result = run("pack", "draft", str(tmp_path / "story.txt"), "--out", str(tmp_path / "out"), "--packs", _PACKS)
    assert result.exit_code == 1
    assert result.output.startswith("story.txt: not_a_policy: 看起来不是政策文件，没有：政策的标题或文号、")
    assert "→ 请交发布的原文" in result.output
    assert not (tmp_path / "out").exists()
    said = run(
        "pack", "draft", str(tmp_path / "story.txt"), "--out", str(tmp_path / "out"), "--packs", _PACKS, "--lang", "en"
    )
    assert "it lacks a title or number of a policy, numbered clauses" in said.output


def test_a_known_fact_takes_the_place_of_a_new_one(tmp_path: Path) -> None:
    text = MEASURE.replace("（四）近三年没有发生重大安全事故。", "（四）上一年度零售额在1000万元以上。")
    (tmp_path / "measure.txt").write_text(text, "utf-8")
    root = tmp_path / "root"
    run("pack", "draft", str(tmp_path / "measure.txt"), "--out", str(root), "--packs", _PACKS)
    pack = pack_in(root)
    rows = json.loads((pack / "proposals.json").read_text("utf-8"))
    fact = next(each for each in rows if each["value"].get("alike"))
    condition = next(each for each in rows if fact["value"]["name"] in each["value"].get("needs", ()))
    assert "意思相近：" in run("pack", "settle", str(pack)).output
    assert "没有把 age 列为相近的数据" in run("pack", "settle", str(pack), fact["id"], "--as", "age").output
    assert run("pack", "settle", str(pack), fact["id"], "--as", "sales_fen").exit_code == 0
    assert run("pack", "settle", str(pack), condition["id"], "--accept").exit_code == 0
    assert "sales_fen(year - 1) >= 1000000000" in (pack / "rules.yaml").read_text("utf-8")


def test_what_a_refused_proposal_wrote_is_taken_out(tmp_path: Path) -> None:
    (tmp_path / "measure.txt").write_text(MEASURE, "utf-8")
    root = tmp_path / "root"
    run("pack", "draft", str(tmp_path / "measure.txt"), "--out", str(root), "--packs", _PACKS)
    pack = pack_in(root)
    rows = json.loads((pack / "proposals.json").read_text("utf-8"))
    items = [each for each in rows if each["kind"] == "item"]
    left = [each["id"] for each in items if each["edit"]["path"] != "item_a4"]
    papers = [each["id"] for each in rows if each["kind"] == "material" and each["edit"]["file"] == "rules.yaml"]
    condition = next(each for each in rows if each["kind"] == "condition" and each["value"]["carries"])
    assert "item_a5" in (pack / "items.yaml").read_text("utf-8")
    assert (pack / "form.yaml").read_text("utf-8").count("formats") == len(papers)
    done = run("pack", "settle", str(pack), *left, *papers, condition["id"], "--refuse")
    assert done.exit_code == 0, done.output
    assert "item_a5" not in "".join(each.read_text("utf-8") for each in pack.rglob("*.yaml"))
    assert "formats" not in (pack / "form.yaml").read_text("utf-8")
    rules = (pack / "rules.yaml").read_text("utf-8")
    assert str(condition["value"]["feel"]) not in rules
    states = {each["id"]: each["state"] for each in json.loads((pack / "proposals.json").read_text("utf-8"))}
    assert states[next(each["id"] for each in rows if each["edit"].get("path") == "amounts.item_a5_fen")] == "refused"
    assert run("pack", "check", "--packs", str(root)).exit_code == 0
    last = next(each["id"] for each in items if each["id"] not in left)
    refused = run("pack", "settle", str(pack), last, "--refuse")
    assert (refused.exit_code, "一个事项也不剩了" in refused.output) == (1, True)
