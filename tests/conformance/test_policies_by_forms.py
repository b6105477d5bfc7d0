"""What the desk's forms say of the 25 real policies is what their authors wrote by hand: read, sent, the same again.

A form's page is read as a browser would send it back; written over the draft without what the form is about, that
gives the item as it stood, and sent unchanged it writes nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conformance.rebuilding import Fields, claims_sent, draft_of, lines_sent, sent
from tests.conformance.test_policies import by_number, policies
from zhida.domain.packs import read_pack
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
from zhida.surfaces.desk.presenters import entries, quotas, stacking
from zhida.surfaces.desk.presenters.recorded import facts_of_records
from zhida.surfaces.desk.views.claiming import claimed
from zhida.surfaces.desk.views.entries import by_form
from zhida.surfaces.desk.views.quotas import rationed
from zhida.surfaces.desk.views.stacking import stacked

OF_RECORDS = ("p01", "p05", "p08", "p09", "p10", "p11", "p12", "p20", "p23", "p24", "p25")
OF_GROUPS = ("p02", "p05", "p19")
OF_PLACES = tuple(number for number, pack in by_number().items() if any(one.quota for one in pack.items.values()))


@pytest.fixture(autouse=True)
def shared(db: None, actor: Actor, now: datetime) -> None:
    """The dictionary and the groups of the policies, published."""
    catalogue.publish_shared(files=shared_files(policies()), by=actor, as_of=now)


def plain(draft: DraftRecord, sheet: Sheet) -> dict[str, Any]:
    """The pack that the files are, as texts, lists and records; it must read."""
    own = {path.removeprefix(f"{draft.pack_id}/"): body for path, body in sheet.files.items()}
    pack, problems = read_pack(draft.pack_id, own, policies())
    assert pack is not None, problems
    return {name: plain_of(node) for name, node in pack.nodes.items()}


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


@pytest.mark.parametrize("number", OF_PLACES)
def test_for_how_many_an_item_is_is_read_and_written_as_it_stood(number: str) -> None:
    pack = by_number()[number]
    draft, faults = draft_of(pack), dict[str, str]()
    for name, item in pack.items.items():
        page = quotas.quota_page(draft, name, {}, {})
        assert page is not None
        typed = sent([*page.questions, page.ties, *(one for key in page.keys for one in key.questions)])
        untouched, stripped = Sheet(draft), Sheet(draft)
        rationed(untouched, name, typed, faults)
        assert (faults, untouched.changed) == ({}, {})
        stripped.drop(ITEMS, (name, "quota"))
        assert bool(stripped.changed) == (item.quota is not None)
        rationed(stripped, name, typed, faults)
        assert (faults, plain(draft, stripped)) == ({}, plain(draft, Sheet(draft)))


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
