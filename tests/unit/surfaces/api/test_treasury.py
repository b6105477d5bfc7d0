"""The address for treasuries: news is heard under a signature, and under nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.simulation import paying
from zhida.adapters.treasury.callbacks import SignedNews, signature_of
from zhida.config import wiring
from zhida.domain.postings import State
from zhida.domain.values import Scope
from zhida.kernel.funds import queries

SECRET = b"a secret of sixteen bytes and more"
ALL = Scope.system("test")


def post(body: bytes, secret: bytes = SECRET):
    at = datetime.now(UTC)
    header = signature_of(body, secret=secret, at=at)
    return Client(enforce_csrf_checks=True).post(
        "/api/v1/treasury/news", body, content_type="application/json", headers={"Zhida-Signature": header}
    )


@pytest.fixture
def sent(db, now, monkeypatch) -> str:
    """One payment that was sent and not answered."""
    monkeypatch.setattr(wiring, "treasury_news", lambda: SignedNews(SECRET))
    paying.open_line(now)
    (first,) = paying.instructed(paying.sign_release(now), now, 100)
    return first


def told(disbursement_id: str, word: str = "paid") -> bytes:
    reference = queries.disbursement(disbursement_id, scope=ALL).reference
    answer = {"reference": reference, "word": word, "amount_fen": 100, "treasury_reference": "T1", "reason": ""}
    return json.dumps({"answers": [{**answer, "booked_on": "2026-03-03"}]}).encode()


def test_signed_news_settles_once(sent):
    body = told(sent)
    assert [post(body).json() for _ in range(2)] == [{"heard": 1, "moved": 1}, {"heard": 1, "moved": 0}]
    assert queries.disbursement(sent, scope=ALL).state is State.SETTLED


def test_forged_news_moves_nothing(sent):
    reply = post(told(sent), secret=b"not the secret of anybody")
    assert (reply.status_code, reply.json()["code"]) == (403, "forged_news")
    assert queries.disbursement(sent, scope=ALL).state is State.INSTRUCTED


def test_without_a_secret_nobody_is_heard(client):
    reply = post(b"{}")
    assert (reply.status_code, reply.json()["code"]) == (403, "no_news_expected")
