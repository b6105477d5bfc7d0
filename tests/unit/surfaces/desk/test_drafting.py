"""The author's pages: a text becomes a published item without a file being touched, and bad input is told plainly."""

from __future__ import annotations

import html
import re
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.unit.surfaces.api.conftest import HEADS, Place, place, published
from zhida.domain import packs
from zhida.domain.values import Actor, SubjectKind
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.services.authoring import working
from zhida.services.authoring.archive import packed, unpacked
from zhida.services.simulation import keeping

__all__ = ["place", "published"]

HOME = "/desk/drafts/"
TEXT = """节能改造奖励办法
统规〔2026〕9号
统计处
2026年2月1日

第一条 为鼓励节能改造，制定本办法。
第二条 申请奖励的企业应当同时符合下列条件：
（一）人数不少于10人；
（二）近三年没有发生重大安全事故。
第三条 对符合条件的企业，一次性给予2万元奖励。
第四条 统计处自受理之日起10个工作日内完成审核。
第五条 本办法自2026年3月1日起施行，有效期至2028年12月31日。
"""
Pages = tuple[Client, Client]


@pytest.fixture
def authors(place: Place, actor: Actor, now: datetime) -> Pages:
    """Two authors of the same office, over two firms in a snapshot."""
    dictionary: packs.Dictionary = catalogue.root().dictionary
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    clients = []
    for name in ("ann", "ben"):
        account = open_account(login_name=name, as_of=now)
        offices.appoint(account_id=account, office_id="statistics", role="author", by=actor, as_of=now)
        client = Client()
        client.force_login(Account.objects.get(pk=account))
        clients.append(client)
    return clients[0], clients[1]


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found.group(1))


def begun(author: Client, text: str = TEXT, **more: str) -> str:
    """The address of a draft made of a text."""
    answer = author.post(HOME, {"text": text, **more})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return answer.headers["Location"]


