"""What somebody says of a page: masked, shown, sent once, answered by the office that the page belongs to."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.test import Client

from tests.hostile.files import jpeg
from tests.unit.surfaces.api.conftest import HEADS, Place
from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.values import Actor
from zhida.services.feedback import desk
from zhida.services.feedback.masking import mask

pytestmark = pytest.mark.django_db
CITIZEN = "110101199003074578"
HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (f"我是{CITIZEN}。", "我是110＊＊＊＊＊＊＊＊＊＊＊＊＊78。"),
        ("１１０１０１１９９００３０７４５７８", "110＊＊＊＊＊＊＊＊＊＊＊＊＊78"),
        ("打13800138000找我", "打138＊＊＊＊＊＊00找我"),
        ("+86 138-0013-8000", "+86＊＊＊＊＊＊＊＊＊00"),
        ("6222 0212 3456 7890 123", "622＊＊＊＊＊＊＊＊＊＊＊＊＊＊23"),
        ("信箱 someone@example.com", "信箱 s＊＊＊@＊＊＊"),
        ("明人社规〔2026〕8号，2026-03-10，1500 元", "明人社规〔2026〕8号，2026-03-10，1500 元"),
        ("91350100M000100Y43", "91350100M000100Y43"),
    ],
)
def test_numbers_that_say_who_somebody_is_are_hidden(words: str, kept: str) -> None:
    assert mask(words) == kept


def test_what_is_sent_was_shown_with_its_numbers_hidden(place: Place) -> None:
    client = Client()
    shown = client.post("/feedback/", {"about": "/", "words": f"错了 {CITIZEN}", "kind": "wrong", "step": "check"})
    html = shown.content.decode()
    assert CITIZEN not in html
    fields = dict(HIDDEN.findall(html))
    assert "错了" in fields["words"]
    sent = [client.post("/feedback/", {**fields, "step": "send"}) for _ in range(2)]
    assert {answer.status_code for answer in sent} == {302}
    assert len({answer["Location"] for answer in sent}) == 1
    ticket = client.get(sent[0]["Location"]).content.decode()
    assert "错了" in ticket
    assert CITIZEN not in ticket
    assert len(desk.messages_at(None, is_open=True)) == 1


def test_a_message_goes_to_the_office_that_answers_for_the_page(place: Place) -> None:
    client = Client()
    pack_id = HEADS.id
    client.post("/feedback/", {"about": f"/policies/{pack_id}/", "words": "看不懂", "step": "send"})
    client.post("/feedback/", {"about": "https://elsewhere/", "words": "看不懂", "step": "send"})
    offices = {one.page: one.office for one in desk.messages_at(None, is_open=True)}
    assert offices["/"] == ""
    assert offices[f"/policies/{pack_id}/"] == "statistics"


@pytest.mark.parametrize("words", ["", "  ", "长" * 2001])
def test_a_fault_is_named_beside_its_field(place: Place, words: str) -> None:
    answer = Client().post("/feedback/", {"about": "/", "words": words, "step": "send"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "错误：" in html
    assert 'href="#words"' in html
    assert desk.messages_at(None, is_open=True) == ()


@pytest.mark.parametrize("submission", ["", "feedback_x", "case_01ARZ3NDEKTSV4RRFFQ69G5FAV", "feedback_" + "l" * 26])
def test_strange_fields_do_no_harm(place: Place, submission: str) -> None:
    sent = {"about": "//x/?a", "words": "<b>嗨</b>\x00", "kind": "?", "submission": submission, "step": "send"}
    answer = Client().post("/feedback/", sent, follow=True)
    assert answer.status_code == 200
    assert "<b>嗨</b>" not in answer.content.decode()


def test_an_answer_is_given_once_and_read_by_whoever_wrote(place: Place, actor: Actor, now: Any) -> None:
    said = desk.Said("/", desk.Kind.IDEA, "加个日历")
    desk.receive(feedback_id="feedback_01ARZ3NDEKTSV4RRFFQ69G5FAV", said=said, office="", by=actor, as_of=now)
    desk.answer(feedback_id="feedback_01ARZ3NDEKTSV4RRFFQ69G5FAV", words="已经有了", by=actor, as_of=now)
    assert "已经有了" in Client().get("/feedback/feedback_01ARZ3NDEKTSV4RRFFQ69G5FAV/").content.decode()
    with pytest.raises(ConflictError):
        desk.answer(feedback_id="feedback_01ARZ3NDEKTSV4RRFFQ69G5FAV", words="又答", by=actor, as_of=now)
    with pytest.raises(ApplicantError):
        desk.checked(desk.Said("/", desk.Kind.IDEA, " "))
    assert Client().get("/feedback/feedback_00000000000000000000000000/").status_code == 404


PICTURE = jpeg()


def test_a_picture_is_shown_again_and_kept_once(place: Place) -> None:
    client = Client()
    sent = {"about": "/", "words": "这里错了", "picture": base64.b64encode(PICTURE).decode(), "step": "check"}
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', client.post("/feedback/", sent).content.decode()))
    ticket = client.post("/feedback/", {**fields, "step": "send"})["Location"]
    assert f'src="{ticket}picture/"' in client.get(ticket).content.decode()
    picture = client.get(f"{ticket}picture/")
    assert (picture["Content-Type"], picture.content) == ("image/jpeg", PICTURE)
    assert picture["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("body", [b"<svg onload=alert(1)>", b"GIF89a", PICTURE + b"x" * desk.PICTURE_BYTES])
def test_a_picture_that_is_none_is_refused(place: Place, body: bytes) -> None:
    sent = {"about": "/", "words": "错了", "picture": base64.b64encode(body).decode(), "step": "send"}
    assert 'href="#shot"' in Client().post("/feedback/", sent).content.decode()
    assert desk.messages_at(None, is_open=True) == ()


def test_a_flood_is_stopped(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MOST_AN_HOUR", 2)
    client = Client()
    for _ in range(4):
        client.post("/feedback/", {"about": "/", "words": "错了", "step": "send"})
    assert len(desk.messages_at(None, is_open=True)) == 2
