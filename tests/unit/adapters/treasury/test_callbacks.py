"""News by callback: believed only under a fresh signature over the raw body; the simulator signs, and forges."""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from zhida.adapters.treasury.callbacks import SIGNATURE_HEADER, SignedNews, signature_of
from zhida.adapters.treasury.simulator.callbacks import Callbacks
from zhida.domain.errors import AccessError, RetryableOutside
from zhida.domain.postings import Word
from zhida.kernel.funds.ports import Answer

SECRET = b"a secret of sixteen bytes and more"
NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
TOLD = {
    "reference": "P1",
    "word": "paid",
    "amount_fen": 100,
    "treasury_reference": "T1",
    "reason": "",
    "booked_on": "2026-03-03",
}
BODY = json.dumps({"answers": [TOLD]}).encode()


def heard(body: bytes = BODY, *, header: str = "", as_of: datetime = NOW) -> tuple[Answer, ...]:
    signed = header or signature_of(BODY, secret=SECRET, at=NOW)
    return SignedNews(SECRET).news(body, signed, as_of=as_of)


def test_what_the_bank_signed_is_believed():
    assert heard() == (Answer("P1", Word.PAID, 100, "T1", "", date(2026, 3, 3)),)


@pytest.mark.parametrize("position", range(0, len(BODY), 7))
def test_a_changed_body_is_forged(position):
    changed = bytearray(BODY)
    changed[position] ^= 1
    with pytest.raises(AccessError, match="forged_news"):
        heard(bytes(changed))


@pytest.mark.parametrize(
    "header",
    [
        "-",
        "t=1,v1=00",
        signature_of(BODY, secret=b"another secret of theirs", at=NOW),
        signature_of(BODY, secret=SECRET, at=NOW).replace("t=", "t=1"),
        signature_of(BODY, secret=SECRET, at=NOW) + " ",
    ],
)
def test_a_header_that_does_not_fit_is_forged(header):
    with pytest.raises(AccessError, match="forged_news"):
        heard(header=header)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 30])
def test_an_old_message_is_a_replay(minutes):
    with pytest.raises(AccessError, match="forged_news"):
        heard(as_of=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"answers": [{}]}', BODY.replace(b"100", b"100.0")])
def test_signed_nonsense_is_unreadable(body):
    with pytest.raises(RetryableOutside, match="unreadable_news"):
        heard(body, header=signature_of(body, secret=SECRET, at=NOW))


def test_a_short_secret_is_refused():
    with pytest.raises(AccessError, match="weak_secret"):
        SignedNews(b"short")


def test_the_simulator_forges_and_only_the_truth_is_heard():
    believed: list[Word] = []

    class Ours(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answers = SignedNews(SECRET).news(body, self.headers[SIGNATURE_HEADER], as_of=datetime.now(UTC))
            except AccessError:
                self.send_response(403)
            else:
                believed.extend(answer.word for answer in answers)
                self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ours) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        callbacks = Callbacks(f"http://127.0.0.1:{server.server_address[1]}/", SECRET, seed=3, rate=0.5, forged=0.5)
        for _ in range(20):
            callbacks.tell([TOLD])
        callbacks.close()
        server.shutdown()
        thread.join()
    assert callbacks.answered[403] > 0
    assert set(believed) == {Word.PAID}
    assert len(believed) == callbacks.answered[200] > 20
