"""An item given for each record, one that uses records up, and one that others exclude: by forms, to the folder."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.unit.surfaces.desk.test_composing import MONEY, TEXT, Author, accepts, items_of
from tests.unit.surfaces.desk.test_drafting import HOME, Pages, authors, begun, place, published
from zhida.domain.packs import Pack
from zhida.domain.rules import write
from zhida.services.authoring import checking, working
from zhida.services.authoring.archive import unpacked
from zhida.services.authoring.sheets import Sheet

__all__ = ["authors", "place", "published"]

EACH = {"way": "each", "relation": "hires", "whose-1": "hires.person", "per-1": "life", "anywhere-1": "1"}
COUNTED = {**EACH, "way": "counted", "whose-2": "subject", "per-2": "year"}
MONTHS = {"f-1": "新招用人员的月数", "p-1": "", "o-1": ">=", "v-1": "6"}


def pack_of(author: Author) -> Pack:
    reading = checking.read(author.draft)
    assert reading.pack is not None, reading.problems
    return reading.pack


def item(author: Author) -> str:
    accepts(author)
    return next(iter(items_of(author)))


def test_a_sum_is_given_for_each_record_that_meets_conditions(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    name = item(author)
    where = f"rules/items/{name}/claiming/"
    author.sends(where, **EACH)
    author.sends("rules/requirements/", title="做满半年", clause="a3-1", kind="computed", items=[name], **MONTHS)
    author.sends(f"rules/items/{name}/giving/", shape="share", rate="10", of="新招用人员的工资", **MONEY)
    pack = pack_of(author)
    assert (pack.items[name].for_each, pack.items[name].once_per) == ("hires", (("subject", "year"),))
    author.sends(where, **EACH)
    pack = pack_of(author)
    assert pack.items[name].once_per == (("record.person", "life", "anywhere"),)
    assert write(pack.schema.amounts[f"{name}_fen"].value) == "min(floor(hire.wage_fen * 0.1), 100000000)"
    page = html.unescape(authors[0].get(f"{author.sheet}{where}").content.decode())
    told = "每一条“新招用人员”记录给一笔；同一新招用人员的人员一生一次（别的事项给过的也算）"
    assert f"现在：{told}" in page
    assert "新招用人员的月数 不少于（含） 6 个月" in page
    assert told in html.unescape(authors[0].get(f"{author.sheet}rules/items/{name}/").content.decode())
    before = dict(author.draft.files)
    author.sends(where, **EACH)
    assert dict(author.draft.files) == before, "what a form does not change is not written"
    without = html.unescape(author.refused(where, way="whole", **{"whose-1": "subject", "per-1": "year"}))
    assert "hire" in without, "conditions and the sum still speak of the record"
    assert "record.person" not in without


def test_records_are_used_up_and_counted(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    name = item(author)
    where = f"rules/items/{name}/claiming/"
    author.sends(where, **COUNTED, **MONTHS)
    asked = {"f-1": "算进来的新招用人员数", "p-1": "", "o-1": ">", "v-1": "0"}
    author.sends("rules/requirements/", title="招了人", clause="a3-1", kind="computed", items=[name], **asked)
    author.sends(
        f"rules/items/{name}/giving/", shape="per_unit", sum="2000", of="算进来的新招用人员数", **{**MONEY, "cap": ""}
    )
    author.sends(where, **COUNTED, **{**MONTHS, "v-1": "12"})
    pack = pack_of(author)
    counts = pack.items[name].counts
    assert counts is not None
    assert (counts.relation, counts.where and write(counts.where)) == ("hires", "hire.months >= 12")
    assert write(pack.schema.amounts[f"{name}_count"].value) == "count(hires[months >= 12])", "it follows the form"
    assert write(pack.schema.amounts[f"{name}_fen"].value) == f"floor(200000 * {name}_count)"
    assert pack.items[name].once_per == (("record.person", "life", "anywhere"), ("subject", "year"))
    page = html.unescape(authors[0].get(f"{author.sheet}rules/items/{name}/giving/").content.decode())
    assert "现在：2,000.00 元 × 算进来的新招用人员数" in page


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"relation": ""}, {"relation": "请从列出的里面选一个"}),
        ({"whose-1": "grants.item"}, {"whose-1": "不在上面选的那种记录里"}),
        ({"whose-1": "", "whose-2": ""}, {"whose-1": "至少选一行"}),
        (
            {"relation": "", "whose-1": "", "f-1": "没有这样的事实", "f-2": "新招用人员的月数", "o-2": ">="},
            {"relation": "请从", "whose-1": "不在", "f-1": "字典里没有", "v-2": "请填上比较的值"},
        ),
    ],
)  # fmt: skip
def test_all_that_is_wrong_is_said_at_once_beside_its_field(
    authors: Pages, given: dict[str, str], faults: dict[str, str]
) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    name = item(author)
    author.sends(f"rules/items/{name}/giving/", shape="fixed", sum="1万", **{**MONEY, "cap": ""})
    typed = {**COUNTED, **MONTHS, "whose-1": "hires.person", **given}
    typed |= {"whose-1": "grants.item"} if len(faults) > 1 else {}
    page = html.unescape(author.refused(f"rules/items/{name}/claiming/", **typed))
    for field, words in faults.items():
        assert re.search(rf'href="#{field}">[^<]*{words}', page), field
        assert re.search(rf'id="{field}(-hint|-wrong)"[^>]*>[^\n]*{words}', page), field


def test_a_group_of_the_drafts_own_goes_with_it(authors: Pages) -> None:
    author = Author(authors[0], begun(authors[0], TEXT))
    name = item(author)
    author.sends(f"rules/items/{name}/giving/", shape="fixed", sum="1万", **{**MONEY, "cap": ""})
    where, group = f"rules/items/{name}/stacking/", {"group": "+", "rule": "highest_only", "per": "year"}
    wrong = html.unescape(author.refused(where, **{**group, "rule": "none"}))
    for field in ("words", "source", "rule"):
        assert re.search(rf'id="{field}-hint">[^\n]*class="error"', wrong), field
    assert "写一个金额" in author.refused(where, **{**group, "rule": "capped_sum", "words": "甲", "source": "乙"})
    author.sends(where, words="同类奖励就高不重复", source="第五条", **group)
    pack, draft = pack_of(author), author.draft
    added = f"_groups/{draft.pack_id.partition('/')[2]}.yaml"
    assert draft.files[added].decode() == (
        "rule: highest_only\nper: year\nowner: statistics\nsource: 第五条\nwords: {zh: 同类奖励就高不重复}\n"
    )
    assert pack.items[name].group == added.removeprefix("_groups/").removesuffix(".yaml")
    assert "现在：同类奖励就高不重复：一年里只给最高的一项" in authors[0].get(f"{author.sheet}{where}").content.decode()
    own = {**group, "group": pack.items[name].group, "words": "同类奖励", "source": "第五条"}
    author.sends(where, **{**own, "rule": "capped_sum", "cap": "5万"})
    assert "cap_fen: 5000000" in author.draft.files[added].decode()
    body = authors[0].get(f"{author.sheet[:-1]}.zip").content
    assert added in unpacked(body)
    again = authors[0].post(HOME, {"file": SimpleUploadedFile("pack.zip", body)})
    imported = working.draft(again.headers["Location"].split("/")[3], None)
    assert checking.read(imported).pack is not None
    assert authors[0].get(f"/desk/drafts/{imported.id}.zip").content == body, "out and in again is the same bytes"
    author.sends(where, group="")
    assert added not in author.draft.files
    assert Sheet(author.draft).get("items.yaml", name, "stacking") is None
