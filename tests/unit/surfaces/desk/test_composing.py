"""An official text of several chapters goes the whole way by forms: entries added, changed, taken out, costed."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from tests.unit.surfaces.desk.test_drafting import (
    Pages,
    authors,
    begun,
    examples_taken,
    hidden,
    place,
    proposals,
    published,
)
from zhida.domain.packs.sharing import shared_files
from zhida.domain.values import Actor, SubjectKind
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.actions import publish_shared
from zhida.kernel.registry import actions as registry
from zhida.services.authoring import checking, working
from zhida.services.authoring.giving import giving_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.services.simulation import keeping
from zhida.services.simulation.outcome import HIDDEN
from zhida.services.structuring import says_nothing

__all__ = ["authors", "place", "published"]

OFFICIAL = Path(__file__).parents[5] / "shared" / "data" / "policies" / "official_texts.jsonl"
TEXT = """产业园区提质增效奖励办法
统规〔2026〕12号
统计处
2026年2月1日

第一章 总则
第一条 为推动产业园区提质增效，制定本办法。
第二条 本办法由统计处组织实施。
第二章 奖励条件
第三条 申请奖励的企业应当同时符合下列条件：
（一）人数不少于10人；
（二）近三年没有发生重大安全事故。
第三章 奖励标准
第四条 亩均税收达到20万元、40万元以上的企业，分别按照其年度地方贡献的10%、20%予以奖励，最高不超过100万元。
第五条 对新建公共服务平台的企业，一次性给予5万元奖励。
第四章 申报和审核
第六条 企业应当提交下列材料：
（一）营业执照复印件；
（二）纳税证明。
第七条 统计处自受理之日起10个工作日内完成审核。
第五章 附则
第八条 本办法自2026年3月1日起施行，有效期至2028年12月31日。
"""
HOME = """attributes:
  home_region: {kind: text, codes: region, owner: statistics, source: 户籍库, field_class: personal,
                audience: [person], words: {zh: 户籍地, en: home}}
