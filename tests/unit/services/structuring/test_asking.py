"""An endpoint asked for more: what holds becomes a proposal marked as a machine's, what does not is left out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.unit.services.structuring.made_up import MEASURE, drafted
from tests.unit.services.structuring.test_drafting import words
from zhida.domain.errors import FinalOutside
from zhida.services.structuring import Draft, ask_endpoint, with_more

_OPEN = "（四）若为首次申请的，年末从业人员数应在5人以上。"


@contextmanager
def answering(content: str, status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server on this machine that always gives one answer, its address, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            data = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", asked
        finally:
            server.shutdown()
            thread.join()


def draft() -> Draft:
    return drafted(MEASURE.replace("（四）近三年没有发生重大安全事故。", _OPEN), words())


def told(*rows: dict[str, str]) -> str:
    return json.dumps({"conditions": list(rows)}, ensure_ascii=False)


_RIGHT = {"anchor": "a3-4", "quote": "年末从业人员数应在5人以上", "feel": "staff_count(year - 1) >= 5"}


def test_what_holds_becomes_a_machines_proposal() -> None:
    own = draft()
    with answering(told(_RIGHT)) as (address, asked):
        more = ask_endpoint(own.structure, words(), address, model="any", key="")
    (found,) = with_more(own, more).proposals[len(own.proposals) :]
    assert (found.anchor, found.value["feel"], found.reason["code"]) == ("a3-4", _RIGHT["feel"], "by_machine")
    assert found.confidence < 60
    assert not found.edit
    assert found.id == f"p{len(own.proposals) + 1}"
    clauses = json.loads(asked[0]["messages"][1]["content"])["clauses"]
    assert "a3-4" in clauses
    assert "a3-1" not in clauses


@pytest.mark.parametrize(
    "row",
    [
        {**_RIGHT, "quote": "年末从业人员数在6人以上"},
        {**_RIGHT, "anchor": "a3-1"},
        {**_RIGHT, "feel": "staff_count(year - 1) >="},
        {**_RIGHT, "feel": "invented_fact >= 5"},
        {**_RIGHT, "feel": "staff_count(year - 1) + 5"},
        {"anchor": "a3-4"},
    ],
)
def test_what_does_not_hold_is_left_out(row: dict[str, str]) -> None:
    with answering(told(row)) as (address, _):
        assert ask_endpoint(draft().structure, words(), address, model="any", key="") == []


@pytest.mark.parametrize(("content", "status"), [("no JSON", 200), (json.dumps({"conditions": 5}), 200), ("", 500)])
def test_an_answer_of_another_form_is_an_error(content: str, status: int) -> None:
    with answering(content, status) as (address, _), pytest.raises(FinalOutside):
        ask_endpoint(draft().structure, words(), address, model="any", key="")


def test_no_text_leaves_the_machine_unguarded() -> None:
    with pytest.raises(FinalOutside) as caught:
        ask_endpoint(draft().structure, words(), "http://model.example/v1", model="any", key="")
    assert caught.value.code == "endpoint_not_safe"