def settled(author: Client, sheet: str, refused: str = "attribute") -> None:
    """Everything on the sheet settled: what is sure together, the rest one by one."""
    page = author.get(sheet).content.decode()
    unsure = re.findall(r'reading--unsure" id="(p\d+)"', page)
    draft = working.draft(sheet.split("/")[3], None)
    kinds = {one.id: one.kind for one in proposals(draft)}
    said = {f"s-{one}": "refuse" if kinds[one] in (refused, "condition") else "accept" for one in unsure}
    given = {"version": hidden(page, "version"), "shown": hidden(page, "shown"), "seen": "1", **said}
    answer = author.post(sheet, given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def proposals(draft: working.DraftRecord) -> tuple[packs.proposals.Proposal, ...]:
    """What was read into a draft."""
    from zhida.surfaces.desk.presenters.settling import proposals_of

    return proposals_of(draft)


def examples_taken(author: Client, launch: str) -> None:
    """Every example that the page shows is taken."""
    page = author.get(launch).content.decode()
    shown = [html.unescape(one) for one in re.findall(r'name="shown" value="([^"]+)"', page)]
    given = {"what": "examples", "version": hidden(page, "version"), "shown": shown, "seen": "1"}
    assert author.post(launch, given).status_code == 302


def test_a_text_becomes_a_published_item(authors: Pages, now: datetime) -> None:
    ann, ben = authors
    sheet = begun(ann)
    launch = f"{sheet}launch/"
    page = ann.get(sheet).content.decode()
    assert "人数不少于10人" in page
    assert "不确定，请您定" in page
    assert "staff &gt;= 10" in page
    settled(ann, sheet)
    examples_taken(ann, launch)
    version = working.draft(sheet.split("/")[3], None).version
    proposing = {"act": "propose", "token": str(version), "publish_on": ""}
    early = ann.post(launch, proposing).content.decode()
    assert "请先推演这一稿" in early
    assert ann.post(launch, {"what": "cost", "take_up": "1"}).headers["Location"] == f"{launch}#m"
    (kept,) = keeping.newest(None)
    assert f"/desk/simulations/{kept.id}/" in ann.get(launch).content.decode()
    assert ann.get(f"/desk/simulations/{kept.id}/").status_code == 200
    assert ann.post(launch, proposing).status_code == 302
    assert ann.post(launch, {"act": "confirm", "token": "x"}).status_code == 403
    page = ben.get(launch).content.decode()
    token = re.search(r'value="confirm">\s*<input type="hidden" name="token" value="([^"]+)"', page)
    assert token
    assert ben.post(launch, {"act": "confirm", "token": token.group(1)}).status_code == 302
    draft = working.draft(sheet.split("/")[3], None)
    record = catalogue.policy(draft.pack_id, as_of=now)
    assert (record.id, record.document_title) == (draft.revision, "节能改造奖励办法")
    assert Client().get(f"/policies/{draft.pack_id}/").status_code == 200


def test_what_the_desk_writes_is_the_folder_byte_for_byte(authors: Pages) -> None:
    ann, _ = authors
    sheet = begun(ann)
    draft = working.draft(sheet.split("/")[3], None)
    body = ann.get(f"{sheet[:-1]}.zip").content
    files = unpacked(body)
    assert packed(files) == body
    assert {path: data for path, data in files.items() if path.startswith(draft.pack_id)} == dict(draft.files)
    again = ann.post(HOME, {"file": SimpleUploadedFile("pack.zip", body)})
    imported = working.draft(again.headers["Location"].split("/")[3], None)
    assert imported.files == draft.files


def test_a_condition_is_written_as_a_form_and_as_feel(authors: Pages) -> None:
    ann, _ = authors
    sheet = begun(ann)
    draft_id = sheet.split("/")[3]
    entry = f"{sheet}rules/requirements/met_a2_1/"
    page = ann.get(entry).content.decode()
    assert "人数 不少于（含） 10 人" in page
    form = {"version": "1", "kind": "computed", "by": "form", "junction": "and"}
    line = {"f-1": "人数", "p-1": "", "o-1": ">=", "v-1": "12", "f-2": "sound", "p-2": "", "o-2": "is"}
    assert ann.post(entry, {**form, **line}).status_code == 302
    assert b'when: "staff >= 12 and sound"' in working.draft(draft_id, None).file("rules.yaml")
    feel = {"version": "2", "kind": "computed", "by": "feel", "feel": "staff >= 15"}
    assert ann.post(entry, feel).status_code == 302
    page = ann.get(entry).content.decode()
    assert "人数 不少于（含） 15 人" in page
    assert ann.post(entry, {**feel, "version": "3", "feel": " staff   >=  15"}).status_code == 302
    assert working.draft(draft_id, None).version == 3, "the same nodes are no edit"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"by": "feel", "feel": "staff >="}, "entry"),
        ({"by": "feel", "feel": "nobody > 3"}, "nobody"),
        ({"by": "form", "f-1": "职工数", "o-1": ">=", "v-1": "3"}, "字典里没有"),
        ({"by": "form", "f-1": "staff", "o-1": "between", "v-1": "3"}, "两个值用分号隔开"),
        ({"by": "form"}, "系统算的条件要写上式子"),
    ],
)
def test_a_condition_that_does_not_read_is_not_written(authors: Pages, given: dict[str, str], words: str) -> None:
    ann, _ = authors
    sheet = begun(ann)
    entry = f"{sheet}rules/requirements/met_a2_1/"
    answer = ann.post(entry, {"version": "1", "kind": "computed", **given})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert working.draft(sheet.split("/")[3], None).version == 1


def test_a_condition_over_a_new_fact_asks_for_the_fact(authors: Pages) -> None:
    ann, _ = authors
    sheet = begun(ann)
    draft = working.draft(sheet.split("/")[3], None)
    found = proposals(draft)
    condition = next(one for one in found if one.kind == "condition" and one.value["needs"])
    fact = next(one for one in found if one.kind == "attribute")
    answer = ann.post(sheet, {"version": "1", f"s-{condition.id}": "accept"})
    assert f"请一起接受：{fact.id}" in answer.content.decode()
    both = {"version": "1", f"s-{condition.id}": "accept", f"s-{fact.id}": "accept"}
    assert ann.post(sheet, both).status_code == 302
    files = working.draft(draft.id, None).files
    assert any(path.startswith("_attributes/drafted-") for path in files)


def test_a_new_fact_that_means_a_known_one_gives_way_to_it(authors: Pages) -> None:
    ann, _ = authors
    sheet = begun(ann, TEXT.replace("人数不少于10人", "用工人数不少于10人"))
    draft = working.draft(sheet.split("/")[3], None)
    fact = next(one.id for one in proposals(draft) if one.value.get("alike") == ["staff"])
    condition = next(one.id for one in proposals(draft) if one.kind == "condition" and one.anchor == "a2-1")
    page = ann.get(sheet).content.decode()
    assert "意思相近：" in page
    given = {"version": hidden(page, "version"), f"s-{fact}": "change"}
    assert "请从列出的里面选一个" in ann.post(sheet, {**given, f"v-{fact}": "age"}).content.decode()
    assert ann.post(sheet, {**given, f"s-{condition}": "accept", f"v-{fact}": "staff"}).status_code == 302
    draft = working.draft(sheet.split("/")[3], None)
    assert b'when: "staff >= 10"' in draft.files[f"{draft.pack_id}/rules.yaml"]
    assert not [path for path in draft.files if path.startswith("_attributes/")]


