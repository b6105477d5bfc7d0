"""For how many an item is and who comes first, by a form: written, read back, refused all at once, taken back."""

from __future__ import annotations

import html
import re

from tests.unit.surfaces.desk.test_claiming import item, pack_of
from tests.unit.surfaces.desk.test_composing import MONEY, TEXT, Author
from tests.unit.surfaces.desk.test_drafting import Pages, authors, begun, place, published
from zhida.domain.packs.items import Quota
from zhida.domain.rules import write
from zhida.services.authoring.sheets import Sheet

__all__ = ["authors", "place", "published"]

RANKED = {"order": "ranked", "n": "500", "ties": "none_in", "how": "ask", "by-1": "人数", "first-1": "high"}
SECOND = {"by-2": "创新得分（分） * 2", "first-2": "low"}


def begins(authors: Pages, shape: str = "service") -> tuple[Author, str, str]:
    """An author, the name of an item, and where the form stands."""
    author = Author(authors[0], begun(authors[0], TEXT))
    name = item(author)
    author.sends(f"rules/items/{name}/giving/", shape=shape, sum="1万", **{**MONEY, "cap": ""})
    return author, name, f"rules/items/{name}/quota/"


def quota_of(author: Author, name: str) -> Quota:
    quota = pack_of(author).items[name].quota
    assert quota is not None
    return quota


def test_places_go_to_those_who_rank_highest(authors: Pages) -> None:
    author, name, where = begins(authors)
    before = dict(author.draft.files)
    author.sends(where, order="", n="", ties="all_in", how="ask", **{"by-1": "", "first-1": "high"})
    assert dict(author.draft.files) == before, "an untouched form writes nothing"
    author.sends(where, **RANKED, **SECOND)
    quota = quota_of(author, name)
    (asked,) = pack_of(author).form.questions
    assert (quota.n, quota.order, quota.ties) == (500, "ranked", "none_in")
    assert [(write(one.value), one.high_first) for one in quota.by] == [
        ("staff", True), (f"{asked} * 2", False),
    ]  # fmt: skip
    assert "select" in str(Sheet(author.draft).get("process.yaml", "review"))
    page = html.unescape(authors[0].get(f"{author.sheet}{where}").content.decode())
    told = "500 个名额，人数高的在前，再看创新得分 * 2低的在前；最后一名有并列的，都不选"
    assert f"现在：{told}" in page
    assert told in html.unescape(authors[0].get(f"{author.sheet}rules/items/{name}/").content.decode())
    author.sends(f"rules/items/{name}/giving/", shape="fixed", sum="1万", **{**MONEY, "cap": ""})
    assert quota_of(author, name).ties == "none_in", "money leaves the order alone"
    assert "最多给多少个" not in authors[0].get(f"{author.sheet}rules/items/{name}/giving/").content.decode()
    author.sends(where, **{**RANKED, "order": ""})
    assert pack_of(author).items[name].quota is None
    assert asked not in pack_of(author).form.questions
    assert "select" not in str(Sheet(author.draft).get("process.yaml", "review"))


def test_a_sum_is_shared_out(authors: Pages) -> None:
    author, name, where = begins(authors, "fixed")
    author.sends(where, order="pro_rata", n="", total="500万", how="ask")
    quota = quota_of(author, name)
    assert (quota.order, quota.n, quota.total_fen) == ("pro_rata", None, 500_000_000)
    author.sends(where, order="first_come", n="10", total="500万", how="ask")
    quota = quota_of(author, name)
    assert (quota.order, quota.n, quota.total_fen) == ("first_come", 10, 500_000_000)
    parts = {"shape": "fixed", "sum": "1万", **MONEY, "cap": "", "once": "[[subject, instalment]]", "every": "year"}
    author.refused(f"rules/items/{name}/giving/", **parts)


def test_all_that_is_wrong_is_said_at_once_beside_its_field(authors: Pages) -> None:
    author, _, where = begins(authors, "fixed")
    cases: list[tuple[dict[str, str], dict[str, str]]] = [
        (
            {"n": "很多", "total": "一些", "ties": "", "how": "", "by-1": "没有的", "by-2": "人数 +", "first-2": "up"},
            {"n": "写一个整数", "total": "写一个金额", "ties": "请从", "by-1": "没有", "by-2": "", "first-2": "请从"},
        ),
        ({"n": "", "by-1": ""}, {"n": "写上多少个名额", "by-1": "至少写一个数"}),
        ({"by-2": "人数 > 3", "first-2": "high"}, {"by-2": ""}),
        ({"order": ""}, {"order": "要选谁先谁后"}),
        ({"order": "pro_rata"}, {"n": "这里不填", "total": "要写总共多少元"}),
    ]  # fmt: skip
    for given, faults in cases:
        page = html.unescape(author.refused(where, **{**RANKED, **given}))
        for field, words in faults.items():
            assert re.search(rf'href="#{field}">[^<]*{words}', page), (given, field)
            assert re.search(rf'id="{field}-(hint|wrong)"[^>]*>[^\n]*class="error"', page), (given, field)
