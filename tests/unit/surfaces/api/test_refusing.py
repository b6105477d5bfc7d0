"""A refusal speaks the language that was asked for, Chinese else; its code, status and shape are the same in both."""

from __future__ import annotations

import pytest
from django.test import Client
from ruamel.yaml import YAML

from docs.errors import raised
from tests.unit.surfaces.api.conftest import Place
from tests.unit.surfaces.look.sentences import HAN
from zhida.surfaces.look.answers import CONFLICTS, REFUSED
from zhida.surfaces.look.telling.refusals import TABLE, chinese

pytestmark = pytest.mark.django_db
TOLD = {"AccessError", "ConflictError", "RetryableOutside", "FinalOutside"}
OWN = {
    "no_such_address", "unreadable_request", "unreadable_text", "facts_not_taken", "malformed_request", "not_logged_in",
    "forged_request", "refused", "too_busy", "too_many_requests",
}  # fmt: skip


def test_every_refusal_has_its_chinese_and_none_is_idle() -> None:
    reached = {one.code for one in raised() if one.kind in TOLD} | OWN
    own = set(YAML(typ="safe").load(TABLE))
    assert sorted(reached - chinese().keys()) == []
    assert sorted(own - reached) == []
    assert sorted(own & (CONFLICTS.keys() | REFUSED.keys())) == []
    assert [code for code, words in chinese().items() if not HAN.search(words)] == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "no_such_address"),
        ("GET", "/api/v1/my/session", 401, "not_logged_in"),
        ("GET", "/api/v1/items/made-up/none/none", 404, "not_published"),
        ("POST", "/api/v1/assess", 422, "malformed_request"),
    ],
)
def test_the_language_changes_the_words_alone(place: Place, method: str, path: str, status: int, code: str) -> None:
    told = {}
    for lang in ("", "zh-CN,zh;q=0.9", "en-GB,en;q=0.8", "fr"):
        head = {"Accept-Language": lang} if lang else {}
        answer = Client(headers=head).generic(method, path, "[]", "application/json")
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
        assert answer["Content-Type"] == "application/problem+json"
        assert "Accept-Language" in answer["Vary"]
        told[lang] = answer.json()
    zh, en = told[""], told["en-GB,en;q=0.8"]
    assert told["zh-CN,zh;q=0.9"] == told["fr"] == zh
    assert zh.keys() == en.keys()
    for name in ("title", "detail"):
        assert HAN.search(zh[name])
        assert not HAN.search(en[name])
    same = ("type", "status", "code", "instance", "field", "words")
    assert [zh.get(name) for name in same] == [en.get(name) for name in same]
    assert [one["code"] for one in zh.get("problems", [])] == [one["code"] for one in en.get("problems", [])]