def test_somebody_elses_edit_is_not_written_over(authors: Pages) -> None:
    ann, ben = authors
    sheet = begun(ann)
    file = f"{sheet}files/?file=policy.md"
    text = working.draft(sheet.split("/")[3], None).file("policy.md").decode()
    assert ben.post(file, {"version": "1", "text": text.replace("节能", "节水")}).status_code == 302
    answer = ann.post(file, {"version": "1", "text": text}, follow=True)
    assert "别人刚刚改过" in answer.content.decode()
    assert "节水" in working.draft(sheet.split("/")[3], None).file("policy.md").decode()


def scan() -> bytes:
    """A PDF of one page without words."""
    from pypdf import PdfWriter

    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("scan.pdf", scan(), "没有读出文字"),
        ("cut.docx", b"PK\x03\x04 cut off", "残缺"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 photo", "图片"),
        ("novel.txt", "从前有座山，山里有座庙。\n庙里有个老和尚。\n".encode(), "不是政策文件"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "老格式"),
        ("empty.txt", b"", "没有文字"),
    ],
)
def test_what_cannot_be_read_is_told_plainly(authors: Pages, name: str, body: bytes, words: str) -> None:
    ann, _ = authors
    page = ann.post(HOME, {"file": SimpleUploadedFile(name, body)})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert working.drafts(None) == ()


def test_a_published_policy_is_changed_and_the_difference_told(authors: Pages, now: datetime) -> None:
    ann, _ = authors
    revision = catalogue.policy(HEADS.id, as_of=now)
    sheet = ann.post(HOME, {"revision": revision.id}).headers["Location"]
    entry = f"{sheet}rules/amounts/pay_fen/"
    assert ann.post(entry, {"version": "1", "feel": "wages_fen * 2"}).status_code == 302
    page = ann.get(f"{sheet}launch/").content.decode()
    assert "与第 1 版相比" in page
    assert "wages_fen * 2" in page
    assert "不符" in page


def test_others_are_told_which_duty_it_takes(authors: Pages, place: Place) -> None:
    client = Client()
    client.force_login(Account.objects.get(pk=place.owner))
    assert client.get(HOME).status_code == 403
    sheet = begun(authors[0])
    assert client.get(sheet).status_code == 403


def test_what_was_not_read_is_filled_in_and_never_called_right(authors: Pages) -> None:
    ann, _ = authors
    bare = TEXT.split("\n", 5)[5].replace("（一）人数", "（一）在本市登记注册，人数")
    given = "一次性给予2万元奖励"
    sheet = begun(ann, bare.replace(given, "给予救助。救助金额=家庭人数×本市每月最低生活保障标准×救助月数"))
    draft = working.draft(sheet.split("/")[3], None)
    found = {one.kind: one for one in reversed(proposals(draft))}
    title, place_of, standard = found["title"], found["condition"], found["standard"]
    page = ann.get(sheet).content.decode()
    assert "还不知道是哪里" in page
    assert "“本市”是哪里" in page
    for one in (title, place_of, standard):
        assert f'name="s-{one.id}" value="accept"' not in page
    refused = ann.post(sheet, {"version": "1", f"s-{title.id}": "accept"})
    assert "不能说对" in refused.content.decode()
    change = {"version": "1", f"s-{title.id}": "change", f"v-{title.id}": "困难家庭救助办法"}
    change |= {f"s-{standard.id}": "change", f"v-{standard.id}": "1309元"}
    change |= {f"s-{place_of.id}": "change", f"v-{place_of.id}": "哪里也不是"}
    assert "没有这个地区" in ann.post(sheet, change).content.decode()
    code = next(iter(catalogue.root().dictionary.code_trees["region"].names))
    assert ann.post(sheet, {**change, f"v-{place_of.id}": code}).status_code == 302
    draft = working.draft(draft.id, None)
    assert draft.file("policy.md").decode().startswith("# 困难家庭救助办法")
    assert "value: 130900" in draft.file("parameters.yaml").decode()
    assert f'\\"{code}\\"' in draft.file("rules.yaml").decode()
