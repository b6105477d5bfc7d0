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
from zhida.domain.packs import Pack, run_golden
from zhida.domain.packs.sharing import shared_files
from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue.actions import publish_shared
from zhida.kernel.offices import actions as offices
from zhida.services.authoring import checking, working
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
    said: list[str] = field(default_factory=list)

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
        self.said = re.findall(r'class="error"[^>]*>(.*?)<', answer.content.decode())
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
