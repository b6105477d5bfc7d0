"""The installation that is sent what would harm it: one that asks for a paper, with people and officers in it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.unit.surfaces.api.conftest import (
    ASKING,
    Caller,
    Place,
    Still,
    install,
    installed_files,
    owner,
    place,
)
from zhida.config import wiring
from zhida.domain.values import Actor

__all__ = ["owner", "place"]

_PAPER = {
    "form.yaml": (
        b"questions:\n",
        b"papers:\n  proof: {formats: [pdf, jpg, png, xlsx, ofd], max_mb: 1, cites: [a1]}\nquestions:\n",
    ),
    "items.yaml": (b"requires: [enough, honest]", b"requires: [enough, honest, proof]"),
    "rules.yaml": (b"amounts:\n", b"  proof: {kind: evidenced, cites: [a1]}\namounts:\n"),
    "process.yaml": (b"within_working_days: 5}\nfulfil", b"within_working_days: 5, requirements: [proof]}\nfulfil"),
    "words/zh.yaml": (
        b"requirements:\n",
        b"papers: {proof: P}\nrequirements:\n  proof: {title: P, met: P, not_met: P, unknown: P}\n",
    ),
    "words/en.yaml": (
        b"requirements:\n",
        b"papers: {proof: p}\nrequirements:\n  proof: {title: p, met: p, not_met: p, unknown: p}\n",
    ),
    "golden/firms.yaml": (b"rulings: {honest: true}", b"rulings: {honest: true, proof: true}"),
}


@pytest.fixture
def published(db: None, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API's two packs; the one that asks wants a paper too."""
    monkeypatch.setattr(wiring, "clock", lambda: Still(now))
    files = installed_files()
    for path, (old, new) in _PAPER.items():
        whole = f"{ASKING.id}/{path}"
        assert old in files[whole], whole
        files[whole] = files[whole].replace(old, new)
    install(files, actor, now)


@pytest.fixture
def case(owner: Caller, place: Place) -> str:
    """A claim that was begun and waits for its paper."""
    return str(owner.post("/cases", {"item": ASKING.item, "subject": place.firm}).json["id"])
