"""Every hostile paper, handed in through the API and on the page: refused in words, or kept without its sting."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import pytest
from django.test import Client

from tests.hostile.papers import Paper, papers
from tests.hostile.sending import multipart, timed
from tests.unit.surfaces.api.conftest import ASKING, Caller, Place
from zhida.domain.uploads import BEGINNINGS
from zhida.domain.values import Actor
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases.models import Evidence
from zhida.kernel.offices import actions as offices
from zhida.services.drafts.models import DraftPaper

PART = f"/my/claim/{ASKING.item}/fill/proof/"
TYPES = {ending: kind for ending, (kind, _) in BEGINNINGS.items()}
SAVED = re.compile(r'attachment; filename="[0-9a-f]{16}\.(pdf|jpg|png|xlsx|ofd)"')


def faults_of(paper: Paper, kept: Evidence | DraftPaper) -> list[str]:
    """What is still wrong with a paper that was kept."""
    body, ending = bytes(kept.body), kept.name.rpartition(".")[2].lower()
    wrong = [f"{sting!r} is still there" for sting in paper.gone if sting in body]
    wrong += [f"{part!r} is lost" for part in paper.left if part not in body]
    if kept.media_type != TYPES.get(ending):
        wrong.append(f"kept as {kept.media_type}")
    if (
        len(kept.name) > 120
        or re.search(r"[/\\]", kept.name)
        or any(unicodedata.category(one)[0] == "C" for one in kept.name)
    ):
        wrong.append(f"named {kept.name!r}")
    if paper.kept_as and kept.name != paper.kept_as:
        wrong.append(f"named {kept.name!r}, not {paper.kept_as!r}")
    return wrong


@pytest.fixture
def reviewer(place: Place, actor: Actor, now: datetime) -> Client:
    """An officer who opens what was handed in."""
    account = open_account(login_name="reads", as_of=now)
    offices.appoint(account_id=account, office_id="statistics", role="reviewer", by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return client


def test_the_api_keeps_no_harm(owner: Caller, case: str, reviewer: Client) -> None:
    found = {}
    for paper in papers():
        Evidence.objects.all().delete()
        body, kind = multipart("file", paper.name, paper.body)
        path, headers = f"/api/v1/cases/{case}/evidence/proof", {"X-CSRFToken": owner.token}
        answer, wrong = timed(owner.client.post, path, body, content_type=kind, headers=headers)
        kept = Evidence.objects.first()
        if paper.code:
            if kept or (answer.status_code, answer.json().get("code")) != (422, paper.code):
                wrong.append(f"{answer.status_code} {answer.content[:200]!r}")
        elif kept:
            wrong += faults_of(paper, kept)
            saved, slow = timed(reviewer.get, f"/desk/cases/{case}/evidence/{kept.id}/")
            wrong += slow
            told = (saved.status_code, saved["Content-Type"], bool(SAVED.fullmatch(saved["Content-Disposition"])))
            wrong += [] if told == (200, "application/octet-stream", True) else [f"{told}"]
        elif answer.status_code not in (400, 422) or not paper.case.startswith("a name"):
            wrong.append(f"refused: {answer.content[:200]!r}")
        found |= {paper.case: wrong} if wrong else {}
    assert found == {}


def test_the_page_keeps_no_harm(owner: Caller, place: Place) -> None:
    """One in three of them: the page asks the same as the API, and draws itself besides."""
    found = {}
    for paper in list(papers())[::3]:
        DraftPaper.objects.all().delete()
        body, kind = multipart("proof", paper.name, paper.body)
        client = Client()
        client.cookies = owner.client.cookies
        answer, wrong = timed(client.post, PART, body, content_type=kind)
        kept = DraftPaper.objects.first()
        if paper.code and (kept or answer.status_code != 200):
            wrong.append(f"{answer.status_code}, {'kept' if kept else 'not kept'}")
        elif kept:
            wrong += faults_of(paper, kept)
        elif not paper.code and not paper.case.startswith("a name"):
            wrong.append(f"refused with {answer.status_code}")
        found |= {paper.case: wrong} if wrong else {}
    assert found == {}
