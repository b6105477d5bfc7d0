"""What the desk's forms say of the 25 real policies is what their authors wrote by hand: read, sent, the same again.

A form's page is read as a browser would send it back; written over the draft without what the form is about, that
gives the item as it stood, and sent unchanged it writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conformance.test_policies import by_number, policies
from zhida.domain.packs import Pack, read_pack
from zhida.domain.packs.revision_files import plain_of
from zhida.domain.packs.sentences import form_of
from zhida.domain.packs.sharing import shared_files
from zhida.domain.rules import parse, write
from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.offices import actions as offices
from zhida.services.authoring import checking, working
from zhida.services.authoring.claims import WHOLE, claiming_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import ITEMS, Sheet
from zhida.services.authoring.stacking import group_of, path_of
from zhida.surfaces.desk.presenters import claiming, entries, stacking
from zhida.surfaces.desk.presenters.recorded import facts_of_records
from zhida.surfaces.desk.views.claiming import claimed
from zhida.surfaces.desk.views.entries import by_form
from zhida.surfaces.desk.views.stacking import stacked
from zhida.surfaces.look.parts import Question

OF_RECORDS = ("p01", "p05", "p08", "p09", "p10", "p11", "p12", "p20", "p23", "p24", "p25")
OF_GROUPS = ("p02", "p05", "p19")


@pytest.fixture(autouse=True)
def shared(db: None, actor: Actor, now: datetime) -> None:
    """The dictionary and the groups of the policies, published."""
    catalogue.publish_shared(files=shared_files(policies()), by=actor, as_of=now)


def draft_of(pack: Pack) -> DraftRecord:
    blank: dict[str, Any] = dict.fromkeys(DraftRecord.__dataclass_fields__)
    files = {f"{pack.id}/{name}": data for name, data in pack.files.items()}
    made = {"id": "one", "pack_id": pack.id, "office": pack.owner, "title": pack.id, "state": "open", "version": 1}
    return DraftRecord(**{**blank, **made, "files": files, "hands": (), "changed_by": ""})


def sent(questions: Iterator[Question] | tuple[Question, ...]) -> dict[str, str]:
    """What a browser sends of untouched fields."""
    chosen = {one.name: [each.value for each in one.choices if each.is_chosen] for one in questions}
    first = {one.name: one.choices[0].value for one in questions if one.kind == "select"}
    return {
        one.name: (chosen[one.name] or [first.get(one.name, "")])[0] if one.choices else one.value for one in questions
    }


def lines_sent(lines: tuple[entries.LineFields, ...]) -> dict[str, str]:
    found = {}
    for line in lines:
        found |= {f"f-{line.number}": line.fact, f"v-{line.number}": line.value}
        found |= {f"p-{line.number}": next((one.value for one in line.periods if one.is_chosen), "")}
        found |= {f"o-{line.number}": next(one.value for one in line.operators if one.is_chosen)}
    return found


def plain(draft: DraftRecord, sheet: Sheet) -> dict[str, Any]:
    """The pack that the files are, as texts, lists and records; it must read."""
    own = {path.removeprefix(f"{draft.pack_id}/"): body for path, body in sheet.files.items()}
    pack, problems = read_pack(draft.pack_id, own, policies())
    assert pack is not None, problems
    return {name: plain_of(node) for name, node in pack.nodes.items()}


def claims_sent(draft: DraftRecord, item: str) -> dict[str, str]:
    page = claiming.claiming_page(draft, item, "", {}, {})
    assert page is not None
    asked = [page.relation, page.where, *(one for key in page.keys for one in (key.whose, key.per, key.anywhere))]
    junction = next((one.value for one in page.junctions if one.is_chosen), "and")
    typed = sent(tuple(one for one in asked if one is not None))
    return {"way": page.way, "junction": junction, **typed, **lines_sent(page.lines)}


@pytest.mark.parametrize("number", OF_RECORDS)
def test_what_one_claim_is_for_is_read_and_written_as_it_stood(number: str) -> None:
    pack = by_number()[number]
    draft, seen = draft_of(pack), 0
    for name in pack.items:
        typed, faults = claims_sent(draft, name), dict[str, str]()
        untouched, stripped = Sheet(draft), Sheet(draft)
        claimed(untouched, name, typed, faults)
        assert (faults, untouched.changed) == ({}, {})
        seen += claiming_of(untouched, name).way != WHOLE
        for key in ("for_each", "counts", "once_per"):
            stripped.drop(ITEMS, (name, key))
        assert stripped.changed
        claimed(stripped, name, typed, faults)
        assert (faults, plain(draft, stripped)) == ({}, plain(draft, Sheet(draft)))
    assert seen > 0


@pytest.mark.parametrize("number", OF_GROUPS)
def test_the_group_of_an_item_is_read_and_written_as_it_stood(number: str, now: datetime) -> None:
    pack = by_number()[number]
    draft, faults = draft_of(pack), dict[str, str]()
    (name,) = [name for name, item in pack.items.items() if item.group]
    page = stacking.stacking_page(draft, name, {}, {}, now)
    assert page is not None
    typed, untouched, stripped = sent((page.group,)), Sheet(draft), Sheet(draft)
    stacked(untouched, name, typed, faults)
    assert (faults, untouched.changed) == ({}, {})
    stripped.drop(ITEMS, (name, "stacking"))
    stacked(stripped, name, typed, faults)
    assert (faults, plain(draft, stripped)) == ({}, plain(draft, Sheet(draft)))
    told = policies().groups[pack.items[name].group]
    typed = {
        "group": "+",
        "words": told.words["zh"],
        "english": told.words["en"],
        "rule": told.rule,
        "per": told.per,
        "source": told.source,
    }
    stacked(stripped, name, typed, faults)
    reading = checking.read(replace(draft, files=stripped.files))
    added = reading.root.groups[group_of(stripped, name)]
    assert reading.pack is not None
    assert (faults, replace(added, name=told.name, owner=told.owner)) == ({}, told)
    assert path_of(added.name) in stripped.files


@pytest.mark.parametrize("number", sorted(by_number()))
def test_conditions_by_form_are_the_same_when_they_are_sent(number: str) -> None:
    pack = by_number()[number]
    draft, faults, records = draft_of(pack), dict[str, str](), 0
    dictionary = checking.read(draft).root.dictionary
    for name, one in pack.requirements.items():
        for when in [each.when for each in one.alternatives]:
            form = form_of(when)
            if form is None:
                continue
            lines, junction = entries.lines_of(form, pack, dictionary), form.junction
            feel = by_form(Sheet(draft), {"junction": junction, **lines_sent(lines)}, faults)
            assert (faults, feel and parse(feel)) == ({}, when), (name, write(when))
            records += any(line.fact in facts_of_records(pack, dictionary) for line in form.lines)
    assert records > 0 or number not in {*OF_RECORDS} - {"p25"} - {"p05"}


class Fields(HTMLParser):
    """The fields of the form `entry` of a page, with what a browser sends of them untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._inside, self._open = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._inside = self._inside or (tag == "form" and told.get("id") == "entry")
        name = told.get("name", "")
        if not self._inside:
            return
        if tag == "input" and (told.get("type") != "radio" or "checked" in told):
            self.sent[name] = told.get("value", "")
        if tag in ("select", "textarea"):
            self._open = name
            self.sent.pop(name, None)
        if tag == "option" and ("selected" in told or self._open not in self.sent):
            self.sent[self._open] = told["value"]

    def handle_data(self, data: str) -> None:
        if self._inside and self.lasttag == "textarea":
            self.sent[self._open] = self.sent.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


@pytest.mark.parametrize("number", sorted({*OF_RECORDS, *OF_GROUPS}))
def test_every_page_of_an_item_sent_untouched_writes_nothing(number: str, actor: Actor, now: datetime) -> None:
    pack, draft_id = by_number()[number], new_id("draft")
    account = open_account(login_name="ann", as_of=now)
    by = Actor(account, "author", office=pack.owner)
    offices.appoint(account_id=account, office_id=pack.owner, role="author", by=actor, as_of=now)
    files = draft_of(pack).files
    working.begin(draft_id=draft_id, pack_id=pack.id, title=number, files=files, by=by, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    for name in pack.items:
        for route in ("giving", "claiming", "stacking"):
            here = reverse(f"desk:{route}", args=[draft_id, name])
            answer = client.post(here, Fields(client.get(here).content.decode()).sent)
            assert answer.status_code == 302, (here, re.findall(r'class="error">([^<]*)', answer.content.decode()))
    now_there = working.draft(draft_id, None)
    assert dict(now_there.files) == dict(files)
    assert now_there.version == 1