"""
MONEY = {"line": "", "once": "[[subject, year]]", "how": "ask", "cap": "100万"}
BANDS = {"low-1": "20万元", "gives-1": "10", "low-2": "40万", "gives-2": "20%"}


class Author:
    """One author at one draft: every form is sent with the version that is seen."""

    def __init__(self, client: Client, sheet: str) -> None:
        self.client = client
        self.sheet = sheet
        self.launch = f"{sheet}launch/"

    @property
    def draft(self) -> DraftRecord:
        return working.draft(self.sheet.split("/")[3], None)

    def sends(self, where: str, **given: object) -> str:
        """Where a form that was taken leads to."""
        answer = self.client.post(f"{self.sheet}{where}", {"version": str(self.draft.version), **given})
        told = re.findall(r'class="error">(.*?)<|href="#[^"]*">(.*?)</a>', answer.content.decode())
        assert answer.status_code == 302, told
        return answer.headers["Location"]

    def refused(self, where: str, **given: object) -> str:
        """The page of a form that was not taken; nothing is written."""
        version = self.draft.version
        answer = self.client.post(f"{self.sheet}{where}", {"version": str(version), **given})
        assert (answer.status_code, self.draft.version) == (200, version)
        return answer.content.decode()

    def hindrances(self) -> list[str]:
        """What stands between the draft and its proposal."""
        listed = re.search(r"<ol>(.*?)</ol>", self.client.get(self.launch).content.decode(), re.S)
        return [html.unescape(one) for one in re.findall(r"<li>(.*?)　<a", listed.group(1), re.S)] if listed else []

    def costs(self, answers: dict[str, str]) -> str:
        """Sees the cost, with an assumption for every fact that nobody holds."""
        page = self.client.get(self.launch).content.decode()
        asked = dict(re.findall(r'<label for="(a-[^"]+)">([^<]+)', page))
        given = {
            name: next((value for words, value in answers.items() if words in label), "true")
            for name, label in asked.items()
        }
        self.sends("launch/", what="cost", take_up="1", **given)
        (newest, *_) = keeping.newest(None)
        return f"{newest.outcome.worlds[-1].fen}"


def accepts(author: Author) -> None:
    """Everything that was read is right; what was not is left for later."""
    said = {one.id: "refuse" if says_nothing(one) else "accept" for one in proposals(author.draft)}
    author.sends("", **{f"s-{name}": word for name, word in said.items()})


def in_force(author: Author, colleague: Client) -> None:
    author.sends("launch/", act="propose", token=str(author.draft.version), publish_on="")
    token = hidden(colleague.get(author.launch).content.decode().partition('value="confirm"')[2], "token")
    assert colleague.post(author.launch, {"act": "confirm", "token": token}).status_code == 302
    assert author.draft.state == "published"


def items_of(author: Author) -> dict[str, tuple[str, ...]]:
    pack = checking.read(author.draft).pack
    assert pack is not None
    return {name: item.requires for name, item in pack.items.items()}


def test_a_text_of_several_chapters_goes_the_whole_way(authors: Pages) -> None:
    ann, ben = authors
    author = Author(ann, begun(ann, TEXT))
    assert "读出来的没有人核对" in author.hindrances()[0]
    accepts(author)
    first = next(iter(items_of(author)))
    author.sends(f"rules/items/{first}/giving/", shape="bands", by="亩均税收", of="年度地方贡献", **MONEY, **BANDS)
    rules = author.draft.file("rules.yaml").decode()
    assert re.search(rf'is: "?min\(floor\(asked_\w+ \* {first}_bands\), 100000000\)', rules)
    assert "按亩均税收分 2 档，每档给年度地方贡献的百分之几，最高 1,000,000.00 元" in (
        ann.get(f"{author.sheet}rules/items/{first}/").content.decode()
    )
    paper = next(name for name in items_of(author)[first] if name.startswith("paper_"))
    author.sends(f"rules/requirements/{paper}/out/", why="不由规则执行，经办人掌握")
    assert paper not in author.draft.file("form.yaml").decode()
    assert "不由规则执行，经办人掌握" in author.draft.file("clauses.yaml").decode()
    assert not checking.read(author.draft).problems
    examples_taken(ann, author.launch)
    assert author.hindrances() == ["还没有看过这一稿要花多少钱"]
    seen = author.costs({"亩均税收": "45万", "贡献": "300万", "事故": "false"})
    assert seen == str(HIDDEN), "somebody gets it, too few to be told"
    assert author.hindrances() == []
    in_force(author, ben)
    assert catalogue.revision(author.draft.revision).items.keys() == items_of(author).keys()


def test_conditions_that_exclude_each_other_are_named_with_the_way_to_mend_them(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    accepts(author)
    asked = {"title": "十人以下", "clause": "a3-2", "kind": "computed", "items": [*items_of(author)]}
    line = {"f-1": "人数", "p-1": "", "o-1": "<", "v-1": "5人"}
    added = author.sends("rules/requirements/", **asked, **line)
    (words,) = [one for one in author.hindrances() if "互相排斥" in one]
    assert "“人数不少于10人”、“十人以下”" in words
    assert f'href="{added}"' in authors[0].get(author.launch).content.decode()
    author.sends(f"{added.removeprefix(author.sheet)}out/")
    assert not [one for one in author.hindrances() if "互相排斥" in one]


def test_a_fact_that_nobody_holds_is_asked_or_proposed(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    asked = {
        "title": "持有园区入驻证明",
        "clause": "a3-2",
        "kind": "computed",
        "f-1": "园区入驻",
        "o-1": "is",
        "p-1": "",
    }
    assert "字典里没有“园区入驻”" in author.refused("rules/requirements/", how="", **asked)
    author.sends("rules/requirements/", how="ask", **asked)
    assert "园区入驻" in author.draft.file("words/zh.yaml").decode()
    author.sends("rules/requirements/", how="propose", **{**asked, "f-1": "园区等级", "o-1": ">=", "v-1": "3"})
    added = [body.decode() for path, body in author.draft.files.items() if path.startswith("_attributes/")]
    assert "园区等级" in added[0]
    reading = checking.read(author.draft)
    assert not reading.problems


def test_what_nobody_holds_is_one_of_some_values_or_none_of_them(authors: Pages) -> None:
    """Somebody can be refused by an answer, so that there are examples of both."""
    author = Author(authors[0], begun(authors[0], TEXT))
    accepts(author)
    first = next(iter(items_of(author)))
    feel = 'if 平台级别 = "国家级" then 3000000 else if 平台级别 = "省级" then 2000000 else 0'
    author.sends(f"rules/items/{first}/giving/", shape="other", feel=feel, **MONEY)
    told = author.draft.file("form.yaml").decode()
    assert re.search(r"values: \[国家级, 省级, 都不是\]", told)
    assert not checking.read(author.draft).problems


def test_a_standard_that_the_document_goes_by_is_a_parameter(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    accepts(author)
    first = next(iter(items_of(author)))
    where = f"rules/items/{first}/giving/"
    author.sends(where, shape="other", feel="人数 * 低保标准（1309元） + 低保标准（1309元）", **MONEY)
    told = author.draft.file("parameters.yaml").decode()
    row = r"unit: fen\n  rows:\n    - {effective: 2026-03-01, .*value: 130900, source: ['\"]?低保标准，统规"
    assert re.search(row, told)
    page = html.unescape(authors[0].get(f"{author.sheet}{where}").content.decode())
    assert "人数 * 低保标准（1309元） + 低保标准（1309元）" in page
    assert not checking.read(author.draft).problems
    author.sends(where, shape="fixed", sum="1万", **MONEY)
    assert not author.draft.file("parameters.yaml")


def test_an_item_is_added_renamed_and_taken_out(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    before = dict(author.draft.files)
    there = author.sends("rules/items/", title="平台奖励", clause="a1")
    name = there.split("/items/")[1].split("/")[0]
    author.sends(f"rules/items/{name}/giving/", shape="fixed", sum="5万", once="[[subject, life]]")
    author.sends(f"rules/items/{name}/", title="公共平台奖励", how_much="5 万元")
    assert {name: f"{name}_fen"}[name] in author.draft.file("rules.yaml").decode()
    author.sends(f"rules/items/{name}/out/", why="目的、定义或总的规定")
    after = dict(author.draft.files)
    assert {path for path in after if after[path] != before.get(path)} <= {f"{author.draft.pack_id}/clauses.yaml"}
    authors[0].post(f"{author.sheet}rules/items/{next(iter(items_of(author)))}x/out/", {"version": "5"})
    assert dict(author.draft.files) == after


def test_what_is_refused_leaves_the_draft(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    read = proposals(author.draft)
    items = [one.edit["path"] for one in read if one.kind == "item"]
    (rule,) = [one for one in read if one.kind == "amount_rule"]
    paid = rule.edit["path"].removeprefix("amounts.").removesuffix("_fen")
    assert "至少要有一个事项" in author.refused("", **{f"s-{one.id}": "refuse" for one in read if one.kind == "item"})
    gone = next(name for name in items if name != paid)
    said = {one.id: "refuse" if one.edit.get("path") == gone or one == rule else "accept" for one in read}
    author.sends("", **{f"s-{name}": word for name, word in said.items()})
    assert gone not in items_of(author)
    assert giving_of(Sheet(author.draft), paid).shape == "service", "no sum that nobody stands for"
    assert not checking.read(author.draft).problems


def test_items_for_firms_and_for_people_are_costed_each(authors: Pages, actor: Actor, now: datetime) -> None:
    ann, ben = authors
    refused = Author(ann, begun(ann, TEXT))
    first = next(iter(items_of(refused)))
    assert "先请字典的负责人加上" in refused.refused(f"rules/items/{first}/", audience="person")
    files = {**shared_files(catalogue.root()), "_attributes/home.yaml": HOME.encode()}
    publish_shared(files=files, by=actor, as_of=now)
    registry.build_snapshot(kind=SubjectKind.PERSON, dictionary=catalogue.root().dictionary, as_of=now, by=actor)
    author = Author(ann, begun(ann, TEXT))
    accepts(author)
    first = next(iter(items_of(author)))
    there = author.sends("rules/items/", title="人才补贴", clause="a1")
    name = there.split("/items/")[1].split("/")[0]
    author.sends(f"rules/items/{name}/", audience="person", asking="1", asks=[])
    parts = {"once": "[[subject, instalment]]", "every": "month", "times": "24", "most": "10"}
    once = {**parts, "once": "[[subject, life]]"}
    assert "分期给的不能是一生一次" in author.refused(f"rules/items/{name}/giving/", shape="fixed", sum="1500", **once)
    feel = "min(floor(实付房租（元） * 0.5), 150000)"
    assert "字典里没有“实付房租”" in author.refused(
        f"rules/items/{name}/giving/", shape="other", feel=feel, how="", **parts
    )
    author.sends(f"rules/items/{name}/giving/", shape="other", feel=feel, how="ask", **parts)
    page = html.unescape(ann.get(f"{author.sheet}rules/items/{name}/giving/").content.decode())
    assert "实付房租 的 50 %，最高 1,500.00 元" in page, "read back as the form that says the same"
    item = checking.read(author.draft).pack.items[name]
    assert (item.audience, item.schedule.count, item.quota.n) == (SubjectKind.PERSON, 24, 10)
    examples_taken(ann, author.launch)
    author.costs({"亩均税收": "45万", "贡献": "300万", "事故": "false", "房租": "2000元"})
    assert len(keeping.newest(None)) == 2, "one run over the firms, one over the people"
    assert author.hindrances() == []
    in_force(author, ben)
    assert first in catalogue.revision(author.draft.revision).items


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"shape": "fixed", "sum": "很多"}, "写一个金额"),
        ({"shape": "share", "rate": "-3", "of": "人数"}, "写百分之几"),
        ({"shape": "share", "rate": "30", "of": ""}, "请写上对的内容"),
        ({"shape": "bands", "by": "人数", "low-1": "", "gives-1": ""}, "至少写一档"),
        ({"shape": "bands", "by": "人数", "low-1": "3", "gives-1": "1万", "low-2": "3", "gives-2": "2万"}, "不能相同"),
    ],
)
def test_what_an_item_cannot_give_is_not_written(authors: Pages, given: dict[str, str], words: str) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    first = next(iter(items_of(author)))
    page = author.refused(f"rules/items/{first}/giving/", once="[[subject, year]]", **given)
    assert words in page


def test_an_official_text_goes_the_whole_way(authors: Pages) -> None:
    """A guide for pledged patents as its office issued it; the interest that it pays is asked of the applicant."""
    if not OFFICIAL.exists():
        pytest.skip("the official texts are not in this checkout")
    told = [json.loads(line) for line in OFFICIAL.read_text("utf-8").splitlines()]
    ann, ben = authors
    author = Author(ann, begun(ann, next(one["text"] for one in told if one["id"] == "ns-guide-10")))
    accepts(author)
    (item,) = items_of(author)
    author.sends(f"rules/items/{item}/giving/", shape="share", rate="100", of="按基准利率算的一年利息", **MONEY)
    header = {
        "title": "专利质押融资贴息",
        "number": "测规〔2018〕10号",
        "issued_on": "2018-06-01",
        "from": "2026-01-01",
    }
    author.sends("rules/header/pack/", **header)
    examples_taken(ann, author.launch)
    author.costs({"利息": "30万"})
    assert author.hindrances() == []
    in_force(author, ben)
    assert catalogue.revision(author.draft.revision).document.title == "专利质押融资贴息"
