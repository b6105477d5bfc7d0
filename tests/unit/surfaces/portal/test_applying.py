"""An application is filled in one thing a page, kept as it is typed, and handed in once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.unit.surfaces.api.conftest import ASKING, Place
from zhida.domain.packs.forms import Paper
from zhida.domain.values import Scope
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases import queries as cases
from zhida.services.drafts import keeping
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.portal.papers import taken_paper

ALL = Scope.system("test")
HERE = f"/my/claim/{ASKING.item}/"
SHARE, BEGUN = f"{HERE}fill/f.share/", f"{HERE}fill/f.begun_on/"
PAPER = Paper("proof", ("pdf", "png"), 1, ("a1",))


def fill(client: Client) -> None:
    """Answers both questions."""
    assert client.post(SHARE, {"f.share": "30"})["Location"] == BEGUN
    assert client.post(BEGUN, {"f.begun_on": "2026-01-31"})["Location"] == f"{HERE}check/"


def test_it_begins_with_a_list_and_ends_with_one_case(signed_in: Client, place: Place) -> None:
    page = signed_in.get(HERE).content.decode()
    assert page.count("还没填") == 2
    assert "尚不能开始" in page
    assert signed_in.get(f"{HERE}check/")["Location"] == HERE
    fill(signed_in)
    check = signed_in.get(f"{HERE}check/").content.decode()
    assert "30%" in check
    assert "2026-01-31" in check
    submission = check.partition('name="submission" value="')[2].partition('"')[0]
    assert "请先作出承诺" in signed_in.post(f"{HERE}check/", {"submission": submission}).content.decode()
    sent = {"submission": submission, "u.honest": "1"}
    answers = [signed_in.post(f"{HERE}check/", sent) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/my/cases/{submission}/"}
    assert [one.state for one in cases.cases(scope=ALL, item=ASKING.item)] == ["submitted"]


def test_what_is_typed_is_kept_right_or_wrong(signed_in: Client, place: Place, now: datetime) -> None:
    told = signed_in.post(SHARE, {"f.share": "三成", "step": "keep"})
    assert (told.status_code, told["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert "三成" in signed_in.get(SHARE).content.decode()
    assert "要改" in signed_in.get(HERE).content.decode()
    assert "请只写数字" in signed_in.post(SHARE, {"f.share": "三成"}).content.decode()
    assert "填到一半" in signed_in.get("/my/").content.decode()
    late = now + keeping.KEPT_FOR + timedelta(days=1)
    assert keeping.draft(place.firm, ASKING.item, as_of=late) == keeping.Draft()
    assert signed_in.post(f"{HERE}discard/").status_code == 302
    assert keeping.draft(place.firm, ASKING.item, as_of=now) == keeping.Draft()


def test_an_answer_is_changed_in_three_pages(signed_in: Client, place: Place) -> None:
    fill(signed_in)
    change = f"{SHARE}?back=check"
    assert change in signed_in.get(f"{HERE}check/").content.decode()
    assert signed_in.post(change, {"f.share": "40"})["Location"] == f"{HERE}check/"
    assert "40%" in signed_in.get(f"{HERE}check/").content.decode()


def test_who_may_only_look_keeps_nothing_and_others_see_nothing(signed_in: Client, place: Place, now: datetime) -> None:
    fill(signed_in)
    for account, status in ((place.viewer, 200), (place.stranger, 302)):
        client = Client()
        client.force_login(Account.objects.get(pk=account))
        assert client.get(HERE).status_code == status
        assert client.post(SHARE, {"f.share": "99"}).status_code in (403, 404)
        assert client.post(f"{HERE}discard/").status_code in (403, 302, 404)
    assert keeping.draft(place.firm, ASKING.item, as_of=now).fields["f.share"] == "30"


@pytest.mark.parametrize("part", ["f.nothing", "record", "../x", "f.share/x"])
def test_a_part_that_is_none_is_not_there(signed_in: Client, part: str) -> None:
    assert signed_in.get(f"{HERE}fill/{part}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"MZ\x90program"),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.svg", b"<svg/>"),
        ("a.pdf.exe", b"%PDF-1.4"),
        ("a\u202efdp.exe", b"%PDF-1.4"),
        ("a", b"%PDF-1.4"),
        ("a.pdf", b"%PDF-" + b"x" * 1_000_001),
    ],
)
def test_a_paper_that_is_not_what_it_says_is_refused(name: str, body: bytes) -> None:
    with pytest.raises(NotTaken):
        taken_paper(SimpleUploadedFile(name, body), "proof", PAPER)
