"""Tables of several columns, bands, and values by date and region, written by the desk's forms: the real packs' own."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.conformance.test_policies import by_number, policies
from zhida.domain.errors import AuthorError
from zhida.domain.packs import Pack, run_golden
from zhida.domain.packs.sharing import shared_files
from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue.actions import publish_shared
from zhida.kernel.offices import actions as offices
from zhida.services.authoring import checking, publishing, working
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import PARAMETERS, RULES, Sheet

OFFICE = "city-office"
TABLES = {
    "p03": ("share",),
    "p06": ("settling_by_capital_fen", "settling_by_tax_fen", "revenue_floor_fen", "tax_floor_fen"),
    "p10": ("banded_fen",),
    "p23": ("rate", "cap_fen"),
}
SERIES = {
    "p13": ("layoff_target", "rate_large", "rate_small"),
    "p16": ("living_standard_fen", "rural_standard_fen", "orphan_standard_fen"),
    "p17": ("living_standard_fen", "nursing_standard_fen"),
    "p25": ("first_year_base", "first_year_step"),
}


class Form(HTMLParser):
    """The fields of the page's form, as a browser without script would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.inside = False
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.inside = self.inside or (tag == "form" and given.get("id") == "entry")
        if not self.inside:
            return
        if tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.fields):
            self.fields[self.select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.select = "" if tag == "select" else self.select


@dataclass
class Editor:
    """An author at a draft of one real pack."""

    client: Client
    draft_id: str
    said: list[tuple[str, str]] = field(default_factory=list)

    @property
    def draft(self) -> DraftRecord:
        return working.draft(self.draft_id, None)

    @property
    def pack(self) -> Pack:
        reading = checking.read(self.draft)
        assert reading.pack is not None, reading.problems
        return reading.pack

    def fields(self, where: str) -> dict[str, str]:
        """What the form at an address holds."""
        answer = self.client.get(f"/desk/drafts/{self.draft_id}/{where}")
        assert answer.status_code == 200, answer.headers
        return Form(answer.content.decode()).fields

    def sends(self, where: str, given: Mapping[str, str], do: str = "write") -> str:
        """Where a form that was taken leads to; the page of one that was not."""
        version = {"version": str(self.draft.version), "do": do}
        answer = self.client.post(f"/desk/drafts/{self.draft_id}/{where}", {**given, **version})
        self.said = re.findall(r'class="error"[^>]*>(.*?)<|href="#\w[^"]*">(.*?)</a>', answer.content.decode())
        return answer.headers.get("Location") or html.unescape(answer.content.decode())

    def writes(self, sheet: Sheet) -> None:
        working.write(
            draft_id=self.draft_id, version=self.draft.version, files=sheet.changed, by=ACTOR,
            as_of=self.draft.changed_at, why="draft.edited",
        )  # fmt: skip


ACTOR = Actor("account_x", "author", office=OFFICE)


@pytest.fixture
def editor(db: None, actor: Actor, now: datetime) -> Editor:
    publish_shared(files=shared_files(policies()), by=actor, as_of=now)
    account = open_account(login_name="ann", as_of=now)
    offices.appoint(account_id=account, office_id=OFFICE, role="author", by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return Editor(client, "")


def opened(editor: Editor, number: str, now: datetime) -> Editor:
    """A draft of a real pack's own files."""
    pack = by_number()[number]
    files = {f"{pack.id}/{name}": body for name, body in pack.files.items()}
    editor.draft_id = new_id("draft")
    working.begin(draft_id=editor.draft_id, pack_id=pack.id, title=number, files=files, by=ACTOR, as_of=now)
    return editor


def decided(pack: Pack) -> list[object]:
    return [(one.item, one.case.name, one.actual, one.differences) for one in run_golden(pack).results]


def meant(found: object) -> object:
    """What a file says, however its figures are spelled: 0.10 is 0.1."""
    if isinstance(found, dict):
        return {key: meant(value) for key, value in found.items()}
    if isinstance(found, list):
        return [meant(value) for value in found]
    return found.rstrip("0") if isinstance(found, str) and re.fullmatch(r"\d+\.\d+", found) else found


def blanked(editor: Editor, name: str) -> None:
    """Puts another table where a hand-written one stood: one row, with nothing of what its author wrote in it."""
    sheet = Sheet(editor.draft)
    columns = [key for key in sheet.get(RULES, "tables", name, "rows")[0] if key != "gives"]
    is_marginal = sheet.get(RULES, "tables", name, "hit") == "marginal"
    row = dict.fromkeys(columns, ">= 0" if is_marginal else "-")
    sheet.set(RULES, ("tables", name, "rows"), [{**row, "gives": "1"}])
    sheet.set(RULES, ("tables", name, "hit"), "marginal" if is_marginal else "first")
    editor.writes(sheet)


@pytest.mark.parametrize("number", TABLES)
def test_a_real_table_is_read_into_the_form_and_written_back_by_it(editor: Editor, now: datetime, number: str) -> None:
    opened(editor, number, now)
    files, rules, before = editor.draft.files, Sheet(editor.draft).get(RULES), decided(editor.pack)
    for name in TABLES[number]:
        fields = editor.fields(f"tables/{name}/")
        assert editor.sends(f"tables/{name}/", fields).endswith(f"tables/{name}/"), editor.said
        assert editor.draft.files == files, "what was not changed keeps its bytes"
        blanked(editor, name)
        assert Sheet(editor.draft).get(RULES) != rules
        assert editor.sends(f"tables/{name}/", fields).endswith(f"tables/{name}/"), editor.said
        assert meant(Sheet(editor.draft).get(RULES)) == meant(rules)
        files = editor.draft.files
    assert decided(editor.pack) == before


@pytest.mark.parametrize("number", SERIES)
def test_real_values_by_date_and_region_are_read_and_written_back(editor: Editor, now: datetime, number: str) -> None:
    opened(editor, number, now)
    files, told, before = editor.draft.files, Sheet(editor.draft).get(PARAMETERS), decided(editor.pack)
    for name in SERIES[number]:
        fields = editor.fields(f"parameters/{name}/")
        assert editor.sends(f"parameters/{name}/", fields).endswith(f"parameters/{name}/"), editor.said
        assert editor.draft.files == files, "what was not changed keeps its bytes"
        sheet = Sheet(editor.draft)
        path = (name, "rows") if "unit" in told[name] else (name,)
        row = {"effective": "2020-01-01", "published": "2020-01-01", "value": "1", "source": "s"}
        sheet.set(PARAMETERS, path, [row])
        editor.writes(sheet)
        assert editor.sends(f"parameters/{name}/", fields).endswith(f"parameters/{name}/"), editor.said
        assert meant(Sheet(editor.draft).get(PARAMETERS)) == meant(told)
        files = editor.draft.files
    assert decided(editor.pack) == before


def by_hand(editor: Editor, *rows: tuple[str, ...], columns: tuple[str, ...], **more: str) -> dict[str, str]:
    """A new table as an author fills it: `加一列` and `加一行` bring the empty fields."""
    fields = editor.fields(f"{AWARD}?shape=table&table=-")
    for wanted, what in ((len(columns), "column"), (len(rows), "row")):
        while int(fields[f"{what}s"]) < wanted:
            fields = Form(editor.sends(AWARD, fields, do=what)).fields
    for number, words in enumerate(columns, start=1):
        what, _, period = words.partition("@")
        fields |= {f"c-{number}-what": what, f"c-{number}-period": period}
    for at, row in enumerate(rows, start=1):
        for number, cell in enumerate(row[:-1], start=1):
            how, _, value = cell.partition(" ")
            fields |= {f"r-{at}-{number}-how": how, f"r-{at}-{number}": value}
        fields[f"r-{at}-gives"] = row[-1]
    return fields | more


AWARD = "rules/items/award/giving/"
SHARES = (
    ("in 51 批发业", ">= 5亿", "40"),
    ("in 51 批发业", "[) 3亿；5亿", "30%"),
    ("in 52；61", "any", "20"),
)


def test_a_table_of_two_columns_is_typed_in_the_words_of_its_author(editor: Editor, now: datetime) -> None:
    opened(editor, "p03", now)
    shown = editor.client.get(f"/desk/drafts/{editor.draft_id}/{AWARD}?shape=table&table=-").content.decode()
    words = {name: told for told, name in re.findall(r'<option value="([^"]+)">(\w+)</option>', shown)}
    columns = (words["industry"], f"{words['sales_fen']}@year - 1")
    more = {"of": words["local_contribution_fen"], "of-period": "year - 1", "table-result": "share", "table-cap": "35"}
    where = editor.sends(AWARD, by_hand(editor, *SHARES, columns=columns, **more))
    assert where.endswith("/rules/items/award/"), editor.said
    rules = Sheet(editor.draft).get(RULES)
    assert rules["amounts"] == {
        "award_fen": {"is": "floor(local_contribution_fen(year - 1) * award_table)", "cites": ["a4"]}
    }
    assert rules["tables"] == {
        "award_table": {
            "hit": "first",
            "by": {"industry": "industry", "column_2": "sales_fen(year - 1)"},
            "rows": [
                {"industry": "51", "column_2": ">= 50000000000", "gives": "0.4"},
                {"industry": "51", "column_2": "[30000000000..50000000000)", "gives": "0.3"},
                {"industry": ["52", "61"], "column_2": "-", "gives": "0.2"},
            ],
            "cap": "0.35",
            "cites": ["a4", "a5"],
        }
    }, "the table before it went with the sum that looked it up"
    assert "\n      - {industry:" in editor.draft.file(RULES).decode(), "a row stands on its own line"
    shown = editor.client.get(f"/desk/drafts/{editor.draft_id}/rules/").content.decode()
    assert "在其范围内 51 批发业" in shown
    assert "从…（含）到…（不含） 300000000；500000000元" in shown
    shown = editor.client.get(where).content.decode()
    assert f"查表，给上一年度{words['local_contribution_fen']}的这么多" in shown


def test_everything_that_is_wrong_in_a_table_is_said_at_once_beside_its_cell(editor: Editor, now: datetime) -> None:
    opened(editor, "p03", now)
    rows = (("in 99999", ">= 很多", "40"), ("any 51", "[) 5亿；3亿", ""), ("in 51", "[] 5", "100"))
    version = editor.draft.version
    typed = by_hand(editor, *rows, columns=("industry", "sales_fen"), how="")
    page = editor.sends(AWARD, typed)
    wrong = dict(re.findall(r'id="([rc]-[\w-]+)-w\w+">([^<]+)<', page))
    assert wrong == {
        "r-1-1": "请从列出的里面选一个",
        "r-1-2": "请写一个数",
        "r-2-1": "写了值，就选怎样比；不限的，把值清空",
        "r-2-2": "前一个值应当小于后一个",
        "r-2-gives": "请写上这一行给多少",
        "r-3-2": "请写两个值，中间用分号隔开",
        "c-2": "请选是哪一期的",
    }
    assert all(f'href="#{one}"' in page for one in wrong if one != "c-2"), "the summary leads to each"
    assert 'value="5亿；3亿"' in page, "what was typed stays"
    assert editor.draft.version == version


def test_rows_and_columns_come_and_go_and_a_gap_is_refused(editor: Editor, now: datetime) -> None:
    opened(editor, "p23", now)
    files, fields = editor.draft.files, editor.fields("tables/rate/")
    fewer = Form(editor.sends("tables/rate/", fields, do="row-2")).fields
    assert int(fewer["rows"]) == int(fields["rows"]) - 1
    assert fewer["r-2-gives"] == fields["r-3-gives"]
    assert 'href="#entry"' in editor.sends("tables/rate/", fewer), "a case that no row holds for"
    one = Form(editor.sends("tables/rate/", fields, do="column-2")).fields
    assert (one["columns"], "c-2-what" in one, "r-1-2" in one) == ("1", False, False)
    assert editor.draft.files == files


def test_a_standard_is_begun_with_its_value_and_gets_days_and_places(editor: Editor, now: datetime) -> None:
    opened(editor, "p17", now)
    item = next(iter(editor.pack.items))
    giving = f"rules/items/{item}/giving/"
    fields = editor.fields(f"{giving}?shape=standard") | {"made": "护理标准（1309.5元）"}
    assert editor.sends(giving, fields).endswith(f"/rules/items/{item}/"), editor.said
    name = next(one for one in Sheet(editor.draft).get(PARAMETERS) if one.startswith("standard_"))
    fields = Form(editor.sends(f"parameters/{name}/", editor.fields(f"parameters/{name}/"), do="row")).fields
    wrong = {"v-2-effective": "明年", "v-2-region": "月球", "v-2-value": "不少", "v-2-source": ""}
    page = editor.sends(f"parameters/{name}/", fields | wrong)
    assert set(re.findall(r'id="(v-2-\w+)-wrong"', page)) == {*wrong}
    twice = editor.sends(f"parameters/{name}/", fields | {"v-2-value": "1400"})
    assert "这一天、这个地区已经有一个值" in twice
    where = editor.sends(f"parameters/{name}/", fields | {"v-2-value": "1400", "v-2-region": "440112"})
    assert where.endswith(f"/parameters/{name}/"), editor.said
    rows = Sheet(editor.draft).get(PARAMETERS, name)["rows"]
    assert [(row["value"], row.get("region")) for row in rows] == [("130950", None), ("140000", "440112")]
    assert "<h1>护理标准</h1>" in editor.client.get(where).content.decode()
    again = editor.fields(f"{giving}?shape=standard")
    assert again["standard"] == f"parameters.{name}"
    editor.sends(giving, again | {"made": "护理标准（9元）"})
    kept = Sheet(editor.draft).get(PARAMETERS, name)["rows"]
    assert kept == rows, "values of several places are changed where they stand"


def test_a_table_and_a_standard_are_begun_before_anything_uses_them(editor: Editor, now: datetime) -> None:
    opened(editor, "p17", now)
    rules = f"/desk/drafts/{editor.draft_id}/rules/"
    told = editor.client.get(rules).content.decode()
    assert all(f'href="/desk/drafts/{editor.draft_id}/{where}/"' in told for where in ("tables", "parameters"))
    row = {"v-1-effective": "2025-01-01", "v-1-published": "2025-01-01", "v-1-value": "1309", "v-1-source": "第一条"}
    page = editor.sends("parameters/", editor.fields("parameters/") | row | {"called": "line 1"})
    assert "只用汉字" in page
    where = editor.sends("parameters/", Form(page).fields | {"called": "护理标准"})
    name = where.rstrip("/").rpartition("/")[2]
    assert Sheet(editor.draft).get(PARAMETERS, name)["rows"][0]["source"] == "护理标准，第一条"
    assert "已经有一个" in editor.sends("parameters/", editor.fields("parameters/") | row | {"called": "护理标准"})
    grid = {"table-result": "number", "c-1-what": "age", "r-1-1-how": ">=", "r-1-1": "60", "r-1-gives": "2"}
    grid |= {"r-2-gives": "1"}
    assert "请从列出的里面选一个" in editor.sends("tables/", editor.fields("tables/") | grid)
    anchor = editor.pack.clauses[0].anchor
    there = editor.sends("tables/", editor.fields("tables/") | grid | {"clause": anchor})
    assert there.endswith("/tables/table_1/"), editor.said
    for place in (where, there, rules, f"/desk/drafts/{editor.draft_id}/launch/"):
        shown = editor.client.get(place).content.decode()
        assert "还没有用上" in shown or "没有条件或金额查表 table_1" in shown, place
    with pytest.raises(AuthorError) as refused:
        publishing.revision_to_publish(editor.draft)
    assert [one.code for one in refused.value.problems] == ["not_used_yet"] * 2
    asked = {"title": "够老", "clause": anchor, "kind": "judged", "items": [*editor.pack.items]}
    met = editor.sends("rules/requirements/", asked).split("/rules/")[1]
    assert Sheet(editor.draft).get(RULES, "tables", "table_1"), "another act leaves it"
    feel = {"kind": "computed", "by": "feel", "feel": f"table_1 * 100 >= parameters.{name} / 100"}
    assert editor.sends(f"rules/{met}", editor.fields(f"rules/{met}") | feel).endswith(met), editor.said
    assert checking.read(editor.draft).unused == ()
    assert editor.sends(f"rules/{met}out/", {"why": "只是说明或表格"}) == rules
    assert "table_1" not in (Sheet(editor.draft).get(RULES, "tables") or {}), "it went with what used it"


def test_what_nothing_uses_can_be_taken_out_again_and_nothing_else(editor: Editor, now: datetime) -> None:
    opened(editor, "p03", now)
    files = editor.draft.files
    row = {"v-1-effective": "2025-01-01", "v-1-published": "2025-01-01", "v-1-value": "9", "v-1-source": "第一条"}
    where = editor.sends("parameters/", editor.fields("parameters/") | row | {"called": "护理标准"})
    name = where.rstrip("/").rpartition("/")[2]
    assert editor.sends(f"rules/parameters/{name}/out/", {}).endswith("/rules/")
    assert editor.draft.files == files
    editor.sends("rules/tables/share/out/", {})
    assert editor.draft.files == files, "a sum looks it up"
